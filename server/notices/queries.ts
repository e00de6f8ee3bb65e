// SQL over notices. What somebody may not see at the moment of asking is neither listed nor counted (AC-47).
import { change, insert, query, queryColumn, queryOne, queryValue } from '../db';
import { perViewer, type Scope, scopeOf, VISIBLE } from '../tickets';
import type { NoticeKind, NoticeRow } from './notice';

/** Of the alias `tickets`. Bind `scopeOf(agent)`. */
export const SHOWN = `tickets.deleted_at IS NULL AND tickets.merged_into_id IS NULL AND tickets.is_spam = 0 AND ${VISIBLE}`;

/** The bell says "99+". */
const MOST_COUNTED = 100;

export const insertNotice = insert<
  [
    agentId: number,
    ticketId: number,
    eventId: number,
    kind: NoticeKind,
    doneBy: number | null,
    messageId: number | null,
    at: number,
  ]
>(
  'INSERT INTO notices (agent_id, ticket_id, event_id, kind, done_by, message_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
export const updateOvertaken = change<[agentId: number, ticketId: number]>(
  'UPDATE notices SET is_newest = 0 WHERE agent_id = ? AND ticket_id = ? AND is_newest = 1',
);
export const updateRead = change<[now: number, agentId: number, ticketId: number]>(
  'UPDATE notices SET read_at = ? WHERE agent_id = ? AND ticket_id = ? AND read_at IS NULL',
);
export const deleteOldNotices = change<[before: number]>('DELETE FROM notices WHERE at < ?');

const countShownUnread = queryValue<[agentId: number, ...scope: Scope, limit: number], number>(`
  SELECT count(*) FROM (
    SELECT 1 FROM notices INDEXED BY notices_unread JOIN tickets ON tickets.id = notices.ticket_id
     WHERE notices.agent_id = ? AND is_newest = 1 AND read_at IS NULL AND ${SHOWN} LIMIT ?)`);

/** Tickets that somebody has not read something of, up to a hundred. Every page shows how many: counted once between two commits. */
export const countUnread = perViewer(
  (db, viewer) => countShownUnread(db, viewer.id, ...scopeOf(viewer), MOST_COUNTED) ?? 0,
);

/** Whether somebody has not read something of a ticket. */
export const isUnread = queryValue<[agentId: number, ticketId: number], 1>(`
  SELECT 1 FROM notices INDEXED BY notices_unread
   WHERE agent_id = ? AND ticket_id = ? AND is_newest = 1 AND read_at IS NULL`);

/** Tickets with something unread that was told up to a notice, also those that are not shown just now. */
export const findUnreadUpTo = queryColumn<[agentId: number, id: number], number>(
  'SELECT ticket_id FROM notices INDEXED BY notices_unread WHERE agent_id = ? AND is_newest = 1 AND read_at IS NULL AND id <= ?',
);

/** The newest notice of a ticket, which stands for all of them. */
export type Line = NoticeRow & { number: number; subject: string };

export const findLines = query<[agentId: number, before: number, ...scope: Scope, limit: number], Line[]>(`
  SELECT notices.*, tickets.number, tickets.subject
    FROM notices INDEXED BY notices_listed JOIN tickets ON tickets.id = notices.ticket_id
   WHERE notices.agent_id = ? AND is_newest = 1 AND notices.id < ? AND ${SHOWN}
   ORDER BY notices.id DESC LIMIT ?`);

/** The same thing by the same person, so and so often. */
export interface Happening {
  kind: NoticeKind;
  /** Null for a rule or the clock. */
  who: string | null;
  n: number;
}

/** Of a message that was moved to another ticket nobody is named here. */
const happenings = (which: string) => `
  SELECT notices.kind, coalesce(agents.name, iif(messages.author_kind = 'customer', messages.author_name, NULL)) AS who, count(*) AS n
    FROM notices INDEXED BY notices_of_ticket
    LEFT JOIN agents ON agents.id = done_by
    LEFT JOIN messages ON messages.id = message_id AND messages.ticket_id = notices.ticket_id
   WHERE agent_id = ? AND notices.ticket_id = ? AND ${which}
   GROUP BY 1, 2 ORDER BY max(notices.id) DESC LIMIT ?`;

/** What a line stands for: what is unread, or what was read together. */
export const findHappenings = query<
  [agentId: number, ticketId: number, readAt: number | null, limit: number],
  Happening[]
>(happenings('read_at IS ?'));

/** What neither the page nor a mail has told yet. */
export const findUntold = query<[agentId: number, ticketId: number, limit: number], Happening[]>(
  happenings('read_at IS NULL AND mailed_at IS NULL'),
);

/** One that is still unread, by its own number. */
export const findUnreadLine = queryOne<[id: number, agentId: number, ...scope: Scope], Line>(`
  SELECT notices.*, tickets.number, tickets.subject FROM notices JOIN tickets ON tickets.id = notices.ticket_id
   WHERE notices.id = ? AND notices.agent_id = ? AND read_at IS NULL AND ${SHOWN}`);
