// Every page of tickets and customers as LOOK asks: at three widths, in both schemes, empty, ordinary and hostile.
import type { Page } from 'playwright-core';
import { axeFinds, colleague, type Office, openOffice, tooWide } from './office';

const WIDTHS = [1440, 1024, 390];
const SCHEMES = ['light', 'dark'] as const;
const LOOKS = WIDTHS.flatMap((width) => SCHEMES.map((colorScheme) => ({ width, colorScheme })));

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaft'.repeat(12).slice(0, 400);
const LONG_SUBJECT = 'A subject that goes on and on about kettles, lids and deliveries '
  .repeat(6)
  .slice(0, 300);
const RICH = `<html><body><h1>Sale</h1><table width="1400"><tr><td bgcolor="yellow">${LONG_WORD}</td></tr></table><img src="https://tracker.example/p.gif"></body></html>`;

let ordinary: Office;
let empty: Office;

beforeAll(async () => {
  ordinary = await openOffice({ tickets: 60 });
  await ordinary.mailFrom('Hostile Hans', LONG_SUBJECT, `${LONG_WORD}\n\nمرحبا، هذا سؤال عن إبريق الشاي.`, {
    From: `=?utf-8?B?${Buffer.from('عبد الرحمن بن محمد الأنصاري').toString('base64')}?= <hans@mail.example>`,
  });
  await ordinary.mailFrom('Rich Rita', LONG_WORD, RICH, { 'Content-Type': 'text/html; charset=utf-8' });
  await arrived(ordinary, 62);
  empty = await openOffice();
}, 60_000);

afterAll(async () => {
  await ordinary.close();
  await empty.close();
});

const arrived = async (office: Office, n: number) => {
  const { page, leave } = await office.sitDown(office.ana);
  await page.goto('/tickets');
  await page
    .waitForFunction((wanted) => document.querySelector('.views__count')?.textContent === String(wanted), n)
    .catch(() => undefined);
  await leave();
};

const numberOf = (office: Office, sql: string) => office.app.db.sql.prepare(sql).pluck().get();
const newest = (office: Office, subject: string) =>
  numberOf(office, `SELECT number FROM tickets WHERE subject LIKE '${subject}%' ORDER BY id DESC`);

const pagesOf = (office: Office) => [
  '/tickets',
  '/tickets?view=spam',
  `/tickets/${numberOf(office, "SELECT number FROM tickets WHERE channel = 'email' ORDER BY id LIMIT 1")}`,
  `/tickets/${newest(office, 'A subject')}`,
  `/tickets/${newest(office, 'Donau')}`,
  '/tickets/new',
  '/search',
  '/search?q=invoice',
  '/search?q=zzzz',
  '/customers',
  '/customers?q=zzzz',
  `/customers/${numberOf(office, 'SELECT public_id FROM customers ORDER BY id LIMIT 1')}`,
];

const EMPTY_PAGES = ['/tickets', '/search', '/customers', '/tickets/new'];

async function faults(page: Page, address: string): Promise<string[]> {
  await page.goto(address);
  await page.waitForFunction(
    () => document.querySelector('.loading:not([hidden]) .loading__row')?.checkVisibility() !== true,
  );
  return [...(await tooWide(page)), ...(await axeFinds(page))].map((fault) => `${address}: ${fault}`);
}

describe.each(LOOKS)('at $width px, $colorScheme', ({ width, colorScheme }) => {
  const options = { viewport: { width, height: 844 }, colorScheme };

  test('every page is accessible, as wide as its place, and asks nobody else', async () => {
    const { page, troubles, leave } = await ordinary.sitDown(ordinary.ana, options);
    const found: string[] = [];
    for (const address of pagesOf(ordinary)) found.push(...(await faults(page, address)));
    expect(found).toEqual([]);
    expect(troubles).toEqual([]);
    await leave();
  }, 90_000);

  test('with nothing in it as well', async () => {
    const { page, troubles, leave } = await empty.sitDown(empty.ana, options);
    const found: string[] = [];
    for (const address of EMPTY_PAGES) found.push(...(await faults(page, address)));
    expect(found).toEqual([]);
    expect(troubles).toEqual([]);
    await leave();
  }, 60_000);
});

test('an error says what happened and what to try', async () => {
  const { page, leave } = await ordinary.sitDown(ordinary.ana);
  const response = await page.goto('/tickets/999999');
  expect(response?.status()).toBe(404);
  expect(await page.textContent('h1')).toBe('There is nothing here');
  expect(await page.textContent('main')).toContain('search for a word you remember');
  expect(await axeFinds(page)).toEqual([]);
  await leave();
});

test('a viewer reads, and is offered nothing that is not allowed', async () => {
  const vera = await ordinary.app.write(() => colleague(ordinary.app, 'Vera Liepa', 'viewer'));
  const { page, leave } = await ordinary.sitDown(vera);
  await page.goto(`/tickets/${newest(ordinary, 'A subject')}`);
  expect(await page.locator('.message').count()).toBe(1);
  expect(await page.locator('main form, .about form').count()).toBe(0);
  await leave();
});
