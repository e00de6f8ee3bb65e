// What a person has to do before a mailbox that signs in without a password can work.
import type { App } from '../../app';
import type { ShownTime } from '../../i18n';
import { publicUrlOf } from '../../settings';
import type { Reader } from '../../web';
import type { MailboxRow } from '../mailbox';
import { problemWords } from '../problem-words';
import { findApplication } from './application';
import { findGrant } from './grant';
import { applicationPath, mailboxPath, signInHref } from './paths';
import type { OAuthProviderName } from './provider';
import { isAboutApplication } from './refusals';

/** Nobody has signed in for it yet, so it neither reads nor sends. */
export const waitsForSignIn = (app: App, mailbox: MailboxRow): boolean =>
  mailbox.oauth !== null && findGrant(app.db, mailbox.id) === undefined;

export interface SignInTrouble {
  text: string;
  problem: string;
  since?: ShownTime;
  action: { href: string; text: string; leaves: boolean };
}

/** Undefined when there is nothing to do. */
export function signInTrouble(
  app: App,
  { t, format }: Reader,
  mailbox: MailboxRow,
): SignInTrouble | undefined {
  if (!mailbox.oauth) return undefined;
  const grant = findGrant(app.db, mailbox.id);
  if (!grant || grant.problem !== null) {
    return {
      text: t(grant ? 'mail.health.failing' : 'mail.health.notSignedIn'),
      problem: problemWords(t, grant?.problem ?? 'not-signed-in'),
      ...(grant?.problem_at ? { since: format.time(grant.problem_at) } : {}),
      action: signInAction(app, t, mailbox, mailbox.oauth, grant !== undefined),
    };
  }
  const { failing_since: since, last_error: problem } = mailbox;
  if (since === null || problem === null || !isAboutApplication(problem)) return undefined;
  return {
    text: t('mail.health.failing'),
    problem: problemWords(t, problem),
    since: format.time(since),
    action: applicationAction(t, mailbox, mailbox.oauth),
  };
}

function signInAction(
  app: App,
  t: Reader['t'],
  mailbox: MailboxRow,
  provider: OAuthProviderName,
  isAgain: boolean,
): SignInTrouble['action'] {
  if (!findApplication(app.db, provider)) return applicationAction(t, mailbox, provider, false);
  if (publicUrlOf(app) === undefined)
    return { href: mailboxPath(mailbox), text: t('mail.oauth.look'), leaves: false };
  const { title } = app.hooks.oauthProviders()[provider];
  const text = t(isAgain ? 'mail.oauth.signInAgain' : 'mail.oauth.signIn', { provider: title });
  return { href: signInHref(app, mailbox), text, leaves: true };
}

const applicationAction = (
  t: Reader['t'],
  mailbox: MailboxRow,
  provider: OAuthProviderName,
  isKnown = true,
) => ({
  href: applicationPath(provider, mailbox),
  text: t(`mail.oauth.application.${isKnown ? 'look' : 'enter'}`),
  leaves: false,
});
