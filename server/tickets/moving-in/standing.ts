// How a ticket stands that an import has made: by who wrote last, and how long ago.
import type { App } from '../../app';
import { change, queryOne, queryValue } from '../../db';
import { DAY } from '../../lib/clock';
import type { Status, Ticket } from '../ticket';
import type { ImportOptions } from './import';

const wasWorkedOn = queryValue<[ticketId: number], 1>(
  "SELECT 1 FROM events WHERE subject_kind = 'ticket' AND subject_id = ? AND actor_kind = 'agent' LIMIT 1",
);
const hasAnswer = queryValue<[ticketId: number], 1>(
  "SELECT 1 FROM messages WHERE ticket_id = ? AND kind = 'reply' AND author_kind = 'agent' LIMIT 1",
);
const findStanding = queryOne<
  [ticketId: number],
  { activity_at: number; awaits_us: number; created_at: number; status: Status }
>(
  'SELECT activity_at, awaits_us, min(created_at, coalesce((SELECT min(created_at) FROM messages WHERE ticket_id = tickets.id), created_at)) AS created_at, status FROM tickets WHERE id = ?',
);
const updateStanding = change<
  [status: Status, solvedAt: number | null, closedAt: number | null, createdAt: number, id: number]
>(
  'UPDATE tickets SET status = ?, solved_at = ?, closed_at = ?, created_at = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);

/**
 * What a customer wrote last, not long ago, is open; what was answered is solved; what is older than that is closed. A ticket that
 * somebody has worked on since stands as they left it.
 */
export function settle(app: App, ticket: Ticket, { openDays }: ImportOptions): void {
  const standing = findStanding(app.db, ticket.id);
  if (!standing || wasWorkedOn(app.db, ticket.id) === 1) return;
  const { activity_at: last } = standing;
  const isOld = last < app.clock.now() - openDays * DAY;
  const waiting: Status = hasAnswer(app.db, ticket.id) === 1 ? 'open' : 'new';
  const status: Status = isOld ? 'closed' : standing.awaits_us ? waiting : 'solved';
  const solvedAt = status === 'solved' || status === 'closed' ? last : null;
  updateStanding(app.db, status, solvedAt, status === 'closed' ? last : null, standing.created_at, ticket.id);
}
