// The certificate of an erasure: what went, what was kept and why, what was looked through. It names nobody.
//
// Signed with Ed25519 by a key derived from the installation's own, so that `hearthdesk verify` can tell it from any other
// text. The check writes the certificate anew and compares bytes: one changed character, a blank even, and it fails.
import { createPrivateKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import { keyIdOf } from './ledger-file';

const counts = z.record(z.string().regex(/^[a-z_.-]+$/i), z.number().int().nonnegative());

export const certificateFacts = z.strictObject({
  certificate: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(['erase', 'de-identify']),
  hearthdesk: z.string().max(40),
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  /** Rows that went, by table. */
  removed: counts,
  /** What stays, in whose interest, by a fixed name each. */
  kept: counts,
  /** Their mails on the mail servers, when these were to go too (P5). */
  mailServer: z
    .strictObject({
      removed: z.number().int().nonnegative(),
      /** Flagged as deleted; whether they go is the server's choice. */
      marked: z.number().int().nonnegative(),
      notFound: z.number().int().nonnegative(),
      notReached: z.number().int().nonnegative(),
    })
    .optional(),
  /** The exception of Art. 17(3) on which files of others were kept; null when none were. */
  exception: z.enum(['a', 'b', 'c', 'd', 'e']).nullable(),
  /** What the check looked for and through. */
  checked: z.strictObject({
    identifiers: z.number(),
    passages: z.number(),
    rows: z.number(),
    files: z.number(),
    bytes: z.number(),
    found: z.literal(0),
  }),
  notSearched: z.array(
    z.enum([
      'paper',
      'mailboxes-of-others',
      'mail-server',
      'mail-folders',
      'compressed',
      'first-name',
      'shared',
    ]),
  ),
  /** When the last nightly copy that still holds the person is gone; a restore of it erases again. */
  lastCopyGone: z.iso.date().nullable(),
  ledger: z.strictObject({
    entries: z.number(),
    placesNotReached: z.number(),
    /** Said to be gone for good, before the ledger reached them. */
    placesGone: z.number().int().positive().optional(),
  }),
});
export type CertificateFacts = z.infer<typeof certificateFacts>;

const signed = z.strictObject({ facts: certificateFacts, key: z.string(), signature: z.string() });

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const signingKey = (key: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(hkdfSync('sha256', key, '', 'hearthdesk certificates', 32))]),
    format: 'der',
    type: 'pkcs8',
  });

/** The file that is handed out: JSON, the same bytes for the same facts and key. */
export function writeCertificate(key: Uint8Array, facts: CertificateFacts): string {
  const checked = certificateFacts.parse(facts);
  const signature = sign(null, Buffer.from(JSON.stringify(checked)), signingKey(key)).toString('hex');
  return `${JSON.stringify({ facts: checked, key: keyIdOf(key), signature }, null, 2)}\n`;
}

export type CertificateCheck =
  | { good: true; facts: CertificateFacts }
  | { good: false; why: 'not-a-certificate' | 'other-key' | 'changed' };

export function checkCertificate(key: Uint8Array, text: string): CertificateCheck {
  const parsed = signed.safeParse(parseJson(text));
  if (!parsed.success) return { good: false, why: 'not-a-certificate' };
  if (parsed.data.key !== keyIdOf(key)) return { good: false, why: 'other-key' };
  if (writeCertificate(key, parsed.data.facts) !== text) return { good: false, why: 'changed' };
  return { good: true, facts: parsed.data.facts };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
