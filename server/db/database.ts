// One SQLite file, opened the way DESIGN asks for, with effects that wait for the commit.
import Sqlite from 'better-sqlite3';
import { loadNative } from '../lib/native';

export type Statement = Sqlite.Statement;

type Effect = () => void;

/** An open database. `epoch` rises with every commit, so that remembered results know when they are old. */
export class Db {
  epoch = 0;
  private effects: Effect[] = [];

  constructor(readonly sql: Sqlite.Database) {}

  /** All or nothing. Inside another `tx` it is a savepoint: its own failure undoes only its own part. */
  tx<T>(work: () => T): T {
    if (this.sql.inTransaction) return this.savepoint(work);
    this.sql.exec('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
      this.sql.exec('COMMIT');
    } catch (error) {
      this.effects = [];
      if (this.sql.inTransaction) this.sql.exec('ROLLBACK');
      throw error;
    }
    this.epoch += 1;
    this.runEffects();
    return result;
  }

  /** Runs `effect` once the surrounding transaction is on disk; at once when there is none. */
  afterCommit(effect: Effect): void {
    if (this.sql.inTransaction) this.effects.push(effect);
    else effect();
  }

  close(): void {
    this.sql.close();
  }

  private savepoint<T>(work: () => T): T {
    const before = this.effects.length;
    this.sql.exec('SAVEPOINT part');
    try {
      const result = work();
      this.sql.exec('RELEASE part');
      return result;
    } catch (error) {
      this.effects.length = before;
      // A full disk ends the whole transaction by itself; then there is no part left to undo.
      if (this.sql.inTransaction) this.sql.exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }

  private runEffects(): void {
    const effects = this.effects;
    this.effects = [];
    for (const effect of effects) effect();
  }
}

/**
 * Opens `file` (or a serialized copy of a database). Journal, durability and secure deletion are set here and
 * nowhere else (ABUSE F11: better-sqlite3 ships with `secure_delete` off and `trusted_schema` on).
 */
export function openDatabase(file: string | Buffer, options: { readonly?: boolean } = {}): Db {
  const native = loadNative('better_sqlite3');
  const sql = new Sqlite(file, { readonly: options.readonly ?? false, nativeBinding: native as never });
  if (!options.readonly) {
    sql.pragma('journal_mode = WAL');
    sql.pragma('synchronous = FULL');
    sql.pragma('secure_delete = ON');
    // Checkpoints run on a clock, off the request path (db/checkpoint.ts).
    sql.pragma('wal_autocheckpoint = 0');
  }
  sql.pragma('foreign_keys = ON');
  sql.pragma('trusted_schema = OFF');
  sql.pragma('temp_store = MEMORY');
  sql.pragma('cache_size = -65536');
  sql.pragma('busy_timeout = 5000');
  return new Db(sql);
}
