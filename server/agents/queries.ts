// SQL over agents, their sessions and their one-time links.
import { change, insert, query, queryOne, queryValue } from '../db';
import type { Role } from '../roles';
import type { AgentRow, AgentState } from './agent';

export const findAgentById = queryOne<[id: number], AgentRow>('SELECT * FROM agents WHERE id = ?');
export const findAgentByPublicId = queryOne<[publicId: string], AgentRow>(
  'SELECT * FROM agents WHERE public_id = ?',
);
export const findAgentByEmail = queryOne<[emailKey: string], AgentRow>(
  'SELECT * FROM agents WHERE email_key = ?',
);
/** Active agents who can be given work, by name. */
export const findActiveAgents = query<[], AgentRow[]>(
  "SELECT * FROM agents WHERE state = 'active' ORDER BY name COLLATE NOCASE, id",
);
export const findAllAgents = query<[], AgentRow[]>(
  "SELECT * FROM agents WHERE state <> 'removed' ORDER BY name COLLATE NOCASE, id",
);
/** Those who were removed too, at the end. */
export const findEverybody = query<[], AgentRow[]>(
  "SELECT * FROM agents ORDER BY state = 'removed', name COLLATE NOCASE, id",
);
export const countOwners = queryValue<[], number>(
  "SELECT count(*) FROM agents WHERE role = 'owner' AND state = 'active'",
);
export const insertAgent = insert<
  [
    publicId: string,
    name: string,
    email: string,
    emailKey: string,
    role: Role,
    passwordHash: string | null,
    language: string,
    timeZone: string,
    state: AgentState,
    now: number,
  ]
>(`INSERT INTO agents (public_id, name, email, email_key, role, password_hash, language, time_zone, state, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
export const updatePassword = change<[hash: string, id: number]>(
  'UPDATE agents SET password_hash = ? WHERE id = ?',
);
export const updateProfile = change<
  [name: string, language: string, timeZone: string, signature: string, compactList: number, id: number]
>('UPDATE agents SET name = ?, language = ?, time_zone = ?, signature = ?, compact_list = ? WHERE id = ?');
export const updateAway = change<[since: number | null, id: number]>(
  'UPDATE agents SET away_since = ? WHERE id = ?',
);
export const updateEmail = change<[email: string, emailKey: string, id: number]>(
  'UPDATE agents SET email = ?, email_key = ? WHERE id = ?',
);
export const updateRole = change<[role: Role, id: number]>('UPDATE agents SET role = ? WHERE id = ?');
export const updateState = change<[state: AgentState, id: number]>(
  'UPDATE agents SET state = ? WHERE id = ?',
);
/** Somebody who was removed is asked again: same person, new start. */
export const updateInvitedAgain = change<[name: string, email: string, role: Role, id: number]>(
  "UPDATE agents SET name = ?, email = ?, role = ?, password_hash = NULL, state = 'invited' WHERE id = ?",
);
export const updateAgentSeen = change<[now: number, id: number]>(
  'UPDATE agents SET last_seen_at = ? WHERE id = ?',
);

export interface SessionRow {
  id: number;
  agent_id: number;
  created_at: number;
  seen_at: number;
  expires_at: number;
  short_ip: string;
  browser: string;
}

export const insertSession = insert<
  [
    tokenHash: Buffer,
    agentId: number,
    now: number,
    seenAt: number,
    expiresAt: number,
    shortIp: string,
    browser: string,
  ]
>(
  'INSERT INTO sessions (token_hash, agent_id, created_at, seen_at, expires_at, short_ip, browser) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
export const findSession = queryOne<
  [tokenHash: Buffer, now: number],
  AgentRow & { session_id: number; session_seen_at: number; session_expires_at: number }
>(`
  SELECT agents.*, sessions.id AS session_id, sessions.seen_at AS session_seen_at, sessions.expires_at AS session_expires_at
    FROM sessions JOIN agents ON agents.id = sessions.agent_id
   WHERE token_hash = ? AND expires_at > ? AND agents.state = 'active'`);
export const findSessionsOfAgent = query<[agentId: number, now: number], SessionRow[]>(
  'SELECT * FROM sessions WHERE agent_id = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC',
);
/** Whether somebody is signed in from a network already. */
export const findSessionFrom = queryValue<[agentId: number, shortIp: string, now: number], number>(
  'SELECT id FROM sessions WHERE agent_id = ? AND short_ip = ? AND expires_at > ? LIMIT 1',
);
export const updateSessionSeen = change<[now: number, expiresAt: number, id: number]>(
  'UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?',
);
/** Only the agent's own. */
export const deleteSession = change<[id: number, agentId: number]>(
  'DELETE FROM sessions WHERE id = ? AND agent_id = ?',
);
export const deleteSessionsOfAgent = change<[agentId: number]>('DELETE FROM sessions WHERE agent_id = ?');
export const deleteExpiredSessions = change<[now: number]>('DELETE FROM sessions WHERE expires_at <= ?');

export type LinkPurpose = 'invite' | 'reset';

export interface LinkRow {
  id: number;
  agent_id: number;
  purpose: LinkPurpose;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export const insertLink = insert<
  [agentId: number, purpose: LinkPurpose, tokenHash: Buffer, now: number, expiresAt: number]
>('INSERT INTO agent_tokens (agent_id, purpose, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)');
export const findOpenLink = queryOne<[tokenHash: Buffer, purpose: LinkPurpose, now: number], LinkRow>(
  'SELECT * FROM agent_tokens WHERE token_hash = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?',
);
/** When the newest invitation ends, whether it ended already or not. */
export const findInvitationEnd = queryValue<[agentId: number], number | null>(
  "SELECT max(expires_at) FROM agent_tokens WHERE agent_id = ? AND purpose = 'invite'",
);
export const countOpenLinks = queryValue<[agentId: number, purpose: LinkPurpose, now: number], number>(
  'SELECT count(*) FROM agent_tokens WHERE agent_id = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?',
);
export const updateLinkUsed = change<[now: number, id: number]>(
  'UPDATE agent_tokens SET used_at = ? WHERE id = ? AND used_at IS NULL',
);
export const deleteOpenLinks = change<[agentId: number]>(
  'DELETE FROM agent_tokens WHERE agent_id = ? AND used_at IS NULL',
);
export const deleteOldLinks = change<[before: number]>('DELETE FROM agent_tokens WHERE expires_at < ?');
/** Everybody signs in anew, e.g. after a restore: what was signed out since the copy must not open again. */
export const deleteAllSessions = change<[]>('DELETE FROM sessions');
export const deleteAllLinks = change<[]>('DELETE FROM agent_tokens');
