// The outbox as somebody may see it: mails of the tickets they see, and for admins those that belong to no ticket.
import type { Agent } from '../agents';
import type { App } from '../app';
import { query, queryOne } from '../db';
import { NotFound } from '../lib/errors';
import { OUTBOX_STATES, type OutboxRow, type OutboxState } from '../mail';
import { mayRole } from '../roles';
import { perViewer, type Scope, scopeOf, VISIBLE, type Viewer } from './access';

export type OutboxCounts = Record<OutboxState, number>;

/** A mail with what is shown of its ticket. */
export type OutboxLine = OutboxRow & { number: number | null };

/** Bind whether mails without a ticket are theirs to see, then `scopeOf(agent)`. */
const SEEN = `CASE WHEN outbox.ticket_id IS NULL THEN ? ELSE tickets.id IS NOT NULL AND tickets.deleted_at IS NULL AND ${VISIBLE} END`;
const FROM = 'FROM outbox LEFT JOIN tickets ON tickets.id = outbox.ticket_id';
type Seen = [withoutTicket: number, ...scope: Scope];

/** Few are neither sent nor waiting: their index holds them alone, and is found by the list of states word for word. */
const OPEN = "outbox.state IN ('held', 'handing over', 'uncertain', 'failed')";
const listOf = (state: OutboxState) =>
  query<[before: number, ...seen: Seen, limit: number], OutboxLine[]>(`
  SELECT outbox.*, tickets.number ${FROM}
   WHERE ${OPEN.includes(`'${state}'`) ? `${OPEN} AND ` : ''}outbox.state = '${state}' AND outbox.id < ? AND ${SEEN}
   ORDER BY outbox.id DESC LIMIT ?`);
const LISTS = Object.fromEntries(OUTBOX_STATES.map((state) => [state, listOf(state)])) as Record<
  OutboxState,
  ReturnType<typeof listOf>
>;

const findSeen = queryOne<[id: number, ...seen: Seen], OutboxLine>(
  `SELECT outbox.*, tickets.number ${FROM} WHERE outbox.id = ? AND ${SEEN}`,
);

const findCounts = query<
  [withoutTicket: number, everything: number, agentId: number, sameAgent: number],
  { state: OutboxState; n: number }[]
>(`
  SELECT state, sum(n) AS n FROM outbox_counts
   WHERE CASE WHEN has_ticket = 0 THEN ?
         ELSE ? = 1 OR team_id = 0 OR assignee_id = ? OR team_id IN (SELECT team_id FROM team_members WHERE agent_id = ?) END
   GROUP BY state`);

const seenBy = (viewer: Viewer): Seen => [mayRole(viewer.role, 'mail.tray') ? 1 : 0, ...scopeOf(viewer)];

/** Kept by triggers, as the counts of tickets are: mails of tickets that somebody merely follows are listed, not counted. */
export const countOutbox = (app: App, agent: Agent): Readonly<OutboxCounts> => countsOf(app.db, agent);

const countsOf = perViewer((db, viewer) => {
  const counts = Object.fromEntries(OUTBOX_STATES.map((state) => [state, 0])) as OutboxCounts;
  const [withoutTicket, everything, id] = seenBy(viewer);
  for (const { state, n } of findCounts(db, withoutTicket, everything, id, id)) counts[state] = n;
  return counts;
});

/** What waits for a person's decision. */
export const countUndecided = ({ held, uncertain, failed }: OutboxCounts): number =>
  held + uncertain + failed;

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
