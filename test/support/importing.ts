// Bringing old mail to a desk, as the command and the page do, and looking at what came of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Ticket } from '../../server/tickets';
import { copyFrom } from '../../server/tickets/moving-in/brought';
import { beginImport, undoImport } from '../../server/tickets/moving-in/change';
import {
  type Counts,
  countsOf,
  findOutcomes,
  findRun,
  type ImportOptions,
  type ImportRun,
} from '../../server/tickets/moving-in/import';
import { importTurn } from '../../server/tickets/moving-in/work';
import type { Desk } from './desk';

/** Files by their path, in a folder of their own; what `use` returns is returned when they are gone again. */
export async function withFiles<T>(
  files: Record<string, Buffer | string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'brought-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Wish extends Partial<ImportOptions> {
  mailbox: { id: number };
}

/** Takes the files into the data folder and begins; nothing is read yet. */
export function begun(desk: Desk, files: Record<string, Buffer | string>, wish: Wish): Promise<number> {
  const { openDays = 30, ownAddresses = [], mailbox } = wish;
  return withFiles(files, async (folder) => {
    const brought = await copyFrom(desk.app, folder);
    return desk.app.write(() =>
      beginImport(desk.app, desk.owner, mailbox, { openDays, ownAddresses }, brought),
    );
  });
}

export async function toItsEnd(desk: Desk, id: number): Promise<ImportRun> {
  while (await importTurn(desk.app, id));
  return runNow(desk, id);
}

export const runNow = (desk: Desk, id: number): ImportRun => findRun(desk.app.db, id) as ImportRun;
export const outcomes = (desk: Desk, id: number): Counts => countsOf(findOutcomes(desk.app.db, id));

/** From the first byte to the last mail. */
export async function imported(
  desk: Desk,
  files: Record<string, Buffer | string>,
  wish: Wish,
): Promise<number> {
  const id = await begun(desk, files, wish);
  const run = await toItsEnd(desk, id);
  if (run.state !== 'done') throw new Error(`The import is ${run.state}: ${run.problem}`);
  return id;
}

export async function undone(desk: Desk, id: number): Promise<ImportRun> {
  const isBegun = await desk.app.write(() => undoImport(desk.app, desk.owner, runNow(desk, id)));
  if (!isBegun) throw new Error('It could not be undone.');
  return toItsEnd(desk, id);
}

export const ticketsOf = (desk: Desk): Ticket[] =>
  desk.rows<Ticket>('SELECT * FROM tickets ORDER BY created_at, id');

export const tagsOf = (desk: Desk, ticket: { id: number }): string[] =>
  desk
    .rows<{ name: string }>(
      'SELECT name FROM tags JOIN ticket_tags ON tag_id = tags.id WHERE ticket_id = ? ORDER BY name',
      ticket.id,
    )
    .map(({ name }) => name);
