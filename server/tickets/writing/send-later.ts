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
  return message.state === 'waiting' && message.send_after === later ? later : undefined;
}

/** Its time is now. Throws Conflict when it does not wait any more. Within a transaction. */
export function sendNow(app: App, actor: Agent, ticket: Ticket, message: MessageRow): void {
  const mail = findOutboxOfMessage(app.db, message.id);
  if (leavesAt(message) === undefined || mail?.state !== 'waiting')
    throw Conflict('This reply does not wait for its time any more.');
  const { later: _over, ...facts } = factsOf(message);
  updateFacts(app.db, JSON.stringify(facts), message.id);
  waitAgain(app, mail);
  record(app, 'ticket.reply-sent-now', actor, ticket, { message: message.id });
}

const findLater = queryColumn<[ticketId: number], number>(`
  SELECT id FROM messages
   WHERE ticket_id = ? AND state = 'waiting' AND json_extract(facts, '$.later') = send_after ORDER BY sequence`);

/**
 * The customer has written first, so it may say the wrong thing (W2): it is held back, loudly, until somebody decides. Within a
 * transaction, after the customer's message.
 */
export function holdLater(app: App, ticket: Ticket): void {
  for (const message of findLater(app.db, ticket.id)) {
    const mail = findOutboxOfMessage(app.db, message);
    if (mail) holdBack(app, mail, 'answered-first');
  }
}
