// The ledger of erasures as a file: read whole or not at all, written anew under another name.
import { hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Invalid } from '../lib/errors';
import { randomId, sha256 } from '../lib/ids';
import type { ErasedKind } from './queries';

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
  /** By key: what was entered before this time may have gone, because nothing needed it any more. */
  expired: Map<string, number>;
}

/** What a key is called by; says nothing about it. */
export const keyIdOf = (key: Uint8Array) =>
  sha256(Buffer.from(hkdfSync('sha256', key, '', 'hearthdesk key id', 32))).slice(0, 16);

export const readIfThere = (file: string): Ledger =>
  existsSync(file) ? readLedgerFile(file) : { owners: new Set(), entries: [], expired: new Map() };

/** Adds what the file lacks. */
export async function writeLedger(file: string, { owners, entries, expired }: Ledger): Promise<void> {
  const known = readIfThere(file);
  const seen = new Set(known.entries.map(identityOf));
  const fresh = entries.filter((entry) => !seen.has(identityOf(entry)));
  const isOwned = [...owners].every((owner) => known.owners.has(owner));
  const isLater = [...expired].some(([key, at]) => at > (known.expired.get(key) ?? 0));
  if (fresh.length === 0 && isOwned && !isLater && existsSync(file)) return;
  await writeWhole(file, {
    owners: new Set([...known.owners, ...owners]),
    entries: [...known.entries, ...fresh],
    expired: later(known.expired, expired),
  });
}

export function later(one: Map<string, number>, other: Map<string, number>): Map<string, number> {
  const both = new Map(one);
  for (const [key, at] of other) both.set(key, Math.max(at, both.get(key) ?? 0));
  return both;
}

/** Takes entries out that are over, and notes until when; returns how many went. */
export async function dropFromLedger(
  file: string,
  isOver: (entry: LedgerEntry) => boolean,
  { key, before }: { key: string; before: number },
): Promise<number> {
  const known = readLedgerFile(file);
  const entries = known.entries.filter((entry) => !isOver(entry));
  if (entries.length === known.entries.length) return 0;
  await writeWhole(file, { ...known, entries, expired: later(known.expired, new Map([[key, before]])) });
  return known.entries.length - entries.length;
}

/** Under another name, synced and renamed: a crash leaves the old one or the new one. */
async function writeWhole(file: string, { owners, entries, expired }: Ledger): Promise<void> {
  const heads = [...owners].map((key) => {
    const before = expired.get(key);
    return { key, kind: 'ledger', ...(before === undefined ? {} : { expired: before }) };
  });
  const unfinished = `${file}.${randomId()}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    const lines = [...heads, ...entries.map(inOrder)];
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

const HEAD = /^\{"key":"([0-9a-f]{16})","kind":"ledger"(?:,"expired":(\d{1,15}))?\}$/;
const LINE =
  /^\{"at":(\d{1,15}),"key":"([0-9a-f]{16})","kind":"(customer|address|mail)","hash":"([0-9a-f]{64})"(?:,"how":"(erase|de-identify)")?(?:,"keptOn":"([a-e])")?\}$/;

export const readLedger = (file: string): LedgerEntry[] => readLedgerFile(file).entries;

/** Throws Invalid for a line that is no entry, because a ledger that is half understood must not open the door. */
export function readLedgerFile(file: string): Ledger {
  const owners = new Set<string>();
  const entries: LedgerEntry[] = [];
  const expired = new Map<string, number>();
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    const [, owner, before] = HEAD.exec(line) ?? [];
    if (owner !== undefined) owners.add(owner);
    if (owner !== undefined && before !== undefined) expired.set(owner, Number(before));
    if (owner === undefined) entries.push(entryIn(line) ?? refuse(file, index + 1));
  }
  return { owners, entries, expired };
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
