// Moving in at a real browser: a file chosen, its progress live, a question, and back; every page in every look, with hostile words.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { insertRun, insertThing, updateEnded } from '../../server/tickets/moving-in/import';
import { gmailTakeout } from '../support/archives';
import { axeFinds, resize, tooWide } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(120_000);

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaft'.repeat(12).slice(0, 400);
const pictures = process.env['HEARTHDESK_PICTURES'];
const DAY = 86_400_000;
let office: Office;
let folder: string;

beforeAll(async () => {
  office = await openOffice({ tickets: 4 });
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

function archive(name: string, n: number): string {
  const path = join(folder, name);
  const mails = Array.from({ length: n }, (_, i) => ({
    id: `${name}-${i}@x.example`,
    at: Date.now() - 200 * DAY + i * 60_000,
    from: `Person ${i} <p${i}@mail.example>`,
    subject: `Old question ${i}`,
  }));
  writeFileSync(path, gmailTakeout(mails));
  return path;
}

test('a file is brought, its page follows it live to the end, and all of it is undone again', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/settings');
  await page.click('.subject[href="/settings/moving-in"]');
  await page.setInputFiles('#field-files', archive('archive.mbox', 120));
  await page.click('main button >> text=Import');
  await page.waitForSelector('h1 >> text=Import of');
  // Without a reload by anybody: the page hears of each turn.
  await page.waitForSelector('text=The import is done.', { timeout: 60_000 });
  expect(await page.locator('progress').count()).toBe(0);
  const facts = await page.textContent('.facts');
  expect(facts).toMatch(/Imported\s*120/);

  await page.click('text=Undo the import…');
  await page.waitForSelector('text=120 tickets and 120 customers');
  await page.click('button >> text=Undo the import');
  await page.waitForSelector('text=The import was undone.', { timeout: 60_000 });
  expect(
    office.app.db.sql.prepare("SELECT count(*) FROM customers WHERE name LIKE 'Person %'").pluck().get(),
  ).toBe(0);
  await close();
  expect(troubles).toEqual([]);
});

test('without script the same form brings it, and the page is followed by reloading', async () => {
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/settings/moving-in');
  await page.setInputFiles('#field-files', archive('plain.mbox', 5));
  await page.click('main button >> text=Import');
  await page.waitForSelector('text=The import is done.', { timeout: 60_000 });
  await close();
});

test('a file that holds no mail is said at its field, and what was typed is there still', async () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'Dear diary');
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/settings/moving-in');
  await page.fill('#field-openDays', '77');
  await page.setInputFiles('#field-files', path);
  await page.click('main button >> text=Import');
  await page.waitForSelector('#field-files-error >> text=notes.txt is neither an mbox nor a mail.');
  expect(await page.inputValue('#field-openDays')).toBe('77');
  await close();
  expect(troubles.filter((trouble) => !trouble.includes('422'))).toEqual([]);
});

test('the pages are accessible and as wide as their place, in every look, with hostile words', async () => {
  const { app } = office;
  const options = JSON.stringify({ openDays: 30, ownAddresses: [] });
  const mailbox = app.db.sql.prepare('SELECT min(id) FROM mailboxes').pluck().get() as number;
  const ticket = app.db.sql.prepare('SELECT min(id) FROM tickets').pluck().get() as number;
  const now = app.clock.now();
  const [done, paused, undone] = await app.write(() => {
    const ids = [0, 1, 2].map(() => insertRun(app.db, mailbox, office.ana.id, options, now)) as [
      number,
      number,
      number,
    ];
    for (const id of ids)
      app.db.sql
        .prepare(
          "INSERT INTO import_files (run_id, name, folder, kind, size) VALUES (?, ?, '', 'mbox', 123456789)",
        )
        .run(id, `${LONG_WORD}<img src=x onerror=alert(1)>.mbox`);
    const counts = JSON.stringify({
      found: 12_345,
      filed: 12_000,
      known: 300,
      left: 40,
      'left.spam': 40,
      tray: 5,
    });
    updateEnded(app.db, 'done', null, counts, now, ids[0]);
    app.db.sql
      .prepare("UPDATE import_runs SET state = 'paused', problem = 'disk-full' WHERE id = ?")
      .run(ids[1]);
    updateEnded(app.db, 'undone', null, counts, now, ids[2]);
    insertThing(app.db, ids[2], 'ticket', ticket);
    app.db.sql.prepare("UPDATE import_things SET kept = 'changed' WHERE run_id = ?").run(ids[2]);
    return ids;
  });
  const { page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  const faults: string[] = [];
  for (const [name, address] of Object.entries({
    list: '/settings/moving-in',
    done: `/settings/moving-in/${done}`,
    question: `/settings/moving-in/${done}/undo`,
    paused: `/settings/moving-in/${paused}`,
    undone: `/settings/moving-in/${undone}`,
  }))
    faults.push(...(await faultsOf(page, name, address)));
  expect(faults).toEqual([]);
  await close();
  expect(troubles).toEqual([]);
});

async function faultsOf(page: Page, name: string, address: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of [1440, 1024, 390])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await resize(page, width);
      await page.goto(address);
      const found = [...(await tooWide(page)), ...(await axeFinds(page))];
      faults.push(...found.map((fault) => `${name} at ${width} ${colorScheme}: ${fault}`));
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({
          path: join(pictures, `${name}-${width}-${colorScheme}.png`),
          fullPage: true,
        });
      }
    }
  return faults;
}
