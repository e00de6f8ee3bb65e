// The comparisons of a mailbox with what is here, as rows: begun, how far they are, what they found (M4).
import type { App } from '../app';
import { change, insert, query, queryOne } from '../db';
import { DAY } from '../lib/clock';
import { signalMailboxes } from './live';

export interface CheckRow {
  id: number;
  mailbox_id: number;
  folder: string;
  started_at: number;
  ended_at: number | null;
  /** Null: the clock. */
  started_by: number | null;
  on_server: number;
  looked_at: number;
  imported: number;
  waiting: number;
  not_imported: number;
  not_wanted: number;
  newer: number;
  missed: number;
  gone: number;
  error: string | null;
}

export type Tally = Pick<
  CheckRow,
  | 'on_server'
  | 'looked_at'
  | 'imported'
  | 'waiting'
  | 'not_imported'
  | 'not_wanted'
  | 'newer'
  | 'missed'
  | 'gone'
>;

export interface DifferenceRow {
  uid: number;
  header_message_id: string | null;
  sender: string;
  subject: string;
  arrived_at: number | null;
  /** `listed`: it could not be fetched whole, and is in the tray. */
  outcome: 'fetched' | 'listed';
}

/** The history that is kept (M4). */
const KEPT = 90 * DAY;

export const findCheck = queryOne<[id: number], CheckRow>('SELECT * FROM mail_checks WHERE id = ?');
export const findRunningCheck = queryOne<[mailboxId: number], CheckRow>(
  'SELECT * FROM mail_checks WHERE mailbox_id = ? AND ended_at IS NULL',
);
/** Of the last of each folder one that says something is wrong, else the newest. */
export const findLastCheck = queryOne<[mailboxId: number], CheckRow>(`
  SELECT * FROM mail_checks WHERE id IN (SELECT max(id) FROM mail_checks WHERE mailbox_id = ? AND ended_at IS NOT NULL GROUP BY folder)
   ORDER BY error IS NULL, missed = 0, id DESC LIMIT 1`);
/** Of each folder the last that came to its end: only such a one says whether mails were missed. The first that missed some. */
export const findLastMissed = queryOne<[mailboxId: number], CheckRow>(`
  SELECT * FROM mail_checks
   WHERE missed > 0
     AND id IN (SELECT max(id) FROM mail_checks WHERE mailbox_id = ? AND ended_at IS NOT NULL AND error IS NULL GROUP BY folder)
   ORDER BY id LIMIT 1`);
export const deleteChecksOf = change<[mailboxId: number, folder: string]>(
  'DELETE FROM mail_checks WHERE mailbox_id = ? AND folder = ?',
);
/** Newest first. */
export const findChecks = query<[mailboxId: number, limit: number], CheckRow[]>(
  'SELECT * FROM mail_checks WHERE mailbox_id = ? ORDER BY id DESC LIMIT ?',
);
export const findDifferences = query<[checkId: number, limit: number], DifferenceRow[]>(
  'SELECT uid, header_message_id, sender, subject, arrived_at, outcome FROM mail_check_differences WHERE check_id = ? ORDER BY id LIMIT ?',
);
export const insertCheck = insert<[mailboxId: number, folder: string, now: number, startedBy: number | null]>(
  'INSERT INTO mail_checks (mailbox_id, folder, started_at, started_by) VALUES (?, ?, ?, ?)',
);
export const insertDifference = insert<
  [
    checkId: number,
    uid: number,
    messageId: string | null,
    sender: string,
    subject: string,
    arrivedAt: number | null,
    outcome: DifferenceRow['outcome'],
    inboundMailId: number | null,
  ]
>(`INSERT INTO mail_check_differences (check_id, uid, header_message_id, sender, subject, arrived_at, outcome, inbound_mail_id)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);

const updateTally = change<[tally: string, id: number]>(`
  UPDATE mail_checks SET on_server = json_extract(tally.value, '$.on_server'), looked_at = json_extract(tally.value, '$.looked_at'),
         imported = json_extract(tally.value, '$.imported'), waiting = json_extract(tally.value, '$.waiting'),
         not_imported = json_extract(tally.value, '$.not_imported'), not_wanted = json_extract(tally.value, '$.not_wanted'),
         newer = json_extract(tally.value, '$.newer'), missed = json_extract(tally.value, '$.missed'),
         gone = json_extract(tally.value, '$.gone')
    FROM (SELECT ? AS value) AS tally WHERE id = ?`);
export function noteTally(app: App, id: number, tally: Tally): void {
  updateTally(app.db, JSON.stringify(tally), id);
  signalMailboxes(app);
}

const updateEnded = change<[now: number, error: string | null, id: number]>(
  'UPDATE mail_checks SET ended_at = ?, error = ? WHERE id = ? AND ended_at IS NULL',
);
/** Tells open pages of admins too. */
export function endCheck(app: App, id: number, error: string | null): void {
  updateEnded(app.db, app.clock.now(), error, id);
  signalMailboxes(app);
}

const updateInterrupted = change<[now: number]>(
  "UPDATE mail_checks SET ended_at = ?, error = 'broken-off' WHERE ended_at IS NULL",
);
/** At start: what a crash broke off. */
export const endInterruptedChecks = (app: App): void => void updateInterrupted(app.db, app.clock.now());

const deleteOld = change<[before: number]>('DELETE FROM mail_checks WHERE started_at < ?');
/** Returns how many went. */
export const deleteOldChecks = (app: App): number => deleteOld(app.db, app.clock.now() - KEPT);
