// The search field: it offers how to go on, by keyboard and pointer, says so to those who listen, and is a plain field without script.
import type { Browser, Page } from 'playwright-core';
import { moveTicket } from '../../server/tickets';
import { findTicketByNumber } from '../../server/tickets/queries';
import { addTag } from '../../server/tickets/tags';
import { axeFinds, openBrowser, resize, tooWide } from '../support/browser';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  await office.mailFrom('Carla', 'Broken kettle', 'It does not heat any more');
  await office.mailFrom('Dora', 'Kettle', 'Which kettle does heat?');
  const { app, ana } = office;
  await app.write(() => {
    const ticket = findTicketByNumber(app.db, 1001)!;
    addTag(app, ana, ticket, 'big customer');
    moveTicket(app, ana, ticket, 'on hold');
  });
  app.followers.catchUp();
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

const field = (page: Page) => page.locator('.find [name="q"]');
const offered = (page: Page) =>
  page.locator('#find-options [role="option"] .suggestion__text').allTextContents();
const active = (page: Page) =>
  page.evaluate(() => {
    const id = document.querySelector('.find [name="q"]')?.getAttribute('aria-activedescendant');
    return id ? document.getElementById(id)?.dataset['insert'] : null;
  });

test('operators and their values are chosen without a mouse, and what they find is marked', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/tickets');
  await page.keyboard.press('/');
  await page.keyboard.type('heat st');
  await page.waitForFunction(() => document.querySelectorAll('#find-options [role="option"]').length === 1);
  expect(await field(page).getAttribute('aria-expanded')).toBe('true');
  expect(await page.locator('#live').textContent()).toContain('Suggestions: 1;');
  await page.keyboard.press('ArrowDown');
  expect(await active(page)).toBe('status:');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#find-options [role="option"]').length > 5);
  await page.keyboard.type('on');
  await page.waitForFunction(() => document.querySelectorAll('#find-options [role="option"]').length === 1);
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await field(page).inputValue()).toBe('heat status:"on hold" ');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?/);
  expect(await page.locator('.hit__number').allTextContents()).toEqual(['#1001']);
  expect(await page.locator('.hit mark').allTextContents()).toEqual(['heat']);
  expect(troubles).toEqual([]);
  await close();
}, 30_000);

test('Escape closes the list and keeps what was typed; the next one leaves the field', async () => {
  const { page, close } = await office.sitDown(office.ana);
  await page.goto('/search');
  await field(page).press('ArrowDown');
  await page.waitForFunction(() => document.querySelectorAll('#find-options [role="option"]').length === 10);
  expect(await active(page)).toBe('from:');
  await page.keyboard.press('ArrowUp');
  expect(await active(page)).toBeNull();
  await page.keyboard.press('ArrowUp');
  expect(await active(page)).toBe('after:');
  await page.keyboard.type('ta');
  await page.waitForFunction(() => document.querySelectorAll('#find-options [role="option"]').length === 1);
  await page.keyboard.press('Escape');
  expect(await page.locator('#find-options').isHidden()).toBe(true);
  expect(await field(page).inputValue()).toBe('ta');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
  await close();
}, 30_000);

test('a pointer chooses as well, and the caret stays in the field', async () => {
  const { page, close } = await office.sitDown(office.ana, { viewport: { width: 390, height: 844 } });
  await page.goto('/tickets');
  await field(page).fill('tag:');
  await page.locator('#find-options [role="option"]').first().waitFor();
  expect(await offered(page)).toEqual(['tag:"big customer" ']);
  expect(await tooWide(page)).toEqual([]);
  await page.locator('#find-options [role="option"]').first().click();
  expect(await field(page).inputValue()).toBe('tag:"big customer" ');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
  await close();
}, 30_000);

test('what is not understood is named, with the help beside it', async () => {
  const { page, close } = await office.sitDown(office.ana);
  await page.goto('/search?q=colour:red+status:broken+kettle');
  expect(await page.locator('main .notice').allTextContents()).toEqual([
    expect.stringMatching(/There is no “colour:”.*from, to, org, tag, status/s),
    expect.stringMatching(
      /“status:” does not know “broken”.*new, open, pending, on hold, solved, closed, spam/s,
    ),
  ]);
  expect(await page.locator('.hit').count()).toBe(2);
  await page.locator('.search__help summary').press('Enter');
  expect(await page.locator('.search__help dt').first().textContent()).toBe('from:"Anna Hansen"');
  expect(await axeFinds(page)).toEqual([]);
  await resize(page, 390, 844);
  expect(await tooWide(page)).toEqual([]);
  await close();
}, 30_000);

test('without script it is a plain field that knows the same words, and the empty page explains them', async () => {
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/search');
  expect(await page.locator('.search__how dt').count()).toBe(13);
  expect(await field(page).getAttribute('role')).toBeNull();
  await field(page).fill('from:carla -status:solved');
  await field(page).press('Enter');
  expect(await page.locator('.hit__number').allTextContents()).toEqual(['#1001']);
  await close();
}, 30_000);
