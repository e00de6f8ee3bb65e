// What is left of imports goes when they cannot be undone any more: what they brought stays, who brought it is forgotten.
import type { App } from '../../app';
import { change, queryValue } from '../../db';
import { DAY } from '../../lib/clock';
import { workInSteps } from '../work-in-steps';
import { sweepBrought } from './brought';
import { UNDO_DAYS } from './import';
import { deleteEmptyThreads } from './threads';

const A_STEP = 500;

const findOld = queryValue<[before: number], number>(`
  SELECT id FROM import_runs WHERE ended_at < ? AND state <> 'undoing' AND (
    EXISTS (SELECT 1 FROM import_mails WHERE run_id = import_runs.id) OR EXISTS (SELECT 1 FROM import_things WHERE run_id = import_runs.id)
    OR EXISTS (SELECT 1 FROM import_files WHERE run_id = import_runs.id)) LIMIT 1`);
const deleteMails = change<[runId: number, limit: number]>(
  'DELETE FROM import_mails WHERE id IN (SELECT id FROM import_mails WHERE run_id = ? LIMIT ?)',
);
const deleteThings = change<[runId: number, limit: number]>(`
  DELETE FROM import_things WHERE (kind, thing_id) IN (SELECT kind, thing_id FROM import_things WHERE run_id = ? LIMIT ?)`);
const deleteFiles = change<[runId: number]>('DELETE FROM import_files WHERE run_id = ?');

/** Returns how many imports were forgotten. */
export async function sweepImports(app: App): Promise<number> {
  let swept = 0;
  await workInSteps(app, () => {
    const id = findOld(app.db, app.clock.now() - UNDO_DAYS * DAY);
    if (id === undefined) return false;
    if (deleteMails(app.db, id, A_STEP) === A_STEP || deleteThings(app.db, id, A_STEP) === A_STEP)
      return true;
    deleteFiles(app.db, id);
    swept += 1;
    return true;
  });
  await deleteEmptyThreads(app);
  await sweepBrought(app);
  return swept;
}
