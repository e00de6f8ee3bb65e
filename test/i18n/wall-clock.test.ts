// T3: what a clock on a wall shows and the moment it means, across clock changes.
import { momentOf, wallOf } from '../../server/i18n';
import { untilOf } from '../../server/tickets/snooze-times';

const wall = (text: string) => Date.parse(`${text}:00Z`);
const at = (text: string) => Date.parse(text);

test.each([
  ['2026-11-30T09:00', 'Europe/Oslo', '2026-11-30T08:00:00Z'],
  ['2026-07-01T09:00', 'Europe/Riga', '2026-07-01T06:00:00Z'],
  ['2026-11-30T09:00', 'UTC', '2026-11-30T09:00:00Z'],
  ['2026-11-30T09:00', 'America/St_Johns', '2026-11-30T12:30:00Z'],
  ['2026-11-30T00:15', 'Pacific/Kiritimati', '2026-11-29T10:15:00Z'],
  // Twice, on the last Sunday of October: the first of the two.
  ['2026-10-25T02:30', 'Europe/Oslo', '2026-10-25T00:30:00Z'],
  // Left out, on the last Sunday of March.
  ['2027-03-28T02:30', 'Europe/Oslo', '2027-03-28T01:30:00Z'],
  ['2027-03-28T09:00', 'Europe/Oslo', '2027-03-28T07:00:00Z'],
])('T3: %s in %s is %s', (text, zone, moment) => {
  expect(new Date(momentOf(wall(text), zone)).toISOString()).toBe(new Date(moment).toISOString());
});

test('T3: what a wall shows leads back to the moment', () => {
  for (let time = at('2026-10-24T00:00:00Z'); time < at('2026-10-24T23:00:00Z'); time += 17 * 60_000)
    for (const zone of ['Europe/Oslo', 'Asia/Kathmandu', 'America/New_York'])
      expect(momentOf(wallOf(time, zone), zone)).toBe(time);
});

const friday = at('2026-11-20T09:00:00Z');

test.each([
  ['hours', '', '2026-11-20T12:00:00Z'],
  ['tomorrow', '', '2026-11-21T08:00:00Z'],
  ['monday', '', '2026-11-23T08:00:00Z'],
  ['week', '', '2026-11-27T08:00:00Z'],
  ['at', '2026-12-24T16:30', '2026-12-24T15:30:00Z'],
] as const)('snoozed for "%s %s" on a Friday in Oslo is until %s', (snooze, text, until) => {
  expect(untilOf(snooze, text, friday, 'Europe/Oslo')).toBe(at(until));
});

test('a Monday asked for on a Monday is the next one; tomorrow is that of the wall, not of UTC', () => {
  expect(untilOf('monday', '', at('2026-11-23T09:00:00Z'), 'Europe/Oslo')).toBe(at('2026-11-30T08:00:00Z'));
  expect(untilOf('tomorrow', '', at('2026-11-20T23:30:00Z'), 'Europe/Oslo')).toBe(at('2026-11-22T08:00:00Z'));
});

test.each([
  '',
  'tomorrow',
  '2026-11-20T09:59',
  '2026-11-20',
  '2099-01-01T00:00',
  '2026-13-01T00:00',
  '2026-12-24T16:30:00',
])('%p is no time to sleep until', (text) => {
  expect(untilOf('at', text, friday, 'Europe/Oslo')).toBeUndefined();
});
