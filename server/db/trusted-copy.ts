// Takes over a database that came from outside (AC-59): looked at read-only, and only its rows are copied, into a new file.
//
// A file of SQLite can carry triggers, views and tables that do something when they are touched. So it has to have exactly
// the schema that one of our versions made, it is never opened for writing, and what it holds besides rows is left behind.
import { Invalid } from '../lib/errors';
import { type Db, openDatabase } from './database';
import { carriedMigrations, migrate, schemaVersion } from './migrate';

const ROWS_A_WRITE = 2_000;

/** Throws Invalid, one sentence, unless the file is a sound database of a version that this program knows. */
export function openForeign(file: string): Db {
  let db: Db | undefined;
  try {
    db = openDatabase(file, { readonly: true });
    refuseUnlessSound(db);
    return db;
  } catch (error) {
    db?.close();
    if ((error as { code?: unknown }).code === 'SQLITE_NOTADB')
      throw Invalid('The database in it is not a database.', error);
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_CORRUPT'))
      throw Invalid('The database in it is damaged.', error);
    throw error;
  }
}

function refuseUnlessSound(db: Db): void {
  const version = schemaVersion(db);
  const newest = carriedMigrations().at(-1)?.version ?? 0;
  if (version > newest)
    throw Invalid(
      `The database in it was written by a newer Hearthdesk (schema ${version}, this program knows ${newest}).`,
    );
  const expected = openDatabase(':memory:');
  try {
    migrate(
      expected,
      carriedMigrations().filter((migration) => migration.version <= version),
    );
    if (version < 1 || schemaOf(db) !== schemaOf(expected))
      throw Invalid('The database in it does not have the shape of a Hearthdesk.');
  } finally {
    expected.close();
  }
  const [check] = db.sql.pragma('integrity_check(1)') as { integrity_check: string }[];
  if (check?.integrity_check !== 'ok') throw Invalid('The database in it is damaged.');
}

/** Everything that was ever created in it, as SQLite wrote it down. */
export const schemaOf = (db: Db): string =>
  JSON.stringify(
    db.sql.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').raw().all(),
  );

/**
 * Copies every row into a new file and brings it to the newest schema. Search indexes stay empty, and what triggers count is
 * counted anew (`derived`). Throws Invalid when the rows do not belong together.
 */
export function copyRows(from: Db, file: string, derived: readonly string[]): Db {
  const version = schemaVersion(from);
  const to = openDatabase(file);
  migrate(
    to,
    carriedMigrations().filter((migration) => migration.version <= version),
  );
  to.stopReading();
  to.sql.pragma('foreign_keys = OFF');
  for (const table of tablesOf(to)) if (!derived.includes(table)) copyTable(from, to, table);
  const sequences = from.sql.prepare('SELECT name, seq FROM sqlite_sequence').all() as {
    name: string;
    seq: number;
  }[];
  to.tx(() => {
    to.sql.exec('DELETE FROM sqlite_sequence');
    for (const { name, seq } of sequences)
      to.sql.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, seq);
  });
  if (to.sql.prepare('SELECT count(*) FROM pragma_foreign_key_check').pluck().get() !== 0) {
    throw Invalid('The rows of the database in it do not belong together.');
  }
  to.stopReading();
  to.sql.pragma('foreign_keys = ON');
  migrate(to);
  return to;
}

/** Ordinary tables, in the order to fill them; a search index and its inner tables are made anew. */
function tablesOf(db: Db): string[] {
  const tables = db.sql
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as {
    name: string;
    sql: string;
  }[];
  const virtual = tables.filter(({ sql }) => sql.startsWith('CREATE VIRTUAL')).map(({ name }) => name);
  return tables
    .map(({ name }) => name)
    .filter((name) => !virtual.some((index) => name === index || name.startsWith(`${index}_`)))
    .sort((a, b) => Number(isTouched(db, a)) - Number(isTouched(db, b)));
}

/** What triggers of other tables change comes last, or its rows would be changed while those are copied. */
const isTouched = (db: Db, table: string): boolean =>
  db.sql
    .prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> ?")
    .pluck()
    .all(table)
    .some((sql) => (sql as string).includes(`UPDATE ${table} SET`));

function copyTable(from: Db, to: Db, table: string): void {
  const columns = to.sql.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
  const insert = to.sql.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  to.sql.exec(`DELETE FROM ${table}`);
  let waiting: unknown[][] = [];
  const write = () => {
    to.tx(() => {
      for (const row of waiting) insert.run(...row);
    });
    waiting = [];
  };
  for (const row of from.sql
    .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
    .raw()
    .iterate()) {
    waiting.push(row as unknown[]);
    if (waiting.length === ROWS_A_WRITE) write();
  }
  write();
}
