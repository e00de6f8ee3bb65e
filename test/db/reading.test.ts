// What is read in one turn is read at one moment, and a write in between is still a commit of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpoint, type Db, insert, openDatabase, queryColumn, truncateJournal } from '../../server/db';

let folder: string;
let db: Db;
let other: Db;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reading-'));
  db = openDatabase(join(folder, 'test.db'));
  db.sql.exec('CREATE TABLE words (word TEXT NOT NULL UNIQUE) STRICT');
  other = openDatabase(join(folder, 'test.db'));
});
afterEach(() => {
  other.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = queryColumn<[], string>('SELECT word FROM words ORDER BY rowid');
const put = insert<[word: string]>('INSERT INTO words VALUES (?)');
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('a page sees the data of one moment, the next page what came since', async () => {
  expect(words(db)).toEqual([]);
  other.sql.prepare("INSERT INTO words VALUES ('from another program')").run();

  expect(words(db)).toEqual([]);
  await nextTurn();
  expect(words(db)).toEqual(['from another program']);
});

test('a write after reading is committed when it returns, and raises the epoch', () => {
  words(db);
  const before = db.epoch;

  put(db, 'alone');
  expect(words(other)).toEqual(['alone']);
  words(db);
  db.tx(() => put(db, 'in a transaction'));

  expect(words(db)).toEqual(['alone', 'in a transaction']);
  expect(db.epoch).toBe(before + 2);
});

test('what waits for a commit is done at once when only reading goes on', () => {
  words(db);
  let done = false;
  db.afterCommit(() => (done = true));
  expect(done).toBe(true);
  expect(db.isWriting).toBe(false);
});

test('a write that fails undoes itself alone, and reading goes on', () => {
  words(db);
  expect(() =>
    db.tx(() => {
      put(db, 'gone');
      words(db);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(words(db)).toEqual([]);
});

test('a full disk ends a write, what reads on the way out ends well, and the next write is stored', async () => {
  expect(() =>
    db.tx(() => {
      try {
        db.sql.exec('ROLLBACK');
        throw new Error('disk full');
      } finally {
        words(db);
      }
    }),
  ).toThrow('disk full');
  await nextTurn();
  db.tx(() => put(db, 'after'));
  expect(words(other)).toEqual(['after']);
});

test('the journal is emptied although something was read just before', () => {
  put(db, 'kept');
  words(db);
  checkpoint(db);
  words(db);
  expect(truncateJournal(db)).toBe(true);
});

test('a database is closed while it is being read', async () => {
  const brief = openDatabase(join(folder, 'test.db'));
  words(brief);
  brief.close();
  await nextTurn();
  put(db, 'free');
  expect(truncateJournal(db)).toBe(true);
});
