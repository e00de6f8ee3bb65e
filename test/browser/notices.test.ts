// What agents are told as they see it: the bell counts while they look elsewhere, and what happens before their eyes is read.
import type { Browser } from 'playwright-core';
import { assignTicket, findTicketById } from '../../server/tickets';
import { axeFinds, openBrowser } from '../support/browser';
import { until } from '../support/until';
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

const ticketAbout = (subject: string) => {
  const id = office.app.db.sql
    .prepare('SELECT id FROM tickets WHERE subject = ?')
    .pluck()
    .get(subject) as number;
  return findTicketById(office.app.db, id) as NonNullable<ReturnType<typeof findTicketById>>;
};
const give = (subject: string, to = office.ben, by = office.ana) => {
  const ticket = ticketAbout(subject);
  return office.app.write(() => assignTicket(office.app, by, ticket, to, ticket.assignee_id));
};
const unread = () =>
  office.app.db.sql.prepare('SELECT count(*) FROM notices WHERE read_at IS NULL').pluck().get() as number;

test('the bell counts without a reload, its page says what happened, and the keyboard reads it', async () => {
  const { page, troubles, close } = await office.sitDown(office.ben);
  await page.goto('/tickets');
  expect(await page.locator('[data-place="notices"] .rail__count').count()).toBe(0);
  await give('The kettle hums');
  await page.locator('[data-place="notices"] .rail__count', { hasText: '1' }).waitFor();

  await page.locator('[data-place="notices"]').press('Enter');
  await page.locator('.notices__line--unread', { hasText: 'Ana Bērziņa gave it to you' }).waitFor();
  await give('The lid is loose');
  await page.locator('.notices__line', { hasText: 'The lid is loose' }).waitFor();

  await page.locator('.notices__ticket', { hasText: 'The kettle hums' }).press('Enter');
  await page.locator('h1', { hasText: 'The kettle hums' }).waitFor();
  await page.locator('[data-place="notices"] .rail__count', { hasText: '1' }).waitFor();
  await page.goBack();
  await page.locator('#read-all').press('Enter');
  await page.locator('.notices__line--unread').waitFor({ state: 'detached' });
  expect(await page.locator('[data-place="notices"] .rail__count').count()).toBe(0);
  expect([unread(), troubles]).toEqual([0, []]);
  await close();
});

test('what happens to a ticket that is being looked at is read at once', async () => {
  const { page, close } = await office.sitDown(office.ben);
  const { number } = ticketAbout('The lid is loose');
  await page.goto(`/tickets/${number}`);
  await page.waitForFunction(
    () => document.querySelector('.presence, [data-controller~="presence"]') !== null,
  );
  const notices = () =>
    office.app.db.sql
      .prepare("SELECT count(*) FROM notices WHERE read_at IS NOT NULL AND kind = 'answered'")
      .pluck()
      .get();
  await office.app.write(() =>
    office.app.db.sql.prepare("UPDATE tickets SET subject = 'The lid is loose' WHERE number = ?").run(number),
  );
  const [before] = [notices()];
  await office.mailFrom('Dora Kalniņa', `Re: The lid is loose [#${number}]`, 'Still loose.');
  await page.locator('.message', { hasText: 'Still loose.' }).waitFor();
  await until('it to be read', () => notices() === (before as number) + 1);
  await close();
});

test('a colleague is named by the keyboard alone, stands out in the note and is told', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  const { number } = ticketAbout('The kettle hums');
  await page.goto(`/tickets/${number}?mode=note`);
  const words = page.locator('#note-words');
  const options = page.locator('#mention-options [role="option"]');
  await words.click();
  await page.keyboard.type('Dear @zz');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await options.first().waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('#mention-options')?.matches(':popover-open'));
  await page.keyboard.press('Backspace');
  await page.keyboard.type('@be');
  await page.locator('#mention-options [aria-selected="true"]', { hasText: 'Ben Nilsen' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await words.inputValue()).toBe('Dear @Ben Nilsen ');
  await page.keyboard.type('is it the lid?');
  await page.keyboard.press('Control+Enter');
  await page.locator('.message--note .mention', { hasText: '@Ben Nilsen' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);

  await until('Ben to be told', () => unread() === 1);
  const ben = await office.sitDown(office.ben);
  await ben.page.goto('/notices');
  await ben.page.locator('.notices__line--unread', { hasText: 'Ana Bērziņa mentioned you' }).waitFor();
  await ben.close();
  expect(troubles).toEqual([]);
  await close();
});
