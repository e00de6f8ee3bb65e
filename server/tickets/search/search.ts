// Finding tickets by what is in them and what they are, newest first, within what the asker may see.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { query, queryOne, queryValue } from '../../db';
import { seesEverything } from '../../roles';
import { type Scope, scopeOf, VISIBLE } from '../access';
import { TICKET_ROW, type TicketListRow } from '../list';
import { type Question, questionOf } from './question';

const findNumbered = queryOne<[number: number, ...scope: Scope], TicketListRow>(`
  SELECT ${TICKET_ROW} FROM tickets
    JOIN customers ON customers.id = tickets.customer_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE tickets.number = ? AND tickets.deleted_at IS NULL AND ${VISIBLE}`);

type Range = [from: number, before: number];
/** The marks of days are those of UTC, so both ends of a range are looked at once more. */
const IN_RANGE = 'tickets.created_at >= ? AND tickets.created_at < ?';

/**
 * The index walks down from the newest ticket (`rowid DESC`: 0.1 ms for any word, SPEED), so a page costs what it shows.
 * Operators are words of the index as well, and so is what the asker may see: nothing else is walked. `before` is the id of the
 * last ticket of the page before.
 */
const findHits = query<
  [match: string, before: number, ...range: Range, ...scope: Scope, limit: number],
  TicketListRow[]
>(`
  SELECT ${TICKET_ROW} FROM ticket_index
    JOIN tickets ON tickets.id = ticket_index.rowid
    JOIN customers ON customers.id = tickets.customer_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE ticket_index MATCH ? AND ticket_index.rowid < ? AND ${IN_RANGE} AND tickets.deleted_at IS NULL AND ${VISIBLE}
   ORDER BY ticket_index.rowid DESC LIMIT ?`);

/** Hits are counted up to here; then a page says "200+". */
export const MOST_COUNTED = 200;
/** A narrow view over a common word could walk the whole index: the count looks at the newest hits only (SPEED). */
const MOST_PROBED = 2_000;

const countAll = queryValue<[match: string, limit: number], number>(
  'SELECT count(*) FROM (SELECT rowid FROM ticket_index WHERE ticket_index MATCH ? LIMIT ?)',
);
const countVisible = queryValue<
  [match: string, probed: number, ...range: Range, ...scope: Scope, limit: number],
  number
>(`
  SELECT count(*) FROM (
    SELECT tickets.id FROM (SELECT rowid AS id FROM ticket_index WHERE ticket_index MATCH ? ORDER BY rowid DESC LIMIT ?) AS newest
      JOIN tickets ON tickets.id = newest.id
     WHERE ${IN_RANGE} AND tickets.deleted_at IS NULL AND ${VISIBLE} LIMIT ?)`);

const rangeOf = ({ range }: Question): Range =>
  range ? [range.from, range.before] : [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

const countUpTo = (app: App, agent: Agent, match: string, question: Question, most: number): number =>
  (seesEverything(agent.role) && !question.range
    ? countAll(app.db, match, most)
    : countVisible(app.db, match, MOST_PROBED, ...rangeOf(question), ...scopeOf(agent), most)) ?? 0;

export interface SearchResult {
  hits: TicketListRow[];
  /** Id to continue before, when there is more. */
  more: number | undefined;
  /** How many there are, exact up to `MOST_COUNTED` and one more beyond. */
  count(): number;
}

/**
 * An empty text finds nothing. `limit` rows at most; the ticket whose number was asked for comes first. Whole words are looked
 * for, and, when nothing that the asker sees has them as they stand, the last word as the beginning of one.
 */
export function searchTickets(
  app: App,
  agent: Agent,
  text: string,
  page: { before?: number; limit: number },
): SearchResult {
  const question = questionOf(app, agent, text);
  return question.match === undefined
    ? { hits: [], more: undefined, count: () => 0 }
    : answer(app, agent, question, question.match, page);
}

function answer(
  app: App,
  agent: Agent,
  question: Question,
  match: string,
  page: { before?: number; limit: number },
): SearchResult {
  const { before = Number.MAX_SAFE_INTEGER, limit } = page;
  const isFirst = page.before === undefined;
  const found = findHits(app.db, match, before, ...rangeOf(question), ...scopeOf(agent), limit + 1);
  const { unfinished } = question;
  // On a further page there may be no more of what the first one had.
  if (found.length === 0 && unfinished && (isFirst || countUpTo(app, agent, match, question, 1) === 0))
    return answer(app, agent, { ...question, unfinished: undefined }, unfinished, page);
  const more = found.length > limit ? found[limit - 1]?.id : undefined;
  const shown = found.slice(0, limit);
  // Of everything that fits on the first page nothing has to be counted.
  const count = () =>
    isFirst && more === undefined ? found.length : countUpTo(app, agent, match, question, MOST_COUNTED + 1);
  const numbered = question.number !== undefined && findNumbered(app.db, question.number, ...scopeOf(agent));
  if (!numbered) return { hits: shown, more, count };
  const others = shown.filter(({ id }) => id !== numbered.id);
  return { hits: isFirst ? [numbered, ...others] : others, more, count };
}
