// Fields of the firm's own in a real browser: made, filled in beside a ticket, asked for before it is solved.
import type { Page } from 'playwright-core';
import { faultsAtEverySize, type Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let boss: Window;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 5 });
  boss = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  place = await office.sitDown(office.ben, { reducedMotion: 'reduce' });
  page = place.page;
}, 60_000);
afterAll(async () => {
  const troubles = [...boss.troubles, ...place.troubles];
  await office.close();
  expect(troubles).toEqual([]);
});

async function make(name: string, type: string, choices = '', needed = false): Promise<void> {
  await boss.page.goto('/settings/fields/new');
  await boss.page.fill('[name=name]', name);
  await boss.page.selectOption('[name=type]', type);
  await boss.page.fill('[name=choices]', choices);
  if (needed) await boss.page.check('[name=isNeeded]');
  await boss.page.click('.form .button--main');
  await boss.page.waitForSelector(`.rule >> text=${name}`);
}

test('an admin makes fields; an agent fills them in and then solves the ticket', async () => {
  await make('Order number', 'text');
  await make('Pieces', 'number');
  await make('Bought on', 'date');
  await make('Reason', 'choice', 'Broken\nLost', true);
  await make('Under guarantee', 'checkbox');
  expect(await faultsAtEverySize(boss.page)).toEqual([]);

  await office.mailFrom('Frida Field', 'A kettle', 'It leaks');
  await page.goto('/tickets');
  await page.click('.row >> text=A kettle');
  await page.waitForSelector('#own-fields');
  await page.selectOption('#status', 'solved');
  await page.waitForSelector('text=fill in this field first: Reason');

  await page.fill('#own-fields [name=f2]', 'many');
  await page.selectOption('#own-fields [name=f4]', 'Broken');
  await page.click('#own-fields button');
  await page.waitForSelector('.own-field .field__error');
  expect(await page.inputValue('#own-fields [name=f2]')).toBe('many');
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.fill('#own-fields [name=f2]', '3,5');
  await page.click('#own-fields button');
  await page.waitForSelector('.line >> text=filled in Pieces, Reason');
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('#own-fields [name=f2]')?.value === '3.5',
  );
  await page.selectOption('#status', 'solved');
  await page.waitForSelector('.talk__facts [data-status=solved]');
});

test('W3: what somebody is filling in stays while a colleague fills in the same, and is not written over theirs', async () => {
  await office.mailFrom('Finn Field', 'A teapot', 'It drips');
  await page.goto('/tickets');
  await page.click('.row >> text=A teapot');
  await page.waitForSelector('#own-fields');
  await page.fill('#own-fields [name=f1]', 'B-2');
  await page.fill('#own-fields [name=f2]', '7');

  await boss.page.goto(page.url());
  await boss.page.fill('#own-fields [name=f1]', 'A-1');
  await boss.page.click('#own-fields button');
  await page.waitForSelector('.line >> text=filled in Order number');
  expect(await page.inputValue('#own-fields [name=f1]')).toBe('B-2');
  expect(await page.inputValue('#own-fields [name=f2]')).toBe('7');

  await page.click('#own-fields button');
  await page.waitForSelector('text=A colleague filled in Order number meanwhile');
  expect(await page.inputValue('#own-fields [name=f1]')).toBe('A-1');
  expect(await page.inputValue('#own-fields [name=f2]')).toBe('7');
});
