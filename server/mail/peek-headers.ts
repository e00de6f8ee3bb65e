// A look at a raw mail's headers before it is parsed: for ids and recipients only, by the reader's own rules.
import { readEnvelope, readIds } from './envelope';
import { type Headers, readHeaderBlock, startOfMail } from './mime/header-block';
import type { Address } from './parsed-mail';

/** Headers are not looked for beyond this. */
const FAR_ENOUGH = 256 * 1024;

/** Values by lower-case name, unfolded, in their order; undecoded. */
export function peekHeaders(raw: Uint8Array, wanted: string[]): Record<string, string[]> {
  const headers = headersOf(raw);
  return Object.fromEntries(wanted.map((name) => [name, headers.all(name)]));
}

/** The id without <>, as the parsed mail will have it; undefined when there is none worth the name. */
export const peekMessageId = (raw: Uint8Array): string | undefined =>
  readIds(headersOf(raw).first('message-id'))[0];

/** Its own id, and those of the mails it answers, the newest first. */
export function peekIds(raw: Uint8Array): { own: string | undefined; answered: string[] } {
  const { messageId, inReplyTo, references } = readEnvelope(headersOf(raw));
  return { own: messageId, answered: [...inReplyTo, ...references.toReversed()] };
}

/** Who stands in From; undefined when that is no single plain address. */
export const peekSender = (raw: Uint8Array): Address | undefined => readEnvelope(headersOf(raw)).from;

function headersOf(raw: Uint8Array): Headers {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, FAR_ENOUGH));
  return readHeaderBlock(head, startOfMail(head)).headers;
}
