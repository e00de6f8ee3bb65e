// The work of imports, in turns of a second: between two of them every other job has its own. What was done is written down at
// each step, so that neither a crash nor a restart loses or repeats any of it.
import type { App } from '../../app';
import { enqueue, type JobWork } from '../../jobs';
import { SECOND } from '../../lib/clock';
import { oneAtATime } from '../../lib/one-at-a-time';
import { reportError } from '../../lib/report-error';
import { isDiskFull, signalMailboxes } from '../../mail';
import { removeFilesOf } from './brought';
import { fileSome } from './file-mails';
import {
  countsOf,
  findOutcomes,
  findRun,
  findUnfinished,
  type ImportProblem,
  type ImportRun,
  type ImportState,
  updateEnded,
  updateFilesGone,
  updateState,
  updateUndoFailed,
} from './import';
import { readSome } from './read-files';
import { deleteKnownIds } from './threads';
import { undoSome } from './undo';

export const IMPORT_JOB = 'move in';
const TURN = SECOND;

/** Inside a transaction: there is something to do. */
export const enqueueImport = (app: App, run: number): void =>
  enqueue(app, IMPORT_JOB, { run }, { key: `${IMPORT_JOB} ${run}` });

export const importWork: JobWork = async (app, { run }: { run: number }) => {
  if (await importTurn(app, run)) await app.write(() => enqueueImport(app, run));
};

/** One turn; true while there is more to do. Erasures, copies and retention are waited for, as they wait for it. */
export function importTurn(app: App, id: number): Promise<boolean> {
  return oneAtATime(app, async () => {
    try {
      return await work(app, id, performance.now() + TURN);
    } catch (error) {
      await rest(app, id, error);
      return false;
    } finally {
      await app.write(() => signalMailboxes(app));
    }
  });
}

async function work(app: App, id: number, until: number): Promise<boolean> {
  for (let run = findRun(app.db, id); run; run = findRun(app.db, id)) {
    if (run.state === 'undoing') {
      if (!(await undoSome(app, run))) return end(app, run, 'undone');
    } else if (run.state === 'cancelled' && run.ended_at === null) return end(app, run, 'cancelled');
    else if (run.state !== 'running') return false;
    else if (run.step === 'reading') await readSome(app, run, until);
    else if (!(await fileSome(app, run))) return end(app, run, 'done');
    if (performance.now() >= until) return true;
  }
  return false;
}

/** A full disk passes, and so may what nobody foresaw: it waits until somebody continues it. A file that is gone does not come back. */
async function rest(app: App, id: number, error: unknown): Promise<void> {
  const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!isGone && !isDiskFull(error)) reportError(app.log, 'moving in', error);
  const run = findRun(app.db, id);
  if (!run) return;
  if (isGone && run.state === 'running') return void (await end(app, run, 'stopped', 'file-gone'));
  const problem: ImportProblem = isDiskFull(error) ? 'disk-full' : 'unexpected';
  const isCancelled = await app.write(() => {
    const now = findRun(app.db, id);
    if (now?.state === 'running') updateState(app.db, 'paused', problem, id);
    // Undoing is begun again by the same button, and goes on where it was.
    if (now?.state === 'undoing') updateUndoFailed(app.db, problem, app.clock.now(), id);
    return now?.state === 'cancelled' && now.ended_at === null;
  });
  // What somebody has decided meanwhile stands: the queue tries again until it has ended.
  if (isCancelled) throw error;
}

/** Always false: nothing is left to do. What was brought is not kept. */
async function end(
  app: App,
  run: ImportRun,
  state: ImportState,
  problem: ImportProblem | null = null,
): Promise<false> {
  if (state !== 'undone') await deleteKnownIds(app, run.id);
  await removeFilesOf(app, run.id);
  await app.write(() => {
    updateFilesGone(app.db, run.id);
    const counts =
      state === 'undone' ? (run.counts ?? '{}') : JSON.stringify(countsOf(findOutcomes(app.db, run.id)));
    updateEnded(app.db, state, problem, counts, app.clock.now(), run.id);
  });
  return false;
}

/** An erasure finds nobody in files that wait: their imports end, and may be brought again, without whoever was erased. */
export async function endImportsForErasure(app: App): Promise<void> {
  for (const run of findUnfinished(app.db)) await end(app, run, 'stopped', 'erasure');
}
