// From what a clock on a wall shows to the moment it means, right across clock changes (T3).

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (!known) {
    const parts = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const;
    known = new Intl.DateTimeFormat('sv-SE', { ...parts, hourCycle: 'h23', timeZone: zone });
    formatters.set(zone, known);
  }
  return known;
}

/** What a wall clock shows at a moment, as if it were UTC, in ms. */
export const wallOf = (at: number, zone: string): number =>
  Date.parse(`${formatterOf(zone).format(at).replace(' ', 'T')}Z`) + (((at % 1_000) + 1_000) % 1_000);

/**
 * The moment at which a wall clock shows `wall` (ms, as if UTC). An hour that comes twice is its first; one that is left out
 * is as much later as the clock is put forward.
 */
export function momentOf(wall: number, zone: string): number {
  const offsetAt = (at: number) => wallOf(at, zone) - at;
  const before = wall - offsetAt(wall - 24 * 3_600_000);
  if (wallOf(before, zone) === wall) return before;
  const after = wall - offsetAt(wall + 24 * 3_600_000);
  return wallOf(after, zone) === wall ? after : before;
}
