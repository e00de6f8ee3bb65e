// Writes winmail.dat files as Outlook does (MS-OXTNEF).

const short = (value: number) => Buffer.from([value & 255, (value >> 8) & 255]);
const long = (value: number) => Buffer.concat([short(value & 0xffff), short(value >>> 16)]);
const sum = (data: Buffer) => short(data.reduce((total, byte) => (total + byte) & 0xffff, 0));

/** An attribute of the mail (level 1) or of a file (level 2). */
const attribute = (level: 1 | 2, id: number, data: Buffer) =>
  Buffer.concat([Buffer.from([level]), long(id), long(data.length), data, sum(data)]);

const filled = (data: Buffer) => Buffer.concat([long(data.length), data, Buffer.alloc(-data.length & 3)]);

export type Property = [type: number, id: number, value: Buffer | number];

function property([type, id, value]: Property): Buffer {
  const head = Buffer.concat([short(type), short(id)]);
  if (typeof value === 'number') return Buffer.concat([head, long(value)]);
  return Buffer.concat([head, long(1), filled(value)]);
}

/** One with a name of its own stands first, as Outlook likes to have them. */
const NAMED = Buffer.concat([
  short(0x001f),
  short(0x8001),
  Buffer.alloc(16, 7),
  long(1),
  filled(Buffer.from('x-header\0', 'utf16le')),
  long(1),
  filled(Buffer.from('value\0', 'utf16le')),
]);

const properties = (list: Property[]) => Buffer.concat([long(list.length + 1), NAMED, ...list.map(property)]);

export const ansi = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');
export const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

export interface WinmailFile {
  title?: string;
  content?: Buffer;
  properties?: Property[];
}

export function winmail(given: { body?: string; properties?: Property[]; files?: WinmailFile[] }): Buffer {
  return Buffer.concat([
    long(0x223e9f78),
    short(1),
    attribute(1, 0x00089006, long(0x00010000)),
    attribute(1, 0x00069007, Buffer.concat([long(1252), long(0)])),
    ...(given.body === undefined ? [] : [attribute(1, 0x0002800c, ansi(given.body))]),
    attribute(1, 0x00069003, properties(given.properties ?? [])),
    ...(given.files ?? []).flatMap(({ title, content, properties: more }) => [
      attribute(2, 0x00069002, Buffer.alloc(14)),
      ...(content ? [attribute(2, 0x0006800f, content)] : []),
      ...(title === undefined ? [] : [attribute(2, 0x00018010, ansi(title))]),
      ...(more ? [attribute(2, 0x00069005, properties(more))] : []),
    ]),
  ]);
}
