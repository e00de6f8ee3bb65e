// A mailbox that signs in without a password as its settings page shows it, and the way there from one with a password.
import type { App } from '../../app';
import { NotFound } from '../../lib/errors';
import type { Reader } from '../../web';
import type { MailboxRow } from '../mailbox';
import { type MailboxPage, mailboxPage } from '../present';
import type { FormPlace } from '../present-form';
import { imapSettingsOf } from '../server-settings';
import { setupQuery } from './paths';
import { type SignInNews, signInModel } from './present';
import { storedOAuthForm } from './present-form';
import { OAUTH_PROVIDERS, type OAuthProviderName } from './provider';

/** Throws NotFound for a mailbox whose provider cannot do it. */
export function oauthMailboxPage(
  app: App,
  reader: Reader,
  place: FormPlace,
  mailbox: MailboxRow,
  news: SignInNews = {},
): MailboxPage {
  const provider = providerOf(app, mailbox);
  if (!provider) throw NotFound();
  const oauthForm = storedOAuthForm(app, reader, place, provider, mailbox);
  if (!mailbox.oauth) return mailboxPage(app, reader, { oauthForm }, mailbox);
  const signIn = signInModel(app, reader, mailbox, mailbox.oauth, news);
  const isMain = signIn.application.isDone && signIn.signIn.isDone;
  const action = `${oauthForm.action}${setupQuery(news.setup === true)}`;
  return mailboxPage(app, reader, { oauthForm: { ...oauthForm, action, isMain }, signIn }, mailbox);
}

/** For a mailbox with a password: the other way in, where its provider has one. */
export function withoutPassword(app: App, { t }: Reader, mailbox: MailboxRow) {
  const provider = providerOf(app, mailbox);
  if (!provider) return {};
  const { title } = app.hooks.oauthProviders()[provider];
  const text = t('mail.oauth.instead', { provider: title });
  return { without: { text, href: `/settings/mailboxes/${mailbox.id}/oauth` } };
}

/** By its servers where it signs in with a password. */
function providerOf(app: App, mailbox: MailboxRow): OAuthProviderName | undefined {
  const host = imapSettingsOf(app, mailbox)?.host;
  return mailbox.oauth ?? OAUTH_PROVIDERS.find((name) => app.hooks.oauthProviders()[name].imap.host === host);
}
