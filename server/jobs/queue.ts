// Work for later, kept as rows: it survives a restart, and its failures stay visible.
import type { App } from '../app';
import { change, insert, query, queryOne, queryValue } from '../db';
import { MINUTE } from '../lib/clock';
import { reportError } from '../lib/report-error';

export interface JobRow {
  id: number;
  kind: string;
  payload: string;
  attempts: number;
}

export type JobWork = (app: App, payload: never, job: JobRow) => Promise<void>;

/** After this many failures a job rests as `failed` until a person looks at it. */
const MOST_ATTEMPTS = 6;
const LONGEST_SLEEP = 60_000;

const insertJob = insert<[kind: string, payload: string, key: string | null, runAt: number, now: number]>(`
  INSERT INTO jobs (kind, payload, unique_key, run_at, created_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (unique_key) WHERE state = 'waiting' DO NOTHING`);
const findDueJobs = query<[now: number], JobRow[]>(`
  SELECT id, kind, payload, attempts FROM jobs WHERE state = 'waiting' AND run_at <= ? ORDER BY run_at, id LIMIT 20`);
const findNextRun = queryValue<[], number | null>("SELECT min(run_at) FROM jobs WHERE state = 'waiting'");
const deleteJob = change<[id: number]>('DELETE FROM jobs WHERE id = ?');
/** From here on the same key may wait again: what it asks for may be newer than what the job at hand has read. */
const updateJobBegun = change<[id: number]>('UPDATE jobs SET unique_key = NULL WHERE id = ?');
const updateJobFailed = change<[attempts: number, state: string, runAt: number, error: string, id: number]>(
  'UPDATE jobs SET attempts = ?, state = ?, run_at = ?, last_error = ? WHERE id = ?',
);
export const countFailedJobs = queryOne<[], { n: number }>(
  "SELECT count(*) AS n FROM jobs WHERE state = 'failed'",
);

/** Puts work in the queue within the surrounding transaction. The same `key` waits only once. */
export function enqueue(
  app: App,
  kind: string,
  payload: object,
  when: { runAt?: number; key?: string } = {},
): void {
  const now = app.clock.now();
  insertJob(app.db, kind, JSON.stringify(payload), when.key ?? null, when.runAt ?? now, now);
  app.db.afterCommit(() => app.jobs.wake());
}

/** Runs due jobs one after another; one slow job holds up the next, never a page. */
export class Jobs {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;

  constructor(
    private readonly app: () => App,
    private readonly works: Record<string, JobWork>,
  ) {}

  /** Whether it runs what is due by itself. */
  get isStarted(): boolean {
    return !this.stopped;
  }

  start(): void {
    this.stopped = false;
    this.wake();
  }

  /** Runs jobs when the next is due; `least` is how long to wait at the least, in ms. */
  wake(least = 0): void {
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    const next = findNextRun(this.app().db);
    if (next === undefined || next === null) return;
    const pause = Math.min(Math.max(next - this.app().clock.now(), 0), LONGEST_SLEEP);
    this.timer = setTimeout(
      () => {
        this.running = this.turn();
      },
      Math.max(pause, least),
    );
  }

  /** Runs everything that is due now; tests and commands call it directly. */
  async runDue(): Promise<void> {
    const app = this.app();
    for (const job of findDueJobs(app.db, app.clock.now())) await this.run(app, job);
  }

  /** Waits for the job at hand; nothing new is begun. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async turn(): Promise<void> {
    let rest = 0;
    try {
      await this.runDue();
    } catch (error) {
      // Only a database that takes nothing gets here; it is not asked again at once.
      reportError(this.app().log, 'running jobs', error);
      rest = LONGEST_SLEEP;
    }
    this.running = undefined;
    this.wake(rest);
  }

  private async run(app: App, job: JobRow): Promise<void> {
    const work = this.works[job.kind];
    await app.write(() => updateJobBegun(app.db, job.id));
    try {
      if (!work) throw new Error(`no work is known for jobs of the kind ${job.kind}`);
      await work(app, JSON.parse(job.payload) as never, job);
      await app.write(() => deleteJob(app.db, job.id));
    } catch (error) {
      reportError(app.log, `job ${job.kind}`, error);
      const attempts = job.attempts + 1;
      const state = attempts >= MOST_ATTEMPTS ? 'failed' : 'waiting';
      const runAt = app.clock.now() + MINUTE * 2 ** attempts;
      const kind = error instanceof Error ? error.name : 'Error';
      await app.write(() => updateJobFailed(app.db, attempts, state, runAt, kind, job.id));
    }
  }
}
