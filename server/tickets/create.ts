// An agent writes first: a new ticket whose first message is the agent's, and leaves as a mail.
import type { Agent } from '../agents';
import type { App } from '../app';
import { knowCustomerByMail } from '../customers';
import { addressKey, findMailboxes } from '../mail';
import type { NewFiles } from './forms';
import { openTicket } from './open';
import { findTicketByClientId } from './queries';
import { replyToTicket } from './reply';
import type { Ticket } from './ticket';

export interface FirstWords {
  clientId: string;
  name: string;
  /** A validated address. */
  email: string;
  subject: string;
  words: string;
}

/** The same client id again returns the ticket that it made. */
export function createTicket(app: App, actor: Agent, input: FirstWords, files: NewFiles = []): Ticket {
  const earlier = findTicketByClientId(app.db, input.clientId, actor.id);
  if (earlier) return earlier;
  const customer = knowCustomerByMail(app, actor, { name: input.name, address: input.email });
  const mailbox = findMailboxes(app.db).find(({ smtp }) => smtp) ?? findMailboxes(app.db)[0];
  const ticket = openTicket(app, actor, {
    subject: input.subject,
    channel: 'email',
    customer,
    address: { address: input.email, key: addressKey(input.email) },
    mailboxId: mailbox?.id ?? null,
  });
  replyToTicket(app, actor, ticket, { clientId: input.clientId, seenSequence: 0, words: input.words, thenStatus: 'pending', sendAnyway: true }, files);
  return ticket;
}
