// The headers of a mail or of one part: linear, and forgiving of everything that is no header.
import { LONGEST_HEADER_LINE, LONGEST_HEADERS, MOST_HEADER_LINES } from '../limits';

export interface Headers {
  /** The first value of that lower-case name, unfolded, bytes as latin1; empty when there is none. */
  first(name: string): string;
  all(name: string): string[];
}

export interface HeaderBlock {
  headers: Headers;
  bodyAt: number;
  /** Not all of it was read. */
  cut: boolean;
}

const LF = 0x0a;
const FIELD = /^([!-9;-~]{1,200})[ \t]*:/;

/**
 * Reads until the first empty line. Lines that are no headers are passed over when headers follow; after the last
 * header they are the body, whose empty line somebody forgot. A text without any header is all body.
 */
export function readHeaderBlock(bytes: Buffer, from = 0): HeaderBlock {
  const values = new Map<string, string[][]>();
  let current: string[] | undefined;
  let bodyAt: number | undefined;
  let cut = false;
  let lines = 0;
  let length = 0;
  let at = from;
  while (at < bytes.length) {
    const next = endOfLine(bytes, at);
    if (next - at > LONGEST_HEADER_LINE) {
      cut = true;
      current = undefined;
      at = next;
      continue;
    }
    length += next - at;
    if (++lines > MOST_HEADER_LINES || length > LONGEST_HEADERS) {
      cut = true;
      at = endOfBlock(bytes, at);
      break;
    }
    const line = bytes.toString('latin1', at, next).replace(/[\r\n]+$/, '');
    if (line === '') {
      at = next;
      break;
    }
    const field = FIELD.exec(line);
    if (/^[ \t]/.test(line) && current) current.push(line.trim());
    else if (field) {
      current = [line.slice(field[0].length).trim()];
      addTo(values, (field[1] as string).toLowerCase(), current);
      bodyAt = undefined;
    } else {
      current = undefined;
      bodyAt ??= at;
    }
    at = next;
  }
  return { headers: headersOf(values), bodyAt: bodyAt ?? at, cut };
}

function addTo(values: Map<string, string[][]>, name: string, lines: string[]): void {
  const known = values.get(name);
  if (known) known.push(lines);
  else values.set(name, [lines]);
}

function headersOf(values: Map<string, string[][]>): Headers {
  const all = (name: string) => (values.get(name) ?? []).map((lines) => lines.join(' '));
  return { all, first: (name) => all(name)[0] ?? '' };
}

/** Where the headers of a whole mail begin: empty lines and an mbox's `From ` line may stand before them. */
export function startOfMail(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && (bytes[at] === LF || bytes[at] === 0x0d)) at++;
  const first = bytes.toString('latin1', at, at + 6);
  return /^>?From /.test(first) ? endOfLine(bytes, at) : at;
}

/** The start of the next line. */
export function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(LF, at);
  return end === -1 ? bytes.length : end + 1;
}

function endOfBlock(bytes: Buffer, at: number): number {
  const ends = ['\n\n', '\n\r\n']
    .map((gap) => ({ gap, found: bytes.indexOf(gap, at) }))
    .filter(({ found }) => found !== -1);
  const [nearest] = ends.sort((a, b) => a.found - b.found);
  return nearest ? nearest.found + nearest.gap.length : bytes.length;
}
