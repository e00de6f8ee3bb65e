// An unexpected error is a bug: its kind and place are logged, its words may hold personal data and are not.
import type { Log } from './log';

/** Logs where an error came from; `at` names the edge that caught it. */
export function reportError(log: Log, at: string, error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error));
  const stack = known.stack
    ?.split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 8);
  log.error({ at, kind: known.name, code: (known as { code?: unknown }).code, stack }, 'unexpected error');
}
