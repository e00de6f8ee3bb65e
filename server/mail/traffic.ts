// All mail that moves while the server runs: a reader per mailbox and one sender.
import type { App } from '../app';
import { checkMailbox, checkMailboxes } from './check-mailbox';
import { MailboxReader } from './mailbox-reader';
import { findMailboxes } from './queries';
import { Sender } from './sender';
import { SentKeeper } from './sent-keeper';

export class MailTraffic {
  private readers: MailboxReader[] = [];
  private readonly sender: Sender;
  private readonly sentKeeper: SentKeeper;
  private started = false;
  private changing: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();
  private readonly checking = new Set<Promise<unknown>>();

  constructor(private readonly app: () => App) {
    this.sender = new Sender(app);
    this.sentKeeper = new SentKeeper(app);
  }

  start(): void {
    this.started = true;
    this.sender.start();
    this.sentKeeper.start();
    this.openReaders();
  }

  private openReaders(): void {
    for (const mailbox of findMailboxes(this.app().db)) {
      if (mailbox.imap === null) continue;
      const reader = new MailboxReader(this.app(), mailbox.id);
      this.readers.push(reader);
      reader.start();
    }
  }

  /** The outbox has something new. */
  outboxChanged(): void {
    this.sender.wake();
  }

  /** A mail has left whose mailbox wishes to keep it. */
  copyWaits(): void {
    this.sentKeeper.wake();
  }

  /**
   * A mailbox was added, changed or removed: all are opened anew with what is stored now, one change after the other. The
   * sender reads the settings for each mail, so nobody waits for what a slow server is being handed.
   */
  mailboxesChanged(): Promise<void> {
    this.changing = this.changing.then(async () => {
      if (!this.started) return;
      await this.closeReaders();
      if (!this.started) return;
      this.openReaders();
      this.sender.wake();
    });
    return this.changing;
  }

  /** Compares one mailbox, or all of them, with what is here; broken off when the server stops (M4). */
  check(id: number): Promise<void> {
    return this.until(checkMailbox(this.app(), id, this.ending.signal));
  }

  checkAll(): Promise<Record<string, number>> {
    return this.until(checkMailboxes(this.app(), this.ending.signal));
  }

  /** What is under way is waited for when the server stops. */
  private until<T>(work: Promise<T>): Promise<T> {
    this.checking.add(work);
    return work.finally(() => this.checking.delete(work));
  }

  /** For good: a change that waits starts nothing any more. */
  async stop(): Promise<void> {
    this.started = false;
    this.ending.abort();
    await this.changing;
    await Promise.all([
      this.sender.stop(),
      this.sentKeeper.stop(),
      this.closeReaders(),
      Promise.allSettled(this.checking),
    ]);
  }

  private async closeReaders(): Promise<void> {
    const readers = this.readers;
    this.readers = [];
    await Promise.all(readers.map((reader) => reader.stop()));
  }
}
