// Work for later: rows that survive a restart, wait once, are tried again, and fail where a person sees it.

import type { App } from '../../server/app';
import {
  countFailedJobs,
  endInterruptedRuns,
  enqueue,
  findRuns,
  Jobs,
  type JobWork,
  runRecorded,
} from '../../server/jobs';
import { HOUR, MINUTE } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let done: unknown[];

beforeEach(() => {
  desk = openDesk();
  done = [];
});
afterEach(() => desk.close());

const note: JobWork = async (_app, payload) => void done.push(payload);
const jobs = (works: Record<string, JobWork> = { note }) => new Jobs(() => desk.app, works);
const put = (payload: object, when: Parameters<typeof enqueue>[3] = {}, kind = 'note') =>
  desk.app.db.tx(() => enqueue(desk.app, kind, payload, when));
const waiting = () =>
  desk
    .rows<{ payload: string }>('SELECT payload FROM jobs ORDER BY id')
    .map(({ payload }) => JSON.parse(payload));

test('what is due is done in its order, once, and what is not waits', async () => {
  put({ n: 2 }, { runAt: desk.clock.now() - 1 });
  put({ n: 1 }, { runAt: desk.clock.now() - 2 });
  put({ n: 3 }, { runAt: desk.clock.now() + HOUR });

  await jobs().runDue();
  await jobs().runDue();

  expect(done).toEqual([{ n: 1 }, { n: 2 }]);
  expect(waiting()).toEqual([{ n: 3 }]);
});

test('a job whose transaction is undone never was', async () => {
  expect(() =>
    desk.app.db.tx(() => {
      enqueue(desk.app, 'note', { n: 1 });
      throw new Error('no');
    }),
  ).toThrow('no');

  await jobs().runDue();

  expect(done).toEqual([]);
});

test('the same key waits only once', async () => {
  put({ n: 1 }, { key: 'mail 7' });
  put({ n: 2 }, { key: 'mail 7' });
  put({ n: 3 }, { key: 'mail 8' });

  await jobs().runDue();

  expect(done).toEqual([{ n: 1 }, { n: 3 }]);
});

test('what is asked for again while a job of its key is at work is not lost', async () => {
  const works: Record<string, JobWork> = {
    note: async (_app, payload) => {
      done.push(payload);
      if (done.length === 1) put({ n: 2 }, { key: 'mail 7' });
    },
  };
  put({ n: 1 }, { key: 'mail 7' });

  await jobs(works).runDue();
  await jobs(works).runDue();

  expect(done).toEqual([{ n: 1 }, { n: 2 }]);
  expect(waiting()).toEqual([]);
});

test('a job that fails is tried again with growing pauses, and rests where a person sees it', async () => {
  const works: Record<string, JobWork> = {
    note: async () => {
      done.push(desk.clock.now());
      throw new TypeError('carla@mail.example is not a function');
    },
  };
  put({ n: 1 });
  const pauses: number[] = [];
  for (;;) {
    await jobs(works).runDue();
    const [row] = desk.rows<{ state: string; run_at: number; last_error: string }>(
      'SELECT state, run_at, last_error FROM jobs',
    );
    expect(row?.last_error).toBe('TypeError');
    if (row?.state === 'failed') break;
    pauses.push(((row?.run_at ?? 0) - desk.clock.now()) / MINUTE);
    desk.clock.pass((row?.run_at ?? 0) - desk.clock.now());
  }

  expect(pauses).toEqual([2, 4, 8, 16, 32]);
  expect(done).toHaveLength(6);
  expect(countFailedJobs(desk.app.db)).toEqual({ n: 1 });
  await jobs(works).runDue();
  expect(done).toHaveLength(6);
});

test('a job that fails does not keep the next one from its turn', async () => {
  const works: Record<string, JobWork> = { note, bad: () => Promise.reject(new Error('no')) };
  put({}, {}, 'bad');
  put({}, {}, 'unheard of');
  put({ n: 1 });

  await jobs(works).runDue();

  expect(done).toEqual([{ n: 1 }]);
  expect(waiting()).toHaveLength(2);
});

test('it starts by itself when something is due, and stops when told', async () => {
  const running = jobs({
    note: async (_app, payload) => {
      done.push(payload);
      woken();
    },
  });
  let woken = () => {};
  const done1 = new Promise<void>((resolve) => {
    woken = resolve;
  });
  put({ n: 1 });
  running.start();
  await done1;
  await running.stop();
  put({ n: 2 });
  running.wake();
  await running.stop();

  expect(done).toEqual([{ n: 1 }]);
});

test('a database that takes nothing ends no server', async () => {
  put({ n: 1 });
  let asked = () => {};
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const write: App['write'] = () => {
    asked();
    return Promise.reject(new Error('disk full'));
  };
  const running = new Jobs(() => ({ ...desk.app, write }), { note });
  running.start();
  await wasAsked;
  await running.stop();

  expect(done).toEqual([]);
  expect(waiting()).toEqual([{ n: 1 }]);
});

describe('runs on a clock', () => {
  test('are rows: what was counted, or what went wrong', async () => {
    await runRecorded(desk.app, 'sweep', async () => ({ files: 3 }));
    await expect(
      runRecorded(desk.app, 'sweep', () => Promise.reject(new Error('the disk is gone'))),
    ).rejects.toThrow('the disk is gone');

    expect(findRuns(desk.app.db, 'sweep', 10)).toMatchObject([
      { outcome: 'failed', error: 'the disk is gone', ended_at: desk.clock.now() },
      { outcome: 'done', counts: '{"files":3}', error: null },
    ]);
  });

  test('that a crash cut off are failed ones', async () => {
    desk.app.db.sql
      .prepare("INSERT INTO job_runs (name, started_at, outcome) VALUES ('backup', 1, 'running')")
      .run();
    await runRecorded(desk.app, 'sweep', async () => ({}));

    desk.app.db.tx(() => endInterruptedRuns(desk.app));

    expect(findRuns(desk.app.db, 'backup', 1)).toMatchObject([
      { outcome: 'failed', error: 'interrupted', ended_at: desk.clock.now() },
    ]);
    expect(findRuns(desk.app.db, 'sweep', 1)).toMatchObject([{ outcome: 'done' }]);
  });
});
