// A new ticket, from a mail, a chat or a form.
import type { App } from '../app';
import type { CustomerRow } from '../customers';
import { type Actor, record } from '../events';
import { insertParticipant, insertTicket, takeTicketNumber } from './queries';
import { type Channel, cleanSubject, type Status, type Ticket } from './ticket';

export interface NewTicket {
  subject: string;
  channel: Channel;
  /** `new` unless said. */
  status?: Status;
  customer: CustomerRow;
  /** The address to write to; undefined while a chat's visitor has not said one. */
  address?: { address: string; key: string };
  mailboxId?: number | null;
  /** Which of the mailbox's addresses was written to; its own unless said. */
  aliasId?: number | undefined;
  linkedTicketId?: number;
  /** Whoever does not see the ticket it is linked to does not see it either. */
  teamId?: number | null;
  chatState?: 'queued' | 'missed';
  /** Of history: when it began. It is no figure of today. */
  at?: number;
}

/** Inside a transaction; the first message follows with `addMessage`. */
export function openTicket(app: App, actor: Actor, given: NewTicket): Ticket {
  const now = given.at ?? app.clock.now();
  const number = takeTicketNumber(app.db) as number;
  const ticket = insertTicket(
    app.db,
    number,
    cleanSubject(given.subject),
    given.status ?? 'new',
    given.channel,
    given.customer.id,
    given.mailboxId ?? null,
    given.aliasId ?? null,
    given.linkedTicketId ?? null,
    given.teamId ?? null,
    given.chatState ?? null,
    now,
    now,
  ) as Ticket;
  const { address, customer } = given;
  insertParticipant(
    app.db,
    ticket.id,
    customer.id,
    address?.address ?? null,
    address?.key ?? null,
    customer.name,
    'requester',
    'accepted',
    now,
  );
  record(app, given.at === undefined ? 'ticket.opened' : 'ticket.imported', actor, ticket, {
    channel: given.channel,
    ...(given.teamId ? { team: given.teamId } : {}),
  });
  return ticket;
}
