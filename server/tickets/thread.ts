// How a mail finds its ticket (M6): the first rule that hits wins, never by the words of the subject.
import type { App } from '../app';
import { change, queryOne, queryValue } from '../db';
import { randomId, tokenHash } from '../lib/ids';
import type { ParsedMail } from '../mail';
import { goesOnIn } from './living';
import { findMessage, findParticipant, findTicketById, findTicketByNumber } from './queries';
import type { MessageRow, ThreadRule, Ticket } from './ticket';

/** `hd-` and 128 random bits: in Message-ID, reply address and quoted text of what we send; looked up, never trusted. */
const MARK = /\bhd-([0-9a-f]{32})\b/;
const SUBJECT_NUMBER = /#(\d{1,9})\b/g;
/** A subject may name an order before it names the ticket. */
const MOST_NUMBERS = 5;

type KeyKind = 'ours' | 'theirs';

const insertThreadKey = change<
  [hash: Buffer, kind: KeyKind, mailboxId: number | null, ticketId: number, messageId: number, now: number]
>(`
  INSERT INTO thread_keys (key_hash, kind, mailbox_id, ticket_id, message_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`);
const findOurs = queryOne<[hash: Buffer], { ticket_id: number; message_id: number }>(
  "SELECT ticket_id, message_id FROM thread_keys WHERE key_hash = ? AND kind = 'ours' LIMIT 1",
);
/** The same mail may have reached several mailboxes, each with its own ticket (M3). */
const findTicketByTheirId = queryOne<[hash: Buffer, mailboxId: number], { ticket_id: number }>(
  "SELECT ticket_id FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' AND mailbox_id = ? ORDER BY ticket_id DESC LIMIT 1",
);
const findTicketElsewhere = queryOne<[hash: Buffer, mailboxId: number], { ticket_id: number }>(
  "SELECT ticket_id FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' AND mailbox_id <> ? ORDER BY ticket_id DESC LIMIT 1",
);

const findOnTicket = queryValue<[hash: Buffer, ticketId: number], 1>(
  "SELECT 1 FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' AND ticket_id = ?",
);

/** A fresh mark for one mail that we send. */
export const newMark = () => `hd-${randomId()}`;

export function rememberMark(app: App, ticket: Ticket, messageId: number, mark: string): void {
  insertThreadKey(app.db, tokenHash(mark), 'ours', ticket.mailbox_id, ticket.id, messageId, app.clock.now());
}

export function rememberTheirId(
  app: App,
  ticket: Ticket,
  messageId: number,
  mailboxId: number,
  headerId: string,
): void {
  insertThreadKey(app.db, tokenHash(headerId), 'theirs', mailboxId, ticket.id, messageId, app.clock.now());
}

function findMarked(app: App, text: string) {
  const mark = MARK.exec(text.toLowerCase())?.[0];
  return mark ? findOurs(app.db, tokenHash(mark)) : undefined;
}

/** The message that went out under this Message-ID of ours, as long as both are kept. */
export function messageOfMark(app: App, headerId: string): MessageRow | undefined {
  const found = findMarked(app, headerId);
  return found && findMessage(app.db, found.message_id);
}

/** Whether this very mail is on the ticket already. */
export const isOnTicket = (app: App, ticket: Ticket, headerId: string): boolean =>
  findOnTicket(app.db, tokenHash(headerId), ticket.id) === 1;

/** The ticket that the same mail opened by another of our mailboxes. */
export function ticketOfSameMailElsewhere(
  app: App,
  mailboxId: number,
  headerId: string | undefined,
): Ticket | undefined {
  const found = headerId && findTicketElsewhere(app.db, tokenHash(headerId), mailboxId);
  return found ? findTicketById(app.db, found.ticket_id) : undefined;
}

/** The ticket that a mail belongs to and the rule that says so. `senderKey` is the sender's address key. */
export function findThread(
  app: App,
  mailboxId: number,
  mail: ParsedMail,
  senderKey: string,
): { ticket: Ticket; rule: ThreadRule } | undefined {
  const addressed = [...mail.to, ...mail.cc].map((to) => to.address).concat(mail.deliveredTo);
  const referred = [...mail.inReplyTo, ...mail.references.toReversed()];
  return (
    byMark(app, addressed, 'reply address') ??
    byMark(app, referred, 'our id') ??
    byMark(app, mail.markers, 'quoted marker') ??
    byTheirId(app, mailboxId, referred) ??
    bySubjectNumber(app, mail.subject, senderKey)
  );
}

function byMark(app: App, texts: string[], rule: ThreadRule) {
  for (const text of texts) {
    const found = findMarked(app, text);
    const ticket = found && livingTicket(app, found.ticket_id);
    if (ticket) return { ticket, rule };
  }
  return undefined;
}

function byTheirId(app: App, mailboxId: number, ids: string[]) {
  for (const id of ids) {
    const found = findTicketByTheirId(app.db, tokenHash(id), mailboxId);
    const ticket = found && livingTicket(app, found.ticket_id);
    if (ticket) return { ticket, rule: 'their id' as const };
  }
  return undefined;
}

/** A number proves nothing (AC-14), so it counts only for somebody who is on that ticket already. */
function bySubjectNumber(app: App, subject: string, senderKey: string) {
  for (const [, number] of [...subject.matchAll(SUBJECT_NUMBER)].slice(0, MOST_NUMBERS)) {
    const named = findTicketByNumber(app.db, Number(number));
    const isTheirs = named && findParticipant(app.db, named.id, senderKey)?.state === 'accepted';
    const ticket = isTheirs ? livingTicket(app, named.id) : undefined;
    if (ticket) return { ticket, rule: 'subject number' as const };
  }
  return undefined;
}

/** Follows merges to where the conversation goes on; nothing joins a deleted ticket. */
function livingTicket(app: App, id: number): Ticket | undefined {
  const found = findTicketById(app.db, id);
  const ticket = found && goesOnIn(app, found);
  return ticket?.deleted_at === null ? ticket : undefined;
}
