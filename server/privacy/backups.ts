// Copies of everything: one each night, kept a week, and whenever somebody asks. Each with the ledger beside it (P4).
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../app';
import { BACKUP_FORMAT, type BackupHeader, queryValue, schemaVersion, writeBackup } from '../db';
import { record, SYSTEM } from '../events';
import { type JobWork, runRecorded } from '../jobs';
import { DAY } from '../lib/clock';
import { Conflict, Invalid, Unavailable } from '../lib/errors';
import { oneAtATime } from '../lib/one-at-a-time';
import { readSetting, writeSetting } from '../settings';
import { VERSION } from '../version';
import {
  backupFolder,
  backupPlaces,
  carryToPlaces,
  isSafetyCopy,
  listBackups,
  rememberCopy,
  safetyCopies,
} from './copies';
import { carryLedger, prepareLedger } from './ledger';
import { keyIdOf } from './ledger-file';

export const BACKUP_JOB = 'backup';
/** A nightly copy is kept so long; whoever is erased is in the last copy made before for as long. */
export const KEPT_DAYS = 7;
/** Where a copy is made ready; half a copy is none. */
const WORKSHOP = /^\.(backup|verifying)-[A-Za-z0-9]{6}$|^\.restoring$/;

/**
 * The nightly copy; those that are older than a week go, first of all, because they may be what fills the disk; only the
 * newest of them stays until there is another. Places outside that were out of reach get the ledger (P4). Returns counts for
 * the run's row.
 */
export async function makeNightlyBackup(app: App): Promise<Record<string, number>> {
  const stamp = new Date(app.clock.now()).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const before = await removeOldBackups(app, listBackups(app.config.data)[0]?.name);
  const { size } = await makeBackup(app, join(backupFolder(app.config.data), `hearthdesk-${stamp}.tar.gz`));
  const removed = before + (await removeOldBackups(app));
  const unreached = await carryToPlaces(app, backupPlaces(app));
  return { bytes: size, removed, unreached: unreached.length };
}

async function removeOldBackups(app: App, except?: string): Promise<number> {
  const folder = backupFolder(app.config.data);
  const since = app.clock.now() - KEPT_DAYS * DAY;
  const old = listBackups(app.config.data).filter(({ at, name }) => at < since && name !== except);
  for (const { name } of old) await unlink(join(folder, name));
  await clearUp(app, folder);
  return old.length;
}

/** Workshops that a crash left, which hold half a copy, and safety copies of upgrades that were a week ago. */
async function clearUp(app: App, folder: string): Promise<void> {
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    const days = WORKSHOP.test(name) ? 1 : isSafetyCopy(name) ? KEPT_DAYS : undefined;
    if (days === undefined) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (app.clock.now() - mtimeMs > days * DAY)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Writes a copy of everything to `out` while the house goes on. Throws Conflict for a file that is there, Invalid for a
 * folder that is not, Unavailable when the disk has no room for it.
 */
export function makeBackup(app: App, out: string): Promise<{ size: number; entries: number }> {
  return oneAtATime(app, async () => {
    if (existsSync(out)) throw Conflict(`${out} is there already; a backup never overwrites a file.`);
    const folder = dirname(out);
    if (folder === backupFolder(app.config.data)) await mkdir(folder, { recursive: true, mode: 0o700 });
    else if (!existsSync(folder)) throw Invalid(`There is no folder ${folder} to put the backup into.`);
    await clearUp(app, folder);
    await refuseWithoutRoom(app, folder);
    await prepareLedger(app);
    const known = readSetting(app, 'backups') ?? { places: [] };
    // First the ledger and the memory of the place: a crash leaves no copy that later erasures do not know of (P4).
    await carryLedger(app, folder);
    await app.write(() => rememberCopy(app, out, app.clock.now()));
    try {
      const written = await writeBackup(app.threads, app.config.data, out, headerOf(app));
      await app.write(() => record(app, 'backup.made', SYSTEM, { id: 0 }, { bytes: written.size }));
      return written;
    } catch (error) {
      await app.write(() => writeSetting(app, 'backups', known));
      throw error;
    }
  });
}

const headerOf = (app: App): BackupHeader => ({
  hearthdesk: VERSION,
  format: BACKUP_FORMAT,
  schema: schemaVersion(app.db),
  made: new Date(app.clock.now()).toISOString(),
  keyId: keyIdOf(app.key),
});

const sizeOfFiles = queryValue<[], number>(`
  SELECT (SELECT coalesce(sum(size), 0) FROM files)
       + (SELECT coalesce(sum(size), 0) FROM inbound_mails WHERE disk_name IS NOT NULL)`);

/** A full disk would stop the mail too. The database is there twice for a while, files hardly get smaller. */
async function refuseWithoutRoom(app: App, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const { size } = await stat(join(app.config.data, 'hearthdesk.db'));
  if (bavail * bsize < size * 1.5 + (sizeOfFiles(app.db) ?? 0) + 20_000_000)
    throw Unavailable(`The disk of ${folder} has no room for a copy.`);
}

/** The day on which the last nightly copy made until now is gone (YYYY-MM-DD, UTC); null when there is none. */
export function lastCopyGone(app: App): string | null {
  const newest = Math.max(0, ...listBackups(app.config.data).map(({ at }) => at), ...safetyCopies(app));
  return newest > 0 ? new Date(newest + (KEPT_DAYS + 1) * DAY).toISOString().slice(0, 10) : null;
}

/** "Make one now", listed with the nightly ones. */
export const backupWork: JobWork = async (app) =>
  void (await runRecorded(app, 'backup', () => makeNightlyBackup(app)));
