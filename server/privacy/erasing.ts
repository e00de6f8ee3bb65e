// An erasure, step by step. Each step can be repeated: after a crash it goes on with the plan that was written down first.
import type { App } from '../app';
import { sweepFiles } from '../attachments';
import { emptyJournal, wipeSlack } from '../db';
import type { JobWork } from '../jobs';
import { oneAtATime } from '../lib/one-at-a-time';
import { endImportsForErasure, mergeToTheEnd } from '../tickets';
import { arrivalsFiled } from './arrivals';
import { writeCertificate } from './certificate';
import { type Checked, checkNothingIsLeft, StillThere } from './check';
import { lookElsewhere } from './elsewhere';
import { endRows, endStrays } from './end-rows';
import { readPlan, readWhole, sealPlan } from './erase';
import { factsOf } from './facts';
import { needlesOf, type Plan } from './identity';
import { enterIntoLedger } from './ledger';
import { findHits } from './namesakes';
import { exportsOnTickets, forgetExports } from './others-exports';
import { settleOutside } from './outside';
import {
  type ErasureRow,
  findErasure,
  updateErasureChecked,
  updateErasureFailed,
  updateErasurePlan,
  updateErasureStep,
} from './queries';
import { removeOthersFiles, removeOwnFiles } from './remove-files';
import { sealRest } from './rest';
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
  'outside',
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

/** Runs to the certificate, also when something outside is still owed; or leaves the erasure `failed` with its reason on its page and throws on. */
export function performErasure(app: App, id: number): Promise<void> {
  return oneAtATime(app, async () => {
    const erasure = findErasure(app.db, id);
    if (!erasure || erasure.state === 'done') return;
    try {
      if (erasure.step !== 'outside') await perform(app, erasure, await readPlan(app, id));
      await settleOutside(app, id);
    } catch (error) {
      await app.write(() => updateErasureFailed(app.db, failureOf(error), id));
      throw error;
    }
  });
}

async function perform(app: App, erasure: ErasureRow, begun: Plan | undefined): Promise<void> {
  if (!begun) throw new Error('an erasure has lost its plan');
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
  const hits = await findHits(app, plan);
  const certificate = writeCertificate(app.key, factsOf(app, erasure, plan, checked, hits));
  const { onServer = [], namesakes, replayed } = plan;
  const rest = sealRest(app, { mails: onServer, names: namesakes, hits, replayed });
  await app.write(() => updateErasureChecked(app.db, certificate, rest, erasure.id));
}

/** From here on the plan is what is gone by: a step that is repeated finds less than the first time. */
async function read(app: App, erasure: ErasureRow, begun: Plan): Promise<Plan> {
  await endImportsForErasure(app);
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
    const keepPlan = () => keep(app, erasure, plan);
    const removed = await removeOthersFiles(app, plan, searcher, returned.files, keepPlan);
    for (const [what, n] of Object.entries(removed)) count(plan, what, n);
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
    await keep(app, erasure, plan);
  }
}

async function keep(app: App, erasure: ErasureRow, plan: Plan): Promise<void> {
  const sealed = await sealPlan(app, plan);
  await app.write(() => updateErasurePlan(app.db, sealed, erasure.id));
}

function count(plan: Plan, what: string, n: number): void {
  plan.counts[what] = (plan.counts[what] ?? 0) + n;
}

/** The queue's: begun on a customer's page. */
export const eraseWork: JobWork = (app, payload: { erasure: number }) => performErasure(app, payload.erasure);
