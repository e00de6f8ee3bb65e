// The form of a mailbox that signs in without a password: no servers, no password, only which mailbox it is.
import type { App } from '../../app';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import type { MailboxRow } from '../mailbox';
import type { FormPlace } from '../present-form';
import { newRest, type RestModel, storedRest, typedRest } from '../present-rest';
import { imapSettingsOf } from '../server-settings';
import { isOAuthProvider, type OAuthProviderName } from './provider';

/** views/mail/_oauth-form */
export interface OAuthFormModel extends RestModel {
  t: Reader['t'];
  action: string;
  submit: string;
  /** Nothing else on the page asks for attention first. */
  isMain: boolean;
  other: { href: string; text: string };
  provider: OAuthProviderName;
  /** As people know it. */
  title: string;
  /** What is ahead, for a mailbox that is new. */
  words?: string;
  address: string;
  senderName: string;
  user: string;
  shared?: { checked: boolean };
  folder: string;
  errors: FieldErrors;
  /** Google takes passwords for programs as well. */
  password?: { href: string; text: string };
}

export function newOAuthForm(
  app: App,
  { t }: Reader,
  place: FormPlace,
  provider: OAuthProviderName,
  typed: { address: string; senderName: string },
): OAuthFormModel {
  const { title } = app.hooks.oauthProviders()[provider];
  return {
    ...frame(app, t, place, provider),
    words: t('mail.oauth.words', { provider: title }),
    ...typed,
    user: '',
    ...sharedIn(app, provider, false),
    folder: '',
    ...newRest(t, smtpHostOf(app, provider)),
    errors: {},
  };
}

/** Of a mailbox as it is stored, also of one that signs in with a password until now. */
export function storedOAuthForm(
  app: App,
  { t }: Reader,
  place: FormPlace,
  provider: OAuthProviderName,
  mailbox: MailboxRow,
): OAuthFormModel {
  const imap = imapSettingsOf(app, mailbox);
  return {
    ...frame(app, t, place, provider),
    address: mailbox.address,
    senderName: mailbox.sender_name,
    user: imap && imap.user !== mailbox.address ? imap.user : '',
    ...sharedIn(app, provider, mailbox.is_shared === 1),
    folder: imap?.folder ?? '',
    ...storedRest(app, t, mailbox),
    errors: {},
    ...(provider === 'google' && mailbox.oauth
      ? {
          password: {
            href: `/settings/mailboxes/${mailbox.id}/password`,
            text: t('mail.oauth.password'),
          },
        }
      : {}),
  };
}

export function returnedOAuthForm(
  app: App,
  { t }: Reader,
  place: FormPlace,
  { values, errors }: { values: Record<string, unknown>; errors: FieldErrors },
  mailbox?: MailboxRow,
): OAuthFormModel {
  const typed = (field: string) => typedIn(values, field);
  const given = values['provider'];
  const provider = isOAuthProvider(given) ? given : (mailbox?.oauth ?? 'microsoft');
  return {
    ...frame(app, t, place, provider),
    address: typed('address'),
    senderName: typed('senderName'),
    user: typed('user'),
    ...sharedIn(app, provider, values['shared'] === 'on'),
    folder: typed('imapFolder'),
    ...typedRest(app, t, values, smtpHostOf(app, provider), mailbox),
    errors: errorWords(t, errors),
  };
}

const smtpHostOf = (app: App, provider: OAuthProviderName) => app.hooks.oauthProviders()[provider].smtp.host;

const sharedIn = (app: App, provider: OAuthProviderName, checked: boolean) =>
  app.hooks.oauthProviders()[provider].hasShared ? { shared: { checked } } : {};

const frame = (
  app: App,
  t: Reader['t'],
  { oauthAction, submit, other }: FormPlace,
  provider: OAuthProviderName,
) => ({
  t,
  action: oauthAction,
  submit,
  isMain: true,
  other,
  provider,
  title: app.hooks.oauthProviders()[provider].title,
});
