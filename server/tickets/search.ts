// Finding tickets by any word of them, newest first, within what the asker may see.
import type { Agent } from '../agents';
import type { App } from '../app';
import { query, queryOne, queryValue } from '../db';
import { seesEverything } from '../roles';
import { type Scope, scopeOf, VISIBLE } from './access';
import { TICKET_ROW, type TicketListRow } from './list';
import { wordsIn } from './words';

const MOST_TOKENS = 12;
/** "1042", "#1042": a number by itself asks for that ticket, whoever else mentions it. */
const NUMBER = /^\s*#?(\d{1,15})\s*$/;

const findNumbered = queryOne<[number: number, ...scope: Scope], TicketListRow>(`
  SELECT ${TICKET_ROW} FROM tickets
    JOIN customers ON customers.id = tickets.customer_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE tickets.number = ? AND tickets.deleted_at IS NULL AND ${VISIBLE}`);

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

/** Hits are counted up to here; then a page says "200+". */
export const MOST_COUNTED = 200;
/** A narrow view over a common word could walk the whole index: the count looks at the newest hits only (SPEED). */
const MOST_PROBED = 2_000;

const countAll = queryValue<[match: string, limit: number], number>(
  'SELECT count(*) FROM (SELECT rowid FROM ticket_index WHERE ticket_index MATCH ? LIMIT ?)',
);
const countVisible = queryValue<[match: string, probed: number, ...scope: Scope, limit: number], number>(`
  SELECT count(*) FROM (
    SELECT tickets.id FROM (SELECT rowid AS id FROM ticket_index WHERE ticket_index MATCH ? ORDER BY rowid DESC LIMIT ?) AS newest
      JOIN tickets ON tickets.id = newest.id
     WHERE tickets.deleted_at IS NULL AND ${VISIBLE} LIMIT ?)`);

/** How many tickets a text finds, exact up to `MOST_COUNTED` and one more beyond. */
export function countHits(app: App, agent: Agent, text: string): number {
  const match = matchFor(app, agent, text);
  return match ? countUpTo(app, agent, match, MOST_COUNTED + 1) : 0;
}

const countUpTo = (app: App, agent: Agent, match: string, most: number): number =>
  (seesEverything(agent.role)
    ? countAll(app.db, match, most)
    : countVisible(app.db, match, MOST_PROBED, ...scopeOf(agent), most)) ?? 0;

export interface SearchResult {
  hits: TicketListRow[];
  /** Id to continue before, when there is more. */
  more: number | undefined;
}

/** What to look for: whole words, or, when nothing that the asker sees has them as they stand, with the last word unfinished. */
function matchFor(app: App, agent: Agent, text: string): string | undefined {
  const whole = matchExpression(text);
  if (!whole || countUpTo(app, agent, whole, 1) === 1) return whole;
  return matchExpression(text, { unfinished: true });
}

/**
 * Every token quoted (AC-57, F13). The last word may be unfinished when it has four letters or more; that costs the index
 * several times as much (320 against 70 µs over 20,000 tickets), so whole words are tried first.
 */
export function matchExpression(text: string, options: { unfinished?: boolean } = {}): string | undefined {
  const tokens = wordsIn(text).slice(0, MOST_TOKENS);
  if (tokens.length === 0) return undefined;
  return tokens
    .map(
      (token, place) =>
        `"${token}"${place === tokens.length - 1 && token.length >= 4 && options.unfinished ? '*' : ''}`,
    )
    .join(' ');
}

/** An empty text finds nothing. `limit` rows at most; the ticket whose number was asked for comes first. */
export function searchTickets(
  app: App,
  agent: Agent,
  text: string,
  page: { before?: number; limit: number },
): SearchResult {
  const match = matchFor(app, agent, text);
  if (!match) return { hits: [], more: undefined };
  const { before = Number.MAX_SAFE_INTEGER, limit } = page;
  const found = findHits(app.db, match, before, ...scopeOf(agent), limit + 1);
  const more = found.length > limit ? found[limit - 1]?.id : undefined;
  const asked = NUMBER.exec(text)?.[1];
  const numbered = asked && findNumbered(app.db, Number(asked), ...scopeOf(agent));
  if (!numbered) return { hits: found.slice(0, limit), more };
  const others = found.slice(0, limit).filter(({ id }) => id !== numbered.id);
  return { hits: page.before === undefined ? [numbered, ...others] : others, more };
}
