// A ticket that is deleted or erased while somebody has it open: said plainly, and what was typed stays to be copied.

import { eraseCommand } from '../../server/privacy';
import type { Window } from '../support/browser';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());
beforeEach(async () => {
  place = await office.sitDown(office.ana);
});
afterEach(() => place.close());

const WORDS = 'The spout is on its way, in the blue box';

async function opensAndTypes(name: string): Promise<number> {
  await office.mailFrom(name, `Question of ${name}`, 'Hello, is anybody there?');
  await until('the mail is a ticket', () => numberOf(name) !== undefined);
  await place.page.goto(`/tickets/${numberOf(name)}`);
  await place.page.fill('#reply-words', WORDS);
  return numberOf(name) as number;
}
const numberOf = (name: string) =>
  office.app.db.sql
    .prepare('SELECT number FROM tickets WHERE subject = ?')
    .pluck()
    .get(`Question of ${name}`) as number | undefined;
const addressOf = (number: number) =>
  office.app.db.sql
    .prepare(
      `SELECT address FROM customer_addresses JOIN tickets ON tickets.customer_id = customer_addresses.customer_id WHERE number = ?`,
    )
    .pluck()
    .get(number) as string;

async function isSaid(): Promise<void> {
  const { page } = place;
  await page.waitForSelector('text=This ticket is not here any more.');
  expect(await page.inputValue('#reply-words')).toBe(WORDS);
  expect(await page.locator('#reply-words').isEditable()).toBe(false);
  expect(await page.locator('.composer button:visible').count()).toBe(0);
  expect(await page.locator('.stream').getByText('is anybody there').count()).toBe(0);
}

test('P3: whoever writes on a ticket whose customer is erased is told, keeps the words in view, and finds back', async () => {
  const number = await opensAndTypes('Erna Erased');
  await eraseCommand(office.app, { customer: addressOf(number), yes: '1' });

  await isSaid();
  await place.page.waitForFunction(() =>
    document.getElementById('live')?.textContent?.includes('not here any more'),
  );
  await place.page.locator('.talk__notices').getByRole('link', { name: 'Back to the inbox' }).click();
  await place.page.waitForURL((url) => url.pathname === '/tickets');
});

test('whoever did not hear of it keeps the words when they are sent', async () => {
  const number = await opensAndTypes('Sigurd Silent');
  await place.page.waitForSelector('form[data-mode="reply"] .composer__saved >> text=Saved');
  office.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE number = ?').run(number);

  await place.page.click('form[data-mode="reply"] .button--main');

  await isSaid();
});

test('a page that looks again once the line is back says it as well', async () => {
  const number = await opensAndTypes('Lina Lineless');
  await place.page.waitForSelector('form[data-mode="reply"] .composer__saved >> text=Saved');
  office.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE number = ?').run(number);

  await place.page.evaluate(() => document.dispatchEvent(new CustomEvent('live:open')));

  await isSaid();
});
