// The door of agents.
import './hooks';

export { canMailLinks, canSend, postToAgent } from './account-mail';
export { type Agent, type AgentRow, agentOf, hueOf, initialsOf } from './agent';
export { askerOf, startSession } from './asker';
export { newPassword, personName } from './forms';
export { PASSWORD_LINK, sendPasswordLink } from './new-password';
export { hashPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords';
export { agentsPersonal } from './personal';
export {
  countOwners,
  deleteAllLinks,
  deleteAllSessions,
  deleteExpiredSessions,
  deleteOldLinks,
  findActiveAgents,
  findAgentByEmail,
  findAgentById,
  findAllAgents,
  findEverybody,
  insertAgent,
  updateAgentSeen,
} from './queries';
export { resetPasswordCommand } from './reset-password-command';
export { agentRoutes } from './routes';
export { closeAllSessions, type KnownSession, openSession, Sessions } from './sessions';
export {
  deleteTeam,
  findMembers,
  findTeamById,
  findTeams,
  findTeamsOf,
  isMember,
  type TeamRow,
} from './team-queries';
