// Whether a visitor is there: null in `visitor_gone_at` while connected, else the last sign of life.
//
// It is kept in the row and not in memory, so that a command, a job and a restarted server know the same.
import type { App } from '../app';
import { signalTicket, type Ticket, updateChatState } from '../tickets';
import type { Conversation } from './access';
import { type ChatRow, isThere } from './chat';
import { followVisitorLeaving } from './leaving';
import { findChatByTicket, findConnectedChats, updateGone, updateVisitorSeen } from './queries';

/** Fills the hook of tickets: while true, replies go by chat and at once. */
export function visitorIsThere(app: App, ticket: Ticket): boolean {
  const chat = findChatByTicket(app.db, ticket.id);
  return chat !== undefined && isThere(chat, app.clock.now());
}

/** Inside a transaction, when a widget connects. */
export function visitorCame(app: App, { visitor, chat, ticket }: Conversation): void {
  updateVisitorSeen(app.db, app.clock.now(), visitor.id);
  const wasThere = isThere(chat, app.clock.now());
  updateGone(app.db, null, chat.id);
  if (!wasThere) showPresence(app, chat, ticket);
}

/** Inside a transaction, when the last connection of a conversation is gone. */
export function visitorLeft(app: App, chat: Pick<ChatRow, 'id'>): void {
  const now = app.clock.now();
  updateGone(app.db, now, chat.id);
  followVisitorLeaving(app, chat.id, now);
}

/** Inside a transaction, at each request of a plain page, which has no connection; a widget that has one tells its own leaving. */
export function visitorLooked(app: App, conversation: Conversation): void {
  if (conversation.chat.visitor_gone_at === null) return;
  visitorCame(app, conversation);
  visitorLeft(app, conversation.chat);
}

/** At start: whoever was connected when the server stopped is gone until they are back, mostly seconds later. */
export function nobodyIsThere(app: App): void {
  for (const chat of findConnectedChats(app.db)) visitorLeft(app, chat);
}

/** Agents' pages say whether somebody is there, and how a reply will go. */
export function showPresence(app: App, chat: ChatRow, ticket: Ticket): void {
  updateChatState(app.db, chat.state, ticket.id);
  signalTicket(app, ticket.id);
}
