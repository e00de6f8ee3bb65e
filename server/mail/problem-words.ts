// What is wrong with a mail server, in the reader's words.
import type { Translate } from '../i18n';
import { refusalWords } from './oauth/refusals';

const CODES = [
  'plain-refused',
  'no-such-host',
  'no-mail-server',
  'turned-away',
  'no-starttls',
  'certificate',
  'refused',
  'no-token',
  'lost',
  'closed',
  'timeout',
  'interrupted',
  'not-composed',
  'too-much',
  'no-mailbox',
  'mailbox-removed',
  'mailbox-only-read',
  'disk-full',
  'not-read-yet',
  'broken-off',
  'no-sent-folder',
  'too-many',
  'unexpected',
] as const;

/** A code of ours, or of a provider that refused a sign-in, in the reader's words; the server's own words stay as they are. */
export const problemWords = (t: Translate, problem: string): string =>
  (CODES as readonly string[]).includes(problem)
    ? t(`mail.problem.${problem}`)
    : (refusalWords(t, problem) ?? problem);
