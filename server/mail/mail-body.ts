// Which parts of a mail are its words and which are files (RFC 2046, 2387, and what programs make of them).
import { type EmbeddedPicture, takeEmbeddedPictures } from './embedded-pictures';
import { LONGEST_TEXT } from './limits';
import { decodeText } from './mime/charset';
import { unflow } from './mime/flowed';
import { readHeaderBlock } from './mime/header-block';
import { contentOf, describePart, type Part, textOf } from './mime/part';
import { readTnef } from './mime/tnef';

/** What is shown one after the other: words as plain text, as HTML, or both ways. */
export interface Passage {
  plain?: string;
  html?: string;
  /** The HTML goes on beyond what was looked at. */
  htmlCut?: boolean;
}

export interface MailBody {
  passages: Passage[];
  /** Everything else, in its order. */
  files: Part[];
  /** Text was cut at the limit. */
  cut: boolean;
  /** Out of the HTML, where they were written into it. */
  pictures: EmbeddedPicture[];
  /** Words out of a winmail.dat, for a mail that has no others. */
  spare?: Passage[];
}

/** Encoded, text may be four times as long; more is never looked at. */
const LONGEST_ENCODED = 4 * LONGEST_TEXT;

export function bodyOf(root: Part, likely: string | undefined): MailBody {
  const pictures: EmbeddedPicture[] = [];
  const body = { ...walk(root, { likely, pictures }, true), pictures };
  if (body.spare && body.passages.every(isBlank)) return { ...body, passages: body.spare };
  return body.passages.length > 0 ? body : { ...body, ...firstNamedText(body.files, { likely, pictures }) };
}

const isBlank = ({ plain = '', html = '' }: Passage) => `${plain}${html}`.trim() === '';

interface Reading {
  likely: string | undefined;
  pictures: EmbeddedPicture[];
}

type Found = Omit<MailBody, 'pictures'>;

function walk(part: Part, reading: Reading, first: boolean): Found {
  if (part.type.startsWith('multipart/')) {
    const children = part.parts.map((child, index) => walk(child, reading, first && index === 0));
    if (part.type === 'multipart/alternative') return alternative(children);
    if (part.type === 'multipart/related') return related(part, children);
    return together(children);
  }
  if (isTnef(part)) return unpacked(part);
  if (!isWords(part, first)) return { passages: [], files: [part], cut: false };
  return { ...readWords(part, reading), files: [] };
}

/** A text is the sender's words unless it is called a file; named ones only where a body is expected. */
function isWords(part: Part, first: boolean): boolean {
  const isText = part.type === 'text/plain' || part.type === 'text/html';
  return isText && part.disposition !== 'attachment' && (first || part.name === '');
}

const isTnef = ({ type, name }: Part) =>
  /^application\/(vnd\.)?ms-tnef$/.test(type) || name.toLowerCase() === 'winmail.dat';

/** The files in a winmail.dat instead of it; it stays where it holds more than was found (M13). */
function unpacked(part: Part): Found {
  const tnef = readTnef(contentOf(part));
  const isWhole =
    tnef !== undefined && !tnef.isCut && (tnef.files.length > 0 || tnef.plain !== '' || tnef.html !== '');
  const files = (tnef?.files ?? []).map(({ name, type, contentId, content }) => ({
    ...describePart(NO_HEADERS, content, type || 'application/octet-stream'),
    name,
    contentId,
  }));
  const body = { passages: [], files: isWhole ? files : [...files, part], cut: false };
  if (tnef?.html) return { ...body, spare: [{ html: tnef.html.slice(0, LONGEST_ENCODED) }] };
  return tnef?.plain ? { ...body, spare: [{ plain: tnef.plain.slice(0, LONGEST_TEXT) }] } : body;
}

const NO_HEADERS = readHeaderBlock(Buffer.alloc(0)).headers;

function readWords(part: Part, { likely, pictures }: Reading): { passages: Passage[]; cut: boolean } {
  if (part.type === 'text/html') {
    const bytes = takeEmbeddedPictures(contentOf(part), pictures);
    const read = bytes.subarray(0, LONGEST_ENCODED);
    const html = decodeText(read, part.parameters.get('charset'), likely);
    return { passages: [read.length === bytes.length ? { html } : { html, htmlCut: true }], cut: false };
  }
  const read = textOf(part, likely, LONGEST_ENCODED);
  const flowed = part.parameters.get('format')?.trim().toLowerCase() === 'flowed';
  const plain = flowed ? unflow(read, part.parameters.get('delsp')?.trim().toLowerCase() === 'yes') : read;
  return { passages: [{ plain: plain.slice(0, LONGEST_TEXT) }], cut: plain.length > LONGEST_TEXT };
}

function together(children: Found[]): Found {
  return {
    passages: children.flatMap((child) => child.passages),
    files: children.flatMap((child) => child.files),
    cut: children.some((child) => child.cut),
    ...spareOf(children),
  };
}

function spareOf(children: Found[]): Pick<MailBody, 'spare'> {
  const spare = children.find((child) => child.spare)?.spare;
  return spare ? { spare } : {};
}

/** The same words several times: the first plain form and the last HTML, which is the richest. */
function alternative(children: Found[]): Found {
  const plain = children.find((child) => child.passages.some((passage) => passage.plain !== undefined));
  const html = children.findLast((child) => child.passages.some((passage) => passage.html !== undefined));
  const files = children.flatMap((child) => child.files);
  const cut = children.some((child) => child.cut);
  const spare = spareOf(children);
  // Apple Mail puts text, a picture and text into one alternative: its passages stay in their order.
  if (html && html.passages.length > 1) return { passages: html.passages, files, cut, ...spare };
  const passage: Passage = {};
  if (plain) passage.plain = plain.passages.map((piece) => piece.plain ?? '').join('\n');
  if (html) Object.assign(passage, { html: html.passages[0]?.html, htmlCut: html.passages[0]?.htmlCut });
  return { passages: plain || html ? [passage] : [], files, cut, ...spare };
}

/** The root document (RFC 2387 3.2), and what it refers to. */
function related(part: Part, children: Found[]): Found {
  const start = part.parameters.get('start')?.replace(/[<>\s]/g, '');
  const named = start ? part.parts.findIndex((child) => child.contentId === start) : 0;
  const root = children[Math.max(named, 0)];
  const others = children.filter((child) => child !== root);
  // Words beside the root are shown too rather than lost.
  return root ? together([root, ...others]) : { passages: [], files: [], cut: false };
}

/** No words anywhere, but a text with a name: some programs name their body. */
function firstNamedText(
  files: Part[],
  reading: Reading,
): { passages: Passage[]; files: Part[]; cut: boolean } {
  const body = files.find(
    (file) => file.disposition !== 'attachment' && /^text\/(plain|html)$/.test(file.type),
  );
  if (!body) return { passages: [], files, cut: false };
  return { ...readWords(body, reading), files: files.filter((file) => file !== body) };
}
