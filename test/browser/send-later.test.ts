// A reply that leaves later, in a real browser: chosen, seen on the ticket, taken back; on a phone and in both schemes.
import type { Page } from 'playwright-core';
import { faultsAtEverySize, type Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 5 });
  place = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  page = place.page;
}, 60_000);
afterAll(async () => {
  const { troubles } = place;
  await office.close();
  expect(troubles).toEqual([]);
});

test('a reply is told when to leave, waits on the ticket for all to see, and comes back to be changed', async () => {
  await office.mailFrom('Lara Later', 'Opening hours', 'When are you there?');
  await page.goto('/tickets');
  await page.click('.row >> text=Opening hours');
  await page.waitForSelector('#reply-words');
  await page.fill('#reply-words', 'Good morning, from nine.');
  await page.click('#later summary');
  await page.waitForSelector('#later [name=later]');
  expect(await page.isVisible('#later [name=laterAt]')).toBe(false);
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.selectOption('#later-choice', 'at');
  await page.fill('#later [name=laterAt]', '2020-01-01T09:00');
  await page.click('#later [name=sendLater]');
  await page.waitForSelector('#later-error');
  expect(await page.inputValue('#reply-words')).toBe('Good morning, from nine.');
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.selectOption('#later-choice', 'tomorrow');
  await page.click('#later [name=sendLater]');
  await page.waitForSelector('.message .delivery >> text=Leaves');
  await page.waitForSelector('.toast >> text=It leaves at');
  expect(await page.inputValue('#reply-words')).toBe('');
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.click('.message >> text=Take back and edit');
  await page.waitForSelector('.message .delivery >> text=Leaves', { state: 'detached' });
  expect(await page.inputValue('#reply-words')).toBe('Good morning, from nine.');
});
