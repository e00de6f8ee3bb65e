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
  isOAuth = false,
): TestResult | undefined {
  if (!test) return undefined;
  if (!test.ok) return refused(t, test, isOAuth);
  if ('folders' in test) {
    const facts = { folders: test.folders.length, messages: test.messages };
    return { ok: true, text: t('mail.test.imap', facts), answer: test.greeting };
  }
  return { ok: true, text: t(`mail.test.${name}`), answer: `${test.greeting}\n${test.answer}`.trim() };
}

/** `isOAuth`: the provider has let somebody in, but its mail server does not open this mailbox to them. */
function refused(t: Translate, { code, stage, answer }: Refusal, isOAuth: boolean): TestResult {
  const text = `${t(`mail.stage.${stage}`)} ${problemWords(t, code)}`;
  if (code === 'no-token') return { ok: false, text, hint: problemWords(t, answer ?? '') };
  const hint = isSmtpSwitchedOff(answer)
    ? 'mail.oauth.test.smtpOff'
    : `mail.test.bad.${isOAuth ? 'token' : 'sign-in'}`;
  return {
    ok: false,
    text,
    ...(stage === 'sign-in' && code === 'refused' ? { hint: t(hint) } : {}),
    ...(answer ? { answer } : {}),
  };
}

/** What Microsoft says for a mailbox or a firm that lets no program send. */
const isSmtpSwitchedOff = (answer = '') => /\b5\.7\.139\b|SmtpClientAuth/i.test(answer);
