// An agent leaves, or may answer no more: the visitors they were talking to wait for somebody again.
import type { App } from '../app';
import type { Actor } from '../events';
import { findTicketById, signalTicket } from '../tickets';
import { findActiveChatsOf } from './queries';
import { queueAgain } from './queue-again';

/** Inside a transaction. */
export function giveChatsBack(app: App, actor: Actor, agentId: number): void {
  for (const chat of findActiveChatsOf(app.db, agentId)) {
    const ticket = findTicketById(app.db, chat.ticket_id);
    if (!ticket) continue;
    queueAgain(app, actor, chat, ticket);
    signalTicket(app, ticket.id);
  }
}
