// A mail that came back (M10, AC-22): it is told on the message that bounced, and never answered.
import type { App } from '../app';
import { SYSTEM, record } from '../events';
import { type Filed, findOutboxByHeaderId, type InboundMailRow, type MailboxRow, type ParsedMail } from '../mail';
import { addMessage } from './add-message';
import { signalTicket } from './live';
import { findMessage, findTicketById, updateMessageDelivery, updateUndelivered } from './queries';
import { findThread } from './thread';
import type { MessageRow, Ticket } from './ticket';

/** Undefined when it names no mail of ours: then it is filed like any other automatic mail. */
export function receiveBounce(app: App, mail: ParsedMail, inbound: InboundMailRow, mailbox: MailboxRow): Filed | undefined {
  const bounce = mail.bounce;
  if (!bounce) return undefined;
  const outbox = bounce.originalMessageId ? findOutboxByHeaderId(app.db, bounce.originalMessageId) : undefined;
  const bounced = outbox?.message_id ? findMessage(app.db, outbox.message_id) : undefined;
  const ticket = bounced ? findTicketById(app.db, bounced.ticket_id) : findThread(app, mailbox.id, mail, '')?.ticket;
  if (!ticket || ticket.deleted_at !== null) return undefined;

  if (bounced && bounce.permanent) markUndelivered(app, ticket, bounced, bounce.text);
  const message = addMessage(app, ticket, {
    kind: 'note',
    author: { kind: 'system', id: null, name: mail.from?.name || mail.from?.address || '' },
    channel: 'email',
    words: mail.words || bounce.text,
    facts: { automatic: 'bounce', rule: 'our id' },
    isAutomatic: true,
    inboundMailId: inbound.id,
  });
  record(app, 'ticket.mail-bounced', SYSTEM, ticket, { message: bounced?.id ?? null, permanent: bounce.permanent });
  signalTicket(app, ticket.id);
  return { ticketId: ticket.id, messageId: message.id };
}

function markUndelivered(app: App, ticket: Ticket, bounced: MessageRow, answer: string): void {
  updateMessageDelivery(app.db, 'failed', answer.slice(0, 2_000), bounced.delivered_at, bounced.id);
  updateUndelivered(app.db, ticket.id, ticket.id);
}
