// All mail that moves while the server runs: a reader per mailbox and one sender.
import type { App } from '../app';
import { MailboxReader } from './mailbox-reader';
import { findMailboxes } from './queries';
import { Sender } from './sender';

export class MailTraffic {
  private readers: MailboxReader[] = [];
  private readonly sender: Sender;
  private started = false;
  private changing: Promise<void> = Promise.resolve();

  constructor(private readonly app: () => App) {
    this.sender = new Sender(app);
  }

  start(): void {
    this.started = true;
    this.sender.start();
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

  /** For good: a change that waits starts nothing any more. */
  async stop(): Promise<void> {
    this.started = false;
    await this.changing;
    await Promise.all([this.sender.stop(), this.closeReaders()]);
  }

  private async closeReaders(): Promise<void> {
    const readers = this.readers;
    this.readers = [];
    await Promise.all(readers.map((reader) => reader.stop()));
  }
}
