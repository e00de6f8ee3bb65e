// One question to a provider's token address, and its answer as a value.
import { z } from 'zod';
import type { App } from '../../app';
import { SECOND } from '../../lib/clock';
import { safeFetch } from '../../lib/safe-fetch';
import type { Application } from './application';
import type { OAuthProvider } from './provider';
import { type OAuthRefusal, readRefusal } from './refusals';

export interface Tokens {
  accessToken: string;
  /** Milliseconds. */
  expiresAt: number;
  /** Absent where the one that was given before goes on. */
  refreshToken: string | undefined;
  /** Seconds; only where the provider says that it ends. */
  refreshLife: number | undefined;
  /** Undefined: all that were asked for. */
  scopes: string[] | undefined;
  /** Who signed in, as they are called there. */
  account: string | undefined;
}

export type TokenAnswer = ({ ok: true } & Tokens) | ({ ok: false } & OAuthRefusal);

const LARGEST = 256 * 1024;
/** RFC 6749 leaves it open when nothing is said; both providers say an hour. */
const USUAL_LIFE = 3_600;

const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(USUAL_LIFE),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.coerce.number().optional(),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});
const refused = z.object({
  error: z.string(),
  error_description: z.string().optional(),
  error_subtype: z.string().optional(),
});
const identity = z.object({
  aud: z.string(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
});

const failed = (problem: string): TokenAnswer => ({ ok: false, problem, words: '', isOver: false });

/** RFC 6749, 4.1.3 and 6. Never throws; a provider that cannot be reached is a refusal that is not over. */
export async function askTokens(
  app: App,
  provider: OAuthProvider,
  { clientId, clientSecret, tenant }: Application,
  fields: Record<string, string>,
): Promise<TokenAnswer> {
  const askedAt = app.clock.now();
  const answer = await safeFetch(provider.tokenUrl(tenant), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields }).toString(),
    maxBytes: LARGEST,
    ...provider.reach,
  });
  if (!answer.ok) return failed('no-provider');

  const said = parsed(answer.body.toString());
  const refusal = refused.safeParse(said);
  if (refusal.success) return { ok: false, ...readRefusal(refusal.data) };
  const given = answer.status === 200 ? granted.safeParse(said) : undefined;
  if (!given?.success) return failed(answer.status >= 500 ? 'server_error' : 'odd-answer');

  const { data } = given;
  const who = data.id_token === undefined ? undefined : identityIn(data.id_token);
  if (who && who.aud !== clientId) return failed('odd-answer');
  return {
    ok: true,
    accessToken: data.access_token,
    expiresAt: askedAt + data.expires_in * SECOND,
    refreshToken: data.refresh_token,
    refreshLife: data.refresh_token_expires_in,
    scopes: data.scope?.split(' '),
    account: who?.preferred_username ?? who?.email,
  };
}

/** It comes from the provider itself, over TLS, so its signature need not be looked at (OpenID Connect Core, 3.1.3.7). */
function identityIn(token: string): z.infer<typeof identity> | undefined {
  const said = parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return identity.safeParse(said).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
