// A mail that came back (M10, AC-22): it is told on the message that bounced, and never answered.
import type { App } from '../../app';
import { updateAddressFailing } from '../../customers';
import { queryValue } from '../../db';
import { record, SYSTEM } from '../../events';
import {
  type Authentication,
  addressKey,
  domainOf,
  type Filed,
  type InboundMailRow,
  type MailboxRow,
  type ParsedMail,
} from '../../mail';
import { addMessage } from '../add-message';
import { signalTicket } from '../live';
import { goesOnIn } from '../living';
import { findParticipant, findTicketById, updateMessageDelivery, updateUndelivered } from '../queries';
import type { MessageRow, Ticket } from '../ticket';
import { findThread, messageOfMark } from './thread';

const REPEATED = 2;

/** Messages to this customer that a server took and another sent back. */
const countBounced = queryValue<[customerId: number], number>(`
  SELECT count(*) FROM tickets JOIN messages ON messages.ticket_id = tickets.id
   WHERE tickets.customer_id = ? AND messages.state = 'failed' AND messages.delivered_at IS NOT NULL`);

/** Undefined when it names no mail of ours: then it is filed like any other automatic mail. */
export function receiveBounce(
  app: App,
  mail: ParsedMail,
  inbound: InboundMailRow,
  mailbox: MailboxRow,
  authentication: Authentication | undefined,
): Filed | undefined {
  const bounce = mail.bounce;
  if (!bounce) return undefined;
  const bounced = bounce.originalMessageId ? messageOfMark(app, bounce.originalMessageId) : undefined;
  const sent = bounced ? findTicketById(app.db, bounced.ticket_id) : undefined;
  // Said where the conversation goes on, so that it is loud (O5).
  const ticket = bounced ? sent && goesOnIn(app, sent) : findThread(app, mailbox.id, mail, '')?.ticket;
  if (!ticket || ticket.deleted_at !== null) return undefined;

  if (sent && bounced && bounce.permanent) {
    markUndelivered(app, sent, bounced, bounce.text);
    markFailing(app, sent, bounce.recipient);
  }
  const message = addMessage(app, ticket, {
    kind: 'note',
    author: { kind: 'system', id: null, name: daemonOf(mail) },
    channel: 'email',
    words: mail.words || bounce.text,
    facts: {
      automatic: 'bounce',
      rule: 'our id',
      ...(mail.from ? { from: mail.from } : {}),
      ...(authentication ? { authentication } : {}),
    },
    isAutomatic: true,
    inboundMailId: inbound.id,
  });
  record(app, 'ticket.mail-bounced', SYSTEM, ticket, {
    message: bounced?.id ?? null,
    permanent: bounce.permanent,
  });
  signalTicket(app, ticket.id);
  return { ticketId: ticket.id, messageId: message.id };
}

/** A note by this name cannot look like a colleague's, whatever the mail calls its sender (AC-13). */
const daemonOf = (mail: ParsedMail) =>
  mail.from ? `MAILER-DAEMON@${domainOf(mail.from.address)}` : 'MAILER-DAEMON';

/** M10: after repeated hard bounces the address is marked; a mail that comes from it takes the mark off again. */
function markFailing(app: App, ticket: Ticket, recipient: string | undefined): void {
  const person =
    recipient === undefined ? undefined : findParticipant(app.db, ticket.id, addressKey(recipient));
  if (!person?.customer_id || !person.address_key) return;
  const bounces = countBounced(app.db, person.customer_id) ?? 0;
  if (bounces >= REPEATED)
    updateAddressFailing(app.db, app.clock.now(), person.address_key, person.customer_id);
}

function markUndelivered(app: App, ticket: Ticket, bounced: MessageRow, answer: string): void {
  updateMessageDelivery(app.db, 'failed', answer.slice(0, 2_000), bounced.delivered_at, bounced.id);
  updateUndelivered(app.db, ticket.id, ticket.id);
}
