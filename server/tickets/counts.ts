// Exact counts of the standard views, summed from a small table for whoever asks (SPEED: never COUNT(*) per page).
import type { Agent } from '../agents';
import type { App } from '../app';
import { type Db, query, untilCommit } from '../db';
import { seesEverything } from '../roles';
import type { View } from './list';

export type Counts = Record<View, number>;

const findCounts = query<
  [everything: number, agentId: number, sameAgent: number],
  { assignee_id: number; status: string; n: number }[]
>(`
  SELECT assignee_id, status, sum(n) AS n FROM ticket_counts
   WHERE n > 0 AND (? = 1 OR team_id = 0 OR assignee_id = ? OR team_id IN (SELECT team_id FROM team_members WHERE agent_id = ?))
   GROUP BY assignee_id, status`);

/** Tickets of other teams that somebody merely follows are listed but not counted. */
export const countTickets = (app: App, agent: Agent): Counts =>
  countsOf(app.db, `${seesEverything(agent.role) ? 1 : 0} ${agent.id}`);

/** Every page shows them, most changes change them: read once between two commits. */
const countsOf = untilCommit((db: Db, viewer: string): Counts => {
  const [everything, agentId] = viewer.split(' ').map(Number) as [number, number];
  const counts: Counts = { all: 0, mine: 0, unassigned: 0, waiting: 0, solved: 0, closed: 0, spam: 0 };
  for (const { assignee_id: assignee, status, n } of findCounts(db, everything, agentId, agentId)) {
    if (status === 'spam') counts.spam += n;
    else if (status === 'closed') counts.closed += n;
    else {
      counts.all += n;
      if (status === 'solved') counts.solved += n;
      else if (assignee === agentId) counts.mine += n;
      else if (assignee === 0) counts.unassigned += n;
      if (status === 'pending') counts.waiting += n;
    }
  }
  return counts;
});
