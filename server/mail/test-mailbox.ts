// *Test*: what the servers of a mailbox really say, before anything is stored.
import type { App } from '../app';
import type { Actor } from '../events';
import { MINUTE } from '../lib/clock';
import { countTry, isBlocked } from '../web';
import { type ImapSettings, type ImapTest, testImap } from './imap';
import type { MailboxRow } from './mailbox';
import { isSignInRefused, withToken } from './oauth/with-token';
import { type SmtpSettings, type SmtpTest, testSmtp } from './smtp';

export interface MailboxTest {
  imap: ImapTest | undefined;
  smtp: SmtpTest | undefined;
}

/** Testing must not become a way to guess passwords or to look for servers (AC-33, AC-39). */
export const TEST_LIMIT = { free: 20, longestPause: MINUTE };
export const testKeys = (actor: Actor) => [`mail test ${actor.id}`];

/** `signedIn`: the mailbox whose permission is used instead of a password. */
export async function testMailbox(
  app: App,
  actor: Actor,
  { imap, smtp }: { imap: ImapSettings | undefined; smtp: SmtpSettings | undefined },
  signedIn?: MailboxRow,
): Promise<MailboxTest | 'too-many'> {
  const keys = testKeys(actor);
  const tooMany = await app.write(() => {
    if (isBlocked(app, keys)) return true;
    countTry(app, keys, TEST_LIMIT);
    return false;
  });
  if (tooMany) return 'too-many';
  const [imapTest, smtpTest] = await Promise.all([
    imap && ask(app, signedIn, imap, testImap),
    smtp && ask(app, signedIn, smtp, testSmtp),
  ]);
  return { imap: imapTest, smtp: smtpTest };
}

const ask = <Settings extends SmtpSettings, Test extends ImapTest | SmtpTest>(
  app: App,
  signedIn: MailboxRow | undefined,
  settings: Settings,
  test: (settings: Settings) => Promise<Test>,
) =>
  signedIn ? withToken(app, signedIn, settings, (ready) => test(ready), isSignInRefused) : test(settings);
