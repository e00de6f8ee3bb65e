// Retention rules at work: what they would delete, and deleting it in small steps beside everything else (P6).
import type { App } from '../app';
import { sweepFiles } from '../attachments';
import { emptyJournal, query, queryColumn, queryValue } from '../db';
import { type Actor, record, SYSTEM } from '../events';
import type { JobWork } from '../jobs';
import { DAY } from '../lib/clock';
import { oneAtATime } from '../lib/one-at-a-time';
import { removeRaw } from '../mail';
import { findTicketById, isOpen, mergeToTheEnd, signalTicketGone, type Ticket } from '../tickets';
import { labelsOf } from './end-rows';
import { endThing, nothingEnded } from './rows';
import { findRule, findRules, type RuleRow } from './rules';
import { findRuns, insertRun, type RunRow, updateRun } from './runs';

export const RETENTION_JOB = 'retention';

/** Tickets in one transaction: a few milliseconds. */
const TICKETS_A_WRITE = 20;
const PAUSE = 20;
const SOON = 30 * DAY;
const SAMPLES = 5;

const DONE =
  "status IN ('solved', 'closed') AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL";
/** A hold on the ticket or its customer, or a restriction (Art. 18), stops the rule for that scope only (P7, P14). */
export const KEPT = `(EXISTS (SELECT 1 FROM holds WHERE released_at IS NULL AND (holds.ticket_id = tickets.id OR holds.customer_id = tickets.customer_id))
  OR EXISTS (SELECT 1 FROM customers WHERE customers.id = tickets.customer_id AND restricted_at IS NOT NULL))`;

const findDue = queryColumn<[before: number, afterId: number, limit: number], number>(
  `SELECT id FROM tickets WHERE ${DONE} AND activity_at < ? AND id > ? AND NOT ${KEPT} ORDER BY id LIMIT ?`,
);
const findMerged = queryColumn<[id: number], number>(
  `SELECT id FROM tickets WHERE merged_into_id = ? AND NOT ${KEPT} ORDER BY id`,
);
const countDue = queryValue<[from: number, before: number], number>(
  `SELECT count(*) FROM tickets WHERE ${DONE} AND activity_at >= ? AND activity_at < ? AND NOT ${KEPT}`,
);
const countKept = queryValue<[before: number], number>(
  `SELECT count(*) FROM tickets WHERE ${DONE} AND activity_at < ? AND ${KEPT}`,
);
const findSamples = query<
  [before: number, limit: number],
  { number: number; subject: string; activity_at: number }[]
>(
  `SELECT number, subject, activity_at FROM tickets WHERE ${DONE} AND activity_at < ? AND NOT ${KEPT} ORDER BY activity_at LIMIT ?`,
);

export interface Preview {
  /** What goes now, and what would in the next 30 days. */
  now: number;
  soon: number;
  /** On hold or restricted: stays. */
  kept: number;
  samples: { number: number; subject: string; at: number }[];
}

const cutOf = (app: App, days: number) => app.clock.now() - days * DAY;

export function previewRule(app: App, days: number): Preview {
  const cut = cutOf(app, days);
  return {
    now: countDue(app.db, 0, cut) ?? 0,
    soon: countDue(app.db, cut, cut + SOON) ?? 0,
    kept: countKept(app.db, cut) ?? 0,
    samples: findSamples(app.db, cut, SAMPLES).map(({ number, subject, activity_at: at }) => ({
      number,
      subject,
      at,
    })),
  };
}

/** For the ticket's page: when a rule that is on would delete it as it stands. */
export function keptUntil(app: App, ticket: Ticket): number | undefined {
  if (isOpen(ticket.status) || ticket.is_spam) return undefined;
  const rule = findRule(app.db, 'solved-tickets');
  return rule?.is_on ? ticket.activity_at + rule.days * DAY : undefined;
}

/** All rules that are on, one after another. A failure is on its run's row and thrown on. */
export async function runRules(app: App, actor: Actor = SYSTEM): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const rule of findRules(app.db).filter(({ is_on: isOn }) => isOn === 1)) {
    for (const [what, n] of Object.entries(await runRule(app, actor, rule))) all[what] = (all[what] ?? 0) + n;
  }
  return all;
}

/** One rule now. The run and its counts are listed on the page, and so is what went wrong. */
export function runRule(app: App, actor: Actor, rule: RuleRow): Promise<Record<string, number>> {
  return oneAtATime(app, async () => {
    const id = await app.write(() =>
      insertRun(app.db, rule.id, app.clock.now(), actor.kind === 'agent' ? actor.id : null),
    );
    const counts: Record<string, number> = {
      tickets: 0,
      kept: countKept(app.db, cutOf(app, rule.days)) ?? 0,
    };
    try {
      await deleteDue(app, findDue, cutOf(app, rule.days), counts);
      await app.write(() => {
        updateRun(app.db, app.clock.now(), JSON.stringify(counts), null, id);
        record(app, 'retention.run', actor, rule, { tickets: counts['tickets'] ?? 0 });
      });
      return counts;
    } catch (error) {
      const kind = error instanceof Error ? error.name : 'Error';
      await app.write(() => updateRun(app.db, app.clock.now(), JSON.stringify(counts), kind, id));
      throw error;
    }
  });
}

/** Deletes what `find` finds before a time, in small steps, to the last byte; `counts` tells how far it came. */
export async function deleteDue(
  app: App,
  find: typeof findDue,
  cut: number,
  counts: Record<string, number>,
): Promise<void> {
  let last = 0;
  for (
    let ids = find(app.db, cut, last, TICKETS_A_WRITE);
    ids.length > 0;
    ids = find(app.db, cut, last, TICKETS_A_WRITE)
  ) {
    const ended = await app.write(() => deleteTickets(app, ids));
    for (const [table, n] of Object.entries(ended.rows)) counts[table] = (counts[table] ?? 0) + n;
    for (const name of ended.files.mail) await removeRaw(app, name);
    last = ids.at(-1) as number;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  // Also when nothing was due: a run before may have been broken off between the rows and these.
  counts['files'] = await sweepFiles(app);
  await mergeToTheEnd(app);
  await emptyJournal(app.db);
}

function deleteTickets(app: App, ids: number[]) {
  // Figures are counted before what they count is gone (P10).
  app.followers.readAll();
  const ended = nothingEnded();
  for (const id of ids.flatMap((one) => [...mergedInto(app, one), one])) {
    const ticket = findTicketById(app.db, id);
    if (!ticket) continue;
    signalTicketGone(app, ticket);
    endThing(app, 'retain', 'ticket', id, labelsOf(app), ended);
    record(app, 'ticket.expired', SYSTEM, ticket);
  }
  return ended;
}

/** What was merged into a ticket goes with it: the two are one conversation. Those merged into them come first. */
const mergedInto = (app: App, id: number): number[] =>
  findMerged(app.db, id).flatMap((one) => [...mergedInto(app, one), one]);

export const lastRuns = (app: App, limit = 20): RunRow[] => findRuns(app.db, limit);

/** "Run now", from the page of rules. */
export const retentionWork: JobWork = async (app, payload: { agent: number }) =>
  void (await runRules(app, { kind: 'agent', id: payload.agent }));
