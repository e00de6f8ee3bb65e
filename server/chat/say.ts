// A visitor writes in the chat, from the widget or from the plain page.
import type { App } from '../app';
import { findCustomerById } from '../customers';
import { record } from '../events';
import { Conflict } from '../lib/errors';
import { findMessageByClientId, followAnswer, type MessageRow, moveTicket, signalTicket } from '../tickets';
import type { Conversation } from './access';
import { isClosed, isLive } from './chat';
import { queueAgain } from './queue-again';
import { addVisitorMessage, type Said } from './visitor-message';

/**
 * Inside a transaction. The same client id again returns the first message (C1). A chat that had ended or was missed waits
 * for an agent again, and a ticket that was set aside is open again (M8). Throws Conflict when the ticket is closed.
 */
export function sayInChat(app: App, { chat, ticket }: Conversation, said: Said): MessageRow {
  const earlier = findMessageByClientId(app.db, ticket.id, said.clientId);
  if (earlier) return earlier;
  if (isClosed(ticket)) throw Conflict('This conversation is closed.');

  const id = ticket.customer_id;
  const author = { kind: 'customer', id } as const;
  const name = findCustomerById(app.db, id)?.name ?? '';
  const message = addVisitorMessage(app, ticket, { id, name }, said);
  record(app, 'ticket.customer-wrote', author, ticket, { message: message.id });
  if (ticket.status !== 'new' && ticket.status !== 'open')
    moveTicket(app, author, ticket, 'open', { quiet: true });
  followAnswer(app, ticket);
  if (!isLive(chat)) queueAgain(app, author, chat, ticket);
  signalTicket(app, ticket.id);
  return message;
}
