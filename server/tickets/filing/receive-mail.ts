// A mail becomes a message: of the ticket it answers, or of a new one.
import type { App } from '../../app';
import { attach, type StoredFile } from '../../attachments';
import {
  type CustomerRow,
  claimAddress,
  cleanName,
  createCustomer,
  findCustomerByAddress,
  findCustomerById,
  updateAddressFailing,
} from '../../customers';
import { type Actor, record, SYSTEM } from '../../events';
import { DAY } from '../../lib/clock';
import {
  type Authentication,
  addressKey,
  authenticationOf,
  type Filed,
  findMailboxById,
  type InboundMailRow,
  isBlocked,
  isOwnAddress,
  type MailboxRow,
  type ParsedMail,
  saysOtherWords,
} from '../../mail';
import { firmOf } from '../../settings';
import { addMessage, addSystemLine, type NewMessage } from '../add-message';
import { moveTicket } from '../change';
import { followAnswer } from '../customer-wrote';
import { signalTicket } from '../live';
import { receiveHistory } from '../moving-in/receive-history';
import { type NewTicket, openTicket } from '../open';
import { updateSpam } from '../queries';
import type { MessageFacts, SpamReason, ThreadRule, Ticket } from '../ticket';
import { customerFor, isCrowded, joinTicket, suggestCopies } from './join-ticket';
import { receiveBounce } from './receive-bounce';
import { authenticationFor, type Sender, senderOf, spamReason } from './sender-checks';
import {
  type Evidence,
  findThread,
  isKnownId,
  isOnTicket,
  rememberTheirId,
  type Thread,
  ticketOfSameMailElsewhere,
} from './thread';

/** Inside one transaction: known ids were stopped before; here the thread, the sender and the words are settled. */
export function receiveMail(app: App, inbound: InboundMailRow, read: ParsedMail, files: StoredFile[]): Filed {
  if (inbound.source === 'import') return receiveHistory(app, inbound, read, files);
  // Imported on a person's wish though another mail has its id: the id says nothing about this one (M4).
  const mail = saysOtherWords(inbound) || (inbound.is_wished && isTaken(app, read)) ? withoutId(read) : read;
  const mailbox = findMailboxById(app.db, inbound.mailbox_id) as MailboxRow;
  const found = authenticationOf(app, mailbox, inbound, mail);
  const bounced = mail.bounce && receiveBounce(app, mail, inbound, mailbox, found);
  if (bounced) return bounced;

  const sender = senderOf(app, mail);
  if (sender && isOwnAddress(app, sender.address) && !inbound.is_wished) return { notImported: 'loop' };
  if (!inbound.is_wished && isBlocked(app, [mail.from?.address, sender?.address]))
    return { notImported: 'blocked' };

  const arrival: Arrival = {
    mailbox,
    inbound,
    mail,
    sender,
    authentication: authenticationFor(found, mail, sender),
    spam: spamReason(mailbox, inbound, mail, found),
  };
  const filed = sender ? findPlace(app, arrival, sender) : nobodysPlace(app, arrival);
  if (!filed) return { notImported: 'duplicate' };
  const automatic = sender ? sender.automatic : mail.automatic;
  const message = addMessage(app, filed.ticket, messageOf(arrival, filed, automatic));
  for (const [index, file] of files.entries()) {
    const attachment = mail.attachments[index];
    if (attachment) attach(app, { kind: 'message', id: message.id }, { ...attachment, file });
  }
  if (mail.messageId) rememberTheirId(app, filed.ticket, message.id, mailbox.id, mail.messageId);
  suggestCopies(app, filed.ticket, mail);
  if (!filed.isNew)
    record(app, 'ticket.customer-wrote', filed.actor, filed.ticket, {
      message: message.id,
      rule: filed.rule,
    });
  if (!automatic) {
    reopen(app, filed.ticket);
    if (!filed.isNew) followAnswer(app, filed.ticket);
  }
  if (arrival.spam && filed.isNew) flagSpam(app, filed.ticket);
  signalTicket(app, filed.ticket.id);
  return { ticketId: filed.ticket.id, messageId: message.id };
}

const isTaken = (app: App, { messageId }: ParsedMail) => messageId !== undefined && isKnownId(app, messageId);
const withoutId = ({ messageId: _id, ...mail }: ParsedMail): ParsedMail => mail;

/** A mail as it stands at the door, with what is known about it. */
interface Arrival {
  mailbox: MailboxRow;
  inbound: InboundMailRow;
  mail: ParsedMail;
  sender: Sender | undefined;
  authentication: Authentication | undefined;
  spam: SpamReason | undefined;
}

interface Place {
  ticket: Ticket;
  rule: ThreadRule;
  evidence?: Evidence;
  customer: CustomerRow;
  actor: Actor;
  senderState: 'accepted' | 'unverified';
  isNew: boolean;
}

/** Undefined when the very same mail is on that ticket already: it came to two of our mailboxes and both copies find it. */
function findPlace(app: App, arrival: Arrival, sender: Sender): Place | undefined {
  const { mailbox, mail } = arrival;
  const key = addressKey(sender.address);
  const thread = findThread(app, mailbox.id, mail, key);
  if (!thread) {
    const same = ticketOfSameMailElsewhere(app, mailbox.id, mail.messageId);
    return newTicket(app, arrival, sender, 'new', same && { ticket: same });
  }
  // A right thread does not make a right sender (M7): what fails its own domain's policy never joins by itself.
  if (isForged(arrival)) return newTicket(app, arrival, sender, 'not trusted', thread);
  // An absence note is no reason to begin anew: it stays with the closed ticket, which it does not reopen (M9).
  if (thread.ticket.status === 'closed' && !sender.automatic && !mayReopen(app, mailbox, thread.ticket)) {
    return newTicket(app, arrival, sender, 'closed ticket', thread);
  }
  if (mail.messageId && isOnTicket(app, thread.ticket, mail.messageId)) return undefined;
  if (isCrowded(app, thread.ticket, key)) return newTicket(app, arrival, sender, 'crowded ticket', thread);
  const person = joinTicket(app, thread.ticket, key, sender);
  const customer =
    (person.customer_id && findCustomerById(app.db, person.customer_id)) || customerFor(app, sender);
  if (!sender.automatic) updateAddressFailing(app.db, null, key, customer.id);
  const senderState = person.state === 'accepted' ? 'accepted' : 'unverified';
  return { ...thread, customer, actor: { kind: 'customer', id: customer.id }, senderState, isNew: false };
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

function namedCustomer(app: App, sender: Sender): CustomerRow {
  const known = findCustomerByAddress(app.db, addressKey(sender.address));
  if (known) return known;
  const name = cleanName(sender.name, sender.address);
  const customer = createCustomer(app, SYSTEM, { name, language: null });
  claimAddress(app, customer, sender.address);
  return customer;
}

/** A sender whose address cannot be used: a ticket that says so, which nobody can be answered on, and which joins no other (M13). */
function nobodysPlace(app: App, arrival: Arrival): Place {
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
  const given = { subject: mail.subject, channel: 'email' as const, mailboxId: mailbox.id, ...by };
  const ticket = openTicket(
    app,
    actor,
    linked ? { ...given, linkedTicketId: linked.ticket.id, teamId: linked.ticket.team_id } : given,
  );
  const evidence = linked?.evidence;
  return { ticket, rule, evidence, customer, actor, senderState: 'accepted', isNew: true };
}

function messageOf(arrival: Arrival, place: Place, automatic: ParsedMail['automatic']): NewMessage {
  const { mail, inbound, sender, authentication, spam } = arrival;
  const facts: MessageFacts = {
    rule: place.rule,
    from: mail.from,
    to: mail.to.map((to) => to.address),
    cc: mail.cc.map((cc) => cc.address),
  };
  if (sender && sender.address !== mail.from?.address) facts.sender = sender.address;
  if (place.evidence) facts.evidence = place.evidence;
  if (authentication) facts.authentication = authentication;
  if (spam) facts.spam = spam;
  if (automatic) facts.automatic = automatic;
  if (inbound.words_hash === null && inbound.is_wished) facts.unreadable = 'headers-only';
  if (!mail.from) facts.unreadable = 'no-sender';
  if (mail.unreadable) facts.unreadable = mail.unreadable.reason;
  if (mail.maskedCards) facts.maskedCards = mail.maskedCards;
  return {
    kind: 'reply',
    author: { kind: 'customer', id: place.customer.id, name: place.customer.name },
    channel: 'email',
    words: mail.words,
    quote: mail.quote,
    signature: mail.signature,
    html: mail.html,
    facts,
    isAutomatic: automatic !== undefined,
    senderState: place.senderState,
    inboundMailId: inbound.id,
  };
}

/** The mail that begins a ticket; a conversation that agents have is not hidden by one mail in it. */
function flagSpam(app: App, ticket: Ticket): void {
  updateSpam(app.db, 1, ticket.id);
  record(app, 'ticket.marked-spam', SYSTEM, ticket);
}

/** M8: a closed ticket per mailbox: always, within so many days, or a new linked one. */
function mayReopen(app: App, mailbox: MailboxRow, ticket: Ticket): boolean {
  if (mailbox.reopen_closed === 'days')
    return app.clock.now() - (ticket.closed_at ?? 0) <= mailbox.reopen_days * DAY;
  return mailbox.reopen_closed === 'always';
}

/** M8, M9: an answer by a person brings the ticket back to the agents. That it was waited for needs no line. */
export function reopen(app: App, ticket: Ticket): void {
  if (ticket.status === 'new' || ticket.status === 'open') return;
  const isExpected = ticket.status === 'pending';
  moveTicket(app, SYSTEM, ticket, 'open', { quiet: true });
  if (!isExpected) addSystemLine(app, ticket, 'tickets.says.reopened');
}
