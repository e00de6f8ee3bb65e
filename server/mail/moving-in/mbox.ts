// Finds the mails in an mbox file of any size, piece by piece (RFC 4155), and gives out one of them as it was sent.
//
// A mail begins at a line `From ` after an empty one, when that line bears a time and a header follows: Thunderbird and others
// leave the same word unquoted in bodies. Content-Length is not believed, because programs that convert mail leave it wrong.
import { type FileHandle, open } from 'node:fs/promises';

/** Where a mail lies in its file, its `From ` line included; `end` is where the next begins. */
export interface Span {
  start: number;
  end: number;
}

const CHUNK = 256 * 1024;
/** Enough to see a whole `From ` line and the beginning of the header after it. */
const AHEAD = 4 * 1024;
const FROM = Buffer.from('From ');
const LF = 0x0a;
const CR = 0x0d;

/** A time of day and a year: what every program writes there, `From - Tue Mar 05 …` of Thunderbird as well. */
const SEPARATOR = /^From .*\b\d{1,2}:\d{2}\b.*\b(?:19|20)\d{2}\b/;
const HEADER = /^(?:>From |[!-9;-~]{1,200}[ \t]*:)/;

/** The spans that begin at or after `from`, which is the beginning of a mail; the last one ends with the file. */
export async function* mailsIn(file: FileHandle, size: number, from = 0): AsyncGenerator<Span> {
  let start: number | undefined;
  for await (const begins of beginnings(file, size, from)) {
    if (start !== undefined) yield { start, end: begins };
    start = begins;
  }
  if (start !== undefined) yield { start, end: size };
}

async function* beginnings(file: FileHandle, size: number, from: number): AsyncGenerator<number> {
  const buffer = Buffer.alloc(CHUNK + AHEAD);
  if (from < size) yield from;
  for (let at = from; at < size; at += CHUNK - AHEAD) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    const bytes = buffer.subarray(0, bytesRead);
    // What begins in the last bytes is looked at with the next chunk, which begins before it.
    const last = at + bytesRead >= size ? bytesRead : CHUNK;
    const first = at === from ? 1 : AHEAD;
    for (let found = bytes.indexOf(FROM, first); found !== -1 && found < last; ) {
      if (isBeginning(bytes, found)) yield at + found;
      found = bytes.indexOf(FROM, found + 1);
    }
    if (last < CHUNK || at + bytesRead >= size) return;
  }
}

function isBeginning(bytes: Buffer, at: number): boolean {
  if (bytes[at - 1] !== LF) return false;
  const before = bytes[at - 2] === CR ? at - 3 : at - 2;
  if (before >= 0 && bytes[before] !== LF) return false;
  const lineEnd = bytes.indexOf(LF, at);
  if (lineEnd === -1) return false;
  return (
    SEPARATOR.test(bytes.toString('latin1', at, Math.min(lineEnd, at + 1_000))) &&
    HEADER.test(bytes.toString('latin1', lineEnd + 1, lineEnd + 210))
  );
}

/** The first bytes of a mail, for a look at its headers. */
export const readHead = (file: FileHandle, span: Span, most = 64 * 1024): Promise<Buffer> =>
  readBytes(file, span.start, Math.min(span.end - span.start, most));

/** A mail of an mbox as it was before it was put there: without the `From ` line, the quoting and the empty line after it. */
export async function readFromMbox(file: FileHandle, span: Span): Promise<Buffer> {
  const bytes = await readBytes(file, span.start, span.end - span.start);
  const head = bytes.indexOf(LF) + 1;
  let end = bytes.length;
  if (bytes[end - 1] === LF) {
    const line = bytes[end - 2] === CR ? end - 2 : end - 1;
    if (bytes[line - 1] === LF) end = line;
  }
  return unquoted(bytes.subarray(head, end));
}

/** A copy without one `>` of each line that is `>From ` after any number of them (mboxrd, and mboxo where it quoted). */
export function unquoted(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes.length);
  let length = 0;
  let copied = 0;
  for (let found = bytes.indexOf('>From '); found !== -1; found = bytes.indexOf('>From ', found + 1)) {
    let line = found;
    while (line > copied && bytes[line - 1] === 0x3e) line--;
    if (line !== 0 && bytes[line - 1] !== LF) continue;
    length += bytes.copy(out, length, copied, found);
    copied = found + 1;
  }
  length += bytes.copy(out, length, copied);
  // Of its own memory, so that the parser can take it over instead of copying it.
  return length === out.length ? out : Buffer.from(new Uint8Array(out.subarray(0, length)).buffer);
}

export async function readBytes(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, start + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return got === length ? bytes : bytes.subarray(0, got);
}

/** What a file holds, by its first bytes. */
export type FileKind = 'mbox' | 'mail';

/** Undefined for what is neither an mbox nor a mail; `empty` for what has nothing but blanks at its beginning. */
export async function kindOfFile(path: string): Promise<FileKind | 'empty' | undefined> {
  const file = await open(path, 'r');
  try {
    const bytes = await readBytes(file, 0, 2_048);
    const text = bytes
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .replace(/^[\r\n]+/, '');
    if (text.trim() === '') return 'empty';
    if (/^From [^\n]*\n/.test(text)) return 'mbox';
    return text.split(/\r?\n/, 8).some((line) => /^[A-Za-z][!-9;-~]{1,60}:[ \t]/.test(line)) && isText(bytes)
      ? 'mail'
      : undefined;
  } finally {
    await file.close();
  }
}

const isText = (bytes: Buffer) => !bytes.subarray(0, 512).includes(0);
