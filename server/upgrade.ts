// Brings a data folder to the newest schema (R1): a safety copy, the migrations, a check, and back to the copy if anything fails.
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from './commands';
import { databaseFile, hasDatabase, lockFolder } from './data-folder';
import { carriedMigrations, type Db, type Migration, migrate, openDatabase, schemaVersion } from './db';
import { diskProblem, Invalid, Unavailable } from './lib/errors';

export interface Upgrade {
  from: number;
  to: number;
  /** The safety copy; the nightly backup removes it after a week. */
  copy?: string;
}

/** `hearthdesk migrate`. Throws Conflict while a server uses the folder, Invalid when there is none. */
export async function migrateFolder(data: string): Promise<CommandResult> {
  if (!hasDatabase(data)) throw Invalid(`There is no Hearthdesk in ${data}.`);
  const lock = lockFolder(data);
  try {
    const { from, to, copy } = await upgradeFolder(data);
    return copy === undefined
      ? {
          exit: 0,
          lines: [`The data folder has the newest schema already (${to}).`],
          facts: { from, to },
        }
      : {
          exit: 0,
          lines: [`Schema ${from} became ${to}; the copy from before is ${copy}.`],
          facts: { from, to, copy },
        };
  } finally {
    lock.release();
  }
}

/**
 * Under the folder's lock, before anybody else opens the database. Throws Unavailable when the upgrade failed and the folder is
 * as it was before.
 */
export async function upgradeFolder(data: string, migrations = carriedMigrations()): Promise<Upgrade> {
  const file = databaseFile(data);
  const to = migrations.at(-1)?.version ?? 0;
  if (!existsSync(file)) return { from: 0, to };
  const { db, from } = open(file);
  let copy: string | undefined;
  try {
    // An empty file has nothing to lose; a newer schema is refused by `migrate`.
    if (from === 0 || from >= to) return { from, to };
    copy = await copyBefore(db, data, from, to);
    upgrade(db, migrations);
    return { from, to, copy };
  } catch (cause) {
    if (copy === undefined)
      throw Unavailable(
        `No safety copy could be made in ${join(data, 'backups')}, so nothing was upgraded.`,
        cause,
      );
    db.close();
    goBack(file, copy);
    const why = cause instanceof Error ? cause.message.split('\n')[0]?.replace(/\.$/, '') : String(cause);
    throw Unavailable(
      `The upgrade from schema ${from} to ${to} failed (${why}) and was undone; the version that ran before can be started again.`,
      cause,
    );
  } finally {
    db.close();
  }
}

function open(file: string): { db: Db; from: number } {
  try {
    const db = openDatabase(file);
    return { db, from: schemaVersion(db) };
  } catch (cause) {
    throw diskProblem(cause) ?? cause;
  }
}

async function copyBefore(db: Db, data: string, from: number, to: number): Promise<string> {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const copy = join(data, 'backups', `before-schema-${to}-from-${from}-${stamp}.db`);
  await db.sql.backup(copy);
  sync(copy);
  return copy;
}

function upgrade(db: Db, migrations: Migration[]): void {
  const before = countRows(db);
  migrate(db, migrations);
  const [check] = db.sql.pragma('integrity_check(1)') as { integrity_check: string }[];
  if (check?.integrity_check !== 'ok') throw new Error('the database is not sound afterwards');
  if ((db.sql.pragma('foreign_key_check') as unknown[]).length > 0)
    throw new Error('its rows do not belong together afterwards');
  const after = countRows(db);
  for (const [table, n] of before)
    if (after.has(table) && after.get(table) !== n)
      throw new Error(`${table} had ${n} rows and has ${after.get(table)} afterwards`);
}

/** Of ordinary tables; what indexes and counters hold is made of these. */
function countRows(db: Db): Map<string, number> {
  const tables = db.sql
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all() as string[];
  return new Map(
    tables.map((table) => [table, db.sql.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number]),
  );
}

/** A copy of the copy, whole before it takes the place: a crash meanwhile can be met by the next start. */
function goBack(file: string, copy: string): void {
  const unfinished = `${file}.returning`;
  copyFileSync(copy, unfinished);
  sync(unfinished);
  for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
  renameSync(unfinished, file);
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
