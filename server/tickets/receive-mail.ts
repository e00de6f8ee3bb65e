// A mail becomes a message: of the ticket it answers, or of a new one.
import type { App } from '../app';
import { attach, type StoredFile } from '../attachments';
import {
  type CustomerRow,
  cleanName,
  createCustomer,
  findCustomerById,
  knowCustomerByMail,
  proveAddress,
  updateAddressFailing,
} from '../customers';
import { type Actor, record, SYSTEM } from '../events';
import { DAY } from '../lib/clock';
import {
  addressKey,
  type Filed,
  findMailboxById,
  type InboundMailRow,
  isOwnAddress,
  type MailboxRow,
  type ParsedMail,
  saysOtherWords,
} from '../mail';
import { firmOf } from '../settings';
import { addMessage, addSystemLine, type NewMessage } from './add-message';
import { moveTicket } from './change';
import { followAnswer } from './customer-wrote';
import { signalTicket } from './live';
import { openTicket } from './open';
import {
  findParticipant,
  findParticipants,
  insertParticipant,
  type ParticipantRow,
  updateParticipantCustomer,
} from './queries';
import { receiveBounce } from './receive-bounce';
import { failsDmarc, type Sender, senderOf } from './sender-checks';
import { findThread, isOnTicket, rememberTheirId, ticketOfSameMailElsewhere } from './thread';
import type { MessageFacts, ThreadRule, Ticket } from './ticket';

/** People on Cc are shown as suggestions, never written to by themselves (AC-18). */
const MOST_SUGGESTED = 20;
const MOST_LOOKED_AT = 100;
const MOST_UNVERIFIED = 50;

/** Inside one transaction: known ids were stopped before; here the thread, the sender and the words are settled. */
export function receiveMail(app: App, inbound: InboundMailRow, read: ParsedMail, files: StoredFile[]): Filed {
  // Imported on a person's wish, perhaps though another mail has its id: the id says nothing about this one (M4).
  const mail = saysOtherWords(inbound) || inbound.is_wished ? withoutId(read) : read;
  const mailbox = findMailboxById(app.db, inbound.mailbox_id) as MailboxRow;
  const bounced = mail.bounce && receiveBounce(app, mail, inbound, mailbox);
  if (bounced) return bounced;

  const sender = senderOf(app, mail);
  if (sender && isOwnAddress(app, sender.address) && !inbound.is_wished) return { notImported: 'loop' };

  const filed = sender ? findPlace(app, mailbox, mail, sender) : nobodysPlace(app, mailbox, mail);
  if (!filed) return { notImported: 'duplicate' };
  const automatic = sender ? sender.automatic : mail.automatic;
  const message = addMessage(app, filed.ticket, messageOf(mail, inbound, filed, automatic));
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
  signalTicket(app, filed.ticket.id);
  return { ticketId: filed.ticket.id, messageId: message.id };
}

const withoutId = ({ messageId: _id, ...mail }: ParsedMail): ParsedMail => mail;

interface Place {
  ticket: Ticket;
  rule: ThreadRule;
  customer: CustomerRow;
  actor: Actor;
  senderState: 'accepted' | 'unverified';
  isNew: boolean;
}

/** Undefined when the very same mail is on that ticket already: it came to two of our mailboxes and both copies find it. */
function findPlace(app: App, mailbox: MailboxRow, mail: ParsedMail, sender: Sender): Place | undefined {
  const key = addressKey(sender.address);
  const thread = findThread(app, mailbox.id, mail, key);
  if (!thread)
    return newTicket(
      app,
      mailbox,
      mail,
      sender,
      'new',
      ticketOfSameMailElsewhere(app, mailbox.id, mail.messageId),
    );
  // A right thread does not make a right sender (M7): what fails its own domain's policy never joins by itself.
  if (failsDmarc(mail.authenticationResults))
    return newTicket(app, mailbox, mail, sender, 'not trusted', thread.ticket);
  // An absence note is no reason to begin anew: it stays with the closed ticket, which it does not reopen (M9).
  if (thread.ticket.status === 'closed' && !sender.automatic && !mayReopen(app, mailbox, thread.ticket)) {
    return newTicket(app, mailbox, mail, sender, 'closed ticket', thread.ticket);
  }
  if (mail.messageId && isOnTicket(app, thread.ticket, mail.messageId)) return undefined;
  if (isCrowded(app, thread.ticket, key))
    return newTicket(app, mailbox, mail, sender, 'crowded ticket', thread.ticket);
  const person = joinTicket(app, thread.ticket, key, sender);
  const customer =
    (person.customer_id && findCustomerById(app.db, person.customer_id)) || customerFor(app, sender);
  if (!sender.automatic) updateAddressFailing(app.db, null, key, customer.id);
  const senderState = person.state === 'accepted' ? 'accepted' : 'unverified';
  return { ...thread, customer, actor: { kind: 'customer', id: customer.id }, senderState, isNew: false };
}

/** Whoever knows an id of a ticket could fill it with strangers: so many wait for an agent, the next one begins a ticket. */
function isCrowded(app: App, ticket: Ticket, key: string): boolean {
  const known = findParticipant(app.db, ticket.id, key);
  if (known && known.state !== 'suggested') return false;
  const people = findParticipants(app.db, ticket.id);
  return people.filter(({ state }) => state === 'unverified').length >= MOST_UNVERIFIED;
}

/** Who the sender is on this ticket: somebody known to it, or an unverified participant from now on (M7). */
function joinTicket(
  app: App,
  ticket: Ticket,
  key: string,
  sender: Sender,
): Pick<ParticipantRow, 'customer_id' | 'state'> {
  const known = findParticipant(app.db, ticket.id, key);
  if (!known) {
    const customer = customerFor(app, sender);
    insertParticipant(
      app.db,
      ticket.id,
      customer.id,
      sender.address,
      key,
      customer.name,
      'copy',
      'unverified',
      app.clock.now(),
    );
    return { customer_id: customer.id, state: 'unverified' };
  }
  if (known.customer_id === null) {
    const customer = customerFor(app, sender);
    const state = known.state === 'suggested' ? 'unverified' : known.state;
    updateParticipantCustomer(app.db, customer.id, state, known.id);
    return { customer_id: customer.id, state };
  }
  // A chat's claimed address is proved by the mail that comes from it (C8).
  if (known.state === 'accepted') {
    proveAddress(
      app,
      { kind: 'customer', id: known.customer_id },
      { id: known.customer_id },
      sender.address,
      'mail',
    );
  }
  return known;
}

const customerFor = (app: App, sender: Sender) => knowCustomerByMail(app, SYSTEM, sender);

function newTicket(
  app: App,
  mailbox: MailboxRow,
  mail: ParsedMail,
  sender: Sender,
  rule: ThreadRule,
  linked?: Ticket,
): Place {
  const customer = customerFor(app, sender);
  const actor: Actor = { kind: 'customer', id: customer.id };
  const address = { address: sender.address, key: addressKey(sender.address) };
  const given = {
    subject: mail.subject,
    channel: 'email' as const,
    customer,
    address,
    mailboxId: mailbox.id,
  };
  const ticket = openTicket(app, actor, linked ? { ...given, linkedTicketId: linked.id } : given);
  return { ticket, rule, customer, actor, senderState: 'accepted', isNew: true };
}

/** A sender whose address cannot be used: a ticket that says so, which nobody can be answered on, and which joins no other (M13). */
function nobodysPlace(app: App, mailbox: MailboxRow, mail: ParsedMail): Place {
  const t = app.catalogues[firmOf(app).language];
  const name = cleanName(mail.fromText ?? '', t('tickets.someone'));
  const customer = createCustomer(app, SYSTEM, { name, language: null });
  const actor: Actor = { kind: 'customer', id: customer.id };
  const linked = findThread(app, mailbox.id, mail, '')?.ticket;
  const given = { subject: mail.subject, channel: 'email' as const, customer, mailboxId: mailbox.id };
  const ticket = openTicket(app, actor, linked ? { ...given, linkedTicketId: linked.id } : given);
  return {
    ticket,
    rule: linked ? 'not trusted' : 'new',
    customer,
    actor,
    senderState: 'accepted',
    isNew: true,
  };
}

function messageOf(
  mail: ParsedMail,
  inbound: InboundMailRow,
  place: Place,
  automatic: ParsedMail['automatic'],
): NewMessage {
  const facts: MessageFacts = {
    rule: place.rule,
    from: mail.from,
    to: mail.to.map((to) => to.address),
    cc: mail.cc.map((cc) => cc.address),
  };
  if (automatic) facts.automatic = automatic;
  if (inbound.words_hash === null && inbound.is_wished) facts.unreadable = 'headers-only';
  if (!mail.from) facts.unreadable = 'no-sender';
  if (mail.unreadable) facts.unreadable = mail.unreadable.reason;
  if (mail.maskedCards) facts.maskedCards = mail.maskedCards;
  if (failsDmarc(mail.authenticationResults)) facts.forged = true;
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

/** M8: a closed ticket per mailbox: always, within so many days, or a new linked one. */
function mayReopen(app: App, mailbox: MailboxRow, ticket: Ticket): boolean {
  if (mailbox.reopen_closed === 'days')
    return app.clock.now() - (ticket.closed_at ?? 0) <= mailbox.reopen_days * DAY;
  return mailbox.reopen_closed === 'always';
}

/** M8, M9: an answer by a person brings the ticket back to the agents. That it was waited for needs no line. */
function reopen(app: App, ticket: Ticket): void {
  if (ticket.status === 'new' || ticket.status === 'open') return;
  const isExpected = ticket.status === 'pending';
  moveTicket(app, SYSTEM, ticket, 'open', { quiet: true });
  if (!isExpected) addSystemLine(app, ticket, 'tickets.says.reopened');
}

/** Twenty on a ticket, however many mails name however many people. */
function suggestCopies(app: App, ticket: Ticket, mail: ParsedMail): void {
  let room =
    MOST_SUGGESTED - findParticipants(app.db, ticket.id).filter(({ state }) => state === 'suggested').length;
  for (const copy of [...mail.to, ...mail.cc].slice(0, MOST_LOOKED_AT)) {
    if (room <= 0) return;
    const key = addressKey(copy.address);
    if (isOwnAddress(app, key) || findParticipant(app.db, ticket.id, key)) continue;
    insertParticipant(
      app.db,
      ticket.id,
      null,
      copy.address,
      key,
      cleanName(copy.name, ''),
      'copy',
      'suggested',
      app.clock.now(),
    );
    room -= 1;
  }
}
