// By what two mails under one Message-ID are told apart: their subject and body, whatever their way added to the headers (M3).
import { createHash } from 'node:crypto';
import { readHeaderBlock, startOfMail } from './mime/header-block';

const AT_ONCE = 64 * 1024;
const CR = 0x0d;
const BLANKS = new Set([CR, 0x0a, 0x20, 0x09]);

/** The same for line ends of either kind, and for blank lines that a server added at the end. Linear. */
export function wordsHash(raw: Uint8Array): string {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const { headers, bodyAt } = readHeaderBlock(bytes, startOfMail(bytes));
  const hash = createHash('sha256').update(`${headers.first('subject')}\n`);
  let end = bytes.length;
  while (end > bodyAt && BLANKS.has(bytes[end - 1] as number)) end--;
  const plain = Buffer.allocUnsafe(AT_ONCE);
  for (let at = bodyAt; at < end; at += AT_ONCE) {
    let length = 0;
    for (const byte of bytes.subarray(at, Math.min(at + AT_ONCE, end)))
      if (byte !== CR) plain[length++] = byte;
    hash.update(plain.subarray(0, length));
  }
  return hash.digest('hex');
}
