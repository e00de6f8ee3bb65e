// The schema: built from nothing, upgraded from every release, and never changed behind one's back.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carriedMigrations, type Db, migrate, openDatabase, schemaVersion } from '../server/db';

const folder = join(__dirname, '../migrations');
const files = readdirSync(folder).sort();

/**
 * SHA-256 of every migration that a released version carried. A line is added with each release and never changed: whoever has
 * run a migration does not run it again.
 */
const RELEASED: Record<string, string> = {};

let db: Db;

beforeEach(() => {
  db = openDatabase(':memory:');
});
afterEach(() => db.close());

const names = (sql: string) => db.sql.prepare(sql).pluck().all() as string[];
/** Without those that FTS5 keeps for itself. */
const tables = () =>
  names(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );

test('files are numbered without a gap, and all are carried', () => {
  expect(files.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]))).toEqual(
    files.map((_, place) => place + 1),
  );
  expect(carriedMigrations().map(({ name }) => name)).toEqual(files);
});

test('a fresh database comes to the newest version, and a second run changes nothing', () => {
  expect(migrate(db)).toEqual({ from: 0, to: files.length });
  const schema = names('SELECT sql FROM sqlite_schema ORDER BY name');

  expect(migrate(db)).toEqual({ from: files.length, to: files.length });
  expect(schemaVersion(db)).toBe(files.length);
  expect(names('SELECT sql FROM sqlite_schema ORDER BY name')).toEqual(schema);
  expect(names('PRAGMA integrity_check')).toEqual(['ok']);
  expect(names('PRAGMA foreign_key_check')).toEqual([]);
});

test.each(files.map((_, version) => version))(
  'an upgrade from version %i comes to the same schema as a fresh start',
  (version) => {
    const fresh = openDatabase(':memory:');
    migrate(fresh);
    migrate(db, carriedMigrations().slice(0, version));

    expect(migrate(db)).toEqual({ from: version, to: files.length });

    const schemaOf = (one: Db) =>
      one.sql.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    expect(schemaOf(db)).toEqual(schemaOf(fresh));
    fresh.close();
  },
);

test('a migration that breaks off leaves the version before it whole', () => {
  const broken = {
    version: files.length + 1,
    name: 'broken.sql',
    sql: 'CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT no_such_function();',
  };

  expect(() => migrate(db, [...carriedMigrations(), broken])).toThrow('no_such_function');

  expect(schemaVersion(db)).toBe(files.length);
  expect(tables()).not.toContain('half');
});

test('a database of a newer program is refused with one sentence and left alone', () => {
  migrate(db);
  db.sql.pragma('user_version = 9999');

  expect(() => migrate(db)).toThrow('was written by a newer Hearthdesk (schema 9999');
  expect(schemaVersion(db)).toBe(9_999);
});

describe('the newest schema', () => {
  beforeEach(() => void migrate(db));

  test('has STRICT tables only', () => {
    expect(
      names(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      ),
    ).toEqual([]);
  });

  /** Rows of these are marked as gone and kept for what names them, so nobody looks for what hangs on a deleted one. */
  const neverDeleted = ['agents', 'mailbox_aliases', 'mailboxes', 'sites'];

  test('finds the rows behind every foreign key by an index, but those of parents that are never deleted', () => {
    const bare = tables().flatMap((table) => {
      const keys = db.sql
        .prepare('SELECT "from" AS column, "table" AS parent FROM pragma_foreign_key_list(?)')
        .all(table) as {
        column: string;
        parent: string;
      }[];
      const indexed = db.sql
        .prepare(
          'SELECT (SELECT name FROM pragma_index_info(list.name) WHERE seqno = 0) FROM pragma_index_list(?) AS list',
        )
        .pluck()
        .all(table) as string[];
      const primary = db.sql
        .prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1')
        .pluck()
        .all(table) as string[];
      return keys
        .filter(
          ({ column, parent }) =>
            !indexed.includes(column) && !primary.includes(column) && !neverDeleted.includes(parent),
        )
        .map(({ column }) => `${table}.${column}`);
    });

    expect(bare).toEqual([]);
  });

  test('and those parents are indeed deleted by nothing', () => {
    const deletes = new RegExp(`DELETE FROM (${neverDeleted.join('|')})\\b`);
    const files = readdirSync(join(__dirname, '../server'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts'),
    );

    expect(
      files.filter((file) => deletes.test(readFileSync(join(__dirname, '../server', file), 'utf8'))),
    ).toEqual([]);
  });

  test('names times *_at and keeps them as whole numbers', () => {
    const times = tables().flatMap((table) =>
      (
        db.sql.prepare('SELECT name, type FROM pragma_table_info(?)').all(table) as {
          name: string;
          type: string;
        }[]
      )
        .filter(({ name }) => /_at$|^at$/.test(name))
        .map(({ name, type }) => `${table}.${name} ${type}`),
    );

    expect(times.length).toBeGreaterThan(40);
    expect(times.filter((time) => !time.endsWith(' INTEGER'))).toEqual([]);
  });

  test('names tables in the plural, with underscores', () => {
    const odd = tables().filter((table) => !/^[a-z]+(_[a-z]+)*$/.test(table));

    expect(odd).toEqual([]);
  });
});

test('what was released is never edited', () => {
  const found = Object.fromEntries(
    Object.keys(RELEASED).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );

  expect(found).toEqual(RELEASED);
});
