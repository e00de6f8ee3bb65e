// Reads a backup: every name, size and sum is checked, and files are written only where a backup's files belong (AC-59).
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline as pipelineOf } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { z } from 'zod';
import { BACKUP_FORMAT, ENTRY_NAME, hashed, readEntries, type TarEntry } from '../db';
import { Invalid, Problem } from '../lib/errors';

const header = z.strictObject({
  hearthdesk: z.string().max(40),
  format: z.literal(BACKUP_FORMAT),
  schema: z.number().int().positive(),
  made: z.iso.datetime(),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
});
const line = z.strictObject({
  name: z.string().regex(ENTRY_NAME),
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BackupFacts = z.infer<typeof header> & { entries: number };

/** A manifest is small beside what it lists; more than this is none. */
const LONGEST_MANIFEST = 1_000_000_000;

/**
 * Checks the backup and writes its entries below `into`; a manifest that does not fit, a name that does not belong, a link,
 * a missing or an extra entry is Invalid.
 */
export async function unpackBackup(file: string, into: string): Promise<BackupFacts> {
  const sums = new Map<string, string>();
  let manifest: string | undefined;
  try {
    for await (const entry of readEntries(unzipped(file))) {
      if (!ENTRY_NAME.test(entry.name) || sums.has(entry.name) || manifest !== undefined)
        throw Invalid('holds a name that no backup has');
      if (entry.name === 'manifest.jsonl') manifest = await readText(entry);
      else sums.set(entry.name, await writeOut(entry, join(into, entry.name)));
    }
  } catch (error) {
    throw asProblem(file, error);
  }
  return compare(file, sums, manifest ?? '');
}

function unzipped(file: string): Gunzip {
  const gunzip = createGunzip();
  // What goes wrong on the way ends the stream that is read from.
  pipelineOf(createReadStream(file), gunzip, () => undefined);
  return gunzip;
}

/** What zlib and the disk say about a file that is no backup is the file's fault; a full disk is not. */
function asProblem(file: string, error: unknown): unknown {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (error instanceof Problem)
    return Invalid(`${file} is not a sound backup: ${error.message.replace(/\.$/, '')}.`, error);
  if (code.startsWith('Z_'))
    return Invalid(`${file} is not a sound backup: it is damaged or no backup at all.`, error);
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
    return Invalid(`${file} cannot be read (${code}).`, error);
  return error;
}

async function readText(entry: TarEntry): Promise<string> {
  if (entry.size > LONGEST_MANIFEST) throw Invalid('its manifest is too long');
  const parts: Buffer[] = [];
  for await (const chunk of entry.content) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

async function writeOut(entry: TarEntry, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  await pipeline(
    hashed(entry.content, hash),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return `${entry.size} ${hash.digest('hex')}`;
}

function compare(file: string, sums: Map<string, string>, manifest: string): BackupFacts {
  const [first = '', ...rest] = manifest.split('\n').filter(Boolean);
  const facts = header.safeParse(parseJson(first));
  if (!facts.success)
    throw Invalid(`${file} is not a sound backup: its manifest is missing or of another version.`);
  for (const text of rest) {
    const entry = line.safeParse(parseJson(text)).data;
    if (!entry || sums.get(entry.name) !== `${entry.size} ${entry.sha256}`) {
      throw Invalid(
        `${file} is not a sound backup: ${entry?.name ?? 'an entry'} is not what its manifest says.`,
      );
    }
    sums.delete(entry.name);
  }
  const [extra] = sums.keys();
  if (extra !== undefined) throw Invalid(`${file} is not a sound backup: ${extra} is not in its manifest.`);
  if (!rest.some((text) => text.includes('"hearthdesk.db"')))
    throw Invalid(`${file} is not a sound backup: it holds no database.`);
  return { ...facts.data, entries: rest.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
