// The ledger of erasures (P4): keyed hashes of what must not come back, beside the database and outside of the copies.
//
// One line of JSON each. The key stays inside the copies and the data folder, so that the ledger alone says nothing about
// anybody. A copy of it lies beside every copy of the data; lines are only ever added.
import { hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../app';
import { keyedHash, randomId, sha256 } from '../lib/ids';
import { type ErasedKind, findErasedKey, insertErasedKey } from './queries';

export const LEDGER_NAME = 'erasures.log';

export interface LedgerEntry {
  /** Milliseconds, UTC. */
  at: number;
  /** Which key the hash was made with. */
  key: string;
  kind: ErasedKind;
  hash: string;
  /** `kind` customer: how. */
  how?: 'erase' | 'de-identify';
}

/** What a key is called by; says nothing about it. */
export const keyIdOf = (key: Uint8Array) =>
  sha256(Buffer.from(hkdfSync('sha256', key, '', 'hearthdesk key id', 32))).slice(0, 16);

/** Each kind under a key of its own, so that one hash never equals another. */
export const erasedHash = (key: Uint8Array, kind: ErasedKind, text: string) =>
  keyedHash(Buffer.from(hkdfSync('sha256', key, '', `hearthdesk erased ${kind}`, 32)), text);

const fileIn = (data: string) => join(data, LEDGER_NAME);

/** An empty ledger says that nobody was erased yet, which a missing one does not. */
export async function prepareLedger(app: App): Promise<void> {
  if (!existsSync(fileIn(app.config.data))) await writeLedger(fileIn(app.config.data), []);
}

/** Writes the entries to the database and the ledger and carries it to the copies; returns places that could not be reached. */
export async function enterIntoLedger(
  app: App,
  entries: { kind: ErasedKind; text: string; how?: LedgerEntry['how'] }[],
  places: string[],
): Promise<string[]> {
  const at = app.clock.now();
  const key = keyIdOf(app.key);
  const lines: LedgerEntry[] = entries.map(({ kind, text, how }) => ({
    at,
    key,
    kind,
    hash: erasedHash(app.key, kind, text),
    ...(how ? { how } : {}),
  }));
  await writeLedger(fileIn(app.config.data), lines);
  await app.write(() => {
    for (const line of lines) insertErasedKey(app.db, line.hash, line.kind, line.at);
  });
  await carryLedger(app, join(app.config.data, 'backups'));
  const missed: string[] = [];
  for (const place of places) if (!(await reach(app, place))) missed.push(place);
  return missed;
}

/** A place that is gone (a disk that was taken out) is told about, not waited for. */
async function reach(app: App, place: string): Promise<boolean> {
  if (!existsSync(place)) return false;
  return carryLedger(app, place).then(
    () => true,
    () => false,
  );
}

/** Adds to the ledger beside a copy what it lacks; two installations may keep their copies in one folder. */
export async function carryLedger(app: Pick<App, 'config'>, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeLedger(
    join(folder, LEDGER_NAME),
    existsSync(fileIn(app.config.data)) ? readLedger(fileIn(app.config.data)) : [],
  );
}

/** Adds what the file lacks. Written whole under another name, synced and renamed: a crash leaves the old one or the new one. */
export async function writeLedger(file: string, entries: LedgerEntry[]): Promise<void> {
  const known = existsSync(file) ? readLedger(file) : [];
  const seen = new Set(known.map(identityOf));
  const fresh = entries.filter((entry) => !seen.has(identityOf(entry)));
  if (fresh.length === 0 && existsSync(file)) return;
  const unfinished = `${file}.${randomId()}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile([...known, ...fresh].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const identityOf = ({ at, key, kind, hash, how }: LedgerEntry) => `${at} ${key} ${kind} ${hash} ${how ?? ''}`;

const LINE =
  /^\{"at":(\d{1,15}),"key":"([0-9a-f]{16})","kind":"(customer|address|mail)","hash":"([0-9a-f]{64})"(?:,"how":"(erase|de-identify)")?\}$/;

/** Throws for a line that is no entry, because a ledger that is half understood must not open the door. */
export function readLedger(file: string): LedgerEntry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line, index) => {
      const [, at, key = '', kind, hash = '', how] = LINE.exec(line) ?? [];
      if (at === undefined) throw new Error(`line ${index + 1} of ${file} is no entry of a ledger`);
      return {
        at: Number(at),
        key,
        kind: kind as ErasedKind,
        hash,
        ...(how ? { how: how as LedgerEntry['how'] } : {}),
      };
    });
}

/** P5: the very mail that was erased is not taken in again; whoever wrote it may write anew. */
export const wasErased = (app: App, dedupeKey: string): boolean =>
  findErasedKey(app.db, erasedHash(app.key, 'mail', dedupeKey), 'mail') !== undefined;
