// SQL over agents, their sessions and their one-time links.
import { change, insert, query, queryOne, queryValue } from '../db';
import type { Role } from '../roles';
import type { AgentRow } from './agent';

export const findAgentById = queryOne<[id: number], AgentRow>('SELECT * FROM agents WHERE id = ?');
export const findAgentByPublicId = queryOne<[publicId: string], AgentRow>('SELECT * FROM agents WHERE public_id = ?');
export const findAgentByEmail = queryOne<[emailKey: string], AgentRow>('SELECT * FROM agents WHERE email_key = ?');
/** Active agents who can be given work, by name. */
export const findActiveAgents = query<[], AgentRow[]>("SELECT * FROM agents WHERE state = 'active' ORDER BY name COLLATE NOCASE, id");
export const findAllAgents = query<[], AgentRow[]>("SELECT * FROM agents WHERE state <> 'removed' ORDER BY name COLLATE NOCASE, id");
export const countOwners = queryValue<[], number>("SELECT count(*) FROM agents WHERE role = 'owner' AND state = 'active'");
export const insertAgent = insert<
  [publicId: string, name: string, email: string, emailKey: string, role: Role, passwordHash: string | null, language: string, timeZone: string, state: string, now: number]
>(`INSERT INTO agents (public_id, name, email, email_key, role, password_hash, language, time_zone, state, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
export const updatePassword = change<[hash: string, id: number]>("UPDATE agents SET password_hash = ?, state = 'active' WHERE id = ?");

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
  [tokenHash: Buffer, agentId: number, now: number, seenAt: number, expiresAt: number, shortIp: string, browser: string]
>(`INSERT INTO sessions (token_hash, agent_id, created_at, seen_at, expires_at, short_ip, browser) VALUES (?, ?, ?, ?, ?, ?, ?)`);
export const findSession = queryOne<[tokenHash: Buffer, now: number], AgentRow & { session_id: number; session_seen_at: number }>(`
  SELECT agents.*, sessions.id AS session_id, sessions.seen_at AS session_seen_at
    FROM sessions JOIN agents ON agents.id = sessions.agent_id
   WHERE token_hash = ? AND expires_at > ? AND agents.state = 'active'`);
export const findSessionsOfAgent = query<[agentId: number, now: number], SessionRow[]>(
  'SELECT * FROM sessions WHERE agent_id = ? AND expires_at > ? ORDER BY seen_at DESC',
);
export const updateSessionSeen = change<[now: number, expiresAt: number, id: number]>(
  'UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?',
);
export const updateAgentSeen = change<[now: number, id: number]>('UPDATE agents SET last_seen_at = ? WHERE id = ?');
export const deleteSession = change<[tokenHash: Buffer]>('DELETE FROM sessions WHERE token_hash = ?');
export const deleteSessionsOfAgent = change<[agentId: number]>('DELETE FROM sessions WHERE agent_id = ?');
export const deleteExpiredSessions = change<[now: number]>('DELETE FROM sessions WHERE expires_at <= ?');
