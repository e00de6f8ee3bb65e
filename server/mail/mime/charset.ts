// Bytes to text, by the charset that a mail names and by what the bytes themselves say when the two disagree (M13).
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** What unlabelled bytes are when they are not UTF-8 and nothing in the mail says better. */
const LIKELY = 'windows-1252';

/** Labels by which mails mean another, larger set (as browsers read them), or mean nothing. */
const MEANT: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  ansi: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-6-i': 'iso-8859-6',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  'x-gbk': 'gb18030',
  'ks_c_5601-1987': 'cp949',
  'euc-kr': 'cp949',
  shift_jis: 'cp932',
  'shift-jis': 'cp932',
  sjis: 'cp932',
  'x-sjis': 'cp932',
  'x-mac-roman': 'macintosh',
  unicode: 'utf-16',
  'unicode-1-1-utf-7': 'utf-7',
  'unicode-1-1-utf-8': 'utf-8',
};
const NOT_A_CHARSET =
  /^(us-?)?ascii$|^ansi_x3|^[78]bit$|unknown|default|^(base64|hex|binary|internal|utf-?7-?imap)$/;
const MULTIBYTE = /^(gb|big5|cp9(32|36|49|50)|euc|johab)/;
const WIDE = /^(utf-?(16|32)|ucs)/;

/** The charset that a label means, in a form that `decodeText` knows; undefined for nothing usable. */
export function charsetOf(label: string | undefined): string | undefined {
  const name = (label ?? '')
    .slice(0, 60)
    .toLowerCase()
    .replace(/^[\s"']*(charset=)?[\s"']*/, '')
    .replace(/[\s"';*$(].*$/s, '')
    .replace(/^win(dows)?[-_]?(?=\d)/, 'windows-')
    .replace(/^iso[-_]?8859[-_]?(?=\d)/, 'iso-8859-')
    .replace(/^_?(cs)?iso-?2022-?jp.*$|^cp5022\d$/, 'iso-2022-jp');
  const meant = Object.hasOwn(MEANT, name) ? MEANT[name] : name;
  if (!meant || NOT_A_CHARSET.test(meant)) return undefined;
  return iconv.encodingExists(meant) || textDecoder(meant) ? meant : undefined;
}

/**
 * Text without NULs, lone surrogates and other controls, lines ending in \n (AC-28). Never throws. `likely` is the
 * charset to suppose where the label is missing or wrong: one that the mail names elsewhere.
 */
export function decodeText(bytes: Buffer, label?: string, likely: string = LIKELY): string {
  return tidy(decode(bytes, charsetOf(label), charsetOf(likely) ?? LIKELY));
}

function decode(bytes: Buffer, named: string | undefined, likely: string): string {
  const marked = byteOrderMark(bytes);
  if (marked) return iconv.decode(bytes, marked);
  if (named && WIDE.test(named) && (bytes.includes(0) || !isUtf8(bytes))) return decodeAs(bytes, named);
  if (named === 'iso-2022-jp' || named === 'utf-7')
    return isAscii(bytes) ? decodeAs(bytes, named) : mend(bytes, likely);
  if (isAscii(bytes))
    return bytes.includes('\x1b$') ? decodeAs(bytes, 'iso-2022-jp') : bytes.toString('latin1');
  if (named && MULTIBYTE.test(named)) {
    const text = decodeAs(bytes, named);
    return isUtf8(bytes) && text.includes('\ufffd') ? bytes.toString('utf8') : text;
  }
  // Text in a one-byte charset that happens to be UTF-8 all through does not occur; the label is wrong.
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return named && !/^utf-?8$/.test(named) ? decodeAs(bytes, named) : mend(bytes, likely);
}

function decodeAs(bytes: Buffer, charset: string): string {
  return iconv.encodingExists(charset)
    ? iconv.decode(bytes, charset)
    : (textDecoder(charset)?.decode(bytes) ?? '');
}

/** Says UTF-8, or nothing, and is not: what is good UTF-8 stays, every other byte is read in the likely charset. */
function mend(bytes: Buffer, likely: string): string {
  if (MULTIBYTE.test(likely)) return decodeAs(bytes, likely);
  const upper = upperHalf(/^utf|^iso-2022/.test(likely) ? LIKELY : likely);
  const pieces: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    pieces.push(bytes.toString('utf8', good, at), upper[(bytes[at] as number) - 0x80] ?? '');
    good = ++at;
  }
  return pieces.join('') + bytes.toString('utf8', good);
}

/** What the bytes 0x80 to 0xff are in a charset of one byte a letter. */
const upperHalf = (charset: string) => [
  ...decodeAs(Buffer.from(Array.from({ length: 128 }, (_, n) => n + 128)), charset),
];

/** How many bytes the UTF-8 sequence at `at` has; 0 when there is none, overlong forms and surrogates included. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  return length > 0 && isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length ? length : 0;
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return bytes[2] === 0 && bytes[3] === 0 ? 'utf-32le' : 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeff ? 'utf-32be' : undefined;
}

/** For what Node knows and iconv-lite does not; asking for an unknown name is no error here. */
function textDecoder(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

/** No NULs, lone surrogates or other controls; lines end in \n. */
export const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\f\v\u0085]/g, '\n')
    .replace(/[^\P{Cc}\t\n]|[\ufeff\ufffe\uffff]/gu, '');
