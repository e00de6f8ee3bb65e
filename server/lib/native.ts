// Loads the two compiled addons, from the executable itself or from their packages.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isSea } from 'node:sea';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { projectFolder, readAsset } from './assets';

export type NativeName = 'better_sqlite3' | 'argon2';

const loaded = new Map<NativeName, object>();

/**
 * The addon's exports; the same object each time within a thread. better-sqlite3 takes it as `nativeBinding`.
 * Throws when the executable finds no place at all from which the system lets it load code.
 */
export function loadNative(name: NativeName): object {
  const known = loaded.get(name);
  if (known) return known;
  const addon = isSea() ? loadEmbedded(name) : open(prebuiltFile(name));
  loaded.set(name, addon);
  return addon;
}

/**
 * The system loads code from files only, so the addon becomes a file for a moment, in a new folder that only this
 * user may enter.
 *
 * Every thread must end up with the same copy: two copies of SQLite in one process drop each other's file locks
 * (https://sqlite.org/howtocorrupt.html, 2.2.1), which ends in a broken database. So the first thread leaves word
 * of the file's name, and the others load by that name; the file is gone by then, but glibc looks among the names
 * it has already loaded before it looks at the disk.
 */
function loadEmbedded(name: NativeName): object {
  const told = `hearthdesk addon ${name}`;
  const file = getEnvironmentData(told);
  if (typeof file === 'string') return open(file);

  const refusals: string[] = [];
  for (const place of placesForCode()) {
    const outcome = loadFrom(place, name);
    if ('addon' in outcome) {
      setEnvironmentData(told, outcome.file);
      return outcome.addon;
    }
    refusals.push(outcome.refusal);
  }
  throw new Error(
    `Hearthdesk needs a folder where it may write and run code for a moment, such as /tmp. Tried: ${refusals.join('; ')}`,
  );
}

/** A folder may be missing, read-only or mounted "noexec": whatever is wrong with it, the next one is tried. */
function loadFrom(place: string, name: NativeName): { addon: object; file: string } | { refusal: string } {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(place, 'hearthdesk-'));
    const file = join(folder, `${name}.node`);
    writeFileSync(file, readAsset(`native/${name}.node`), { mode: 0o500, flag: 'wx' });
    return { addon: open(file), file };
  } catch (cause) {
    return { refusal: `${place} (${(cause as Error).message})` };
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a file can be written, likeliest first. The home folder is not asked for: there may be none. */
function placesForCode(): string[] {
  const places = [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', process.cwd(), dirname(process.execPath)];
  return [...new Set(places)].filter((place) => existsSync(place));
}

function prebuiltFile(name: NativeName): string {
  const platform = `${process.platform}-${process.arch}`;
  const file =
    name === 'argon2'
      ? `argon2/prebuilds/${platform}/argon2.glibc.node`
      : `better-sqlite3/prebuilds/${platform}.node`;
  return join(projectFolder(), 'node_modules', file);
}

function open(file: string): object {
  const addon: { exports: object } = { exports: {} };
  process.dlopen(addon, file);
  return addon.exports;
}
