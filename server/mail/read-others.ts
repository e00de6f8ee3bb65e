// The folders of a mailbox besides its inbox, read over the connection that waits for news of the inbox.
import type { App } from '../app';
import { ConnectionEnded, FolderRefused } from './connection-ended';
import {
  chosenFolders,
  type FolderOnServer,
  furtherFolders,
  listFolders,
  missingFolders,
  noteMissing,
  SENT,
  usedAs,
} from './folders';
import { type Imap, isAnswer } from './imap';
import { signalMailboxes } from './live';
import type { MailboxRow } from './mailbox';
import { findMailboxById } from './queries';
import { isAllFiled } from './sent-reading';

export interface ReadFolder {
  path: string;
  source: 'imap' | 'sent';
  isJunk: boolean;
  isInbox?: true;
}

/**
 * Reads each by `fetchAll`, then the inbox is open again. One that is not there, or is not given out, stops none of the others; it is
 * noted for the mailbox's health. Returns how many were read. Throws ConnectionEnded.
 */
export async function readOthers(
  app: App,
  imap: Imap,
  mailbox: MailboxRow,
  inbox: string,
  signal: AbortSignal,
  fetchAll: (folder: ReadFolder) => Promise<void>,
): Promise<number> {
  const readsSent = mailbox.read_sent === 1 || mailbox.only_reads === 1;
  const isWished = mailbox.reads_junk || readsSent || chosenFolders(mailbox).length > 0;
  const there = isWished ? await listed(imap) : [];
  const { read, missing } = furtherFolders(mailbox, inbox, there);
  const before = placeOf(imap);
  const hadNews = imap.news;
  let count = 0;
  for (const { path, isJunk } of read) {
    if (await isGivenOut(() => fetchAll({ path, source: 'imap', isJunk }))) count += 1;
    else missing.push(path);
  }
  // What was sent may answer what has just come, so that is filed first.
  const sent = readsSent ? usedAs(SENT, there) : undefined;
  if (sent !== undefined && sent !== inbox && (await isAllFiled(app, mailbox.id, signal))) {
    await fetchAll({ path: sent, source: 'sent', isJunk: false });
    count += 1;
  }
  // Without it no answer closes a ticket here.
  if (mailbox.only_reads && sent === undefined) missing.push(SENT);
  await note(app, mailbox, missing);
  if (count === 0 && missing.length === 0) return 0;
  await imap.client.mailboxOpen(inbox, { readOnly: true });
  // What came while another was open was not announced.
  const now = placeOf(imap);
  imap.news = hadNews || now.uidNext > before.uidNext || now.exists > before.exists;
  return count;
}

/** How far the folder that is open has come. */
function placeOf({ client }: Imap): { uidNext: number; exists: number } {
  const open = client.mailbox;
  return open ? { uidNext: open.uidNext, exists: open.exists } : { uidNext: 0, exists: 0 };
}

/** A server that refuses to list its folders is read by its inbox alone (M1). */
async function listed(imap: Imap): Promise<FolderOnServer[]> {
  try {
    return await listFolders(imap);
  } catch (error) {
    if (isAnswer(error)) return [];
    throw new ConnectionEnded('lost');
  }
}

/** False for a folder that the server does not open. */
async function isGivenOut(read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof FolderRefused) return false;
    throw error;
  }
}

async function note(app: App, mailbox: MailboxRow, missing: string[]): Promise<void> {
  const known = missingFolders(findMailboxById(app.db, mailbox.id) ?? mailbox);
  if (missing.join('\0') === known.join('\0')) return;
  await app.write(() => {
    noteMissing(app, mailbox.id, missing);
    signalMailboxes(app);
  });
}
