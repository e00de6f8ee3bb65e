// What an admin decides about an agent: another role, or that they leave.
import type { App } from '../app';
import { record } from '../events';
import { mayRole, type Role } from '../roles';
import type { Agent, AgentRow } from './agent';
import { countOwners, deleteOpenLinks, updateRole, updateState } from './queries';
import { closeAllSessions } from './sessions';

export type StaffOutcome = { done: true } | { refused: 'last-owner' };

const DONE: StaffOutcome = { done: true };
const LAST_OWNER: StaffOutcome = { refused: 'last-owner' };

const isLastOwner = (app: App, agent: AgentRow) =>
  agent.role === 'owner' && agent.state === 'active' && (countOwners(app.db) ?? 0) <= 1;

/**
 * Ends their sessions: pages, live rooms and the session's own rights were those of the old role (AC-38). Who may answer
 * no more keeps no open tickets, or their customers would wait for nobody.
 */
export function changeRole(app: App, actor: Agent, agent: AgentRow, role: Role): StaffOutcome {
  if (agent.role === role) return DONE;
  if (isLastOwner(app, agent)) return LAST_OWNER;
  updateRole(app.db, role, agent.id);
  record(app, 'agent.role-changed', actor, agent, { from: agent.role, to: role });
  closeAllSessions(app, actor, agent.id);
  if (!mayRole(role, 'tickets.reply')) app.hooks.workGoesBack(app, actor, agent.id);
  return DONE;
}

/**
 * They sign in no more, at once. Open tickets go back to everybody, so that no customer waits for somebody who is gone;
 * what is solved keeps the name, as does everything they wrote.
 */
export function removeAgent(app: App, actor: Agent, agent: AgentRow): StaffOutcome {
  if (agent.state === 'removed') return DONE;
  if (isLastOwner(app, agent)) return LAST_OWNER;
  updateState(app.db, 'removed', agent.id);
  deleteOpenLinks(app.db, agent.id);
  closeAllSessions(app, actor, agent.id);
  app.hooks.workGoesBack(app, actor, agent.id);
  record(app, 'agent.removed', actor, agent, { was: agent.state });
  return DONE;
}
