// Followers read the event log in order, with a cursor of their own, so that nothing is missed by a crash.
import type { App } from '../app';
import { change, query, queryValue } from '../db';
import { reportError } from '../lib/report-error';

export interface EventRow {
  id: number;
  at: number;
  name: string;
  actor_kind: string;
  actor_id: number | null;
  subject_kind: string;
  subject_id: number;
  facts: string;
}

export interface Follower {
  name: string;
  /** Events at most per turn: a turn stands on the only thread, so it stays short. */
  batch: number;
  /** Called inside the transaction that moves the cursor. */
  read(app: App, events: EventRow[]): void;
  /** What events left to do that is too much for one turn: some of it, in a transaction of its own. Returns whether there is more. */
  goOn?(app: App): boolean;
}

const CALM = 150;
const AFTER_A_FAILURE = 5_000;

const findCursor = queryValue<[name: string], number>('SELECT event_id FROM followers WHERE name = ?');
const findEventsAfter = query<[id: number, limit: number], EventRow[]>(
  'SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?',
);
const moveCursor = change<[name: string, id: number]>(`
  INSERT INTO followers (name, event_id) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id`);

/** One turn: reads a batch or, after the last one, goes on with what events left to do; true when there may be more. */
export const followOnce = (app: App, follower: Follower): boolean =>
  readBatch(app, follower) || (follower.goOn !== undefined && app.db.tx(() => follower.goOn?.(app) === true));

function readBatch(app: App, follower: Follower): boolean {
  const events = findEventsAfter(app.db, findCursor(app.db, follower.name) ?? 0, follower.batch);
  const last = events.at(-1);
  if (!last) return false;
  app.db.tx(() => {
    follower.read(app, events);
    moveCursor(app.db, follower.name, last.id);
  });
  return events.length === follower.batch;
}

/** Wakes followers a moment after the last commit, so that they never stand between a click and its answer. */
export class Followers {
  private timer: NodeJS.Timeout | undefined;
  private dueAt = 0;
  private stopped = false;
  /** Until when a follower rests that failed; the others go on without it. */
  private readonly resting = new Map<string, number>();

  constructor(
    private readonly app: () => App,
    private readonly followers: Follower[],
  ) {}

  wake(): void {
    this.turnIn(CALM);
  }

  /** Reads to the end, for whoever is about to take away what events tell of. What they left to do stays to be done. */
  readAll(): void {
    for (const follower of this.followers) while (readBatch(this.app(), follower));
  }

  /** Reads to the end and does everything, for commands and tests that need it in place now. */
  catchUp(): void {
    for (const follower of this.followers) while (followOnce(this.app(), follower));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** A turn that is due sooner stays. */
  private turnIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.stopped || (this.timer && this.dueAt <= at)) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      for (const follower of this.followers) this.turn(follower);
    }, ms);
  }

  private turn(follower: Follower): void {
    const rest = (this.resting.get(follower.name) ?? 0) - performance.now();
    if (rest > 0) return this.turnIn(rest);
    try {
      if (followOnce(this.app(), follower)) this.turnIn(1);
    } catch (error) {
      reportError(this.app().log, `follower ${follower.name}`, error);
      this.resting.set(follower.name, performance.now() + AFTER_A_FAILURE);
      this.turnIn(AFTER_A_FAILURE);
    }
  }
}
