// What an admin decides about teams: their names, who is in them, and that one is no longer needed.
import type { App } from '../app';
import { record } from '../events';
import type { Agent } from './agent';
import { findAgentById } from './queries';
import {
  deleteMember,
  findMembers,
  findTeamById,
  findTeamMovingTo,
  findTeams,
  insertMember,
  insertTeam,
  type TeamRow,
  updateTeamLeaving,
  updateTeamName,
} from './team-queries';

export interface TeamInput {
  name: string;
  members: number[];
}

export type TeamOutcome = { team: TeamRow } | { taken: true };

/** Names are told apart without regard to case. */
export function createTeam(app: App, actor: Agent, { name, members }: TeamInput): TeamOutcome {
  if (isTaken(app, name, undefined)) return { taken: true };
  const id = insertTeam(app.db, name, app.clock.now());
  record(app, 'team.created', actor, { id });
  setMembers(app, actor, id, members);
  return { team: findTeamById(app.db, id) as TeamRow };
}

export function changeTeam(app: App, actor: Agent, team: TeamRow, { name, members }: TeamInput): TeamOutcome {
  if (isTaken(app, name, team.id)) return { taken: true };
  if (name !== team.name) {
    updateTeamName(app.db, name, team.id);
    record(app, 'team.renamed', actor, team);
  }
  setMembers(app, actor, team.id, members);
  return { team: findTeamById(app.db, team.id) as TeamRow };
}

const isTaken = (app: App, name: string, own: number | undefined) =>
  findTeams(app.db).some(
    (team) => team.id !== own && team.name.toLocaleLowerCase() === name.toLocaleLowerCase(),
  );

/** Those who come and go see other tickets from now on: their open pages look anew. */
function setMembers(app: App, actor: Agent, teamId: number, members: number[]): void {
  const before = findMembers(app.db, teamId).map(({ id }) => id);
  const wanted = members.filter((id) => (findAgentById(app.db, id)?.state ?? 'removed') !== 'removed');
  const come = wanted.filter((id) => !before.includes(id) && insertMember(app.db, teamId, id) > 0);
  const go = before.filter((id) => !wanted.includes(id) && deleteMember(app.db, teamId, id) > 0);
  for (const agent of come) record(app, 'team.joined', actor, { id: teamId }, { agent });
  for (const agent of go) record(app, 'team.left', actor, { id: teamId }, { agent });
  for (const agent of [...come, ...go])
    app.db.afterCommit(() => app.hub.signal(`agent:${agent}`, 'list:changed', {}));
}

export type RemovalOutcome = { done: true } | { refused: 'gone' | 'target' | 'awaited' };

/**
 * The team is in no list any more; its tickets go to another team, or to everybody, in small steps. `awaited`: tickets of
 * another team are still on their way to this one.
 */
export function removeTeam(app: App, actor: Agent, team: TeamRow, to: number | null): RemovalOutcome {
  const target = to === null ? undefined : findTeamById(app.db, to);
  if (to !== null && (!target || target.deleted_at !== null || target.id === team.id))
    return { refused: 'target' };
  if (findTeamMovingTo(app.db, team.id)) return { refused: 'awaited' };
  if (updateTeamLeaving(app.db, app.clock.now(), to, team.id) === 0) return { refused: 'gone' };
  record(app, 'team.removed', actor, team, { to });
  app.hooks.teamGoes(app, actor, team.id);
  return { done: true };
}
