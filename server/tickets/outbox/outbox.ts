// The outbox as somebody may see it: mails of the tickets they see, and for admins those that belong to no ticket.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { query, queryOne, queryValue } from '../../db';
import { NotFound } from '../../lib/errors';
import { OUTBOX_STATES, type OutboxRow, type OutboxState } from '../../mail';
import { mayRole } from '../../roles';
import { perViewer, type Scope, scopeOf, VISIBLE, type Viewer } from '../access';

/** Those that left are listed, not counted: nobody has anything to do about them. */
export type OutboxCounts = Record<Exclude<OutboxState, 'sent'>, number>;

/** Counting ends after one more: it is never slow, whatever a mail server has refused in a night. */
export const MOST_COUNTED = 999;

/** A mail with what is shown of its ticket. */
export type OutboxLine = OutboxRow & { number: number | null; is_trashed: 0 | 1 };

/** Bind whether mails without a ticket are theirs to see, then `scopeOf(agent)`. */
const SEEN = `CASE WHEN outbox.message_id IS NULL THEN ? ELSE tickets.id IS NOT NULL AND ${VISIBLE} END`;
const LINE = 'outbox.*, tickets.number, tickets.deleted_at IS NOT NULL AS is_trashed';
const from = (index = '') =>
  `FROM outbox ${index} LEFT JOIN messages ON messages.id = outbox.message_id LEFT JOIN tickets ON tickets.id = messages.ticket_id`;
const FROM = from();
type Seen = [withoutTicket: number, ...scope: Scope];

/** Few are neither sent nor waiting: their index holds them alone, and is found by the list of states word for word. */
const OPEN = "outbox.state IN ('held', 'handing over', 'uncertain', 'failed')";
const isState = (state: OutboxState) =>
  `${OPEN.includes(`'${state}'`) ? `${OPEN} AND ` : ''}outbox.state = '${state}'`;
const listOf = (state: OutboxState) =>
  query<[before: number, ...seen: Seen, limit: number], OutboxLine[]>(`
  SELECT ${LINE} ${state === 'waiting' ? from('INDEXED BY outbox_due') : FROM}
   WHERE ${isState(state)} AND outbox.id < ? AND ${SEEN}
   ORDER BY outbox.id DESC LIMIT ?`);
const LISTS = Object.fromEntries(OUTBOX_STATES.map((state) => [state, listOf(state)])) as Record<
  OutboxState,
  ReturnType<typeof listOf>
>;

const findSeen = queryOne<[id: number, ...seen: Seen], OutboxLine>(
  `SELECT ${LINE} ${FROM} WHERE outbox.id = ? AND ${SEEN}`,
);

const countOf = (condition: string) =>
  queryValue<Seen, number>(
    `SELECT count(*) FROM (SELECT 1 ${FROM} WHERE ${condition} AND ${SEEN} LIMIT ${MOST_COUNTED + 1})`,
  );
const COUNTS = OUTBOX_STATES.filter((state) => state !== 'sent').map(
  (state) => [state, countOf(isState(state))] as const,
);
const findUndecided = countOf(`${OPEN} AND outbox.state <> 'handing over'`);

const seenBy = (viewer: Viewer): Seen => [mayRole(viewer.role, 'mail.tray') ? 1 : 0, ...scopeOf(viewer)];

export const countOutbox = (app: App, agent: Agent): OutboxCounts =>
  Object.fromEntries(
    COUNTS.map(([state, count]) => [state, count(app.db, ...seenBy(agent)) ?? 0]),
  ) as OutboxCounts;

/** What waits for a person's decision. */
export const countUndecided = (app: App, agent: Agent): number => undecidedOf(app.db, agent);

const undecidedOf = perViewer((db, viewer) => findUndecided(db, ...seenBy(viewer)) ?? 0);

/** A page of one state, newest first; `before` is the key of the last one seen. */
export function listOutbox(
  app: App,
  agent: Agent,
  state: OutboxState,
  before: number,
  limit: number,
): { mails: OutboxLine[]; next: number | undefined } {
  const mails = LISTS[state](app.db, before, ...seenBy(agent), limit + 1);
  const last = mails.length > limit ? mails[limit - 1] : undefined;
  return { mails: mails.slice(0, limit), next: last?.id };
}

/** Throws NotFound for what is not there and for what this agent may not see, alike (AC-46). */
export function mailFor(app: App, agent: Agent, id: unknown): OutboxLine {
  const digits = String(id);
  const mail = /^\d{1,15}$/.test(digits) ? findSeen(app.db, Number(digits), ...seenBy(agent)) : undefined;
  if (!mail) throw NotFound('There is no such mail in the outbox, or it is not yours to see.');
  return mail;
}
