// Passwords: argon2id, and the same work done for an address nobody has (AC-40).
import argon2 from 'argon2';
import { Invalid } from '../lib/errors';

/** OWASP's setting for argon2id: 19 MiB, two passes, one lane. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** Compared against when there is no such agent, so that the answer takes as long. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$2nZ0yKeywXZhfWv8Nn4wCdoWVhZgV7Gf4dXg2W1kRGs';

/** Throws Invalid for a password that is too short or too long. */
export async function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    throw Invalid(`The password has ${length} characters; it needs ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD}.`);
  }
  return argon2.hash(password, COST);
}

export async function passwordMatches(hash: string | null | undefined, password: string): Promise<boolean> {
  const matches = await argon2.verify(hash ?? NOBODY, password.slice(0, LONGEST_PASSWORD));
  return matches && typeof hash === 'string';
}
