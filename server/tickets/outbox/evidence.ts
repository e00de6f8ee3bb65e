// What can be shown of a mail that left, or did not: what was handed over, to whom, when, by which server, and its literal words (O1).
import type { App } from '../../app';
import { findAttachments } from '../../attachments';
import {
  type AttemptRow,
  findAttempts,
  findCopyOf,
  findMailboxById,
  findOutboxOfMessage,
  type OutboxRow,
} from '../../mail';
import { firmOf } from '../../settings';
import { factsOf, type MessageRow, type Ticket } from '../ticket';

/** As it is given out in JSON: plain values in UTC, nothing in anybody's language. */
export interface Evidence {
  firm: string;
  ticket: number;
  subject: string;
  messageId: string;
  mailbox: string | null;
  author: string;
  recipients: string[];
  writtenAt: string;
  /** What it says; how it looked stands in the copy that the recipients have. */
  words: string;
  files: { name: string; size: number }[];
  state: OutboxRow['state'];
  acceptedAt: string | null;
  dismissedBy: string | null;
  /** The mailbox's own folder in which a copy lies, byte for byte. */
  keptIn: string | null;
  keptAt: string | null;
  /** What was noted last: the server's words, or those of a bounce that came later. */
  lastAnswer: string | null;
  attempts: {
    at: string;
    server: string;
    outcome: AttemptRow['outcome'];
    stage: string | null;
    answer: string;
    recipients: string[];
    size: number | null;
    sha256: string | null;
  }[];
  /** When this was written down. */
  asOf: string;
}

/** Undefined for a message that never was a mail. */
export function evidenceOf(app: App, ticket: Ticket, message: MessageRow): Evidence | undefined {
  const mail = findOutboxOfMessage(app.db, message.id);
  if (!mail) return undefined;
  const copy = findCopyOf(app.db, mail.id);
  return {
    firm: firmOf(app).company,
    ticket: ticket.number,
    subject: mail.subject,
    messageId: `<${mail.header_message_id}>`,
    mailbox: mail.mailbox_id === null ? null : (findMailboxById(app.db, mail.mailbox_id)?.address ?? null),
    author: message.author_name,
    recipients: JSON.parse(mail.recipients) as string[],
    writtenAt: iso(message.created_at),
    words: message.words,
    files: findAttachments(app.db, 'message', message.id).map(({ name, size }) => ({ name, size })),
    state: mail.state,
    acceptedAt: mail.sent_at === null ? null : iso(mail.sent_at),
    dismissedBy: factsOf(message).dismissedBy ?? null,
    keptIn: copy?.folder ?? null,
    keptAt: copy?.stored_at ? iso(copy.stored_at) : null,
    lastAnswer: mail.last_answer,
    attempts: findAttempts(app.db, mail.id).map(({ at, recipients, ...attempt }) => ({
      ...attempt,
      at: iso(at),
      recipients: JSON.parse(recipients) as string[],
    })),
    asOf: iso(app.clock.now()),
  };
}

const iso = (at: number) => new Date(at).toISOString();
