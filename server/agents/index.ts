// The door of agents.
export { type Agent, type AgentRow, agentOf, hueOf, initialsOf } from './agent';
export { hashPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords';
export { countOwners, findActiveAgents, findAgentByEmail, findAgentById, findAllAgents, insertAgent } from './queries';
export { agentRoutes } from './routes';
export { closeAllSessions, openSession, Sessions } from './sessions';
