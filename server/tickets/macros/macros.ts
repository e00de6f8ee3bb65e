// Macros are found, saved and removed: one's own, and everybody's.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, insert, query, queryOne } from '../../db';
import { record } from '../../events';
import { NotAllowed, NotFound } from '../../lib/errors';
import { randomId } from '../../lib/ids';
import { mayRole } from '../../roles';
import type { MacroInput } from '../forms';
import { fold } from '../words';
import { type MacroRow, mayChange } from './macro';

/** A list to choose from; whoever has more writes more of a name. */
export const MOST_OFFERED = 8;

const findMacroRows = query<[agentId: number], MacroRow[]>(
  'SELECT * FROM macros WHERE agent_id IS NULL OR agent_id = ?',
);
const findMacroRow = queryOne<[publicId: string, agentId: number], MacroRow>(
  'SELECT * FROM macros WHERE public_id = ? AND (agent_id IS NULL OR agent_id = ?)',
);
const insertMacro = insert<
  [
    publicId: string,
    agentId: number | null,
    name: string,
    words: string,
    status: string | null,
    priority: string | null,
    tag: string | null,
    takes: number,
    now: number,
    updatedAt: number,
  ]
>(`INSERT INTO macros (public_id, agent_id, name, words, status, priority, tag, takes, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const updateMacro = change<
  [
    agentId: number | null,
    name: string,
    words: string,
    status: string | null,
    priority: string | null,
    tag: string | null,
    takes: number,
    now: number,
    id: number,
  ]
>(
  `UPDATE macros SET agent_id = ?, name = ?, words = ?, status = ?, priority = ?, tag = ?, takes = ?, updated_at = ? WHERE id = ?`,
);
const deleteMacro = change<[id: number]>('DELETE FROM macros WHERE id = ?');

/** By name; sorted here, in the alphabet of whoever reads. */
export const findMacros = (app: App, agent: Agent): MacroRow[] =>
  findMacroRows(app.db, agent.id).sort((a, b) => a.name.localeCompare(b.name, agent.language) || a.id - b.id);

/** Those in whose name every word stands as the beginning of one. */
export function findMacrosCalled(app: App, agent: Agent, asked: string): MacroRow[] {
  const words = fold(asked).split(/\s+/).filter(Boolean);
  return findMacros(app, agent)
    .filter(({ name }) => {
      const parts = fold(name).split(/[\s\p{P}]+/u);
      return words.every((word) => parts.some((part) => part.startsWith(word)));
    })
    .slice(0, MOST_OFFERED);
}

/** Throws NotFound for a colleague's own as for one that is not there. */
export function macroFor(app: App, agent: Agent, publicId: unknown): MacroRow {
  const macro = findMacroRow(app.db, String(publicId), agent.id);
  if (!macro) throw NotFound('There is no such macro.');
  return macro;
}

/** Throws NotAllowed for a shared one by somebody who may not share. */
export function saveMacro(app: App, actor: Agent, known: MacroRow | undefined, input: MacroInput): MacroRow {
  if ((known && !mayChange(actor, known)) || (input.shared && !mayRole(actor.role, 'macros.share')))
    throw NotAllowed();
  const now = app.clock.now();
  const owner = input.shared ? null : actor.id;
  const { name, words } = input;
  const deeds = [
    input.status || null,
    input.priority || null,
    input.tag || null,
    input.takes ? 1 : 0,
  ] as const;
  const publicId = known?.public_id ?? randomId();
  const id = known
    ? (updateMacro(app.db, owner, name, words, ...deeds, now, known.id), known.id)
    : insertMacro(app.db, publicId, owner, name, words, ...deeds, now, now);
  record(app, known ? 'macro.changed' : 'macro.created', actor, { id }, { shared: input.shared });
  return macroFor(app, actor, publicId);
}

export function removeMacro(app: App, actor: Agent, macro: MacroRow): void {
  if (!mayChange(actor, macro)) throw NotAllowed();
  deleteMacro(app.db, macro.id);
  record(app, 'macro.removed', actor, macro);
}
