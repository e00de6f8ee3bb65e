// An old message that comes late stands where its date puts it, not below what was written after it.
import type { App } from '../../app';
import { change, queryValue } from '../../db';
import type { MessageRow, Ticket } from '../ticket';

const findFirstLater = queryValue<[ticketId: number, at: number, sequence: number], number | null>(
  'SELECT min(sequence) FROM messages WHERE ticket_id = ? AND created_at > ? AND sequence < ?',
);
/** Below zero first: no two messages of a ticket may have one place, not even for a moment. */
const updateAside = change<[ticketId: number, from: number]>(
  'UPDATE messages SET sequence = -sequence WHERE ticket_id = ? AND sequence >= ?',
);
const updateBack = change<[last: number, first: number, ticketId: number]>(
  'UPDATE messages SET sequence = CASE WHEN sequence = -? THEN ? ELSE 1 - sequence END WHERE ticket_id = ? AND sequence < 0',
);

/** Within the transaction that added it as the last. A chat keeps its order: its visitor has seen it. */
export function putInPlace(app: App, ticket: Ticket, message: MessageRow, at: number): void {
  if (ticket.channel === 'chat') return;
  const first = findFirstLater(app.db, ticket.id, at, message.sequence);
  if (first === undefined || first === null) return;
  updateAside(app.db, ticket.id, first);
  updateBack(app.db, message.sequence, first, ticket.id);
}
