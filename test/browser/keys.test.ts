// The keys of LOOK.md, whose features exist.
import type { Page } from 'playwright-core';
import { resize, type Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 12 });
  place = await office.sitDown(office.ana);
  page = place.page;
}, 60_000);
afterAll(() => office.close());

beforeEach(async () => {
  await page.goto('/tickets');
  await page.waitForSelector('#rows .row');
});

const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
/** Once for the list that a choice opens, once for the field. */
const leave = async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.activeElement?.matches('select, input, textarea'));
};
const openFirst = async () => {
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.composer');
};

test('j and k walk the list, Enter opens', async () => {
  const rows = await page.locator('#rows .row').evaluateAll((all) => all.map(({ id }) => id));
  await page.keyboard.press('j');
  expect(await focused()).toBe(rows[0]);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await focused()).toBe(rows[1]);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.composer');
  expect(`ticket-${new URL(page.url()).pathname.split('/').at(-1)}`).toBe(rows[1]);
});

test('r replies, n notes, Escape leaves the words', async () => {
  await openFirst();
  await page.keyboard.press('r');
  expect(await focused()).toBe('reply-words');
  await page.keyboard.press('Escape');
  expect(await focused()).not.toBe('reply-words');
  await page.keyboard.press('n');
  expect(await focused()).toBe('note-words');
  expect(await page.isVisible('#reply-words')).toBe(false);
});

test('no key does anything while somebody types', async () => {
  await openFirst();
  const address = page.url();
  await page.keyboard.press('n');
  await page.keyboard.type('jkrnast/?gi and more');
  expect(await page.inputValue('#note-words')).toBe('jkrnast/?gi and more');
  expect(page.url()).toBe(address);
  expect(await page.locator('#keys:popover-open').count()).toBe(0);
});

test('a assigns, s sets the status, t tags', async () => {
  await openFirst();
  await page.keyboard.press('a');
  expect(await focused()).toBe('assignee');
  await leave();
  await page.keyboard.press('s');
  expect(await focused()).toBe('status');
  await leave();
  await page.keyboard.press('t');
  await page.keyboard.type('returns');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.tags >> text=returns');
  await leave();
  await page.keyboard.press('n');
  expect(await focused()).toBe('note-words');
});

test('where the customer folds away, a opens the pane and Escape closes it', async () => {
  await resize(page, 1024, 800);
  await openFirst();
  expect(await page.isVisible('#assignee')).toBe(false);
  await page.keyboard.press('t');
  await page.waitForSelector('#about:popover-open');
  expect(await focused()).toBe('tag');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#about:popover-open', { state: 'detached' });
  await resize(page, 1440);
});

test('/ searches, g i goes to the inbox', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('invoice');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.hit');
  await page.keyboard.press('j');
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('hit');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.waitForURL(/\/tickets$/);
});

test('? shows all keys, Escape closes', async () => {
  await page.keyboard.press('?');
  await page.waitForSelector('#keys:popover-open');
  expect(await page.locator('#keys dt').count()).toBe(15);
  await page.keyboard.press('Escape');
  await page.waitForSelector('#keys:popover-open', { state: 'detached' });
});

test('back from a ticket the focus is on its row', async () => {
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const row = await focused();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.composer');
  await page.goBack();
  await page.waitForSelector('.talk__nothing');
  await page.waitForFunction((id) => document.activeElement?.id === id, row);
});

test('nothing went wrong on the way', () => expect(place.troubles).toEqual([]));
