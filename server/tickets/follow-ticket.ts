// An agent follows a ticket: sees it wherever it goes, and hears of it.
import type { Agent } from '../agents';
import type { App } from '../app';
import { change, query, queryValue } from '../db';
import { record } from '../events';
import { signalTicket } from './live';
import type { Ticket } from './ticket';

/** Counts add up what somebody sees only because they follow it, so it is not without end. */
const MOST_FOLLOWED = 1_000;

const countFollowed = queryValue<[agentId: number], number>(
  'SELECT count(*) FROM ticket_followers WHERE agent_id = ?',
);
const insertFollower = change<[ticketId: number, agentId: number]>(
  'INSERT INTO ticket_followers VALUES (?, ?) ON CONFLICT DO NOTHING',
);
const deleteFollower = change<[ticketId: number, agentId: number]>(
  'DELETE FROM ticket_followers WHERE ticket_id = ? AND agent_id = ?',
);

export interface Follower {
  id: number;
  name: string;
}

/** Who are still here, by name. */
export const findFollowing = query<[ticketId: number], Follower[]>(`
  SELECT agents.id, agents.name FROM ticket_followers JOIN agents ON agents.id = agent_id
   WHERE ticket_id = ? AND agents.state = 'active' ORDER BY agents.name COLLATE NOCASE, agents.id`);

/** A colleague named them: they follow from now on, unless they do or follow as many as anybody may. Only who may see it anyway. */
export function letFollow(app: App, actor: Agent, ticket: Ticket, follower: { id: number }): void {
  if ((countFollowed(app.db, follower.id) ?? 0) >= MOST_FOLLOWED) return;
  if (insertFollower(app.db, ticket.id, follower.id) === 1)
    record(app, 'ticket.followed', actor, ticket, { agent: follower.id });
}

/** False when they follow as many as anybody may. */
export function followTicket(app: App, actor: Agent, ticket: Ticket, isFollowing: boolean): boolean {
  if (isFollowing && (countFollowed(app.db, actor.id) ?? 0) >= MOST_FOLLOWED) return false;
  const act = isFollowing ? insertFollower : deleteFollower;
  if (act(app.db, ticket.id, actor.id) === 0) return true;
  record(app, isFollowing ? 'ticket.followed' : 'ticket.unfollowed', actor, ticket);
  signalTicket(app, ticket.id);
  return true;
}
