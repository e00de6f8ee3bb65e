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
