// RFC 2047: text in headers that says its own charset, =?utf-8?Q?bl=C3=A5?=.
import { charsetOf, decodeText } from './charset';
import { decodeBase64, decodeTransfer } from './transfer-encoding';

interface Word {
  charset: string;
  bytes: Buffer;
  end: number;
}

const START = /=\?([\w.:()+-]{1,60})(?:\*[\w-]{0,20})?\?([bq])\?/iy;

/**
 * The text with its encoded words read; blanks between two of them vanish. Neighbours of one charset are joined before
 * they are decoded, because programs cut in the middle of a letter. Linear in the length.
 */
export function decodeWords(text: string, likely?: string): string {
  const out: string[] = [];
  let pending: Word[] = [];
  let copied = 0;
  const settle = () => {
    const charset = pending[0]?.charset;
    if (charset) out.push(decodeText(Buffer.concat(pending.map((word) => word.bytes)), charset, likely));
    pending = [];
  };
  for (let at = text.indexOf('=?'); at !== -1; ) {
    const word = wordAt(text, at);
    if (word === 'no more') break;
    if (word) {
      const between = text.slice(copied, at);
      if (between.trim() !== '' || pending[0]?.charset !== word.charset) settle();
      if (between.trim() !== '' || copied === 0) out.push(between);
      pending.push(word);
      copied = word.end;
    }
    at = text.indexOf('=?', word ? word.end : at + 2);
  }
  settle();
  return out.join('') + text.slice(copied);
}

function wordAt(text: string, at: number): Word | undefined | 'no more' {
  START.lastIndex = at;
  const start = START.exec(text);
  if (!start) return undefined;
  const dataAt = START.lastIndex;
  const dataEnd = text.indexOf('?=', dataAt);
  if (dataEnd === -1) return 'no more';
  const data = text.slice(dataAt, dataEnd);
  const [, charset = '', encoding = ''] = start;
  const bytes = encoding.toLowerCase() === 'b' ? decodeBase64(data) : decodeQ(data);
  return { charset: charsetOf(charset) ?? 'us-ascii', bytes, end: dataEnd + 2 };
}

/** RFC 2047 4.2: like quoted-printable, with _ for the blank. */
const decodeQ = (data: string) =>
  decodeTransfer(Buffer.from(data.replaceAll('_', ' '), 'utf8'), 'quoted-printable');

/** A header's bytes (as latin1 text) in words on one line: 8-bit bytes read, then encoded words. */
export function decodeHeader(value: string, likely?: string): string {
  return decodeWords(decodeText(Buffer.from(value, 'latin1'), undefined, likely), likely)
    .replace(/\s+/g, ' ')
    .trim();
}
