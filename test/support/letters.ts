// Mails as the parser hands them on, and the way from there into a ticket.

import type { StoredFile } from '../../server/attachments';
import type { Filed, MailboxRow, ParsedMail } from '../../server/mail';
import { localMailbox } from '../../server/mail';
import { findInboundMail, type InboundMailRow } from '../../server/mail/queries';
import type { MessageRow, Ticket } from '../../server/tickets';
import type { Desk } from './desk';

const NAMES = /^([^<]*)<([^>]+)>$/;

/** "Carla <carla@mail.example>" or a bare address. */
export function person(text: string): { name: string; address: string } {
  const match = NAMES.exec(text);
  return match ? { name: (match[1] ?? '').trim(), address: match[2] ?? '' } : { name: '', address: text };
}

let count = 0;

export type Letter = Partial<Omit<ParsedMail, 'from' | 'to' | 'cc' | 'replyTo'>> & {
  from?: string;
  to?: string[];
  cc?: string[];
  replyTo?: string[];
};

/** A plain mail by Carla with an id of its own, and whatever is said differently. */
export function letter(given: Letter = {}): ParsedMail {
  count += 1;
  const { from = 'Carla <carla@mail.example>', to = [], cc = [], replyTo = [], ...rest } = given;
  return {
    messageId: `letter-${count}@mail.example`,
    inReplyTo: [],
    references: [],
    from: person(from),
    to: to.map(person),
    cc: cc.map(person),
    replyTo: replyTo.map(person),
    deliveredTo: [],
    droppedAddresses: [],
    subject: 'A question',
    words: 'Do you sell spouts?',
    quote: '',
    signature: '',
    formSender: false,
    markers: [],
    loops: [],
    authenticationResults: [],
    calledSpam: false,
    maskedCards: 0,
    attachments: [],
    size: 1_000,
    ...rest,
  };
}

/** A row as keepMail leaves it, without a file behind it. */
export function storedMail(desk: Desk, mailbox: { id: number }, mail: ParsedMail): InboundMailRow {
  count += 1;
  const { lastInsertRowid } = desk.app.db.sql
    .prepare(`INSERT INTO inbound_mails (mailbox_id, source, header_message_id, dedupe_key, size, state, received_at)
              VALUES (?, 'deliver', ?, ?, ?, 'stored', ?)`)
    .run(mailbox.id, mail.messageId ?? null, `row ${count}`, mail.size, desk.clock.now());
  return findInboundMail(desk.app.db, Number(lastInsertRowid)) as InboundMailRow;
}

export interface Received {
  ticket: Ticket;
  message: MessageRow;
}

/** Files the letter as the intake does, in one transaction; what it came to. */
export function file(
  desk: Desk,
  mail: ParsedMail,
  mailbox: { id: number } = localMailbox(desk.app),
  files: StoredFile[] = [],
): Filed {
  const inbound = storedMail(desk, mailbox, mail);
  return desk.app.db.tx(() => desk.app.hooks.fileMail(desk.app, inbound, mail, files));
}

/** The same, for letters that become a message. */
export function receive(
  desk: Desk,
  mail: ParsedMail,
  mailbox?: Pick<MailboxRow, 'id'>,
  files?: StoredFile[],
): Received {
  const filed = file(desk, mail, mailbox, files);
  if ('notImported' in filed) throw new Error(`The letter was not imported: ${filed.notImported}`);
  const ticket = desk.ticketNow({ id: filed.ticketId });
  const message = desk.messagesOf(ticket).find(({ id }) => id === filed.messageId);
  if (!message) throw new Error('The letter is on no ticket.');
  return { ticket, message };
}
