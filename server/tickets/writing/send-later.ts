// A reply that is to leave later: for when, and what keeps it here after all.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { queryColumn } from '../../db';
import { record } from '../../events';
import { Conflict } from '../../lib/errors';
import { findOutboxOfMessage, holdBack, waitAgain } from '../../mail';
import { updateFacts } from '../queries';
import { type SNOOZES, untilOf } from '../snooze-times';
import { factsOf, type MessageRow, type Ticket } from '../ticket';

/** The usual times of a sleeping ticket, but for those that name none or are far. */
export const LATER = [
  'hours',
  'tomorrow',
  'monday',
  'at',
] as const satisfies readonly (typeof SNOOZES)[number][];

export interface AskedLater {
  sendLater: boolean;
  later: (typeof LATER)[number];
  laterAt: string;
}

/** In ms; undefined when it is to leave at once, null for a time that is no time, is past, or is years ahead. */
export function sendAtOf(asked: AskedLater, now: number, zone: string): number | null | undefined {
  return asked.sendLater ? (untilOf(asked.later, asked.laterAt, now, zone) ?? null) : undefined;
}

/** When it leaves, in ms, while nothing but the time keeps it here. */
export function leavesAt(message: MessageRow): number | undefined {
  const { later } = factsOf(message);
  const waits = message.state === 'waiting' && message.delivery_answer === null;
  return waits && message.send_after === later ? later : undefined;
}

/** Its time is now. Throws Conflict when it does not wait any more. Within a transaction. */
export function sendNow(app: App, actor: Agent, ticket: Ticket, message: MessageRow): void {
  const mail = findOutboxOfMessage(app.db, message.id);
  if (leavesAt(message) === undefined || mail?.state !== 'waiting')
    throw Conflict('This reply does not wait for its time any more.');
  waitAgain(app, mail);
  forgetLater(app, message);
  record(app, 'ticket.reply-sent-now', actor, ticket, { message: message.id });
}

/** Its time is over, whatever becomes of it now. */
export function forgetLater(app: App, message: MessageRow): void {
  const { later, ...facts } = factsOf(message);
  if (later !== undefined) updateFacts(app.db, JSON.stringify(facts), message.id);
}

/** Mails of the ticket and of all that were merged into it: a merge moves no message. */
const findLater = queryColumn<[ticketId: number, butOf: number | null], number>(`
  WITH RECURSIVE conversation (id) AS (
    SELECT ? UNION SELECT tickets.id FROM tickets JOIN conversation ON tickets.merged_into_id = conversation.id)
  SELECT outbox.id FROM conversation JOIN messages ON messages.ticket_id = conversation.id JOIN outbox ON outbox.message_id = messages.id
   WHERE messages.state = 'waiting' AND delivery_answer IS NULL AND json_extract(facts, '$.later') = messages.send_after AND author_id IS NOT ?`);

/**
 * Somebody has written first, so it may say the wrong thing (W2), or its ticket is out of sight: it is held back, loudly, until somebody
 * decides. What the agent `butOf` wrote themselves stays. Within a transaction.
 */
export function holdLater(
  app: App,
  ticket: Pick<Ticket, 'id'>,
  why: 'overtaken' | 'out-of-sight',
  butOf: number | null = null,
): void {
  for (const mail of findLater(app.db, ticket.id, butOf)) holdBack(app, mail, why);
}
