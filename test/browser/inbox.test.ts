// The list as it is lived in: who is where, the way back to the view one came from, and what was just done taken back.
import type { Page } from 'playwright-core';
import { resize, type Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 30 });
}, 60_000);
afterAll(() => office.close());

beforeEach(async () => {
  place = await office.sitDown(office.ana);
  page = place.page;
});
afterEach(async () => {
  const { troubles } = place;
  await place.close();
  expect(troubles).toEqual([]);
});

const numberIn = (address: string) => Number(/\/tickets\/(\d+)/.exec(address)?.[1]);

test('W1: the list shows who looks and who writes, also to somebody who opens it later', async () => {
  await page.goto('/tickets');
  const ben = await office.sitDown(office.ben);
  await ben.page.goto('/tickets');
  await ben.page.locator('#rows .row').nth(1).click();
  await ben.page.waitForSelector('#reply-words');
  const mark = `#ticket-${numberIn(ben.page.url())} .row__present`;
  await page.waitForSelector(`${mark}[title="Ben Nilsen is looking"]`);
  await ben.page.focus('#reply-words');
  await ben.page.keyboard.type('H');
  await page.waitForSelector(`${mark}[title="Ben Nilsen is writing"]`);

  await page.reload();
  await page.waitForSelector(`${mark}[title="Ben Nilsen is writing"]`);
  expect(await ben.page.locator('.row__present').count()).toBe(0);
  await ben.close();
  await page.waitForSelector(mark, { state: 'detached' });
});

test('W1: whoever comes to a ticket moves nothing on it, and is still told after something else changed', async () => {
  await office.mailFrom('Pia Presence', 'Somebody else', 'Hello?');
  await page.goto('/tickets');
  await page.click('.row >> text=Somebody else');
  await page.waitForSelector('#reply-words');
  const top = () => page.evaluate(() => document.querySelector('.message')?.getBoundingClientRect().top);
  const before = await top();
  const ben = await office.sitDown(office.ben);
  await ben.page.goto(page.url());
  const told = '.talk__presence >> text=Ben Nilsen is looking';
  await page.waitForSelector(told);
  expect(await top()).toBe(before);

  await page.selectOption('#priority', 'high');
  await page.waitForSelector('.line >> text=priority to high');
  expect(await page.isVisible(told)).toBe(true);
  await ben.close();
});

test('"back" on a phone leads to the view that one came from', async () => {
  await resize(page, 390, 844);
  await page.goto('/tickets?view=solved');
  await page.locator('#rows .row').first().click();
  await page.waitForSelector('.talk__back');
  await page.waitForSelector('#reply-words');
  await page.locator('.talk__back').click();
  await page.waitForURL((url) => url.search === '?view=solved');
});

test('what was solved says so, and z takes it back', async () => {
  await office.mailFrom('Sol Ved', 'Solve me', 'Please.');
  await page.goto('/tickets');
  await page.click('.row >> text=Solve me');
  await page.click('.talk__do >> text=Solve');
  await page.waitForSelector('.toast >> text=is now: Solved');
  await page.keyboard.press('z');
  await page.waitForSelector('.toast >> text=is now: New');
  await page.waitForSelector('.talk__facts .chip[data-status="new"]');
});

test('O4: whoever’s clock is ten minutes ahead can take a reply back as well', async () => {
  await page.addInitScript(() => {
    const now = Date.now;
    Date.now = () => now() + 600_000;
  });
  await office.mailFrom('Cora Clock', 'Ten minutes ahead', 'Hello?');
  await page.goto('/tickets');
  await page.click('.row >> text=Ten minutes ahead');
  await page.fill('#reply-words', 'Too quick');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#toasts #undo');
  await page.keyboard.press('Escape');
  await page.keyboard.press('z');
  await page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('#reply-words')?.value === 'Too quick',
  );
  expect(await page.locator('.message--agent').count()).toBe(0);
});
