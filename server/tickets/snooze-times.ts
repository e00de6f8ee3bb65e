// For how long a ticket can sleep: a few usual times, on the clock of whoever asks, or any other.
import { momentOf, wallOf } from '../i18n';
import { DAY, HOUR } from '../lib/clock';

export const SNOOZES = ['hours', 'tomorrow', 'monday', 'week', 'answer', 'at'] as const;
export type Snooze = (typeof SNOOZES)[number];

/** A working day begins. */
const MORNING = 9 * HOUR;
const HOURS = 3;
/** Longer is not sleep. */
const LONGEST = 2 * 366 * DAY;

/** Null: until the customer answers. Undefined for a time that is no time, is past, or is years ahead. */
export function untilOf(snooze: Snooze, at: string, now: number, zone: string): number | null | undefined {
  if (snooze === 'answer') return null;
  if (snooze === 'hours') return now + HOURS * HOUR;
  const today = Math.floor(wallOf(now, zone) / DAY) * DAY;
  if (snooze === 'tomorrow') return momentOf(today + DAY + MORNING, zone);
  if (snooze === 'week') return momentOf(today + 7 * DAY + MORNING, zone);
  if (snooze === 'monday') {
    const toMonday = (8 - new Date(today).getUTCDay()) % 7 || 7;
    return momentOf(today + toMonday * DAY + MORNING, zone);
  }
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? Date.parse(`${at}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return undefined;
  const until = momentOf(wall, zone);
  return until > now && until < now + LONGEST ? until : undefined;
}
