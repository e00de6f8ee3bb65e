// Pictures written into HTML as data: become files of the mail, shown by their id like any other.
import { decodeTransfer } from './mime/transfer-encoding';

export interface EmbeddedPicture {
  contentId: string;
  declaredType: string;
  content: Buffer;
}

const MOST = 50;
const MARK = Buffer.from(';base64,');
/** What stands before the mark, and is looked for in so many bytes. */
const BEFORE = /\bsrc\s{0,5}=\s{0,5}["']?data:(image\/(?:png|jpe?g|gif|webp))$/i;
const LONGEST_BEFORE = 60;

const LETTERS = new Set(
  Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n'),
);

/**
 * The HTML without them, `pictures` with them. Done on its bytes, before anything is made text: pictures are large, and what
 * is read of HTML is not. What is too many is left, and the sanitiser drops it. Linear.
 */
export function takeEmbeddedPictures(html: Buffer, pictures: EmbeddedPicture[]): Buffer {
  const kept: Buffer[] = [];
  let copied = 0;
  for (let at = html.indexOf(MARK); at !== -1 && pictures.length < MOST; at = html.indexOf(MARK, at + 1)) {
    const before = html.toString('latin1', Math.max(copied, at - LONGEST_BEFORE), at);
    const type = BEFORE.exec(before)?.[1];
    if (!type) continue;
    const from = at + MARK.length;
    const end = endOfData(html, from);
    if (end === from) continue;
    const contentId = `embedded-${pictures.length + 1}`;
    const content = decodeTransfer(html.subarray(from, end), 'base64');
    pictures.push({ contentId, declaredType: type.toLowerCase(), content });
    kept.push(html.subarray(copied, at - `data:${type}`.length), Buffer.from(`cid:${contentId}`));
    copied = end;
    at = end - 1;
  }
  return copied === 0 ? html : Buffer.concat([...kept, html.subarray(copied)]);
}

function endOfData(html: Buffer, from: number): number {
  let end = from;
  while (end < html.length && LETTERS.has(html[end] as number)) end++;
  return end;
}
