// Moves the journal into the database file, off the request path.
import type { Db } from './database';

/** The everyday checkpoint: copies what it can without waiting for anybody. */
export function checkpoint(db: Db): void {
  db.sql.pragma('wal_checkpoint(PASSIVE)');
}

/** The one that ends an erasure: nothing stays in the journal. False when a reader still holds it. */
export function truncateJournal(db: Db): boolean {
  const [result] = db.sql.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  return result?.busy === 0;
}
