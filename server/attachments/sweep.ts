// Removes files that no row names: after a deletion at once, and at night what a crash left behind.
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { HOUR } from '../lib/clock';
import { deleteFile, findDiskNames, findUnusedFiles } from './queries';
import { fileFolder, removeStored } from './store';

const AT_ONCE = 200;
/** Younger strays may belong to a write that is under way. */
const STRAY_AGE = 2 * HOUR;

/** Removes files whose last attachment is gone; returns how many. */
export async function sweepFiles(app: App): Promise<number> {
  let swept = 0;
  for (;;) {
    const unused = await app.write(() => {
      const files = findUnusedFiles(app.db, AT_ONCE);
      for (const file of files) deleteFile(app.db, file.id);
      return files;
    });
    for (const file of unused) await removeStored(app, file.disk_name);
    swept += unused.length;
    if (unused.length < AT_ONCE) return swept;
  }
}

/** Removes files on disk that no row has ever named, and uploads that were never finished. */
export async function sweepStrays(app: App): Promise<number> {
  const named = new Set(findDiskNames(app.db));
  let swept = 0;
  for (const entry of await readdir(fileFolder(app.config.data), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || named.has(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    if (app.clock.now() - (await stat(path)).mtimeMs < STRAY_AGE) continue;
    await unlink(path);
    swept += 1;
  }
  return swept;
}
