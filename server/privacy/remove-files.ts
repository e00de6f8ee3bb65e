// Files that go with a person: their raw mails and exports, and other people's files in which they stand.
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { removeFileEverywhere } from '../attachments';
import { HOUR } from '../lib/clock';
import {
  findMailsOnDisk,
  forgetRaw,
  forgetWaiting,
  type InboundMailRow,
  isFrom,
  readRaw,
  removeRaw,
} from '../mail';
import { type ByteHit, searchBytes } from './byte-search';
import { exportPath } from './export-files';
import type { Needles, Plan } from './identity';
import { DOMAINS } from './map';
import { deleteExport, findMessageTickets } from './queries';
import type { Searcher } from './spans';

/** Younger files without a row may belong to a mail that is being stored. */
const STRAY_AGE = HOUR;

export async function removeOwnFiles(app: App, plan: Plan): Promise<void> {
  for (const name of plan.files.mail) await removeRaw(app, name);
  await app.write(() => {
    for (const { id } of plan.othersExports) deleteExport(app.db, id);
  });
  for (const name of [...plan.files.exports, ...plan.othersExports.map((one) => one.name)]) {
    if (name) await removeQuietly(exportPath(app.config.data, name));
  }
}

/**
 * Reads all raw mails and attachments. A raw mail of somebody else in which the person stands is destroyed: its message
 * stays, without them. An attachment goes or stays as was decided; one in which only the name stands, stays.
 */
export async function removeOthersFiles(
  app: App,
  plan: Plan,
  searcher: Searcher,
): Promise<Record<string, number>> {
  const { needles } = searcher;
  const ids = needles.ids.map((id) => Buffer.from(id, 'utf8'));
  const { hits } = await searchBytes(app, { ids, strict: [], words: needles.passages }, ['mail', 'files']);
  const real = hits.filter(
    ({ what, needle }) => !searcher.isIgnored({ what: what === 'id' ? 'id' : 'passage', needle }),
  );
  const mails = [...new Set(real.filter((hit) => hit.file.startsWith('mail/')).map(({ file }) => file))];
  return {
    ...(await removeRawMails(app, plan, mails)),
    ...(await removeAttachments(app, plan, needles, real)),
  };
}

const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);

async function removeRawMails(app: App, plan: Plan, files: string[]): Promise<Record<string, number>> {
  const counts = { 'raw-mails': 0, tray: 0 };
  const rows = new Map(findMailsOnDisk(app, files.map(nameOf)).map((row) => [row.disk_name, row]));
  for (const file of files) {
    const mail = rows.get(nameOf(file));
    if (!mail) await removeStray(app, file);
    else if (mail.state === 'done') {
      await app.write(() => forgetRaw(app, mail));
      await removeRaw(app, nameOf(file));
      counts['raw-mails'] += 1;
    } else if (mail.state !== 'stored') counts.tray += await removeWaiting(app, plan, mail);
  }
  return counts;
}

async function removeWaiting(app: App, plan: Plan, mail: InboundMailRow): Promise<number> {
  const diskName = mail.disk_name as string;
  const theirs = isFrom(await readRaw(app, diskName), plan.addresses);
  if (!theirs && plan.decision.othersFiles === 'keep') {
    keep(plan, `mail/${diskName.slice(0, 2)}/${diskName}`);
    return 0;
  }
  await app.write(() => forgetWaiting(app, mail, theirs));
  await removeRaw(app, diskName);
  return 1;
}

async function removeStray(app: App, file: string): Promise<void> {
  const path = join(app.config.data, file);
  const found = await stat(path).catch(() => undefined);
  if (found && app.clock.now() - found.mtimeMs > STRAY_AGE) await removeQuietly(path);
}

async function removeAttachments(
  app: App,
  plan: Plan,
  needles: Needles,
  hits: ByteHit[],
): Promise<Record<string, number>> {
  const inFiles = hits.filter(({ file }) => /^files\/[0-9a-f]{2}\//.test(file));
  const isName = (hit: ByteHit) =>
    hit.what === 'id' && hit.needle >= needles.namesFrom && hit.needle < needles.numbersFrom;
  const naming = new Set(inFiles.filter((hit) => !isName(hit)).map(({ file }) => file));
  const withName = new Set(inFiles.map(({ file }) => file).filter((file) => !naming.has(file)));
  for (const file of withName) keep(plan, file);
  if (plan.decision.othersFiles === 'keep') {
    for (const file of naming) keep(plan, file);
    return { 'kept-files': naming.size, 'files-with-name': withName.size };
  }
  for (const file of naming) await app.write(() => removeEverywhere(app, nameOf(file)));
  return { 'others-files': naming.size, 'files-with-name': withName.size };
}

const keep = (plan: Plan, file: string) => void (plan.keptFiles.includes(file) || plan.keptFiles.push(file));

function removeEverywhere(app: App, diskName: string): void {
  const messages = removeFileEverywhere(app, diskName).filter(({ kind }) => kind === 'message');
  const tickets = new Set(
    findMessageTickets(app.db, JSON.stringify(messages.map(({ id }) => id))).map((row) => row.ticket_id),
  );
  for (const ticket of tickets) for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
}

async function removeQuietly(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
