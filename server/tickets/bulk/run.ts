// Changes many tickets in small steps: what is asked for is written down first, so neither a crash nor a restart ends it.
import { type Agent, agentOf, findAgentById } from '../../agents';
import type { App } from '../../app';
import { record } from '../../events';
import { enqueue } from '../../jobs';
import { DAY, SECOND } from '../../lib/clock';
import { mayRole } from '../../roles';
import { seenTicket } from '../access';
import { FIRST, type ListKey, listTickets, savedOf, type View } from '../list';
import { findTicketById } from '../queries';
import type { Ticket } from '../ticket';
import { seenInTrash } from '../trash/trash';
import { savedViewsFor } from '../views/saved-view';
import { workInSteps } from '../work-in-steps';
import { applyChange, type Change, changeBack, readChange, type Seen, seenOf } from './change';
import {
  type BulkItem,
  type BulkRun,
  deleteRun,
  deleteSomeItems,
  findItems,
  findOldRun,
  findRun,
  findUndoOf,
  insertItem,
  insertRun,
  updateCursor,
  updateDone,
  updateEnded,
  updateItem,
  updateTotal,
} from './queries';

export const BULK_JOB = 'change many tickets';

/** A step ends after so many ms, or so many tickets; its commit comes on top. */
const LONGEST_STEP = 12;
const ITEMS_A_STEP = 50;
const GATHERED_A_STEP = 200;
/** Then the request that began it is answered; what is left is a job's. */
const FIRST_TURN = SECOND;
const KEPT = 7 * DAY;
const SWEPT_A_STEP = 500;

/** Inside a transaction. `tickets` are ids; or everything in a list, which is read in steps as well. */
export function beginRun(
  app: App,
  actor: Agent,
  change: Change,
  what: { tickets: number[] } | { list: View; edition: number },
): number {
  const list = 'list' in what ? what.list : null;
  const cursor = list === null ? null : JSON.stringify(FIRST);
  const edition = 'list' in what ? what.edition : null;
  const asked = JSON.stringify(change);
  const id = insertRun(app.db, actor.id, asked, list, edition, cursor, null, app.clock.now());
  if ('tickets' in what) addItems(app, id, change, what.tickets);
  return start(app, actor, id, change.kind);
}

/** Takes back what a run has changed, once. Inside a transaction; undefined when that was asked for already. */
export function beginUndo(app: App, actor: Agent, run: BulkRun): number | undefined {
  if (run.undoes_id !== null || run.state === 'running' || findUndoOf(app.db, run.id) !== undefined)
    return undefined;
  const id = insertRun(app.db, actor.id, run.change, null, null, JSON.stringify(0), run.id, app.clock.now());
  return start(app, actor, id, 'undo');
}

function start(app: App, actor: Agent, id: number, kind: string): number {
  record(app, 'bulk.begun', actor, { id }, { kind });
  enqueue(app, BULK_JOB, { run: id }, { runAt: app.clock.now() + 3 * FIRST_TURN });
  return id;
}

/** As far as it comes in a moment; true when all is done. */
export const runAtOnce = (app: App, id: number): Promise<boolean> =>
  workInSteps(app, () => step(app, id), FIRST_TURN);

export async function runBulk(app: App, { run }: { run: number }): Promise<void> {
  if (!(await workInSteps(app, () => step(app, run)))) await app.write(() => enqueue(app, BULK_JOB, { run }));
}

/** True while there is more. Whoever may change tickets no more, or has left, changes no more of them. */
function step(app: App, id: number): boolean {
  const run = findRun(app.db, id);
  if (run?.state !== 'running') return false;
  const row = findAgentById(app.db, run.agent_id);
  if (row?.state !== 'active' || !mayRole(row.role, 'tickets.change')) return end(app, run, 'stopped');
  const actor = agentOf(row);
  const isMore = run.cursor === null ? changeSome(app, actor, run) : gatherSome(app, actor, run, run.cursor);
  app.db.afterCommit(() => app.hub.signal(`agent:${actor.id}`, 'bulk:changed', { run: id }));
  return isMore || end(app, run, 'done');
}

function end(app: App, run: BulkRun, state: 'done' | 'stopped'): false {
  updateEnded(app.db, state, app.clock.now(), run.id);
  return false;
}

/** All is found before anything is changed, because a change may take tickets out of the list that is being read. */
function gatherSome(app: App, actor: Agent, run: BulkRun, cursor: string): boolean {
  const change = readChange(run.change);
  if (run.undoes_id !== null) {
    const items = findItems(app.db, run.undoes_id, 'changed', JSON.parse(cursor) as number, GATHERED_A_STEP);
    for (const { ticket_id, seen } of items) insertItem(app.db, run.id, ticket_id, seen);
    updateTotal(app.db, items.length, run.id);
    updateCursor(
      app.db,
      items.length < GATHERED_A_STEP ? null : JSON.stringify(items.at(-1)?.ticket_id),
      run.id,
    );
    return true;
  }
  // A saved view may be gone by now, or ask for something else than was agreed to; nothing is changed then.
  if (editionOf(app, actor, run.list as View) !== run.edition_id) return end(app, run, 'stopped');
  const after = JSON.parse(cursor) as ListKey;
  const { rows, next } = listTickets(app, actor, run.list as View, after, GATHERED_A_STEP);
  addItems(
    app,
    run.id,
    change,
    rows.map(([id]) => id),
  );
  updateCursor(app.db, next ? JSON.stringify(next) : null, run.id);
  return true;
}

/** Which conditions a view has, by number, 0 for those that never change; undefined while it is not whole, or is gone. */
export function editionOf(app: App, actor: Agent, view: View): number | undefined {
  const id = savedOf(view);
  if (id === undefined) return 0;
  const saved = savedViewsFor(app, actor).find((one) => one.id === id);
  return saved?.isFilled ? saved.editionId : undefined;
}

function addItems(app: App, runId: number, change: Change, tickets: number[]): void {
  let added = 0;
  for (const id of tickets) {
    const ticket = findTicketById(app.db, id);
    if (ticket) added += insertItem(app.db, runId, id, JSON.stringify(seenOf(ticket, change)));
  }
  updateTotal(app.db, added, runId);
}

function changeSome(app: App, actor: Agent, run: BulkRun): boolean {
  const change = readChange(run.change);
  const items = findItems(app.db, run.id, 'waiting', 0, ITEMS_A_STEP);
  const counts = { changed: 0, same: 0, refused: 0 };
  const until = performance.now() + LONGEST_STEP;
  let looked = 0;
  for (const item of items) {
    const outcome = changeOne(app, actor, change, item, run.undoes_id !== null);
    updateItem(app.db, outcome, run.id, item.ticket_id);
    counts[outcome === 'changed' || outcome === 'same' ? outcome : 'refused'] += 1;
    looked += 1;
    if (performance.now() > until) break;
  }
  updateDone(app.db, counts.changed, counts.same, counts.refused, run.id);
  return looked < items.length || items.length === ITEMS_A_STEP;
}

/**
 * Permission is asked for each ticket, at the moment it is changed. Who gave tickets to a team that is not theirs sees them no
 * longer, and may take that back all the same.
 */
function changeOne(
  app: App,
  actor: Agent,
  change: Change,
  { ticket_id, seen }: BulkItem,
  isUndo: boolean,
): Exclude<BulkItem['outcome'], 'waiting'> {
  const ticket =
    change.kind === 'trash' && isUndo
      ? seenInTrash(app, actor, ticket_id)
      : change.kind === 'team' && isUndo
        ? keptTicket(app, ticket_id)
        : seenTicket(app, actor, ticket_id);
  if (!ticket) return 'gone';
  const was = JSON.parse(seen ?? 'null') as Seen;
  if (!isUndo) return applyChange(app, actor, ticket, change, was);
  const back = changeBack(ticket, change, was);
  return back ? applyChange(app, actor, ticket, back, seenOf(ticket, change)) : 'taken';
}

function keptTicket(app: App, id: number): Ticket | undefined {
  const ticket = findTicketById(app.db, id);
  return ticket?.deleted_at === null && ticket.merged_into_id === null ? ticket : undefined;
}

/** What was changed long ago is not taken back any more. */
export async function sweepRuns(app: App): Promise<number> {
  let swept = 0;
  await workInSteps(app, () => {
    const id = findOldRun(app.db, app.clock.now() - KEPT);
    if (id === undefined) return false;
    if (deleteSomeItems(app.db, id, SWEPT_A_STEP) === SWEPT_A_STEP) return true;
    deleteRun(app.db, id);
    swept += 1;
    return true;
  });
  return swept;
}
