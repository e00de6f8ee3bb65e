// Asks a mailbox's server which folders there are.
import type { App } from '../app';
import type { Actor } from '../events';
import { countTry, isBlocked } from '../web';
import { type FolderOnServer, listFolders } from './folders';
import { answerOf, type ImapSettings, isAnswer, openImap } from './imap';
import { TEST_PATIENCE } from './mail-server';
import type { MailboxRow } from './mailbox';
import { isSignInRefused, withToken } from './oauth/with-token';
import { imapSettingsOf } from './server-settings';
import { TEST_LIMIT, testKeys } from './test-mailbox';

/** `problem`: a code of ours, or the server's words. */
export type AskedFolders = { ok: true; there: FolderOnServer[] } | { ok: false; problem: string };

/** As often as a mailbox may be tested (AC-33). Never throws for what a server says. */
export async function askFolders(app: App, actor: Actor, mailbox: MailboxRow): Promise<AskedFolders> {
  const settings = imapSettingsOf(app, mailbox);
  if (!settings) return { ok: false, problem: 'no-mailbox' };
  const keys = testKeys(actor);
  const tooMany = await app.write(() => {
    if (isBlocked(app, keys)) return true;
    countTry(app, keys, TEST_LIMIT);
    return false;
  });
  if (tooMany) return { ok: false, problem: 'too-many' };
  const open = (ready: ImapSettings) => openImap(ready, TEST_PATIENCE);
  const opened = await withToken(app, mailbox, settings, open, isSignInRefused);
  if (!opened.ok) return { ok: false, problem: opened.answer ?? opened.code };
  try {
    return { ok: true, there: await listFolders(opened.imap) };
  } catch (error) {
    return { ok: false, problem: (isAnswer(error) && answerOf(error, settings)) || 'lost' };
  } finally {
    await opened.imap.close();
  }
}
