// An erasure begins: refused while something must be kept, else written down and carried out step by step (erasing.ts).
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { App } from '../app';
import type { CustomerRow } from '../customers';
import { type Actor, record } from '../events';
import { enqueue } from '../jobs';
import { Conflict } from '../lib/errors';
import { randomId } from '../lib/ids';
import { seal, unseal } from '../lib/secret-box';
import { type Decision, type Plan, planFor } from './identity';
import {
  findErasure,
  findHolds,
  findTicketsOfAddress,
  findUnfinishedErasures,
  insertErasure,
} from './queries';
import { type ErasureKind, endingOf, ownFiles, ownRows } from './survey';

export const ERASE_JOB = 'erase';

export interface Begun {
  id: number;
  publicId: string;
}

/** Throws Conflict while a hold stands: it names the ground, and the rest is for the page to show (P7). */
export async function beginErasure(
  app: App,
  actor: Actor,
  customer: CustomerRow,
  wish: { kind: ErasureKind; decision: Decision },
): Promise<Begun> {
  if (findHolds(app.db, customer.id, customer.id).length > 0)
    throw Conflict('Something about this customer is on hold and cannot be erased yet.');
  const plan = planFor(app, customer, wish.decision);
  plan.files = ownFiles(app, plan);
  for (const [table, keys] of ownRows(app, plan, endingOf(wish.kind))) plan.counts[table] = keys.size;
  const sealed = await sealPlan(app, plan);
  const publicId = randomId();
  const id = await app.write(() => {
    const erasure = insertErasure(
      app.db,
      publicId,
      wish.kind,
      sealed,
      actor.kind === 'agent' ? actor.id : null,
      app.clock.now(),
    );
    record(app, 'erasure.begun', actor, { id: erasure }, { kind: wish.kind });
    return erasure;
  });
  return { id, publicId };
}

/**
 * The same for somebody whom the ledger names, in a copy that is being restored: nothing holds it up, and the ledger knows
 * already. Without a customer it is only addresses, where others wrote them.
 */
export async function beginReplay(
  app: App,
  actor: Actor,
  who: { kind: ErasureKind; customer?: CustomerRow; addresses?: string[] },
): Promise<number> {
  const nobody = { id: 0, public_id: '' };
  const plan = planFor(app, who.customer ?? nobody, { othersFiles: 'remove' });
  plan.replayed = true;
  if (who.addresses) {
    plan.addresses = who.addresses;
    plan.joint = [...new Set(who.addresses.flatMap((key) => findTicketsOfAddress(app.db, key)))];
  }
  plan.files = ownFiles(app, plan);
  const sealed = await sealPlan(app, plan);
  return app.write(() => {
    const id = insertErasure(app.db, randomId(), who.kind, sealed, null, app.clock.now());
    record(app, 'erasure.replayed', actor, { id }, { kind: who.kind });
    return id;
  });
}

/** For the queue: the page shows how far it is. */
export const enqueueErasure = (app: App, id: number) =>
  app.write(() => enqueue(app, ERASE_JOB, { erasure: id }, { key: `erase ${id}` }));

/** At start: an erasure that a crash interrupted goes on where it was. */
export async function resumeErasures(app: App): Promise<void> {
  for (const id of findUnfinishedErasures(app.db)) await enqueueErasure(app, id);
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
