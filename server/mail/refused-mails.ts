// Mails that a server would not give out, mostly for a fault of its own that passes: asked for again (M1, M2).
import type { App } from '../app';
import { MINUTE } from '../lib/clock';
import type { Imap } from './imap';
import { readOnceMore } from './imap-fetch';
import { keepAfterAll } from './keep-mail';
import { findRefusedMails, updateInboundAttempt } from './queries';

/** One minute after it arrived, two, four, and so on for about three days; then only when a person says so. */
const MOST_TRIES = 12;
const dueAt = (mail: { received_at: number; attempts: number }) =>
  mail.received_at + 2 ** mail.attempts * MINUTE;

/** Over a connection whose folder is open. Each try is counted before it is made: it may be what breaks the connection. */
export async function askAgainForRefused(
  app: App,
  imap: Imap,
  mailboxId: number,
  folder: string,
  uidValidity: number,
): Promise<void> {
  for (const mail of findRefusedMails(app.db, mailboxId, folder, uidValidity)) {
    if (mail.uid === null || mail.attempts >= MOST_TRIES || app.clock.now() < dueAt(mail)) continue;
    if (imap.client.isClosed) return;
    await app.write(() => updateInboundAttempt(app.db, mail.id));
    const raw = await readOnceMore(imap, mail.uid);
    if (raw instanceof Buffer) await keepAfterAll(app, mail, raw);
  }
}
