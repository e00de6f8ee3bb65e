// Copies of mails that left, on their way into the mailbox's own folder for sent mail: their states, and the files they lie in.
import type { App } from '../app';
import { change, query, queryOne } from '../db';
import { DAY, HOUR, MINUTE } from '../lib/clock';
import { reportError } from '../lib/report-error';
import { isDiskFull, removeRaw, writeRaw } from './keep-mail';
import { signalMailboxes } from './live';
import type { MailboxRow } from './mailbox';

export interface CopyRow {
  id: number;
  outbox_id: number;
  mailbox_id: number;
  disk_name: string | null;
  /** `pending`: whether the mail leaves is not known yet. */
  state: 'pending' | 'waiting' | 'stored' | 'failed';
  folder: string | null;
  attempts: number;
  try_at: number;
  last_error: string | null;
  created_at: number;
  stored_at: number | null;
}

/** Pauses before the next try; the last is repeated until a week has passed. */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR];
const GIVE_UP_AFTER = 7 * DAY;

export const findCopyOf = queryOne<[outboxId: number], CopyRow>(
  'SELECT * FROM sent_copies WHERE outbox_id = ?',
);
/** A mailbox that is only read gets its copies when it is that no more. */
export const findDueCopies = query<
  [now: number, limit: number],
  (CopyRow & { header_message_id: string })[]
>(`
  SELECT sent_copies.*, header_message_id FROM sent_copies JOIN outbox ON outbox.id = outbox_id JOIN mailboxes ON mailboxes.id = sent_copies.mailbox_id
   WHERE sent_copies.state = 'waiting' AND only_reads = 0 AND try_at <= ? ORDER BY try_at, sent_copies.id LIMIT ?`);
export const findNextCopy = queryOne<[], { at: number | null }>(
  "SELECT min(try_at) AS at FROM sent_copies JOIN mailboxes ON mailboxes.id = mailbox_id WHERE state = 'waiting' AND only_reads = 0",
);
export const findCopyTrouble = queryOne<
  [mailboxId: number],
  { n: number; last_error: string; since: number; next: number | null }
>(`
  SELECT count(*) AS n, last_error, min(created_at) AS since, min(iif(state = 'waiting', try_at, NULL)) AS next FROM sent_copies
   WHERE mailbox_id = ? AND last_error IS NOT NULL AND state IN ('waiting', 'failed') HAVING count(*) > 0`);
const insertCopy = change<
  [outboxId: number, mailboxId: number, diskName: string, now: number, sameNow: number]
>(`
  INSERT INTO sent_copies (outbox_id, mailbox_id, disk_name, try_at, created_at) VALUES (?, ?, ?, ?, ?)`);
const deleteCopy = change<[id: number]>('DELETE FROM sent_copies WHERE id = ?');
const updateReleased = change<[now: number, id: number]>(
  "UPDATE sent_copies SET state = 'waiting', try_at = ? WHERE id = ?",
);
const updateStored = change<[folder: string, now: number, id: number]>(
  "UPDATE sent_copies SET state = 'stored', folder = ?, stored_at = ?, disk_name = NULL, last_error = NULL WHERE id = ?",
);
const updateLater = change<[error: string, attempts: number, tryAt: number, id: number]>(
  'UPDATE sent_copies SET last_error = ?, attempts = ?, try_at = ? WHERE id = ?',
);
const updateFailed = change<[error: string, id: number]>(
  "UPDATE sent_copies SET state = 'failed', last_error = ?, disk_name = NULL WHERE id = ?",
);

/** Before the mail is offered, so that no crash loses it. Undefined where none is wished, or the disk has no room for it. */
export async function writeCopy(app: App, mailbox: MailboxRow, raw: Buffer): Promise<string | undefined> {
  if (!mailbox.keep_sent || mailbox.imap === null) return undefined;
  return writeRaw(app, raw).catch((error) => {
    if (isDiskFull(error)) return undefined;
    throw error;
  });
}

/** With the commit of *handing over*. Once a copy is on its way, a second attempt for the recipients left makes no other. */
export function noteCopy(app: App, outboxId: number, mailbox: MailboxRow, diskName: string): void {
  const known = findCopyOf(app.db, outboxId);
  if (known && known.state !== 'pending') return removeLater(app, diskName);
  if (known) dropCopy(app, outboxId);
  const now = app.clock.now();
  insertCopy(app.db, outboxId, mailbox.id, diskName, now, now);
}

/** The mail has left: its copy may be stored. */
export function releaseCopy(app: App, outboxId: number): void {
  const copy = findCopyOf(app.db, outboxId);
  if (copy?.state !== 'pending') return;
  updateReleased(app.db, app.clock.now(), copy.id);
  app.db.afterCommit(() => app.hooks.copyWaits(app));
}

/** The mail has not left, and what was made for it goes. */
export function dropCopy(app: App, outboxId: number): void {
  const copy = findCopyOf(app.db, outboxId);
  if (copy?.state === 'pending') forgetCopy(app, copy);
}

/** The mailbox does not wish copies any more, or is gone. */
export function forgetCopy(app: App, copy: CopyRow): void {
  deleteCopy(app.db, copy.id);
  if (copy.disk_name) removeLater(app, copy.disk_name);
}

export function settleStored(app: App, copy: CopyRow, folder: string): void {
  updateStored(app.db, folder, app.clock.now(), copy.id);
  if (copy.disk_name) removeLater(app, copy.disk_name);
  if (copy.last_error) signalMailboxes(app);
}

/** Tries again later, or gives up after a week, which its mailbox says. */
export function settleNotStored(app: App, copy: CopyRow, error: string): void {
  const words = error.slice(0, 500);
  const now = app.clock.now();
  const pause = PAUSES[Math.min(copy.attempts, PAUSES.length - 1)] as number;
  if (now + pause - copy.created_at > GIVE_UP_AFTER) {
    updateFailed(app.db, words, copy.id);
    if (copy.disk_name) removeLater(app, copy.disk_name);
  } else updateLater(app.db, words, copy.attempts + 1, now + pause, copy.id);
  signalMailboxes(app);
}

/** After the commit; a file that a crash leaves is swept. */
function removeLater(app: App, diskName: string): void {
  app.db.afterCommit(() => {
    removeRaw(app, diskName).catch((error) => reportError(app.log, 'removing a copy of a sent mail', error));
  });
}
