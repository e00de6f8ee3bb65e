// Finding customers: by the beginning of a name or an address, and by the other words of them, such as the family name.
import type { App } from '../app';
import { findCustomersIn, findCustomersLike, type ListedCustomer } from '../customers';
import { queryColumn } from '../db';
import { matchExpression } from './search/question';
import { foldedWordsIn } from './words';

/** Nothing on a request path scans: of a common word, those who wrote the newest tickets. */
const MOST_PROBED = 2_000;
const MOST_FOUND = 100;

/** The index of tickets has the names and addresses of their customers, folded; so it finds "berzina" in "Ilze Bērziņa". */
const findByWords = queryColumn<[match: string, limit: number], number>(`
  SELECT DISTINCT tickets.customer_id
    FROM (SELECT rowid AS id FROM ticket_index WHERE ticket_index MATCH ? ORDER BY rowid DESC LIMIT ?) AS newest
    JOIN tickets ON tickets.id = newest.id`);

export interface FoundCustomers {
  rows: ListedCustomer[];
  next?: string;
  /** There are more than can be shown. */
  isCut?: boolean;
}

export function findCustomers(app: App, asked: { q: string; after: string }): FoundCustomers {
  const listed = findCustomersLike(app.db, asked);
  const match = matchExpression(asked.q, { unfinished: true });
  if (!match) return { ...listed, isCut: asked.q.trim() !== '' && listed.rows.length === MOST_FOUND };
  const words = foldedWordsIn(asked.q);
  const found = new Map(listed.rows.map((row) => [row.id, row]));
  for (const row of findCustomersIn(app.db, findByWords(app.db, match, MOST_PROBED)))
    if (isCalled(row, words)) found.set(row.id, row);
  const rows = [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
  return { rows: rows.slice(0, MOST_FOUND), isCut: rows.length >= MOST_FOUND };
}

/** Tickets are found by whatever is said in them; here the words must be the customer's own. */
function isCalled({ name, email }: ListedCustomer, words: string[]): boolean {
  const own = foldedWordsIn(`${name} ${email ?? ''}`);
  return words.every((word) => own.some((part) => part.startsWith(word)));
}
