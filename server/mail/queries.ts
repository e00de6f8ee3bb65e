// SQL over mailboxes, raw mails and the outbox.
import { change, insert, query, queryOne, queryValue, untilCommit } from '../db';
import type { MailboxRow } from './mailbox';

export const findMailboxes = query<[], MailboxRow[]>(
  'SELECT * FROM mailboxes WHERE deleted_at IS NULL ORDER BY id',
);
export const findMailboxById = queryOne<[id: number], MailboxRow>('SELECT * FROM mailboxes WHERE id = ?');
export const findMailboxByAddress = queryOne<[addressKey: string], MailboxRow>(
  'SELECT * FROM mailboxes WHERE address_key = ? AND deleted_at IS NULL',
);
export const findLocalMailbox = queryOne<[], MailboxRow>('SELECT * FROM mailboxes WHERE is_local = 1');
export const insertLocalMailbox = insert<[address: string, key: string, name: string, now: number]>(
  'INSERT INTO mailboxes (address, address_key, sender_name, is_local, created_at) VALUES (?, ?, ?, 1, ?)',
);

/** `sent`: from the mailbox's own folder for sent mail; `import`: out of a file that somebody brought. */
export type MailSource = 'imap' | 'deliver' | 'sent' | 'import';

export interface InboundMailRow {
  id: number;
  mailbox_id: number;
  source: MailSource;
  folder: string | null;
  uid_validity: number | null;
  uid: number | null;
  header_message_id: string | null;
  dedupe_key: string;
  words_hash: string | null;
  disk_name: string | null;
  size: number;
  state: 'stored' | 'done' | 'failed' | 'not_imported';
  reason: string | null;
  attempts: number;
  is_wished: number;
  is_old: number;
  is_junk: number;
  ticket_id: number | null;
  message_id: number | null;
  received_at: number;
  done_at: number | null;
}

export const findInboundMail = queryOne<[id: number], InboundMailRow>(
  'SELECT * FROM inbound_mails WHERE id = ?',
);
export const findInboundByKey = queryOne<[mailboxId: number, dedupeKey: string], InboundMailRow>(
  'SELECT * FROM inbound_mails WHERE mailbox_id = ? AND dedupe_key = ?',
);
export const findInboundByPlace = queryOne<
  [mailboxId: number, folder: string, uidValidity: number, uid: number],
  InboundMailRow
>('SELECT * FROM inbound_mails WHERE mailbox_id = ? AND folder = ? AND uid_validity = ? AND uid = ?');
export const findStoredMails = query<[], { id: number }[]>(
  "SELECT id FROM inbound_mails WHERE state = 'stored' ORDER BY id",
);
/** Mails whose bytes the server would not give out, in the folder as it is numbered now. */
export const findRefusedMails = query<
  [mailboxId: number, folder: string, uidValidity: number],
  InboundMailRow[]
>(`
  SELECT * FROM inbound_mails
   WHERE state = 'not_imported' AND reason = 'unreadable' AND mailbox_id = ? AND folder = ? AND uid_validity = ?
   ORDER BY id`);
export const updateInboundRead = change<
  [messageId: string | null, dedupeKey: string, wordsHash: string, diskName: string, size: number, id: number]
>(`
  UPDATE inbound_mails SET header_message_id = ?, dedupe_key = ?, words_hash = ?, disk_name = ?, size = ?, state = 'stored', reason = NULL,
         attempts = 0, done_at = NULL
   WHERE id = ?`);
/** One that turned out to be here already, or may not be here. */
export const deleteRefusedMail = change<[id: number]>(
  "DELETE FROM inbound_mails WHERE id = ? AND state = 'not_imported' AND reason = 'unreadable'",
);
/** What an admin should look at: mails not filed, mails about accounts not sent, mailboxes that fail. */
const findMailTrouble = queryValue<[], number>(`
  SELECT (SELECT count(*) FROM inbound_mails WHERE state = 'failed')
       + (SELECT count(*) FROM outbox
           WHERE state IN ('held', 'handing over', 'uncertain', 'failed') AND state <> 'handing over' AND kind = 'account')
       + (SELECT count(*) FROM mailboxes LEFT JOIN mail_grants ON mail_grants.mailbox_id = mailboxes.id
           WHERE deleted_at IS NULL AND (failing_since IS NOT NULL OR problem IS NOT NULL OR (oauth IS NOT NULL AND mail_grants.mailbox_id IS NULL)
             OR imap IS NOT NULL AND (missing_folders <> '[]' OR (SELECT sum(missed) FROM mail_checks WHERE id IN (
                  SELECT max(id) FROM mail_checks WHERE mailbox_id = mailboxes.id AND ended_at IS NOT NULL AND error IS NULL GROUP BY folder)) > 0)))`);
export const countMailTrouble = untilCommit((db) => findMailTrouble(db) ?? 0);
export const insertInboundMail = insert<
  [
    mailboxId: number,
    source: MailSource,
    folder: string | null,
    uidValidity: number | null,
    uid: number | null,
    messageId: string | null,
    dedupeKey: string,
    wordsHash: string | null,
    diskName: string | null,
    size: number,
    isOld: number,
    isJunk: number,
    state: string,
    reason: string | null,
    now: number,
  ]
>(`INSERT INTO inbound_mails (mailbox_id, source, folder, uid_validity, uid, header_message_id, dedupe_key, words_hash, disk_name, size, is_old, is_junk, state, reason, received_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
/** The folder was numbered anew, or another one is read: a mail that is known keeps its place. */
export const updateInboundPlace = change<
  [folder: string, uidValidity: number, uid: number, isJunk: number, id: number]
>('UPDATE inbound_mails SET folder = ?, uid_validity = ?, uid = ?, is_junk = ? WHERE id = ?');
/** Mails of a folder between two UIDs, both included. */
export const findInboundBetween = query<
  [mailboxId: number, folder: string, uidValidity: number, from: number, to: number],
  { uid: number; state: InboundMailRow['state'] }[]
>(
  'SELECT uid, state FROM inbound_mails WHERE mailbox_id = ? AND folder = ? AND uid_validity = ? AND uid BETWEEN ? AND ?',
);
export const countInboundUpTo = queryValue<
  [mailboxId: number, folder: string, uidValidity: number, lastUid: number],
  number
>('SELECT count(*) FROM inbound_mails WHERE mailbox_id = ? AND folder = ? AND uid_validity = ? AND uid <= ?');
export const updateInboundAttempt = change<[id: number]>(
  'UPDATE inbound_mails SET attempts = attempts + 1 WHERE id = ?',
);
export const updateInboundUntried = change<[id: number]>(
  'UPDATE inbound_mails SET attempts = attempts - 1 WHERE id = ?',
);
export const updateInboundDone = change<[ticketId: number, messageId: number, now: number, id: number]>(
  "UPDATE inbound_mails SET state = 'done', reason = NULL, ticket_id = ?, message_id = ?, done_at = ? WHERE id = ?",
);
/** The message that was made of it stands on another ticket now. */
export const updateInboundTicket = change<[ticketId: number, id: number]>(
  'UPDATE inbound_mails SET ticket_id = ? WHERE id = ?',
);
export const updateInboundState = change<[state: string, reason: string | null, now: number, id: number]>(
  'UPDATE inbound_mails SET state = ?, reason = ?, done_at = ? WHERE id = ?',
);
export const updateInboundRawGone = change<[id: number]>(
  'UPDATE inbound_mails SET disk_name = NULL WHERE id = ?',
);
export const findRawNames = query<[], { disk_name: string }[]>(
  `SELECT disk_name FROM inbound_mails WHERE disk_name IS NOT NULL
   UNION ALL SELECT disk_name FROM sent_copies WHERE disk_name IS NOT NULL`,
);

export const OUTBOX_STATES = [
  'waiting',
  'held',
  'handing over',
  'uncertain',
  'failed',
  'sent',
  'dismissed',
] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

export interface OutboxRow {
  id: number;
  mailbox_id: number | null;
  kind: 'reply' | 'account' | 'answer' | 'notice';
  message_id: number | null;
  header_message_id: string;
  subject: string;
  recipients: string;
  mail: string | null;
  state: OutboxState;
  send_after: number;
  attempts: number;
  last_answer: string | null;
  created_at: number;
  sent_at: number | null;
}

export const insertOutbox = insert<
  [
    mailboxId: number | null,
    kind: string,
    messageId: number | null,
    headerId: string,
    subject: string,
    recipients: string,
    mail: string,
    state: OutboxState,
    sendAfter: number,
    now: number,
  ]
>(`INSERT INTO outbox (mailbox_id, kind, message_id, header_message_id, subject, recipients, mail, state, send_after, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
export const findOutboxMail = queryOne<[id: number], OutboxRow>('SELECT * FROM outbox WHERE id = ?');
export const findOutboxOfMessage = queryOne<[messageId: number], OutboxRow>(
  'SELECT * FROM outbox WHERE message_id = ? ORDER BY id DESC LIMIT 1',
);
/** Only what has not begun to leave can be taken back (O4). */
export const deleteWaitingOutbox = change<[messageId: number]>(
  "DELETE FROM outbox WHERE message_id = ? AND state IN ('waiting', 'held') AND attempts = 0",
);
