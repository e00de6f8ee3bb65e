// RFC 5322 dates, and those of programs that never read it.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 4.3, in minutes. Zones of a letter or unknown to it count as UTC. */
const ZONES: Record<string, number> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};
const EUROPE: Record<string, number> = {
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  cest: 120,
  mez: 60,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
};

const DATE =
  /(\d{1,2})[ -]([a-z]{3})[a-z]*\.?[ -](\d{2,4}),? +(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)? *([+-]\d{2}:?\d{2}|[a-z]{1,5})?/i;
const ISO = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d/i;

/** ms UTC, or undefined for what is no date between 1990 and 2100. */
export function readDate(value: string): number | undefined {
  const text = value.replace(/\s+/g, ' ').trim();
  const at = ISO.test(text)
    ? Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
    : fromParts(DATE.exec(text));
  return at !== undefined && at >= Date.UTC(1990, 0) && at < Date.UTC(2100, 0) ? at : undefined;
}

function fromParts(parts: RegExpExecArray | null): number | undefined {
  if (!parts) return undefined;
  const [, day, name = '', year = '', hour, minute, second = '0', zone = ''] = parts;
  const month = MONTHS.indexOf(name.toLowerCase());
  if (month === -1) return undefined;
  // RFC 5322 4.3: two digits below 50 are this century.
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  const local = Date.UTC(full, month, Number(day), Number(hour), Number(minute), Number(second));
  return local - zoneMinutes(zone) * 60_000;
}

function zoneMinutes(zone: string): number {
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (offset) return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const name = zone.toLowerCase();
  return ZONES[name] ?? EUROPE[name] ?? 0;
}
