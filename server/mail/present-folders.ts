// The folders of a mailbox, as its settings pages show them.
import type { App } from '../app';
import { type BadForm, errorWords, type PageModel, type Reader, typedIn } from '../web';
import type { AskedFolders } from './ask-folders';
import { chosenFolders, type FolderOnServer, SENT, usedAs } from './folders';
import type { MailboxRow } from './mailbox';
import { problemWords } from './problem-words';
import { imapSettingsOf } from './server-settings';

/** What a folder is there for that nobody reads as mail to the firm. */
const NOT_MAIL = [SENT, '\\Drafts', '\\Trash', '\\All', '\\Junk', '\\Inbox', '\\Flagged'];

/** views/mail/folders */
export interface FoldersPage extends PageModel {
  t: Reader['t'];
  action: string;
  back: string;
  /** What is read as the inbox. */
  inbox: string;
  /** Why the server could not be asked. */
  problem?: string;
  readsJunk: boolean;
  junk: { value: string; choices: { value: string; text: string }[] };
  folders: { name: string; isChosen: boolean; isGone: boolean }[];
  errors: Record<string, string>;
}

/** What can be chosen; what was chosen before also when it is not there any more. */
export function choosable(mailbox: MailboxRow, inbox: string, there: FolderOnServer[]): string[] {
  const plain = there.filter(({ use, isEmpty }) => !isEmpty && !NOT_MAIL.includes(use ?? ''));
  const named = mailbox.junk_folder === null ? [] : [mailbox.junk_folder];
  const known = [...plain.map(({ path }) => path), ...chosenFolders(mailbox), ...named];
  return [...new Set(known)].filter((path) => path !== inbox && path !== usedAs(SENT, there));
}

export function foldersPage(
  app: App,
  { t }: Reader,
  mailbox: MailboxRow,
  asked: AskedFolders,
  back?: BadForm,
): FoldersPage {
  const there = asked.ok ? asked.there : [];
  const inbox = imapSettingsOf(app, mailbox)?.folder ?? 'INBOX';
  const names = choosable(mailbox, inbox, there);
  const chosen = back ? [back.values['folders'] ?? []].flat() : chosenFolders(mailbox);
  const marked = usedAs('\\Junk', there);
  const base = `/settings/mailboxes/${mailbox.id}`;
  return {
    layout: 'settings',
    current: 'settings.mailboxes',
    title: t('mail.folders.title', { address: mailbox.address }),
    t,
    action: `${base}/folders`,
    back: base,
    inbox,
    ...(asked.ok ? {} : { problem: problemWords(t, asked.problem) }),
    readsJunk: back ? back.values['readsJunk'] === 'on' : mailbox.reads_junk === 1,
    junk: {
      value: back ? typedIn(back.values, 'junkFolder') : (mailbox.junk_folder ?? ''),
      choices: [
        {
          value: '',
          text: marked ? t('mail.folders.junk.marked', { name: marked }) : t('mail.folders.junk.none'),
        },
        ...names.map((name) => ({ value: name, text: name })),
      ],
    },
    folders: names.map((name) => ({
      name,
      isChosen: chosen.includes(name),
      isGone: asked.ok && !there.some(({ path }) => path === name),
    })),
    errors: back ? errorWords(t, back.errors) : {},
  };
}

/** Which are read, in one sentence, on the mailbox's page. */
export function foldersSummary(app: App, { t }: Reader, mailbox: MailboxRow): string {
  const inbox = imapSettingsOf(app, mailbox)?.folder ?? 'INBOX';
  const values = { inbox, n: chosenFolders(mailbox).length };
  return t(mailbox.reads_junk ? 'mail.folders.summary.junk' : 'mail.folders.summary', values);
}
