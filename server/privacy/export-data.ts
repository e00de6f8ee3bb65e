// Everything about a person, row by row as the map says, and without what is other people's (P2, Art. 15).
import type { App } from '../app';
import { findAddresses, findMergedInto } from '../customers';
import { queryColumn, queryValue } from '../db';
import { maskAddresses } from '../lib/mask';
import type { PersonalTable, Thing } from '../lib/personal';
import { addressKey, findMailboxes } from '../mail';
import { firmOf } from '../settings';
import { findTicketById, type MessageFacts } from '../tickets';
import { TABLES } from './map';
import { findJointTickets, findOwnTickets, findTicketsOfAddress } from './queries';
import { keyOf, keyText, selectKey } from './read-through';
import { eachLink, statementOf, thingsOf } from './rows';

export type Row = Record<string, string | number | null>;
export type Rows = Record<string, Row[]>;

/** Whom an export is about. Somebody who was only ever copied has no row of their own, and the id 0. */
export interface Person {
  id: number;
  name: string;
  language: string | null;
  time_zone: string | null;
  created_at: number;
  /** Lower case; by which somebody without a row is known. */
  copiedAs?: string;
}

/** Who the export is for, and what they have seen. */
export interface Receiver {
  id: number;
  /** Lower case. */
  addresses: ReadonlySet<string>;
  company: string;
  /** Ids of notes that are left out, with a recorded reason (Art. 15(4)). */
  withheld: ReadonlySet<number>;
}

const findSharedAddresses = queryColumn<[customerId: number], string>(
  'SELECT address_key FROM participants WHERE customer_id = ? AND address_key IS NOT NULL',
);

export function receiverOf(app: App, { id, copiedAs }: Person, withheld: number[] = []): Receiver {
  const own = copiedAs === undefined ? findAddresses(app.db, id).map((row) => row.address_key) : [copiedAs];
  const addresses = new Set([...own, ...findSharedAddresses(app.db, id)]);
  return { id, addresses, company: firmOf(app).company, withheld: new Set(withheld) };
}

/** Own tickets, and those of others on which they wrote, stood or were only copied, oldest first. */
export function ticketsOf(app: App, person: Pick<Person, 'id' | 'copiedAs'>): { id: number; own: boolean }[] {
  const { id } = person;
  const own = findOwnTickets(app.db, id);
  const joint = new Set([
    ...findJointTickets(app.db, id, id, id, id),
    ...provedBy(app, person).flatMap((key) => findTicketsOfAddress(app.db, key)),
  ]);
  for (const ticket of own) joint.delete(ticket);
  return [...own.map((id) => ({ id, own: true })), ...[...joint].map((id) => ({ id, own: false }))].sort(
    (a, b) => a.id - b.id,
  );
}

/** An address that was only typed in a chat shows nobody's tickets (C8). */
const provedBy = (app: App, { id, copiedAs }: Pick<Person, 'id' | 'copiedAs'>): string[] =>
  copiedAs === undefined
    ? findAddresses(app.db, id).flatMap((row) => (row.verified_at === null ? [] : row.address_key))
    : [copiedAs];

/** Rows that hang on the person and on no ticket: who they are, consents, who read about them. */
export function personRows(app: App, receiver: Receiver): Rows {
  const merged = findMergedInto(app.db, receiver.id).map(({ id }) => id);
  const all = [receiver.id, ...merged].map((id) => rowsOf(app, 'customer', id, 'ticket'));
  return picked(joined(all), ['messages', 'participants']);
}

export interface TicketData {
  own: boolean;
  ticket: Row;
  messages: MessageData[];
  /** Everything else that hangs on it, by table. */
  rows: Rows;
  /** Messages that are other people's and were not sent to this person. */
  leftOut: number;
}

export interface MessageData {
  row: Row;
  /** Written by the person. */
  theirs: boolean;
  attachments: Row[];
  /** Name on disk of the raw mail, when the person sent it. */
  raw: string | undefined;
}

/** A ticket as this person may have it. */
export function ticketData(app: App, receiver: Receiver, id: number, own: boolean): TicketData | undefined {
  const ticket = findTicketById(app.db, id);
  if (!ticket) return undefined;
  const all = rowsOf(app, 'ticket', id);
  const messages = (all['messages'] ?? []).sort((a, b) => Number(a['sequence']) - Number(b['sequence']));
  const shown = shownAddresses(app, receiver, messages);
  const given = messages.filter((row) => isGiven(receiver, own, row));
  const mask = (row: Row) => masked(row, shown);
  return {
    own,
    ticket: mask(columnsOf('tickets', ticket as unknown as Row)),
    messages: given.map((row) => messageData(app, receiver, row, all['attachments'] ?? [], mask)),
    rows: own
      ? othersMasked(picked(all, ['messages', 'tickets', 'attachments', 'inbound_mails']), receiver, shown)
      : {},
    leftOut: messages.length - given.length,
  };
}

/** On their own ticket everything but what was withheld and what others wrote that they never got; elsewhere what they wrote or got. */
function isGiven(receiver: Receiver, own: boolean, row: Row): boolean {
  if (isTheirs(receiver, row) || hasReceived(receiver, own, row)) return true;
  return own && row['author_kind'] !== 'customer' && !receiver.withheld.has(Number(row['id']));
}

const isTheirs = (receiver: Receiver, row: Row) =>
  row['author_kind'] === 'customer' && row['author_id'] === receiver.id;

function hasReceived(receiver: Receiver, own: boolean, row: Row): boolean {
  const { to = [], cc = [], bcc = [], forwarded } = factsIn(row);
  const isOneOf = (addresses: string[]) =>
    addresses.some((address) => receiver.addresses.has(addressKey(address)));
  if (row['kind'] !== 'reply') return isOneOf(forwarded?.to ?? []);
  if (own && row['author_kind'] === 'agent') return true;
  return isOneOf([...to, ...cc, ...bcc]);
}

const factsIn = (row: Row) => JSON.parse(String(row['facts'] ?? '{}')) as MessageFacts;

/** Addresses that stay readable: their own, the firm's, and those in mails that they wrote or got. */
function shownAddresses(app: App, receiver: Receiver, messages: Row[]): Set<string> {
  const shown = new Set([
    ...receiver.addresses,
    ...findMailboxes(app.db).map((mailbox) => mailbox.address_key),
  ]);
  for (const row of messages) {
    if (!isTheirs(receiver, row) && !hasReceived(receiver, false, row)) continue;
    const { from, to = [], cc = [] } = factsIn(row);
    for (const address of [...(from ? [from.address] : []), ...to, ...cc]) shown.add(addressKey(address));
  }
  return shown;
}

const findRawName = queryValue<[messageId: number], string | null>(
  'SELECT disk_name FROM messages JOIN inbound_mails ON inbound_mails.id = inbound_mail_id WHERE messages.id = ?',
);

function messageData(
  app: App,
  receiver: Receiver,
  row: Row,
  attachments: Row[],
  mask: (row: Row) => Row,
): MessageData {
  const theirs = isTheirs(receiver, row);
  const out = columnsOf('messages', row);
  if (!theirs) out['author_name'] = nameOfAuthor(receiver, row);
  out['facts'] = JSON.stringify(factsToGive(factsIn(row)));
  return {
    row: theirs || hasReceived(receiver, true, row) ? out : mask(out),
    theirs,
    attachments: attachments.filter(
      (file) => file['owner_kind'] === 'message' && file['owner_id'] === row['id'],
    ),
    raw: theirs ? (findRawName(app.db, Number(row['id'])) ?? undefined) : undefined,
  };
}

/** Agents as customers know them: a first name under what was sent, the firm beneath what was not. */
function nameOfAuthor(receiver: Receiver, row: Row): string {
  if (row['author_kind'] === 'customer') return String(row['author_name'] ?? '');
  const first = row['kind'] === 'reply' ? String(row['author_name'] ?? '').split(' ')[0] : '';
  return [first, receiver.company].filter(Boolean).join(', ');
}

/** What the system noted names agents; the key of its sentence says enough. */
function factsToGive({ from, to, cc, rule, automatic, maskedCards, says }: MessageFacts) {
  return { from, to, cc, rule, automatic, maskedCards, ...(says ? { says: says.key } : {}) };
}

function othersMasked(rows: Rows, receiver: Receiver, shown: ReadonlySet<string>): Rows {
  return Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [
      table,
      list.map((row) => withoutName(receiver, shown, table, masked(row, shown))),
    ]),
  );
}

/** Beside an address that is masked no name stands either. */
function withoutName(receiver: Receiver, shown: ReadonlySet<string>, table: string, row: Row): Row {
  if (table !== 'participants' || shown.has(addressKey(String(row['address'] ?? '')))) return row;
  return receiver.addresses.size === 0 && row['role'] === 'requester' ? row : { ...row, name: '•••' };
}

function masked(row: Row, shown: ReadonlySet<string>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? maskAddresses(value, shown) : value,
    ]),
  );
}

/** Whole rows by table, each once. */
function rowsOf(app: App, thing: Thing, id: number, without?: Thing): Rows {
  const rows: Rows = {};
  const known = new Set<string>();
  eachLink(TABLES, thingsOf(app.db, thing, id, without), (table, link, at) => {
    if (table.is === without && without !== undefined) return;
    const sql = `SELECT ${selectKey(table)}, * FROM ${table.table} WHERE ${link.where}`;
    for (const row of statementOf(app.db, sql).all({ id: at }) as Row[]) {
      const name = `${table.table} ${keyText(keyOf(table, row))}`;
      if (known.has(name)) continue;
      known.add(name);
      rows[table.table] = [...(rows[table.table] ?? []), row];
    }
  });
  return rows;
}

/** What two bring along both, such as their organization, once. */
function joined(all: Rows[]): Rows {
  const rows: Rows = {};
  for (const [table, list] of all.flatMap((one) => Object.entries(one))) {
    const known = new Set((rows[table] ?? []).map((row) => JSON.stringify(row)));
    rows[table] = [...(rows[table] ?? []), ...list.filter((row) => !known.has(JSON.stringify(row)))];
  }
  return rows;
}

/** Exported columns only; tables that are given in another place, and empty ones, left out. */
function picked(rows: Rows, without: string[]): Rows {
  const kept = Object.entries(rows).filter(([table]) => !without.includes(table));
  const columns = kept.map(([table, list]) => [table, list.map((row) => columnsOf(table, row))] as const);
  return Object.fromEntries(columns.filter(([, list]) => list.some((row) => Object.keys(row).length > 0)));
}

const tableNamed = new Map<string, PersonalTable>(TABLES.map((table) => [table.table, table]));

function columnsOf(table: string, row: Row): Row {
  const columns = tableNamed.get(table)?.columns ?? {};
  return Object.fromEntries(Object.entries(row).filter(([name]) => columns[name]?.exported));
}
