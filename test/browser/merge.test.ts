// Merging and the trash at real pages: from the ticket and from the list, by keyboard, without script, and each taken back.
import type { Browser, Page } from 'playwright-core';
import { findTicketByNumber } from '../../server/tickets/queries';
import { axeFinds, openBrowser, resize, tooWide } from '../support/browser';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;

beforeEach(async () => {
  browser ??= await openBrowser();
  office = await openOffice({ browser });
  await office.mailFrom('Carla', 'Broken kettle', 'It does not heat any more');
  await office.mailFrom('Carla', 'Kettle again', 'I wrote yesterday already');
  await office.mailFrom('Dora', 'Tea', 'Which tea should I buy?');
}, 60_000);
afterEach(() => office.close());
afterAll(() => browser.close());

const ticket = (number: number) => findTicketByNumber(office.app.db, number)!;
const rows = (page: Page) => page.locator('#rows .row').count();

test('a ticket is merged from its page, says so on both, and is taken back where it is said', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/tickets/1002');
  await page.locator('.about >> text=Merge…').press('Enter');
  await page.waitForURL(/\/merge\?tickets=1002/);
  expect(await axeFinds(page)).toEqual([]);
  await page.click('main a >> text=#1001');
  await page.waitForURL(/add=1001/);
  expect(await axeFinds(page)).toEqual([]);
  expect(await page.isChecked('[name="into"][value="1001"]')).toBe(true);
  await page.locator('main .button--main').press('Enter');
  await page.waitForURL(/\/tickets\/1001$/);
  await page.locator('#toasts >> text=#1002 merged into #1001.').waitFor();
  expect(ticket(1002).merged_into_id).toBe(ticket(1001).id);
  await page.click('.talk__facts >> text=took in #1002');
  await page.locator('.notice >> text=The conversation goes on in #1001').waitFor();
  await page.locator('.message >> text=I wrote yesterday already').waitFor();
  expect(await page.locator('.composer').count()).toBe(0);
  expect(await axeFinds(page)).toEqual([]);
  await page.click('.notice button >> text=Undo');
  await page.locator('#reply-words').waitFor();
  expect(ticket(1002).merged_into_id).toBeNull();
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

test('from the list two are chosen and merged; on a phone everything fits', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/tickets');
  await page.locator('#rows .row').first().waitFor();
  for (const number of [1001, 1002]) await page.check(`[name="ticket"][value="${number}"]`, { force: true });
  await page.selectOption('#bulk-change', 'merge');
  await page.click('#bulk .button--main');
  await page.waitForURL(/\/merge\?tickets=/);
  await resize(page, 390, 844);
  expect(await tooWide(page)).toEqual([]);
  await page.check('[name="into"][value="1002"]');
  await page.click('main .button--main');
  await page.waitForURL(/\/tickets\/1002$/);
  expect(ticket(1001).merged_into_id).toBe(ticket(1002).id);
  expect(await tooWide(page)).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

test('a ticket goes to the trash and comes back, by the undo beside the list and from the trash itself', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/tickets/1003');
  await page.locator('.about button >> text=Move to trash').press('Enter');
  await page.locator('#toasts >> text=#1003 is in the trash.').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('#rows .row').length === 2);
  await page.locator('#toasts button >> text=Undo').click();
  await page.waitForURL(/\/tickets\/1003$/);
  await page.locator('.about button >> text=Move to trash').click();
  await page.locator('#toasts >> text=#1003 is in the trash.').waitFor();
  await page.locator('.views >> text=Trash').click();
  await page.locator('.thrown__ticket').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.click('button[aria-label="Restore #1003"]');
  await page.waitForURL(/\/tickets\/1003$/);
  await page.locator('#toasts >> text=#1003 is back.').waitFor();
  expect(ticket(1003).deleted_at).toBeNull();
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

test('whoever has a ticket open that is thrown away hears so, and keeps the words', async () => {
  const ben = await office.sitDown(office.ben);
  await ben.page.goto('/tickets/1003');
  await ben.page.locator('#reply-words').fill('Green tea');
  const ana = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await ana.page.goto('/tickets/1003');
  await ana.page.click('button:has-text("Move to trash")');
  expect(await rows(ana.page)).toBe(2);
  await ben.page.locator('[data-ticket-target="gone"]').waitFor();
  expect(await ben.page.inputValue('#reply-words')).toBe('Green tea');
  await ana.page.goto('/trash');
  await ana.page.click('button[aria-label="Restore #1003"]');
  await ben.page.locator('.message >> text=Which tea should I buy?').waitFor();
  await ben.page.locator('.about button >> text=Move to trash').waitFor();
  expect(await ben.page.inputValue('#reply-words')).toBe('Green tea');
  await ben.page.click('[data-composer-target="send"]');
  await ben.page.locator('.message--agent >> text=Green tea').waitFor();
  await ben.close();
  await ana.close();
}, 60_000);

test('without script: merged and undone, thrown away and restored', async () => {
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/merge?tickets=1001');
  await page.fill('[name="add"]', '#1003');
  await page.click('main section button');
  expect(await page.textContent('main')).toContain('different customers');
  await page.click('main .button--main');
  expect(new URL(page.url()).pathname).toBe('/tickets/1001');
  await page.click('#toasts button:has-text("Undo")');
  expect(ticket(1003).merged_into_id).toBeNull();
  await page.goto('/tickets/1003');
  await page.click('button:has-text("Move to trash")');
  await page.goto('/trash');
  await page.click('button[aria-label="Restore #1003"]');
  expect(ticket(1003).deleted_at).toBeNull();
  await close();
}, 60_000);
