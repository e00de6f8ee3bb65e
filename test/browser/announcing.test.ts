// The browser's own notifications: asked for on a press only, shown in the background only, by one page of several.
import type { Browser, Page } from 'playwright-core';
import { assignTicket, findTicketById } from '../../server/tickets';
import { axeFinds, openBrowser } from '../support/browser';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  await office.mailFrom('Carla Ozola', 'The kettle hums', 'It hums all day.');
  await office.mailFrom('Dora Kalniņa', 'The lid is loose', 'It falls off.');
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

interface Heard extends Window {
  asked: number;
  isOnLine: boolean;
  told: [title: string, body: string | undefined][];
}

/** Before a page runs: what it shows by the browser is noted, and how often it asks; `hidden` lies behind other windows. */
async function listen(page: Page, hidden: boolean): Promise<void> {
  await page.addInitScript((isHidden) => {
    const heard = window as unknown as Heard;
    heard.told = [];
    heard.asked = 0;
    document.addEventListener('live:open', () => {
      heard.isOnLine = true;
    });
    const Real = window.Notification;
    window.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        heard.told.push([title, options?.body]);
      }
      static override requestPermission() {
        heard.asked += 1;
        return Real.requestPermission();
      }
    };
    if (isHidden) Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'hidden' });
  }, hidden);
}
const toldBy = (page: Page) => page.evaluate(() => (window as unknown as Heard).told);

const onLine = (page: Page) =>
  page.waitForFunction(() => (window as unknown as Heard).isOnLine, undefined, { polling: 50 });
const hears = (page: Page) =>
  page.waitForFunction(() => (window as unknown as Heard).told.length > 0, undefined, { polling: 50 });

const give = (subject: string) => {
  const id = office.app.db.sql
    .prepare('SELECT id FROM tickets WHERE subject = ?')
    .pluck()
    .get(subject) as number;
  const ticket = findTicketById(office.app.db, id) as NonNullable<ReturnType<typeof findTicketById>>;
  return office.app.write(() => assignTicket(office.app, office.ana, ticket, office.ben, ticket.assignee_id));
};

test('the page of choices says how this browser stands and asks nothing by itself', async () => {
  const { page, troubles, close } = await office.sitDown(office.ben);
  await listen(page, false);
  await page.goto('/settings/notices');
  await page.locator('[data-announcing-target="state"]:not([hidden])').first().waitFor();
  expect(await page.locator('[data-state="granted"]').isVisible()).toBe(false);
  expect(await page.evaluate(() => (window as unknown as Heard).asked)).toBe(0);

  await page.context().grantPermissions(['notifications'], { origin: office.address });
  await page.reload();
  await page.locator('[data-state="granted"]', { hasText: 'This browser shows them.' }).waitFor();
  await page.locator('#field-inBrowser').press('Space');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.locator('.toast', { hasText: 'Saved' }).waitFor();
  expect(await page.locator('#field-inBrowser').isChecked()).toBe(true);
  expect([await axeFinds(page), troubles]).toEqual([[], []]);
  await close();
});

test('one of two pages in the background tells it; none does while a third is seen', async () => {
  const { page, troubles, close } = await office.sitDown(office.ben);
  const context = page.context();
  await context.grantPermissions(['notifications'], { origin: office.address });
  const other = await context.newPage();
  for (const one of [page, other]) {
    await listen(one, true);
    await one.goto('/notices');
  }
  await Promise.all([page, other].map(onLine));
  await give('The kettle hums');
  const both = async () => [...(await toldBy(page)), ...(await toldBy(other))];
  await Promise.any([page, other].map(hears));
  expect(await both()).toEqual([['Ana Bērziņa gave it to you', expect.stringContaining('The kettle hums')]]);

  const seen = await context.newPage();
  await listen(seen, false);
  await seen.goto('/tickets');
  await seen.locator('[data-place="notices"] .rail__count', { hasText: '1' }).waitFor();
  await onLine(seen);
  await give('The lid is loose');
  await seen.locator('[data-place="notices"] .rail__count', { hasText: '2' }).waitFor();
  expect(await both()).toHaveLength(1);
  expect(troubles).toEqual([]);
  await close();
});
