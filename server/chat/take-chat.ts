// An agent takes a waiting chat. Of two who take it at once one wins, and the other is told who (W3).
import { type Agent, findAgentById } from '../agents';
import type { App } from '../app';
import { record } from '../events';
import { NotFound } from '../lib/errors';
import {
  assignTicket,
  bringUpToDate,
  moveTicket,
  signalTicket,
  type Ticket,
  updateChatState,
} from '../tickets';
import { firstNameOf } from './chat';
import { signalVisitor, signalWaiting } from './live';
import { findChatByTicket, updateTaken } from './queries';

export type TakeOutcome = { taken: true } | { taken: false; by: string | undefined };

/** Inside a transaction. `by` is undefined for a chat that ended before anybody took it. Taking what one has already changes nothing. Throws NotFound for a ticket that is no chat. */
export function takeChat(app: App, actor: Agent, ticket: Ticket): TakeOutcome {
  bringUpToDate(app, ticket);
  const chat = findChatByTicket(app.db, ticket.id);
  if (!chat) throw NotFound('This ticket is no chat.');
  if (updateTaken(app.db, app.clock.now(), actor.id, chat.id) === 0) {
    if (chat.taken_by === actor.id) return { taken: true };
    const other = chat.taken_by === null ? undefined : findAgentById(app.db, chat.taken_by);
    return { taken: false, by: other?.name };
  }
  updateChatState(app.db, 'active', ticket.id);
  ticket.chat_state = 'active';
  assignTicket(app, actor, ticket, actor, ticket.assignee_id);
  if (ticket.status === 'new') moveTicket(app, actor, ticket, 'open', { quiet: true });
  record(app, 'chat.taken', actor, ticket);
  signalTicket(app, ticket.id);
  signalWaiting(app, ticket);
  app.db.afterCommit(() => signalVisitor(app, ticket, 'chat:taken', { name: firstNameOf(actor.name) }));
  return { taken: true };
}
