// Which messages of a ticket came from another, or went to one: shown on both, to those who may see both (AC-47).
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { query } from '../../db';
import { type Scope, scopeOf, VISIBLE } from '../access';
import type { Ticket } from '../ticket';

const MOST_SHOWN = 5;

/** Of messages that are on this ticket now. */
const findCameFrom = query<[ticketId: number, sameId: number, ...scope: Scope], { number: number }[]>(`
  SELECT DISTINCT tickets.number FROM moved_messages JOIN messages ON messages.id = message_id JOIN tickets ON tickets.id = from_ticket_id
   WHERE to_ticket_id = ? AND messages.ticket_id = to_ticket_id AND from_ticket_id <> ? AND tickets.deleted_at IS NULL AND ${VISIBLE}
   ORDER BY tickets.number DESC LIMIT ${MOST_SHOWN}`);
/** Where messages are now that were on this ticket. */
const findWentTo = query<[ticketId: number, sameId: number, ...scope: Scope], { number: number }[]>(`
  SELECT DISTINCT tickets.number FROM moved_messages JOIN messages ON messages.id = message_id JOIN tickets ON tickets.id = messages.ticket_id
   WHERE from_ticket_id = ? AND messages.ticket_id <> ? AND tickets.deleted_at IS NULL AND ${VISIBLE}
   ORDER BY tickets.number DESC LIMIT ${MOST_SHOWN}`);

/** Numbers of tickets, the newest first. */
export const movesOf = (app: App, agent: Agent, ticket: Ticket): { from: number[]; to: number[] } => ({
  from: findCameFrom(app.db, ticket.id, ticket.id, ...scopeOf(agent)).map(({ number }) => number),
  to: findWentTo(app.db, ticket.id, ticket.id, ...scopeOf(agent)).map(({ number }) => number),
});

export interface MoveRow {
  message_id: number;
  name: string | null;
  created_at: number;
}

/** Who moved these messages last; `ids` is a JSON array. */
export const findMovesOfMessages = query<[ids: string], MoveRow[]>(`
  SELECT message_id, agents.name, moved_messages.created_at FROM json_each(?) AS wanted
    JOIN moved_messages ON message_id = wanted.value LEFT JOIN agents ON agents.id = moved_by ORDER BY moved_messages.id`);
