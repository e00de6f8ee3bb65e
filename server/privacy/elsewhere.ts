// Where a person still stands in rows that stay: named, or quoted. Which texts there are says the map.
import type { App } from '../app';
import { withoutQuotes } from '../lib/passages';
import type { PersonalTable } from '../lib/personal';
import type { Plan } from './identity';
import { TABLES } from './map';
import { type Key, keyOf, keyText, Reading, type TextRow, textColumns } from './read-through';
import type { Searcher, Span } from './spans';

/** A row that stays and holds something of theirs. */
export interface Place {
  table: PersonalTable;
  key: Key;
  columns: string[];
}

export interface Elsewhere {
  places: Place[];
  searcher: Searcher;
  /** How many rows were read. */
  rows: number;
  /** What stands in the rows that were skipped. */
  skipped: Span[];
}

/** The texts in which others may have named or quoted somebody. `skip` says, by table, which rows are going anyway. */
export const lookElsewhere = (
  app: App,
  plan: Plan,
  searcher: Searcher,
  skip = new Map<string, Set<string>>(),
): Promise<Elsewhere> =>
  look(app, plan, searcher, skip, (table) =>
    Object.keys(table.columns).filter((name) => table.columns[name]?.residue !== 'nothing'),
  );

/** Every text of every table, for the proof that nothing is left. */
export const lookEverywhere = (
  app: App,
  plan: Plan,
  searcher: Searcher,
  skip: Map<string, Set<string>>,
): Promise<Elsewhere> => look(app, plan, searcher, skip, (table) => textColumns(app.db, table));

/** What tells whose words a row holds. */
const BESIDE: Record<string, string[]> = {
  messages: ['ticket_id', 'kind', 'author_kind', 'author_id'],
  tickets: ['id', 'customer_id'],
  drafts: ['ticket_id'],
};

async function look(
  app: App,
  plan: Plan,
  searcher: Searcher,
  skip: Map<string, Set<string>>,
  columnsOf: (table: PersonalTable) => string[],
): Promise<Elsewhere> {
  const judge = new Judge(plan, searcher);
  const reading = new Reading(app);
  let rows = 0;
  const skipped: Span[] = [];
  for (const table of TABLES) {
    const columns = columnsOf(table);
    if (columns.length === 0) continue;
    await reading.through(table, [...columns, ...(BESIDE[table.table] ?? [])], (page) => {
      rows += page.length;
      // Nearly always nothing is there, and one look over the whole page says so.
      if (!searcher.stands(textsOf(page, columns))) return;
      for (const row of page) {
        if (skip.get(table.table)?.has(keyText(keyOf(table, row))))
          skipped.push(...searcher.find(textsOf([row], columns)));
        else judge.hear(table, columns, row);
      }
    });
  }
  return { places: judge.places(), searcher, rows, skipped };
}

function textsOf(rows: TextRow[], columns: string[]): string {
  const texts: string[] = [];
  for (const row of rows) {
    for (const column of columns) {
      const text = row[column];
      if (typeof text === 'string') texts.push(text);
    }
  }
  return texts.join('\0');
}

interface Sighting {
  table: PersonalTable;
  key: Key;
  column: string;
  spans: Span[];
}

/** A passage in so many tickets that have nothing to do with each other is what everybody writes. */
const EVERYBODYS = 3;

/** Decides what is theirs, and what is somebody else's as much: that stays, and is not searched for any more. */
class Judge {
  private readonly sightings: Sighting[] = [];
  private readonly joint: Set<number>;
  private readonly customers: Set<number>;
  /** Tickets by passage, as long as they are few. */
  private readonly seenOn = new Map<number, Set<number>>();

  constructor(
    plan: Plan,
    private readonly searcher: Searcher,
  ) {
    this.joint = new Set(plan.joint);
    this.customers = new Set(plan.customers.map(({ id }) => id));
  }

  hear(table: PersonalTable, columns: string[], row: TextRow): void {
    const found: Sighting[] = [];
    for (const column of columns) {
      const text = row[column];
      const spans = typeof text === 'string' ? this.searcher.find(text) : [];
      if (spans.length > 0) found.push({ table, key: keyOf(table, row), column, spans });
    }
    if (found.length === 0) return;
    if (isTheFirms(table)) for (const { column, spans } of found) this.leaveToTheFirm(table, column, spans);
    this.sightings.push(...found);
    this.weigh(
      table.table,
      row,
      found.flatMap(({ spans }) => spans),
    );
  }

  /** What was seen before something turned out to be everybody's is looked at once more. */
  places(): Place[] {
    const places = new Map<string, Place>();
    for (const { table, key, column, spans } of this.sightings) {
      if (spans.every((span) => this.searcher.isIgnored(span))) continue;
      const name = `${table.table} ${keyText(key)}`;
      const place = places.get(name) ?? { table, key, columns: [] };
      place.columns.push(column);
      places.set(name, place);
    }
    return [...places.values()];
  }

  /**
   * On a ticket that the person took part in, or beside their name, a passage is a copy of theirs. Elsewhere it is chance
   * when another customer wrote it or an agent answered it, and what everybody writes when it stands on several tickets.
   */
  private weigh(table: string, row: TextRow, spans: Span[]): void {
    const { searcher } = this;
    const ticket = Number(table === 'tickets' ? row['id'] : (row['ticket_id'] ?? Number.NaN));
    const isNamed = spans.some((span) => searcher.isNaming(span));
    const isCopy =
      isNamed || this.joint.has(ticket) || this.customers.has(Number(row['customer_id'] ?? Number.NaN));
    if (!isCopy) for (const span of spans) if (span.what === 'passage') this.note(span.needle, ticket);
    const own = ownWords(table, row, this.customers);
    if (own === undefined) return;
    for (const span of searcher.find(own.text)) {
      if (span.what === 'passage' ? !isCopy : own.byCustomer && !isNamed && !searcher.isNaming(span))
        searcher.ignore(span);
    }
  }

  /** An address in the settings, or in somebody's signature, is the firm's own too. */
  private leaveToTheFirm(table: PersonalTable, column: string, spans: Span[]): void {
    if (table.columns[column]?.residue === 'nothing') for (const span of spans) this.searcher.ignore(span);
  }

  private note(passage: number, ticket: number): void {
    if (Number.isNaN(ticket)) return;
    const tickets = this.seenOn.get(passage) ?? new Set();
    this.seenOn.set(passage, tickets.add(ticket));
    if (tickets.size >= EVERYBODYS) this.searcher.ignore({ what: 'passage', needle: passage });
  }
}

/** The words that somebody else wrote in a row, without what they quoted. */
function ownWords(
  table: string,
  row: TextRow,
  customers: Set<number>,
): { text: string; byCustomer: boolean } | undefined {
  if (table === 'tickets') return { text: String(row['subject'] ?? ''), byCustomer: true };
  if (table !== 'messages') return undefined;
  const byCustomer = row['author_kind'] === 'customer' && !customers.has(Number(row['author_id']));
  const byAgent = row['author_kind'] === 'agent' && row['kind'] === 'reply';
  return byCustomer || byAgent ? { text: withoutQuotes(String(row['words'])), byCustomer } : undefined;
}

const isTheFirms = ({ kept }: PersonalTable) => kept === 'firm' || kept === 'account';
