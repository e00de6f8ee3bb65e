// How people tell a time that is near: now, 5 min ago, 09:41, yesterday, Tuesday.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Reader {
  lang: string;
  /** IANA name. */
  zone: string;
  /** In lists: no clock beside the day. */
  short: boolean;
}

/** Undefined when the absolute time says it best. Milliseconds UTC. */
export function relativeTime(at: number, now: number, { lang, zone, short }: Reader): string | undefined {
  const past = now - at;
  if (past < -MINUTE) return undefined;
  const { relative, date } = formats(lang, zone);
  if (past > 300 * DAY) return short ? date.format(at) : undefined;
  if (past < MINUTE) return relative.format(0, 'second');
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute');

  const days = dayNumber(now, zone) - dayNumber(at, zone);
  const { clock, weekday, monthDay } = formats(lang, zone);
  if (days === 0) return clock.format(at);
  const day =
    days === 1
      ? capital(relative.format(-1, 'day'), lang)
      : days < 7
        ? capital(weekday.format(at), lang)
        : monthDay.format(at);
  return short ? day : `${day} ${clock.format(at)}`;
}

const capital = (word: string, lang: string) => word.slice(0, 1).toLocaleUpperCase(lang) + word.slice(1);

/** Days since the beginning, by the calendar of a zone. */
function dayNumber(at: number, zone: string): number {
  const [year, month, day] = formats('en', zone).calendar.format(at).split('-').map(Number) as [
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day) / DAY;
}

const known = new Map<string, ReturnType<typeof makeFormats>>();

function formats(lang: string, zone: string): ReturnType<typeof makeFormats> {
  const key = `${lang} ${zone}`;
  const made = known.get(key) ?? makeFormats(lang, zone);
  known.set(key, made);
  return made;
}

function makeFormats(lang: string, timeZone: string) {
  // English here is written as in Europe: 24 hours, day before month.
  const tag = lang === 'en' ? 'en-GB' : lang;
  return {
    relative: new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' }),
    clock: new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit' }),
    weekday: new Intl.DateTimeFormat(tag, { timeZone, weekday: 'short' }),
    monthDay: new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'short' }),
    date: new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium' }),
    calendar: new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }),
  };
}
