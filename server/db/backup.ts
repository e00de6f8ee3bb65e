// A copy of everything in one file, made while the house runs.
//
// It is a gzipped tar: written and read in one pass with the same memory for ten mails or a million (a ZIP keeps every entry's
// name in memory until its end), and any computer can look inside. The last entry, manifest.jsonl, holds the SHA-256 of each.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { type FileHandle, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { Threads } from '../jobs/thread';
import { writeEnd, writeEntry } from './tar';

export const BACKUP_FORMAT = 1;
/** The only names that stand in a backup. Stored files are named by 128 random bits, below their first two digits. */
export const ENTRY_NAME =
  /^(hearthdesk\.db|secret\.key|manifest\.jsonl|(files|mail)\/([0-9a-f]{2})\/\3[0-9a-f]{30})$/;

/** The first line of the manifest; the others are one entry each. */
export interface BackupHeader {
  hearthdesk: string;
  format: number;
  schema: number;
  /** ISO 8601, UTC: the moment of the database's copy. */
  made: string;
  /** Which key seals and signs in it. */
  keyId: string;
}

export interface BackupLine {
  name: string;
  size: number;
  sha256: string;
}

const HOURS = 3_600_000;
/** A copy that takes longer is stuck. */
const LONGEST_COPY = 12 * HOURS;

/** Copies the database file as it stands at this moment, in a thread: writers and readers go on (DESIGN 3). */
export async function copyDatabase(threads: Threads, file: string, out: string): Promise<void> {
  await threads.run('snapshot', { file, out }, { timeoutMs: LONGEST_COPY });
}

/**
 * Writes the backup under a temporary name beside `out`, syncs and renames it: a file of that name is whole or not there.
 * The database is copied first, so every file that its rows name is in the folders by then.
 */
export async function writeBackup(
  threads: Threads,
  data: string,
  out: string,
  header: BackupHeader,
): Promise<{ size: number; entries: number }> {
  const workshop = await mkdtemp(join(dirname(out), '.backup-'));
  try {
    const copy = join(workshop, 'hearthdesk.db');
    await copyDatabase(threads, join(data, 'hearthdesk.db'), copy);
    const parcel = join(workshop, 'parcel');
    const entries = await pack(parcel, join(workshop, 'manifest.jsonl'), header, [
      { name: 'hearthdesk.db', path: copy },
      { name: 'secret.key', path: join(data, 'secret.key') },
      ...(await storedFiles(data, 'files')),
      ...(await storedFiles(data, 'mail')),
    ]);
    await syncFile(parcel);
    await rename(parcel, out);
    await syncFile(dirname(out));
    return { size: (await stat(out)).size, entries };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

interface Source {
  name: string;
  path: string;
}

async function pack(
  parcel: string,
  manifestFile: string,
  header: BackupHeader,
  sources: Source[],
): Promise<number> {
  const gzip = createGzip({ level: 1 });
  const file = createWriteStream(parcel, { flags: 'wx', mode: 0o600 });
  const written = finished(gzip.pipe(file));
  gzip.on('error', (error) => file.destroy(error));
  file.on('error', (error) => gzip.destroy(error));
  const manifest = await open(manifestFile, 'wx', 0o600);
  let entries = 0;
  try {
    await manifest.write(`${JSON.stringify(header)}\n`);
    for (const source of sources) entries += await packOne(gzip, manifest, source);
  } finally {
    await manifest.close();
  }
  const { size, mtimeMs } = await stat(manifestFile);
  await writeEntry(gzip, 'manifest.jsonl', size, mtimeMs, createReadStream(manifestFile));
  await writeEnd(gzip);
  gzip.end();
  await written;
  return entries;
}

/** A file that was swept since the list was made is named by no row; it is left out. */
async function packOne(gzip: Gzip, manifest: FileHandle, { name, path }: Source): Promise<number> {
  const isStored = name.includes('/');
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && isStored) return undefined;
    throw error;
  });
  if (!file) return 0;
  const { size, mtimeMs } = await file.stat();
  const hash = createHash('sha256');
  await writeEntry(gzip, name, size, mtimeMs, hashed(file.createReadStream(), hash));
  await manifest.write(
    `${JSON.stringify({ name, size, sha256: hash.digest('hex') } satisfies BackupLine)}\n`,
  );
  return 1;
}

/** Passes chunks on and through the hash. */
export async function* hashed(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

async function storedFiles(data: string, folder: 'files' | 'mail'): Promise<Source[]> {
  const found: Source[] = [];
  for (const part of await foldersIn(join(data, folder))) {
    for (const file of await readdir(join(data, folder, part))) {
      const name = `${folder}/${part}/${file}`;
      if (ENTRY_NAME.test(name)) found.push({ name, path: join(data, name) });
    }
  }
  return found;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
