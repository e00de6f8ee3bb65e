// A team is removed: its tickets go where the admin said, a few at a time, so that nobody waits meanwhile.
import { agentOf, deleteTeam, findAgentById, findTeamById } from '../agents';
import type { App } from '../app';
import { query, queryValue } from '../db';
import { type Actor, record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { giveToTeam } from './give-team';
import { updateTeam } from './queries';
import type { Ticket } from './ticket';
import { workInSteps } from './work-in-steps';

export const TEAM_JOB = 'move a removed team';

interface Payload {
  team: number;
  actor: number | null;
}

const A_STEP = 20;

const findSome = query<[teamId: number, limit: number], Ticket[]>(
  'SELECT * FROM tickets WHERE team_id = ? LIMIT ?',
);
const countAll = queryValue<[teamId: number], number>('SELECT sum(n) FROM ticket_counts WHERE team_id = ?');
const countOpen = queryValue<[teamId: number], number>(
  "SELECT sum(n) FROM ticket_counts WHERE team_id = ? AND status NOT IN ('solved', 'closed', 'spam')",
);

export const countTicketsOfTeam = (app: App, teamId: number) => ({
  open: countOpen(app.db, teamId) ?? 0,
  all: countAll(app.db, teamId) ?? 0,
});

/** Inside a transaction; the work is a row of the queue, so a restart does not end it. */
export const moveTeamLater = (app: App, actor: Actor, team: number): void =>
  enqueue(app, TEAM_JOB, { team, actor: actor.id } satisfies Payload);

export async function moveTeam(app: App, payload: Payload): Promise<void> {
  const isDone = await workInSteps(app, () => moveSome(app, payload));
  if (!isDone) await app.write(() => enqueue(app, TEAM_JOB, payload));
}

/** True while there are more. With the last ticket the team's own row goes. */
function moveSome(app: App, { team: id, actor: actorId }: Payload): boolean {
  const team = findTeamById(app.db, id);
  if (!team) return false;
  const target = team.moves_to_id === null ? undefined : findTeamById(app.db, team.moves_to_id);
  const row = actorId === null ? undefined : findAgentById(app.db, actorId);
  // Nobody is to be told of each of them.
  const actor: Actor = { ...(row ? agentOf(row) : SYSTEM), facts: { because: 'team-removed' } };
  const tickets = findSome(app.db, id, A_STEP);
  for (const ticket of tickets) {
    // What was thrown away or merged is nobody's work, so nothing is said in it.
    if (ticket.deleted_at === null && ticket.merged_into_id === null)
      giveToTeam(app, actor, ticket, target ?? null, id);
    else {
      updateTeam(app.db, target?.id ?? null, ticket.id, id);
      record(app, 'ticket.team-changed', actor, ticket, { from: id, to: target?.id ?? null });
    }
  }
  if (tickets.length === A_STEP) return true;
  deleteTeam(app.db, id);
  app.db.afterCommit(() => app.hub.signal('agents', 'list:changed', {}));
  return false;
}
