// One SQLite file, opened the way DESIGN asks for, with effects that wait for the commit.
import { closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { loadNative } from '../lib/native';

export type Statement = Sqlite.Statement;

type Effect = () => void;

/** An open database. `epoch` rises with every commit, so that remembered results know when they are old. */
export class Db {
  epoch = 0;
  /** What came after a commit went wrong; the data is safe, so whoever wrote is not told that it failed. */
  effectFailed: (error: unknown) => void = (error) => {
    throw error;
  };
  /** Runs at the end of every transaction, within it: what is derived from the rows is right when they are committed. */
  beforeCommit: Effect = () => undefined;
  private effects: Effect[] = [];
  private fileOpen: number | undefined;
  private isReading = false;
  private readonly steps: Record<
    'read' | 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'back',
    Statement
  >;

  constructor(readonly sql: Sqlite.Database) {
    this.steps = {
      read: sql.prepare('BEGIN'),
      begin: sql.prepare('BEGIN IMMEDIATE'),
      commit: sql.prepare('COMMIT'),
      rollback: sql.prepare('ROLLBACK'),
      savepoint: sql.prepare('SAVEPOINT part'),
      release: sql.prepare('RELEASE part'),
      back: sql.prepare('ROLLBACK TO part'),
    };
  }

  /** Whether a change made now is part of a transaction that may still be undone. */
  get isWriting(): boolean {
    return this.sql.inTransaction && !this.isReading;
  }

  /**
   * Comes before every statement that reads. What is read until the program turns to something else is read at one moment, and the
   * file's locks are taken and given back once, not with each statement: that costs ten times as much as reading a row by its key.
   */
  startReading(): void {
    if (this.isReading || this.sql.inTransaction) return;
    this.steps.read.run();
    this.isReading = true;
    queueMicrotask(this.stopReading);
  }

  /** Comes before whatever writes, and before what SQLite does outside of transactions only. */
  readonly stopReading = (): void => {
    if (!this.isReading) return;
    this.isReading = false;
    if (this.sql.open && this.sql.inTransaction) this.steps.commit.run();
  };

  /** All or nothing. Inside another `tx` it is a savepoint: its own failure undoes only its own part. */
  tx<T>(work: () => T): T {
    if (this.isWriting) return this.savepoint(work);
    this.stopReading();
    this.steps.begin.run();
    let result: T;
    try {
      result = work();
      this.beforeCommit();
      this.steps.commit.run();
    } catch (error) {
      this.effects = [];
      // A full disk may have ended it already, and something may have read since.
      this.isReading = false;
      if (this.sql.inTransaction) this.steps.rollback.run();
      throw error;
    }
    this.epoch += 1;
    this.runEffects();
    return result;
  }

  /** Runs `effect` once the surrounding transaction is on disk; at once when there is none. */
  afterCommit(effect: Effect): void {
    if (this.isWriting) this.effects.push(effect);
    else effect();
  }

  /**
   * The database file itself, open for reading and writing beside SQLite; undefined for a database in memory. It is opened
   * once and closed after SQLite: closing any descriptor of the file drops all locks this process holds on it
   * (https://sqlite.org/howtocorrupt.html, 2.2). For the same reason nobody else in this process may open it.
   */
  get descriptor(): number | undefined {
    if (this.sql.memory || this.sql.readonly) return undefined;
    this.fileOpen ??= openSync(this.sql.name, 'r+');
    return this.fileOpen;
  }

  close(): void {
    this.sql.close();
    if (this.fileOpen !== undefined) closeSync(this.fileOpen);
    this.fileOpen = undefined;
  }

  private savepoint<T>(work: () => T): T {
    const before = this.effects.length;
    this.steps.savepoint.run();
    try {
      const result = work();
      this.steps.release.run();
      return result;
    } catch (error) {
      this.effects.length = before;
      // A full disk ends the whole transaction by itself; then there is no part left to undo.
      if (this.sql.inTransaction) {
        this.steps.back.run();
        this.steps.release.run();
      }
      throw error;
    }
  }

  private runEffects(): void {
    const effects = this.effects;
    this.effects = [];
    for (const effect of effects) {
      try {
        effect();
      } catch (error) {
        this.effectFailed(error);
      }
    }
  }
}

/** How long a statement waits for another connection, in ms. */
export const PATIENCE = 5_000;

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
  sql.pragma('cache_size = -32768');
  sql.pragma(`busy_timeout = ${PATIENCE}`);
  return new Db(sql);
}
