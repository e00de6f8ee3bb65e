// The ledger that a restore goes by: found, of the right installation, and not older than the copy (P4).
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openForeign } from '../db';
import { Invalid } from '../lib/errors';
import { LEDGER_NAME, type Ledger, later, readLedgerFile } from './ledger-file';

/** What whoever restores named. */
export interface Wanted {
  data: string;
  from: string;
  ledger: string | undefined;
}

export interface Found extends Ledger {
  /** The file that was named. */
  named: Ledger | undefined;
  missing?: string;
}

/** In the folder, beside the backup, or named; all that are found count. A reason stands for one that is lost. */
export function findLedger({ data, from, ledger }: Wanted): Found {
  const reason = /^none:\s*(\S.{2,})$/s.exec(ledger ?? '')?.[1];
  if (ledger !== undefined && !reason && !existsSync(ledger))
    throw Invalid(`--ledger names ${ledger}, which is not there.`);
  const files = [
    join(data, LEDGER_NAME),
    join(dirname(from), LEDGER_NAME),
    ...(ledger && !reason ? [ledger] : []),
  ].filter(existsSync);
  if (files.length === 0 && !reason) throw Invalid(`There is no ledger of erasures ${WHERE}`);
  const read = files.map(readLedgerFile);
  return {
    owners: new Set(read.flatMap(({ owners }) => [...owners])),
    entries: read.flatMap(({ entries }) => entries),
    expired: read.map(({ expired }) => expired).reduce(later, new Map()),
    named: ledger !== undefined && !reason ? read.at(-1) : undefined,
    ...(reason ? { missing: reason.slice(0, 500) } : {}),
  };
}

const WHERE =
  `(${LEDGER_NAME}) in the data folder or beside the backup, so people erased since would come back. ` +
  'Name it with --ledger FILE; if it is lost, record why with --ledger "none: REASON".';

const isOf = ({ owners, entries }: Ledger, keyId: string) =>
  owners.has(keyId) || entries.some(({ key }) => key === keyId);

/**
 * A ledger that knows nothing of the installation that made the backup is none: a folder that was just begun has one too, and
 * it is empty. One that was named was named by mistake.
 */
export function refuseForeign(
  { named, missing, ...all }: Found,
  keys: Map<string, Buffer>,
  made: string,
): void {
  if (named && ![...keys.keys()].some((key) => isOf(named, key))) {
    throw Invalid(
      'The ledger of erasures belongs to another installation: it was written with another secret.key.',
    );
  }
  if (missing === undefined && !isOf(all, made))
    throw Invalid(`There is no ledger of erasures of the installation that made the backup ${WHERE}`);
}

/** Whom the copy itself knows to have been erased before it was made: hash and time. */
export function keysKnownIn(parcel: string): Map<string, number> {
  const foreign = openForeign(join(parcel, 'hearthdesk.db'));
  try {
    const rows = foreign.sql.prepare('SELECT key_hash, erased_at FROM erased_keys').raw().all();
    return new Map(rows as [string, number][]);
  } finally {
    foreign.close();
  }
}

/**
 * A ledger that lacks what the copy already knew is older than the copy, and lacks whoever was erased since as well. What was
 * entered before its entries expired may be missing rightly.
 */
export function refuseOlder(
  { missing, entries, expired }: Found,
  known: Map<string, number>,
  made: string,
): void {
  if (missing !== undefined) return;
  const there = new Set(entries.map(({ hash }) => hash));
  const before = expired.get(made) ?? 0;
  const lacking = [...known].filter(([hash, at]) => at >= before && !there.has(hash)).length;
  if (lacking > 0)
    throw Invalid(
      `The ledger of erasures is older than the backup: it lacks ${lacking} entries that the backup already knows, so people erased since would come back. Name the current one with --ledger FILE; if it is lost, record why with --ledger "none: REASON".`,
    );
}
