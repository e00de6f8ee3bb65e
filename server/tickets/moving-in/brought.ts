// The files that were brought: taken into the data folder first, looked at, and gone as soon as they are not needed.
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { App } from '../../app';
import { Invalid, Unavailable } from '../../lib/errors';
import { randomId } from '../../lib/ids';
import { type FileKind, folderOfFile, kindOfFile } from '../../mail';
import { findAllDiskNames, findDiskNames, IMPORTS, type ImportFile } from './import';

/** A file in the data folder that no row names yet. */
export interface Brought {
  /** As whoever brought it calls it, its folders included where they are known. */
  name: string;
  folder: string;
  kind: FileKind;
  diskName: string;
  size: number;
}

/** So much stays free, in bytes, besides what is brought: the mails are stored one by one while their file is still there. */
const LEFT_FREE = 200_000_000;
const MOST_FILES = 100_000;

const pathOf = (app: App, diskName: string) => join(app.config.data, IMPORTS, diskName);

/** Throws Unavailable where the disk has no room for it and for what becomes of it. */
export async function assertRoom(app: App, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(app.config.data);
  if (bavail * bsize < LEFT_FREE + 2 * bytes)
    throw Unavailable(
      'The disk has too little room for this mail: it needs twice its size, and 200 MB besides.',
    );
}

/** Takes over a file that an upload left in the data folder; `empty` or `neither` says why it cannot be. */
export async function takeUpload(
  app: App,
  upload: { path: string; name: string; size: number },
): Promise<Brought | 'empty' | 'neither'> {
  const kind = await kindOfFile(upload.path);
  if (kind === 'empty') return 'empty';
  if (kind === undefined) return 'neither';
  const diskName = randomId();
  await rename(upload.path, pathOf(app, diskName));
  const { name, size } = upload;
  return { name, folder: folderOfFile(name, kind === 'mail'), kind, diskName, size };
}

/** Copies a file, or all mail in a folder and below it; in a folder, what is no mail is passed over. Throws Invalid when there is none. */
export async function copyFrom(app: App, path: string): Promise<Brought[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw Invalid(`--from names ${path}, which cannot be read (${error.code}).`, error);
  });
  if (!found.isDirectory()) {
    await checkedKind(path, path);
    await assertRoom(app, found.size);
    return [await copyOne(app, path, path.split('/').at(-1) ?? path)];
  }
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const mails: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const kind = await kindOfFile(name);
    if (kind !== 'mbox' && !(kind === 'mail' && /\.eml$/i.test(name)) && !isOfMaildir(name, kind)) continue;
    mails.push(name);
    bytes += (await stat(name)).size;
  }
  if (mails.length === 0) throw Invalid(`In ${path} there is no mbox and no .eml file.`);
  if (mails.length > MOST_FILES)
    throw Invalid(`In ${path} there are more than 100,000 files with mail: bring them in parts.`);
  await assertRoom(app, bytes);
  const brought: Brought[] = [];
  const from = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  for (const name of mails) brought.push(await copyOne(app, name, join(from, name.slice(path.length))));
  return brought;
}

/** Mails of a Maildir bear no ending, and lie in `cur` or `new`. */
const isOfMaildir = (name: string, kind: unknown) => kind === 'mail' && /\/(cur|new)\/[^/]+$/.test(name);

async function copyOne(app: App, path: string, name: string): Promise<Brought> {
  const kind = await checkedKind(path, name);
  mkdirSync(join(app.config.data, IMPORTS), { recursive: true, mode: 0o700 });
  const diskName = randomId();
  const to = pathOf(app, diskName);
  try {
    await pipeline(createReadStream(path), createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
  } catch (error) {
    await removeQuietly(to);
    throw error;
  }
  return { name, folder: folderOfFile(name, kind === 'mail'), kind, diskName, size: (await stat(to)).size };
}

/** Throws Invalid, one sentence. */
async function checkedKind(path: string, name: string): Promise<FileKind> {
  const kind = await kindOfFile(path);
  if (kind === 'empty') throw Invalid(`${name} is empty.`);
  if (kind === undefined) throw Invalid(`${name} is neither an mbox nor a mail.`);
  return kind;
}

/** Throws what the disk says; ENOENT when it is gone. */
export const openBrought = (app: App, { disk_name: diskName }: ImportFile): Promise<FileHandle> =>
  open(pathOf(app, diskName ?? 'gone'), 'r');

export async function removeBrought(app: App, diskNames: string[]): Promise<void> {
  for (const name of diskNames) await removeQuietly(pathOf(app, name));
}

export const removeFilesOf = async (app: App, runId: number): Promise<void> =>
  removeBrought(app, findDiskNames(app.db, runId));

/** Younger ones may be on their way in. */
const STRAY_AGE = 24 * 3_600_000;

/** Removes what a crash left between an upload and its row. Returns how many went. */
export async function sweepBrought(app: App): Promise<number> {
  const folder = join(app.config.data, IMPORTS);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const named = new Set(findAllDiskNames(app.db));
  let swept = 0;
  for (const name of await readdir(folder)) {
    if (named.has(name)) continue;
    const path = join(folder, name);
    if (app.clock.now() - (await stat(path)).mtimeMs < STRAY_AGE) continue;
    await removeQuietly(path);
    swept += 1;
  }
  return swept;
}

async function removeQuietly(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
