// Somebody comes back from the provider: the code becomes tokens, and the tokens the permission of one mailbox.
import { z } from 'zod';
import type { App } from '../../app';
import { type Actor, record } from '../../events';
import { DAY, SECOND } from '../../lib/clock';
import { sameSecret } from '../../lib/ids';
import { seal } from '../../lib/secret-box';
import type { MailboxRow } from '../mailbox';
import { findMailboxById } from '../queries';
import { readAnew } from '../save-mailbox';
import { imapSettingsOf } from '../server-settings';
import { applicationAt } from './application';
import { askTokens, type Tokens } from './ask-tokens';
import type { Pending } from './begin';
import { upsertGrant } from './grant';
import type { OAuthProvider } from './provider';
import { readRefusal } from './refusals';

/** `problem`: a known code, or the provider's words. `account`: who signed in, where it was somebody else. */
export type SignInEnd =
  | { ok: true; mailbox: MailboxRow; account: string }
  | { ok: false; mailbox?: MailboxRow; problem: string; words?: string; account?: string };

const returned = z.object({
  state: z.string(),
  code: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  error_subtype: z.string().optional(),
});

/** Google ends the permissions of a project in Testing after a week. */
const TESTING_LIFE = (8 * DAY) / SECOND;

/** Takes the query of the return address. Nothing is stored but a permission that will do. */
export async function finishSignIn(
  app: App,
  actor: Actor,
  session: string,
  pending: Pending | undefined,
  query: unknown,
): Promise<SignInEnd> {
  const asked = returned.safeParse(query).data;
  if (!asked || !pending || !isFor(app, actor, session, pending, asked.state))
    return { ok: false, problem: 'wrong-state' };
  const mailbox = findMailboxById(app.db, pending.mailbox);
  const application = mailbox?.oauth ? applicationAt(app, mailbox.oauth) : undefined;
  if (!mailbox?.oauth || mailbox.deleted_at !== null || !application)
    return { ok: false, problem: 'wrong-state' };
  if (asked.error !== undefined)
    return { ok: false, mailbox, ...readRefusal({ ...asked, error: asked.error }) };

  const provider = app.hooks.oauthProviders()[mailbox.oauth];
  const answer = await askTokens(app, provider, application, {
    grant_type: 'authorization_code',
    code: asked.code ?? '',
    redirect_uri: pending.redirect,
    code_verifier: pending.verifier,
  });
  if (!answer.ok) return { ok: false, mailbox, problem: answer.problem, words: answer.words };
  const { account, refreshToken } = answer;
  const problem = shortcoming(provider, answer);
  if (problem || account === undefined || refreshToken === undefined)
    return { ok: false, mailbox, problem: problem ?? 'odd-answer' };
  if (!isWhoIsMeant(app, mailbox, account)) return { ok: false, mailbox, problem: 'other-account', account };
  const isKept = await app.write(() => keepGrant(app, actor, mailbox, account, { ...answer, refreshToken }));
  return isKept ? { ok: true, mailbox, account } : { ok: false, problem: 'wrong-state' };
}

const isFor = (app: App, actor: Actor, session: string, pending: Pending, state: string) =>
  sameSecret(pending.state, state) &&
  sameSecret(pending.session, session) &&
  pending.agent === actor.id &&
  pending.until > app.clock.now();

/** Why these tokens will not do for long, or not at all. */
function shortcoming(provider: OAuthProvider, tokens: Tokens): string | undefined {
  if (tokens.refreshLife !== undefined && tokens.refreshLife <= TESTING_LIFE) return 'testing-project';
  const given = tokens.scopes?.map(plainScope);
  if (given && !provider.neededScopes.every((scope) => given.includes(plainScope(scope))))
    return 'scope-missing';
  return tokens.refreshToken === undefined ? 'no-refresh-token' : undefined;
}

/** Microsoft writes its permissions with and without the host they belong to. */
const plainScope = (scope: string) =>
  scope.toLowerCase().replace(/^https:\/\/outlook\.office(365)?\.com\//, '');

/** A token of somebody else would be refused by the mail server, or open another mailbox than the one that is written here. */
function isWhoIsMeant(app: App, mailbox: MailboxRow, account: string): boolean {
  const user = imapSettingsOf(app, mailbox)?.user ?? mailbox.address;
  return mailbox.is_shared === 1 || user.toLowerCase() === account.toLowerCase();
}

/** False when the mailbox was changed or removed while the provider was asked. */
function keepGrant(
  app: App,
  actor: Actor,
  mailbox: MailboxRow,
  account: string,
  { refreshToken, accessToken, expiresAt }: Tokens & { refreshToken: string },
): boolean {
  const now = findMailboxById(app.db, mailbox.id);
  if (now?.deleted_at !== null || now.oauth !== mailbox.oauth || now.imap !== mailbox.imap) return false;
  const sealed = (token: string) => seal(app.key, token);
  upsertGrant(
    app.db,
    mailbox.id,
    account,
    sealed(refreshToken),
    sealed(accessToken),
    expiresAt,
    app.clock.now(),
  );
  record(app, 'mailbox.signed-in', actor, mailbox);
  app.db.afterCommit(() => readAnew(app));
  return true;
}
