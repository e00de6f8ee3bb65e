// SQL over teams and their members.
import { change, insert, query, queryColumn, queryOne, queryValue } from '../db';
import type { AgentRow } from './agent';

export interface TeamRow {
  id: number;
  name: string;
  created_at: number;
  deleted_at: number | null;
  moves_to_id: number | null;
}

export const findTeamById = queryOne<[id: number], TeamRow>('SELECT * FROM teams WHERE id = ?');
/** By name; those that are being removed are in no list any more. */
export const findTeams = query<[], TeamRow[]>(
  'SELECT * FROM teams WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, id',
);
export const findLeavingTeams = query<[], TeamRow[]>(
  'SELECT * FROM teams WHERE deleted_at IS NOT NULL ORDER BY name COLLATE NOCASE, id',
);
/** A team whose tickets are on their way to this one. */
export const findTeamMovingTo = queryOne<[id: number], TeamRow>('SELECT * FROM teams WHERE moves_to_id = ?');
export const insertTeam = insert<[name: string, now: number]>(
  'INSERT INTO teams (name, created_at) VALUES (?, ?)',
);
export const updateTeamName = change<[name: string, id: number]>('UPDATE teams SET name = ? WHERE id = ?');
export const updateTeamLeaving = change<[now: number, movesTo: number | null, id: number]>(
  'UPDATE teams SET deleted_at = ?, moves_to_id = ? WHERE id = ? AND deleted_at IS NULL',
);
export const deleteTeam = change<[id: number]>('DELETE FROM teams WHERE id = ?');

/** Active and invited members, by name. */
export const findMembers = query<[teamId: number], AgentRow[]>(`
  SELECT agents.* FROM team_members JOIN agents ON agents.id = agent_id
   WHERE team_id = ? AND state <> 'removed' ORDER BY agents.name COLLATE NOCASE, agents.id`);
export const findTeamsOf = queryColumn<[agentId: number], number>(
  'SELECT team_id FROM team_members WHERE agent_id = ?',
);
export const isMember = queryValue<[teamId: number, agentId: number], number>(
  'SELECT 1 FROM team_members WHERE team_id = ? AND agent_id = ?',
);
export const insertMember = change<[teamId: number, agentId: number]>(
  'INSERT INTO team_members VALUES (?, ?) ON CONFLICT DO NOTHING',
);
export const deleteMember = change<[teamId: number, agentId: number]>(
  'DELETE FROM team_members WHERE team_id = ? AND agent_id = ?',
);
