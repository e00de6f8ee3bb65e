// Office hours: a week of intervals on the firm's wall clock, and the days on which nobody works.
import { wallOf } from '../../i18n';
import { DAY, MINUTE } from '../../lib/clock';

/** From and to in minutes after midnight; one that ends before it begins goes on after midnight (T3). */
export type Interval = [from: number, to: number];
/** From Monday to Sunday. */
export type Week = Interval[][];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const MOST_INTERVALS = 4;
const FULL_DAY = 24 * 60;

const INTERVAL = /^(\d{1,2})(?:[:.](\d{2}))?\s{0,3}[-–]\s{0,3}(\d{1,2})(?:[:.](\d{2}))?$/;

/** "9-12, 13:00–17:00"; undefined for anything else. */
export function intervalsIn(text: string): Interval[] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const found = parts.flatMap((part) => {
    const match = INTERVAL.exec(part);
    const from = minutesOf(match?.[1], match?.[2]);
    const to = minutesOf(match?.[3], match?.[4]);
    const isGood = from !== undefined && to !== undefined && from !== to && from < FULL_DAY && to > 0;
    return isGood ? [[from, to] as Interval] : [];
  });
  return found.length === parts.length && parts.length <= MOST_INTERVALS ? found : undefined;
}

function minutesOf(hours: string | undefined, minutes = '00'): number | undefined {
  const at = Number(hours) * 60 + Number(minutes);
  return hours !== undefined && Number(minutes) < 60 && at <= FULL_DAY ? at : undefined;
}

const clock = (at: number) =>
  `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;

export const textOf = (intervals: Interval[]): string =>
  intervals.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ');

/** Dates, one a line; undefined when one is none. */
export function datesIn(text: string): string[] | undefined {
  const dates = text.split(/[\s,;]+/).filter(Boolean);
  const areDates = dates.every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date) && isDate(date));
  return areDates ? [...new Set(dates)].sort() : undefined;
}

function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

/** Whether somebody is at work; an interval past midnight belongs to the day on which it begins. */
export function isOpenAt(week: Week, holidays: string[], zone: string, at: number): boolean {
  const wall = wallOf(at, zone);
  const today = Math.floor(wall / DAY);
  const minute = Math.floor((wall - today * DAY) / MINUTE);
  const begins = (day: number): Interval[] => {
    const date = new Date(day * DAY).toISOString().slice(0, 10);
    // The first day of 1970 was a Thursday.
    return holidays.includes(date) ? [] : (week[(day + 3) % 7] ?? []);
  };
  return (
    begins(today).some(([from, to]) => minute >= from && (minute < to || to < from)) ||
    begins(today - 1).some(([from, to]) => to < from && minute < to)
  );
}
