// The only source of the time, so that tests can set it.

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** A clock that stands before this program was written is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);

export const canBeNow = (now: number): boolean => now > EARLIEST;

export const systemClock: Clock = { now: () => Date.now() };

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
