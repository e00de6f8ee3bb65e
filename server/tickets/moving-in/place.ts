// Where an old mail belongs: to the conversation that it is part of, or to a new ticket of whoever is outside.
import type { App } from '../../app';
import {
  type CustomerRow,
  claimAddress,
  cleanName,
  createCustomer,
  findCustomerByAddress,
  findCustomerById,
  proveAddress,
} from '../../customers';
import { SYSTEM } from '../../events';
import {
  type Address,
  addressKey,
  aliasWrittenTo,
  type InboundMailRow,
  type MailboxRow,
  type ParsedMail,
} from '../../mail';
import { firmOf } from '../../settings';
import { customerFor, isCrowded, joinTicket } from '../filing/join-ticket';
import type { Sender } from '../filing/sender-checks';
import { addressedTo, type Evidence, evidenceOf, findThread, livingTicket } from '../filing/thread';
import { openTicket } from '../open';
import type { ThreadRule, Ticket } from '../ticket';
import { type ImportMail, type ImportOptions, insertThing, isBrought, type ThingKind } from './import';
import { ticketOfThread } from './threads';

export interface History {
  inbound: InboundMailRow;
  mailbox: MailboxRow;
  mail: ParsedMail;
  row: ImportMail | undefined;
  options: ImportOptions;
  /** When it was sent, in ms UTC. */
  at: number;
  /** To and Cc, without ourselves. */
  outside: Address[];
}

export interface Place {
  ticket: Ticket;
  rule: ThreadRule;
  evidence?: Evidence;
  customer: Pick<CustomerRow, 'id' | 'name'>;
  senderState: 'accepted' | 'unverified';
  /** An import made the ticket, so that it may say how it stands. */
  isBrought: boolean;
  isNew: boolean;
}

export function placeOf(app: App, history: History, sender: Sender | undefined, isAnswer: boolean): Place {
  const { mailbox, mail, row } = history;
  const key = sender && !isAnswer ? addressKey(sender.address) : '';
  const known = row && ticketOfThread(app, row.thread);
  const together = known === undefined ? undefined : livingTicket(app, known);
  // A number in an old subject is another program's.
  const thread = together
    ? { ticket: together, rule: 'their id' as const, evidence: evidenceOf(answeredBy(mail)) }
    : findThread(app, mailbox.id, { ...mail, subject: '' }, key);
  if (!thread || (!isAnswer && sender && isCrowded(app, thread.ticket, key)))
    return newTicket(app, history, sender, isAnswer);
  const isOfImport = isBrought(app.db, 'ticket', thread.ticket.id) === 1;
  // From alone proves nobody: where people have worked already, nothing is put into our mouth (M14).
  if (isAnswer && !isOfImport && !isProved(history)) return newTicket(app, history, sender, isAnswer);
  const found = { ...thread, isBrought: isOfImport, isNew: false };
  if (isAnswer) return { ...found, customer: customerOf(app, thread.ticket), senderState: 'accepted' };
  if (!sender) return { ...found, customer: nobody(app, history), senderState: 'unverified' };
  const isKnown = findCustomerByAddress(app.db, key) !== undefined;
  const person = joinTicket(app, thread.ticket, key, sender);
  const customer =
    (person.customer_id && findCustomerById(app.db, person.customer_id)) || customerFor(app, sender);
  if (!isKnown) brought(app, row, 'customer', customer.id);
  return { ...found, customer, senderState: person.state === 'accepted' ? 'accepted' : 'unverified' };
}

const answeredBy = (mail: ParsedMail): string =>
  mail.inReplyTo[0] ?? mail.references.at(-1) ?? mail.messageId ?? '';

/** Only we can have put a mail among the sent ones. */
export const isProved = ({ row }: History): boolean => row?.is_sent === 1;

const customerOf = (app: App, ticket: Ticket) => findCustomerById(app.db, ticket.customer_id) as CustomerRow;

/** The ticket is the customer's, also where we wrote first. */
function newTicket(app: App, history: History, sender: Sender | undefined, isAnswer: boolean): Place {
  const { mailbox, mail, at, row } = history;
  const person = isAnswer ? (history.outside[0] as Address) : sender;
  const customer = person ? customerNamed(app, row, person, isAnswer) : nobody(app, history);
  const ticket = openTicket(app, SYSTEM, {
    subject: mail.subject,
    channel: 'email',
    mailboxId: mailbox.id,
    aliasId: aliasWrittenTo(app, mailbox, [...addressedTo(mail), mail.from?.address ?? ''])?.id,
    customer,
    ...(person ? { address: { address: person.address, key: addressKey(person.address) } } : {}),
    at,
  });
  brought(app, row, 'ticket', ticket.id);
  return { ticket, rule: 'new', customer, senderState: 'accepted', isBrought: true, isNew: true };
}

function customerNamed(
  app: App,
  row: ImportMail | undefined,
  person: Address,
  isWrittenTo: boolean,
): CustomerRow {
  const known = findCustomerByAddress(app.db, addressKey(person.address));
  if (known) return known;
  const customer = isWrittenTo
    ? customerWrittenTo(app, person)
    : customerFor(app, { ...person, automatic: undefined });
  brought(app, row, 'customer', customer.id);
  return customer;
}

/** No mail has come from the address: it is theirs because we wrote to it, as when an agent writes first. */
function customerWrittenTo(app: App, { name, address }: Address): CustomerRow {
  const customer = createCustomer(app, SYSTEM, { name: cleanName(name, address), language: null });
  claimAddress(app, customer, address);
  proveAddress(app, SYSTEM, customer, address, 'agent');
  return customer;
}

/** A sender whose address cannot be used (M13). */
function nobody(app: App, { mail, row }: History): CustomerRow {
  const t = app.catalogues[firmOf(app).language];
  const customer = createCustomer(app, SYSTEM, {
    name: cleanName(mail.fromText ?? '', t('tickets.someone')),
    language: null,
  });
  brought(app, row, 'customer', customer.id);
  return customer;
}

export function brought(app: App, row: ImportMail | undefined, kind: ThingKind, id: number): void {
  if (row) insertThing(app.db, row.run_id, kind, id);
}
