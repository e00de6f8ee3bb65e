// The lists of tickets: each walks one index from the newest, page by key.
import type { Agent } from '../agents';
import type { App } from '../app';
import { queryOne, queryRaw } from '../db';
import { type Scope, scopeOf, VISIBLE } from './access';
import type { Channel, Priority, Status, Ticket } from './ticket';
import { listSavedView } from './views/list';
import { savedViewFor } from './views/saved-view';

export const VIEWS = ['mine', 'unassigned', 'all', 'waiting', 'snoozed', 'solved', 'closed', 'spam'] as const;
export type StandardView = (typeof VIEWS)[number];
/** As it stands in addresses: `mine`, `team-3` for the open tickets of a team, `saved-7` for what somebody has saved. */
export type View = StandardView | `team-${number}` | `saved-${number}`;

export const teamOf = (view: View): number | undefined =>
  view.startsWith('team-') ? Number(view.slice('team-'.length)) : undefined;
export const savedOf = (view: View): number | undefined =>
  view.startsWith('saved-') ? Number(view.slice('saved-'.length)) : undefined;

/** What a row of the list shows. */
export interface TicketListRow {
  id: number;
  number: number;
  subject: string;
  status: Status;
  priority: Priority;
  channel: Channel;
  chat_state: Ticket['chat_state'];
  undelivered: number;
  awaits_us: number;
  changed_sequence: number;
  activity_at: number;
  excerpt: string;
  customer_name: string;
  assignee_id: number | null;
  assignee_name: string | null;
  assignee_away: number | null;
  snoozed_at: number | null;
  snoozed_until: number | null;
}

export const TICKET_ROW = `tickets.id, tickets.number, tickets.subject, tickets.status, tickets.priority, tickets.channel,
  tickets.chat_state, tickets.undelivered, tickets.awaits_us, tickets.changed_sequence, tickets.activity_at, tickets.excerpt,
  customers.name AS customer_name, tickets.assignee_id, agents.name AS assignee_name, agents.away_since AS assignee_away,
  tickets.snoozed_at, tickets.snoozed_until`;

/** Word for word as the indexes of open tickets have it, or the planner does not see that it fits. */
const UNDONE = "tickets.status <> 'closed' AND tickets.status <> 'solved'";
const LIVING = 'tickets.is_spam = 0 AND tickets.deleted_at IS NULL AND tickets.merged_into_id IS NULL';
const AWAKE = 'tickets.snoozed_at IS NULL';
const SPAM = 'tickets.is_spam = 1 AND tickets.deleted_at IS NULL AND tickets.merged_into_id IS NULL';

const CONDITIONS: Record<StandardView | 'team', string> = {
  all: `${UNDONE} AND ${LIVING} AND ${AWAKE}`,
  mine: `tickets.assignee_id = ? AND ${UNDONE} AND ${LIVING} AND ${AWAKE}`,
  unassigned: `${UNDONE} AND tickets.assignee_id IS NULL AND ${LIVING} AND ${AWAKE}`,
  waiting: `tickets.status = 'pending' AND ${LIVING} AND ${AWAKE}`,
  snoozed: `${LIVING} AND tickets.snoozed_at IS NOT NULL`,
  solved: `tickets.status = 'solved' AND ${LIVING}`,
  closed: `tickets.status = 'closed' AND ${LIVING}`,
  spam: SPAM,
  team: `tickets.team_id = ? AND ${UNDONE} AND ${LIVING} AND ${AWAKE}`,
};

/** The highest comes first. What sleeps is listed by when it wakes, word for word as its index has it. */
const keyOf = (view: StandardView | 'team') =>
  view === 'snoozed' ? '-ifnull(tickets.snoozed_until, 9000000000000000)' : 'tickets.activity_at';

type ListParams = [...whose: number[], at: number, id: number, ...scope: Scope, limit: number];

/** Only what tells whether a remembered row is still right; the whole row is read when it is not. */
type Listed = [id: number, changedSequence: number, key: number];

const listOf = (view: StandardView | 'team') =>
  queryRaw<ListParams, Listed>(`
  SELECT tickets.id, tickets.changed_sequence, ${keyOf(view)} FROM tickets
   WHERE ${CONDITIONS[view]} AND (${keyOf(view)}, tickets.id) < (?, ?) AND ${VISIBLE}
   ORDER BY ${keyOf(view)} DESC, tickets.id DESC LIMIT ?`);

const LISTS = Object.fromEntries(([...VIEWS, 'team'] as const).map((view) => [view, listOf(view)])) as Record<
  StandardView | 'team',
  ReturnType<typeof listOf>
>;

/** Where a page begins: after this ticket. */
export interface ListKey {
  at: number;
  id: number;
}

export const FIRST: ListKey = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

/** The whole row of one ticket that a list has named. */
export const findListRow = queryOne<[id: number], TicketListRow>(`
  SELECT ${TICKET_ROW} FROM tickets
    JOIN customers ON customers.id = tickets.customer_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE tickets.id = ?`);

/** A page of a view, newest activity first unless a saved one says otherwise, and the key of the next page when there is one. */
export function listTickets(
  app: App,
  agent: Agent,
  view: View,
  after: ListKey,
  limit: number,
): { rows: Listed[]; next: ListKey | undefined } {
  const rows = rowsOf(app, agent, view, after, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: last ? rows.slice(0, limit) : rows, next: last && { at: last[2], id: last[0] } };
}

/** Throws NotFound for a saved view that is not there, or not for these eyes. */
function rowsOf(app: App, agent: Agent, view: View, after: ListKey, limit: number): Listed[] {
  const saved = savedOf(view);
  if (saved !== undefined) return listSavedView(app, agent, savedViewFor(app, agent, saved), after, limit);
  const team = teamOf(view);
  const whose = view === 'mine' ? [agent.id] : team === undefined ? [] : [team];
  const list = LISTS[team === undefined ? (view as StandardView) : 'team'];
  return list(app.db, ...whose, after.at, after.id, ...scopeOf(agent), limit);
}
