// A provider of mailboxes for tests: people sign in at it, it gives out tokens, and it is as strict as the two real ones.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OAuthProvider, type OAuthProviders, oauthProviders } from '../../server/mail/oauth/provider';

export const CLIENT = { clientId: 'desk-application', clientSecret: 'Vl8Q~the-value-of-the-secret' };

export interface Authority {
  port: number;
  /** Addresses that are registered for the application. */
  redirects: string[];
  /** Who can sign in, and which mailbox that opens. */
  accounts: Map<string, string>;
  /** How it answers; may be changed while it runs. */
  ways: {
    /** Seconds that an access token lasts. */
    life: number;
    /** Seconds; given as a Google project in Testing does. */
    refreshLife?: number;
    withoutRefreshToken?: boolean;
    /** Instead of all scopes that were asked for. */
    scopes?: string;
    /** What the token address answers instead, once. */
    nextAnswer?: { status: number; body: string };
    /** The token address answers when this is called. */
    hold?: Promise<void>;
  };
  /** What the token address was asked, oldest first. */
  asked: Record<string, string>[];
  /** Somebody signs in as this account: where they are led back to. Throws when the page would show an error. */
  signIn(address: string, account: string): Promise<string>;
  /** They decline, or the provider does not let them. */
  decline(address: string, error: string, description?: string): string;
  /** All that was given to the account is worth nothing any more. */
  revoke(account: string): void;
  /** Mail servers take these tokens no more, although they would last. */
  forgetAccessTokens(): void;
  /** Whether this token opens that mailbox: what mail servers ask. */
  opens(user: string, token: string): boolean;
  stop(): Promise<void>;
}

interface Code {
  account: string;
  redirect: string;
  challenge: string;
  scope: string;
  isUsed: boolean;
}

export async function startAuthority(): Promise<Authority> {
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, { account: string; scope: string; isOver: boolean }>();
  const accessTokens = new Map<string, { account: string; until: number }>();
  const server = createServer((req, res) => {
    answer(req, res).catch((error: Error) => tell(res, 500, { error: error.message }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  const authority: Authority = {
    port,
    redirects: [],
    accounts: new Map(),
    ways: { life: 3_600 },
    asked: [],
    async signIn(address, account) {
      const shown = await fetch(address);
      if (!shown.ok) throw new Error(await shown.text());
      const back = await fetch(allow(new URL(address), account), { redirect: 'manual' });
      return back.headers.get('location') ?? '';
    },
    decline(address, error, description) {
      const asked = new URL(address).searchParams;
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('error', error);
      if (description) back.searchParams.set('error_description', description);
      back.searchParams.set('state', asked.get('state') ?? '');
      return back.href;
    },
    revoke(account) {
      for (const token of refreshTokens.values()) if (token.account === account) token.isOver = true;
      for (const [token, given] of accessTokens) if (given.account === account) accessTokens.delete(token);
    },
    forgetAccessTokens: () => accessTokens.clear(),
    opens(user, token) {
      const given = accessTokens.get(token);
      return (
        given !== undefined && given.until > Date.now() && authority.accounts.get(given.account) === user
      );
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
  return authority;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', origin);
    const place = url.pathname.split('/').at(-1);
    if (place === 'authorize') return showSignIn(url, res);
    if (place === 'allow') return giveCode(url, res);
    const fields = Object.fromEntries(new URLSearchParams(await bodyOf(req)));
    if (place === 'introspect') return introspect(fields['token'] ?? '', res);
    if (place !== 'token' || req.method !== 'POST') return tell(res, 404, { error: 'not_found' });
    authority.asked.push(fields);
    await authority.ways.hold;
    const { nextAnswer } = authority.ways;
    delete authority.ways.nextAnswer;
    if (nextAnswer) return void res.writeHead(nextAnswer.status).end(nextAnswer.body);
    if (fields['client_id'] !== CLIENT.clientId || fields['client_secret'] !== CLIENT.clientSecret)
      return refuse(res, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1');
    return fields['grant_type'] === 'refresh_token' ? refresh(fields, res) : exchange(fields, res);
  }

  /** The page on which a person chooses an account, or goes away. */
  function showSignIn(url: URL, res: ServerResponse): void {
    const asked = url.searchParams;
    const isRight =
      asked.get('client_id') === CLIENT.clientId &&
      asked.get('response_type') === 'code' &&
      authority.redirects.includes(asked.get('redirect_uri') ?? '') &&
      asked.get('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(asked.get('code_challenge') ?? '') &&
      (asked.get('state') ?? '').length >= 32;
    if (!isRight) return void res.writeHead(400).end('AADSTS50011: The redirect URI does not match.');
    const links = [...authority.accounts.keys()].map(
      (account) => `<p><a href="${escaped(allow(url, account))}">Continue as ${account}</a></p>`,
    );
    const away = escaped(authority.decline(url.href, 'access_denied', 'The user cancelled.'));
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    const head = '<!doctype html><title>Sign in</title><link rel="icon" href="data:,">';
    res.end(`${head}${links.join('')}<p><a href="${away}">Cancel</a></p>`);
  }

  function giveCode(url: URL, res: ServerResponse): void {
    const asked = url.searchParams;
    const code = randomBytes(16).toString('hex');
    const redirect = asked.get('redirect_uri') ?? '';
    codes.set(code, {
      account: asked.get('account') ?? '',
      redirect,
      challenge: asked.get('code_challenge') ?? '',
      scope: asked.get('scope') ?? '',
      isUsed: false,
    });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    res.writeHead(302, { location: back.href }).end();
  }

  /** A code is good once, with the address it was sent to, and for whoever knows the verifier. */
  function exchange(fields: Record<string, string>, res: ServerResponse): void {
    const code = codes.get(fields['code'] ?? '');
    const challenge = createHash('sha256')
      .update(fields['code_verifier'] ?? '')
      .digest('base64url');
    if (!code || code.isUsed || code.redirect !== fields['redirect_uri'] || code.challenge !== challenge)
      return refuse(res, 'invalid_grant', 'AADSTS70000: The provided value for the code is not valid.');
    code.isUsed = true;
    give(res, code);
  }

  /** Each refresh token is good once. */
  function refresh(fields: Record<string, string>, res: ServerResponse): void {
    const token = refreshTokens.get(fields['refresh_token'] ?? '');
    if (!token || token.isOver)
      return refuse(
        res,
        'invalid_grant',
        'AADSTS50173: The provided grant has expired due to it being revoked.',
      );
    token.isOver = true;
    give(res, token);
  }

  function give(res: ServerResponse, { account, scope }: { account: string; scope: string }): void {
    const { life, refreshLife, withoutRefreshToken, scopes } = authority.ways;
    const [access, another] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
    accessTokens.set(access, { account, until: Date.now() + life * 1_000 });
    if (!withoutRefreshToken) refreshTokens.set(another, { account, scope, isOver: false });
    const who = { aud: CLIENT.clientId, preferred_username: account, email: account };
    tell(res, 200, {
      token_type: 'Bearer',
      access_token: access,
      expires_in: life,
      scope: scopes ?? scope,
      id_token: `e30.${Buffer.from(JSON.stringify(who)).toString('base64url')}.none`,
      ...(withoutRefreshToken ? {} : { refresh_token: another }),
      ...(refreshLife === undefined ? {} : { refresh_token_expires_in: refreshLife }),
    });
  }

  /** RFC 7662, for Dovecot. */
  function introspect(token: string, res: ServerResponse): void {
    const given = accessTokens.get(token);
    const user = given && authority.accounts.get(given.account);
    const isGood = given !== undefined && user !== undefined && authority.opens(user, token);
    tell(res, 200, isGood ? { active: true, username: user } : { active: false });
  }
}

/** The table of ours with the server on this port, and these mail servers, in both places. */
export function providersAt(port: number, servers: Pick<OAuthProvider, 'imap' | 'smtp'>): OAuthProviders {
  const { personalSmtp: _elsewhere, ...microsoft } = oauthProviders.microsoft;
  const at = (tenant: string, what: string) =>
    `http://127.0.0.1:${port}/${tenant || 'organizations'}/${what}`;
  const here = {
    authorizeUrl: (tenant: string) => at(tenant, 'authorize'),
    tokenUrl: (tenant: string) => at(tenant, 'token'),
    reach: { allowedPorts: [port], allowedNetworks: ['127.0.0.0/8'] },
    ...servers,
  };
  return { microsoft: { ...microsoft, ...here }, google: { ...oauthProviders.google, ...here } };
}

function allow(address: URL, account: string): string {
  const next = new URL(address);
  next.pathname = next.pathname.replace(/authorize$/, 'allow');
  next.searchParams.set('account', account);
  return next.href;
}

const refuse = (res: ServerResponse, error: string, description: string) =>
  tell(res, 400, { error, error_description: description });

function tell(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
