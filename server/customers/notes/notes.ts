// What agents note about a customer: a few sentences, by whom and when. Customers get them in a copy of everything.
import type { App } from '../../app';
import { change, insert, query, queryOne } from '../../db';
import { type Actor, record } from '../../events';
import { MINUTE } from '../../lib/clock';

export interface NoteRow {
  id: number;
  customer_id: number;
  agent_id: number;
  words: string;
  created_at: number;
  edited_at: number | null;
}

export const findNotesOn = query<[customerId: number], (NoteRow & { agent_name: string | null })[]>(`
  SELECT customer_notes.*, agents.name AS agent_name FROM customer_notes LEFT JOIN agents ON agents.id = agent_id
   WHERE customer_id = ? ORDER BY customer_notes.id DESC`);
export const findNoteOn = queryOne<[customerId: number, id: number], NoteRow>(
  'SELECT * FROM customer_notes WHERE customer_id = ? AND id = ?',
);
const findSame = queryOne<[customerId: number, agentId: number, words: string, after: number], NoteRow>(
  'SELECT * FROM customer_notes WHERE customer_id = ? AND agent_id = ? AND words = ? AND created_at > ?',
);
const insertNote = insert<[customerId: number, agentId: number, words: string, now: number]>(
  'INSERT INTO customer_notes (customer_id, agent_id, words, created_at) VALUES (?, ?, ?, ?)',
);
const updateNote = change<[words: string, now: number, id: number]>(
  'UPDATE customer_notes SET words = ?, edited_at = ? WHERE id = ?',
);
const deleteNote = change<[id: number]>('DELETE FROM customer_notes WHERE id = ?');

/** Inside a transaction. A form that is sent twice is one note. */
export function noteOnCustomer(
  app: App,
  actor: Actor & { id: number },
  customer: { id: number },
  words: string,
): void {
  const now = app.clock.now();
  if (findSame(app.db, customer.id, actor.id, words, now - MINUTE)) return;
  const note = insertNote(app.db, customer.id, actor.id, words, now);
  record(app, 'customer.noted', actor, customer, { note });
}

export function changeNote(app: App, actor: Actor, note: NoteRow, words: string): void {
  if (note.words === words) return;
  updateNote(app.db, words, app.clock.now(), note.id);
  record(app, 'customer.note-changed', actor, { id: note.customer_id }, { note: note.id });
}

export function removeNote(app: App, actor: Actor, note: NoteRow): void {
  if (deleteNote(app.db, note.id) > 0)
    record(app, 'customer.note-removed', actor, { id: note.customer_id }, { note: note.id });
}
