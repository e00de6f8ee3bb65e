// `hearthdesk migrate`: brings a data folder to the newest schema, with a safety copy first. `serve` does it by itself.
import { join } from 'node:path';
import type { CommandResult } from './commands';
import { databaseFile, hasDatabase, lockFolder } from './data-folder';
import { carriedMigrations, migrate, openDatabase, schemaVersion } from './db';
import { Invalid, Unavailable } from './lib/errors';

/** Throws Conflict while a server uses the folder, Invalid when there is none, Unavailable when the result is not sound. */
export async function migrateFolder(data: string): Promise<CommandResult> {
  if (!hasDatabase(data)) throw Invalid(`There is no Hearthdesk in ${data}.`);
  const lock = lockFolder(data);
  const db = openDatabase(databaseFile(data));
  try {
    const from = schemaVersion(db);
    const newest = carriedMigrations().at(-1)?.version ?? 0;
    if (from === newest)
      return {
        exit: 0,
        lines: [`The data folder has the newest schema already (${newest}).`],
        facts: { from, to: newest },
      };
    const copy = join(data, 'backups', `before-schema-${newest}-from-${from}.db`);
    await db.sql.backup(copy);
    const { to } = migrate(db);
    const [check] = db.sql.pragma('integrity_check(1)') as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok')
      throw Unavailable(`The database is not sound after the change; the copy from before is ${copy}.`);
    return {
      exit: 0,
      lines: [`Schema ${from} became ${to}; the copy from before is ${copy}.`],
      facts: { from, to, copy },
    };
  } finally {
    db.close();
    lock.release();
  }
}
