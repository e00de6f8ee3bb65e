// How far a folder was read: UIDVALIDITY and the last UID (M1), and what was there before and is not wanted (M5).
import { change, insert, queryOne } from '../db';

export interface CursorRow {
  uid_validity: number;
  last_uid: number;
  /** While it is first read: mails received before this are not wanted. */
  since_at: number | null;
  /** Up to this UID mails were there before the first connection, and nobody asked for them. */
  first_uid: number;
  /** Up to this UID those received before `old_before_at` are not wanted; later ones are new, whatever date they bear. */
  old_uid: number;
  old_before_at: number | null;
  /** What arrived before is history, which nothing answers (M5). */
  begun_at: number;
}

export const findCursor = queryOne<[mailboxId: number, folder: string], CursorRow>(
  'SELECT uid_validity, last_uid, since_at, first_uid, old_uid, old_before_at, begun_at FROM mail_cursors WHERE mailbox_id = ? AND folder = ?',
);
export const beginCursor = insert<
  [
    mailboxId: number,
    folder: string,
    uidValidity: number,
    lastUid: number,
    sinceAt: number,
    firstUid: number,
    begunAt: number,
  ]
>(`
  INSERT INTO mail_cursors (mailbox_id, folder, uid_validity, last_uid, since_at, first_uid, begun_at) VALUES (?, ?, ?, ?, ?, ?, ?)`);
/** The server numbers its mails anew: it is read as if for the first time. */
export const renumberCursor = change<
  [uidValidity: number, lastUid: number, sinceAt: number, mailboxId: number, folder: string]
>(`
  UPDATE mail_cursors SET uid_validity = ?, last_uid = ?, since_at = ?, first_uid = 0, old_uid = 0, old_before_at = NULL
   WHERE mailbox_id = ? AND folder = ?`);
export const updateCursor = change<[uidValidity: number, lastUid: number, mailboxId: number, folder: string]>(
  'UPDATE mail_cursors SET uid_validity = ?, last_uid = ? WHERE mailbox_id = ? AND folder = ?',
);
/** Read to its end for the first time. `slack` in ms: how much older than asked for is wanted all the same. */
export const endFirstReading = change<[slack: number, mailboxId: number, folder: string]>(`
  UPDATE mail_cursors SET old_uid = last_uid, old_before_at = since_at - ?, since_at = NULL
   WHERE mailbox_id = ? AND folder = ? AND since_at IS NOT NULL`);
export const deleteCursor = change<[mailboxId: number, folder: string]>(
  'DELETE FROM mail_cursors WHERE mailbox_id = ? AND folder = ?',
);
