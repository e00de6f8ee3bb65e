// Every page that somebody can reach, as LOOK asks: at three widths, in both schemes, empty, ordinary and hard.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Agent } from '../../server/agents';
import {
  type CustomerRow,
  findCustomerByAddress,
  noteOnCustomer,
  placeCustomer,
  saveOrganization,
} from '../../server/customers';
import { axeFinds, openBrowser, openWindow, resize, tooWide } from '../support/browser';
import { openHardTickets, POISON, poisonEverything } from './hostile';
import { colleague, type Office, openOffice } from './office';
import { pagesFor } from './reach';

const WIDTHS = [1440, 1024, 390];
const SCHEMES = ['light', 'dark'] as const;
const pictures = process.env['HEARTHDESK_PICTURES'];

let browser: Browser;
let ordinary: Office;
let hard: Office;
let empty: Office;
let hardTickets: Record<string, string>;

beforeAll(async () => {
  browser = await openBrowser();
  [ordinary, hard, empty] = await Promise.all([
    openOffice({ tickets: 60, browser }),
    openOffice({ tickets: 3, browser }),
    openOffice({ browser }),
  ]);
  hardTickets = await openHardTickets(hard.app, hard.ana);
  await ordinary.mailFrom('Dora Kalniņa', 'A mail that was really sent', 'Where is my order?');
  await ordinary.app.write(() => colleague(ordinary.app, 'Ilze Kalniņa', 'admin'));
  await ordinary.app.write(() => foundOrganization(ordinary));
}, 60_000);
afterAll(async () => {
  await Promise.all([ordinary, hard, empty].map((office) => office.close()));
  await browser.close();
});

/** What is wrong with these pages, in every look. In the dark only colours differ. */
async function faultsOf(name: string, page: Page, addresses: string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const address of addresses) {
    for (const width of WIDTHS) {
      await resize(page, width, width === 390 ? 844 : 900);
      if (width === WIDTHS[0]) await page.goto(address);
      await listIsThere(page);
      const wide = await tooWide(page);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        const found = await axeFinds(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
        faults.push(
          ...[...wide, ...found].map((fault) => `${address} at ${width}, ${colorScheme}: ${fault}`),
        );
        await keepPicture(page, `${name}${address.replaceAll(/[^\w]+/g, '-')}-${width}-${colorScheme}`);
      }
    }
  }
  return faults;
}

/** With the customer who wrote last, one who could belong to it, and a note. */
function foundOrganization({ app, ana }: Office): void {
  const input = { name: 'Fjord Engineering', domains: ['mail.example'], notes: 'Pays by invoice.' };
  const saved = saveOrganization(app, ana, undefined, input);
  const dora = findCustomerByAddress(app.db, 'dora.kalni.a@mail.example') as CustomerRow;
  if ('id' in saved) placeCustomer(app, ana, dora, saved.id);
  noteOnCustomer(app, ana, dora, 'Calls on Mondays, before lunch.');
}

const numberOf = (office: Office, sql: string) => office.app.db.sql.prepare(sql).pluck().get();

const listIsThere = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.loading .loading__row')?.checkVisibility() !== true);

async function keepPicture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** In two windows, so that two cores have something to do. */
async function look(name: string, office: Office, who: Agent, addresses: string[]): Promise<void> {
  const halves = [addresses.filter((_, n) => n % 2 === 0), addresses.filter((_, n) => n % 2 === 1)];
  const seen = await Promise.all(
    halves.map(async (half) => {
      const { page, troubles, close } = await office.sitDown(who, { reducedMotion: 'reduce' });
      const faults = await faultsOf(name, page, half);
      await close();
      return [...faults, ...troubles];
    }),
  );
  expect(seen.flat()).toEqual([]);
}

test('every page the owner can reach is accessible, as wide as its place, and asks nobody else', async () => {
  const addresses = await pagesFor(ordinary, ordinary.ana);
  expect(addresses.length).toBeGreaterThan(25);
  await look('ordinary', ordinary, ordinary.ana, addresses);
}, 600_000);

test('so is every page with nothing in it', async () => {
  await look('empty', empty, empty.ana, await pagesFor(empty, empty.ana));
}, 600_000);

test('so are tickets with a subject of 300 characters, a word of 400 letters, an Arabic name, 200 messages, a picture of 5 MB', async () => {
  const lists = ['/tickets', '/customers', '/search?q=kettle'];
  await look('hard', hard, hard.ana, [...Object.values(hardTickets), ...lists]);
}, 300_000);

test('no page is wider than a phone in the languages with longer words', async () => {
  const { page, close } = await ordinary.sitDown(ordinary.ana, { viewport: { width: 390, height: 844 } });
  const speak = (language: string) =>
    ordinary.app.write(() => ordinary.app.db.sql.prepare('UPDATE agents SET language = ?').run(language));
  const wide: string[] = [];
  for (const language of ['nb', 'lv']) {
    await speak(language);
    for (const address of await pagesFor(ordinary, ordinary.ana)) {
      await page.goto(address);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      wide.push(...(await tooWide(page)).map((fault) => `${address} in ${language}: ${fault}`));
    }
  }
  await speak('en');
  await close();
  expect(wide).toEqual([]);
}, 300_000);

test('so are the pages of those who are not signed in', async () => {
  const site = numberOf(ordinary, 'SELECT public_id FROM sites');
  const doors = ['/sign-in', '/forgot-password', `/chat/${site}`, `/widget/frame?site=${site}`];
  const { page, troubles, close } = await openWindow(browser, ordinary.address, { reducedMotion: 'reduce' });
  expect(await faultsOf('outside', page, doors)).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

test('an error says what happened and what to try', async () => {
  const { page, close } = await ordinary.sitDown(ordinary.ana);
  const response = await page.goto('/tickets/999999');
  expect(response?.status()).toBe(404);
  expect(await page.textContent('h1')).toBe('There is nothing here');
  expect(await page.textContent('main')).toContain('search for a word you remember');
  expect(await axeFinds(page)).toEqual([]);
  await close();
});

describe.each(['admin', 'agent', 'viewer'] as const)('somebody who is %s', (role) => {
  test('is offered links that lead somewhere, and nothing that is not allowed', async () => {
    const who = await ordinary.app.write(() => colleague(ordinary.app, `${role} Vera`, role));
    const addresses = await pagesFor(ordinary, who);
    expect(addresses.some((address) => address === '/settings/firm')).toBe(role === 'admin');
    expect(addresses.includes('/tickets/new')).toBe(role !== 'viewer');

    const { page, close } = await ordinary.sitDown(who);
    await page.goto(addresses.find((address) => /^\/tickets\/\d/.test(address))!);
    await page.locator('.message').first().waitFor();
    expect((await page.locator('main form, .about form').count()) > 0).toBe(role !== 'viewer');
    await close();
  }, 30_000);
});

test('AC-06: poison in every field that anybody can fill stays text on every page', async () => {
  const site = numberOf(ordinary, 'SELECT public_id FROM sites');
  await poisonEverything(ordinary.app);
  const { page, troubles, close } = await ordinary.sitDown(ordinary.ana);
  const addresses = await pagesFor(ordinary, ordinary.ana);
  const shown: string[] = [];
  for (const address of [...addresses, `/chat/${site}`, `/widget/frame?site=${site}`]) {
    await page.goto(address);
    await listIsThere(page);
    expect([address, await page.locator('img[src="x"], [onload], [onerror]').count()]).toEqual([address, 0]);
    expect([address, await tooWide(page)]).toEqual([address, []]);
    if ((await page.textContent('body'))?.includes(POISON)) shown.push(address);
  }
  expect(shown.length).toBeGreaterThan(20);
  expect(troubles).toEqual([]);
  await close();
}, 300_000);
