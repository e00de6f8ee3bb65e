// Reads every byte of the data folder and says where something stands that should not: in a thread, nobody waits for it.
import { closeSync, fstatSync, opendirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { answerWith } from '../jobs/in-thread';
import { ByteMatcher } from '../lib/byte-matcher';
import { foldBytes, lowerBytes, PASSAGE } from '../lib/passages';
import type { ByteHit, ByteSearch } from './byte-search';
import { viewsOf } from './mail-views';
import { standsAlone } from './spans';

const CHUNK = 1 << 20;
/** Of the rolling hash: no id, address or number searched for is shorter. */
const ID_WINDOW = 6;
/** Of one file, one hit for each thing found is enough. */
const MOST_HITS = 5_000;

answerWith(async (search: ByteSearch) => ({ answer: run(search), transfer: [] }));

function run(search: ByteSearch): { hits: ByteHit[]; bytes: number; files: number } {
  const finder = new Finder(search);
  for (const { name, descriptor } of search.open) finder.file(name, descriptor);
  for (const folder of search.folders) finder.folder(folder);
  return { hits: finder.hits, bytes: finder.bytes, files: finder.files };
}

class Finder {
  readonly hits: ByteHit[] = [];
  bytes = 0;
  files = 0;
  private readonly ids: ByteMatcher;
  private readonly words: ByteMatcher;
  private readonly strict: Set<number>;

  constructor(private readonly search: ByteSearch) {
    this.strict = new Set(search.strict);
    this.ids = new ByteMatcher(search.ids, ID_WINDOW);
    this.words = new ByteMatcher(search.words, PASSAGE);
  }

  folder(path: string): void {
    const folder = opendirSync(join(this.search.root, path));
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (this.search.skip.includes(name)) continue;
      if (entry.isDirectory()) this.folder(name);
      else if (entry.isFile()) this.path(name);
    }
    folder.closeSync();
  }

  /** A file that is swept meanwhile holds nothing any more. */
  private path(name: string): void {
    let descriptor: number;
    try {
      descriptor = openSync(join(this.search.root, name), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      if (name.startsWith('mail/')) this.mail(name, descriptor);
      else this.file(name, descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  private mail(name: string, descriptor: number): void {
    this.files += 1;
    this.bytes += fstatSync(descriptor).size;
    const known = new Set<string>();
    for (const view of viewsOf(readFileSync(descriptor)))
      this.look(name, lowerBytes(view), foldBytes(view).bytes, known);
  }

  /** Chunk by chunk, with what is needed of the chunk before to see what stands across the seam. */
  file(name: string, descriptor: number): void {
    const known = new Set<string>();
    const chunk = Buffer.alloc(CHUNK);
    let lower: Uint8Array = new Uint8Array();
    let folded: Uint8Array = new Uint8Array();
    this.files += 1;
    for (let at = 0; ; ) {
      const length = readSync(descriptor, chunk, 0, CHUNK, at);
      if (length === 0) return;
      at += length;
      this.bytes += length;
      const bytes = chunk.subarray(0, length);
      lower = joined(lower, lowerBytes(bytes), this.ids.longest);
      folded = joined(folded, foldBytes(bytes).bytes, this.words.longest);
      this.look(name, lower, folded, known);
    }
  }

  private look(file: string, lower: Uint8Array, folded: Uint8Array, known: Set<string>): void {
    const note = (what: ByteHit['what'], needle: number) => {
      const key = `${what} ${needle}`;
      if (known.has(key)) return;
      known.add(key);
      if (this.hits.length < MOST_HITS) this.hits.push({ file, what, needle });
    };
    // In the database values stand side by side, so what is before and after a name says nothing there.
    const isText = file.startsWith('mail/') || file.startsWith('files/');
    this.ids.search(lower, (needle, at) => {
      const end = at + (this.ids.needles[needle] as Uint8Array).length;
      if ((!isText && !this.strict.has(needle)) || standsAlone(lower, at, end)) note('id', needle);
    });
    this.words.search(folded, (needle) => note('words', needle));
  }
}

function joined(before: Uint8Array, bytes: Uint8Array, longest: number): Uint8Array {
  return Buffer.concat([before.subarray(Math.max(0, before.length - Math.max(longest - 1, 0))), bytes]);
}
