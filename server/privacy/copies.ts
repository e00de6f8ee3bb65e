// Which copies of the data there may still be, and where: what the ledger has to outlive (P4).
//
// Nightly copies and safety copies of upgrades are seen in their folder. Of a copy that was put elsewhere its name and time are
// remembered: one that is not there any more may have been carried on, so it counts until somebody says that it is deleted.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '../app';
import { type Actor, record } from '../events';
import { readSetting, writeSetting } from '../settings';
import { carryLedger } from './ledger';
import { LEDGER_NAME } from './ledger-file';

export interface KnownCopy {
  file: string;
  /** When it was begun, milliseconds: whoever was erased since is in it. */
  at: number;
}

export interface CopyPlace {
  place: string;
  reachable: boolean;
  copies: number;
  /** Not where they were put although the folder can be reached. */
  missing: number;
}

const NIGHTLY = /^hearthdesk-\d{8}-\d{6}\.tar\.gz$/;
/** What an upgrade leaves, to go back to. */
const SAFETY_COPY = /^before-schema-\d+-from-\d+(-\d{8}-\d{6})?\.db$/;
/** May be a copy that somebody put among the nightly ones. */
const ARCHIVE = /\.(tar|tgz|gz|zip|db|backup)$/;
const MOST_PLACES = 20;
/** The oldest decides, so that of very many the ones in the middle need not be known. */
const MOST_COPIES = 1_000;

export const backupFolder = (data: string) => join(data, 'backups');

export interface BackupFile {
  name: string;
  /** Milliseconds, UTC. */
  at: number;
  size: number;
}

/** Newest first. */
export function listBackups(data: string): BackupFile[] {
  const names = filesIn(backupFolder(data)).filter((name) => NIGHTLY.test(name));
  return names
    .map((name) => ({ name, at: timeOf(name), size: statSync(join(backupFolder(data), name)).size }))
    .sort((a, b) => b.at - a.at);
}

const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** `hearthdesk-20261120-023000.tar.gz` says when, in UTC. */
function timeOf(name: string): number {
  const [day = '', hour = ''] = name.slice('hearthdesk-'.length).split(/[-.]/);
  const part = (text: string, from: number, to: number) => Number(text.slice(from, to));
  return Date.UTC(
    part(day, 0, 4),
    part(day, 4, 6) - 1,
    part(day, 6, 8),
    part(hour, 0, 2),
    part(hour, 2, 4),
    part(hour, 4, 6),
  );
}

export const isSafetyCopy = (name: string): boolean => SAFETY_COPY.test(name);

export function safetyCopies(app: App): number[] {
  const folder = backupFolder(app.config.data);
  const names = filesIn(folder).filter((name) => SAFETY_COPY.test(name));
  return names.map((name) => statSync(join(folder, name)).mtimeMs);
}

const knownCopies = (app: App): KnownCopy[] => readSetting(app, 'backups')?.copies ?? [];

/** Folders outside that copies were put into: later erasures carry the ledger there. */
export const backupPlaces = (app: App): string[] => readSetting(app, 'backups')?.places ?? [];

/** Inside a transaction, before it is written: a crash leaves no copy that nobody knows of. */
export function rememberCopy(app: App, file: string, at: number): void {
  const folder = dirname(file);
  const isNightly = folder === backupFolder(app.config.data);
  if (isNightly && NIGHTLY.test(file.slice(folder.length + 1))) return;
  const places = [folder, ...backupPlaces(app).filter((known) => known !== folder)];
  writeSetting(app, 'backups', {
    places: isNightly ? backupPlaces(app) : places.slice(0, MOST_PLACES),
    copies: fewer([...knownCopies(app).filter((known) => known.file !== file), { file, at }]),
  });
}

/** Inside a transaction: one that was found somewhere; nothing is carried there. */
export const rememberFile = (app: App, file: string, at: number): void =>
  writeSetting(app, 'backups', {
    places: backupPlaces(app),
    copies: fewer([{ file, at }, ...knownCopies(app).filter((known) => known.file !== file)]),
  });

const fewer = (copies: KnownCopy[]): KnownCopy[] =>
  copies.length <= MOST_COPIES ? copies : [...copies.slice(0, 1), ...copies.slice(1 - MOST_COPIES)];

/** Folders outside in which copies are, or were. */
export function copyPlaces(app: App): CopyPlace[] {
  const copies = knownCopies(app);
  const places = new Set([...backupPlaces(app), ...copies.map(({ file }) => dirname(file))]);
  return [...places].map((place) => {
    const here = copies.filter(({ file }) => dirname(file) === place);
    const reachable = isThere(copies, place);
    const missing = reachable ? here.filter(({ file }) => !existsSync(file)).length : 0;
    return { place, reachable, copies: here.length, missing };
  });
}

/** The folder of a disk that was taken out may be there and empty: neither the ledger that was put there nor a copy. */
const isThere = (copies: KnownCopy[], place: string): boolean =>
  existsSync(join(place, LEDGER_NAME)) ||
  copies.some(({ file }) => dirname(file) === place && existsSync(file));

/** Carries the ledger to folders outside that hold copies; returns those that could not be reached. */
export async function carryToPlaces(app: App, places: string[]): Promise<string[]> {
  const copies = knownCopies(app);
  const missed: string[] = [];
  for (const place of places) {
    const isReached =
      isThere(copies, place) &&
      (await carryLedger(app, place).then(
        () => true,
        () => false,
      ));
    if (!isReached) missed.push(place);
  }
  return missed;
}

/**
 * Inside a transaction: somebody says that the copies of a folder are deleted for good, or only those that are not there any
 * more. A folder without any is not carried the ledger to. False when it is no such folder.
 */
export function forgetCopies(app: App, actor: Actor, place: string, which: 'all' | 'missing'): boolean {
  if (!copyPlaces(app).some((known) => known.place === place)) return false;
  const isGone = ({ file }: KnownCopy) => dirname(file) === place && (which === 'all' || !existsSync(file));
  const copies = knownCopies(app).filter((copy) => !isGone(copy));
  const isEmpty = which === 'all' || !copies.some(({ file }) => dirname(file) === place);
  const places = backupPlaces(app).filter((known) => known !== place || !isEmpty);
  const gone = knownCopies(app).length - copies.length;
  writeSetting(app, 'backups', { places, copies });
  record(app, 'backup.said-gone', actor, { id: 0 }, { copies: gone, wholePlace: isEmpty });
  return true;
}

/** When each copy that may still be anywhere was begun; undefined when there may be some of which nobody knows when. */
export function timesOfCopies(app: App): number[] | undefined {
  const copies = knownCopies(app);
  const isKnown = (place: string) => copies.some(({ file }) => dirname(file) === place);
  if (!backupPlaces(app).every(isKnown)) return undefined;
  const folder = backupFolder(app.config.data);
  const strange = filesIn(folder).filter(
    (name) =>
      ARCHIVE.test(name) &&
      !NIGHTLY.test(name) &&
      !SAFETY_COPY.test(name) &&
      !copies.some(({ file }) => file === join(folder, name)),
  );
  if (strange.length > 0) return undefined;
  return [
    ...listBackups(app.config.data).map(({ at }) => at),
    ...safetyCopies(app),
    ...copies.map(({ at }) => at),
  ];
}
