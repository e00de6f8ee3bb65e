// The old mails of somebody who was erased are removed from the mail servers too, where that is wished (P5).
import type { App } from '../app';
import { query } from '../db';
import { openImap } from './imap';
import { type Removal, removeMails } from './imap-remove';
import { isSignInRefused, withToken } from './oauth/with-token';
import { findMailboxById, findMailboxes, type InboundMailRow } from './queries';
import { imapSettingsOf } from './server-settings';

/** Where a mail lies on a mail server, as far as it is known here. */
export interface MailOnServer {
  mailboxId: number;
  folder: string;
  uidValidity: number;
  uid: number;
  messageId: string | null;
  dedupeKey: string;
}

/** `unreachable` is worth another try; `closed` is not: the mailbox is not set up here any more. */
export type Fate = Removal | 'unreachable' | 'closed';

/** Key by key, by the index that knows a mail once for each mailbox. */
const findByKeys = query<[dedupeKeys: string], InboundMailRow[]>(`
  SELECT inbound_mails.* FROM json_each(?) AS wanted CROSS JOIN mailboxes
   CROSS JOIN inbound_mails ON mailbox_id = mailboxes.id AND dedupe_key = wanted.value
   WHERE uid IS NOT NULL ORDER BY inbound_mails.id`);

export const findOnServers = (app: App, dedupeKeys: string[]): MailOnServer[] =>
  findByKeys(app.db, JSON.stringify(dedupeKeys)).flatMap((row) => placeOnServer(row) ?? []);

/** Undefined for what `deliver` handed over. */
export function placeOnServer(row: InboundMailRow): MailOnServer | undefined {
  const { folder, uid, uid_validity: uidValidity } = row;
  if (folder === null || uid === null || uidValidity === null) return undefined;
  const { mailbox_id: mailboxId, header_message_id: messageId, dedupe_key: dedupeKey } = row;
  return { mailboxId, folder, uidValidity, uid, messageId, dedupeKey };
}

/** Whether any mailbox here is read from a server. */
export const readsFromServers = (app: App): boolean =>
  findMailboxes(app.db).some((mailbox) => mailbox.imap !== null);

/** What became of each, in the order in which they were given. One connection for each mailbox. Never throws. */
export async function removeFromServers(app: App, mails: MailOnServer[]): Promise<Fate[]> {
  const fates = new Map<MailOnServer, Fate>();
  for (const [mailboxId, inMailbox] of Map.groupBy(mails, (mail) => mail.mailboxId)) {
    for (const [mail, fate] of await removeFromMailbox(app, mailboxId, inMailbox)) fates.set(mail, fate);
  }
  return mails.map((mail) => fates.get(mail) ?? 'unreachable');
}

async function removeFromMailbox(
  app: App,
  mailboxId: number,
  mails: MailOnServer[],
): Promise<Map<MailOnServer, Fate>> {
  const fates = new Map<MailOnServer, Fate>();
  const mailbox = findMailboxById(app.db, mailboxId);
  const settings = mailbox && mailbox.deleted_at === null ? imapSettingsOf(app, mailbox) : undefined;
  if (!mailbox || !settings) return new Map(mails.map((mail) => [mail, 'closed']));
  const opened = await withToken(app, mailbox, settings, (ready) => openImap(ready), isSignInRefused);
  if (!opened.ok) return fates;
  try {
    for (const [folder, inFolder] of Map.groupBy(mails, (mail) => mail.folder)) {
      const end = await removeMails(opened.imap, folder, inFolder);
      if (end.kind === 'lost') break;
      for (const [at, mail] of inFolder.entries()) {
        if (end.kind === 'done') fates.set(mail, end.removals[at] as Removal);
        else if (end.kind === 'no-folder') fates.set(mail, 'missing');
      }
    }
  } finally {
    await opened.imap.close();
  }
  return fates;
}
