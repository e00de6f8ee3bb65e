// Signing in with address and password: the same answer and the same time for known and unknown addresses (AC-40).
import type { App } from '../app';
import { clearTries, countTry, isBlocked } from '../web';
import { type Agent, agentOf } from './agent';
import { passwordMatches } from './passwords';
import { findAgentByEmail } from './queries';

export type SignInOutcome = { agent: Agent } | { refused: 'wrong' | 'too-many' };

/** Tries are counted before the slow check, per account and network and per account (AC-39). */
export async function checkSignIn(app: App, email: string, password: string, shortIp: string): Promise<SignInOutcome> {
  const key = email.trim().toLowerCase();
  const keys = [`sign-in ${key} ${shortIp}`, `sign-in-network ${shortIp}`];
  const blocked = await app.write(() => {
    if (isBlocked(app, keys)) return true;
    countTry(app, keys);
    return false;
  });
  if (blocked) return { refused: 'too-many' };
  const row = findAgentByEmail(app.db, key);
  const matches = await passwordMatches(row?.state === 'active' ? row.password_hash : undefined, password);
  if (!row || !matches) return { refused: 'wrong' };
  await app.write(() => clearTries(app, keys));
  return { agent: agentOf(row) };
}
