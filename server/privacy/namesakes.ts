// Where a name stands that somebody else bears too: listed for a decision, not hidden and not guessed (P3).
import type { App } from '../app';
import { queryValue } from '../db';
import type { PersonalTable } from '../lib/personal';
import type { Place } from './elsewhere';
import type { Plan } from './identity';
import { TABLES } from './map';
import { type Key, keyOf, keyText, oneRow, Reading, type TextRow } from './read-through';
import { findReturned } from './returned';
import { statementOf } from './rows';
import { Searcher } from './spans';

/** A row that stays in which the name stands; the words are not kept, only where they are. */
export interface Hit {
  table: string;
  key: (string | number)[];
  columns: string[];
  /** Decided, and not carried out yet. */
  isTheirs?: boolean;
}

export const hitName = ({ table, key }: Pick<Hit, 'table' | 'key'>): string => `${table} ${keyText(key)}`;

/** More than anybody decides one by one; what is beyond is said on the certificate as a name that was not searched for. */
const MOST_HITS = 50_000;

const BESIDE: Record<string, string[]> = { messages: ['author_kind', 'author_id'], customers: ['name'] };

export const searcherOf = (names: string[]): Searcher =>
  new Searcher({
    ids: names.map((name) => name.toLowerCase()),
    namesFrom: 0,
    numbersFrom: names.length,
    passages: [],
  });

/** Reads every text that people wrote. The name of a namesake's own row and their own words are theirs without asking. */
export async function findHits(app: App, plan: Plan): Promise<Hit[]> {
  if (plan.namesakes.length === 0) return [];
  const searcher = searcherOf(plan.namesakes);
  const { rows: returned } = await findReturned(app, plan);
  const reading = new Reading(app);
  const hits: Hit[] = [];
  for (const table of TABLES) {
    const columns = writtenColumns(table);
    if (columns.length === 0) continue;
    await reading.through(table, [...columns, ...(BESIDE[table.table] ?? [])], (rows) => {
      for (const row of rows) {
        const key = keyOf(table, row);
        if (hits.length >= MOST_HITS || returned.get(table.table)?.has(keyText(key))) continue;
        const found = columns.filter((column) => stands(searcher, row[column]));
        if (found.length === 0 || isNamesakes(app, plan.namesakes, table.table, row)) continue;
        hits.push({ table: table.table, key: key as (string | number)[], columns: found });
      }
    });
  }
  return hits;
}

/** What people wrote; a ticket's excerpt follows its newest message by itself. */
const writtenColumns = (table: PersonalTable): string[] =>
  Object.entries(table.columns)
    .filter(([name, { kind, residue }]) => kind === 'content' && residue !== 'nothing' && name !== 'excerpt')
    .map(([name]) => name);

const stands = (searcher: Searcher, value: unknown): boolean =>
  typeof value === 'string' && searcher.stands(value) && searcher.find(value).length > 0;

const findName = queryValue<[customerId: number], string>('SELECT name FROM customers WHERE id = ?');

function isNamesakes(app: App, names: string[], table: string, row: TextRow): boolean {
  const bears = (name: string | undefined) =>
    name !== undefined && names.some((each) => each.toLowerCase() === name.toLowerCase());
  if (table === 'customers') return bears(String(row['name']));
  if (table !== 'messages' || row['author_kind'] !== 'customer') return false;
  return bears(findName(app.db, Number(row['author_id'])));
}

const tableNamed = new Map<string, PersonalTable>(TABLES.map((table) => [table.table, table]));

/** As the steps of an erasure take them; undefined when the map does not know the table any more. */
export function placeOf({ table, key, columns }: Hit): Place | undefined {
  const known = tableNamed.get(table);
  return known && { table: known, key: key as Key, columns };
}

/** The texts in which the name still stands; none when the row is gone or was written anew. */
export function textsOfHit(app: App, searcher: Searcher, hit: Hit): string[] {
  const place = placeOf(hit);
  if (!place) return [];
  const sql = `SELECT ${hit.columns.join(', ')} FROM ${hit.table} WHERE ${oneRow(place.table)}`;
  const row = statementOf(app.db, sql).get(...place.key) as TextRow | undefined;
  return Object.values(row ?? {}).filter(
    (value): value is string => typeof value === 'string' && stands(searcher, value),
  );
}
