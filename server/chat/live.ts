// Which signal about a chat goes to whom. That a ticket or its messages changed is said by tickets/live.ts.
import type { App } from '../app';
import { roomsOf, type Ticket } from '../tickets';

/** Where the sockets of one conversation's visitor are; chosen here only (AC-52). */
export const visitorRoom = (ticket: Pick<Ticket, 'id'>) => `visitor-ticket:${ticket.id}`;

/** After the commit: the queue is longer or shorter. Everybody who sees the ticket counts anew. */
export function signalWaiting(app: App, ticket: Ticket): void {
  app.db.afterCommit(() => {
    for (const room of roomsOf(app, ticket))
      app.hub.signal(room, 'chat:waiting', { number: ticket.number, waits: ticket.chat_state === 'queued' });
  });
}

/** Data, not HTML: typing and seen marks (DESIGN 2). Nothing is stored, so nothing has to be committed before. */
export function signalAgents(app: App, ticket: Ticket, event: string, data: Record<string, unknown>): void {
  for (const room of roomsOf(app, ticket)) app.hub.signal(room, event, { number: ticket.number, ...data });
}

export function signalVisitor(
  app: App,
  ticket: Pick<Ticket, 'id'>,
  event: string,
  data: Record<string, unknown>,
): void {
  app.hub.signal(visitorRoom(ticket), event, data);
}
