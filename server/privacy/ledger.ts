// The ledger of erasures (P4): keyed hashes of what must not come back, beside the database and outside of the copies.
//
// One line of JSON each, and first of all one that says whose ledger it is: an empty one says that nobody was erased yet, and
// only of that installation. The key stays inside the copies and the data folder, so that the ledger alone says nothing about
// anybody. A copy of it lies beside every copy of the data; lines are only ever added.
import { hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../app';
import { Invalid } from '../lib/errors';
import { keyedHash, randomId, sha256 } from '../lib/ids';
import { type ErasedKind, findErasedKey, findErasedKeys, insertErasedKey, updateOffServer } from './queries';

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
  /** The ground of Art. 17(3) on which files of others were kept; not for mails. */
  keptOn?: Ground;
}

type Ground = 'a' | 'b' | 'c' | 'd' | 'e';

export interface Ledger {
  /** Ids of the keys of the installations that keep their ledger here. */
  owners: Set<string>;
  entries: LedgerEntry[];
}

/** What a key is called by; says nothing about it. */
export const keyIdOf = (key: Uint8Array) =>
  sha256(Buffer.from(hkdfSync('sha256', key, '', 'hearthdesk key id', 32))).slice(0, 16);

/** Each kind under a key of its own, so that one hash never equals another. */
export const erasedHash = (key: Uint8Array, kind: ErasedKind, text: string) =>
  keyedHash(Buffer.from(hkdfSync('sha256', key, '', `hearthdesk erased ${kind}`, 32)), text);

const fileIn = (data: string) => join(data, LEDGER_NAME);

const backupsIn = (data: string) => join(data, 'backups');

/** There is a ledger from the first start on. One that was lost is made anew of its copy and of what the database knows. */
export async function prepareLedger(app: App): Promise<void> {
  const file = fileIn(app.config.data);
  if (existsSync(file) && statSync(file).size > 0) return;
  const key = keyIdOf(app.key);
  const copy = readIfThere(join(backupsIn(app.config.data), LEDGER_NAME));
  const copied = copy.entries.filter((entry) => entry.key === key);
  const known = new Set(copied.map(({ hash }) => hash));
  const others = findErasedKeys(app.db)
    .filter((row) => !known.has(row.key_hash))
    .map((row): LedgerEntry => ({ at: row.erased_at, key, kind: row.kind, hash: row.key_hash }));
  await writeLedger(file, { owners: new Set([key]), entries: [...copied, ...others] });
}

/** Writes the entries to the ledger, its copy beside the nightly copies, and the database. */
export async function enterIntoLedger(
  app: App,
  entries: ({ kind: ErasedKind; text: string } & Pick<LedgerEntry, 'how' | 'keptOn'>)[],
): Promise<void> {
  const at = app.clock.now();
  const key = keyIdOf(app.key);
  const lines = entries.map(
    ({ text, ...entry }): LedgerEntry => ({ at, key, ...entry, hash: erasedHash(app.key, entry.kind, text) }),
  );
  await writeLedger(fileIn(app.config.data), { owners: new Set([key]), entries: lines });
  await app.write(() => {
    for (const line of lines) insertErasedKey(app.db, line.hash, line.kind, line.at);
  });
  await carryLedger(app, backupsIn(app.config.data));
}

/** Carries the ledger to folders outside that hold copies; returns those that could not be reached. */
export async function carryToPlaces(app: App, places: string[]): Promise<string[]> {
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
  await writeLedger(join(folder, LEDGER_NAME), readIfThere(fileIn(app.config.data)));
}

const readIfThere = (file: string): Ledger =>
  existsSync(file) ? readLedgerFile(file) : { owners: new Set(), entries: [] };

/** Adds what the file lacks. Written whole under another name, synced and renamed: a crash leaves the old one or the new one. */
export async function writeLedger(file: string, { owners, entries }: Ledger): Promise<void> {
  const known = readIfThere(file);
  const seen = new Set(known.entries.map(identityOf));
  const fresh = entries.filter((entry) => !seen.has(identityOf(entry)));
  const isOwned = [...owners].every((owner) => known.owners.has(owner));
  if (fresh.length === 0 && isOwned && existsSync(file)) return;
  const heads = [...new Set([...known.owners, ...owners])].map((key) => ({ key, kind: 'ledger' }));
  const unfinished = `${file}.${randomId()}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    const lines = [...heads, ...[...known.entries, ...fresh].map(inOrder)];
    await handle.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
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

/** The order in which an entry is written and read. */
const inOrder = ({ at, key, kind, hash, how, keptOn }: LedgerEntry): LedgerEntry => ({
  at,
  key,
  kind,
  hash,
  ...(how ? { how } : {}),
  ...(keptOn ? { keptOn } : {}),
});

const identityOf = (entry: LedgerEntry) => Object.values(inOrder(entry)).join(' ');

const HEAD = /^\{"key":"([0-9a-f]{16})","kind":"ledger"\}$/;
const LINE =
  /^\{"at":(\d{1,15}),"key":"([0-9a-f]{16})","kind":"(customer|address|mail)","hash":"([0-9a-f]{64})"(?:,"how":"(erase|de-identify)")?(?:,"keptOn":"([a-e])")?\}$/;

export const readLedger = (file: string): LedgerEntry[] => readLedgerFile(file).entries;

/** Throws Invalid for a line that is no entry, because a ledger that is half understood must not open the door. */
export function readLedgerFile(file: string): Ledger {
  const owners = new Set<string>();
  const entries: LedgerEntry[] = [];
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    const owner = HEAD.exec(line)?.[1];
    if (owner !== undefined) owners.add(owner);
    else entries.push(entryIn(line) ?? refuse(file, index + 1));
  }
  return { owners, entries };
}

function entryIn(line: string): LedgerEntry | undefined {
  const [, at, key = '', kind, hash = '', how, keptOn] = LINE.exec(line) ?? [];
  if (at === undefined) return undefined;
  return inOrder({
    at: Number(at),
    key,
    kind: kind as ErasedKind,
    hash,
    how: how as LedgerEntry['how'],
    keptOn: keptOn as Ground | undefined,
  } as LedgerEntry);
}

function refuse(file: string, line: number): never {
  throw Invalid(`The ledger of erasures ${file} is damaged: its line ${line} is no entry.`);
}

/** Inside a transaction: these mails are on no mail server any more, so nothing could take them in again. */
export function noteOffServer(app: App, dedupeKeys: string[]): void {
  for (const key of dedupeKeys) updateOffServer(app.db, erasedHash(app.key, 'mail', key));
}

/** P5: the very mail that was erased is not taken in again; whoever wrote it may write anew. */
export const wasErased = (app: App, dedupeKey: string): boolean =>
  findErasedKey(app.db, erasedHash(app.key, 'mail', dedupeKey), 'mail') !== undefined;
