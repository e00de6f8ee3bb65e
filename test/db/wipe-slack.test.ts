// Rows that were deleted leave nothing inside pages that are still in use, and nothing that lives is touched.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, emptyJournal, openDatabase, wipeSlack } from '../../server/db';
import { ByteMatcher } from '../../server/lib/byte-matcher';

let folder: string;
let db: Db;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slack-'));
  db = openDatabase(join(folder, 'desk.db'));
  db.sql.exec(
    'CREATE TABLE letters (id INTEGER PRIMARY KEY, key TEXT UNIQUE, words TEXT) STRICT; CREATE INDEX by_words ON letters (words)',
  );
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same numbers each time, so that a page split that leaves something is there each time. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % most;
  };
}

/** Many rows of uneven size in random places; a good part of them deleted again. */
function liveAWhile(random: (most: number) => number): { gone: string[]; alive: string[] } {
  const insert = db.sql.prepare('INSERT INTO letters (id, key, words) VALUES (?, ?, ?)');
  const remove = db.sql.prepare('DELETE FROM letters WHERE key = ?');
  const alive: string[] = [];
  const gone: string[] = [];
  for (let round = 0; round < 120; round++) {
    db.tx(() => {
      for (let i = 0; i < 50; i++) {
        const key = `k${random(1e9).toString(36)}n${round}x${i}z`;
        insert.run(random(1e9) * 1_000 + round * 50 + i, key, `${'word '.repeat(random(60))}${key}`);
        alive.push(key);
      }
      for (let i = 0; i < 20; i++) gone.push(...alive.splice(random(alive.length), 1));
      for (const key of gone.slice(-20)) remove.run(key);
    });
  }
  return { gone, alive };
}

/** Which of the keys stand in some byte of the file. */
function onDisk(keys: string[]): string[] {
  const found = new Set<number>();
  const matcher = new ByteMatcher(
    keys.map((key) => Buffer.from(key)),
    6,
  );
  matcher.search(readFileSync(join(folder, 'desk.db')), (key) => void found.add(key));
  return keys.filter((_, index) => found.has(index));
}

test('AC-60: secure_delete alone leaves copies of deleted rows in the slack of pages; wiped, there is none', async () => {
  const { gone, alive } = liveAWhile(numbers(3));
  await emptyJournal(db);
  expect(onDisk(gone).length).toBeGreaterThan(0);

  const wiped = await wipeSlack(db);

  expect(wiped).toBeGreaterThan(0);
  expect(onDisk(gone)).toEqual([]);
  expect(onDisk(alive)).toEqual(alive);
  expect(db.sql.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('writing goes on while it wipes, and nothing that was wiped comes back with the next change', async () => {
  const random = numbers(5);
  const { gone } = liveAWhile(random);
  const wiping = wipeSlack(db);
  const more = liveAWhile(random);
  await wiping;

  db.sql.prepare('UPDATE letters SET words = words || ? WHERE id % 3 = 0').run(' and more');
  await wipeSlack(db);
  await emptyJournal(db);

  expect(onDisk([...gone, ...more.gone])).toEqual([]);
  expect(db.sql.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.sql.prepare('SELECT count(*) FROM letters').pluck().get()).toBe(2 * 120 * 30);
});

test('a database in memory has nothing to wipe', async () => {
  const inMemory = openDatabase(':memory:');

  expect(await wipeSlack(inMemory)).toBe(0);
  inMemory.close();
});

test('the journal is emptied as soon as the last reader is done, and not waited for meanwhile', async () => {
  const reader = openDatabase(join(folder, 'desk.db'), { readonly: true });
  db.sql.exec("INSERT INTO letters (key, words) VALUES ('first', 'word')");
  reader.sql.exec('BEGIN');
  reader.sql.prepare('SELECT count(*) FROM letters').get();
  db.sql.exec("INSERT INTO letters (key, words) VALUES ('second', 'word')");
  let isEmpty = false;
  const emptying = emptyJournal(db).then(() => {
    isEmpty = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isEmpty).toBe(false);

  reader.sql.exec('COMMIT');
  reader.close();
  await emptying;

  expect(readFileSync(join(folder, 'desk.db-wal')).length).toBe(0);
});
