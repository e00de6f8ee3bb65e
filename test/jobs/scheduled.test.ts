// What runs at night runs in the firm's night, also when the firm says later where it is.
import { startSchedule } from '../../server/jobs';
import { type Desk, openDesk } from '../support/desk';

const EVENING = Date.UTC(2026, 10, 20, 17);

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
  jest.useFakeTimers({ now: EVENING });
});
afterEach(async () => {
  jest.useRealTimers();
  await desk.close();
});

test('a time zone that is set while the server runs counts from the next night on', async () => {
  const ran: string[] = [];
  let zone = 'UTC';
  const night = {
    name: 'night',
    pattern: '0 30 2 * * *',
    run: async () => {
      ran.push(new Date().toISOString().slice(0, 16));
      return {};
    },
  };
  const stop = startSchedule(desk.app, [night], () => zone);

  await jest.advanceTimersByTimeAsync(60_000);
  zone = 'America/New_York';
  await jest.advanceTimersByTimeAsync(24 * 3_600_000);
  stop();
  await jest.advanceTimersByTimeAsync(24 * 3_600_000);

  expect(ran).toEqual(['2026-11-21T07:30']);
});
