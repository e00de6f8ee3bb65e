// The file that a command is told to write: refused before anything is done, and a disk that refuses is said in a sentence.
import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Conflict, Invalid, Unavailable } from '../lib/errors';

export function needOut(command: string, values: Record<string, string | undefined>): string {
  const out = values['out'];
  if (!out) throw Invalid(`hearthdesk ${command} needs --out with the name of a new file.`);
  // Not existsSync: a link that leads nowhere is there as well.
  if (lstatSync(out, { throwIfNoEntry: false }))
    throw Conflict(`${out} is there already; nothing was written.`);
  const folder = dirname(out);
  if (!existsSync(folder)) throw Invalid(`There is no folder ${folder} to put ${basename(out)} into.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw Invalid(
      `Nothing can be written into the folder ${folder} by the user that Hearthdesk runs as.`,
      cause,
    );
  }
  return out;
}

/** A disk that refuses is said in a sentence, also to whoever handed the command to a server. */
export async function toldOfDisk<T>(out: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'SQLITE_FULL') throw Unavailable('The disk of the data folder is full.', error);
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw Unavailable(`The disk of ${dirname(out)} is full; ${basename(out)} was not written.`, error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw Invalid(`${out} cannot be written (${code}).`, error);
    throw error;
  }
}
