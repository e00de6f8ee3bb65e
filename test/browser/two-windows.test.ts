// W4: one agent with a ticket open in two windows.
import type { Page } from 'playwright-core';
import type { Window } from '../support/browser';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let places: Window[];
let one: Page;
let two: Page;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());
beforeEach(async () => {
  places = [await office.sitDown(office.ana), await office.sitDown(office.ana)];
  [one, two] = places.map(({ page }) => page) as [Page, Page];
});
afterEach(async () => {
  for (const place of places) {
    await place.close();
    expect(place.troubles).toEqual([]);
  }
});

async function bothOpen(name: string): Promise<void> {
  await office.mailFrom(name, `Question of ${name}`, 'Hello?');
  const number = () =>
    office.app.db.sql
      .prepare('SELECT number FROM tickets WHERE subject = ?')
      .pluck()
      .get(`Question of ${name}`);
  await until('the mail is a ticket', () => number() !== undefined);
  for (const page of [one, two]) await page.goto(`/tickets/${number()}`);
}
const saved = (page: Page) => page.waitForSelector('form[data-mode="reply"] .composer__saved >> text=Saved');
const inDatabase = () =>
  office.app.db.sql.prepare('SELECT words FROM drafts ORDER BY id DESC LIMIT 1').pluck().get();

test('W4: whoever comes to the other window goes on with the words written in the first', async () => {
  await bothOpen('Wanda Window');
  await one.fill('#reply-words', 'Dear Wanda');
  await saved(one);

  await two.focus('#reply-words');
  await two.waitForFunction(
    () => (document.getElementById('reply-words') as HTMLTextAreaElement).value === 'Dear Wanda',
  );
  await two.keyboard.type(', thank you');
  await saved(two);
  expect(inDatabase()).toBe('Dear Wanda, thank you');
});

test('W4: words typed in both at once are both kept, those of the later save on top', async () => {
  await bothOpen('Bodil Both');
  const later =
    'form[data-mode="reply"] .composer__saved >> text=What you wrote in another window stands below';
  // The second window is typed in without ever being told of the first.
  await two.route('**/draft/reply', (route) => route.abort());
  await one.fill('#reply-words', 'A new one is on its way.');
  await saved(one);
  await two.fill('#reply-words', 'Which model?');

  await two.waitForSelector(later);
  expect(await two.inputValue('#reply-words')).toBe('Which model?\n\nA new one is on its way.');
  expect(inDatabase()).toBe('Which model?\n\nA new one is on its way.');
  places[1]?.troubles.splice(0);
});
