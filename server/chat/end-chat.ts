// One of the two ends the chat; the ticket stays, and goes on by e-mail or when the visitor writes again.
import type { Agent } from '../agents';
import type { App } from '../app';
import { record } from '../events';
import { NotFound } from '../lib/errors';
import { addSystemLine, bringUpToDate, signalTicket, type Ticket, updateChatState } from '../tickets';
import { signalWaiting } from './live';
import { visitorForgot } from './presence';
import { findChatByTicket, updateEnded } from './queries';

/** Inside a transaction. `agent` undefined: the visitor ends it. Does nothing when it has ended already. */
export function endChat(app: App, agent: Agent | undefined, ticket: Ticket): void {
  bringUpToDate(app, ticket);
  const chat = findChatByTicket(app.db, ticket.id);
  if (!chat) throw NotFound('This ticket is no chat.');
  if (updateEnded(app.db, app.clock.now(), chat.id) === 0) return;
  if (!agent) visitorForgot(app, chat);
  updateChatState(app.db, 'ended', ticket.id);
  ticket.chat_state = 'ended';
  if (agent) addSystemLine(app, ticket, 'chat.says.ended', { who: agent.name });
  else addSystemLine(app, ticket, 'chat.says.endedByVisitor');
  record(app, 'chat.ended', agent ?? { kind: 'customer', id: ticket.customer_id }, ticket);
  signalTicket(app, ticket.id);
  signalWaiting(app, ticket);
}
