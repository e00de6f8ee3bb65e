// Addresses of ours on the way to a signed-in mailbox; who came from the setup wizard is led back to it.
import type { App } from '../../app';
import { publicUrlOf } from '../../settings';
import type { MailboxRow } from '../mailbox';
import type { OAuthProviderName } from './provider';

const FROM_SETUP = 'from=setup';

export const isFromSetup = (query: Record<string, unknown>): boolean => query['from'] === 'setup';

export const setupQuery = (setup: boolean): string => (setup ? `?${FROM_SETUP}` : '');

/** `setup`: the wizard goes on afterwards. */
export const mailboxPath = (mailbox: MailboxRow, setup = false): string =>
  `/settings/mailboxes/${mailbox.id}${setupQuery(setup)}`;

export function applicationPath(provider: OAuthProviderName, mailbox?: MailboxRow, setup = false): string {
  const query = [mailbox && `mailbox=${mailbox.id}`, setup && FROM_SETUP].filter(Boolean).join('&');
  return `/settings/mailboxes/applications/${provider}${query && `?${query}`}`;
}

/** Under the public address, to which the provider leads back: cookies do not cross from another name. */
export const signInHref = (app: App, mailbox: MailboxRow, setup = false): string =>
  `${publicUrlOf(app) ?? ''}/settings/mailboxes/${mailbox.id}/sign-in${setupQuery(setup)}`;
