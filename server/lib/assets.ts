// The files that ship inside Hearthdesk: views, styles, scripts, migrations, locales, worker code, addons.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAssetKeys, getRawAsset, isSea } from 'node:sea';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** The asset's bytes; not to be written to. Throws when there is none of that name, e.g. `views/tickets/show.ejs`. */
export function readAsset(name: string): Buffer {
  const bytes = findAsset(name);
  if (!bytes)
    throw new Error(`There is no asset "${name}" in ${isSea() ? 'the executable' : assetFolder()}.`);
  return bytes;
}

/** Like `readAsset`, but undefined when there is none. */
export function findAsset(name: string): Buffer | undefined {
  if (isSea()) return findEmbedded(name);
  // A name from outside must not climb out of the folder.
  if (name.split('/').includes('..')) return undefined;
  const file = join(assetFolder(), name);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** The names that begin with `prefix`, in order; `listAssets('views/')` is every view. */
export function listAssets(prefix: string): string[] {
  const names = isSea() ? getAssetKeys() : filesUnder(assetFolder());
  return names.filter((name) => name.startsWith(prefix)).sort();
}

function findEmbedded(name: string): Buffer | undefined {
  try {
    return Buffer.from(getRawAsset(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND')
      return undefined;
    throw error;
  }
}

const told = 'hearthdesk project folder';

/**
 * Where the sources stand, when Hearthdesk runs from them and not from the executable: the nearest folder with a
 * package.json above this code. A worker thread made from text stands nowhere, so it is told by the thread that
 * read its code from here.
 */
export function projectFolder(): string {
  const known = getEnvironmentData(told);
  if (typeof known === 'string') return known;
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`No package.json stands above ${__dirname}.`);
    folder = dirname(folder);
  }
  setEnvironmentData(told, folder);
  return folder;
}

function assetFolder(): string {
  const folder = join(projectFolder(), '.cache', 'assets');
  if (!existsSync(folder))
    throw new Error('The assets are not built yet: run "node scripts/build/assets.mjs".');
  return folder;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
