// Threads stop what overstays, one lane never waits for another, and nothing is left running.
import { openThreads, type ThreadFailure, type ThreadOptions, type Threads } from '../../server/jobs/thread';

/** Answers with what it is told to do. */
const WORKER = `
  const { parentPort, threadId } = require('node:worker_threads');
  parentPort.on('message', (todo) => {
    if (todo.spin) for (;;);
    if (todo.eat) { const eaten = []; for (;;) eaten.push(new Array(10000).fill({})); }
    if (todo.exit) process.exit(3);
    if (todo.crash) throw new Error('crashed');
    if (todo.throws) return parentPort.postMessage({ threw: new Error('no good') });
    if (todo.bytes) return parentPort.postMessage({ answer: todo.bytes.byteLength });
    parentPort.postMessage({ answer: { threadId, env: Object.keys(process.env).length, said: todo.say } });
  });`;

let threads: Threads;
const open = (options: ThreadOptions = {}) => {
  threads = openThreads({ code: () => WORKER, ...options });
  return threads;
};
afterEach(() => threads.close());

const ask = (todo: object, timeoutMs = 10_000) =>
  threads.run<{ threadId: number; env: number; said?: string }>('test', todo, { timeoutMs });
const reasonOf = (run: Promise<unknown>) =>
  run.then(
    () => 'answered',
    (failure: ThreadFailure) => failure.reason,
  );

test('work is answered by a thread that sees no environment', async () => {
  open();

  expect(await ask({ say: 'hello' })).toMatchObject({ said: 'hello', env: 0 });
});

test('no code is loaded before there is work', async () => {
  const code = jest.fn(() => WORKER);
  open({ code });
  expect(code).not.toHaveBeenCalled();

  await ask({});
  await ask({});
  expect(code).toHaveBeenCalledTimes(1);
  expect(code).toHaveBeenCalledWith('test');
});

test('a thread that overstays is stopped and replaced', async () => {
  open({ lanes: 1 });
  const { threadId } = await ask({});

  expect(await reasonOf(ask({ spin: true }, 100))).toBe('took too long');
  expect((await ask({})).threadId).not.toBe(threadId);
});

test('AC-25: one bomb does not hold up what comes behind it', async () => {
  open({ lanes: 2 });
  let isStopped = false;
  const bomb = reasonOf(ask({ spin: true }, 2_000)).finally(() => {
    isStopped = true;
  });

  for (let next = 0; next < 20; next++) expect(await ask({ say: 'next' })).toMatchObject({ said: 'next' });
  expect(isStopped).toBe(false);
  expect(await bomb).toBe('took too long');
});

test('work waits its turn, and waiting does not count', async () => {
  open({ lanes: 1 });
  const spinning = reasonOf(ask({ spin: true }, 300));
  const waiting = ask({ say: 'at last' }, 5_000);

  expect(await spinning).toBe('took too long');
  expect(await waiting).toMatchObject({ said: 'at last' });
});

test('no more than the lanes run at once, and they are used again', async () => {
  open({ lanes: 2 });
  const ids = (await Promise.all(Array.from({ length: 10 }, () => ask({})))).map(({ threadId }) => threadId);

  expect(new Set(ids).size).toBeLessThanOrEqual(2);
});

test('a thread that eats memory ends alone', async () => {
  open({ memoryMb: 32 });

  expect(await reasonOf(ask({ eat: true }, 15_000))).toBe('ran out of memory');
  expect(await ask({ say: 'alive' })).toMatchObject({ said: 'alive' });
});

test.each([['throws'], ['crash'], ['exit']])('what %s in a thread fails that work only', async (what) => {
  open({ lanes: 1 });

  expect(await reasonOf(ask({ [what]: true }))).toBe('failed');
  expect(await ask({ say: 'alive' })).toMatchObject({ said: 'alive' });
});

test('the cause of a failure is told', async () => {
  open();

  await expect(ask({ throws: true })).rejects.toMatchObject({
    cause: expect.objectContaining({ message: 'no good' }),
  });
});

test('buffers can move into the thread', async () => {
  open();
  const bytes = new Uint8Array(1_000);

  expect(await threads.run('test', { bytes }, { timeoutMs: 10_000, transfer: [bytes.buffer] })).toBe(1_000);
  expect(bytes.byteLength).toBe(0);
});

test('closing ends what runs and what waits, and nothing starts after', async () => {
  open({ lanes: 1 });
  const running = reasonOf(ask({ spin: true }));
  const waiting = reasonOf(ask({}));
  await threads.close();

  expect(await Promise.all([running, waiting])).toEqual(['closed', 'closed']);
  expect(await reasonOf(ask({}))).toBe('closed');
});

test('a thread with nothing to do ends by itself, and is started again when there is work', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    open({ idleMs: 60_000, lanes: 1 });
    const { threadId } = await ask({});
    jest.advanceTimersByTime(59_999);
    expect((await ask({})).threadId).toBe(threadId);
    jest.advanceTimersByTime(60_001);
    expect((await ask({})).threadId).not.toBe(threadId);
  } finally {
    jest.useRealTimers();
  }
});
