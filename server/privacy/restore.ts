// Fills a data folder from a backup. Nothing of it is opened to anybody before the ledger of erasures was replayed (P4).
//
// Everything is made ready in `backups/.restoring`, where copies may lie, and moved into place at the end, the database last:
// a restore that breaks off leaves a folder without a database, and can be begun again.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deleteAllLinks, deleteAllSessions } from '../agents';
import type { App } from '../app';
import { copyRows, openForeign } from '../db';
import { record, SYSTEM } from '../events';
import { Invalid } from '../lib/errors';
import { holdUnsent, markInDoubtAfterCrash } from '../mail';
import { writeSetting } from '../settings';
import { indexEverything } from '../tickets';
import { keyIdOf, LEDGER_NAME, type LedgerEntry, readLedger, writeLedger } from './ledger';
import { replayLedger } from './replay';
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
    refuseForeign(ledger, keys);
    const house = wish.open(await prepare(workshop, parcel), key);
    const outcome = await makeReady(house.app, facts.made, ledger, keys).finally(() => house.close());
    if (!wish.key)
      await writeFile(join(wish.data, 'secret.key'), key.toString('hex'), {
        mode: 0o600,
        flag: 'wx',
        flush: true,
      });
    await writeLedger(
      join(wish.data, LEDGER_NAME),
      ledger.entries.filter((entry) => keys.has(entry.key)),
    );
    await moveInto(join(workshop, 'data'), wish.data);
    return { ...outcome, made: facts.made, otherKey: keyIdOf(key) !== facts.keyId };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

interface Ledger {
  entries: LedgerEntry[];
  /** Those of the file that was named. */
  named: LedgerEntry[];
  missing?: string;
}

/** In the folder, beside the backup, or named; all that are found count. A reason stands for one that is lost. */
function findLedger({ data, from, ledger }: RestoreWish): Ledger {
  const reason = /^none:\s*(\S.{2,})$/s.exec(ledger ?? '')?.[1];
  if (ledger !== undefined && !reason && !existsSync(ledger))
    throw Invalid(`--ledger names ${ledger}, which is not there.`);
  const files = [
    join(data, LEDGER_NAME),
    join(dirname(from), LEDGER_NAME),
    ...(ledger && !reason ? [ledger] : []),
  ].filter(existsSync);
  if (files.length === 0 && !reason) {
    throw Invalid(
      `There is no ledger of erasures (${LEDGER_NAME}) in the data folder or beside the backup, so people erased since would come back. ` +
        'Name it with --ledger FILE; if it is lost, record why with --ledger "none: REASON".',
    );
  }
  const named = ledger !== undefined && !reason ? readLedger(ledger) : [];
  return { entries: files.flatMap(readLedger), named, ...(reason ? { missing: reason.slice(0, 500) } : {}) };
}

/** A ledger that was named and knows nothing of this installation was named by mistake. */
function refuseForeign({ named }: Ledger, keys: Map<string, Buffer>): void {
  if (named.length > 0 && !named.some(({ key }) => keys.has(key))) {
    throw Invalid(
      'The ledger of erasures belongs to another installation: it was written with another secret.key.',
    );
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
  ledger: Ledger,
  keys: Map<string, Buffer>,
): Promise<Pick<Restored, 'tickets' | 'erasedAgain' | 'held'>> {
  const held = await app.write(() => markInDoubtAfterCrash(app) + holdUnsent(app));
  const erasedAgain = await replayLedger(app, ledger.entries, keys);
  const tickets = await indexEverything(app);
  await app.write(() => {
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
  for (const name of ['files', 'mail', 'exports', 'hearthdesk.db-wal', 'hearthdesk.db-shm']) {
    await rm(join(data, name), { recursive: true, force: true });
  }
  const names = (await readdir(from)).filter((name) => name === 'files' || name === 'mail');
  for (const name of names) await rename(join(from, name), join(data, name));
  await rename(join(from, 'hearthdesk.db'), join(data, 'hearthdesk.db'));
}
