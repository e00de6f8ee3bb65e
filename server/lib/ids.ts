// Random names and keys. Whatever opens a door is 128 random bits or more and is stored as a hash.
import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A name that cannot be guessed, 128 bits, letters and digits that are safe in addresses and file names. */
export const randomId = () => randomBytes(16).toString('hex');

/** A key that opens something, 256 bits (AC-41). */
export const randomToken = () => randomBytes(32).toString('base64url');

/** What is stored of a token: SHA-256, because the token itself has 128 bits or more. */
export const tokenHash = (token: string) => createHash('sha256').update(token).digest();

export const sha256 = (bytes: Uint8Array | string) => hash('sha256', bytes, 'hex');

/** A hash that cannot be recomputed without the key; for ledgers of what must no longer be known. */
export const keyedHash = (key: Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest('hex');

/** Compares two texts in the same time wherever they differ (AC-45). */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
