// How times near by are told.
import { relativeTime } from '../../static/js/relative-time';

/** Friday, 20 November 2026, 09:00 UTC, 10:00 in Oslo. */
const NOW = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const tell = (ago: number, { lang = 'en', short = false, zone = 'Europe/Oslo' } = {}) =>
  relativeTime(NOW - ago, NOW, { lang, zone, short });

test.each([
  ['just now', 10_000, 'now'],
  ['minutes', 12 * MINUTE, '12 min ago'],
  ['earlier today, by the clock', 3 * 60 * MINUTE, '07:00'],
  ['yesterday, with the hour', DAY, 'Yesterday 10:00'],
  ['this week', 3 * DAY, 'Tue 10:00'],
  ['this year', 40 * DAY, '11 Oct 11:00'],
])('%s', (_when, ago, words) => expect(tell(ago)).toBe(words));

test('a list leaves out the clock of other days', () => {
  expect(tell(DAY, { short: true })).toBe('Yesterday');
  expect(tell(40 * DAY, { short: true })).toBe('11 Oct');
  expect(tell(400 * DAY, { short: true })).toBe('16 Oct 2025');
});

test('far away the absolute time stays, and so it does for what is still to come', () => {
  expect(tell(400 * DAY)).toBeUndefined();
  expect(tell(-2 * DAY)).toBeUndefined();
});

test("yesterday is the reader's yesterday, by their calendar", () => {
  const lateEvening = 10 * 60 * MINUTE + 30 * MINUTE; // 22:30 UTC the day before
  expect(tell(lateEvening, { short: true })).toBe('Yesterday');
  expect(tell(lateEvening, { short: true, zone: 'Pacific/Auckland' })).toBe('11:30');
});

test("in the reader's language", () => {
  expect(tell(DAY, { lang: 'nb', short: true })).toBe('I går');
  expect(tell(DAY, { lang: 'lv', short: true })).toBe('Vakar');
  expect(tell(12 * MINUTE, { lang: 'lv' })).toBe('pirms 12 min.');
});
