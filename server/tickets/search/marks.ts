// Marks: what a ticket is, as words of the search index that nobody can write, so that operators walk it as words do.
import { DAY } from '../../lib/clock';

/** Of private use: it counts as a letter for the index and is no letter in anybody's text (`wordsIn`, and `apart`). */
const SIGN = '\uE000';

/** Every ticket has it: "all, but not these" needs something to take away from. */
export const EVERY = `${SIGN}every`;
const mark = (kind: string) => (value: string | number) => `${SIGN}${kind}${value}`.replaceAll(' ', '');

export const MARKS = {
  status: mark('status'),
  channel: mark('channel'),
  /** By id; 0 for nobody. */
  assignee: mark('assignee'),
  team: mark('team'),
  follower: mark('follower'),
  /** Of its customer; 0 for none. */
  organization: mark('organization'),
  tag: mark('tag'),
  mailbox: mark('mailbox'),
  alias: mark('alias'),
  number: mark('number'),
  has: mark('has'),
  /** "2026", "202603", "20260315". */
  began: mark('began'),
};

/** Texts of others as one document: without marks, and no phrase reaches from one into the next. */
export const apart = (texts: string[]) =>
  texts.map((text) => text.replaceAll(SIGN, ' ').replaceAll('\0', ' ')).join(`\n${SIGN}\n`);

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');

/** The year, the month and the day (UTC) on which something began. */
export function beganMarks(at: number): string[] {
  const date = dateOf(at);
  return [4, 6, 8].map((length) => MARKS.began(date.slice(0, length)));
}

/** Longer times begin with a whole month, so that years take no more than a dozen marks. */
const LONG = 62 * DAY;

/**
 * The marks of all days of a time: whole years, whole months, days. They may cover more at its beginning, up to a month of a
 * long time, but never more than a day at its end: the index is walked from there.
 */
export function marksBetween(from: number, before: number): string[] {
  const first = new Date(from);
  const isLong = before - from > LONG;
  const marks: string[] = [];
  for (
    let at = isLong ? Date.UTC(first.getUTCFullYear(), first.getUTCMonth()) : Math.floor(from / DAY) * DAY;
    at < before;
  ) {
    const date = new Date(at);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const nextYear = Date.UTC(year + 1, 0);
    const nextMonth = Date.UTC(year, month + 1);
    const [length, next] =
      month === 0 && day === 1 && nextYear <= before
        ? [4, nextYear]
        : day === 1 && nextMonth <= before
          ? [6, nextMonth]
          : [8, at + DAY];
    marks.push(MARKS.began(dateOf(at).slice(0, length)));
    at = next;
  }
  return marks;
}
