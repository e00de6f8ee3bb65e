// Files on disk: named by a random id, written and synced before the row that names them.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { randomId, sha256 } from '../lib/ids';

/** A file that is on disk and not yet named by a row; swept at the next night when no row comes. */
export interface StoredFile {
  diskName: string;
  sha256: string;
  size: number;
}

export const fileFolder = (data: string) => join(data, 'files');

/** Two levels keep folders small: `ab/abcdef…`. */
export const filePath = (data: string, diskName: string) =>
  join(fileFolder(data), diskName.slice(0, 2), diskName);

/** Writes and syncs; throws what the disk says (a full disk must not look like success, AC-29). */
export async function storeBytes(app: App, bytes: Uint8Array): Promise<StoredFile> {
  const diskName = randomId();
  const path = preparePath(app, diskName);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return { diskName, sha256: sha256(bytes), size: bytes.byteLength };
}

/** Takes over a file that an upload left in the data folder. */
export async function storeUpload(app: App, upload: { path: string; size: number }): Promise<StoredFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(upload.path)) hash.update(chunk as Buffer);
  const file = await open(upload.path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const diskName = randomId();
  await rename(upload.path, preparePath(app, diskName));
  return { diskName, sha256: hash.digest('hex'), size: upload.size };
}

export const readStored = (app: App, diskName: string): Promise<Buffer> =>
  readFile(filePath(app.config.data, diskName));

/** Removes a file that no row names any more. A file that is gone already is what was wanted. */
export async function removeStored(app: App, diskName: string): Promise<void> {
  await unlink(filePath(app.config.data, diskName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function preparePath(app: App, diskName: string): string {
  const path = filePath(app.config.data, diskName);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  return path;
}
