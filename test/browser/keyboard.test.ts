// The desk without a mouse: where the focus is can be seen, it goes everywhere and comes back, and a whole reply needs no click.
import type { Browser, Page } from 'playwright-core';
import { hashPassword } from '../../server/agents';
import { openBrowser, openWindow, type Window } from '../support/browser';
import { type Office, openOffice } from './office';

const PASSWORD = 'ana likes green tea';
/** More than there is to reach on any page. */
const MOST_STOPS = 250;

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ tickets: 6, browser });
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

/** Presses Tab from the top of the page to its end; what the focus was on, and on which of it nothing showed that. */
async function walkThrough(page: Page): Promise<{ stops: string[]; unseen: string[] }> {
  const stops: string[] = [];
  const unseen: string[] = [];
  for (let n = 0; n < MOST_STOPS; n += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtFocus);
    if (!stop) return { stops, unseen };
    stops.push(stop.name);
    if (!stop.isSeen) unseen.push(stop.name);
  }
  throw new Error(`The focus never leaves the page; the last was on ${stops.at(-1)}.`);
}

/** In the page. Seen is what looks different, itself or around it, from how it looks without the focus. */
function lookAtFocus(): { name: string; isSeen: boolean } | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  const looks = () => {
    const parts: string[] = [];
    for (let part: Element | null = element; part && parts.length < 5; part = part.parentElement) {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(part);
      parts.push([outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join(' '));
    }
    return parts.join('\n');
  };
  // What is inside a frame is looked at by itself; without its focus the walk would begin again.
  if (element instanceof HTMLIFrameElement) return { name: `iframe ${element.title}`, isSeen: true };
  const { width, height, right, bottom } = element.getBoundingClientRect();
  const name = element.getAttribute('aria-label') ?? element.title ?? element.textContent?.trim();
  const withFocus = looks();
  element.blur();
  const isSeen = withFocus !== looks() && width > 0 && height > 0 && right > 0 && bottom > 0;
  return { name: `${element.tagName.toLowerCase()} #${element.id} .${element.className} ${name}`, isSeen };
}

const numberOf = (sql: string) => office.app.db.sql.prepare(sql).pluck().get();

test.each([
  ['/tickets', 10],
  ['/tickets/NUMBER', 20],
  ['/settings/profile', 15],
  ['/settings/sites/new', 12],
  ['/customers', 8],
])(
  'on %s every stop of the focus can be seen, and none is a trap',
  async (address, atLeast) => {
    const { page, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
    await page.goto(address.replace('NUMBER', String(numberOf('SELECT max(number) FROM tickets'))));
    await page.waitForFunction(() => document.querySelector('.loading__row')?.checkVisibility() !== true);
    const { stops, unseen } = await walkThrough(page);
    expect(unseen).toEqual([]);
    expect(stops.length).toBeGreaterThan(atLeast);
    await close();
  },
  60_000,
);

test('the first stop skips what comes before the content', async () => {
  const { page, close } = await office.sitDown(office.ana);
  await page.goto('/tickets');
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to the content' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'main');
  await close();
});

describe('from the door to a reply that was taken back and sent again, without a click', () => {
  let ana: Window;
  let page: Page;
  beforeAll(async () => {
    const hash = await hashPassword(PASSWORD);
    const { id, email } = office.ana;
    await office.app.write(() =>
      office.app.db.sql.prepare('UPDATE agents SET password_hash = ? WHERE id = ?').run(hash, id),
    );
    await office.mailFrom('Carla Jansone', 'Broken kettle', 'It stopped heating.');
    ana = await openWindow(browser, office.address);
    page = ana.page;
    await page.goto('/sign-in');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.row', { hasText: 'Broken kettle' }).waitFor();
  }, 30_000);
  afterAll(async () => {
    expect(ana.troubles).toEqual([]);
    await ana.close();
  });

  const focused = () => page.evaluate(() => document.activeElement?.id);

  test('j and Enter open the newest ticket; the focus goes to what was opened', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Broken kettle' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('#main'));
  });

  test('r, the words, Ctrl and Enter send; out of the field, z takes them back into it', async () => {
    await page.keyboard.press('r');
    await page.keyboard.type('Dear Carla, a new one is on its way.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message--agent').getByText('a new one is on its way').waitFor();
    await page.getByText('Your reply is about to leave.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>('#reply-words')?.value.includes('new one'),
    );
    expect(await page.locator('.message--agent').count()).toBe(0);
  });

  test('t tags and n notes', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.keyboard.type('warranty');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove the tag warranty' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.type('Second one this week.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message--note').getByText('Second one this week.').waitFor();
  });

  test('the page that answers a form leaves the focus where somebody has gone meanwhile', async () => {
    let answer = () => {};
    const gate = new Promise<void>((open) => {
      answer = open;
    });
    await page.route('**/notes', async (route) => {
      await gate;
      await route.continue();
    });
    await page.locator('#note-words').fill('The third one, even.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: /^Your account/ }).focus();
    const rendered = page.evaluate(() =>
      new Promise((done) => document.addEventListener('turbo:load', done, { once: true })).then(() => {}),
    );
    answer();
    await rendered;
    await page.locator('.message--note').getByText('The third one, even.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('popovertarget'))).toBe('account');
    await page.unroute('**/notes');
  });

  test('what is opened over the page takes the focus, Escape closes it and gives the focus back', async () => {
    await page.getByRole('button', { name: /^Your account/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('popovertarget'))).toBe('account');
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).not.toBe('keys');
  });
});
