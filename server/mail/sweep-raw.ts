// Removes raw mails on disk that no row names: what a crash left between a deletion and its file.
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { HOUR } from '../lib/clock';
import { findRawNames } from './queries';

/** Younger ones may belong to a mail that is being stored. */
const STRAY_AGE = 2 * HOUR;

/** Returns how many went. */
export async function sweepRawMails(app: App): Promise<number> {
  const named = new Set(findRawNames(app.db).map((row) => row.disk_name));
  let swept = 0;
  for (const entry of await readdir(join(app.config.data, 'mail'), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile() || named.has(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    if (app.clock.now() - (await stat(path)).mtimeMs < STRAY_AGE) continue;
    await unlink(path);
    swept += 1;
  }
  return swept;
}
