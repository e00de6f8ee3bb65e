// A ticket sleeps until a time, or until its customer answers; then it is on top of the lists again.
import type { Agent } from '../agents';
import type { App } from '../app';
import { change } from '../db';
import { type Actor, record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { bringUpToDate } from './access';
import { addSystemLine } from './add-message';
import { signalTicket } from './live';
import { findTicketById } from './queries';
import { isOpen, type Ticket } from './ticket';

export const WAKE_JOB = 'wake a ticket';

const updateSnoozed = change<[now: number, until: number | null, by: number, id: number]>(
  'UPDATE tickets SET snoozed_at = ?, snoozed_until = ?, snoozed_by = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
const updateAwake = change<[activityAt: number | null, id: number]>(`
  UPDATE tickets SET snoozed_at = NULL, snoozed_until = NULL, snoozed_by = NULL, activity_at = coalesce(?, activity_at),
         changed_sequence = changed_sequence + 1 WHERE id = ?`);

/**
 * `until` null: until the customer answers, which ends it in any case. The time is a row of the queue, so a restart does not
 * forget it. False for a ticket that is done or spam: it is in no list that it could leave.
 */
export function snoozeTicket(app: App, actor: Agent, ticket: Ticket, until: number | null): boolean {
  bringUpToDate(app, ticket);
  if (!isOpen(ticket.status) || ticket.is_spam) return false;
  updateSnoozed(app.db, app.clock.now(), until, actor.id, ticket.id);
  if (until !== null)
    enqueue(app, WAKE_JOB, { ticket: ticket.id, until }, { runAt: until, key: `wake ${ticket.id} ${until}` });
  record(app, 'ticket.snoozed', actor, ticket, { until });
  const key = until === null ? 'tickets.says.snoozed.answer' : 'tickets.says.snoozed';
  addSystemLine(app, ticket, key, { who: actor.name, ...(until === null ? {} : { at: until }) });
  bringUpToDate(app, ticket);
  signalTicket(app, ticket.id);
  return true;
}

/** Why it wakes: its time has come, an agent wants it, the customer answered, or it is done or spam. */
export type WakeReason = 'due' | 'hand' | 'answer' | 'done';

/** Inside a transaction. Does nothing to one that is awake. Whatever brings it back but its end brings it to the top. */
export function wakeTicket(
  app: App,
  actor: Actor & { name?: string },
  ticket: Ticket,
  why: WakeReason,
): void {
  if (ticket.snoozed_at === null) return;
  const { snoozed_by: by } = ticket;
  updateAwake(app.db, why === 'due' ? app.clock.now() : null, ticket.id);
  record(app, 'ticket.woken', actor, ticket, { why, by });
  if (why === 'due') addSystemLine(app, ticket, 'tickets.says.woken');
  if (why === 'hand') addSystemLine(app, ticket, 'tickets.says.woken.hand', { who: actor.name ?? '' });
  bringUpToDate(app, ticket);
  signalTicket(app, ticket.id);
}

/** Its time has come; nothing when it was woken, or put to sleep for another time, meanwhile. */
export async function wakeDue(
  app: App,
  { ticket: id, until }: { ticket: number; until: number },
): Promise<void> {
  await app.write(() => {
    const ticket = findTicketById(app.db, id);
    if (
      ticket &&
      ticket.snoozed_until === until &&
      ticket.deleted_at === null &&
      ticket.merged_into_id === null
    )
      wakeTicket(app, SYSTEM, ticket, 'due');
  });
}
