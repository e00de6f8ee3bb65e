// The access token of a mailbox: the one at hand while it lasts, else a new one, asked for by one caller at a time.
import type { App } from '../../app';
import { MINUTE } from '../../lib/clock';
import { seal, unseal } from '../../lib/secret-box';
import { type Refusal, refusal } from '../mail-server';
import type { MailboxRow } from '../mailbox';
import { findMailboxById } from '../queries';
import { applicationAt } from './application';
import { askTokens } from './ask-tokens';
import { findEndingGrants, findGrant, type GrantRow, updateProblem, updateTokens } from './grant';

export type Access = { ok: true; accessToken: string } | Refusal;

/** A token that ends sooner than this is not used where a new one can be had. */
const ENOUGH = 5 * MINUTE;
/** The clock has tokens renewed that long before, also where no connection needs one now. */
const EARLY = 15 * MINUTE;

const underWay = new WeakMap<App, Map<number, Promise<Access>>>();

/** Never throws for what a provider says. `refused` is a token that a mail server would not take: another one is had. */
export async function accessTokenOf(app: App, mailbox: MailboxRow, refused?: string): Promise<Access> {
  return accessFor(app, mailbox.id, ENOUGH, refused);
}

/** Well before they end, so that a permission that was withdrawn shows early. One that has ended waits until it is needed. */
export async function refreshEndingTokens(app: App): Promise<number> {
  const now = app.clock.now();
  const ending = findEndingGrants(app.db, now, now + EARLY);
  await Promise.all(ending.map(({ mailbox_id }) => accessFor(app, mailbox_id, EARLY)));
  return ending.length;
}

async function accessFor(app: App, mailboxId: number, enough: number, refused?: string): Promise<Access> {
  const grant = findGrant(app.db, mailboxId);
  if (!grant) return noToken('not-signed-in');
  if (grant.problem !== null) return noToken(grant.problem);
  const accessToken = unseal(app.key, grant.access_token);
  if (accessToken !== refused && grant.expires_at - app.clock.now() > enough)
    return { ok: true, accessToken };

  const asked = underWay.get(app) ?? new Map<number, Promise<Access>>();
  underWay.set(app, asked);
  const present =
    asked.get(mailboxId) ?? refresh(app, mailboxId, grant).finally(() => asked.delete(mailboxId));
  asked.set(mailboxId, present);
  const answer = await present;
  if (answer.ok) return answer;
  const now = findGrant(app.db, mailboxId);
  // Somebody signed in anew while the old permission was asked about.
  if (now && !now.refresh_token.equals(grant.refresh_token))
    return accessFor(app, mailboxId, enough, refused);
  if (accessToken === refused || now?.problem !== null) return answer;
  // The provider has a bad day; what is at hand may still do.
  return grant.expires_at > app.clock.now() ? { ok: true, accessToken } : answer;
}

/** The new tokens are committed before anybody uses them: the provider may have made the old one worthless. */
async function refresh(app: App, mailboxId: number, grant: GrantRow): Promise<Access> {
  const mailbox = findMailboxById(app.db, mailboxId);
  const application = mailbox?.oauth ? applicationAt(app, mailbox.oauth) : undefined;
  if (!mailbox?.oauth || !application) return noToken('no-application');
  const provider = app.hooks.oauthProviders()[mailbox.oauth];
  const before = unseal(app.key, grant.refresh_token);
  const answer = await askTokens(app, provider, application, {
    grant_type: 'refresh_token',
    refresh_token: before,
    scope: provider.scopes.join(' '),
  });
  if (!answer.ok) {
    const { problem } = answer;
    if (answer.isOver)
      await app.write(() => updateProblem(app.db, problem, app.clock.now(), mailboxId, grant.refresh_token));
    return noToken(problem);
  }
  const { accessToken, expiresAt, refreshToken = before } = answer;
  await app.write(() =>
    updateTokens(
      app.db,
      seal(app.key, refreshToken),
      seal(app.key, accessToken),
      expiresAt,
      mailboxId,
      grant.refresh_token,
    ),
  );
  return { ok: true, accessToken };
}

const noToken = (answer: string): Refusal => refusal('sign-in', 'no-token', { answer });
