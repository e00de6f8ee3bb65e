// Erases again whoever was erased after a copy was made (P4): by the same functions, before anybody is let in.
import type { App } from '../app';
import { type CustomerRow, findCustomerById } from '../customers';
import { query } from '../db';
import { sealAnew } from '../lib/secret-box';
import { findMailsOnDisk, forgetWaiting, removeRaw } from '../mail';
import { beginReplay } from './erase';
import { performErasure } from './erasing';
import { erasedHash } from './ledger';
import type { LedgerEntry } from './ledger-file';
import { findUnfinishedErasures, insertErasedKey, updateErasurePlan } from './queries';
import type { ErasureKind } from './survey';

const findCustomers = query<[], { id: number; public_id: string; created_at: number }[]>(
  'SELECT id, public_id, created_at FROM customers',
);
const findStrayAddresses = query<[], { address_key: string; created_at: number }[]>(`
  SELECT address_key, max(created_at) AS created_at FROM participants WHERE address_key IS NOT NULL GROUP BY address_key`);
const findWaitingMails = query<[], { dedupe_key: string; disk_name: string; received_at: number }[]>(`
  SELECT dedupe_key, disk_name, received_at FROM inbound_mails WHERE state <> 'done' AND disk_name IS NOT NULL`);
const findSealedPlans = query<[], { id: number; plan: Buffer }[]>(
  'SELECT id, plan FROM erasures WHERE plan IS NOT NULL',
);

/** `keys` by their ids: the folder's and the copy's. Lines of other installations, which keep copies in the same place, say nothing here. */
export async function replayLedger(
  app: App,
  lines: LedgerEntry[],
  keys: Map<string, Buffer>,
): Promise<number> {
  const entries = lines.filter(({ key }) => keys.has(key));
  await app.write(() => {
    for (const { hash, kind, at } of entries) insertErasedKey(app.db, hash, kind, at);
  });
  const ledger = new Ledger(entries, keys);
  const together = peopleIn(app, ledger);
  for (const { people, kind, keptOn } of together)
    await performErasure(app, await beginReplay(app, { people, kind, keptOn }));
  await forgetMails(app, ledger);
  const alone = addressesIn(app, ledger);
  for (const [keptOn, addresses] of alone)
    await performErasure(app, await beginReplay(app, { addresses, kind: 'erase', keptOn }));
  await goOnWithOwn(app, [...keys.values()]);
  return together.length + alone.size;
}

/** Erasures that were under way or had failed when the copy was made: with the key of the copy they were sealed. */
async function goOnWithOwn(app: App, keys: Buffer[]): Promise<void> {
  for (const { id, plan } of findSealedPlans(app.db)) {
    const resealed = sealAnew(plan, keys, app.key);
    await app.write(() => updateErasurePlan(app.db, resealed, id));
  }
  for (const id of findUnfinishedErasures(app.db)) await performErasure(app, id);
}

/** Addresses that others wrote down, by the ground on which files were kept when they were erased. */
function addressesIn(app: App, ledger: Ledger): Map<LedgerEntry['keptOn'], string[]> {
  const groups = new Map<LedgerEntry['keptOn'], string[]>();
  for (const row of findStrayAddresses(app.db)) {
    const entry = ledger.find('address', row.address_key, row.created_at);
    if (entry) groups.set(entry.keptOn, [...(groups.get(entry.keptOn) ?? []), row.address_key]);
  }
  return groups;
}

interface Together {
  people: CustomerRow[];
  kind: ErasureKind;
  keptOn: LedgerEntry['keptOn'];
}

/** Whom the ledger names, those together who were erased together. */
function peopleIn(app: App, ledger: Ledger): Together[] {
  const groups = new Map<string, Together>();
  for (const customer of findCustomers(app.db)) {
    const entry = ledger.find('customer', customer.public_id, customer.created_at);
    const row = entry && findCustomerById(app.db, customer.id);
    if (!row) continue;
    const { at, how: kind = 'erase', keptOn } = entry;
    const name = `${at} ${kind} ${keptOn}`;
    const group = groups.get(name) ?? { people: [], kind, keptOn };
    group.people.push(row);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Mails that were stored and not yet filed when the copy was made. */
async function forgetMails(app: App, ledger: Ledger): Promise<void> {
  const erased = findWaitingMails(app.db).filter((mail) =>
    ledger.find('mail', mail.dedupe_key, mail.received_at),
  );
  for (const mail of findMailsOnDisk(
    app,
    erased.map(({ disk_name }) => disk_name),
  )) {
    await app.write(() => forgetWaiting(app, mail, true));
    await removeRaw(app, mail.disk_name as string);
  }
}

class Ledger {
  private readonly byHash = new Map<string, LedgerEntry>();

  constructor(
    entries: LedgerEntry[],
    private readonly keys: Map<string, Buffer>,
  ) {
    for (const entry of entries) {
      const known = this.byHash.get(entry.hash);
      if (!known || known.at < entry.at) this.byHash.set(entry.hash, entry);
    }
  }

  /** What was there before the erasure is what was erased; whoever wrote afterwards is somebody new (P5). */
  find(kind: LedgerEntry['kind'], text: string, since: number): LedgerEntry | undefined {
    for (const key of this.keys.values()) {
      const entry = this.byHash.get(erasedHash(key, kind, text));
      if (entry && entry.at >= since) return entry;
    }
    return undefined;
  }
}
