// Everything on a clock runs through here: one row per run, so that a failed night is seen in the morning.
import { Cron } from 'croner';
import type { App } from '../app';
import { change, insert, query, queryValue } from '../db';
import { DAY, HOUR, MINUTE } from '../lib/clock';
import { reportError } from '../lib/report-error';

export interface Scheduled {
  name: string;
  /** Cron pattern in the firm's time zone; `everySeconds` for pulses that are not worth a row. */
  pattern?: string;
  everySeconds?: number;
  /** Returns counts for the run's row. */
  run(app: App): Promise<Record<string, number>>;
}

export interface JobRunRow {
  id: number;
  name: string;
  started_at: number;
  ended_at: number | null;
  outcome: 'running' | 'done' | 'failed';
  counts: string;
  error: string | null;
}

const insertRun = insert<[name: string, at: number]>(
  "INSERT INTO job_runs (name, started_at, outcome) VALUES (?, ?, 'running')",
);
const updateRun = change<
  [endedAt: number, outcome: string, counts: string, error: string | null, id: number]
>('UPDATE job_runs SET ended_at = ?, outcome = ?, counts = ?, error = ? WHERE id = ?');
const updateInterrupted = change<[now: number]>(
  "UPDATE job_runs SET ended_at = ?, outcome = 'failed', error = 'interrupted' WHERE outcome = 'running'",
);
export const findRuns = query<[name: string, limit: number], JobRunRow[]>(
  'SELECT * FROM job_runs WHERE name = ? ORDER BY id DESC LIMIT ?',
);

/** Runs `work` under the name of a row in `job_runs`; a throw becomes a failed run and is thrown on. */
export async function runRecorded(
  app: App,
  name: string,
  work: () => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const id = await app.write(() => insertRun(app.db, name, app.clock.now()));
  try {
    const counts = await work();
    await app.write(() => updateRun(app.db, app.clock.now(), 'done', JSON.stringify(counts), null, id));
    return counts;
  } catch (error) {
    const kind = error instanceof Error ? error.message : String(error);
    await app.write(() => updateRun(app.db, app.clock.now(), 'failed', '{}', kind, id));
    throw error;
  }
}

/** At start: what still ran when the server died is a failed run that an admin sees. */
export const endInterruptedRuns = (app: App) => void updateInterrupted(app.db, app.clock.now());

/** A server that was off at night does what it missed so long after its start, when the first rush is over. */
const REST_AFTER_START = 2 * MINUTE;
/** What runs each day is missed when it did not run for so long; clock changes are within it. */
const MISSED = DAY + 2 * HOUR;

/** Starts the clocks; returns how to stop them. `zone` is the firm's time zone, asked every minute: setup may come later. */
export function startSchedule(
  app: App,
  entries: Scheduled[],
  zone: () => string,
  rest = REST_AFTER_START,
): () => void {
  const run = async (entry: Scheduled) => {
    try {
      if (entry.pattern) await runRecorded(app, entry.name, () => entry.run(app));
      else await entry.run(app);
    } catch (error) {
      reportError(app.log, `schedule ${entry.name}`, error);
    }
  };
  const clocks = (timezone: string) =>
    entries.map((entry) => {
      const pattern = entry.pattern ?? `*/${entry.everySeconds} * * * * *`;
      return new Cron(pattern, { timezone, protect: true }, () => run(entry));
    });
  let current = zone();
  let crons = clocks(current);
  let stopped = false;
  const stopClocks = () => {
    for (const cron of crons) cron.stop();
  };
  const asking = new Cron('30 * * * * *', () => {
    if (zone() === current) return;
    current = zone();
    stopClocks();
    crons = clocks(current);
  });
  const timer = setTimeout(async () => {
    for (const entry of entries) if (!stopped && entry.pattern && isMissed(app, entry.name)) await run(entry);
  }, rest).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
    asking.stop();
    stopClocks();
  };
}

const findBeginning = queryValue<[], number | null>('SELECT min(at) FROM events');

function isMissed(app: App, name: string): boolean {
  const last = findRuns(app.db, name, 1)[0]?.started_at ?? findBeginning(app.db) ?? app.clock.now();
  return app.clock.now() - last > MISSED;
}
