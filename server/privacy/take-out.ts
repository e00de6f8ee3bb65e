// Takes a person out of rows that stay: their address and name where others wrote them, their words where others quote them.
import type { App } from '../app';
import { query } from '../db';
import { folded } from '../lib/passages';
import { htmlFromText, type OutgoingMail } from '../mail';
import type { Elsewhere, Place } from './elsewhere';
import type { Plan } from './identity';
import { DOMAINS } from './map';
import { type Key, oneRow } from './read-through';
import { statementOf } from './rows';
import { type Searcher, TAKEN_OUT, without } from './spans';

const ROWS_A_WRITE = 20;
/** Lines that quote are recognised from so many letters on: among the words of one person on one ticket, that is telling. */
const SHORTEST_LINE = 6;

type Values = Record<string, string | number | null>;

/** Returns how many rows changed. */
export async function takeOutOfPlaces(
  app: App,
  plan: Pick<Plan, 'addresses'>,
  { places, searcher }: Pick<Elsewhere, 'places' | 'searcher'>,
): Promise<number> {
  for (let at = 0; at < places.length; at += ROWS_A_WRITE) {
    await app.write(() => {
      for (const place of places.slice(at, at + ROWS_A_WRITE)) takeOut(app, plan, searcher, place);
    });
  }
  return places.length;
}

/** Tickets on which rows are shown or found. */
export const ticketsOfPlaces = (app: App, places: Place[]): number[] => [
  ...new Set(
    places.flatMap(({ table, key }) =>
      DOMAINS.flatMap((domain) => domain.ticketsOfRow?.(app, table.table, Number(key[0])) ?? []),
    ),
  ),
];

function takeOut(app: App, plan: Pick<Plan, 'addresses'>, searcher: Searcher, place: Place): void {
  const { table, key, columns } = place;
  const tickets = ticketsOfPlaces(app, [place]);
  const isRow = columns.some((column) => table.columns[column]?.residue === 'row');
  if (isRow) statementOf(app.db, `DELETE FROM ${table.table} WHERE ${oneRow(table)}`).run(...key);
  else rewrite(app, plan, searcher, place);
  for (const ticket of tickets) for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
}

function rewrite(
  app: App,
  plan: Pick<Plan, 'addresses'>,
  searcher: Searcher,
  { table, key, columns }: Place,
): void {
  const sql = `SELECT ${columns.join(', ')} FROM ${table.table} WHERE ${oneRow(table)}`;
  const row = statementOf(app.db, sql).get(...key) as Values | undefined;
  if (!row) return;
  const isJson = (column: string) => table.columns[column]?.residue === 'json';
  const set = Object.fromEntries(
    columns.map((column) => [column, cleaned(plan, searcher, isJson(column), row[column])]),
  );
  update(app, table.table, oneRow(table), key, table.table === 'messages' ? withoutLayout(set) : set);
}

function cleaned(
  plan: Pick<Plan, 'addresses'>,
  searcher: Searcher,
  isJson: boolean,
  value: string | number | null | undefined,
): string | number | null {
  if (typeof value !== 'string') return value ?? null;
  if (!isJson) return without(value, searcher.find(value));
  const parsed = inStrings(withoutRecipient(JSON.parse(value), new Set(plan.addresses)), (text) =>
    without(text, searcher.find(text)),
  );
  return JSON.stringify(isOutgoing(parsed) ? { ...parsed, html: htmlFromText(parsed.text) } : parsed);
}

/** A mail that has not left yet is laid out anew, because what was taken out may have begun in one tag and ended in another. */
const isOutgoing = (value: unknown): value is OutgoingMail =>
  typeof value === 'object' && value !== null && 'html' in value && 'text' in value && 'messageId' in value;

function inStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => inStrings(each, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inStrings(each, change)]));
}

/** In lists of recipients the person is left out, not written over. */
function withoutRecipient(value: unknown, keys: Set<string>): unknown {
  const isThem = (each: unknown) => {
    const address = isObject(each) ? each['address'] : each;
    return typeof address === 'string' && keys.has(address.toLowerCase());
  };
  if (Array.isArray(value))
    return value.filter((each) => !isThem(each)).map((each) => withoutRecipient(each, keys));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutRecipient(each, keys)]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A message out of which something was taken is shown as text: its layout would have to be cut within its tags. */
function withoutLayout(set: Values): Values {
  const kept = Object.entries(set).filter(([column]) => !column.startsWith('html_'));
  const isText =
    ['words', 'quote', 'signature'].some((column) => column in set) || kept.length < Object.keys(set).length;
  const layout = {
    html_kind: null,
    html_words: null,
    html_quote: null,
    html_signature: null,
    sanitiser_version: null,
  };
  return { ...Object.fromEntries(kept), ...(isText ? layout : {}) };
}

function update(app: App, table: string, where: string, key: Key, set: Values): void {
  const names = Object.keys(set);
  if (names.length === 0) return;
  const sql = `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE ${where}`;
  statementOf(app.db, sql).run(...Object.values(set), ...key);
}

const findTexts = query<[ticketId: number], { id: number; words: string; quote: string }[]>(
  "SELECT id, words, quote FROM messages WHERE ticket_id = ? AND kind <> 'system'",
);

/** On the tickets they took part in, quoted lines of theirs go however short; returns how many messages changed. */
export async function takeOutQuotes(app: App, plan: Plan): Promise<number> {
  const own = Buffer.from(
    plan.texts.map((text) => Buffer.from(folded(text)).toString('latin1')).join('\n'),
    'latin1',
  );
  const isTheirs = (line: string) => {
    const letters = folded(line);
    return letters.length >= SHORTEST_LINE && own.includes(Buffer.from(letters));
  };
  let changed = 0;
  for (const ticket of plan.joint) {
    changed += await app.write(() => {
      let here = 0;
      for (const message of findTexts(app.db, ticket)) {
        const words = withoutLines(
          message.words,
          (line) => line.trimStart().startsWith('>') && isTheirs(line),
        );
        const quote = withoutLines(message.quote, isTheirs);
        if (words === message.words && quote === message.quote) continue;
        update(app, 'messages', 'id = ?', [message.id], withoutLayout({ words, quote }));
        here += 1;
      }
      if (here > 0) for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
      return here;
    });
  }
  return changed;
}

/** Each run of lines that go becomes one mark. */
function withoutLines(text: string, goes: (line: string) => boolean): string {
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    if (!goes(line)) kept.push(line);
    else if (kept.at(-1) !== TAKEN_OUT) kept.push(TAKEN_OUT);
  }
  return kept.join('\n');
}
