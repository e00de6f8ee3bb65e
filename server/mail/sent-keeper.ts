// Wakes when a copy of a sent mail is due for its folder; beside the sending, which waits for nothing here.
import type { App } from '../app';
import { reportError } from '../lib/report-error';
import { findNextCopy } from './sent-copies';
import { storeDueCopies } from './sent-folder';

const LONGEST_SLEEP = 60_000;

export class SentKeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private started = false;
  private readonly ending = new AbortController();

  constructor(private readonly app: () => App) {}

  start(): void {
    this.started = true;
    this.wake();
  }

  /** `least`: how long to wait at the least, in ms. */
  wake(least = 0): void {
    if (!this.started || this.running) return;
    clearTimeout(this.timer);
    const next = findNextCopy(this.app().db)?.at;
    if (next === null || next === undefined) return;
    const pause = Math.min(Math.max(next - this.app().clock.now(), least), LONGEST_SLEEP);
    this.timer = setTimeout(() => {
      this.running = this.turn();
    }, pause);
  }

  /** For good. */
  async stop(): Promise<void> {
    this.started = false;
    this.ending.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private async turn(): Promise<void> {
    let rest = 0;
    try {
      await storeDueCopies(this.app(), this.ending.signal);
    } catch (error) {
      reportError(this.app().log, 'storing copies of sent mails', error);
      rest = LONGEST_SLEEP;
    }
    this.running = undefined;
    this.wake(rest);
  }
}
