// What is wrong with a mail server, in the reader's words.
import type { Translate } from '../i18n';

const CODES = [
  'plain-refused',
  'no-such-host',
  'no-mail-server',
  'turned-away',
  'no-starttls',
  'certificate',
  'refused',
  'lost',
  'closed',
  'timeout',
  'interrupted',
  'not-composed',
  'no-mailbox',
  'mailbox-removed',
  'disk-full',
  'not-read-yet',
  'broken-off',
  'no-sent-folder',
  'unexpected',
] as const;

/** A code of ours in the reader's words; anything else are the server's own words and stay as they are. */
export const problemWords = (t: Translate, problem: string): string =>
  (CODES as readonly string[]).includes(problem) ? t(`mail.problem.${problem}`) : problem;
