// Exports: asked for on a customer's page, made in the queue, kept for seven days.
import { existsSync } from 'node:fs';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import type { App } from '../app';
import { findCustomerById, insertRead, needStaying } from '../customers';
import { type Actor, record } from '../events';
import { enqueue, type JobWork } from '../jobs';
import { DAY } from '../lib/clock';
import { NotFound } from '../lib/errors';
import { randomId } from '../lib/ids';
import { oneAtATime } from '../lib/one-at-a-time';
import { copiedBy } from './copied';
import type { Person } from './export-data';
import { exportFolder, exportPath } from './export-files';
import { type Withheld, writeExport } from './export-zip';
import {
  deleteExport,
  type ExportRow,
  findExpiredExports,
  findExport,
  findExportNames,
  insertExport,
  updateExportDone,
  updateExportFailed,
  updateExportProgress,
} from './queries';

export const EXPORT_JOB = 'export';
export const EXPORT_LIFE = 7 * DAY;
/** In the read log, where an agent's number would stand. */
export const COMMAND_LINE = 0;

/** Inside a transaction. Returns the address part of its page. Throws Conflict when the customer was merged meanwhile. */
export function beginExport(app: App, actor: Actor, person: Person, withheld: Withheld): string {
  if (person.copiedAs === undefined) needStaying(app, person);
  const now = app.clock.now();
  const publicId = randomId();
  const agent = actor.kind === 'agent' ? actor.id : null;
  const id = insertExport(
    app.db,
    publicId,
    person.id,
    person.copiedAs ?? null,
    agent,
    JSON.stringify(withheld),
    now,
    now + EXPORT_LIFE,
  );
  record(app, 'export.begun', actor, { id }, { customer: person.id, withheld: withheld.notes.length });
  enqueue(app, EXPORT_JOB, { export: id }, { key: `export ${id}` });
  return publicId;
}

/**
 * The queue's work. What goes wrong stands on its page, and the queue tries again. Never while an erasure or a retention
 * rule is at work: neither would see into a file that is half written, and what it reads would go under its hands.
 */
export const performExport = (app: App, id: number): Promise<void> =>
  oneAtATime(app, () => writeAsked(app, id));

async function writeAsked(app: App, id: number): Promise<void> {
  const row = findExport(app.db, id);
  const person = row && personOf(app, row);
  if (!row || !person || row.state === 'done') return;
  try {
    await mkdir(exportFolder(app.config.data), { recursive: true, mode: 0o700 });
    const diskName = randomId();
    const withheld = JSON.parse(row.withheld) as Withheld;
    const size = await writeExport(
      app,
      person,
      exportPath(app.config.data, diskName),
      withheld,
      (done, total) => told(app, id, done, total),
    );
    const isWanted = await app.write(() => updateExportDone(app.db, diskName, size, app.clock.now(), id) > 0);
    // Erased while it was written: nothing may stay.
    if (!isWanted) await removeExportFile(app, diskName);
  } catch (error) {
    await app.write(() =>
      updateExportFailed(app.db, error instanceof Error ? error.name : 'Error', app.clock.now(), id),
    );
    throw error;
  }
}

/** Whom an export is about, as long as they are there. */
export const personOf = (app: App, row: ExportRow): Person | undefined =>
  row.address_key === null ? findCustomerById(app.db, row.customer_id) : copiedBy(app, row.address_key);

/** Each is a commit, so not every ticket is told. */
const TOLD_EVERY = 20;

async function told(app: App, id: number, done: number, total: number): Promise<void> {
  if (done % TOLD_EVERY !== 0 && done !== total) return;
  await app.write(() => updateExportProgress(app.db, done, total, id));
}

/** Straight into a file, for the command. */
export async function exportTo(app: App, person: Person, out: string, withheld: Withheld): Promise<number> {
  const size = await oneAtATime(app, () => writeExport(app, person, out, withheld, async () => undefined));
  await app.write(() => noteExport(app, COMMAND_LINE, person.id));
  return size;
}

/** Somebody took the data along: noted where reading is noted (P12). */
export function noteExport(app: App, agentId: number, customerId: number): void {
  insertRead(app.db, app.clock.now(), agentId, 'exported', customerId || null, null);
  record(
    app,
    'customer.exported',
    agentId === COMMAND_LINE ? { kind: 'system', id: null } : { kind: 'agent', id: agentId },
    { id: customerId },
  );
}

/** The file of a finished export that has not expired; throws NotFound. */
export function exportFileOf(app: App, row: ExportRow | undefined): { row: ExportRow; path: string } {
  if (row?.state !== 'done' || !row.disk_name || row.expires_at <= app.clock.now())
    throw NotFound('This export is not there any more.');
  return { row, path: exportPath(app.config.data, row.disk_name) };
}

/** At night: what expired, and what a crash left half-written. Returns how many files went. */
export async function deleteExpiredExports(app: App): Promise<number> {
  for (const row of findExpiredExports(app.db, app.clock.now()))
    await app.write(() => deleteExport(app.db, row.id));
  return oneAtATime(app, () => removeUnnamedExports(app));
}

/** Only while no export is being written (`oneAtATime`): what no row names is then what a crash left. Returns how many went. */
export async function removeUnnamedExports(app: App): Promise<number> {
  const folder = exportFolder(app.config.data);
  if (!existsSync(folder)) return 0;
  const named = new Set(findExportNames(app.db));
  const unnamed = (await readdir(folder)).filter((name) => !named.has(name));
  for (const name of unnamed) await removeExportFile(app, name);
  return unnamed.length;
}

async function removeExportFile(app: App, diskName: string): Promise<void> {
  await unlink(exportPath(app.config.data, diskName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

export const exportWork: JobWork = (app, payload: { export: number }) => performExport(app, payload.export);
