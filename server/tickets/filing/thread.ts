// How a mail finds its ticket (M6): the first rule that hits wins, never by the words of the subject.
import type { App } from '../../app';
import { change, query, queryColumn, queryOne, queryValue } from '../../db';
import { randomId, tokenHash } from '../../lib/ids';
import type { ParsedMail } from '../../mail';
import { goesOnIn } from '../living';
import { findMessage, findParticipant, findTicketById, findTicketByNumber } from '../queries';
import type { MessageRow, ThreadRule, Ticket } from '../ticket';

/** `hd-` and 128 random bits: in Message-ID, reply address and quoted text of what we send; looked up, never trusted. */
const MARK = /\bhd-([0-9a-f]{32})\b/;
const SUBJECT_NUMBER = /#(\d{1,9})\b/g;
/** A subject may name an order before it names the ticket. */
const MOST_NUMBERS = 5;

type KeyKind = 'ours' | 'theirs' | 'choice';

/** What led a mail to its ticket, for those who ask why it is there (M6). */
export interface Evidence {
  /** An address, an id or a number, as it may be shown: a mark of ours opens a door, so only its beginning. */
  text: string;
  /** The message that bears it: by its keys an agent's choice is remembered. */
  message?: number;
}

export interface Thread {
  ticket: Ticket;
  rule: ThreadRule;
  evidence: Evidence;
}

interface KeyRow {
  ticket_id: number;
  message_id: number;
}

const insertThreadKey = change<
  [hash: Buffer, kind: KeyKind, mailboxId: number | null, ticketId: number, messageId: number, now: number]
>(`
  INSERT INTO thread_keys (key_hash, kind, mailbox_id, ticket_id, message_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`);
const findTicketByMark = queryOne<[hash: Buffer], KeyRow>(
  "SELECT ticket_id, message_id FROM thread_keys WHERE key_hash = ? AND kind = 'ours' LIMIT 1",
);
const findTicketByChoice = queryOne<[hash: Buffer], KeyRow>(
  "SELECT ticket_id, message_id FROM thread_keys WHERE key_hash = ? AND kind = 'choice' LIMIT 1",
);
/** The same mail may have reached several mailboxes, each with its own ticket (M3). */
const findTicketByTheirId = queryOne<[hash: Buffer, mailboxId: number], KeyRow>(
  "SELECT ticket_id, message_id FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' AND mailbox_id = ? ORDER BY ticket_id DESC LIMIT 1",
);
const findTicketElsewhere = queryOne<[hash: Buffer, mailboxId: number], { ticket_id: number }>(
  "SELECT ticket_id FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' AND mailbox_id <> ? ORDER BY ticket_id DESC LIMIT 1",
);

const findAnywhere = queryValue<[hash: Buffer], 1>(
  "SELECT 1 FROM thread_keys WHERE key_hash = ? AND kind = 'theirs' LIMIT 1",
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

/** The message that went out under this Message-ID of ours, as long as both are kept. */
export function messageOfMark(app: App, headerId: string): MessageRow | undefined {
  const mark = markIn(headerId);
  const found = mark && findTicketByMark(app.db, tokenHash(mark));
  return found ? findMessage(app.db, found.message_id) : undefined;
}

/** Whether a mail with this id is on any ticket. */
export const isKnownId = (app: App, headerId: string): boolean =>
  findAnywhere(app.db, tokenHash(headerId)) === 1;

/** M14: a mail of the mailbox's folder for sent mail that answers a ticket, and bears no mark of ours as its own id. */
export function isAnswerFromElsewhere(
  app: App,
  mailboxId: number,
  own: string | undefined,
  answered: string[],
): boolean {
  if (own !== undefined && markIn(own)) return false;
  return (byMark(app, answered, 'our id', '') ?? byTheirId(app, mailboxId, answered, '')) !== undefined;
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

const findKeysOfMail = query<[messageId: number], { key_hash: Buffer; mailbox_id: number }[]>(
  "SELECT key_hash, mailbox_id FROM thread_keys WHERE message_id = ? AND kind = 'theirs'",
);
const findKeysOfMessage = queryColumn<[messageId: number], Buffer>(
  "SELECT key_hash FROM thread_keys WHERE message_id = ? AND kind <> 'choice'",
);
const updateKeysOfMail = change<[ticketId: number, messageId: number]>(
  "UPDATE thread_keys SET ticket_id = ? WHERE message_id = ? AND kind = 'theirs'",
);
const deleteChoicesOfMail = change<[messageId: number]>(
  "DELETE FROM thread_keys WHERE message_id = ? AND kind = 'choice'",
);
const deleteChoice = change<[hash: Buffer]>("DELETE FROM thread_keys WHERE key_hash = ? AND kind = 'choice'");

/**
 * An agent moved a mail: answers to it go where it went, whatever else they name, and so does what its sender sends in answer to
 * the same mail of ours or theirs. The newest choice counts.
 */
export function rememberChoice(
  app: App,
  ticket: Ticket,
  messageId: number,
  answered: number | undefined,
  senderKey: string,
): void {
  deleteChoicesOfMail(app.db, messageId);
  updateKeysOfMail(app.db, ticket.id, messageId);
  const choices = findKeysOfMail(app.db, messageId).map((row) => keyOfMoved(row.key_hash, row.mailbox_id));
  const named = answered === undefined || senderKey === '' ? [] : findKeysOfMessage(app.db, answered);
  choices.push(...named.map((hash) => keyOfSender(hash, senderKey)));
  for (const choice of choices) {
    deleteChoice(app.db, choice);
    insertThreadKey(app.db, choice, 'choice', null, ticket.id, messageId, app.clock.now());
  }
}

const keyOfMoved = (idHash: Buffer, mailboxId: number) =>
  tokenHash(`moved ${mailboxId} ${idHash.toString('hex')}`);
const keyOfSender = (hash: Buffer, senderKey: string) =>
  tokenHash(`moved ${hash.toString('hex')} ${senderKey}`);

/** What its sender wrote to, then what servers noted on the way. */
export const addressedTo = (mail: ParsedMail): string[] =>
  [...mail.to, ...mail.cc].map(({ address }) => address).concat(mail.deliveredTo);

/** The ticket that a mail belongs to and the rule that says so. `senderKey` is the sender's address key. */
export function findThread(
  app: App,
  mailboxId: number,
  mail: ParsedMail,
  senderKey: string,
): Thread | undefined {
  const addressed = addressedTo(mail);
  const referred = [...mail.inReplyTo, ...mail.references.toReversed()];
  return (
    byMovedMail(app, mailboxId, referred) ??
    byMark(app, addressed, 'reply address', senderKey) ??
    byMark(app, referred, 'our id', senderKey) ??
    byMark(app, mail.markers, 'quoted marker', senderKey) ??
    byTheirId(app, mailboxId, referred, senderKey) ??
    bySubjectNumber(app, mail.subject, senderKey)
  );
}

/**
 * An answer to a mail that an agent moved: it may still bear older marks, of the ticket that the mail was taken from. A newer
 * mark of ours says more.
 */
function byMovedMail(app: App, mailboxId: number, ids: string[]): Thread | undefined {
  for (const id of ids) {
    const mark = markIn(id);
    if (mark && findTicketByMark(app.db, tokenHash(mark))) return undefined;
    const found = findTicketByChoice(app.db, keyOfMoved(tokenHash(id), mailboxId));
    const ticket = found && livingTicket(app, found.ticket_id);
    if (ticket) return { ticket, rule: 'choice', evidence: evidenceOf(id, found) };
  }
  return undefined;
}

const markIn = (text: string) => MARK.exec(text.toLowerCase())?.[0];

function byMark(app: App, texts: string[], rule: ThreadRule, senderKey: string): Thread | undefined {
  for (const text of texts) {
    const mark = markIn(text);
    const hash = mark && tokenHash(mark);
    const found = hash && findTicketByMark(app.db, hash);
    const thread = found && threadAt(app, rule, text, hash, found, senderKey);
    if (thread) return thread;
  }
  return undefined;
}

function byTheirId(app: App, mailboxId: number, ids: string[], senderKey: string): Thread | undefined {
  for (const id of ids) {
    const hash = tokenHash(id);
    const found = findTicketByTheirId(app.db, hash, mailboxId);
    const thread = found && threadAt(app, 'their id', id, hash, found, senderKey);
    if (thread) return thread;
  }
  return undefined;
}

/** Where the key leads, or where an agent sent the last mail with it from the same sender. */
function threadAt(
  app: App,
  rule: ThreadRule,
  text: string,
  hash: Buffer,
  found: KeyRow,
  senderKey: string,
): Thread | undefined {
  const evidence = evidenceOf(text, found);
  const choice = senderKey && findTicketByChoice(app.db, keyOfSender(hash, senderKey));
  const chosen = choice ? livingTicket(app, choice.ticket_id) : undefined;
  if (chosen) return { ticket: chosen, rule: 'choice', evidence };
  const ticket = livingTicket(app, found.ticket_id);
  return ticket && { ticket, rule, evidence };
}

const LONGEST_SHOWN = 200;
const SHOWN_OF_MARK = 'hd-'.length + 8;

export function evidenceOf(text: string, { message_id: message }: Partial<KeyRow> = {}): Evidence {
  const mark = markIn(text);
  const shown = mark ? text.replace(new RegExp(mark, 'i'), `${mark.slice(0, SHOWN_OF_MARK)}…`) : text;
  return {
    text: [...shown].slice(0, LONGEST_SHOWN).join(''),
    message,
  };
}

/** A number proves nothing (AC-14), so it counts only for somebody who is on that ticket already. */
function bySubjectNumber(app: App, subject: string, senderKey: string): Thread | undefined {
  for (const [text, number] of [...subject.matchAll(SUBJECT_NUMBER)].slice(0, MOST_NUMBERS)) {
    const named = findTicketByNumber(app.db, Number(number));
    const isTheirs = named && findParticipant(app.db, named.id, senderKey)?.state === 'accepted';
    const ticket = isTheirs ? livingTicket(app, named.id) : undefined;
    if (ticket) return { ticket, rule: 'subject number', evidence: { text } };
  }
  return undefined;
}

/** Follows merges to where the conversation goes on; nothing joins a deleted ticket. */
export function livingTicket(app: App, id: number): Ticket | undefined {
  const found = findTicketById(app.db, id);
  const ticket = found && goesOnIn(app, found);
  return ticket?.deleted_at === null ? ticket : undefined;
}
