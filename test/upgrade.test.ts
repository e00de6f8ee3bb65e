// R1: an upgrade makes a safety copy, checks what came of it, and goes back by itself when anything is wrong.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveHouse } from '../server/boot';
import { readConfig } from '../server/config';
import { databaseFile, prepareFolder } from '../server/data-folder';
import { carriedMigrations, type Migration, migrate, openDatabase, schemaVersion } from '../server/db';
import { openLog } from '../server/lib/log';
import { upgradeFolder } from '../server/upgrade';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'upgrade-'));
  prepareFolder(data);
  const db = openDatabase(databaseFile(data));
  migrate(db);
  db.sql.exec(
    "INSERT INTO tags (name, name_key, created_at) VALUES ('kettle', 'kettle', 0), ('spout', 'spout', 0)",
  );
  db.close();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const now = carriedMigrations().length;
const then = (...sql: string[]): Migration[] => [
  ...carriedMigrations(),
  ...sql.map((each, n) => ({ version: now + n + 1, name: `${now + n + 1}-next.sql`, sql: each })),
];

function inside<T>(file: string, look: (db: ReturnType<typeof openDatabase>) => T): T {
  const db = openDatabase(file, { readonly: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}
const tags = (file = databaseFile(data)) =>
  inside(file, (db) => db.sql.prepare('SELECT name FROM tags ORDER BY id').pluck().all());

test('R1: it makes a copy of the state before, then migrates', async () => {
  const { from, to, copy } = await upgradeFolder(data, then('ALTER TABLE tags ADD COLUMN meaning TEXT'));

  expect([from, to]).toEqual([now, now + 1]);
  expect(inside(databaseFile(data), schemaVersion)).toBe(now + 1);
  expect(inside(copy as string, schemaVersion)).toBe(now);
  expect(tags(copy)).toEqual(['kettle', 'spout']);
});

test.each([
  ['breaks off', ['ALTER TABLE tags ADD COLUMN meaning TEXT', 'NONSENSE'], /syntax error/],
  ['loses rows', ["DELETE FROM tags WHERE name = 'spout'"], /tags had 2 rows and has 1/],
  [
    'leaves rows that belong to nobody',
    [
      "INSERT INTO sites (id, public_id, name, origins, colour, language, time_zone, mailbox_id, created_at) VALUES (1, 'x', 'x', '[]', 'x', 'en', 'UTC', 9, 0)",
    ],
    /FOREIGN KEY|belong together|rows/,
  ],
])('R1: when a migration %s the folder is as it was', async (_what, sql, why) => {
  const failing = upgradeFolder(data, then(...sql));

  await expect(failing).rejects.toThrow(why);
  await expect(failing).rejects.toThrow('was undone; the version that ran before can be started again');
  expect(inside(databaseFile(data), schemaVersion)).toBe(now);
  expect(tags()).toEqual(['kettle', 'spout']);
  expect(
    readdirSync(data)
      .filter((name) => name.startsWith('hearthdesk.db'))
      .sort(),
  ).toEqual(expect.arrayContaining(['hearthdesk.db']));
});

test('R1: without room for a copy nothing is changed', async () => {
  rmSync(join(data, 'backups'), { recursive: true });

  await expect(upgradeFolder(data, then('DROP TABLE tags'))).rejects.toThrow('No safety copy could be made');

  expect(tags()).toEqual(['kettle', 'spout']);
});

test('R1: with nothing to upgrade no copy is made, and a fresh folder is none', async () => {
  expect(await upgradeFolder(data)).toEqual({ from: now, to: now });
  expect(readdirSync(join(data, 'backups'))).toEqual([]);
  rmSync(databaseFile(data));
  expect(await upgradeFolder(data)).toEqual({ from: 0, to: now });
});

test('R1: a folder of a newer version is refused, with nothing changed', async () => {
  const db = openDatabase(databaseFile(data));
  db.sql.pragma(`user_version = ${now + 1}`);
  db.close();

  await expect(
    serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), { log: openLog('silent') }),
  ).rejects.toThrow('written by a newer Hearthdesk');
  expect(readdirSync(join(data, 'backups'))).toEqual([]);
});

test('R2: a database that is none is said in one sentence', async () => {
  writeFileSync(
    databaseFile(data),
    'not a database, only some text that is long enough to be read as a header of one',
  );

  await expect(upgradeFolder(data)).rejects.toThrow('is damaged or no database');
  expect(readFileSync(databaseFile(data), 'utf8')).toContain('only some text');
});
