// Reads every text of every row that stays, and says where the person still stands: named, or quoted.
//
// It goes in slices of a few milliseconds on the thread that serves, so no page waits; a second thread would need a second
// copy of everything to match against. Which texts there are says the map.
import type { App } from '../app';
import { withoutQuotes } from '../lib/passages';
import type { PersonalTable } from '../lib/personal';
import type { Needles, Plan } from './identity';
import { TABLES } from './map';
import { statementOf, type ThingId } from './rows';
import { Searcher, type Span } from './spans';

/** Characters of text looked through in one turn. */
const A_TURN = 400_000;
const ROWS_A_QUERY = 100;

type Row = Record<string, string | number | null> & { _key: ThingId };

/** A row that stays and holds something of theirs. */
export interface Place {
  table: PersonalTable;
  key: ThingId;
  columns: string[];
}

export interface Elsewhere {
  places: Place[];
  searcher: Searcher;
  /** Ids and passages that other people's own words hold too: theirs as much, so they stay and are not searched for. */
  common: { numbers: number; passages: number };
  rows: number;
}

interface Sighting {
  table: PersonalTable;
  key: ThingId;
  column: string;
  /** By `what needle`. */
  what: Set<string>;
}

/** The texts in which others may have named or quoted somebody. `skip` says which rows are going anyway. */
export const lookElsewhere = (
  app: App,
  plan: Plan,
  needles: Needles,
  skip: Map<string, Set<ThingId>> = new Map(),
): Promise<Elsewhere> => look(app, plan, needles, skip, searchedColumns);

/** Every column of every table, for the proof that nothing is left. */
export const lookEverywhere = (app: App, plan: Plan, needles: Needles): Promise<Elsewhere> =>
  look(app, plan, needles, new Map(), (table) => Object.keys(table.columns));

type Columns = (table: PersonalTable) => string[];

async function look(
  app: App,
  plan: Plan,
  needles: Needles,
  skip: Map<string, Set<ThingId>>,
  columnsOf: Columns,
): Promise<Elsewhere> {
  const searcher = new Searcher(needles);
  const joint = new Set(plan.joint);
  const common = new Set<string>();
  const sightings: Sighting[] = [];
  let rows = 0;
  for (const table of TABLES) {
    const columns = columnsOf(table);
    for await (const row of rowsOf(app, table, columns)) {
      rows += 1;
      if (skip.get(table.table)?.has(row._key)) continue;
      const found = seenIn(searcher, columns, row);
      if (found.length === 0) continue;
      const shared =
        table.table === 'messages' ? ownWordsOfOthers(searcher, needles, row, plan, joint, found) : [];
      for (const key of shared) common.add(key);
      for (const { column, spans } of found)
        sightings.push({ table, key: row._key, column, what: new Set(spans.map(keyOf)) });
    }
  }
  for (const key of common) ignore(searcher, key);
  return { places: placesOf(sightings, common), searcher, common: countCommon(common), rows };
}

interface Found {
  column: string;
  spans: Span[];
}

function seenIn(searcher: Searcher, columns: string[], row: Row): Found[] {
  const found: Found[] = [];
  for (const column of columns) {
    const text = row[column];
    const spans = typeof text === 'string' ? searcher.find(text) : [];
    if (spans.length > 0) found.push({ column, spans });
  }
  return found;
}

/**
 * What another customer wrote, or an agent answered, in words of their own. On a ticket that the person took part in, or
 * beside their name, the same passage is a copy of theirs; elsewhere it is chance, or what everybody writes.
 */
function ownWordsOfOthers(
  searcher: Searcher,
  needles: Needles,
  row: Row,
  plan: Plan,
  joint: Set<number>,
  found: Found[],
): string[] {
  const isTheirs = plan.customers.some(({ id }) => id === row['author_id']);
  const byCustomer = row['author_kind'] === 'customer' && !isTheirs;
  const byAgent = row['author_kind'] === 'agent' && row['kind'] === 'reply';
  if (!byCustomer && !byAgent) return [];
  const own = searcher.find(withoutQuotes(String(row['words'])));
  const named = found.some(({ spans }) =>
    spans.some((span) => span.what === 'id' && span.needle < needles.numbersFrom),
  );
  const isCopy = named || joint.has(Number(row['ticket_id']));
  return own
    .filter((span) =>
      span.what === 'passage' ? !isCopy : byCustomer && span.needle >= needles.numbersFrom && !named,
    )
    .map(keyOf);
}

const keyOf = ({ what, needle }: Pick<Span, 'what' | 'needle'>) => `${what} ${needle}`;

function ignore(searcher: Searcher, key: string): void {
  const [what, needle] = key.split(' ');
  searcher.ignore(what as Span['what'], Number(needle));
}

function placesOf(sightings: Sighting[], common: Set<string>): Place[] {
  const places = new Map<string, Place>();
  for (const { table, key, column, what } of sightings) {
    if ([...what].every((each) => common.has(each))) continue;
    const name = `${table.table} ${key}`;
    const place = places.get(name) ?? { table, key, columns: [] };
    place.columns.push(column);
    places.set(name, place);
  }
  return [...places.values()];
}

function countCommon(common: Set<string>): Elsewhere['common'] {
  const passages = [...common].filter((key) => key.startsWith('passage')).length;
  return { passages, numbers: common.size - passages };
}

const searchedColumns: Columns = (table) =>
  Object.keys(table.columns).filter((name) => table.columns[name]?.residue !== 'nothing');

/** What tells whose words a message holds. */
const BESIDE: Record<string, string[]> = { messages: ['ticket_id', 'kind', 'author_kind', 'author_id'] };

async function* rowsOf(app: App, table: PersonalTable, columns: string[]): AsyncGenerator<Row> {
  if (columns.length === 0) return;
  const key = table.key ?? 'id';
  const wanted = [...columns, ...(BESIDE[table.table] ?? [])].join(', ');
  const first = statementOf(
    app.db,
    `SELECT ${key} AS _key, ${wanted} FROM ${table.table} ORDER BY ${key} LIMIT ${ROWS_A_QUERY}`,
  );
  const next = statementOf(
    app.db,
    `SELECT ${key} AS _key, ${wanted} FROM ${table.table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${ROWS_A_QUERY}`,
  );
  let read = 0;
  for (let rows = first.all() as Row[]; rows.length > 0; rows = next.all(rows.at(-1)?._key) as Row[]) {
    for (const row of rows) {
      for (const column of columns) read += typeof row[column] === 'string' ? row[column].length : 1;
      yield row;
      if (read < A_TURN) continue;
      read = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (rows.length < ROWS_A_QUERY) return;
  }
}
