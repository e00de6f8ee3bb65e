// Tar archives read and written plainly, apart from the product's, so that a test can make what the product never would.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Plain reading of a tar, apart from the product's. */
export function entriesOf(file: string): Map<string, Buffer> {
  const bytes = gunzipSync(readFileSync(file));
  const found = new Map<string, Buffer>();
  for (let at = 0; bytes[at] !== 0; ) {
    const name = bytes.toString('utf8', at, bytes.indexOf(0, at));
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    found.set(name, bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

export interface Entry {
  name: string;
  bytes: Buffer;
  type?: string;
  link?: string;
}

export function block({ name, bytes, type = '0', link = '' }: Entry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write(link, 157);
  header.write('ustar\x0000', 257);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
