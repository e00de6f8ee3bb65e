// Strangers' HTML, from the raw mail through the parser to an agent's eyes, in every view that shows it.
import type { Browser, Page } from 'playwright-core';
import { openBrowser, type Window } from '../support/browser';
import { HOSTILE_HTML, OVERLAYS } from '../support/hostile-html';
import { until } from '../support/until';
import { type Canary, openCanary } from './canary';
import { type Office, openOffice } from './office';
import { differences, emptyTheBoxes, steadyPicture } from './painting';

let browser: Browser;
let office: Office;
let canary: Canary;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  canary = await openCanary();
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
  await canary.close();
});

const IS_HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const rows = <Row>(sql: string, ...values: unknown[]) =>
  office.app.db.sql.prepare(sql).all(...values) as Row[];

/** One conversation with a message for each of these; its number. */
async function conversation(name: string, htmls: string[]): Promise<number> {
  const first = `<first-of-${name}@mail.example>`;
  for (const [n, html] of htmls.entries()) {
    const headers: Record<string, string> = n === 0 ? { 'Message-ID': first } : { 'In-Reply-To': first };
    await office.mailFrom(name, `Mails of ${name}`, `<p>words${n}</p>${html}`, { ...IS_HTML, ...headers });
  }
  const found = () =>
    rows<{ number: number; messages: number }>(
      `SELECT t.number, count(*) AS messages FROM tickets t JOIN messages m ON m.ticket_id = t.id
        WHERE t.subject = ? GROUP BY t.id`,
      `Mails of ${name}`,
    );
  await until('every mail on its ticket', () => found()[0]?.messages === htmls.length, 30_000);
  office.app.followers.catchUp();
  return found()[0]!.number;
}

const framesOf = (page: Page) =>
  page
    .locator('iframe.writing__frame')
    .evaluateAll((frames) => frames.map((frame) => frame.getAttribute('src') ?? ''));

/** Every page of the conversation, from the newest back. */
async function eachPage(page: Page, number: number, work: () => Promise<void>): Promise<void> {
  await page.goto(`/tickets/${number}`);
  await work();
  for (let earlier = page.locator('.stream__earlier a[href*="before="]'); (await earlier.count()) > 0; ) {
    const address = await earlier.getAttribute('href');
    await page.goto(String(address));
    await work();
  }
}

test('AC-01: more than 200 attacks by mail, looked at in list, ticket, frame, search and customer page, come to nothing', async () => {
  const number = await conversation('mallory', HOSTILE_HTML);
  const ana = await office.sitDown(office.ana);
  const { page } = ana;
  await page.goto('/tickets');
  await page.locator('.row').first().waitFor();
  await page.goto('/search?q=words1');
  await page.locator('.hit').first().waitFor();
  const customer = rows<{ public_id: string }>('SELECT public_id FROM customers')[0]!;
  await page.goto(`/customers/${customer.public_id}`);

  let messages = 0;
  const frames: string[] = [];
  await eachPage(page, number, async () => {
    messages += await page.locator('.message').count();
    frames.push(...(await framesOf(page)));
    expect(
      await page
        .locator(
          '.writing script, .writing style, .writing form, .writing input, .writing iframe, .writing [id]',
        )
        .count(),
    ).toBe(0);
  });
  expect(messages).toBeGreaterThanOrEqual(HOSTILE_HTML.length);
  expect(frames.length).toBeGreaterThan(20);
  for (const frame of frames) {
    const answer = await page.goto(frame);
    expect(answer?.headers()['content-security-policy']).toMatch(
      /default-src 'none'.*frame-ancestors 'self'/,
    );
    expect(answer?.headers()['content-security-policy']).not.toMatch(/script-src/);
  }
  expect(ana.troubles.filter((trouble) => !trouble.includes('/favicon.ico'))).toEqual([]);
  await ana.close();
}, 180_000);

test('AC-07: no mail paints anything outside its own box', async () => {
  const number = await conversation('oscar', OVERLAYS);
  const { page, troubles, close } = await office.sitDown(office.ana, {
    viewport: { width: 1440, height: 6_000 },
    reducedMotion: 'reduce',
  });
  await page.goto(`/tickets/${number}`);
  await page
    .locator('.message')
    .nth(OVERLAYS.length - 1)
    .waitFor();
  await page.locator('#rows .row').first().waitFor();
  await page.waitForLoadState('networkidle');
  const withMails = await steadyPicture(page);

  const boxes = await page.locator('.message__card').evaluateAll((cards) =>
    cards.map((card) => {
      const { x, y, width, height } = card.getBoundingClientRect();
      return { x, y, width, height };
    }),
  );
  expect(boxes).toHaveLength(OVERLAYS.length);
  await page.evaluate(emptyTheBoxes);
  expect(await differences(page, withMails, await steadyPicture(page), boxes)).toEqual([]);

  // The comparison itself finds what it looks for.
  await page.locator('.stream').evaluate((stream: HTMLElement) => {
    stream.style.borderTop = '1px solid red';
  });
  expect(await differences(page, withMails, await steadyPicture(page), boxes)).not.toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

describe('AC-08: what a mail would fetch from elsewhere', () => {
  const tracker = (name: string) => `${canary.origin}/${name}.png`;
  const html = () =>
    `<h1 style="background:url(${tracker('style')})">Sale</h1><table background="${tracker('table')}"><tr><td>today</td></tr></table>` +
    `<img src="${tracker('picture')}" srcset="${tracker('set')} 2x" width="200" height="100" alt="a kettle">` +
    `<link rel="stylesheet" href="${tracker('sheet')}"><video poster="${tracker('poster')}"></video>`;

  let ana: Window;
  let number: number;
  beforeAll(async () => {
    number = await conversation('theo', [html()]);
    ana = await office.sitDown(office.ana, { alsoAsks: [canary.origin] });
  }, 30_000);
  afterAll(() => ana.close());

  test('is not fetched by filing it, nor by a look at it in list, ticket and search, nor by answering it', async () => {
    const { page } = ana;
    await page.goto('/search?q=today');
    await page.locator('.hit').first().waitFor();
    await page.goto(`/tickets/${number}`);
    await page.frameLocator('iframe[name^="words-"]').getByText('Sale').waitFor();
    await page.getByLabel('Your reply').fill('No, thank you.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.message--agent').getByText('No, thank you.').waitFor();
    await page.waitForLoadState('networkidle');
    expect(canary.asked).toEqual([]);
  }, 30_000);

  test('is fetched on the reader’s wish: the picture, once, without telling where it is shown', async () => {
    const { page } = ana;
    await page.getByRole('link', { name: 'Show images from other servers' }).click();
    const picture = page.frameLocator('iframe[name^="words-"]').getByAltText('a kettle');
    expect(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(
      1,
    );
    expect(canary.asked.map(({ path }) => path)).toEqual(['/picture.png']);
    expect(canary.asked[0]?.headers).not.toHaveProperty('referer');
    expect(canary.asked[0]?.headers).not.toHaveProperty('cookie');
  }, 30_000);

  test('is left alone again the next time', async () => {
    canary.asked.length = 0;
    await ana.page.reload();
    await ana.page.frameLocator('iframe[name^="words-"]').getByText('Sale').waitFor();
    await ana.page.waitForLoadState('networkidle');
    expect(canary.asked).toEqual([]);
    expect(ana.troubles).toEqual([]);
  }, 30_000);
});
