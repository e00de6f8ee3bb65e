// Reads one mailbox for as long as the server runs: connects, fetches what is new, waits for news, connects again.
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../app';
import { change } from '../db';
import { DAY, MINUTE, SECOND } from '../lib/clock';
import { reportError } from '../lib/report-error';
import { ConnectionEnded, FolderRefused } from './connection-ended';
import { beginCursor, endFirstReading, findCursor, renumberCursor, updateCursor } from './cursors';
import { type Imap, type ImapSettings, openImap } from './imap';
import { type Cursor, type FetchedMail, fetchSince, firstCursor } from './imap-fetch';
import { idle, PACE } from './imap-idle';
import { isDiskFull, keepMail } from './keep-mail';
import { signalMailboxes } from './live';
import { PATIENCE } from './mail-server';
import type { MailboxRow } from './mailbox';
import { isSignInRefused, withToken } from './oauth/with-token';
import { findMailboxById } from './queries';
import { type ReadFolder, readOthers } from './read-others';
import { askAgainForRefused } from './refused-mails';
import { answersTicket } from './sent-reading';
import { imapSettingsOf } from './server-settings';

/** Pauses between connections that fail, growing; a good fetch begins anew. */
const PAUSES = [5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE];

/** A mail over which the connection was lost so often is not asked for until later. */
const MOST_BROKEN = 2;

interface Broken {
  folder?: string;
  singly: boolean;
  uid?: number | undefined;
  times: number;
}
/** Nothing is announced of folders but the inbox, so they are looked into now and then. */
const OTHERS_PACE = { ...PACE, check: MINUTE };
const UNBROKEN: Broken = { singly: false, times: 0 };

const updateFetched = change<[now: number, id: number]>(
  'UPDATE mailboxes SET last_fetch_at = ?, last_error = NULL, last_stage = NULL, failing_since = NULL, next_try_at = NULL WHERE id = ?',
);
const updateFailing = change<
  [error: string, stage: string | null, now: number, nextTryAt: number, id: number]
>(
  'UPDATE mailboxes SET last_error = ?, last_stage = ?, failing_since = coalesce(failing_since, ?), next_try_at = ? WHERE id = ?',
);

export class MailboxReader {
  private readonly ending = new AbortController();
  private finished: Promise<void> | undefined;
  /** After a connection was lost over a mail: which one that was, and how often (M2). */
  private broken = UNBROKEN;

  constructor(
    private readonly app: App,
    private readonly mailboxId: number,
    private readonly pauses = PAUSES,
  ) {}

  start(): void {
    this.finished = this.run().catch((error) => reportError(this.app.log, 'reading a mailbox', error));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    let failures = 0;
    const pause = () => this.pauses[Math.min(failures, this.pauses.length - 1)] as number;
    while (!this.ending.signal.aborted) {
      try {
        await this.connection(() => {
          failures = 0;
        });
      } catch (error) {
        if (this.ending.signal.aborted) return;
        if (!(error instanceof ConnectionEnded)) reportError(this.app.log, 'reading a mailbox', error);
        await this.noteFailure(error, pause()).catch((worse) =>
          reportError(this.app.log, 'noting a mailbox that fails', worse),
        );
      }
      await this.pause(pause());
      failures += 1;
    }
  }

  /** One connection, from signing in to its loss. */
  private async connection(onFetched: () => void): Promise<void> {
    const mailbox = findMailboxById(this.app.db, this.mailboxId);
    const settings = mailbox && mailbox.deleted_at === null ? imapSettingsOf(this.app, mailbox) : undefined;
    if (!mailbox || !settings) return this.ending.abort();
    const open = (ready: ImapSettings) => openImap(ready, PATIENCE, this.ending.signal);
    const opened = await withToken(this.app, mailbox, settings, open, isSignInRefused);
    if (!opened.ok) throw new ConnectionEnded(opened.answer ?? opened.code, opened.stage);
    const { imap } = opened;
    const stop = () => void imap.close();
    this.ending.signal.addEventListener('abort', stop, { once: true });
    try {
      const folder = settings.folder ?? 'INBOX';
      let others = 0;
      const fetch = async () => {
        await this.fetchAll(imap, mailbox, { path: folder, source: 'imap', isJunk: false, isInbox: true });
        onFetched();
        others = await readOthers(this.app, imap, mailbox, folder, this.ending.signal, (other) =>
          this.fetchAll(imap, mailbox, other),
        );
      };
      await fetch();
      const why = await idle(imap, fetch, this.ending.signal, others > 0 ? OTHERS_PACE : PACE);
      if (why === 'lost') throw new ConnectionEnded('lost');
    } finally {
      this.ending.signal.removeEventListener('abort', stop);
      await imap.close();
    }
  }

  /**
   * Everything after the cursor; a renumbered folder is read again from its beginning (M1). `since_at` stands only while the
   * folder is read for the first time under its numbers: from then on every higher UID is new, whatever date it bears.
   */
  private async fetchAll(imap: Imap, mailbox: MailboxRow, read: ReadFolder): Promise<void> {
    const { app } = this;
    const { path: folder } = read;
    let cursor = await this.cursor(imap, mailbox, read);
    for (;;) {
      const { singly, uid, times } = this.broken.folder === folder ? this.broken : UNBROKEN;
      const end = await fetchSince(imap, folder, cursor, (mail) => this.keep(mailbox, read, mail), {
        singly,
        leaveOut: times >= MOST_BROKEN ? uid : undefined,
      });
      if (end.kind === 'refused') throw new FolderRefused(end.answer);
      if (end.kind === 'lost') {
        const isSame = end.at !== undefined && end.at === uid;
        this.broken = { folder, singly: true, uid: end.at, times: isSame ? times + 1 : 1 };
        throw new ConnectionEnded('lost');
      }
      cursor = end.cursor;
      const { uidValidity, lastUid } = cursor;
      if (end.kind === 'done') {
        if (this.broken.folder === folder) this.broken = UNBROKEN;
        await app.write(() => {
          updateCursor(app.db, uidValidity, lastUid, mailbox.id, folder);
          endFirstReading(app.db, DAY, mailbox.id, folder);
          if (findMailboxById(app.db, mailbox.id)?.failing_since !== null) signalMailboxes(app);
          updateFetched(app.db, app.clock.now(), mailbox.id);
        });
        return askAgainForRefused(app, imap, mailbox.id, folder, uidValidity);
      }
      const begun = findCursor(app.db, mailbox.id, folder)?.begun_at ?? mailbox.created_at;
      const since = begun - mailbox.first_fetch_days * DAY;
      await app.write(() => renumberCursor(app.db, uidValidity, lastUid, since, mailbox.id, folder));
    }
  }

  private async cursor(imap: Imap, mailbox: MailboxRow, { path, isInbox }: ReadFolder): Promise<Cursor> {
    const known = findCursor(this.app.db, mailbox.id, path);
    if (known) return { uidValidity: known.uid_validity, lastUid: known.last_uid };
    const now = this.app.clock.now();
    const first = await firstCursor(imap, path, mailbox.first_fetch_days, now);
    if ('kind' in first)
      throw first.kind === 'refused' ? new FolderRefused(first.answer) : new ConnectionEnded('lost');
    const since = now - mailbox.first_fetch_days * DAY;
    const begun = isInbox ? mailbox.created_at : now;
    await this.app.write(() =>
      beginCursor(
        this.app.db,
        mailbox.id,
        path,
        first.uidValidity,
        first.lastUid,
        since,
        first.lastUid,
        begun,
      ),
    );
    return first;
  }

  /** Stored before the cursor moves; what was there before the first connection and not asked for stays there (M5). */
  private async keep(mailbox: MailboxRow, { path: folder, source, isJunk }: ReadFolder, mail: FetchedMail) {
    const place = { folder, uidValidity: mail.uidValidity, uid: mail.uid };
    const cursor = findCursor(this.app.db, mailbox.id, folder);
    const since = cursor?.since_at ?? 0;
    const isWanted = source === 'imap' || answersTicket(this.app, mailbox.id, mail.raw);
    if (isWanted && (mail.arrivedAt === undefined || mail.arrivedAt >= since - DAY)) {
      const isOld = mail.arrivedAt !== undefined && mail.arrivedAt < (cursor?.begun_at ?? 0);
      const { raw, missing } = mail;
      await keepMail(this.app, { mailboxId: mailbox.id, source, raw, place, isOld, isJunk, missing });
    }
    await this.app.write(() => updateCursor(this.app.db, mail.uidValidity, mail.uid, mailbox.id, folder));
  }

  private async noteFailure(error: unknown, pause: number): Promise<void> {
    const shown =
      error instanceof ConnectionEnded ? error.message : isDiskFull(error) ? 'disk-full' : 'unexpected';
    const stage = error instanceof ConnectionEnded ? error.stage : null;
    const { app, mailboxId } = this;
    await app.write(() => {
      const now = app.clock.now();
      updateFailing(app.db, shown.slice(0, 500), stage, now, now + pause, mailboxId);
      signalMailboxes(app);
    });
  }

  /** Shorter when it is told to stop meanwhile. */
  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}
