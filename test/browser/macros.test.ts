// Macros at the keyboard: "/" or m offers them, the chosen one takes its place, and what sending does is seen before and can be left out.
import type { Browser, Page } from 'playwright-core';
import { saveMacro } from '../../server/tickets/macros/macros';
import { findTicketByNumber } from '../../server/tickets/queries';
import { findTags } from '../../server/tickets/tags';
import { axeFinds, openBrowser, tooWide } from '../support/browser';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  for (const name of ['Carla', 'Dora', 'Emil', 'Fay'])
    await office.mailFrom(name, 'Broken kettle', 'It does not heat any more');
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

const write = (name: string, more = {}) =>
  office.app.write(() =>
    saveMacro(office.app, office.ana, undefined, {
      name,
      words: `Dear {{customer.first name}}, about ${name}.`,
      status: '',
      priority: '',
      tag: '',
      takes: false,
      shared: false,
      ...more,
    }),
  );
const numbers = { Carla: 1001, Dora: 1002, Emil: 1003, Fay: 1004 };
/** Options are replaced while one types: judged is what stands, not the moment in between. */
async function axeFindsAtRest(page: Page): Promise<string[]> {
  for (let tries = 0; tries < 10; tries++) {
    const found = await axeFinds(page);
    if (found.length === 0) return found;
    await page.waitForTimeout(200);
  }
  return axeFinds(page);
}
const reply = (page: Page) => page.locator('#reply-words');
const offered = (page: Page, n: number) =>
  page.waitForFunction(
    (wanted) => document.querySelectorAll('#macro-options:popover-open [role="option"]').length === wanted,
    n,
  );
const tagsOf = (number: number) =>
  findTags(office.app.db, findTicketByNumber(office.app.db, number)!.id).map(({ name }) => name);

test('while there is none, m leads to the page that says how to get one, and keeps what was typed', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto(`/tickets/${numbers.Fay}`);
  await reply(page).fill('Begun');
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await page.waitForURL(/\/macros$/);
  expect(await page.textContent('main')).toContain('No macros yet');
  expect(await axeFinds(page)).toEqual([]);
  await page.click('main a.button >> text=Back to the reply');
  await page.waitForURL(/mode=reply/);
  expect(await reply(page).inputValue()).toBe('Begun');
  expect(troubles).toEqual([]);
  await close();
}, 30_000);

describe('with macros', () => {
  beforeAll(async () => {
    await write('Refund', { status: 'solved', priority: 'high', tag: 'refund', takes: true });
    await write('Return slip', { tag: 'return' });
    await write('Opening hours');
  });

  test('a slash offers them, letters narrow down, Enter inserts; what sending does is shown, and then done', async () => {
    const { page, troubles, close } = await office.sitDown(office.ana);
    await page.goto(`/tickets/${numbers.Carla}`);
    await page.keyboard.press('r');
    await page.keyboard.type('Hello\n/');
    await offered(page, 3);
    expect(await reply(page).getAttribute('aria-activedescendant')).toBe('macro-option-0');
    expect(await axeFindsAtRest(page)).toEqual([]);
    await page.keyboard.type('re');
    await offered(page, 2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.composer__doing .chip').first().waitFor();
    expect(await reply(page).inputValue()).toBe('Hello\nDear Carla, about Refund.');
    expect(await page.locator('.composer__doing .chip').allTextContents()).toEqual(
      ['priority High', 'tag “refund”', 'assigned to you'].map((text) => expect.stringContaining(text)),
    );
    expect(await page.inputValue('#then-status')).toBe('solved');
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.type(' Bye');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message--agent >> text=about Refund. Bye').waitFor();
    expect(tagsOf(numbers.Carla)).toEqual(['refund']);
    await page.locator('.chip[data-status="solved"]').waitFor();
    expect(await page.locator('.composer__doing .chip').count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  }, 30_000);

  test('m offers them from outside the reply; Escape leaves the slash a slash; a slash within a line is one', async () => {
    const { page, close } = await office.sitDown(office.ana);
    await page.goto(`/tickets/${numbers.Dora}`);
    await page.locator('.message').first().waitFor();
    await page.keyboard.press('m');
    await offered(page, 3);
    await page.keyboard.press('Escape');
    expect(await page.locator('#macro-options').isVisible()).toBe(false);
    expect(await reply(page).inputValue()).toBe('/');
    await page.keyboard.type('home');
    await page.keyboard.press('Enter');
    await page.keyboard.type('and/or');
    expect(await page.locator('#macro-options').isVisible()).toBe(false);
    expect(await reply(page).inputValue()).toBe('/home\nand/or');
    await close();
  }, 30_000);

  test('a thing is left out with its cross, survives a reload like the words, and is not done', async () => {
    const { page, close } = await office.sitDown(office.ana, { viewport: { width: 390, height: 844 } });
    await page.goto(`/tickets/${numbers.Emil}`);
    await reply(page).fill('/refund');
    await offered(page, 1);
    expect(await tooWide(page)).toEqual([]);
    await page.locator('#macro-options [role="option"]').click();
    await page.locator('.composer__doing .chip').first().waitFor();
    await page.click('.composer__doing [value="tag"]');
    await page.waitForFunction(() => document.querySelectorAll('.composer__doing .chip').length === 2);
    await page.reload();
    expect(await reply(page).inputValue()).toBe('Dear Emil, about Refund.');
    expect(await page.locator('.composer__doing .chip').count()).toBe(2);
    expect(await tooWide(page)).toEqual([]);
    await page.click('[data-composer-target="send"]');
    await page.locator('.message--agent').waitFor();
    expect(tagsOf(numbers.Emil)).toEqual([]);
    await close();
  }, 30_000);

  test('without script a button leads to them, and back with the words', async () => {
    const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
    await page.goto(`/tickets/${numbers.Fay}`);
    await reply(page).fill('Good morning');
    await page.click('.composer [value="macros"]');
    await page.click('button[aria-label="Insert “Return slip”"]');
    expect(await reply(page).inputValue()).toBe('Good morning\n\nDear Fay, about Return slip.');
    expect(await page.locator('.composer__doing .chip').count()).toBe(1);
    await page.click('[data-composer-target="send"]');
    await page.locator('.message--agent >> text=about Return slip').waitFor();
    expect(tagsOf(numbers.Fay)).toEqual(['return']);
    await close();
  }, 30_000);
});
