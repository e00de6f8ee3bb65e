// The trash: a ticket that somebody threw away is in no list and no search, can be brought back for 30 days, and is then deleted.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, query, queryOne } from '../../db';
import { record, SYSTEM } from '../../events';
import { DAY } from '../../lib/clock';
import { Conflict, NotFound } from '../../lib/errors';
import { bringUpToDate, type Scope, scopeOf, VISIBLE } from '../access';
import { addSystemLine } from '../add-message';
import { giveBackIfLeft } from '../change';
import { FIRST, type ListKey } from '../list';
import { signalTicket, signalTicketGone } from '../live';
import { wakeTicket } from '../snooze';
import type { Ticket } from '../ticket';
import { holdLater } from '../writing/send-later';

export const TRASH_DAYS = 30;

export interface TrashRow {
  id: number;
  number: number;
  subject: string;
  customer_name: string;
  deleted_at: number;
}

const updateDeleted = change<[deletedAt: number | null, id: number]>(
  'UPDATE tickets SET deleted_at = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
const findTrashed = queryOne<[id: number, ...scope: Scope], Ticket>(
  `SELECT * FROM tickets WHERE id = ? AND deleted_at IS NOT NULL AND ${VISIBLE}`,
);
const findTrashedNumber = queryOne<[number: number, ...scope: Scope], Ticket>(
  `SELECT * FROM tickets WHERE number = ? AND deleted_at IS NOT NULL AND ${VISIBLE}`,
);
const findTrash = query<[at: number, id: number, ...scope: Scope, limit: number], TrashRow[]>(`
  SELECT tickets.id, tickets.number, tickets.subject, tickets.deleted_at, customers.name AS customer_name
    FROM tickets JOIN customers ON customers.id = tickets.customer_id
   WHERE tickets.deleted_at IS NOT NULL AND (tickets.deleted_at, tickets.id) < (?, ?) AND ${VISIBLE}
   ORDER BY tickets.deleted_at DESC, tickets.id DESC LIMIT ?`);

/** While somebody waits in it or talks in it, a chat is no rubbish. */
export const isRunningChat = ({ chat_state: state }: Ticket): boolean =>
  state === 'queued' || state === 'active';

/** Throws Conflict for a chat that runs. What its customer writes from now on begins a ticket of its own. */
export function trashTicket(app: App, actor: Agent, ticket: Ticket): void {
  bringUpToDate(app, ticket);
  if (isRunningChat(ticket)) throw Conflict('This chat is still running. End it first.');
  holdLater(app, ticket, 'out-of-sight');
  addSystemLine(app, ticket, 'tickets.says.trashed', { who: actor.name });
  updateDeleted(app.db, app.clock.now(), ticket.id);
  ticket.deleted_at = app.clock.now();
  ticket.changed_sequence += 1;
  record(app, 'ticket.trashed', actor, ticket);
  signalTicketGone(app, ticket);
}

/** Inside the transaction in which it was loaded. */
export function restoreTicket(app: App, actor: Agent, ticket: Ticket): void {
  updateDeleted(app.db, null, ticket.id);
  ticket.deleted_at = null;
  addSystemLine(app, ticket, 'tickets.says.restored', { who: actor.name });
  record(app, 'ticket.restored', actor, ticket);
  giveBackIfLeft(app, actor, ticket);
  // Its time came while it lay in the trash.
  if (ticket.snoozed_until !== null && ticket.snoozed_until <= app.clock.now())
    wakeTicket(app, SYSTEM, ticket, 'due');
  signalTicket(app, ticket.id);
}

/** Throws NotFound for what is not in the trash and for what this agent may not see, alike. */
export function trashedFor(app: App, agent: Agent, number: unknown): Ticket {
  const digits = String(number);
  const ticket = /^\d{1,15}$/.test(digits)
    ? findTrashedNumber(app.db, Number(digits), ...scopeOf(agent))
    : undefined;
  if (!ticket) throw NotFound('There is no such ticket in the trash, or it is not yours to see.');
  return ticket;
}

/** One of many; undefined for what is not in the trash. */
export const seenInTrash = (app: App, agent: Agent, id: number): Ticket | undefined =>
  findTrashed(app.db, id, ...scopeOf(agent));

/** What was thrown away last comes first. */
export function listTrash(
  app: App,
  agent: Agent,
  after: ListKey = FIRST,
  limit = 50,
): { rows: TrashRow[]; next: ListKey | undefined } {
  const rows = findTrash(app.db, after.at, after.id, ...scopeOf(agent), limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), next: last && { at: last.deleted_at, id: last.id } };
}

/** When the nightly run deletes it. */
export const goneAt = ({ deleted_at: at }: Pick<TrashRow, 'deleted_at'>): number => at + TRASH_DAYS * DAY;
