// SQL over the runs of retention rules.
import { change, insert, query } from '../db';

export interface RunRow {
  id: number;
  rule_id: number;
  kind: string;
  started_at: number;
  ended_at: number | null;
  started_by: number | null;
  counts: string;
  error: string | null;
}

export const insertRun = insert<[ruleId: number, now: number, startedBy: number | null]>(
  'INSERT INTO retention_runs (rule_id, started_at, started_by) VALUES (?, ?, ?)',
);
export const updateRun = change<[now: number, counts: string, error: string | null, id: number]>(
  'UPDATE retention_runs SET ended_at = ?, counts = ?, error = ? WHERE id = ?',
);
/** At start: what a crash broke off. */
export const endInterrupted = change<[now: number]>(
  "UPDATE retention_runs SET ended_at = ?, error = 'interrupted' WHERE ended_at IS NULL",
);
/** Newest first. */
export const findRuns = query<[limit: number], RunRow[]>(`
  SELECT retention_runs.*, kind FROM retention_runs JOIN retention_rules ON retention_rules.id = rule_id ORDER BY retention_runs.id DESC LIMIT ?`);
