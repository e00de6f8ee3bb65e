// An erasure, step by step. Each step can be repeated: after a crash it goes on with the plan that was written down first.
import type { App } from '../app';
import { sweepFiles } from '../attachments';
import { emptyJournal, wipeSlack } from '../db';
import { record, SYSTEM } from '../events';
import type { JobWork } from '../jobs';
import { oneAtATime } from '../lib/one-at-a-time';
import { mergeToTheEnd } from '../tickets';
import { VERSION } from '../version';
import { arrivalsFiled } from './arrivals';
import { backupPlaces, lastCopyGone } from './backups';
import { type CertificateFacts, writeCertificate } from './certificate';
import { type Checked, checkNothingIsLeft, StillThere } from './check';
import { lookElsewhere } from './elsewhere';
import { endRows, endStrays } from './end-rows';
import { readPlan, readWhole, sealPlan } from './erase';
import { needlesOf, type Plan } from './identity';
import { carryToPlaces, enterIntoLedger } from './ledger';
import { exportsOnTickets, forgetExports } from './others-exports';
import {
  type ErasureRow,
  findErasure,
  updateErasureDone,
  updateErasureFailed,
  updateErasurePlan,
  updateErasureStep,
} from './queries';
import { removeOthersFiles, removeOwnFiles } from './remove-files';
import { findReturned } from './returned';
import { Searcher } from './spans';
import { takeOutOfPlaces, takeOutQuotes, ticketsOfPlaces } from './take-out';

/** In their order; the page shows them so. */
export const STEPS = [
  'reading',
  'ledger',
  'rows',
  'elsewhere',
  'files',
  'index',
  'wiping',
  'checking',
  'done',
] as const;
export type Step = (typeof STEPS)[number];

/** Somebody may be writing about them this very moment; then it is looked through once more. */
const ROUNDS = 3;

/** What stops an erasure in words that pages know: `privacy.erasure.failed.…`. */
export const failureOf = (error: unknown): string =>
  error instanceof StillThere
    ? JSON.stringify({ why: 'found', places: error.places })
    : '{"why":"unexpected"}';

/** Runs to the certificate, or leaves the erasure `failed` with its reason on its page and throws on. */
export function performErasure(app: App, id: number): Promise<void> {
  return oneAtATime(app, async () => {
    const plan = await readPlan(app, id);
    const erasure = findErasure(app.db, id);
    if (!plan || !erasure) return;
    try {
      await perform(app, erasure, plan);
    } catch (error) {
      await app.write(() => updateErasureFailed(app.db, failureOf(error), id));
      throw error;
    }
  });
}

async function perform(app: App, erasure: ErasureRow, begun: Plan): Promise<void> {
  const step = (name: Step) => app.write(() => updateErasureStep(app.db, name, erasure.id));
  const isAt = (name: Step) => STEPS.indexOf(erasure.step as Step) <= STEPS.indexOf(name);
  const plan = isAt('reading') ? await read(app, erasure, begun) : begun;
  // Never again later: then somebody may have come back, whom an entry of today would erase in a restore (P5).
  if (isAt('ledger') && !plan.replayed) await enterIntoLedger(app, ledgerEntries(plan, erasure.kind));
  if (isAt('rows')) {
    await step('rows');
    await endRows(app, erasure, plan, () => updateErasureStep(app.db, 'elsewhere', erasure.id));
  }
  const checked = await takeOutAndCheck(app, erasure, plan, step);
  const missed = plan.replayed ? [] : await carryToPlaces(app, backupPlaces(app));
  const facts = certificateOf(app, erasure, plan, checked, missed.length);
  await app.write(() => {
    updateErasureDone(app.db, writeCertificate(app.key, facts), app.clock.now(), erasure.id);
    record(app, 'erasure.done', SYSTEM, erasure, { kind: erasure.kind });
  });
  await emptyJournal(app.db);
}

/** From here on the plan is what is gone by: a step that is repeated finds less than the first time. */
async function read(app: App, erasure: ErasureRow, begun: Plan): Promise<Plan> {
  await arrivalsFiled(app);
  const plan = await readWhole(app, begun, erasure.kind);
  const sealed = await sealPlan(app, plan);
  await app.write(() => {
    updateErasurePlan(app.db, sealed, erasure.id);
    updateErasureStep(app.db, 'ledger', erasure.id);
  });
  return plan;
}

function ledgerEntries({ customers, addresses, mailKeys, decision }: Plan, how: ErasureRow['kind']) {
  const kept = decision.othersFiles === 'keep' && decision.ground ? { keptOn: decision.ground } : {};
  return [
    ...customers.map(({ publicId }) => ({ kind: 'customer' as const, text: publicId, how, ...kept })),
    ...addresses.map((text) => ({ kind: 'address' as const, text, ...kept })),
    ...mailKeys.map((text) => ({ kind: 'mail' as const, text })),
  ];
}

async function takeOutAndCheck(
  app: App,
  erasure: ErasureRow,
  plan: Plan,
  step: (name: Step) => Promise<unknown>,
): Promise<Checked> {
  const searcher = new Searcher(needlesOf(plan, erasure.kind));
  for (let round = 1; ; round++) {
    await step('elsewhere');
    await endStrays(app, erasure, plan);
    const returned = await findReturned(app, plan);
    const found = await lookElsewhere(app, plan, searcher, returned.rows);
    await app.write(() => forgetExports(app, exportsOnTickets(app, ticketsOfPlaces(app, found.places))));
    count(plan, 'elsewhere', await takeOutOfPlaces(app, plan, found));
    if (erasure.kind === 'erase') count(plan, 'quotes', await takeOutQuotes(app, plan));
    await step('files');
    await removeOwnFiles(app, plan);
    await sweepFiles(app);
    for (const [what, n] of Object.entries(await removeOthersFiles(app, plan, searcher, returned.files)))
      count(plan, what, n);
    await sweepFiles(app);
    await step('index');
    await mergeToTheEnd(app);
    await step('wiping');
    await wipeSlack(app.db);
    await step('checking');
    await emptyJournal(app.db);
    const outcome = await checkNothingIsLeft(app, plan, searcher);
    if (outcome.found.length === 0) return outcome.checked;
    if (round === ROUNDS) throw new StillThere(outcome.found);
    const sealed = await sealPlan(app, plan);
    await app.write(() => updateErasurePlan(app.db, sealed, erasure.id));
  }
}

function count(plan: Plan, what: string, n: number): void {
  plan.counts[what] = (plan.counts[what] ?? 0) + n;
}

/** Counted, and still there. */
const KEPT = ['kept-files', 'files-with-name', 'common', 'lookalikes', 'written-since'];

function certificateOf(
  app: App,
  erasure: ErasureRow,
  plan: Plan,
  checked: Checked,
  placesNotReached: number,
): CertificateFacts {
  const split = (wanted: boolean) =>
    Object.fromEntries(
      Object.entries({ ...plan.counts, ...checked.kept }).filter(
        ([what, n]) => n > 0 && KEPT.includes(what) === wanted,
      ),
    );
  const { addresses, names } = plan.shared;
  return {
    certificate: erasure.public_id,
    kind: erasure.kind,
    hearthdesk: VERSION,
    began: new Date(erasure.started_at).toISOString(),
    ended: new Date(app.clock.now()).toISOString(),
    removed: split(false),
    kept: {
      ...split(true),
      ...(addresses > 0 ? { 'shared-addresses': addresses } : {}),
      ...(names > 0 ? { 'ordinary-names': names } : {}),
    },
    exception: plan.decision.othersFiles === 'keep' ? (plan.decision.ground ?? null) : null,
    checked: { ...checked.figures, found: 0 },
    notSearched: ['paper', 'mailboxes-of-others', 'mail-server', 'compressed', 'first-name'],
    lastCopyGone: lastCopyGone(app),
    ledger: {
      entries: plan.customers.length + plan.addresses.length + plan.mailKeys.length,
      placesNotReached,
    },
  };
}

/** The queue's: begun on a customer's page. */
export const eraseWork: JobWork = (app, payload: { erasure: number }) => performErasure(app, payload.erasure);
