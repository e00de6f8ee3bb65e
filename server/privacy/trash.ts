// The trash is emptied by the nightly run: what was thrown away long enough ago goes as by a retention rule, byte for byte.
import type { App } from '../app';
import { queryColumn } from '../db';
import { DAY } from '../lib/clock';
import { oneAtATime } from '../lib/one-at-a-time';
import { TRASH_DAYS } from '../tickets';
import { deleteDue, KEPT } from './retention';

const findDue = queryColumn<[before: number, afterId: number, limit: number], number>(
  `SELECT id FROM tickets WHERE deleted_at < ? AND id > ? AND NOT ${KEPT} ORDER BY id LIMIT ?`,
);

/** What a hold or a restriction keeps stays in the trash. A failure is thrown, and stands on the run's row (P6). */
export function emptyTrash(app: App): Promise<Record<string, number>> {
  return oneAtATime(app, async () => {
    const counts: Record<string, number> = { tickets: 0 };
    await deleteDue(app, findDue, app.clock.now() - TRASH_DAYS * DAY, counts);
    return counts;
  });
}
