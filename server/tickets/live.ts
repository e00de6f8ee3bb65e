// Which signal about a ticket goes to whom: only to those who may see it (AC-47).
import type { App } from '../app';
import { findTicketById } from './queries';
import type { Ticket } from './ticket';

/** Rooms of everybody who sees this ticket; an agent's socket joins those it belongs to (agent-sockets). */
export function roomsFor(ticket: Pick<Ticket, 'team_id' | 'assignee_id'>): string[] {
  if (ticket.team_id === null) return ['agents'];
  return [
    'admins',
    `team:${ticket.team_id}`,
    ...(ticket.assignee_id === null ? [] : [`agent:${ticket.assignee_id}`]),
  ];
}

/** After the commit: "this ticket is now at sequence n"; pages fetch what it looks like. */
export function signalTicket(app: App, ticketId: number): void {
  app.db.afterCommit(() => {
    const ticket = findTicketById(app.db, ticketId);
    if (!ticket) return;
    const { number, sequence, changed_sequence: changedSequence, visitor_sequence: visitorSequence } = ticket;
    for (const room of roomsFor(ticket))
      app.hub.signal(room, 'ticket:changed', { number, sequence, changedSequence });
    app.hub.signal(`visitor-ticket:${ticket.id}`, 'chat:changed', { sequence: visitorSequence });
  });
}

export function signalTicketGone(app: App, ticket: Ticket): void {
  app.db.afterCommit(() => {
    for (const room of roomsFor(ticket)) app.hub.signal(room, 'ticket:gone', { number: ticket.number });
    app.hub.signal(`visitor-ticket:${ticket.id}`, 'chat:changed', { sequence: ticket.visitor_sequence });
  });
}
