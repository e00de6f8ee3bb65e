// *Test*: what the servers of a mailbox really say, before anything is stored.
import type { App } from '../app';
import type { Actor } from '../events';
import { MINUTE } from '../lib/clock';
import { countTry, isBlocked } from '../web';
import { type ImapTest, testImap } from './imap';
import type { MailboxInput } from './mailbox-form';
import { type SmtpTest, testSmtp } from './smtp';

export interface MailboxTest {
  imap: ImapTest | undefined;
  smtp: SmtpTest | undefined;
}

/** Testing must not become a way to guess passwords or to look for servers (AC-33, AC-39). */
const LIMIT = { free: 20, longestPause: MINUTE };

export async function testMailbox(
  app: App,
  actor: Actor,
  input: MailboxInput,
): Promise<MailboxTest | 'too-many'> {
  const keys = [`mail test ${actor.id}`];
  const tooMany = await app.write(() => {
    if (isBlocked(app, keys)) return true;
    countTry(app, keys, LIMIT);
    return false;
  });
  if (tooMany) return 'too-many';
  const [imap, smtp] = await Promise.all([
    input.imap && testImap(input.imap),
    input.smtp && testSmtp(input.smtp),
  ]);
  return { imap, smtp };
}
