// Finding tickets by any word of them, newest first, within what the asker may see.
import type { Agent } from '../agents';
import type { App } from '../app';
import { query } from '../db';
import { scopeOf, type Scope, VISIBLE } from './access';
import { TICKET_ROW, type TicketListRow } from './list';

const MOST_TOKENS = 12;

/**
 * The index walks down from the newest ticket (`rowid DESC`: 0.1 ms for any word, SPEED), so a page costs what it shows.
 * `before` is the id of the last ticket of the page before.
 */
const findHits = query<[match: string, before: number, ...scope: Scope, limit: number], TicketListRow[]>(`
  SELECT ${TICKET_ROW} FROM ticket_index
    JOIN tickets ON tickets.id = ticket_index.rowid
    JOIN customers ON customers.id = tickets.customer_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE ticket_index MATCH ? AND ticket_index.rowid < ? AND tickets.deleted_at IS NULL AND ${VISIBLE}
   ORDER BY ticket_index.rowid DESC LIMIT ?`);

export interface SearchResult {
  hits: TicketListRow[];
  /** Id to continue before, when there is more. */
  more: number | undefined;
}

/** Every token quoted (AC-57, F13); the last word may be unfinished when it has four letters or more. */
export function matchExpression(text: string): string | undefined {
  const tokens = text.replaceAll('\0', ' ').match(/[\p{L}\p{N}\p{M}]+/gu)?.slice(0, MOST_TOKENS) ?? [];
  if (tokens.length === 0) return undefined;
  return tokens.map((token, place) => `"${token}"${place === tokens.length - 1 && token.length >= 4 ? '*' : ''}`).join(' ');
}

/** An empty text finds nothing. `limit` rows at most. */
export function searchTickets(app: App, agent: Agent, text: string, page: { before?: number; limit: number }): SearchResult {
  const match = matchExpression(text);
  if (!match) return { hits: [], more: undefined };
  const hits = findHits(app.db, match, page.before ?? Number.MAX_SAFE_INTEGER, ...scopeOf(agent), page.limit + 1);
  const more = hits.length > page.limit ? hits[page.limit - 1]?.id : undefined;
  return { hits: hits.slice(0, page.limit), more };
}
