// Where a mail belongs: on the ticket that it answers, or on one that it opens, and by whom it counts as written.
import type { App } from '../../app';
import {
  type CustomerRow,
  claimAddress,
  cleanName,
  createCustomer,
  findCustomerByAddress,
  findCustomerById,
  updateAddressFailing,
} from '../../customers';
import { type Actor, SYSTEM } from '../../events';
import { DAY } from '../../lib/clock';
import {
  type Authentication,
  addressKey,
  aliasWrittenTo,
  type InboundMailRow,
  type MailboxRow,
  type ParsedMail,
  withoutForward,
} from '../../mail';
import { firmOf } from '../../settings';
import { addSystemLine } from '../add-message';
import { answeredForward } from '../forwarding/forward-answer';
import { type NewTicket, openTicket } from '../open';
import type { MessageFacts, MessageRow, SpamReason, ThreadRule, Ticket } from '../ticket';
import { customerFor, isCrowded, joinTicket } from './join-ticket';
import type { Forwarded, Sender } from './sender-checks';
import {
  addressedTo,
  type Evidence,
  findThread,
  isOnTicket,
  type Thread,
  ticketOfSameMailElsewhere,
} from './thread';

/** A mail as it stands at the door, with what is known about it. */
export interface Arrival {
  mailbox: MailboxRow;
  inbound: InboundMailRow;
  mail: ParsedMail;
  sender: Sender | undefined;
  authentication: Authentication | undefined;
  spam: SpamReason | undefined;
  forwarded: Forwarded | undefined;
}

export interface Place {
  ticket: Ticket;
  rule: ThreadRule;
  evidence?: Evidence;
  customer: CustomerRow;
  actor: Actor;
  senderState: 'accepted' | 'unverified';
  isNew: boolean;
  /** It answers what was forwarded: for agents alone. */
  third?: MessageFacts['third'];
}

/** Undefined when the very same mail is on that ticket already: it came to two of our mailboxes and both copies find it. */
export function findPlace(app: App, arrival: Arrival, sender: Sender): Place | undefined {
  const { mailbox, mail } = arrival;
  const key = addressKey(sender.address);
  const thread = findThread(app, mailbox.id, mail, key);
  if (!thread) {
    const same = ticketOfSameMailElsewhere(app, mailbox.id, mail.messageId);
    if (arrival.forwarded) return forwardedTicket(app, arrival, arrival.forwarded, same);
    return newTicket(app, arrival, sender, 'new', same && { ticket: same });
  }
  // A right thread does not make a right sender (M7): what fails its own domain's policy never joins by itself.
  if (isForged(arrival)) return newTicket(app, arrival, sender, 'not trusted', thread);
  // An absence note is no reason to begin anew: it stays with the closed ticket, which it does not reopen (M9).
  if (thread.ticket.status === 'closed' && !sender.automatic && !mayReopen(app, mailbox, thread.ticket)) {
    return newTicket(app, arrival, sender, 'closed ticket', thread);
  }
  if (mail.messageId && isOnTicket(app, thread.ticket, mail.messageId)) return undefined;
  const forward = answeredForward(app, thread, key);
  if (forward) return thirdsPlace(app, thread, forward, sender);
  if (isCrowded(app, thread.ticket, key)) return newTicket(app, arrival, sender, 'crowded ticket', thread);
  const person = joinTicket(app, thread.ticket, key, sender);
  const customer =
    (person.customer_id && findCustomerById(app.db, person.customer_id)) || customerFor(app, sender);
  if (!sender.automatic) updateAddressFailing(app.db, null, key, customer.id);
  const senderState = person.state === 'accepted' ? 'accepted' : 'unverified';
  return { ...thread, customer, actor: { kind: 'customer', id: customer.id }, senderState, isNew: false };
}

/** Somebody whom an agent has asked: a customer of their own, if ever, and no participant here. */
function thirdsPlace(app: App, thread: Thread, forward: MessageRow, sender: Sender): Place {
  const customer = customerFor(app, sender);
  const third = { forward: forward.id, address: sender.address };
  const actor = { kind: 'customer' as const, id: customer.id };
  return { ...thread, customer, actor, senderState: 'accepted', isNew: false, third };
}

const isForged = ({ authentication }: Arrival) => authentication?.verdict === 'failed';

function newTicket(
  app: App,
  arrival: Arrival,
  sender: Sender,
  rule: ThreadRule,
  linked?: Pick<Thread, 'ticket'> & Partial<Thread>,
): Place {
  // A mail that somebody else may have written proves nobody's address (C8, AC-15).
  const customer = isForged(arrival) ? namedCustomer(app, sender) : customerFor(app, sender);
  const address = { address: sender.address, key: addressKey(sender.address) };
  return opened(app, arrival, { customer, address }, rule, linked);
}

/** M15: the ticket is the customer's whose mail it was, and says who passed it on. */
function forwardedTicket(
  app: App,
  arrival: Arrival,
  { from, by }: Forwarded,
  same: Ticket | undefined,
): Place {
  const customer = namedCustomer(app, from);
  const address = { address: from.address, key: addressKey(from.address) };
  const place = opened(app, arrival, { customer, address }, 'forwarded', same && { ticket: same });
  addSystemLine(app, place.ticket, 'tickets.says.forwardedBy', { who: by.name });
  return place;
}

function namedCustomer(app: App, sender: { name: string; address: string }): CustomerRow {
  const known = findCustomerByAddress(app.db, addressKey(sender.address));
  if (known) return known;
  const name = cleanName(sender.name, sender.address);
  const customer = createCustomer(app, SYSTEM, { name, language: null });
  claimAddress(app, customer, sender.address);
  return customer;
}

/** A sender whose address cannot be used: a ticket that says so, which nobody can be answered on, and which joins no other (M13). */
export function nobodysPlace(app: App, arrival: Arrival): Place {
  const t = app.catalogues[firmOf(app).language];
  const { mailbox, mail } = arrival;
  const name = cleanName(mail.fromText ?? '', t('tickets.someone'));
  const customer = createCustomer(app, SYSTEM, { name, language: null });
  const linked = findThread(app, mailbox.id, mail, '');
  return opened(app, arrival, { customer }, linked ? 'not trusted' : 'new', linked);
}

function opened(
  app: App,
  { mailbox, mail }: Arrival,
  by: Pick<NewTicket, 'customer' | 'address'>,
  rule: ThreadRule,
  linked?: Pick<Thread, 'ticket'> & Partial<Thread>,
): Place {
  const { customer } = by;
  const actor: Actor = { kind: 'customer', id: customer.id };
  const subject = rule === 'forwarded' ? withoutForward(mail.subject) : mail.subject;
  const aliasId = aliasWrittenTo(app, mailbox, addressedTo(mail))?.id;
  const given = { subject, channel: 'email' as const, mailboxId: mailbox.id, aliasId, ...by };
  const ticket = openTicket(
    app,
    actor,
    linked ? { ...given, linkedTicketId: linked.ticket.id, teamId: linked.ticket.team_id } : given,
  );
  const evidence = linked?.evidence;
  return { ticket, rule, evidence, customer, actor, senderState: 'accepted', isNew: true };
}

/** M8: a closed ticket per mailbox: always, within so many days, or a new linked one. */
function mayReopen(app: App, mailbox: MailboxRow, ticket: Ticket): boolean {
  if (mailbox.reopen_closed === 'days')
    return app.clock.now() - (ticket.closed_at ?? 0) <= mailbox.reopen_days * DAY;
  return mailbox.reopen_closed === 'always';
}
