// What runs each night runs in the firm's night, and also on a machine that is switched off at night.
import { findRuns, runRecorded, type Scheduled, startSchedule } from '../../server/jobs';
import { DAY, HOUR } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let ran: string[];

beforeEach(() => {
  desk = openDesk();
  ran = [];
});
afterEach(() => desk.close());

const nightly = (name: string): Scheduled => ({
  name,
  pattern: '0 0 4 * * *',
  run: async () => {
    ran.push(name);
    return {};
  },
});

/** Starts, and waits until what comes right after the start is done: the last entry is always due. */
async function start(...names: string[]): Promise<void> {
  let stop = () => {};
  await new Promise<void>((resolve) => {
    const last: Scheduled = { ...nightly('last'), run: async () => (resolve(), {}) };
    stop = startSchedule(desk.app, [...names.map(nightly), last], () => 'Europe/Oslo', 0);
  });
  stop();
}

test('a night that was missed is made up for after the start, in order, and listed', async () => {
  desk.ticketFrom('Carla');
  await runRecorded(desk.app, 'backup', async () => ({}));
  desk.clock.pass(DAY + 3 * HOUR);

  await start('retention', 'backup');

  expect(ran).toEqual(['retention', 'backup']);
  expect(findRuns(desk.app.db, 'backup', 5)).toHaveLength(2);
});

test('what ran last night is not run again', async () => {
  desk.ticketFrom('Carla');
  desk.clock.pass(DAY + 3 * HOUR);
  await runRecorded(desk.app, 'backup', async () => ({}));
  desk.clock.pass(20 * HOUR);

  await start('backup');

  expect(ran).toEqual([]);
});

test('a time zone that is set while the server runs counts from the next night on', async () => {
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 20, 17) });
  const times: string[] = [];
  let zone = 'UTC';
  const night: Scheduled = {
    name: 'night',
    pattern: '0 30 2 * * *',
    run: async () => {
      times.push(new Date().toISOString().slice(0, 16));
      return {};
    },
  };
  const stop = startSchedule(desk.app, [night], () => zone);

  await jest.advanceTimersByTimeAsync(60_000);
  zone = 'America/New_York';
  await jest.advanceTimersByTimeAsync(24 * 3_600_000);
  stop();
  await jest.advanceTimersByTimeAsync(24 * 3_600_000);
  jest.useRealTimers();

  expect(times).toEqual(['2026-11-21T07:30']);
});
