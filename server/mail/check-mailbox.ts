// The daily comparison: every mail on the server is imported, or listed with its reason, or fetched now and named (M4).
import type { App } from '../app';
import { reportError } from '../lib/report-error';
import { type CheckRow, endCheck, findCheck, insertCheck } from './checks';
import { Broken, Comparison } from './comparison';
import { findCursor } from './cursors';
import { furtherFolders, listFolders } from './folders';
import { type Imap, type ImapSettings, openImap } from './imap';
import { isDiskFull } from './keep-mail';
import { PATIENCE } from './mail-server';
import type { MailboxRow } from './mailbox';
import { isSignInRefused, withToken } from './oauth/with-token';
import { findMailboxById, findMailboxes } from './queries';
import { imapSettingsOf } from './server-settings';

/** Every mailbox that is read, one after the other. A server that cannot be asked is told by its mailbox, and stops no other. */
export async function checkMailboxes(app: App, signal: AbortSignal): Promise<Record<string, number>> {
  const counts = { mailboxes: 0, missed: 0, failed: 0 };
  for (const mailbox of findMailboxes(app.db)) {
    const settings = imapSettingsOf(app, mailbox);
    if (!settings || signal.aborted) continue;
    const id = await app.write(() => beginCheck(app, mailbox, null));
    await checkMailbox(app, id, signal);
    const done = findCheck(app.db, id);
    counts.mailboxes += 1;
    counts.missed += done?.missed ?? 0;
    counts.failed += done?.error ? 1 : 0;
  }
  return counts;
}

/** Within a transaction. */
export const beginCheck = (app: App, mailbox: MailboxRow, startedBy: number | null): number =>
  insertCheck(
    app.db,
    mailbox.id,
    imapSettingsOf(app, mailbox)?.folder ?? 'INBOX',
    app.clock.now(),
    startedBy,
  );

/**
 * Over a connection of its own: the inbox, which the check is about, then each further folder that was read, with a check of its own.
 * Whatever goes wrong is noted there; a check that has ended already is left as it is.
 */
export async function checkMailbox(app: App, id: number, signal: AbortSignal): Promise<void> {
  const check = findCheck(app.db, id);
  const mailbox = check && findMailboxById(app.db, check.mailbox_id);
  if (!check || check.ended_at !== null || !mailbox) return;
  await noting(app, check, signal, () =>
    withMailbox(app, mailbox, signal, async (imap) => {
      await noting(app, check, signal, () => new Comparison(app, check, mailbox, imap, false).run());
      for (const { path, isJunk } of furtherFolders(mailbox, check.folder, await listOf(imap)).read) {
        if (!findCursor(app.db, mailbox.id, path) || signal.aborted || imap.client.isClosed) continue;
        const further = await app.write(() =>
          findCheck(app.db, insertCheck(app.db, mailbox.id, path, app.clock.now(), check.started_by)),
        );
        if (further)
          await noting(app, further, signal, () => new Comparison(app, further, mailbox, imap, isJunk).run());
      }
    }),
  );
}

/** A server that lists nothing is compared by its inbox alone; that it does not is the reader's to say. */
const listOf = (imap: Imap) => listFolders(imap).catch(() => []);

/** Ends a check as its comparison ended. */
async function noting(
  app: App,
  check: CheckRow,
  signal: AbortSignal,
  compare: () => Promise<void>,
): Promise<void> {
  let error: string | null = null;
  try {
    await compare();
  } catch (cause) {
    if (!(cause instanceof Broken) && !isDiskFull(cause)) reportError(app.log, 'comparing a mailbox', cause);
    error = cause instanceof Broken ? cause.message : isDiskFull(cause) ? 'disk-full' : 'unexpected';
    if (signal.aborted) error = 'broken-off';
  }
  await app.write(() => endCheck(app, check.id, error?.slice(0, 500) ?? null));
}

async function withMailbox(
  app: App,
  mailbox: MailboxRow,
  signal: AbortSignal,
  work: (imap: Imap) => Promise<void>,
): Promise<void> {
  const settings = mailbox.deleted_at === null ? imapSettingsOf(app, mailbox) : undefined;
  if (!settings) throw new Broken('no-mailbox');
  const open = (ready: ImapSettings) => openImap(ready, PATIENCE, signal);
  const opened = await withToken(app, mailbox, settings, open, isSignInRefused);
  if (!opened.ok) throw new Broken(opened.answer ?? opened.code);
  const { imap } = opened;
  const stop = () => imap.client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await work(imap);
  } finally {
    signal.removeEventListener('abort', stop);
    await imap.close();
  }
}
