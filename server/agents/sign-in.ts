// Signing in with address and password: the same answer and the same time for known and unknown addresses (AC-40).
import type { App } from '../app';
import { MINUTE } from '../lib/clock';
import { keyedHash } from '../lib/ids';
import { addressKey } from '../mail';
import { clearTries, countTry, isBlocked } from '../web';
import { type Agent, agentOf } from './agent';
import { passwordMatches } from './passwords';
import { findAgentByEmail, findAgentById, findSessionFrom } from './queries';

export type SignInOutcome = { agent: Agent; passwordHash: string } | { refused: 'wrong' | 'too-many' };

/** A whole office behind one address mistypes more often than one person. */
const PER_NETWORK = { free: 30, longestPause: 15 * MINUTE };
/** From everywhere together. The pause is short, because strangers who keep trying can hold it up. */
const PER_ACCOUNT = { free: 20, longestPause: MINUTE };

/**
 * Tries are counted before the slow check: per account and network, per network, and per account (AC-39). The last of
 * these, which strangers can use up, does not count against somebody from a network where they are signed in already,
 * and a link from `hearthdesk reset-password` opens the door whatever the counters say, so nobody is locked out for ever.
 */
export async function checkSignIn(
  app: App,
  email: string,
  password: string,
  shortIp: string,
): Promise<SignInOutcome> {
  const key = addressKey(email.trim());
  const row = findAgentByEmail(app.db, key);
  const account = `sign-in ${keyedHash(app.key, key)}`;
  const here = `${account} ${shortIp}`;
  const network = `sign-in from ${shortIp}`;
  const isKnownHere =
    row !== undefined && findSessionFrom(app.db, row.id, shortIp, app.clock.now()) !== undefined;
  const accounts = isKnownHere ? [] : [account];

  const blocked = await app.write(() => {
    if (isBlocked(app, [here, network, ...accounts])) return true;
    countTry(app, [here]);
    countTry(app, [network], PER_NETWORK);
    countTry(app, accounts, PER_ACCOUNT);
    return false;
  });
  if (blocked) return { refused: 'too-many' };
  const matches = await passwordMatches(row?.state === 'active' ? row.password_hash : undefined, password);
  if (!row?.password_hash || !matches) return { refused: 'wrong' };
  await app.write(() => clearTries(app, [here, network, account]));
  return { agent: agentOf(row), passwordHash: row.password_hash };
}

/**
 * Who was right a moment ago may have been removed since, or the password changed: what that ended must not begin again.
 * Within the transaction that opens the session.
 */
export function isStillRight(
  app: App,
  { agent, passwordHash }: { agent: Agent; passwordHash: string },
): boolean {
  const now = findAgentById(app.db, agent.id);
  return now?.state === 'active' && now.password_hash === passwordHash;
}
