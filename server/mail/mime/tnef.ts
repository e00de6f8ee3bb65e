// winmail.dat: what Outlook makes of words and files for other Outlooks (MS-OXTNEF), taken apart. Linear, never throwing.
import { decodeText } from './charset';

export interface TnefFile {
  name: string;
  type: string;
  contentId: string | undefined;
  content: Buffer;
}

export interface Tnef {
  /** The words, for a mail that has none beside it. */
  plain: string;
  html: string;
  files: TnefFile[];
  /** Something stands in it that was not read; whoever needs it needs the whole file. */
  isCut: boolean;
}

const SIGNATURE = 0x223e9f78;
const MOST_FILES = 200;
/** Mails attached to mails attached to mails. */
const DEEPEST = 3;

/** Attributes, by the lower half of their id. */
const BODY = 0x800c;
const FILE_DATA = 0x800f;
const FILE_TITLE = 0x8010;
const FILE_BEGINS = 0x9002;
const MAIL_PROPERTIES = 0x9003;
const FILE_PROPERTIES = 0x9005;
const CODE_PAGE = 0x9007;

/** Properties of MAPI (MS-OXPROPS). */
const P_BODY = 0x1000;
const P_HTML = 0x1013;
const P_CODE_PAGE = 0x3fde;
const P_DATA = 0x3701;
const P_SHORT_NAME = 0x3704;
const P_LONG_NAME = 0x3707;
const P_TYPE = 0x370e;
const P_CONTENT_ID = 0x3712;

/** Undefined for what is no TNEF at all. */
export function readTnef(bytes: Buffer, depth = 0): Tnef | undefined {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return undefined;
  const found: Tnef = { plain: '', html: '', files: [], isCut: false };
  let charset = 'windows-1252';
  let file: TnefFile | undefined;
  for (let at = 6; at + 9 <= bytes.length; ) {
    const id = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const data = bytes.subarray(at + 9, at + 9 + length);
    if (data.length < length) found.isCut = true;
    // A check sum of two bytes follows.
    at += 9 + length + 2;
    if (id === CODE_PAGE && data.length >= 4) charset = charsetOfPage(data.readUInt32LE(0));
    else if (id === BODY) found.plain ||= textOf(data, charset);
    else if (id === MAIL_PROPERTIES) readWords(data, charset, found);
    else if (id === FILE_BEGINS) file = beginFile(found);
    else if (file && id === FILE_TITLE) file.name ||= textOf(data, charset);
    else if (file && id === FILE_DATA) file.content = data;
    else if (file && id === FILE_PROPERTIES) describeFile(data, charset, file, found, depth);
  }
  found.files = found.files.filter(({ content }) => content.length > 0);
  return found;
}

function beginFile(found: Tnef): TnefFile | undefined {
  if (found.files.length >= MOST_FILES) {
    found.isCut = true;
    return undefined;
  }
  const file = { name: '', type: '', contentId: undefined, content: Buffer.alloc(0) };
  found.files.push(file);
  return file;
}

function readWords(data: Buffer, charset: string, found: Tnef): void {
  const properties = readProperties(data, charset);
  const page = properties.find(({ id }) => id === P_CODE_PAGE)?.value;
  const ofHtml = page && page.length >= 4 ? charsetOfPage(page.readUInt32LE(0)) : charset;
  for (const { id, text, value } of properties) {
    if (id === P_BODY) found.plain ||= text;
    if (id === P_HTML) found.html ||= text || textOf(value, ofHtml);
  }
}

function describeFile(data: Buffer, charset: string, file: TnefFile, found: Tnef, depth: number): void {
  for (const { id, text, value, isObject } of readProperties(data, charset)) {
    if (id === P_LONG_NAME && text) file.name = text;
    if (id === P_SHORT_NAME) file.name ||= text;
    if (id === P_TYPE) file.type = text.toLowerCase();
    if (id === P_CONTENT_ID) file.contentId = text.replace(/[<>\s]/g, '') || undefined;
    if (id !== P_DATA) continue;
    if (!isObject) file.content = value;
    else addAttached(value.subarray(16), file, found, depth);
  }
}

/** A mail within: its files beside ours, its words as a text file. */
function addAttached(bytes: Buffer, file: TnefFile, found: Tnef, depth: number): void {
  const inner = depth < DEEPEST ? readTnef(bytes, depth + 1) : undefined;
  if (!inner) {
    found.isCut = true;
    return;
  }
  found.isCut ||= inner.isCut;
  found.files.push(...inner.files.slice(0, MOST_FILES - found.files.length));
  const words = inner.plain || inner.html;
  file.name = `${file.name || 'message'}.${inner.plain ? 'txt' : 'html'}`;
  file.type = inner.plain ? 'text/plain' : 'text/html';
  file.content = Buffer.from(words);
}

interface Property {
  id: number;
  value: Buffer;
  text: string;
  isObject: boolean;
}

const SIZES: Record<number, number> = {
  2: 4, // short, filled up
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const OBJECT = 0x000d;
const STRING = 0x001e;
const WIDE_STRING = 0x001f;
const BINARY = 0x0102;
const MANY = 0x1000;
/** Above these a property has a name of its own, written before its value. */
const FIRST_NAMED = 0x8000;

/** The first value of each property, as far as the bytes can be followed. */
function readProperties(data: Buffer, charset: string): Property[] {
  const found: Property[] = [];
  const reader = new Reader(data);
  for (let left = reader.long(); left > 0 && !reader.isAtEnd; left--) {
    const kind = reader.short();
    const id = reader.short();
    if (id >= FIRST_NAMED) skipName(reader);
    const type = kind & ~MANY;
    const size = SIZES[type];
    const isLong = [OBJECT, STRING, WIDE_STRING, BINARY].includes(type);
    if (!isLong && size === undefined) break;
    const values = isLong || kind & MANY ? reader.long() : 1;
    for (let place = 0; place < values && !reader.isAtEnd; place++) {
      const value = isLong ? reader.padded() : reader.take(size as number);
      if (place > 0) continue;
      const text =
        type === WIDE_STRING ? textOf(value, 'utf-16le') : type === STRING ? textOf(value, charset) : '';
      found.push({ id, value, text, isObject: type === OBJECT });
    }
  }
  return found;
}

function skipName(reader: Reader): void {
  reader.take(16);
  if (reader.long() === 0) reader.long();
  else reader.padded();
}

/** Walks through bytes and finds nothing beyond their end. */
class Reader {
  private at = 0;
  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  short(): number {
    const taken = this.take(2);
    return taken.length < 2 ? 0 : taken.readUInt16LE(0);
  }

  long(): number {
    const taken = this.take(4);
    return taken.length < 4 ? 0 : taken.readUInt32LE(0);
  }

  /** A length, so many bytes, and as many more as fill up four. */
  padded(): Buffer {
    const length = this.long();
    const taken = this.take(length);
    this.at += -length & 3;
    return taken;
  }
}

const charsetOfPage = (page: number) =>
  page === 65_001
    ? 'utf-8'
    : page >= 28_591 && page <= 28_605
      ? `iso-8859-${page - 28_590}`
      : `windows-${page}`;

/** Up to the NUL that ends it. */
function textOf(bytes: Buffer, charset: string): string {
  const width = charset === 'utf-16le' ? 2 : 1;
  let end = bytes.indexOf(0);
  while (width === 2 && end !== -1 && (end % 2 === 1 || bytes[end + 1] !== 0))
    end = bytes.indexOf(0, end + 1);
  return decodeText(end === -1 ? bytes : bytes.subarray(0, end), charset);
}
