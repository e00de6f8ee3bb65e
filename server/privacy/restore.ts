// Fills a data folder from a backup. Nothing of it is opened to anybody before the ledger of erasures was replayed (P4).
//
// Everything is made ready in `backups/.restoring`, where copies may lie, and moved into place at the end, the database last:
// a restore that breaks off leaves a folder without a database, and can be begun again.
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deleteAllLinks, deleteAllSessions } from '../agents';
import type { App } from '../app';
import { copyRows, openForeign } from '../db';
import { record, SYSTEM } from '../events';
import { Invalid } from '../lib/errors';
import { holdUnsent, markInDoubtAfterCrash } from '../mail';
import { writeSetting } from '../settings';
import { indexEverything } from '../tickets';
import { rememberFile } from './copies';
import { keyIdOf, LEDGER_NAME, readLedgerFile, writeLedger } from './ledger-file';
import { replayLedger } from './replay';
import { type Found, findLedger, keysKnownIn, refuseForeign, refuseOlder } from './restore-ledger';
import { unpackBackup } from './unpack';

export interface RestoreWish {
  /** The data folder; it has no database. */
  data: string;
  from: string;
  /** A file, or `none: ` and the reason why there is no ledger. */
  ledger: string | undefined;
  /** The folder's own key, when it has one: it is never overwritten. */
  key: Buffer | undefined;
  /** Opens the house on a folder, with this key. */
  open(data: string, key: Buffer): { app: App; close(): Promise<void> };
}

export interface Restored {
  made: string;
  tickets: number;
  erasedAgain: number;
  held: number;
  /** Passwords of mail accounts in it were sealed with another key than the folder's. */
  otherKey: boolean;
}

/** What triggers count by themselves when rows are copied. */
const DERIVED = ['ticket_counts'];

/** Throws Invalid, before anything is touched, for a backup that is not sound or when the ledger is missing. */
export async function restoreBackup(wish: RestoreWish): Promise<Restored> {
  const ledger = findLedger(wish);
  const workshop = join(wish.data, 'backups', '.restoring');
  await rm(workshop, { recursive: true, force: true });
  await mkdir(workshop, { recursive: true, mode: 0o700 });
  try {
    const parcel = join(workshop, 'parcel');
    const facts = await unpackBackup(wish.from, parcel);
    const backupKey = readKeyIn(parcel);
    const key = wish.key ?? backupKey;
    const keys = new Map([key, backupKey].map((each) => [keyIdOf(each), each]));
    refuseForeign(ledger, keys, keyIdOf(backupKey));
    const known = keysKnownIn(parcel);
    refuseOlder(ledger, known, keyIdOf(backupKey));
    const prepared = await prepare(workshop, parcel);
    // Beside the database as it will be: an erasure that was under way in the copy and goes on now enters itself there.
    await writeLedger(join(prepared, LEDGER_NAME), {
      owners: new Set([keyIdOf(key)]),
      // What the copy itself knows to be erased stays in it, whosever key it was hashed with.
      entries: ledger.entries.filter((entry) => keys.has(entry.key) || known.has(entry.hash)),
      expired: new Map([...ledger.expired].filter(([owner]) => owner === keyIdOf(key))),
    });
    const house = wish.open(prepared, key);
    const outcome = await makeReady(house.app, facts.made, wish.from, ledger, keys).finally(() =>
      house.close(),
    );
    if (!wish.key)
      await writeFile(join(wish.data, 'secret.key'), key.toString('hex'), {
        mode: 0o600,
        flag: 'wx',
        flush: true,
      });
    const own = readLedgerFile(join(workshop, 'data', LEDGER_NAME));
    await writeLedger(join(wish.data, LEDGER_NAME), own);
    await moveInto(join(workshop, 'data'), wish.data);
    return { ...outcome, made: facts.made, otherKey: keyIdOf(key) !== facts.keyId };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function readKeyIn(parcel: string): Buffer {
  const file = join(parcel, 'secret.key');
  const key = existsSync(file) ? Buffer.from(readFileSync(file, 'utf8').trim(), 'hex') : undefined;
  if (key?.length !== 32) throw Invalid('The backup holds no key that could open it.');
  return key;
}

/** The files as they are, the database row by row. */
async function prepare(workshop: string, parcel: string): Promise<string> {
  const data = join(workshop, 'data');
  await mkdir(join(data, 'backups'), { recursive: true, mode: 0o700 });
  const foreign = openForeign(join(parcel, 'hearthdesk.db'));
  try {
    copyRows(foreign, join(data, 'hearthdesk.db'), DERIVED).close();
  } finally {
    foreign.close();
  }
  for (const folder of ['files', 'mail']) {
    if (existsSync(join(parcel, folder))) await rename(join(parcel, folder), join(data, folder));
    else await mkdir(join(data, folder), { mode: 0o700 });
  }
  return data;
}

async function makeReady(
  app: App,
  made: string,
  from: string,
  ledger: Found,
  keys: Map<string, Buffer>,
): Promise<Pick<Restored, 'tickets' | 'erasedAgain' | 'held'>> {
  const held = await app.write(() => markInDoubtAfterCrash(app) + holdUnsent(app));
  const erasedAgain = await replayLedger(app, ledger.entries, keys);
  const tickets = await indexEverything(app);
  await app.write(() => {
    // It is still somewhere, and so may be others that were made after it, of which nothing is known here.
    rememberFile(app, resolve(from), Date.parse(made));
    deleteAllSessions(app.db);
    deleteAllLinks(app.db);
    writeSetting(app, 'restored', {
      at: app.clock.now(),
      made,
      ...(ledger.missing ? { withoutLedger: ledger.missing } : {}),
    });
    record(
      app,
      'backup.restored',
      SYSTEM,
      { id: 0 },
      { tickets, erasedAgain, held, withLedger: !ledger.missing },
    );
  });
  app.followers.catchUp();
  return { tickets, erasedAgain, held };
}

/** What was left of an earlier life goes; ledger, key and copies stay. The database comes last. */
async function moveInto(from: string, data: string): Promise<void> {
  for (const name of ['files', 'mail', 'exports', 'imports', 'hearthdesk.db-wal', 'hearthdesk.db-shm']) {
    await rm(join(data, name), { recursive: true, force: true });
  }
  const names = (await readdir(from)).filter((name) => name === 'files' || name === 'mail');
  for (const name of names) await move(join(from, name), join(data, name));
  await move(join(from, 'hearthdesk.db'), join(data, 'hearthdesk.db'));
}

/** `backups/` may lie on a disk of its own; then a copy is made beside the place and renamed when it is whole. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const unfinished = `${to}.restoring`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(from, unfinished, { recursive: true });
    await rename(unfinished, to);
  }
}
