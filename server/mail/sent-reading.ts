// Answers that somebody wrote in another mail program: they stand in the mailbox's own folder for sent mail (M14). Only those that
// answer a ticket are taken; whatever else lies there is none of a helpdesk's business, and is not kept.
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../app';
import { queryValue } from '../db';
import { listFolders, SENT, usedAs } from './folders';
import type { Imap } from './imap';
import { peekIds } from './peek-headers';

/** How long the mails they may answer are waited for, in ms; else the folder is read the next time. */
const PATIENCE = 30_000;
const PAUSE = 100;

const findUnfiled = queryValue<[mailboxId: number], 1>(
  "SELECT 1 FROM inbound_mails WHERE mailbox_id = ? AND state = 'stored' AND source <> 'import' LIMIT 1",
);

/** The folder as the server marks it (RFC 6154); undefined where it marks none. */
export const sentFolderOf = async (imap: Imap): Promise<string | undefined> =>
  usedAs(SENT, await listFolders(imap));

/** True once every mail of the mailbox that came so far is in its ticket, where its answers look for it. */
export async function isAllFiled(app: App, mailboxId: number, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE && !signal.aborted; waited += PAUSE) {
    if (findUnfiled(app.db, mailboxId) === undefined) return true;
    await wait(PAUSE, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

/** Whether a mail from that folder belongs to a ticket, and is none that left from here. */
export function answersTicket(app: App, mailboxId: number, raw: Uint8Array): boolean {
  const { own, answered } = peekIds(raw);
  return answered.length > 0 && app.hooks.isAnswerFromElsewhere(app, mailboxId, own, answered);
}
