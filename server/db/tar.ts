// Tar archives (POSIX ustar), written and read as streams: memory stays the same however many files there are.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Invalid } from '../lib/errors';

const BLOCK = 512;
/** Larger sizes do not fit into the header's octal digits and are written in base 256, as GNU tar does. */
const OCTAL_LIMIT = 8 ** 11;

export interface TarEntry {
  name: string;
  /** Bytes. */
  size: number;
  /** To be read to its end, or skipped, before the next entry. */
  content: AsyncIterable<Buffer>;
}

/** Writes one file; `size` has to be what `content` gives, else it throws. `at` in milliseconds. */
export async function writeEntry(
  out: Writable,
  name: string,
  size: number,
  at: number,
  content: AsyncIterable<Buffer | string>,
): Promise<void> {
  await write(out, headerOf(name, size, at));
  let written = 0;
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk);
    written += bytes.length;
    await write(out, bytes);
  }
  if (written !== size) throw new Error(`${name} changed while it was copied`);
  await write(out, Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK));
}

/** Two empty blocks end an archive. */
export const writeEnd = (out: Writable) => write(out, Buffer.alloc(2 * BLOCK));

async function write(out: Writable, bytes: Buffer): Promise<void> {
  if (out.errored) throw out.errored;
  if (bytes.length > 0 && !out.write(bytes)) await once(out, 'drain');
}

function headerOf(name: string, size: number, at: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name for an archive`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  if (size < OCTAL_LIMIT) header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    header.writeBigUInt64BE(BigInt(size), 128);
    header[124] = 0x80;
  }
  header.write(
    `${Math.floor(at / 1_000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  header.write('        ', 148);
  header.write('0ustar\x0000', 156);
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const sumOf = (header: Buffer) =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);

/** The files of an archive in their order. Throws Invalid for anything that is no plain file: links above all (AC-59). */
export async function* readEntries(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const reader = new BlockReader(source);
  for (;;) {
    const header = await reader.take(BLOCK);
    if (!header) throw Invalid('The archive ends in the middle.');
    if (header.every((byte) => byte === 0)) return await reader.expectNothing();
    const { name, size } = readHeader(header);
    let left = size;
    const content = (async function* () {
      while (left > 0) {
        const chunk = await reader.some(left);
        if (!chunk) throw Invalid('The archive ends in the middle.');
        left -= chunk.length;
        yield chunk;
      }
    })();
    yield { name, size, content };
    for await (const _ of content);
    await reader.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function readHeader(header: Buffer): { name: string; size: number } {
  const text = (from: number, to: number) => header.toString('utf8', from, to).replace(/\0.*$/s, '').trim();
  if (Number.parseInt(text(148, 156), 8) !== sumOf(header)) throw Invalid('The archive is damaged.');
  const type = header[156];
  if (type !== 0x30 && type !== 0) throw Invalid('The archive holds something that is no plain file.');
  if (text(345, 500) !== '') throw Invalid('The archive holds a name that no backup has.');
  const size =
    (header[124] as number) & 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(text(124, 136), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw Invalid('The archive is damaged.');
  return { name: text(0, 100), size };
}

class BlockReader {
  private held: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes, or undefined at the end. */
  async take(size: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const part = await this.some(left);
      if (!part) return undefined;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Only padding may follow. Read to its end, so that whoever packed it can check its own sum. */
  async expectNothing(): Promise<void> {
    for (let rest = await this.some(BLOCK); rest; rest = await this.some(BLOCK)) {
      if (rest.some((byte) => byte !== 0)) throw Invalid('The archive holds something behind its end.');
    }
  }

  /** At most `most` bytes; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.held.length === 0) {
      const { value, done } = await this.chunks.next();
      if (done) return undefined;
      this.held = value;
    }
    const part = this.held.subarray(0, most);
    this.held = this.held.subarray(part.length);
    return part;
  }
}
