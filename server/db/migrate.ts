// Brings a database to the newest schema, one numbered file at a time, forward only.

import { listAssets, readAsset } from '../lib/assets';
import { Conflict } from '../lib/errors';
import type { Db } from './database';

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** The migrations that this program carries, oldest first. */
export function carriedMigrations(): Migration[] {
  return listAssets('migrations/')
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name.slice('migrations/'.length), 10),
      name: name.slice('migrations/'.length),
      sql: readAsset(name).toString('utf8'),
    }));
}

export const schemaVersion = (db: Db) => db.sql.pragma('user_version', { simple: true }) as number;

/** Runs what is missing, each migration in a transaction of its own. Throws Conflict for a newer schema. */
export function migrate(db: Db, migrations = carriedMigrations()): { from: number; to: number } {
  const from = schemaVersion(db);
  const newest = migrations.at(-1)?.version ?? 0;
  if (from > newest) {
    throw Conflict(
      `The data folder was written by a newer Hearthdesk (schema ${from}, this program knows ${newest}).`,
    );
  }
  for (const migration of migrations) {
    if (migration.version <= from) continue;
    db.tx(() => {
      db.sql.exec(migration.sql);
      db.sql.pragma(`user_version = ${migration.version}`);
    });
  }
  return { from, to: newest };
}
