// Files that go with a person: their raw mails and exports, and other people's files in which they stand.
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { removeFileEverywhere } from '../attachments';
import { queryColumn, queryValue } from '../db';
import { HOUR } from '../lib/clock';
import {
  findMailsOnDisk,
  forgetRaw,
  forgetWaiting,
  type InboundMailRow,
  isFrom,
  placeOnServer,
  readRaw,
  removeRaw,
} from '../mail';
import { type ByteHit, searchBytes } from './byte-search';
import { removeUnnamedExports } from './exports';
import type { Needles, Plan } from './identity';
import { enterIntoLedger } from './ledger';
import { DOMAINS } from './map';
import { exportsOnTickets, forgetExports } from './others-exports';
import { findMessageTickets } from './queries';
import type { Searcher } from './spans';

/** Younger files without a row may belong to a mail that is being stored, if this process wrote them. */
const STRAY_AGE = HOUR;

const isFileNamed = queryValue<[diskName: string], number>(
  'SELECT EXISTS (SELECT 1 FROM files WHERE disk_name = ?)',
);

export async function removeOwnFiles(app: App, plan: Plan): Promise<void> {
  for (const name of plan.files.mail) await removeRaw(app, name);
  await app.write(() => forgetExports(app, plan.othersExports));
  await removeUnnamedExports(app);
}

/**
 * Reads all raw mails and attachments. A raw mail of somebody else in which the person stands is destroyed: its message
 * stays, without them. An attachment goes or stays as was decided; one in which only the name stands, stays. `keepPlan` is called
 * before a row goes that only the plan will know of.
 */
export async function removeOthersFiles(
  app: App,
  plan: Plan,
  searcher: Searcher,
  returned: ReadonlySet<string>,
  keepPlan: () => Promise<void>,
): Promise<Record<string, number>> {
  const { needles } = searcher;
  const ids = needles.ids.map((id) => Buffer.from(id, 'utf8'));
  const { hits } = await searchBytes(app, { ids, strict: [], words: needles.passages }, ['mail', 'files']);
  const real = hits.filter(
    ({ file, what, needle }) =>
      !returned.has(file) && !searcher.isIgnored({ what: what === 'id' ? 'id' : 'passage', needle }),
  );
  for (const file of new Set(real.map(({ file }) => file))) await removeStray(app, file);
  const mails = [...new Set(real.filter((hit) => hit.file.startsWith('mail/')).map(({ file }) => file))];
  const counts = {
    ...(await removeRawMails(app, plan, mails, keepPlan)),
    ...(await removeAttachments(app, plan, needles, real)),
  };
  await removeUnnamedExports(app);
  return counts;
}

const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);

async function removeRawMails(
  app: App,
  plan: Plan,
  files: string[],
  keepPlan: () => Promise<void>,
): Promise<Record<string, number>> {
  const counts = { 'raw-mails': 0, tray: 0 };
  const rows = new Map(findMailsOnDisk(app, files.map(nameOf)).map((row) => [row.disk_name, row]));
  for (const file of files) {
    const mail = rows.get(nameOf(file));
    if (!mail) continue;
    if (mail.state === 'done') {
      await app.write(() => {
        forgetRaw(app, mail);
        if (mail.ticket_id !== null) forgetExports(app, exportsOnTickets(app, [mail.ticket_id]));
      });
      await removeRaw(app, nameOf(file));
      counts['raw-mails'] += 1;
    } else if (mail.state !== 'stored') counts.tray += await removeWaiting(app, plan, mail, keepPlan);
  }
  return counts;
}

const findRawOf = queryColumn<[messageIds: string], string>(`
  SELECT disk_name FROM inbound_mails WHERE message_id IN (SELECT value FROM json_each(?)) AND disk_name IS NOT NULL`);

/** The raw mails of messages of others out of which the person was taken. Returns how many went. */
export async function removeRawOfMessages(app: App, messageIds: number[]): Promise<number> {
  const names = findRawOf(app.db, JSON.stringify(messageIds));
  for (const mail of findMailsOnDisk(app, names)) {
    await app.write(() => forgetRaw(app, mail));
    await removeRaw(app, mail.disk_name as string);
  }
  return names.length;
}

async function removeWaiting(
  app: App,
  plan: Plan,
  mail: InboundMailRow,
  keepPlan: () => Promise<void>,
): Promise<number> {
  const diskName = mail.disk_name as string;
  const theirs = isFrom(await readRaw(app, diskName), plan.addresses);
  if (!theirs && plan.decision.othersFiles === 'keep') {
    keep(plan, `mail/${diskName.slice(0, 2)}/${diskName}`);
    return 0;
  }
  const onServer = theirs ? placeOnServer(mail) : undefined;
  if (plan.onServer && onServer) {
    plan.onServer.push(onServer);
    await keepPlan();
  }
  // It hangs on no ticket, so that the plan did not know of it: taken in again it would stand in the tray again (P5).
  if (theirs) await enterIntoLedger(app, [{ kind: 'mail', text: mail.dedupe_key }]);
  await app.write(() => forgetWaiting(app, mail, theirs));
  await removeRaw(app, diskName);
  return 1;
}

/** A file that no row names: an upload or a mail that a crash cut off, unless it is being stored this very moment. */
async function removeStray(app: App, file: string): Promise<void> {
  const name = nameOf(file);
  if (findMailsOnDisk(app, [name]).length > 0 || isFileNamed(app.db, name) === 1) return;
  const path = join(app.config.data, file);
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  const isOfEarlierLife = found.mtimeMs < performance.timeOrigin;
  if (isOfEarlierLife || app.clock.now() - found.mtimeMs > STRAY_AGE) await removeQuietly(path);
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
  forgetExports(app, exportsOnTickets(app, [...tickets]));
  for (const ticket of tickets) for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
}

async function removeQuietly(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
