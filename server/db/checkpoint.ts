// Moves the journal into the database file, off the request path.
import { Unavailable } from '../lib/errors';
import { type Db, PATIENCE } from './database';

const PAUSE = 50;
const MOST_PAUSES = 1_200;

/** The everyday checkpoint: copies what it can without waiting for anybody. */
export function checkpoint(db: Db): void {
  db.stopReading();
  db.sql.pragma('wal_checkpoint(PASSIVE)');
}

/** Nothing stays in the journal. False at once when a reader in another thread still holds it: no request waits for that. */
export function truncateJournal(db: Db): boolean {
  db.stopReading();
  db.sql.pragma('busy_timeout = 0');
  try {
    const [result] = db.sql.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return result?.busy === 0;
  } finally {
    db.sql.pragma(`busy_timeout = ${PATIENCE}`);
  }
}

/** The one that ends an erasure: waits a minute for readers to finish, then throws Unavailable. */
export async function emptyJournal(db: Db): Promise<void> {
  for (let tries = 0; tries < MOST_PAUSES; tries++) {
    if (truncateJournal(db)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw Unavailable('The journal of the database could not be emptied: another program keeps reading it.');
}
