// AC-59: a backup from outside is believed in nothing: names, links, sums, schema, triggers, rows.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { loadNative } from '../../server/lib/native';
import { makeBackup } from '../../server/privacy/backups';
import { verifyFile } from '../../server/privacy/verify';
import { letter, openPlace, type Place } from './place';
import { block, type Entry, entriesOf } from './plain-tar';
import { restore } from './restoring';

let place: Place;
let folder: string;
let good: Map<string, Buffer>;

beforeAll(async () => {
  place = await openPlace();
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  await makeBackup(place.app, join(folder, 'good.tar.gz'));
  good = entriesOf(join(folder, 'good.tar.gz'));
});
afterAll(async () => {
  await place.close();
  rmSync(folder, { recursive: true, force: true });
});

const listOf = (entries: Entry[]) =>
  entries.map(({ name, bytes }) =>
    JSON.stringify({ name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }),
  );

/** A backup of these entries with a manifest that fits them. */
function craft(entries: Entry[], more: { head?: object; manifest?: string } = {}): string {
  const [first = '{}'] = (good.get('manifest.jsonl') as Buffer).toString().split('\n');
  const head = JSON.stringify({ ...JSON.parse(first), ...more.head });
  const manifest = more.manifest ?? `${[head, ...listOf(entries)].join('\n')}\n`;
  const file = join(folder, `crafted-${readdirSync(folder).length}.tar.gz`);
  const all = [...entries, { name: 'manifest.jsonl', bytes: Buffer.from(manifest) }];
  writeFileSync(file, gzipSync(Buffer.concat([...all.map(block), Buffer.alloc(1_024)])));
  return file;
}

const goodEntries = (): Entry[] =>
  [...good].filter(([name]) => name !== 'manifest.jsonl').map(([name, bytes]) => ({ name, bytes }));

/** The database of the good backup after something was done to it. */
function databaseWith(change: (sql: Sqlite.Database) => void): Buffer {
  const file = join(folder, `changed-${readdirSync(folder).length}.db`);
  writeFileSync(file, good.get('hearthdesk.db') as Buffer);
  const sql = new Sqlite(file, { nativeBinding: loadNative('better_sqlite3') as never });
  change(sql);
  sql.pragma('wal_checkpoint(TRUNCATE)');
  sql.close();
  return readFileSync(file);
}

const withDatabase = (bytes: Buffer) =>
  craft(goodEntries().map((entry) => (entry.name === 'hearthdesk.db' ? { ...entry, bytes } : entry)));

/** Refused by restore with nothing written, and by verify alike. */
async function expectRefused(file: string, sentence: RegExp): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'victim-'));
  try {
    await expect(restore(data, file)).rejects.toThrow(sentence);
    expect(existsSync(join(data, 'hearthdesk.db'))).toBe(false);
    expect(readdirSync(join(data, 'backups'))).toEqual([]);
    await expect(verifyFile(file, place.data, () => place.app.key)).rejects.toThrow(sentence);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

test('AC-59: what the crafting makes is accepted as long as nothing is wrong with it', async () => {
  expect(await verifyFile(craft(goodEntries()), place.data, () => place.app.key)).toMatchObject({ exit: 0 });
});

test.each([
  '../../etc/passwd',
  '/etc/passwd',
  'files/../../secret',
  'files/ab/../../../x',
  'files/ab/short',
  'mail/ab/cd000000000000000000000000000000',
  'files/ab/ab00000000000000000000000000000g',
  'settings.json',
  'hearthdesk.db-wal',
  'files/AB/AB000000000000000000000000000000',
])('AC-59: a name that no backup has is refused: %s', async (name) => {
  await expectRefused(
    craft([...goodEntries(), { name, bytes: Buffer.from('evil') }]),
    /holds a name that no backup has/,
  );
});

test.each([
  ['a symbolic link', '2'],
  ['a hard link', '1'],
  ['a folder', '5'],
  ['a device', '3'],
  ['an extended header', 'x'],
])('AC-59: %s is refused', async (_, type) => {
  const name = 'files/ab/ab000000000000000000000000000000';
  await expectRefused(
    craft([...goodEntries(), { name, bytes: Buffer.alloc(0), type, link: '/etc/passwd' }]),
    /no plain file/,
  );
});

test('AC-59: one changed byte anywhere in what was packed, or one missing, is noticed', async () => {
  const bytes = readFileSync(join(folder, 'good.tar.gz'));
  const changedAt = (at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] as number) ^ 1;
    return copy;
  };
  const packed = gunzipSync(bytes);
  /** Packed, one bit may stand for the same zeros from another place, or for nothing: what was packed is not changed then. */
  const matters = (at: number): boolean => {
    try {
      return !gunzipSync(changedAt(at)).equals(packed);
    } catch {
      return true;
    }
  };
  const next = (at: number): number => (matters(at) ? at : next(at + 1));
  const GZIP_HEADER = 10;
  const places = [
    next(GZIP_HEADER + 1),
    next(bytes.length >> 1),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => bytes.length - n),
  ];
  for (const at of places) {
    const file = join(folder, `changed-${at}.tar.gz`);
    writeFileSync(file, changedAt(at));
    await expectRefused(file, /is not a sound backup/);
  }

  const short = join(folder, 'short.tar.gz');
  writeFileSync(short, bytes.subarray(0, -4));
  await expectRefused(short, /is not a sound backup/);
});

test('AC-59: something behind the end is refused', async () => {
  const file = join(folder, 'longer.tar.gz');
  writeFileSync(
    file,
    gzipSync(Buffer.concat([gunzipSync(readFileSync(join(folder, 'good.tar.gz'))), Buffer.from('more')])),
  );

  await expectRefused(file, /behind its end/);
});

test('AC-59: the same name twice is refused', async () => {
  await expectRefused(
    craft([...goodEntries(), { name: 'secret.key', bytes: Buffer.from('00'.repeat(32)) }]),
    /holds a name/,
  );
});

test('AC-59: an entry that is missing, extra or not what the manifest says is refused', async () => {
  const entries = goodEntries();
  const [head = ''] = (good.get('manifest.jsonl') as Buffer).toString().split('\n');
  const manifest = (list: Entry[]) => `${[head, ...listOf(list)].join('\n')}\n`;
  const extra = { name: 'files/ab/ab000000000000000000000000000000', bytes: Buffer.from('x') };

  await expectRefused(
    craft(entries.slice(0, -1), { manifest: manifest(entries) }),
    /is not what its manifest says/,
  );
  await expectRefused(craft([...entries, extra], { manifest: manifest(entries) }), /is not in its manifest/);
  await expectRefused(
    craft(
      entries.map((entry) => ({
        ...entry,
        bytes: Buffer.concat([entry.bytes.subarray(1), Buffer.from('x')]),
      })),
      { manifest: manifest(entries) },
    ),
    /is not what its manifest says/,
  );
  await expectRefused(craft(entries, { manifest: '' }), /manifest is missing/);
  await expectRefused(craft(entries, { manifest: '{"__proto__":{"format":1}}\n' }), /manifest is missing/);
  await expectRefused(craft(entries.filter(({ name }) => name !== 'hearthdesk.db')), /holds no database/);
});

test('AC-59: a backup of a later format or schema is refused', async () => {
  await expectRefused(craft(goodEntries(), { head: { format: 2 } }), /of another version/);
  await expectRefused(
    withDatabase(databaseWith((sql) => sql.pragma('user_version = 999'))),
    /newer Hearthdesk/,
  );
});

test.each([
  ['a trigger', 'CREATE TRIGGER evil AFTER INSERT ON tickets BEGIN DELETE FROM agents; END'],
  ['a view', 'CREATE VIEW evil AS SELECT * FROM agents'],
  ['a table', 'CREATE TABLE evil (x)'],
  ['a virtual table', 'CREATE VIRTUAL TABLE evil USING fts5 (x)'],
  ['an index', 'CREATE INDEX evil ON agents (name)'],
  ['a column', 'ALTER TABLE agents ADD COLUMN evil TEXT'],
  ['a table that is gone', 'DROP TABLE consents'],
  ['a trigger that is gone', 'DROP TRIGGER events_are_kept'],
])('AC-59: a database with %s of its own is refused', async (_, sql) => {
  await expectRefused(
    withDatabase(databaseWith((db) => db.exec(sql))),
    /does not have the shape of a Hearthdesk/,
  );
});

test('AC-59: something that is no database, or a damaged one, is refused', async () => {
  const damaged = Buffer.from(good.get('hearthdesk.db') as Buffer);
  damaged.fill(0xff, 4_096 * 3, 4_096 * 6);

  await expectRefused(withDatabase(Buffer.from('hello, I am a database')), /is not a database/);
  await expectRefused(withDatabase(damaged), /damaged|does not have the shape/);
});

test('AC-59: rows that belong to nobody are refused', async () => {
  const file = withDatabase(
    databaseWith((db) => {
      db.pragma('foreign_keys = OFF');
      db.exec('UPDATE messages SET ticket_id = 4711');
    }),
  );
  const data = mkdtempSync(join(tmpdir(), 'victim-'));

  await expect(restore(data, file)).rejects.toThrow('do not belong together');

  expect(existsSync(join(data, 'hearthdesk.db'))).toBe(false);
  rmSync(data, { recursive: true, force: true });
});

test('AC-59: only rows come over: what stood in freed pages or beside them does not', async () => {
  const file = withDatabase(
    databaseWith((db) => {
      db.pragma('secure_delete = OFF');
      db.exec(
        "INSERT INTO tags (name, name_key, created_at) VALUES ('smuggled-in-slack', 'x', 1); DELETE FROM tags",
      );
    }),
  );
  expect(entriesOf(file).get('hearthdesk.db')?.includes('smuggled-in-slack')).toBe(true);
  const data = mkdtempSync(join(tmpdir(), 'victim-'));

  await restore(data, file);

  expect(readFileSync(join(data, 'hearthdesk.db')).includes('smuggled-in-slack')).toBe(false);
  rmSync(data, { recursive: true, force: true });
});

test.each([
  ['a text', Buffer.from('hello')],
  ['half a backup', () => readFileSync(join(folder, 'good.tar.gz')).subarray(0, 3_000)],
  [
    'a backup with one byte changed',
    () =>
      Buffer.from(
        readFileSync(join(folder, 'good.tar.gz')).map((byte, at) => (at === 2_500 ? byte ^ 1 : byte)),
      ),
  ],
])('AC-59: %s is no backup', async (_, bytes) => {
  const file = join(folder, `odd-${readdirSync(folder).length}`);
  writeFileSync(file, typeof bytes === 'function' ? bytes() : bytes);
  const data = mkdtempSync(join(tmpdir(), 'victim-'));

  await expect(restore(data, file)).rejects.toThrow(/is not a sound backup/);

  expect(existsSync(join(data, 'hearthdesk.db'))).toBe(false);
  rmSync(data, { recursive: true, force: true });
});
