// Secrets in settings (passwords of mail accounts) are encrypted with the key of the data folder.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Invalid } from './errors';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM; `key` has 32 bytes. */
export function seal(key: Uint8Array, plain: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** What one of `keys` sealed, sealed by another. Throws Invalid when none of them did. */
export function sealAnew(sealed: Uint8Array, keys: readonly Uint8Array[], key: Uint8Array): Buffer {
  for (const each of keys.slice(0, -1)) {
    try {
      return seal(key, unseal(each, sealed));
    } catch {
      // Sealed by another of them.
    }
  }
  return seal(key, unseal(keys.at(-1) as Uint8Array, sealed));
}

/** Throws Invalid when the key is another one than at sealing, e.g. after `secret.key` was replaced. */
export function unseal(key: Uint8Array, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  try {
    return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw Invalid('A stored password cannot be read with the secret.key of this data folder.', cause);
  }
}
