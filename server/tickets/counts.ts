// Exact counts of the standard views and of teams, summed from a small table for whoever asks (SPEED: never COUNT(*) per page).
import type { Agent } from '../agents';
import type { App } from '../app';
import { query } from '../db';
import { perViewer, scopeOf } from './access';
import type { StandardView } from './list';

export type Counts = Record<StandardView, number>;

interface Line {
  team_id: number;
  assignee_id: number;
  status: string;
  n: number;
}

const findCounts = query<[everything: number, agentId: number, sameAgent: number], Line[]>(`
  SELECT team_id, assignee_id, status, sum(n) AS n FROM ticket_counts
   WHERE n > 0 AND (? = 1 OR team_id = 0 OR assignee_id = ? OR team_id IN (SELECT team_id FROM team_members WHERE agent_id = ?))
   GROUP BY team_id, assignee_id, status`);

/**
 * What somebody sees of other teams only because they follow it. One line a ticket; nobody follows more of them than
 * `MOST_FOLLOWED`.
 */
const findFollowed = query<[agentId: number, sameAgent: number, andAgain: number], Line[]>(`
  SELECT tickets.team_id, ifnull(tickets.assignee_id, 0) AS assignee_id, iif(is_spam, 'spam', iif(snoozed_at IS NULL, status, 'snoozed')) AS status, 1 AS n
    FROM ticket_followers JOIN tickets ON tickets.id = ticket_id
   WHERE agent_id = ? AND tickets.team_id IS NOT NULL AND tickets.assignee_id IS NOT ?
     AND tickets.team_id NOT IN (SELECT team_id FROM team_members WHERE team_members.agent_id = ?)
     AND deleted_at IS NULL AND merged_into_id IS NULL`);

interface Tally {
  views: Counts;
  /** Open tickets of each team, by its id. */
  teams: ReadonlyMap<number, number>;
}

export const countTickets = (app: App, agent: Agent): Counts => tallyOf(app.db, agent).views;

/** Open tickets of a team that this agent sees. */
export const countOfTeam = (app: App, agent: Agent, teamId: number): number =>
  tallyOf(app.db, agent).teams.get(teamId) ?? 0;

/** Every page shows them, most changes change them: read once between two commits. */
const tallyOf = perViewer((db, viewer): Tally => {
  const [everything, agentId] = scopeOf(viewer);
  const views: Counts = {
    mine: 0,
    unassigned: 0,
    all: 0,
    waiting: 0,
    snoozed: 0,
    solved: 0,
    closed: 0,
    spam: 0,
  };
  const teams = new Map<number, number>();
  const followed = everything ? [] : findFollowed(db, agentId, agentId, agentId);
  for (const { team_id: team, assignee_id: assignee, status, n } of [
    ...findCounts(db, everything, agentId, agentId),
    ...followed,
  ]) {
    if (status === 'spam' || status === 'closed' || status === 'solved' || status === 'snoozed') {
      views[status] += n;
      continue;
    }
    views.all += n;
    if (assignee === agentId) views.mine += n;
    else if (assignee === 0) views.unassigned += n;
    if (status === 'pending') views.waiting += n;
    teams.set(team, (teams.get(team) ?? 0) + n);
  }
  return { views, teams };
});
