// Reads a ZIP as any program would: by its directory at the end, each entry's sum checked.
import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

const DIRECTORY = 0x02014b50;
const END = Buffer.from('PK\x05\x06', 'latin1');

export function readZip(file: string): Map<string, Buffer> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(END);
  const found = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY) throw new Error('the directory of the ZIP is damaged');
    const [method, sum, packed] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 16),
      bytes.readUInt32LE(at + 20),
    ];
    const [name, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const start = bytes.readUInt32LE(at + 42);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const stored = bytes.subarray(data, data + packed);
    const content = method === 8 ? inflateRawSync(stored) : stored;
    if (crc32(content) !== sum) throw new Error('an entry of the ZIP is damaged');
    found.set(bytes.toString('utf8', at + 46, at + 46 + name), content);
    at += 46 + name + extra + comment;
  }
  return found;
}
