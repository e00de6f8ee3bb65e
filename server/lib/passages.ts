// Recognises what was copied from a text: letters and digits alone, so that wrapping, quote marks and commas do not matter.

/** A copied passage is recognised from this many letters and digits on (about five words). */
export const PASSAGE = 24;

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
/** 0 for what is left out. Bytes of other alphabets (UTF-8) are kept as they are. */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => {
  const lower = LOWER[byte] as number;
  return byte >= 128 || (lower >= 97 && lower <= 122) || (byte >= 48 && byte <= 57) ? lower : 0;
});

/** ASCII letters in lower case, for addresses and ids; same length. */
export function lowerBytes(bytes: Uint8Array): Uint8Array {
  const lower = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) lower[i] = LOWER[bytes[i] as number] as number;
  return lower;
}

export interface Folded {
  bytes: Uint8Array;
  /** Where each folded byte stood. */
  from: Uint32Array;
}

export function foldBytes(bytes: Uint8Array): Folded {
  const folded = new Uint8Array(bytes.length);
  const from = new Uint32Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = FOLD[bytes[i] as number] as number;
    if (byte === 0) continue;
    folded[length] = byte;
    from[length] = i;
    length += 1;
  }
  return { bytes: folded.subarray(0, length), from: from.subarray(0, length) };
}

export const folded = (text: string): Uint8Array => foldBytes(Buffer.from(text, 'utf8')).bytes;

/** The words of a text without the lines that quote somebody else. */
export const withoutQuotes = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('>'))
    .join('\n');

/**
 * Pieces of `PASSAGE` folded bytes, one from each beginning of a word, and one at the very end: whoever copies a sentence
 * copies at least one of them. None for a text that is shorter.
 */
export function passagesOf(text: string): Uint8Array[] {
  const { bytes, from } = foldBytes(Buffer.from(text, 'utf8'));
  if (bytes.length < PASSAGE) return [];
  const pieces: Uint8Array[] = [];
  let before = 0;
  for (let at = 0; at + PASSAGE <= bytes.length; at++) {
    const beginsWord = at === 0 || (from[at] as number) > (from[at - 1] as number) + 1;
    if (!beginsWord && at - before < PASSAGE && at + PASSAGE !== bytes.length) continue;
    pieces.push(bytes.slice(at, at + PASSAGE));
    before = at;
  }
  return pieces;
}

const DATE_OR_AMOUNT = /^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[\d .,]*[.,]\d{2})$/;

/** Numbers by which somebody can be told: of orders, telephones, passports. Not dates and amounts. */
export function numbersIn(text: string): string[] {
  const found = new Set<string>();
  for (const token of text.match(/[\p{L}\p{N}+][\p{L}\p{N}_/.:-]*[\p{L}\p{N}]/gu) ?? []) {
    const digits = token.replace(/\D/g, '').length;
    if (
      digits >= 3 &&
      token.length >= 7 &&
      token.length <= 60 &&
      !DATE_OR_AMOUNT.test(token) &&
      folded(token).length >= 7
    )
      found.add(token);
  }
  return [...found];
}
