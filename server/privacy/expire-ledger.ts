// Entries of the ledger go when nothing is left from which the person could come back (P4): hashes are personal data too.
//
// An entry is needed as long as there is a copy of the data that was begun before it, wherever that may be. One of a mail is
// needed also as long as the mail may lie on a server that is read here. Whatever is not known keeps the entries.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app';
import { query } from '../db';
import { oneAtATime } from '../lib/one-at-a-time';
import { readsFromServers } from '../mail';
import { backupFolder, backupPlaces, timesOfCopies } from './copies';
import { dropFromLedger, keyIdOf, LEDGER_NAME, type LedgerEntry } from './ledger-file';
import { deleteErasedKeys, findKeysOnServers } from './queries';

const findSpans = query<[], { started_at: number; ended_at: number | null; state: string }[]>(
  'SELECT started_at, ended_at, state FROM erasures',
);

/** At night. Returns how many entries the ledger of the data folder lost. */
export const expireLedger = (app: App): Promise<number> => oneAtATime(app, () => expire(app));

async function expire(app: App): Promise<number> {
  const before = oldestNeeded(app);
  if (before === undefined) return 0;
  const key = keyIdOf(app.key);
  const mayBeRead = readsFromServers(app);
  const onServers = new Set(mayBeRead ? findKeysOnServers(app.db) : []);
  const isOver = (entry: LedgerEntry) =>
    entry.key === key && entry.at < before && !(entry.kind === 'mail' && onServers.has(entry.hash));
  const folders = [backupFolder(app.config.data), ...backupPlaces(app)];
  const gone = await dropFromLedger(join(app.config.data, LEDGER_NAME), isOver, { key, before });
  // A place that is out of reach tonight is looked at again each night.
  for (const file of folders.map((folder) => join(folder, LEDGER_NAME)).filter(existsSync))
    await dropFromLedger(file, isOver, { key, before }).catch(() => 0);
  await app.write(() => deleteErasedKeys(app.db, before, mayBeRead ? 1 : 0));
  return gone;
}

/** Entries that are older than this are over. Undefined: nobody knows. */
function oldestNeeded(app: App): number | undefined {
  const copies = timesOfCopies(app);
  if (!copies) return undefined;
  const spans = findSpans(app.db);
  const unfinished = spans.filter(({ state }) => state !== 'done').map(({ started_at }) => started_at);
  // A copy that was made between two tries of an erasure holds what the first had left.
  const begun = copies.map((at) =>
    Math.min(
      at,
      ...spans
        .filter((span) => span.started_at <= at && at <= (span.ended_at ?? Number.POSITIVE_INFINITY))
        .map((span) => span.started_at),
    ),
  );
  return Math.min(app.clock.now(), ...begun, ...unfinished);
}
