// The server is away, or does not know us any more, while somebody is writing: nothing that was typed or chosen is lost (W4).
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openSession } from '../../server/agents/sessions';
import type { Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 6 });
}, 60_000);
afterAll(() => office.close());

beforeEach(async () => {
  place = await office.sitDown(office.ana);
  page = place.page;
  await page.goto('/tickets');
  await page.locator('#rows .row').first().click();
  await page.waitForSelector('#reply-words');
  await page.waitForSelector('#rows .row');
});
afterEach(async () => {
  await office.app.write(() => office.app.db.sql.exec('DELETE FROM drafts'));
  await place.close();
});

const sql = (text: string) => office.app.db.sql.prepare(text).pluck().get();
const offline = (is: boolean) => page.context().setOffline(is);
const words = () => page.inputValue('#reply-words');
const file = { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('one') };
const chooseFile = () => page.setInputFiles('form[data-mode="reply"] [type="file"]', file);

test('W4: words that could not be saved when the page was left are saved when the server is there again', async () => {
  await offline(true);
  await page.fill('#reply-words', 'Written on a train');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.waitForSelector('form[data-mode="reply"] .composer__saved >> text=Not saved');
  await offline(false);
  await page.waitForSelector('form[data-mode="reply"] .composer__saved >> text="Saved"');
  expect(sql("SELECT words FROM drafts WHERE kind = 'reply'")).toBe('Written on a train');
});

test('a link or a button that cannot reach the server leaves the page with its words where it is, and says why', async () => {
  const address = page.url();
  await offline(true);
  await page.fill('#reply-words', 'Written on a train');
  await page.locator('#rows .row').last().click();
  await page.getByText('The line to the server is down').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForFunction(() => !document.querySelector('form[data-mode="reply"] .button--main:disabled'));
  expect(page.url()).toBe(address);
  expect(await words()).toBe('Written on a train');
  await offline(false);
  await page.getByText('The line to the server is down').waitFor({ state: 'hidden' });
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent >> text=Written on a train');
});

test('W4: a reply that the server cannot take leaves the page with its words where it is, and says why', async () => {
  const address = page.url();
  const become = (role: string) =>
    office.app.write(() =>
      office.app.db.sql.prepare('UPDATE agents SET role = ? WHERE id = ?').run(role, office.ana.id),
    );
  await page.fill('#reply-words', 'Written too early');
  await page.waitForSelector('form[data-mode="reply"] .composer__saved >> text="Saved"');
  await become('viewer');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.locator('#refused').getByText('Your role does not allow this').waitFor();
  expect(page.url()).toBe(address);
  expect(await words()).toBe('Written too early');

  await become('owner');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent >> text=Written too early');
  expect(await page.isVisible('#refused')).toBe(false);
});

test('W4: whoever was signed out while writing keeps the words, signs in beside them and sends', async () => {
  await page.fill('#reply-words', 'A long and thoughtful answer');
  await page.waitForSelector('form[data-mode="reply"] .composer__saved >> text="Saved"');
  const other = await office.sitDown(office.ana);
  await other.page.goto('/settings/profile');
  await other.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await other.page.waitForURL('**/sign-in**');
  await other.close();

  await page.fill('#reply-words', 'A long and thoughtful answer, with its end');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.getByText('You are signed out').waitFor();
  expect(await words()).toBe('A long and thoughtful answer, with its end');

  const visit = { shortIp: '127.0.0.0', browser: 'Chromium' };
  const value = await office.app.write(() => openSession(office.app, office.ana, visit));
  await page.context().addCookies([{ name: 'hearthdesk', value, url: office.address }]);
  await page.getByText('You are signed out').waitFor({ state: 'hidden', timeout: 20_000 });
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent >> text=with its end');
});

test('W4: a file that was chosen is part of the draft: it survives a reload, and leaves with the reply once', async () => {
  await chooseFile();
  await page.waitForSelector('form[data-mode="reply"] .file:not([data-chosen]) >> text=list.txt');
  await page.reload();
  await page.waitForSelector('form[data-mode="reply"] .file >> text=list.txt');
  await page.fill('#reply-words', 'See the list.');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent:has-text("See the list.") .file');
  expect(await page.locator('.message--agent:has-text("See the list.") .file').count()).toBe(1);
  await page.waitForSelector('form[data-mode="reply"] .file', { state: 'detached' });
});

test('sending at once after choosing a file sends it once', async () => {
  await page.fill('#reply-words', 'In a hurry.');
  await chooseFile();
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent:has-text("In a hurry.") .file');
  expect(await page.locator('.message--agent:has-text("In a hurry.") .file').count()).toBe(1);
});

test('a file that is larger than the server takes is refused where it was chosen, and the words go without it', async () => {
  await page.fill('#reply-words', 'Too heavy.');
  // By its name: handed over as bytes it would take a busy machine half a minute.
  const folder = mkdtempSync(join(tmpdir(), 'film-'));
  const film = join(folder, 'film.mp4');
  writeFileSync(film, '');
  truncateSync(film, 25_000_001);
  await page.setInputFiles('form[data-mode="reply"] [type="file"]', film);
  await page.waitForSelector(
    'form[data-mode="reply"] .file:has-text("film.mp4") >> text=too large, at most 25 MB',
  );
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent:has-text("Too heavy.")');
  expect(await page.locator('.message--agent:has-text("Too heavy.") .file').count()).toBe(0);
  rmSync(folder, { recursive: true });
});

test('a file that could not be kept goes with the form', async () => {
  await page.fill('#reply-words', 'By hand.');
  await page.route('**/files', (route) => route.abort());
  await chooseFile();
  await page.waitForSelector('form[data-mode="reply"] .file[data-chosen]');
  await page.locator('form[data-mode="reply"] .button--main').click();
  await page.waitForSelector('.message--agent:has-text("By hand.") .file');
});

test('what was typed for a new ticket is there again after a look elsewhere, until it was sent', async () => {
  await page.goto('/tickets/new');
  await page.fill('[name="email"]', 'dora@mail.example');
  await page.fill('[name="subject"]', 'Your order');
  await page.fill('[name="words"]', 'It has left today.');
  await page.click('.rail [data-place="customers"]');
  await page.waitForURL('**/customers');
  await page.goto('/tickets/new');
  await page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('[name="words"]')?.value === 'It has left today.',
  );
  expect(await page.inputValue('[name="email"]')).toBe('dora@mail.example');
  await page.click('form .button--main');
  await page.waitForURL(/\/tickets\/\d+$/);
  await page.goto('/tickets/new');
  await page.waitForSelector('[name="words"]');
  expect(await page.inputValue('[name="words"]')).toBe('');
});
