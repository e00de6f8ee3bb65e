// The page that leads through registering the firm's own application, step by step.
import type { App } from '../../app';
import { isThisMachine } from '../../lib/public-address';
import { publicUrlOf } from '../../settings';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../../web';
import type { MailboxRow } from '../mailbox';
import { findApplication } from './application';
import { returnAddress } from './begin';
import { applicationPath, mailboxPath } from './paths';
import type { OAuthProviderName } from './provider';
import { refusalList } from './refusals';

/** views/mail/application */
export interface ApplicationPage extends PageModel {
  t: Reader['t'];
  /** The provider, as people know it. */
  provider: string;
  steps: { text: string; copies?: true }[];
  /** What to register word by word, or why there is nothing yet. */
  redirect: { address: string; warning?: string } | undefined;
  form: {
    action: string;
    clientId: string;
    hasSecret: boolean;
    /** Microsoft only. */
    tenant?: string;
    errors: FieldErrors;
  };
  back: { href: string; text: string };
  refusals: { codes: string; words: string }[];
}

const STEPS: Record<OAuthProviderName, string[]> = {
  microsoft: ['open', 'register', 'redirect', 'ids', 'permissions', 'secret', 'mailbox'],
  google: ['open', 'audience', 'scope', 'client', 'redirect', 'ids'],
};

export interface ApplicationPlace {
  mailbox: MailboxRow | undefined;
  setup: boolean;
}

export function applicationPage(
  app: App,
  { t }: Reader,
  name: OAuthProviderName,
  { mailbox, setup }: ApplicationPlace,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
): ApplicationPage {
  const { title, scopes } = app.hooks.oauthProviders()[name];
  const stored = findApplication(app.db, name);
  const tenant = returned ? typedIn(returned.values, 'tenant') : (stored?.tenant ?? '');
  const back = mailbox ? mailboxPath(mailbox, setup) : '/settings/mailboxes';
  return {
    layout: 'settings',
    current: 'settings.mailboxes',
    title: t('mail.oauth.application.title', { provider: title }),
    t,
    provider: title,
    steps: STEPS[name].map((step) => ({
      text: t(`mail.oauth.${name}.step.${step}`, { scope: scopes.at(-1) ?? '' }),
      ...(step === 'redirect' ? { copies: true as const } : {}),
    })),
    redirect: redirectOf(app, t, title),
    form: {
      action: applicationPath(name, mailbox, setup),
      clientId: returned ? typedIn(returned.values, 'clientId') : (stored?.client_id ?? ''),
      hasSecret: stored !== undefined,
      ...(name === 'microsoft' ? { tenant } : {}),
      errors: errorWords(t, returned?.errors ?? {}),
    },
    back: { href: back, text: t('mail.cancel') },
    refusals: refusalList(t, name),
  };
}

/** Both providers take addresses of this machine for trying out, and otherwise only what is encrypted on its way. */
function redirectOf(app: App, t: Reader['t'], title: string): ApplicationPage['redirect'] {
  const address = returnAddress(app);
  if (!address) return undefined;
  const publicUrl = publicUrlOf(app) ?? '';
  const isTaken = publicUrl.startsWith('https:') || isThisMachine(publicUrl);
  return { address, ...(isTaken ? {} : { warning: t('mail.oauth.redirect.plain', { provider: title }) }) };
}
