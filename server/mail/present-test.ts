// What servers said to a test, as a page shows it.
import type { Translate } from '../i18n';
import type { ImapTest } from './imap';
import type { Refusal } from './mail-server';
import { problemWords } from './problem-words';
import type { SmtpTest } from './smtp';

/** What a server said to a test. */
export interface TestResult {
  ok: boolean;
  text: string;
  /** What to look at. */
  hint?: string;
  /** The server's literal words. */
  answer?: string;
}

/** A refused certificate that says which it is can be trusted; one that is trusted already stays so. */
export function certificateOf(
  trusted: string,
  test: ImapTest | SmtpTest | undefined,
): { fingerprint: string; trusted: boolean } | undefined {
  if (test && !test.ok && test.fingerprint)
    return { fingerprint: test.fingerprint, trusted: trusted === test.fingerprint };
  return trusted ? { fingerprint: trusted, trusted: true } : undefined;
}

export function resultOf(
  t: Translate,
  name: 'imap' | 'smtp',
  test: ImapTest | SmtpTest | undefined,
): TestResult | undefined {
  if (!test) return undefined;
  if (!test.ok) return refused(t, test);
  if ('folders' in test) {
    const facts = { folders: test.folders.length, messages: test.messages };
    return { ok: true, text: t('mail.test.imap', facts), answer: test.greeting };
  }
  return { ok: true, text: t(`mail.test.${name}`), answer: `${test.greeting}\n${test.answer}`.trim() };
}

const refused = (t: Translate, { code, stage, answer }: Refusal): TestResult => ({
  ok: false,
  text: `${t(`mail.stage.${stage}`)} ${problemWords(t, code)}`,
  ...(stage === 'sign-in' && code === 'refused' ? { hint: t('mail.test.bad.sign-in') } : {}),
  ...(answer ? { answer } : {}),
});
