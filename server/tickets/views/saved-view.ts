// A saved view: a name for conditions, one agent's own or shared by everybody.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, type Db, insert, query, queryOne, queryValue, untilCommit } from '../../db';
import { NotAllowed, NotFound } from '../../lib/errors';
import { mayRole } from '../../roles';
import { type Definition, isPersonal, readDefinition } from './definition';

export interface SavedViewRow {
  id: number;
  name: string;
  /** Null: everybody's. */
  agent_id: number | null;
  definition: string;
  edition_id: number;
  created_by: number | null;
  created_at: number;
}

/** Editions that are being filled; `left` of `of` ticket ids are still to be looked at. */
export interface SavedView {
  id: number;
  name: string;
  agentId: number | null;
  definition: Definition;
  editionId: number;
  isFilled: boolean;
}

type Joined = SavedViewRow & { left_to_fill: number };

const findJoined = query<[agentId: number], Joined[]>(`
  SELECT saved_views.*, left_to_fill FROM saved_views JOIN view_editions ON view_editions.id = edition_id
   WHERE agent_id IS NULL OR agent_id = ?`);
export const findSavedView = queryOne<[id: number], SavedViewRow>('SELECT * FROM saved_views WHERE id = ?');
export const countSavedViews = queryValue<[agentId: number | null], number>(
  'SELECT count(*) FROM saved_views WHERE agent_id IS ?',
);
export const insertSavedView = insert<
  [name: string, agentId: number | null, definition: string, editionId: number, by: number, now: number]
>(
  'INSERT INTO saved_views (name, agent_id, definition, edition_id, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)',
);
export const updateSavedView = change<
  [name: string, agentId: number | null, definition: string, editionId: number, id: number]
>('UPDATE saved_views SET name = ?, agent_id = ?, definition = ?, edition_id = ? WHERE id = ?');
export const deleteSavedView = change<[id: number]>('DELETE FROM saved_views WHERE id = ?');

const savedViewsOf = untilCommit((db: Db, agentId: number): SavedView[] =>
  findJoined(db, agentId)
    .map((row) => ({
      id: row.id,
      name: row.name,
      agentId: row.agent_id,
      definition: readDefinition(row.definition),
      editionId: row.edition_id,
      isFilled: row.left_to_fill === 0,
    }))
    .sort(
      (a, b) =>
        Number(a.agentId !== null) - Number(b.agentId !== null) ||
        a.name.localeCompare(b.name) ||
        a.id - b.id,
    ),
);

/** Those that an agent sees: the shared ones, then their own, each by name. */
export const savedViewsFor = (app: App, agent: Agent): SavedView[] => savedViewsOf(app.db, agent.id);

/** Throws NotFound for one that is not there, and for somebody else's, alike. */
export function savedViewFor(app: App, agent: Agent, id: unknown): SavedView {
  const view = savedViewsFor(app, agent).find((one) => String(one.id) === String(id));
  if (!view) throw NotFound('There is no view with this number, or it is not yours to see.');
  return view;
}

/** Their own, and the shared ones for those who may share. */
export const mayChange = (agent: Agent, view: SavedView): boolean =>
  view.agentId === agent.id || (view.agentId === null && mayRole(agent.role, 'views.share'));

export function mustBeTheirs(agent: Agent, view: SavedView): void {
  if (!mayChange(agent, view)) throw NotAllowed();
}

/** Under which number its rows stand for somebody; 0 is everybody. */
export const viewerOf = (view: Pick<SavedView, 'agentId' | 'definition'>, agent: Agent): number =>
  view.agentId ?? (isPersonal(view.definition) ? agent.id : 0);
