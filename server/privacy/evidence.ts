// What is kept as evidence goes when its time is over: the map says how long, this does it.
import type { App } from '../app';
import { deleteOldReads } from '../customers';
import { change } from '../db';
import { DAY } from '../lib/clock';

/** P12: reading is logged for security and kept twelve months. */
const READS = 365 * DAY;
/** P3: dates, kind and outcome of erasures and of retention runs stay three years (Art. 5(2)). */
const EVIDENCE = 3 * 365 * DAY;

const deleteOldErasures = change<[before: number]>(
  "DELETE FROM erasures WHERE state = 'done' AND ended_at < ?",
);
const deleteOldRuns = change<[before: number]>('DELETE FROM retention_runs WHERE started_at < ?');

/** At night. Returns how many rows went. */
export function deleteOldEvidence(app: App): Promise<number> {
  const now = app.clock.now();
  return app.write(
    () =>
      deleteOldReads(app.db, now - READS) +
      deleteOldErasures(app.db, now - EVIDENCE) +
      deleteOldRuns(app.db, now - EVIDENCE),
  );
}
