// An agent has read what they were told: of one ticket, or all of it.
import type { Agent } from '../agents';
import type { App } from '../app';
import type { Ticket } from '../tickets';
import { signalNotices } from './follow-events';
import { findUnreadUpTo, isUnread, updateRead } from './queries';

/** Inside a transaction. */
export function readNotices(app: App, agent: Pick<Agent, 'id'>, ticketIds: number[]): void {
  const now = app.clock.now();
  const changed = ticketIds.filter((id) => updateRead(app.db, now, agent.id, id) > 0);
  if (changed.length > 0) signalNotices(app, agent.id);
}

/** Inside a transaction. Only what the page has shown: `upTo` is the newest notice on it. */
export const readAllNotices = (app: App, agent: Pick<Agent, 'id'>, upTo: number): void =>
  readNotices(app, agent, findUnreadUpTo(app.db, agent.id, upTo));

/** Whoever looks at a ticket has read what was told about it. Nothing is asked or written where nothing is unread. */
export async function readNoticesOf(app: App, agent: Agent, ticket: Pick<Ticket, 'id'>): Promise<void> {
  if (isUnread(app.db, agent.id, ticket.id)) await app.write(() => readNotices(app, agent, [ticket.id]));
}
