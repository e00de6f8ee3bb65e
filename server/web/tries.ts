// Limits on guessing (AC-39): failures per key, kept in the database, with a growing pause and never a lock for ever.
import type { App } from '../app';
import { change, queryOne } from '../db';
import { MINUTE, SECOND } from '../lib/clock';

/** How many tries are free, and the longest pause after that, in milliseconds. */
export interface TryLimit {
  free: number;
  longestPause: number;
}

const USUAL: TryLimit = { free: 5, longestPause: 15 * MINUTE };
const FORGOTTEN_AFTER = 24 * 60 * MINUTE;

const findTries = queryOne<[key: string], { failures: number; blocked_until: number; updated_at: number }>(
  'SELECT failures, blocked_until, updated_at FROM failed_tries WHERE key = ?',
);
const upsertTries = change<[key: string, failures: number, blockedUntil: number, now: number]>(`
  INSERT INTO failed_tries (key, failures, blocked_until, updated_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until, updated_at = excluded.updated_at`);
const deleteTries = change<[key: string]>('DELETE FROM failed_tries WHERE key = ?');
export const deleteOldTries = change<[before: number]>('DELETE FROM failed_tries WHERE updated_at < ?');

/** True when no try is allowed now for one of these keys. */
export function isBlocked(app: App, keys: string[]): boolean {
  const now = app.clock.now();
  return keys.some((key) => (findTries(app.db, key)?.blocked_until ?? 0) > now);
}

/**
 * Counts a try before its slow check begins, so that a thousand parallel tries do not all slip through; a success
 * clears the count again. After the free ones (five) the pause is 1, 2, 4 … seconds, up to the longest (15 minutes).
 */
export function countTry(app: App, keys: string[], limit = USUAL): void {
  const now = app.clock.now();
  for (const key of keys) {
    const before = findTries(app.db, key);
    const failures = before && now - before.updated_at < FORGOTTEN_AFTER ? before.failures + 1 : 1;
    const pause =
      failures < limit.free ? 0 : Math.min(SECOND * 2 ** (failures - limit.free), limit.longestPause);
    upsertTries(app.db, key, failures, now + pause, now);
  }
}

export function clearTries(app: App, keys: string[]): void {
  for (const key of keys) deleteTries(app.db, key);
}
