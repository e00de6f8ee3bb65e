// T3: office hours by the wall clock, several intervals a day, past midnight, holidays, clock changes.
import {
  datesIn,
  type Interval,
  intervalsIn,
  isOpenAt,
  textOf,
  type Week,
} from '../../server/mail/answers/hours';

const OSLO = 'Europe/Oslo';
const DAY: Interval[] = [
  [9 * 60, 12 * 60],
  [13 * 60, 16 * 60],
];
/** Monday to Friday, and the night of Saturday to Sunday. */
const WEEK: Week = [DAY, DAY, DAY, DAY, DAY, [[22 * 60, 2 * 60]], []];
const open = (iso: string, holidays: string[] = []) => isOpenAt(WEEK, holidays, OSLO, Date.parse(iso));

test.each([
  ['9-12', '09:00–12:00'],
  ['9:00–12:00, 13.30 - 24', '09:00–12:00, 13:30–24:00'],
  ['22-2', '22:00–02:00'],
  ['', ''],
])('%j is read as %j', (typed, read) => {
  expect(textOf(intervalsIn(typed) as Interval[])).toBe(read);
});

test.each(['morning', '9', '9-25', '9:60-10', '9-9', '1-2,3-4,5-6,7-8,9-10', '24-25'])(
  '%j is refused',
  (typed) => {
    expect(intervalsIn(typed)).toBeUndefined();
  },
);

test('dates are read, sorted, and refused when there is no such day', () => {
  expect(datesIn('2026-12-25\n2026-12-24, 2026-12-24')).toEqual(['2026-12-24', '2026-12-25']);
  expect(datesIn('2026-02-30')).toBeUndefined();
  expect(datesIn('24.12.2026')).toBeUndefined();
});

test('open at work, closed at lunch, in the evening and on Sunday', () => {
  // Friday, 20 November 2026; Oslo is an hour ahead.
  expect(open('2026-11-20T07:59:00Z')).toBe(false);
  expect(open('2026-11-20T08:00:00Z')).toBe(true);
  expect(open('2026-11-20T11:00:00Z')).toBe(false);
  expect(open('2026-11-20T14:59:00Z')).toBe(true);
  expect(open('2026-11-20T15:00:00Z')).toBe(false);
  expect(open('2026-11-22T10:00:00Z')).toBe(false);
});

test('a night goes on after midnight, and belongs to the day on which it begins', () => {
  expect(open('2026-11-21T21:00:00Z')).toBe(true);
  expect(open('2026-11-22T00:59:00Z')).toBe(true);
  expect(open('2026-11-22T01:00:00Z')).toBe(false);
  expect(open('2026-11-22T00:30:00Z', ['2026-11-21'])).toBe(false);
  expect(open('2026-11-22T00:30:00Z', ['2026-11-22'])).toBe(true);
});

test('holidays are closed', () => {
  expect(open('2026-11-20T09:00:00Z', ['2026-11-20'])).toBe(false);
});

test('nine o’clock is nine o’clock in summer too', () => {
  expect(open('2026-07-10T06:59:00Z')).toBe(false);
  expect(open('2026-07-10T07:00:00Z')).toBe(true);
});
