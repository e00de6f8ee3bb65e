// A raw mail taken apart: headers and the tree of its parts (RFC 2045, 2046), in one pass without streams.
//
// Never throws, whatever comes: the libraries that were tried either throw at the first bomb, lose the bytes that a
// wrong charset label needs, or show nothing when a boundary is missing. Each level looks through its bytes once.
import { DEEPEST_PARTS, MOST_PARTS } from './limits';
import { charsetOf } from './mime/charset';
import { endOfLine, type HeaderBlock, readHeaderBlock, startOfMail } from './mime/header-block';
import { describePart, type Part } from './mime/part';
import type { UnreadableReason } from './parsed-mail';

export interface MimeMail {
  root: Part;
  /** A charset that the mail names somewhere; where a label is missing or wrong it is the likeliest. */
  likely: string | undefined;
  /** What kept it from being read whole. */
  shortcoming: UnreadableReason | undefined;
}

interface Reading {
  partsLeft: number;
  shortcoming: UnreadableReason | undefined;
}

export function readMime(raw: Uint8Array): MimeMail {
  const bytes = withLineFeeds(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const reading: Reading = { partsLeft: MOST_PARTS, shortcoming: undefined };
  const block = readHeaderBlock(bytes, startOfMail(bytes));
  const likely = likelyCharset(bytes.subarray(0, Math.min(block.bodyAt, 65_536)).toString('latin1'));
  return { root: readPart(bytes, block, 'text/plain', 0, reading), likely, shortcoming: reading.shortcoming };
}

/** The mail inside a message/rfc822 part, or the headers in a text/rfc822-headers part, read by the same rules. */
export const readInner = (content: Buffer): MimeMail => readMime(content);

function readPart(
  bytes: Buffer,
  block: HeaderBlock,
  fallback: string,
  depth: number,
  reading: Reading,
): Part {
  if (block.cut) reading.shortcoming ??= 'too-many-headers';
  const part = describePart(block.headers, bytes.subarray(block.bodyAt), fallback);
  if (!part.type.startsWith('multipart/')) return part;
  if (depth >= DEEPEST_PARTS) {
    reading.shortcoming ??= 'too-deep';
    return part;
  }
  const inner = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  for (const piece of splitBody(part, reading)) {
    part.parts.push(readPart(piece, readHeaderBlock(piece), inner, depth + 1, reading));
  }
  // No boundary anywhere: what stands there may still be read.
  return part.parts.length > 0 ? part : { ...part, type: 'text/plain' };
}

function splitBody(part: Part, reading: Reading): Buffer[] {
  const declared = part.parameters.get('boundary')?.trimEnd();
  const pieces = declared ? splitAt(part.body, declared, reading) : [];
  if (pieces.length > 0) return pieces;
  const guessed = guessBoundary(part.body);
  return guessed ? splitAt(part.body, guessed, reading) : [];
}

/** The pieces between the delimiter lines; the last may lack its end, and parts after the end are parts still. */
function splitAt(body: Buffer, boundary: string, reading: Reading): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const pieces: Buffer[] = [];
  let start = -1;
  const finish = (end: number) => {
    if (start === -1) return;
    if (reading.partsLeft-- > 0) pieces.push(body.subarray(start, Math.max(start, end)));
    else reading.shortcoming ??= 'too-many-parts';
  };
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    if (!MAY_FOLLOW.has(body[at + delimiter.length])) continue;
    const next = endOfLine(body, at);
    const rest = body
      .toString('latin1', at + delimiter.length, Math.min(next, at + delimiter.length + 100))
      .trim();
    if (rest !== '' && rest !== '--') continue;
    finish(withoutLineBreak(body, at));
    start = rest === '' ? next : -1;
    if (reading.partsLeft < 0) return pieces;
  }
  finish(body.length);
  return pieces;
}

const LF = 0x0a;
const CR = 0x0d;
/** A delimiter's own end, before anything else is looked at: blank, line break, dash, or the end of the mail. */
const MAY_FOLLOW = new Set([LF, CR, 0x09, 0x0b, 0x0c, 0x20, 0xa0, 0x2d, undefined]);

/** The line break before a delimiter belongs to the delimiter. */
function withoutLineBreak(body: Buffer, end: number): number {
  if (body[end - 1] !== LF) return end;
  return body[end - 2] === CR ? end - 2 : end - 1;
}

/** Where no boundary is named, or one that never comes: the first line that begins with -- and has headers below it. */
function guessBoundary(body: Buffer): string | undefined {
  const head = body.toString('latin1', 0, Math.min(body.length, 65_536));
  for (const line of head.matchAll(/^--(\S[^\r\n]{0,200})\r?\n(?=content-[a-z-]{1,40}:|\r?\n)/gim)) {
    return (line[1] as string).trimEnd();
  }
  return undefined;
}

/** The first charset named among the headers that is neither UTF-8 nor ASCII nor Latin 1. */
function likelyCharset(head: string): string | undefined {
  for (const [, coded, labelled] of head.matchAll(/=\?([\w-]{3,40})\?|charset="?([\w-]{3,40})/gi)) {
    const charset = charsetOf(coded ?? labelled);
    if (charset && !/^utf|^windows-1252$/.test(charset)) return charset;
  }
  return undefined;
}

/** Very old programs end lines with a carriage return alone. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(LF) || !bytes.includes(CR)) return bytes;
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(CR); at !== -1; at = copy.indexOf(CR, at + 1)) copy[at] = LF;
  return copy;
}
