// An agent writes first: a new ticket whose first message is the agent's, and leaves as a mail.
import type { Agent } from '../agents';
import type { App } from '../app';
import { knowCustomerByMail } from '../customers';
import { keyedHash } from '../lib/ids';
import { addressKey, findMailboxes } from '../mail';
import type { NewFiles } from './forms';
import { openTicket } from './open';
import { findMessagesAfter, findParticipants, findTicketByClientId } from './queries';
import { cleanSubject, type Ticket } from './ticket';
import { beginWithReply } from './writing/reply';

export interface FirstWords {
  clientId: string;
  name: string;
  /** A validated address. */
  email: string;
  subject: string;
  words: string;
}

/**
 * The same words to the same person under the same client id again return the ticket that they made; other ones come from a
 * second window and are a ticket of their own, also only once.
 */
export function createTicket(app: App, actor: Agent, input: FirstWords, files: NewFiles = []): Ticket {
  const first = findTicketByClientId(app.db, input.clientId, actor.id);
  if (first && isMadeOf(app, first, input)) return first;
  const clientId = first ? otherIdOf(app, input) : input.clientId;
  const earlier = first && findTicketByClientId(app.db, clientId, actor.id);
  if (earlier) return earlier;
  const customer = knowCustomerByMail(app, actor, { name: input.name, address: input.email });
  const mailbox = findMailboxes(app.db).find(({ smtp }) => smtp) ?? findMailboxes(app.db)[0];
  const ticket = openTicket(app, actor, {
    subject: input.subject,
    channel: 'email',
    customer,
    address: { address: input.email, key: addressKey(input.email) },
    mailboxId: mailbox?.id ?? null,
    status: 'pending',
  });
  const to = { name: customer.name, address: input.email };
  beginWithReply(app, actor, ticket, { clientId, words: input.words, to, cc: [] }, files);
  return ticket;
}

function isMadeOf(app: App, ticket: Ticket, { email, subject, words }: FirstWords): boolean {
  const [message] = findMessagesAfter(app.db, ticket.id, 0, 1);
  const [requester] = findParticipants(app.db, ticket.id);
  return (
    message?.words === words &&
    ticket.subject === cleanSubject(subject) &&
    requester?.address_key === addressKey(email)
  );
}

const otherIdOf = (app: App, { clientId, email, subject, words }: FirstWords) =>
  keyedHash(app.key, `other ticket ${clientId} ${JSON.stringify([email, subject, words])}`).slice(0, 32);
