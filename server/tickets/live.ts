// Which signal about a ticket goes to whom: only to those who may see it (AC-47).
import type { App } from '../app';
import { findFollowers, findTicketById } from './queries';
import type { Ticket } from './ticket';

type Place = Pick<Ticket, 'team_id' | 'assignee_id'>;

/** Rooms of those who see a ticket by where it is; an agent's socket joins those it belongs to (agent-sockets). */
export function roomsFor(ticket: Place): string[] {
  if (ticket.team_id === null) return ['agents'];
  return [
    'admins',
    `team:${ticket.team_id}`,
    ...(ticket.assignee_id === null ? [] : [`agent:${ticket.assignee_id}`]),
  ];
}

/** Rooms of everybody who sees it: whoever follows it as well. */
export function roomsOf(app: App, ticket: Place & { id: number }): string[] {
  const rooms = roomsFor(ticket);
  if (ticket.team_id !== null) rooms.push(...findFollowers(app.db, ticket.id).map((id) => `agent:${id}`));
  return rooms;
}

/**
 * After the commit: "this ticket is now at sequence n"; pages fetch what it looks like. `before` is where it was, when it has
 * moved: whoever saw it there looks too, and finds that it is gone.
 */
export function signalTicket(app: App, ticketId: number, before?: Place): void {
  app.db.afterCommit(() => {
    const ticket = findTicketById(app.db, ticketId);
    if (!ticket) return;
    const { number, sequence, changed_sequence: changedSequence, visitor_sequence: visitorSequence } = ticket;
    for (const room of new Set([...roomsOf(app, ticket), ...(before ? roomsFor(before) : [])]))
      app.hub.signal(room, 'ticket:changed', { number, sequence, changedSequence });
    app.hub.signal(`visitor-ticket:${ticket.id}`, 'chat:changed', { sequence: visitorSequence });
  });
}

/** Called before its row goes, and the rows of those who follow it. */
export function signalTicketGone(app: App, ticket: Ticket): void {
  const rooms = roomsOf(app, ticket);
  app.db.afterCommit(() => {
    const { number, changed_sequence: changedSequence } = ticket;
    for (const room of rooms) app.hub.signal(room, 'ticket:gone', { number, changedSequence });
    app.hub.signal(`visitor-ticket:${ticket.id}`, 'chat:changed', { sequence: ticket.visitor_sequence });
  });
}
