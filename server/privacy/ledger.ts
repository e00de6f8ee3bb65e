// The ledger of erasures (P4): keyed hashes of what must not come back, beside the database and outside of the copies.
//
// One line of JSON each, and first of all one that says whose ledger it is: an empty one says that nobody was erased yet, and
// only of that installation. The key stays inside the copies and the data folder, so that the ledger alone says nothing about
// anybody. A copy of it lies beside every copy of the data; lines are added, and go when nothing needs them (expire-ledger.ts).
import { hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app';
import { keyedHash } from '../lib/ids';
import { keyIdOf, LEDGER_NAME, type LedgerEntry, readIfThere, writeLedger } from './ledger-file';
import { type ErasedKind, findErasedKey, findErasedKeys, insertErasedKey, updateOffServer } from './queries';

const only = (expired: Map<string, number>, key: string) =>
  new Map([...expired].filter(([each]) => each === key));

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
  await writeLedger(file, {
    owners: new Set([key]),
    entries: [...copied, ...others],
    expired: only(copy.expired, key),
  });
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
  await writeLedger(fileIn(app.config.data), { owners: new Set([key]), entries: lines, expired: new Map() });
  await app.write(() => {
    for (const line of lines) insertErasedKey(app.db, line.hash, line.kind, line.at);
  });
  await carryLedger(app, backupsIn(app.config.data));
}

/** Adds to the ledger beside a copy what it lacks; two installations may keep their copies in one folder. */
export async function carryLedger(app: Pick<App, 'config'>, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeLedger(join(folder, LEDGER_NAME), readIfThere(fileIn(app.config.data)));
}

/** Inside a transaction: these mails are on no mail server any more, so nothing could take them in again. */
export function noteOffServer(app: App, dedupeKeys: string[]): void {
  for (const key of dedupeKeys) updateOffServer(app.db, erasedHash(app.key, 'mail', key));
}

/** P5: the very mail that was erased is not taken in again; whoever wrote it may write anew. */
export const wasErased = (app: App, dedupeKey: string): boolean =>
  findErasedKey(app.db, erasedHash(app.key, 'mail', dedupeKey), 'mail') !== undefined;
