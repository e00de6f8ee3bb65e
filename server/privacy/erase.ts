// An erasure begins: refused while something must be kept, else written down and carried out step by step (erasing.ts).
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { App } from '../app';
import { type CustomerRow, findCustomerById, withMerged } from '../customers';
import { type Actor, type EventName, record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { Conflict } from '../lib/errors';
import { randomId } from '../lib/ids';
import { seal, unseal } from '../lib/secret-box';
import { findOnServers } from '../mail';
import { type Decision, emptyPlan, type Plan, planFor } from './identity';
import { exportsOnTickets } from './others-exports';
import {
  findErasure,
  findOwedErasures,
  findOwnTickets,
  findTicketsOfAddress,
  insertErasure,
} from './queries';
import { endInterrupted } from './runs';
import { type ErasureKind, endingOf, holdsOn, ownFiles, ownRows } from './survey';

export const ERASE_JOB = 'erase';

export interface Begun {
  id: number;
  publicId: string;
}

export interface Wish {
  kind: ErasureKind;
  decision: Decision;
  /** Address keys of somebody who is no customer and was only ever copied. */
  copiedAs?: string[];
  /** Their mails are removed from the mail servers too (P5). */
  alsoOnServer?: boolean;
}

/**
 * `people` go together: a customer, and those in chats who only claimed the same address. Throws Conflict while a hold
 * stands: it names the ground, and the rest is for the page to show (P7); and when one of them is merged in that moment.
 */
export async function beginErasure(
  app: App,
  actor: Actor,
  people: CustomerRow[],
  { kind, decision, copiedAs = [], alsoOnServer = false }: Wish,
): Promise<Begun> {
  const plan: Plan = {
    ...emptyPlan(withMerged(app, people), decision),
    addresses: copiedAs,
    onServer: alsoOnServer ? [] : undefined,
  };
  return write(app, actor, 'erasure.begun', kind, plan, () => {
    if (holdsOn(app, plan).length > 0)
      throw Conflict('Something about this customer is on hold and cannot be erased yet.');
    if (!isOf(app, plan, people))
      throw Conflict('This customer was merged or taken out again meanwhile, and nothing was erased.');
  });
}

/** Whether the plan still names everybody who is one with these. */
function isOf(app: App, plan: Plan, people: CustomerRow[]): boolean {
  const isAsBefore = (person: CustomerRow) =>
    findCustomerById(app.db, person.id)?.merged_into_id === person.merged_into_id;
  const named = new Set(plan.customers.map(({ id }) => id));
  const now = new Set(withMerged(app, people).map(({ id }) => id));
  return people.every(isAsBefore) && now.size === named.size && [...now].every((id) => named.has(id));
}

/**
 * The same for somebody whom the ledger names, in a copy that is being restored: nothing holds it up, and the ledger knows
 * already. Without people it is only addresses, where others wrote them.
 */
export async function beginReplay(
  app: App,
  who: {
    kind: ErasureKind;
    people?: CustomerRow[];
    addresses?: string[];
    keptOn: Decision['ground'] | undefined;
  },
): Promise<number> {
  const plan = emptyPlan(
    withMerged(app, who.people ?? []),
    who.keptOn ? { othersFiles: 'keep', ground: who.keptOn } : { othersFiles: 'remove' },
  );
  plan.replayed = true;
  plan.addresses = who.addresses ?? [];
  return (await write(app, SYSTEM, 'erasure.replayed', who.kind, plan)).id;
}

/** `check` is asked inside the transaction, because sealing takes a moment in which things change. */
async function write(
  app: App,
  actor: Actor,
  event: EventName,
  kind: ErasureKind,
  plan: Plan,
  check: () => void = () => undefined,
): Promise<Begun> {
  const sealed = await sealPlan(app, plan);
  const publicId = randomId();
  const agent = actor.kind === 'agent' ? actor.id : null;
  const id = await app.write(() => {
    check();
    const erasure = insertErasure(app.db, publicId, kind, sealed, agent, app.clock.now());
    record(app, event, actor, { id: erasure }, { kind });
    return erasure;
  });
  return { id, publicId };
}

/** The first step: reads who they are and what there is of them, as it stands now. */
export async function readWhole(
  app: App,
  { customers, addresses, decision, replayed, onServer }: Plan,
  kind: ErasureKind,
): Promise<Plan> {
  const people = customers.flatMap(({ id }) => findCustomerById(app.db, id) ?? []);
  const plan: Plan = { ...planFor(app, people, decision, addresses), customers, replayed };
  plan.addresses = [...new Set([...plan.addresses, ...addresses])];
  plan.joint = [
    ...new Set([...plan.joint, ...addresses.flatMap((key) => findTicketsOfAddress(app.db, key))]),
  ];
  if (onServer) plan.onServer = findOnServers(app, plan.mailKeys);
  plan.files = await ownFiles(app, plan);
  plan.othersExports = exportsOnTickets(app, [
    ...plan.customers.flatMap(({ id }) => findOwnTickets(app.db, id)),
    ...plan.joint,
  ]);
  for (const [table, keys] of await ownRows(app, plan, endingOf(kind))) plan.counts[table] = keys.size;
  return plan;
}

/** For the queue: the page shows how far it is. */
export const enqueueErasure = (app: App, id: number) =>
  app.write(() => enqueue(app, ERASE_JOB, { erasure: id }, { key: `erase ${id}` }));

/** At start: an erasure that a crash interrupted goes on where it was; a retention run that was is listed as failed. */
export async function resumeInterrupted(app: App): Promise<void> {
  await app.write(() => endInterrupted(app.db, app.clock.now()));
  await tryErasuresAgain(app);
}

/** What somebody has a right to is not left lying: each start and each night tries again what failed or was broken off. */
export async function tryErasuresAgain(app: App): Promise<number> {
  const owed = findOwedErasures(app.db);
  for (const id of owed) await enqueueErasure(app, id);
  return owed.length;
}

/** Sealed, because it holds once more everything that is to go; the column is emptied at the end. */
export async function sealPlan(app: App, plan: Plan): Promise<Buffer> {
  const packed = await promisify<Buffer, Buffer>(deflate)(Buffer.from(JSON.stringify(plan)));
  return seal(app.key, packed.toString('base64'));
}

export async function readPlan(app: App, id: number): Promise<Plan | undefined> {
  const sealed = findErasure(app.db, id)?.plan;
  if (!sealed) return undefined;
  const packed = await promisify<Buffer, Buffer>(inflate)(Buffer.from(unseal(app.key, sealed), 'base64'));
  return JSON.parse(packed.toString('utf8')) as Plan;
}
