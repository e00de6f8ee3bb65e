// A mailbox is added, changed or removed. Reading it begins anew with what is stored then.
import type { App } from '../app';
import { change, insert, queryOne, queryValue } from '../db';
import { type Actor, record } from '../events';
import { Conflict } from '../lib/errors';
import { reportError } from '../lib/report-error';
import { firmOf } from '../settings';
import { addressKey } from './addresses';
import { removeAliasesOf } from './aliases';
import { deleteChecksOf } from './checks';
import type { ImapSettings } from './imap';
import type { ServerSettings } from './mail-server';
import type { MailboxRow } from './mailbox';
import type { MailboxInput } from './mailbox-form';
import type { SenderSettings } from './mailbox-rest';
import { deleteGrant } from './oauth/grant';
import { holdMailsOf, tryAtOnce } from './outbox';
import { ownAddress } from './own-address';
import { findMailboxById } from './queries';
import { sealPassword, storedServer } from './server-settings';

const findByAddress = queryOne<[key: string], MailboxRow>('SELECT * FROM mailboxes WHERE address_key = ?');
const insertMailbox = insert<[address: string, key: string, senderName: string, now: number]>(
  'INSERT INTO mailboxes (address, address_key, sender_name, created_at) VALUES (?, ?, ?, ?)',
);
const reviveMailbox = change<[now: number, id: number]>(`
  UPDATE mailboxes SET deleted_at = NULL, created_at = ?, last_fetch_at = NULL WHERE id = ?`);
const deleteCursors = change<[mailboxId: number]>('DELETE FROM mail_cursors WHERE mailbox_id = ?');
const updateMailbox = change<
  [
    address: string,
    key: string,
    senderName: string,
    imap: string | null,
    imapSecret: Buffer | null,
    smtp: string | null,
    smtpSecret: Buffer | null,
    plusAddresses: number,
    reopenClosed: string,
    reopenDays: number,
    undoSeconds: number,
    keepSent: number,
    readSent: number,
    authentication: string,
    authservId: string | null,
    spamByHeader: number,
    spamByFailure: number,
    oauth: string | null,
    isShared: number,
    id: number,
  ]
>(`UPDATE mailboxes SET address = ?, address_key = ?, sender_name = ?, imap = ?, imap_secret = ?, smtp = ?, smtp_secret = ?,
          plus_addresses = ?, reopen_closed = ?, reopen_days = ?, undo_seconds = ?, keep_sent = ?, read_sent = ?, authentication = ?, authserv_id = ?,
          spam_by_header = ?, spam_by_failure = ?, oauth = ?, is_shared = ?, last_error = NULL, last_stage = NULL, failing_since = NULL,
          next_try_at = NULL
    WHERE id = ?`);
const updateFirstFetch = change<[days: number, id: number]>(
  'UPDATE mailboxes SET first_fetch_days = ? WHERE id = ?',
);
const updateDeleted = change<[now: number, id: number]>(`
  UPDATE mailboxes SET deleted_at = ?, imap = NULL, imap_secret = NULL, smtp = NULL, smtp_secret = NULL,
         last_error = NULL, last_stage = NULL, failing_since = NULL, next_try_at = NULL WHERE id = ?`);
const updateKey = change<[key: string, id: number]>('UPDATE mailboxes SET address_key = ? WHERE id = ?');
export const countCursors = queryValue<[mailboxId: number], number>(
  'SELECT count(*) FROM mail_cursors WHERE mailbox_id = ?',
);

/** True when another mailbox that is in use has the address, or it is an alias. */
export function isAddressTaken(app: App, address: string, mailbox?: MailboxRow): boolean {
  const ours = ownAddress(app, address);
  return ours !== undefined && (ours.alias !== undefined || ours.mailbox.id !== mailbox?.id);
}

/** Passwords are sealed before they are stored. Throws Conflict when the address is taken. Within a transaction. */
export function saveMailbox(app: App, actor: Actor, input: MailboxInput, mailbox?: MailboxRow): MailboxRow {
  if (isAddressTaken(app, input.address, mailbox)) throw Conflict('This address is a mailbox here already.');
  if (mailbox) freeAddress(app, input.address, mailbox);
  const id = mailbox?.id ?? newMailbox(app, input);
  if (!mailbox || !signsInAsBefore(mailbox, input)) deleteGrant(app.db, id);
  forgetInbox(app, mailbox, input);
  updateMailbox(
    app.db,
    input.address,
    addressKey(input.address),
    input.senderName || firmOf(app).company,
    ...stored(app, input.imap),
    ...stored(app, input.smtp),
    input.plusAddresses ? 1 : 0,
    input.reopenClosed,
    input.reopenDays,
    input.undoSeconds,
    input.keepSent ? 1 : 0,
    input.readSent ? 1 : 0,
    ...sendersOf(input.senders),
    input.oauth?.provider ?? null,
    input.oauth?.isShared ? 1 : 0,
    id,
  );
  const isUnread = (countCursors(app.db, id) ?? 0) === 0;
  if (isUnread && input.firstFetchDays !== undefined) updateFirstFetch(app.db, input.firstFetchDays, id);
  tryAtOnce(app, id);
  record(app, mailbox ? 'mailbox.changed' : 'mailbox.added', actor, { id });
  app.db.afterCommit(() => readAnew(app));
  return findMailboxById(app.db, id) as MailboxRow;
}

const sendersOf = (
  senders: SenderSettings | undefined,
): [authentication: string, authservId: string | null, spamByHeader: number, spamByFailure: number] => [
  senders?.authentication ?? 'server',
  senders?.authservId ?? null,
  senders?.spamByHeader ? 1 : 0,
  senders?.spamByFailure ? 1 : 0,
];

/** What a comparison of another inbox than now is read has missed is nobody's trouble any more. */
function forgetInbox(app: App, mailbox: MailboxRow | undefined, { imap }: MailboxInput): void {
  const before = mailbox?.imap ? (storedServer.parse(JSON.parse(mailbox.imap)).folder ?? 'INBOX') : undefined;
  if (mailbox && before !== undefined && before !== (imap?.folder ?? 'INBOX'))
    deleteChecksOf(app.db, mailbox.id, before);
}

/** A permission is one mailbox's at one provider, and its account was compared with the user name of then. */
function signsInAsBefore(mailbox: MailboxRow, { oauth, imap }: MailboxInput): boolean {
  const before = mailbox.imap === null ? undefined : storedServer.parse(JSON.parse(mailbox.imap));
  return (
    oauth !== undefined &&
    oauth.provider === mailbox.oauth &&
    oauth.isShared === (mailbox.is_shared === 1) &&
    imap?.user === before?.user
  );
}

/** Tickets stay; nothing is read or sent any more, what waits is held, and passwords and permission are gone. Within a transaction. */
export function removeMailbox(app: App, actor: Actor, mailbox: MailboxRow): void {
  updateDeleted(app.db, app.clock.now(), mailbox.id);
  deleteGrant(app.db, mailbox.id);
  removeAliasesOf(app, mailbox);
  holdMailsOf(app, mailbox.id, 'mailbox-removed');
  record(app, 'mailbox.removed', actor, mailbox);
  app.db.afterCommit(() => readAnew(app));
}

/** An address that was a mailbox once is the same mailbox again, read as if for the first time. */
function newMailbox(app: App, { address, senderName }: MailboxInput): number {
  const now = app.clock.now();
  const known = findByAddress(app.db, addressKey(address));
  if (!known) return insertMailbox(app.db, address, addressKey(address), senderName, now);
  reviveMailbox(app.db, now, known.id);
  deleteCursors(app.db, known.id);
  return known.id;
}

/** A removed mailbox does not stand in the way of one that takes its address. */
function freeAddress(app: App, address: string, mailbox: MailboxRow): void {
  const other = findByAddress(app.db, addressKey(address));
  if (other && other.id !== mailbox.id)
    updateKey(app.db, `${other.address_key} removed ${other.id}`, other.id);
}

function stored(app: App, server: ImapSettings | ServerSettings | undefined): [string | null, Buffer | null] {
  if (!server) return [null, null];
  const { password, accessToken: _accessToken, plainAnywhere: _plainAnywhere, ...shown } = server;
  return [JSON.stringify(storedServer.parse(shown)), password ? sealPassword(app, password) : null];
}

/** All mailboxes are read anew, from now on; the answer does not wait until old connections have said goodbye. */
export function readAnew(app: App): void {
  app.hooks.mailboxesChanged(app).catch((error) => reportError(app.log, 'reading mailboxes anew', error));
}
