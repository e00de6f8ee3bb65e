// Every page that somebody can reach, as LOOK asks: at three widths, in both schemes, empty, ordinary and hard.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Agent } from '../../server/agents';
import { axeFinds, openBrowser, openWindow, tooWide } from '../support/browser';
import { colleague, type Office, openOffice } from './office';
import { openHardTickets, POISON, poisonEverything } from './hostile';
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
  await ordinary.app.write(() => colleague(ordinary.app, 'Ilze Kalniņa', 'admin'));
}, 60_000);
afterAll(async () => {
  await Promise.all([ordinary, hard, empty].map((office) => office.close()));
  await browser.close();
});

/** What is wrong with these pages, in every look. */
async function faultsOf(name: string, page: Page, addresses: string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const address of addresses) {
    await page.goto(address);
    await listIsThere(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        const found = [...(await tooWide(page)), ...(await axeFinds(page))];
        faults.push(...found.map((fault) => `${address} at ${width}, ${colorScheme}: ${fault}`));
        await keepPicture(page, `${name}${address.replaceAll(/[^\w]+/g, '-')}-${width}-${colorScheme}`);
      }
    }
  }
  return faults;
}

const listIsThere = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.loading .loading__row')?.checkVisibility() !== true);

async function keepPicture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function look(name: string, office: Office, who: Agent, addresses: string[]): Promise<void> {
  const { page, troubles, close } = await office.sitDown(who);
  expect(await faultsOf(name, page, addresses)).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}

test('every page the owner can reach is accessible, as wide as its place, and asks nobody else', async () => {
  const addresses = await pagesFor(ordinary, ordinary.ana);
  console.log(addresses);
  expect(addresses.length).toBeGreaterThan(25);
  await look('ordinary', ordinary, ordinary.ana, addresses);
}, 180_000);

test('so is every page with nothing in it', async () => {
  const addresses = await pagesFor(empty, empty.ana);
  await look('empty', empty, empty.ana, addresses);
}, 120_000);

test('so are tickets with a subject of 300 characters, a word of 400 letters, an Arabic name, 200 messages, a picture of 5 MB', async () => {
  const lists = ['/tickets', '/customers', '/search?q=kettle'];
  await look('hard', hard, hard.ana, [...Object.values(hardTickets), ...lists]);
}, 120_000);
