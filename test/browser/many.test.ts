// Many tickets in the list: chosen with keys, changed, taken back, while the list lives on; and views, teams and sleep as one sees them.
import type { Browser } from 'playwright-core';
import { axeFinds, openBrowser, type Window } from '../support/browser';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;
let desk: Window;

beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser.close());

beforeEach(async () => {
  office = await openOffice({ browser });
  for (const name of ['Carla', 'Dora', 'Emil', 'Frida'])
    await office.mailFrom(name, `About ${name}`, 'Hello?');
  desk = await office.sitDown(office.ana);
  await desk.page.goto('/tickets');
}, 60_000);
afterEach(async () => {
  expect(desk.troubles).toEqual([]);
  await desk.close();
  await office.close();
});

const chosen = () => desk.page.locator('.row__pick:checked').count();
const statuses = () =>
  office.app.db.sql.prepare('SELECT status FROM tickets ORDER BY id').pluck().all() as string[];
const rowsBecome = (n: number) =>
  desk.page.waitForFunction((wanted) => document.querySelectorAll('.row').length === wanted, n);
const countBecomes = (view: string, n: string) =>
  desk.page.locator('.views__view', { hasText: view }).locator(`text="${n}"`).waitFor();

test('x chooses, Shift-x chooses up to here, and what is chosen is changed at once and taken back with z', async () => {
  const { page } = desk;
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  expect(await chosen()).toBe(3);
  expect(await page.locator('.bulk__count').innerText()).toContain('3 chosen');
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('x');
  expect(await chosen()).toBe(2);

  await page.selectOption('#bulk-change', 'status:solved');
  await page.click('.bulk button.button--main');
  await page.getByText('2 tickets were changed.').waitFor();
  expect(statuses()).toEqual(['new', 'new', 'solved', 'solved']);
  await rowsBecome(2);
  expect(await chosen()).toBe(0);
  expect(await page.locator('.bulk').isVisible()).toBe(false);
  await countBecomes('Solved', '2');

  await page.locator('main').focus();
  await page.keyboard.press('z');
  await until('it to be taken back', () => statuses().every((status) => status === 'new'));
  await rowsBecome(4);
}, 60_000);

test('a selection stays while the list changes around it', async () => {
  const { page } = desk;
  await page.locator('.row__place').nth(1).hover();
  await page.locator('.row__pick').nth(1).check();
  const number = await page.locator('.row__pick:checked').getAttribute('value');
  await page.selectOption('#bulk-change', 'priority:high');
  await office.mailFrom('Gustav', 'About Gustav', 'Hello?');
  await page.getByText('About Gustav').waitFor();

  expect(await page.locator('.row__pick:checked').getAttribute('value')).toBe(number);
  expect(await page.inputValue('#bulk-change')).toBe('priority:high');
  await page.getByRole('button', { name: 'Choose none' }).click();
  expect(await chosen()).toBe(0);
}, 60_000);

test('everything in a view is asked about, and done', async () => {
  const { page } = desk;
  await page.locator('.row__pick').first().check({ force: true });
  await page.locator('.bulk [name="everything"]').check();
  await page.selectOption('#bulk-change', 'tag');
  await page.fill('.bulk__tag', 'kettles');
  await page.click('.bulk button.button--main');
  await page.getByText('This changes everything in “All open”: 4 tickets.').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('4 tickets were changed.').waitFor();

  expect(office.app.db.sql.prepare('SELECT count(*) FROM ticket_tags').pluck().get()).toBe(4);
}, 60_000);

test('a view is looked at before it is saved, and its count follows what happens', async () => {
  const { page } = desk;
  await page.locator('.views a[href="/views/new"]').click();
  await page.fill('#field-name', 'Burning');
  await page.locator('summary', { hasText: 'Priority' }).click();
  await page.getByLabel('Urgent').check();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('No ticket fits.').waitFor();
  expect(await page.inputValue('#field-name')).toBe('Burning');
  expect(await axeFinds(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Nothing is in this view').first().waitFor();
  await countBecomes('Burning', '0');

  const number = office.app.db.sql.prepare('SELECT max(number) FROM tickets').pluck().get();
  const ben = await office.sitDown(office.ben);
  await ben.page.goto(`/tickets/${number}`);
  await ben.page.selectOption('#priority', 'urgent');
  await rowsBecome(1);
  await countBecomes('Burning', '1');
  await ben.close();
}, 60_000);

test('a ticket that goes to another team is gone from the screen of whoever does not see it there', async () => {
  const { page } = desk;
  await page.goto('/settings/teams/new');
  await page.fill('#field-name', 'Repairs');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The team Repairs is there.').waitFor();
  const number = office.app.db.sql.prepare('SELECT max(number) FROM tickets').pluck().get();
  const ben = await office.sitDown(office.ben);
  await ben.page.goto(`/tickets/${number}`);
  await ben.page.locator(`#ticket-${number}`).waitFor();
  await page.goto(`/tickets/${number}`);
  await page.selectOption('#team', { label: 'Repairs' });

  await ben.page.locator('[data-ticket-target="gone"]').waitFor({ state: 'visible' });
  await ben.page.locator(`#ticket-${number}`).waitFor({ state: 'detached' });
  await countBecomes('Repairs', '1');
  await ben.close();
}, 60_000);

test('a ticket is put to sleep with the time of one’s own clock, and brought back', async () => {
  const { page } = desk;
  await page.locator('.row').first().click();
  await page.selectOption('#snooze', 'at');
  await page.fill('.snooze [name="at"]', '2027-02-01T09:00');
  await page.getByRole('button', { name: 'Snooze' }).click();
  await page.getByText('1 Feb 2027, 09:00 (Europe/Oslo)').first().waitFor();
  await countBecomes('Snoozed', '1');
  expect(await axeFinds(page)).toEqual([]);
  await page.click('#wake');
  await countBecomes('Snoozed', '0');
  await page.click('#follow');
  await page.locator('.follower', { hasText: 'Ana' }).waitFor();
}, 60_000);
