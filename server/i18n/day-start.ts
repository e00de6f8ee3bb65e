// When a day begins where somebody is.

/**
 * The first moment of a day in a zone, in milliseconds; undefined for a day that no calendar has. Where clocks are changed at
 * midnight it is the first moment that the day has.
 */
export function dayStart(year: number, month: number, day: number, zone: string): number | undefined {
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day) return undefined;
  const start = utc.getTime();
  // Twice: the first guess may stand on the other side of a change of the clocks.
  const guess = start - aheadOfUtc(start, zone);
  return start - aheadOfUtc(guess, zone);
}

/** The date of a moment in a zone. */
export function dateIn(at: number, zone: string): { year: number; month: number; day: number } {
  const { year, month, day } = partsOf(at, zone);
  return { year, month, day };
}

function aheadOfUtc(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
const formatters = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: number, zone: string): Record<Part, number> {
  let formatter = formatters.get(zone);
  if (!formatter) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      ...numeric,
      ...time,
    });
    formatters.set(zone, formatter);
  }
  const parts = formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]);
  return Object.fromEntries(parts) as Record<Part, number>;
}
