// How far the sign-in of a mailbox is, what went wrong with it, and what to do next.
import type { App } from '../../app';
import type { ShownTime } from '../../i18n';
import { publicUrlOf } from '../../settings';
import type { Reader } from '../../web';
import type { MailboxRow } from '../mailbox';
import { resultOf, type TestResult } from '../present-test';
import { problemWords } from '../problem-words';
import { imapSettingsOf } from '../server-settings';
import type { MailboxTest } from '../test-mailbox';
import { findApplication } from './application';
import type { SignInEnd } from './finish';
import { findGrant } from './grant';
import { applicationPath, setupQuery, signInHref } from './paths';
import type { OAuthProviderName } from './provider';

export interface Step {
  isDone: boolean;
  text: string;
  at?: ShownTime;
  /** A link; `leaves`: to the provider's own page. */
  action?: { href: string; text: string; leaves?: boolean; isMain: boolean };
}

/** views/mail/_sign-in */
export interface SignInModel {
  t: Reader['t'];
  /** The provider, as people know it. */
  title: string;
  application: Step;
  signIn: Step;
  /** Why the last try came to nothing. */
  refusal?: { text: string; words?: string };
  /** Only once somebody has signed in. */
  test?: { action: string; imap?: TestResult; smtp?: TestResult; isGood?: boolean; tooMany?: string };
  /** Back on the way through the setup wizard. */
  setup?: { href: string; text: string };
}

/** What just happened, to be shown. */
export interface SignInNews {
  end?: SignInEnd & { ok: false };
  tested?: MailboxTest | 'too-many';
  setup?: boolean;
}

const AFTER_MAILBOX = '/welcome/website';
export function signInModel(
  app: App,
  reader: Reader,
  mailbox: MailboxRow,
  provider: OAuthProviderName,
  { end, tested, setup = false }: SignInNews = {},
): SignInModel {
  const { t } = reader;
  const { title } = app.hooks.oauthProviders()[provider];
  const application = findApplication(app.db, provider);
  const grant = findGrant(app.db, mailbox.id);
  return {
    t,
    title,
    application: {
      isDone: application !== undefined,
      text: application
        ? t('mail.oauth.application.known', { clientId: application.client_id })
        : t('mail.oauth.application.missing', { provider: title }),
      action: {
        href: applicationPath(provider, mailbox, setup),
        text: t(`mail.oauth.application.${application ? 'change' : 'enter'}`),
        isMain: !application,
      },
    },
    signIn: signInStep(app, reader, mailbox, title, setup),
    ...(end ? { refusal: refusalOf(app, reader, mailbox, end) } : {}),
    ...(grant ? { test: testOf(t, mailbox, setup, tested) } : {}),
    ...(setup ? { setup: { href: AFTER_MAILBOX, text: t('mail.oauth.setup') } } : {}),
  };
}

function signInStep(
  app: App,
  { t, format }: Reader,
  mailbox: MailboxRow,
  title: string,
  setup: boolean,
): Step {
  const grant = findGrant(app.db, mailbox.id);
  const isDone = grant?.problem === null;
  const step = {
    isDone,
    text: grant
      ? t(`mail.oauth.signedIn${isDone ? '' : '.over'}`, { account: grant.account })
      : t('mail.oauth.notSignedIn', { provider: title }),
    ...(grant ? { at: format.time(grant.granted_at) } : {}),
  };
  if (publicUrlOf(app) === undefined)
    return { ...step, action: { href: '/settings/firm', text: t('mail.oauth.sayAddress'), isMain: false } };
  if (!mailbox.oauth || !findApplication(app.db, mailbox.oauth)) return step;
  const words = t(grant ? 'mail.oauth.signInAgain' : 'mail.oauth.signIn', { provider: title });
  return {
    ...step,
    action: { href: signInHref(app, mailbox, setup), text: words, leaves: true, isMain: !isDone },
  };
}

function refusalOf(
  app: App,
  { t }: Reader,
  mailbox: MailboxRow,
  { problem, words, account }: SignInEnd & { ok: false },
): NonNullable<SignInModel['refusal']> {
  if (problem !== 'other-account')
    return { text: problemWords(t, problem), ...(words && words !== problem ? { words } : {}) };
  const user = imapSettingsOf(app, mailbox)?.user ?? mailbox.address;
  const hasShared = mailbox.oauth && app.hooks.oauthProviders()[mailbox.oauth].hasShared;
  return {
    text: t(`mail.oauth.otherAccount${hasShared ? '.shared' : ''}`, { account: account ?? '', user }),
  };
}

function testOf(
  t: Reader['t'],
  mailbox: MailboxRow,
  setup: boolean,
  tested: SignInNews['tested'],
): NonNullable<SignInModel['test']> {
  const action = `/settings/mailboxes/${mailbox.id}/oauth/test${setupQuery(setup)}#result`;
  if (!tested) return { action };
  if (tested === 'too-many') return { action, tooMany: t('mail.test.tooMany') };
  return {
    action,
    imap: resultOf(t, 'imap', tested.imap, true),
    smtp: resultOf(t, 'smtp', tested.smtp, true),
    isGood: [tested.imap, tested.smtp].every((result) => result === undefined || result.ok),
  };
}
