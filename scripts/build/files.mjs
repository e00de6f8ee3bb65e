// Small file work of the build: what is there, and writing only what changed, never half a file.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');

/** Paths of all files below `folder`, relative to it, in order; none when there is no such folder. */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * Puts `bytes` into `file` unless they are there already. The file appears whole: tests, a development server and a
 * second build may be reading. `workshop` is a folder on the same disk for the unfinished one.
 */
export function writeIfChanged(file, bytes, workshop) {
  const wanted = Buffer.from(bytes);
  if (existsSync(file) && readFileSync(file).equals(wanted)) return;
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(workshop, { recursive: true });
  const unfinished = join(workshop, `${process.pid}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(unfinished, wanted);
  renameSync(unfinished, file);
}

/** Deletes every file below `folder` that is not among `names`. */
export function removeOthers(folder, names) {
  const wanted = new Set(names);
  for (const name of filesUnder(folder)) {
    if (!wanted.has(name)) rmSync(join(folder, name), { force: true });
  }
}
