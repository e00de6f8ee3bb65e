// The data folder: made, locked and keyed. One process writes; its lock dies with it.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { takeLock } from './db';
import { Conflict, Invalid, Unavailable } from './lib/errors';

export const databaseFile = (data: string) => join(data, 'hearthdesk.db');
export const controlSocket = (data: string) => join(data, 'control.sock');
export const keyFile = (data: string) => join(data, 'secret.key');
export const ledgerFile = (data: string) => join(data, 'erasures.log');

const KEY_BYTES = 32;
/** Below this the start is refused: a mail that cannot be stored must not be taken (AC-29). */
const LEAST_FREE = 20_000_000;

/** Makes the folder and its parts; throws one sentence for what the disk refuses (R2). */
export function prepareFolder(data: string): void {
  try {
    for (const part of ['', 'files', 'mail', 'imports', 'backups']) makeFolder(resolve(data, part));
    writeFileSync(join(data, '.writable'), '');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC') throw Unavailable(`The disk of the data folder ${data} is full.`, cause);
    if (code === 'EROFS') throw Invalid(`The data folder ${data} is on a disk that can only be read.`, cause);
    if (code === 'EACCES' || code === 'EPERM')
      throw Invalid(`The data folder ${data} cannot be written by this user.`, cause);
    throw Invalid(`The data folder ${data} cannot be used (${code}).`, cause);
  }
  const { bavail, bsize } = statfsSync(data);
  if (bavail * bsize < LEAST_FREE)
    throw Unavailable(`The disk of the data folder ${data} is full: less than 20 MB are free.`);
}

/** With those above it. Node's own recursive making never ends where a file system refuses with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST' && statSync(folder).isDirectory();
    if (!isThere) throw cause;
  }
}

export const hasDatabase = (data: string) => existsSync(databaseFile(data));

/** Takes the lock of the folder, or throws Conflict when another process has it. */
export function lockFolder(data: string): { release(): void } {
  const lock = takeLockOf(data);
  if (!lock) throw Conflict(`Another Hearthdesk is using the data folder ${data}.`);
  return lock;
}

function takeLockOf(data: string): { release(): void } | undefined {
  try {
    return takeLock(join(data, 'lock'));
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code);
    if (code === 'SQLITE_FULL') throw Unavailable(`The disk of the data folder ${data} is full.`, cause);
    if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
      throw Invalid(`The data folder ${data} cannot be written by this user.`, cause);
    throw cause;
  }
}

/** The key of this folder, made once and never overwritten. */
export function readKey(data: string): Buffer {
  const file = keyFile(data);
  if (!existsSync(file))
    writeFileSync(file, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600, flag: 'wx' });
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== KEY_BYTES)
    throw Invalid(`${file} is not a key of Hearthdesk: it has to hold 64 hexadecimal digits.`);
  return key;
}
