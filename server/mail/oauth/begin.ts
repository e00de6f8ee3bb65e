// Sending somebody to the provider: the address with everything it needs, and what has to be the same when they come back.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../../app';
import type { Actor } from '../../events';
import { MINUTE } from '../../lib/clock';
import { randomToken } from '../../lib/ids';
import { publicUrlOf } from '../../settings';
import type { MailboxRow } from '../mailbox';
import { imapSettingsOf } from '../server-settings';
import { applicationAt } from './application';

/** Where providers send people back to: under the public address, the same for both, registered there word by word. */
export const RETURN_PATH = '/settings/mailboxes/signed-in';

/** Undefined while nobody has said where Hearthdesk is reached: what a request says about itself is never used (AC-34). */
export function returnAddress(app: App): string | undefined {
  const publicUrl = publicUrlOf(app);
  return publicUrl && `${publicUrl}${RETURN_PATH}`;
}

/** Nobody needs longer to sign in, second factor included. */
export const LIFE = 15 * MINUTE;

/** Goes along in the browser, sealed, and comes back with it. */
export const pendingShape = z.strictObject({
  mailbox: z.number(),
  agent: z.number().nullable(),
  /** The session that it was begun in; no other may end it. */
  session: z.string(),
  state: z.string(),
  /** PKCE (RFC 7636): proves that whoever brings the code is who sent for it. */
  verifier: z.string(),
  /** The return address that was told; the code is good with the same one only. */
  redirect: z.string(),
  until: z.number(),
  /** It was begun on the way through the setup wizard. */
  setup: z.boolean(),
});
export type Pending = z.infer<typeof pendingShape>;

/** Undefined when the application or the public address is missing; the mailbox's page says which. Stores nothing. */
export function beginSignIn(
  app: App,
  actor: Actor,
  mailbox: MailboxRow,
  from: { session: string; setup: boolean },
): { address: string; pending: Pending } | undefined {
  const application = mailbox.oauth ? applicationAt(app, mailbox.oauth) : undefined;
  const redirect = returnAddress(app);
  if (!mailbox.oauth || !application || !redirect) return undefined;
  const provider = app.hooks.oauthProviders()[mailbox.oauth];
  const [state, verifier] = [randomToken(), randomToken()];
  const user = imapSettingsOf(app, mailbox)?.user ?? mailbox.address;
  const address = new URL(provider.authorizeUrl(application.tenant));
  const asked: Record<string, string> = {
    client_id: application.clientId,
    response_type: 'code',
    redirect_uri: redirect,
    scope: provider.scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    // For a shared mailbox somebody signs in under another name, which they are asked for.
    ...(mailbox.is_shared ? { prompt: 'select_account' } : { login_hint: user }),
    ...provider.extra,
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  const pending = {
    mailbox: mailbox.id,
    agent: actor.id,
    ...from,
    state,
    verifier,
    redirect,
    until: app.clock.now() + LIFE,
  };
  return { address: address.href, pending };
}
