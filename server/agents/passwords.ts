// Passwords: argon2id, and the same work done for an address nobody has (AC-40).
import argon2 from 'argon2';
import { Invalid } from '../lib/errors';

/** OWASP's setting for argon2id: 19 MiB, two passes, one lane. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** Of 32 random bytes that nobody kept, at the cost above: compared against when there is no such agent. */
const NOBODY =
  '$argon2id$v=19$m=19456,p=1,t=2$Frvugnnt1hU5frLkfL4ang$D8dM8oAX3V6txlGeuJR9petkIF63dpTmlg9CQk/8/OE';

/** Throws Invalid for a password that is too short or too long. */
export async function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    throw Invalid(
      `The password has ${length} characters; it needs ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD}.`,
    );
  }
  return argon2.hash(password, COST);
}

/** Takes as long without a hash as with one. */
export async function passwordMatches(hash: string | null | undefined, password: string): Promise<boolean> {
  const matches = await argon2.verify(hash ?? NOBODY, password);
  return matches && typeof hash === 'string';
}
