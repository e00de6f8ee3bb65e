// Days as people write them into the search field.
import { dateIn, dayStart } from '../../i18n';
import { DAY } from '../../lib/clock';
import type { Asking, Value } from './operators';

/** 2026, 2026-03, 2026-03-15; and as Norwegians and Latvians write it: 15.03.2026. */
const ISO = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})\.?$/;
const EARLIEST = 1990;

/** When the day, the month or the year begins where the agent is; undefined for what is none. */
export function dateMeant({ app, agent }: Asking, value: string): number | undefined {
  const word = value.toLowerCase();
  const t = app.catalogues[agent.language];
  if (word === 'today' || word === t('tickets.search.today')) return dayBack(app.clock.now(), 0, agent);
  if (word === 'yesterday' || word === t('tickets.search.yesterday'))
    return dayBack(app.clock.now(), 1, agent);
  const iso = ISO.exec(value);
  const dotted = DOTTED.exec(value);
  const [year, month = 1, day = 1] = (iso ? iso.slice(1, 4) : (dotted?.slice(1, 4).reverse() ?? []))
    .filter((part) => part !== undefined)
    .map(Number);
  if (year === undefined || year < EARLIEST) return undefined;
  return dayStart(year, month, day, agent.timeZone);
}

function dayBack(now: number, days: number, { timeZone }: Asking['agent']): number | undefined {
  const { year, month, day } = dateIn(now, timeZone);
  // By the date and not by 24 hours: a day may have 23 or 25.
  const date = new Date(Date.UTC(year, month - 1, day - days));
  return dayStart(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), timeZone);
}

/** Days that are asked for most: today, yesterday, a week ago, the beginning of this month and of this year. */
export function suggestedDates({ app, agent }: Asking): Value[] {
  const t = app.catalogues[agent.language];
  const now = app.clock.now();
  const today = isoDate(now, agent.timeZone);
  return [
    { value: 'today', label: t('tickets.search.today') },
    { value: 'yesterday', label: t('tickets.search.yesterday') },
    { value: isoDate(now - 7 * DAY, agent.timeZone), label: t('tickets.search.weekAgo') },
    { value: today.slice(0, 7), label: t('tickets.search.thisMonth') },
    { value: today.slice(0, 4), label: t('tickets.search.thisYear') },
  ];
}

function isoDate(at: number, zone: string): string {
  const { year, month, day } = dateIn(at, zone);
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
}

/** No ticket is older or younger, for ranges that are open. */
export const FIRST_MOMENT = Date.UTC(EARLIEST, 0);
export const LAST_MOMENT = Date.UTC(10_000, 0);
