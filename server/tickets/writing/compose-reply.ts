// A reply as a mail: who it is from, where an answer finds its way back, what is quoted beneath.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { findAttachments } from '../../attachments';
import { queryColumn } from '../../db';
import {
  domainOf,
  findAliasById,
  findMailboxById,
  findMailboxes,
  htmlFromText,
  LOCAL_ADDRESS,
  type MailboxRow,
  MOST_REFERENCES,
  maySend,
  type OutgoingMail,
  replyAddress,
  replySubject,
} from '../../mail';
import { firmOf } from '../../settings';
import { findMessage } from '../queries';
import type { MessageRow, Ticket } from '../ticket';
import { NO_QUOTE, quoteOf } from './quote';
import type { Recipients } from './recipients';

const THEIRS = `
  SELECT inbound_mails.header_message_id AS id, messages.sequence FROM messages JOIN inbound_mails ON inbound_mails.id = inbound_mail_id
   WHERE messages.ticket_id = ? AND inbound_mails.header_message_id IS NOT NULL AND messages.kind = 'reply' AND sender_state = 'accepted'`;
const OURS = `
  SELECT outbox.header_message_id AS id, messages.sequence FROM messages JOIN outbox ON outbox.message_id = messages.id
   WHERE messages.ticket_id = ? AND outbox.state = 'sent' AND outbox.kind = 'reply' AND messages.kind = 'reply'`;
/** Of a conversation of thousands only what a mail can carry is read: the first ids and the newest (O2). */
const findHeaderIds = queryColumn<[ticketId: number, second: number, third: number, fourth: number], string>(`
  SELECT id FROM (
    SELECT * FROM (${THEIRS} ORDER BY sequence LIMIT 1)
    UNION SELECT * FROM (${OURS} ORDER BY sequence LIMIT 1)
    UNION SELECT * FROM (${THEIRS} ORDER BY sequence DESC LIMIT ${MOST_REFERENCES})
    UNION SELECT * FROM (${OURS} ORDER BY sequence DESC LIMIT ${MOST_REFERENCES}))
   ORDER BY sequence`);

/**
 * The mail of a reply (O2). `mark` holds 128 random bits; it stands in the Message-ID, in Reply-To where the mailbox takes
 * +tag addresses, and in the text that mail programs quote, so that an answer is found whatever is lost on the way (M6).
 */
export function composeReply(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  to: Recipients,
  mark: string,
): OutgoingMail {
  const mailbox = mailboxFor(app, ticket);
  const address = addressFor(app, ticket, mailbox);
  const references =
    message.sequence === 1
      ? []
      : findHeaderIds(app.db, ticket.id, ticket.id, ticket.id, ticket.id).filter(isFitForHeader);
  const quote = message.sequence === 1 ? NO_QUOTE : quoteOf(app, ticket, domainOf(address));
  const words = actor.signature ? `${message.words}\n\n-- \n${actor.signature}` : message.words;
  return {
    messageId: `${mark}@${domainOf(address)}`,
    from: { name: senderName(app, actor, mailbox), address },
    to: to.to,
    cc: to.cc,
    bcc: to.bcc,
    replyTo: replyAddress(mailbox, address, mark),
    subject: replySubject(ticket.subject),
    text: quote.text
      ? `${words}\n\n${quote.text
          .split('\n')
          .map((line) => `> ${line}`)
          .join('\n')}\n`
      : words,
    html: htmlFromText(words, { quote: quote.text, quoteHtml: quote.html, mark }),
    inReplyTo: references.at(-1),
    references,
    automatic: false,
    attachments: [...filesOf(app, message), ...quote.pictures],
  };
}

/** What hangs on a message, as a mail carries it. */
export const filesOf = (app: App, message: { id: number }): OutgoingMail['attachments'] =>
  findAttachments(app.db, 'message', message.id).map((attachment) => ({
    diskName: attachment.disk_name,
    name: attachment.name,
    type: attachment.type,
    ...(attachment.content_id ? { contentId: attachment.content_id } : {}),
  }));

/** Strangers choose the ids of their mails; a broken one is left out, so that it can't stop the reply (AC-31). */
export const isFitForHeader = (id: string) => /^[\x21-\x3b\x3d\x3f-\x7e]{3,250}$/.test(id);

/** The ticket's own mailbox, else the first that can send; never one that was removed. */
export function mailboxFor(app: App, ticket: Ticket): MailboxRow | undefined {
  const own = ticket.mailbox_id === null ? undefined : findMailboxById(app.db, ticket.mailbox_id);
  if (own?.smtp || isOnlyRead(own)) return own;
  return findMailboxes(app.db).find(maySend) ?? (own?.deleted_at === null ? own : undefined);
}

const isOnlyRead = (mailbox: MailboxRow | undefined) =>
  mailbox?.only_reads === 1 && mailbox.deleted_at === null;

/** The ticket's mailbox when it is only read: nothing leaves for the ticket then, by no other mailbox either. */
export function onlyReadMailbox(app: App, ticket: Ticket): MailboxRow | undefined {
  const own = ticket.mailbox_id === null ? undefined : findMailboxById(app.db, ticket.mailbox_id);
  return isOnlyRead(own) ? own : undefined;
}

/** As which address a ticket's mails leave by that mailbox: the one that was written to, as long as it is the mailbox's. */
export function addressFor(app: App, ticket: Ticket, mailbox: MailboxRow | undefined): string {
  const alias = ticket.alias_id === null ? undefined : findAliasById(app.db, ticket.alias_id);
  const isTheirs = alias?.deleted_at === null && alias.mailbox_id === mailbox?.id;
  return isTheirs ? alias.address : (mailbox?.address ?? LOCAL_ADDRESS);
}

export function senderName(app: App, actor: Agent, mailbox: MailboxRow | undefined): string {
  const firm = mailbox?.sender_name || firmOf(app).company;
  return `${actor.name.split(' ')[0]}, ${firm}`;
}

export const messageFor = (app: App, ticket: Ticket, id: number): MessageRow | undefined => {
  const message = findMessage(app.db, id);
  return message?.ticket_id === ticket.id ? message : undefined;
};
