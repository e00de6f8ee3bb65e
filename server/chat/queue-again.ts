// A chat waits for an agent again.
import type { App } from '../app';
import { type Actor, record } from '../events';
import { type Ticket, updateChatState } from '../tickets';
import type { ChatRow } from './chat';
import { signalWaiting } from './live';
import { updateQueued } from './queries';

/** Inside a transaction; the caller signals the ticket. */
export function queueAgain(app: App, actor: Actor, chat: ChatRow, ticket: Ticket): void {
  updateQueued(app.db, app.clock.now(), chat.id);
  updateChatState(app.db, 'queued', ticket.id);
  ticket.chat_state = 'queued';
  record(app, 'chat.queued', actor, ticket);
  signalWaiting(app, ticket);
}
