// SQL over changes of many tickets.
import { change, insert, query, queryOne, queryValue } from '../../db';

export interface BulkRun {
  id: number;
  agent_id: number;
  change: string;
  list: string | null;
  /** Of a saved view when the run began: other conditions are another edition. */
  edition_id: number | null;
  cursor: string | null;
  undoes_id: number | null;
  state: 'running' | 'done' | 'stopped';
  total: number;
  changed: number;
  same: number;
  refused: number;
  created_at: number;
  ended_at: number | null;
}

export interface BulkItem {
  run_id: number;
  ticket_id: number;
  seen: string | null;
  outcome: 'waiting' | 'changed' | 'same' | 'gone' | 'taken' | 'barred' | 'unfilled';
}

export const findRun = queryOne<[id: number], BulkRun>('SELECT * FROM bulk_runs WHERE id = ?');
export const insertRun = insert<
  [
    agentId: number,
    change: string,
    list: string | null,
    editionId: number | null,
    cursor: string | null,
    undoes: number | null,
    now: number,
  ]
>(
  `INSERT INTO bulk_runs (agent_id, change, list, edition_id, cursor, undoes_id, state, created_at) VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`,
);
export const updateCursor = change<[cursor: string | null, id: number]>(
  'UPDATE bulk_runs SET cursor = ? WHERE id = ?',
);
export const updateTotal = change<[more: number, id: number]>(
  'UPDATE bulk_runs SET total = total + ? WHERE id = ?',
);
export const updateDone = change<[changed: number, same: number, refused: number, id: number]>(
  'UPDATE bulk_runs SET changed = changed + ?, same = same + ?, refused = refused + ? WHERE id = ?',
);
export const updateEnded = change<[state: string, now: number, id: number]>(
  "UPDATE bulk_runs SET state = ?, ended_at = ? WHERE id = ? AND state = 'running'",
);
export const insertItem = change<[runId: number, ticketId: number, seen: string | null]>(
  'INSERT INTO bulk_items (run_id, ticket_id, seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
export const updateItem = change<[outcome: string, runId: number, ticketId: number]>(
  'UPDATE bulk_items SET outcome = ? WHERE run_id = ? AND ticket_id = ?',
);
export const findItems = query<[runId: number, outcome: string, after: number, limit: number], BulkItem[]>(
  'SELECT * FROM bulk_items WHERE run_id = ? AND outcome = ? AND ticket_id > ? ORDER BY ticket_id LIMIT ?',
);
/** Those that could not be changed, with the number that the agent knew them by. */
export const findRefused = query<
  [runId: number, limit: number],
  { number: number; outcome: 'gone' | 'taken' | 'barred' | 'unfilled' }[]
>(`
  SELECT number, outcome FROM bulk_items JOIN tickets ON tickets.id = ticket_id
   WHERE run_id = ? AND outcome IN ('gone', 'taken', 'barred', 'unfilled') ORDER BY ticket_id LIMIT ?`);
export const findUndoOf = queryValue<[runId: number], number>('SELECT id FROM bulk_runs WHERE undoes_id = ?');
export const findOldRun = queryValue<[before: number], number>(
  "SELECT id FROM bulk_runs WHERE created_at < ? AND state <> 'running' LIMIT 1",
);
export const deleteSomeItems = change<[runId: number, limit: number]>(`
  DELETE FROM bulk_items WHERE (run_id, ticket_id) IN (SELECT run_id, ticket_id FROM bulk_items WHERE run_id = ? LIMIT ?)`);
export const deleteRun = change<[id: number]>('DELETE FROM bulk_runs WHERE id = ?');
