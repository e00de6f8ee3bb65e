// Doing something with a mail server, by password or by token, whichever the mailbox has.
import type { App } from '../../app';
import type { Refusal, ServerSettings } from '../mail-server';
import type { MailboxRow } from '../mailbox';
import { accessTokenOf } from './access-token';

/**
 * Tries with the settings as they are, or with a token that lasts. A token that the server refuses although it lasts was
 * withdrawn or overtaken, so it is tried once more with a new one. A refusal instead of a result: there is no token.
 */
export async function withToken<Settings extends ServerSettings, Result>(
  app: App,
  mailbox: MailboxRow,
  settings: Settings,
  attempt: (settings: Settings) => Promise<Result>,
  isRefused: (result: Result) => boolean,
): Promise<Result | Refusal> {
  if (!mailbox.oauth) return attempt(settings);
  const access = await accessTokenOf(app, mailbox);
  if (!access.ok) return access;
  const { accessToken } = access;
  const result = await attempt({ ...settings, accessToken });
  if (!isRefused(result)) return result;
  const another = await accessTokenOf(app, mailbox, accessToken);
  return another.ok ? attempt({ ...settings, accessToken: another.accessToken }) : another;
}

/** The server itself said no to the sign-in. */
export const isSignInRefused = (result: { ok: true } | Refusal): boolean =>
  !result.ok && result.stage === 'sign-in' && result.code === 'refused';
