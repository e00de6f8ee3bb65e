// Puts copies of sent mails into a mailbox's folder for sent mail, each once (RFC 6154 names it, APPEND fills it).
import type { App } from '../app';
import { type Imap, type ImapSettings, isAnswer, openImap } from './imap';
import { readRaw } from './keep-mail';
import { PATIENCE } from './mail-server';
import { findMailboxById } from './queries';
import { type CopyRow, findDueCopies, forgetCopy, settleNotStored, settleStored } from './sent-copies';
import { sentFolderOf } from './sent-reading';
import { imapSettingsOf } from './server-settings';

const MOST_AT_ONCE = 50;

/** Google and Microsoft keep what leaves through their servers by themselves. */
const KEEP_THEMSELVES =
  /(^|\.)(gmail\.com|googlemail\.com|google\.com|office365\.com|outlook\.com|hotmail\.com|live\.com|outlook\.office\.com)$/;
export const keepsSentItself = (smtpHost: string): boolean => KEEP_THEMSELVES.test(smtpHost.toLowerCase());

type DueCopy = CopyRow & { header_message_id: string };

/** Everything that is due, one connection a mailbox. Never throws for what a server says; an aborted `signal` leaves it for later. */
export async function storeDueCopies(app: App, signal: AbortSignal): Promise<void> {
  const due = findDueCopies(app.db, app.clock.now(), MOST_AT_ONCE);
  for (const [mailboxId, copies] of Map.groupBy(due, (copy) => copy.mailbox_id)) {
    if (signal.aborted) return;
    const mailbox = findMailboxById(app.db, mailboxId);
    const settings = mailbox && mailbox.deleted_at === null ? imapSettingsOf(app, mailbox) : undefined;
    if (!settings || !mailbox?.keep_sent) await app.write(() => forgetAll(app, copies));
    else await storeIn(app, settings, copies, signal);
  }
}

function forgetAll(app: App, copies: DueCopy[]): void {
  for (const copy of copies) forgetCopy(app, copy);
}

async function storeIn(
  app: App,
  settings: ImapSettings,
  copies: DueCopy[],
  signal: AbortSignal,
): Promise<void> {
  const opened = await openImap(settings, PATIENCE, signal);
  if (!opened.ok) return putOff(app, copies, opened.answer ?? opened.code, signal);
  const { imap } = opened;
  const stop = () => imap.client.close();
  signal.addEventListener('abort', stop, { once: true });
  const left = new Set(copies);
  try {
    const folder = await openSentFolder(imap);
    if (!folder) return await putOff(app, copies, 'no-sent-folder', signal);
    for (const copy of copies) {
      await storeOne(app, imap, folder, copy);
      await app.write(() => settleStored(app, copy, folder));
      left.delete(copy);
    }
  } catch (error) {
    await putOff(app, [...left], wordsOf(error), signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await imap.close();
  }
}

async function openSentFolder(imap: Imap): Promise<string | undefined> {
  const { client } = imap;
  const path = await sentFolderOf(imap);
  // For writing: what is appended keeps its flag only where flags may be set.
  if (path !== undefined) await client.mailboxOpen(path);
  return path;
}

/** An APPEND whose answer was lost may have been done, so the folder is asked first: its Message-ID is on no other mail. */
async function storeOne(app: App, { client }: Imap, folder: string, copy: DueCopy): Promise<void> {
  const found = await client.search({ header: { 'message-id': copy.header_message_id } }, { uid: true });
  if (!found) throw new Error('the search broke off');
  if (found.length > 0 || !copy.disk_name) return;
  const raw = await readRaw(app, copy.disk_name);
  if (!(await client.append(folder, raw, ['\\Seen'], new Date(copy.created_at))))
    throw new Error('not stored');
}

const wordsOf = (error: unknown): string =>
  isAnswer(error) ? `${error.responseStatus} ${error.responseText ?? ''}`.trim() : 'lost';

/** When the server stops it was nobody's fault. */
async function putOff(app: App, copies: DueCopy[], error: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await app.write(() => {
    for (const copy of copies) settleNotStored(app, copy, error);
  });
}
