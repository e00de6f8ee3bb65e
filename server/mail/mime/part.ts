// One part of a mail, as its headers describe it.
import { LONGEST_HEADER } from '../limits';
import { decodeText } from './charset';
import { decodeHeader } from './encoded-words';
import type { Headers } from './header-block';
import { type ParameterValue, readParameters } from './parameters';
import { decodeTransfer } from './transfer-encoding';

export interface Part {
  headers: Headers;
  /** Like text/plain, in lower case; what cannot be read is text/plain (RFC 2045 5.2). */
  type: string;
  parameters: Map<string, string>;
  disposition: 'attachment' | 'inline' | '';
  /** As the sender called it, decoded, not cleaned. */
  name: string;
  contentId: string | undefined;
  /** As transmitted. */
  body: Buffer;
  /** Those of a multipart; empty otherwise. */
  parts: Part[];
}

/** `fallback` is the type of a part that names none: text/plain, or message/rfc822 in a digest. */
export function describePart(headers: Headers, body: Buffer, fallback: string): Part {
  const declared = headerWithParameters(headers, 'content-type');
  const disposition = headerWithParameters(headers, 'content-disposition');
  const name = disposition.parameters.get('filename') ?? declared.parameters.get('name') ?? '';
  const id = headers.first('content-id').replace(/[<>\s]/g, '');
  const isType = /^[a-z0-9!#$&^_.+-]{1,80}\/[a-z0-9!#$&^_.+-]{1,120}$/.test(declared.value);
  return {
    headers,
    type: isType
      ? declared.value
      : declared.value === '' && name !== ''
        ? 'application/octet-stream'
        : fallback,
    parameters: declared.parameters,
    // RFC 2183 2.8: an unknown disposition is an attachment.
    disposition:
      disposition.value === '' || disposition.value === 'inline' ? disposition.value : 'attachment',
    name,
    contentId: id === '' ? undefined : id.slice(0, 250),
    body,
    parts: [],
  };
}

const headerWithParameters = (headers: Headers, name: string): ParameterValue =>
  readParameters(decodeText(Buffer.from(headers.first(name).slice(0, LONGEST_HEADER), 'latin1')));

/** The bytes as they were before they were encoded for the journey; `most` of the encoded ones are looked at. */
export function contentOf(part: Part, most = Number.POSITIVE_INFINITY): Buffer {
  const encoding = part.headers
    .first('content-transfer-encoding')
    .toLowerCase()
    .replace(/[\s;(].*$/, '');
  return decodeTransfer(part.body.length > most ? part.body.subarray(0, most) : part.body, encoding);
}

/** The words of a text part. */
export function textOf(part: Part, likely: string | undefined, most?: number): string {
  return decodeText(contentOf(part, most), part.parameters.get('charset'), likely);
}

/** A header's words, on one line. */
export const wordsOf = (headers: Headers, name: string, likely?: string): string =>
  decodeHeader(headers.first(name).slice(0, LONGEST_HEADER), likely);
