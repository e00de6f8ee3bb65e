// Worker threads for reading what strangers send: two lanes per worker, a hard stop, and a limit on memory.
import { type MessagePort, Worker } from 'node:worker_threads';
import { readAsset } from '../lib/assets';

export type ThreadEnd = 'took too long' | 'ran out of memory' | 'failed' | 'closed';

/** Why a thread gave no answer. What the work itself threw is the cause of `failed`. */
export class ThreadFailure extends Error {
  constructor(
    readonly reason: ThreadEnd,
    cause?: unknown,
  ) {
    super(`A worker thread ${reason === 'closed' ? 'was closed' : reason}.`, { cause });
    this.name = 'ThreadFailure';
  }
}

export interface RunOptions {
  /** The hard stop, in ms from the moment a lane takes the work; waiting for a lane does not count. */
  timeoutMs: number;
  /** Buffers and ports that move into the thread; they are of no use here afterwards. */
  transfer?: (ArrayBuffer | MessagePort)[];
}

export interface ThreadOptions {
  lanes?: number;
  /** JavaScript heap of one thread; buffers do not count. */
  memoryMb?: number;
  /** A thread with nothing to do for so long ends, and gives its memory back. */
  idleMs?: number;
  /** The bundled code of a worker; by default the asset of that name. */
  code?: (worker: string) => string;
}

export type Threads = ReturnType<typeof openThreads>;

/**
 * Threads start when first needed. With two lanes one bomb never holds up the next piece of work: a thread that
 * overstays is terminated, even in the middle of a loop, and replaced.
 */
export function openThreads(options: ThreadOptions = {}) {
  const pools = new Map<string, Pool>();
  const settings = { ...DEFAULTS, ...options };
  let open = true;
  return {
    /** What the worker of that name answers to `payload`. Rejects with a ThreadFailure. */
    async run<Answer>(worker: string, payload: unknown, how: RunOptions): Promise<Answer> {
      if (!open) throw new ThreadFailure('closed');
      const pool = pools.get(worker) ?? new Pool(worker, settings);
      pools.set(worker, pool);
      return (await pool.run(payload, how)) as Answer;
    },

    /** Ends all threads now; whatever still ran or waited is rejected as closed. */
    async close(): Promise<void> {
      open = false;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

const DEFAULTS = {
  lanes: 2,
  memoryMb: 256,
  idleMs: 60_000,
  code: (worker: string) => readAsset(`workers/${worker}.js`).toString(),
};

interface Task extends RunOptions {
  payload: unknown;
  resolve(answer: unknown): void;
  reject(failure: ThreadFailure): void;
}

/** For what lives shortly. More makes two busy threads take 170 MB more of the process, for a fifth more speed. */
const NURSERY_MB = 8;

/** What a worker posts back. */
export type Reply = { answer: unknown } | { threw: unknown };

class Pool {
  private readonly waiting: Task[] = [];
  private readonly lanes = new Set<Lane>();
  private code: string | undefined;

  constructor(
    private readonly worker: string,
    private readonly settings: Required<ThreadOptions>,
  ) {}

  run(payload: unknown, how: RunOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...how, payload, resolve, reject });
      this.next();
    });
  }

  async close(): Promise<void> {
    for (const task of this.waiting.splice(0)) task.reject(new ThreadFailure('closed'));
    await Promise.all([...this.lanes].map((lane) => lane.end('closed')));
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const lane = [...this.lanes].find((candidate) => candidate.isFree) ?? this.openLane();
      if (!lane) return;
      lane.take(this.waiting.shift() as Task);
    }
  }

  private openLane(): Lane | undefined {
    if (this.lanes.size >= this.settings.lanes) return undefined;
    this.code ??= this.settings.code(this.worker);
    const lane = new Lane(this.code, this.settings, (gone) => {
      if (gone) this.lanes.delete(lane);
      this.next();
    });
    this.lanes.add(lane);
    return lane;
  }
}

/** One thread and the task it is at; ended once, never started again. */
class Lane {
  private readonly thread: Worker;
  private task: Task | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    code: string,
    private readonly settings: Required<ThreadOptions>,
    private readonly changed: (gone: boolean) => void,
  ) {
    // No environment: the thread reads strangers' mail and needs no secrets.
    this.thread = new Worker(code, {
      eval: true,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, maxYoungGenerationSizeMb: NURSERY_MB },
    });
    this.thread.on('message', (reply: Reply) => this.finish(reply));
    this.thread.on('messageerror', (error) => this.end('failed', error));
    this.thread.on('error', (error: NodeJS.ErrnoException) =>
      this.end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'ran out of memory' : 'failed', error),
    );
    this.thread.on('exit', () => this.end('failed'));
  }

  get isFree(): boolean {
    return !this.task && !this.ended;
  }

  take(task: Task): void {
    this.task = task;
    this.thread.ref();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end('took too long'), task.timeoutMs);
    this.thread.postMessage(task.payload, task.transfer ?? []);
  }

  /** Terminates the thread; its task, if any, fails for that reason. */
  async end(reason: ThreadEnd, cause?: unknown): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.task?.reject(new ThreadFailure(reason, cause));
    this.task = undefined;
    this.changed(true);
    await this.thread.terminate();
  }

  private finish(reply: Reply): void {
    const task = this.task;
    if (!task || this.ended) return;
    this.task = undefined;
    clearTimeout(this.timer);
    // An idle thread keeps no process alive.
    this.thread.unref();
    this.timer = setTimeout(() => this.end('closed'), this.settings.idleMs).unref();
    if ('answer' in reply) task.resolve(reply.answer);
    else task.reject(new ThreadFailure('failed', reply.threw));
    this.changed(false);
  }
}
