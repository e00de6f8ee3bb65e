// The only way to load a ticket: through the person who asks (AC-46).

import type { Agent } from '../agents';
import type { App } from '../app';
import { noteLook } from '../customers';
import { type Db, queryOne, queryValue, untilCommit } from '../db';
import { Conflict, NotFound } from '../lib/errors';
import { type Role, seesEverything } from '../roles';
import { findTicketById } from './queries';
import type { Ticket } from './ticket';

/**
 * Which tickets of the alias `tickets` somebody sees (DESIGN 3): all, or those without a team, of their teams, assigned to
 * them or followed. Bind `scopeOf(agent)`: 1 for all, then the agent's id three times.
 */
export const VISIBLE = `(? = 1 OR tickets.team_id IS NULL
  OR tickets.team_id IN (SELECT team_id FROM team_members WHERE agent_id = ?)
  OR tickets.assignee_id = ?
  OR EXISTS (SELECT 1 FROM ticket_followers WHERE ticket_followers.ticket_id = tickets.id AND ticket_followers.agent_id = ?))`;

export type Scope = [everything: number, agentId: number, sameAgent: number, andAgain: number];

/** All that decides what somebody sees, beside what the database says of their teams and tickets. */
export type Viewer = Pick<Agent, 'id' | 'role'>;

export const scopeOf = (viewer: Viewer): Scope => [
  seesEverything(viewer.role) ? 1 : 0,
  viewer.id,
  viewer.id,
  viewer.id,
];

/** What every page shows of somebody's tickets, read once between two commits. What is returned is shared: not to be changed. */
export function perViewer<Value>(read: (db: Db, viewer: Viewer) => Value): (db: Db, viewer: Viewer) => Value {
  const remembered = untilCommit((db: Db, key: string) => {
    const [role, id] = key.split(' ') as [Role, string];
    return read(db, { role, id: Number(id) });
  });
  return (db, viewer) => remembered(db, `${viewer.role} ${viewer.id}`);
}

const findVisibleTicket = queryOne<[number: number, ...scope: Scope], Ticket>(
  `SELECT * FROM tickets WHERE number = ? AND deleted_at IS NULL AND ${VISIBLE}`,
);

/**
 * The ticket with a number; undefined for what is not there and for what this agent may not see, alike. `number` is as it came
 * from an address or a form.
 */
export function visibleTicket(app: App, agent: Agent, number: unknown): Ticket | undefined {
  const digits = String(number);
  return /^\d{1,15}$/.test(digits) ? findVisibleTicket(app.db, Number(digits), ...scopeOf(agent)) : undefined;
}

/** Throws NotFound for what is not there and for what this agent may not see, alike. Whoever loads one has looked at it (P12). */
export function ticketFor(app: App, agent: Agent, number: unknown): Ticket {
  const ticket = visibleTicket(app, agent, number);
  if (!ticket) throw NotFound('There is no ticket with this number, or it is not yours to see.');
  noteLook(app, { agent: agent.id, act: 'opened', ticket: ticket.id });
  return ticket;
}

const findVisibleById = queryOne<[id: number, ...scope: Scope], Ticket>(
  `SELECT * FROM tickets WHERE id = ? AND deleted_at IS NULL AND merged_into_id IS NULL AND ${VISIBLE}`,
);

/** One of many that somebody changes at once; undefined for what is not there and for what they may not see. */
export const seenTicket = (app: App, agent: Agent, id: number): Ticket | undefined =>
  findVisibleById(app.db, id, ...scopeOf(agent));

const findVisibleNumber = queryValue<[id: number, ...scope: Scope], number>(
  `SELECT number FROM tickets WHERE id = ? AND deleted_at IS NULL AND ${VISIBLE}`,
);

/** The number of a ticket, for those who may see it. */
export const numberFor = (app: App, viewer: Viewer, ticketId: number): number | undefined =>
  findVisibleNumber(app.db, ticketId, ...scopeOf(viewer));

/**
 * The first line of every command: the ticket was loaded before the transaction began, and others may have changed it since.
 * Throws NotFound when it is gone, Conflict when the conversation goes on in another one.
 */
export function bringUpToDate(app: App, ticket: Ticket): void {
  refresh(app, ticket);
  if (ticket.merged_into_id !== null)
    throw Conflict('This ticket was merged into another one; the conversation goes on there.');
}

/** The same for the few commands that are about merged tickets. Throws NotFound when it is gone. */
export function refresh(app: App, ticket: Ticket): void {
  const now = findTicketById(app.db, ticket.id);
  if (!now || now.deleted_at !== null) throw NotFound('This ticket was deleted in the meantime.');
  Object.assign(ticket, now);
}
