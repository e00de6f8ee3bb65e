// Header values with parameters, `text/plain; charset=utf-8`, in the forms of RFC 2045, 2231 and of programs that read neither.
import { decodeText } from './charset';
import { decodeWords } from './encoded-words';
import { decodeTransfer } from './transfer-encoding';

export interface ParameterValue {
  /** Lower case, without blanks or comments; empty when there is none. */
  value: string;
  parameters: Map<string, string>;
}

const MOST_PARAMETERS = 200;

/** Reads a decoded (no longer latin1) header value. Linear; what cannot be read is left out. */
export function readParameters(text: string): ParameterValue {
  const [first = '', ...rest] = splitOutsideQuotes(text);
  const pieces = new Map<string, Piece[]>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    if (equals < 1) continue;
    const piece = readPiece(
      parameter.slice(0, equals).trim().toLowerCase(),
      unquote(parameter.slice(equals + 1).trim()),
    );
    const known = pieces.get(piece.name);
    if (known) known.push(piece);
    else pieces.set(piece.name, [piece]);
  }
  const parameters = new Map([...pieces].map(([name, found]) => [name, joinPieces(found)]));
  return { value: first.trim().split(/[\s(]/, 1)[0]?.toLowerCase() ?? '', parameters };
}

/** RFC 2231: `name*1*=` is the second piece, percent-coded; `name*=` is the whole, percent-coded. */
interface Piece {
  name: string;
  index: number;
  coded: boolean;
  extended: boolean;
  text: string;
}

function readPiece(key: string, text: string): Piece {
  const [name = '', index, mark] = key.split('*');
  const extended = index !== undefined;
  const coded = extended && (index === '' || mark === '');
  return { name, index: Number(index) || 0, coded, extended, text };
}

/** The extended form wins over the plain one beside it; of several plain ones the first. */
function joinPieces(pieces: Piece[]): string {
  const extended = pieces.filter((piece) => piece.extended).sort((a, b) => a.index - b.index);
  if (extended.length === 0) return decodeWords(pieces[0]?.text ?? '');
  if (!extended.some((piece) => piece.coded))
    return decodeWords(extended.map((piece) => piece.text).join(''));
  const [charset, start] = extended[0]?.coded
    ? splitCharset(extended[0].text)
    : ['utf-8', extended[0]?.text ?? ''];
  const texts = extended.map((piece, place) => ({ ...piece, text: place === 0 ? start : piece.text }));
  const bytes = texts.map((piece) =>
    piece.coded ? percentDecode(piece.text) : Buffer.from(piece.text, 'utf8'),
  );
  return decodeText(Buffer.concat(bytes), charset);
}

/** `utf-8'no'f%C3%A5` is charset, language, text; without the marks all of it is text. */
function splitCharset(text: string): [charset: string, rest: string] {
  const first = text.indexOf("'");
  const second = text.indexOf("'", first + 1);
  if (first === -1 || second === -1) return ['utf-8', text];
  return [text.slice(0, first), text.slice(second + 1)];
}

function percentDecode(text: string): Buffer {
  // Letters that were not percent-coded, against the rules, come through as UTF-8.
  const bytes = Buffer.from(text.replaceAll('=', '=3D').replace(/%([0-9a-f]{2})/gi, '=$1'));
  return decodeTransfer(bytes, 'quoted-printable');
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length && parts.length < MOST_PARAMETERS; at++) {
    const char = text[at];
    if (char === '\\' && quoted) at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** A backslash hides only what needs hiding: Windows programs write whole paths unhidden. */
function unquote(text: string): string {
  // Names with blanks stand unquoted often enough.
  if (!text.startsWith('"')) return text;
  const end = text.lastIndexOf('"');
  return text.slice(1, end > 0 ? end : undefined).replace(/\\(["\\])/g, '$1');
}
