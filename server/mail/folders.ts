// Which folders of a mailbox are read besides its inbox: the one for junk, and those that somebody chose.
import { z } from 'zod';
import type { App } from '../app';
import { change } from '../db';
import { type Actor, record } from '../events';
import { checkbox, line } from '../web';
import { deleteChecksOf } from './checks';
import { deleteCursor } from './cursors';
import type { Imap } from './imap';
import type { MailboxRow } from './mailbox';
import { readAnew } from './save-mailbox';

export const MOST_FOLDERS = 10;
/** How servers mark the folder for sent mail. */
export const SENT = '\\Sent';

export interface FolderOnServer {
  path: string;
  /** What the server says it is for (RFC 6154), or its name says. */
  use?: string;
  /** It holds no mails itself. */
  isEmpty: boolean;
}

/** A folder that is read besides the inbox. */
export interface FurtherFolder {
  path: string;
  isJunk: boolean;
}

/** All of them, as the server names them. Throws what the server says. */
export async function listFolders({ client }: Imap): Promise<FolderOnServer[]> {
  const found = await client.list();
  return found.map(({ path, specialUse, flags }) => ({
    path,
    ...(specialUse ? { use: specialUse } : {}),
    isEmpty: flags.has('\\Noselect') || flags.has('\\NonExistent'),
  }));
}

/** What the mailbox wishes to read, and what of it is not there. `inbox` is what is read as such. */
export function furtherFolders(
  mailbox: MailboxRow,
  inbox: string,
  there: FolderOnServer[],
): { read: FurtherFolder[]; missing: string[] } {
  const junk = junkFolderOf(mailbox, there);
  const sent = usedAs(SENT, there);
  const wished = [
    ...(junk === undefined ? [] : [{ path: junk, isJunk: true }]),
    ...chosenFolders(mailbox)
      .filter((path) => path !== junk && path !== sent)
      .map((path) => ({ path, isJunk: false })),
  ].filter(({ path }) => path !== inbox);
  const isThere = ({ path }: FurtherFolder) => there.some((one) => one.path === path && !one.isEmpty);
  return {
    read: wished.filter(isThere),
    missing: wished.filter((folder) => !isThere(folder)).map(({ path }) => path),
  };
}

/** Where junk lies, as an admin named it or the server marks it; undefined when it is not read, or there is none. */
export const junkFolderOf = (mailbox: MailboxRow, there: FolderOnServer[]): string | undefined =>
  mailbox.reads_junk ? (mailbox.junk_folder ?? usedAs('\\Junk', there)) : undefined;

export const usedAs = (use: string, there: FolderOnServer[]): string | undefined =>
  there.find((folder) => folder.use === use)?.path;

const stored = z.array(z.string());
export const chosenFolders = (mailbox: Pick<MailboxRow, 'folders'>): string[] =>
  stored.parse(JSON.parse(mailbox.folders));
/** Of those that are wished the ones that could not be read the last time. */
export const missingFolders = (mailbox: Pick<MailboxRow, 'missing_folders'>): string[] =>
  stored.parse(JSON.parse(mailbox.missing_folders));

const updateMissing = change<[missing: string, id: number]>(
  'UPDATE mailboxes SET missing_folders = ? WHERE id = ?',
);
export const noteMissing = (app: App, mailboxId: number, missing: string[]): void =>
  void updateMissing(app.db, JSON.stringify(missing), mailboxId);

const folder = line(500);
export const foldersForm = z.strictObject({
  readsJunk: checkbox(),
  /** Empty: the one that the server marks. */
  junkFolder: folder.default(''),
  folders: z
    .union([z.array(folder).max(500), folder])
    .optional()
    .transform((some) => [...new Set([some ?? []].flat())].filter(Boolean))
    .refine((some) => some.length <= MOST_FOLDERS, 'mail.folders.tooMany'),
});
export type FoldersInput = z.infer<typeof foldersForm>;

const updateFolders = change<[readsJunk: number, junkFolder: string | null, folders: string, id: number]>(
  "UPDATE mailboxes SET reads_junk = ?, junk_folder = ?, folders = ?, missing_folders = '[]' WHERE id = ?",
);

/**
 * Within a transaction. A folder that is read no longer is forgotten: chosen again, it is a new one, which begins as the mailbox did
 * (M5). `there` is what the server has now.
 */
export function saveFolders(
  app: App,
  actor: Actor,
  mailbox: MailboxRow,
  inbox: string,
  { readsJunk, junkFolder, folders }: FoldersInput,
  there: FolderOnServer[],
): void {
  const before = furtherFolders(mailbox, inbox, there);
  const junk = junkFolder || null;
  updateFolders(app.db, readsJunk ? 1 : 0, junk, JSON.stringify(folders), mailbox.id);
  const wish = {
    ...mailbox,
    reads_junk: readsJunk ? 1 : 0,
    junk_folder: junk,
    folders: JSON.stringify(folders),
  };
  const after = furtherFolders(wish, inbox, there).read;
  for (const path of [...before.read.map((one) => one.path), ...before.missing]) {
    if (after.some((one) => one.path === path)) continue;
    deleteCursor(app.db, mailbox.id, path);
    deleteChecksOf(app.db, mailbox.id, path);
  }
  record(app, 'mailbox.changed', actor, mailbox);
  app.db.afterCommit(() => readAnew(app));
}
