// Whether a visitor is there: null in `visitor_gone_at` while connected, else the last sign of life.
//
// It is kept in the row and not in memory, so that a command, a job and a restarted server know the same.
import type { App } from '../app';
import { signalTicket, type Ticket, updateChatState } from '../tickets';
import type { Conversation } from './access';
import { type ChatRow, isThere, STILL_THERE } from './chat';
import { followVisitorLeaving } from './leaving';
import { findChatById, findChatByTicket, findConnectedChats, updateGone, updateVisitorSeen } from './queries';

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

/** Inside a transaction, when the last connection of a conversation is gone. Whoever has forgotten it is gone already. */
export function visitorLeft(app: App, chat: Pick<ChatRow, 'id'>): void {
  if (findChatById(app.db, chat.id)?.visitor_gone_at === null) goneSince(app, chat, app.clock.now());
}

/** Inside a transaction, when the visitor has ended it: the browser forgets it, so nothing reaches them there from now on. */
export function visitorForgot(app: App, chat: Pick<ChatRow, 'id'>): void {
  goneSince(app, chat, app.clock.now() - STILL_THERE);
}

function goneSince(app: App, chat: Pick<ChatRow, 'id'>, at: number): void {
  updateGone(app.db, at, chat.id);
  followVisitorLeaving(app, chat.id, at);
}

/** Inside a transaction, at each request of a plain page, which has no connection; a widget that has one tells its own leaving. */
export function visitorLooked(app: App, conversation: Conversation): void {
  if (conversation.chat.visitor_gone_at === null) return;
  visitorCame(app, conversation);
  visitorLeft(app, conversation.chat);
}

/** At start: whoever was connected when the server stopped is gone until they are back, mostly seconds later. */
export function nobodyIsThere(app: App): void {
  for (const chat of findConnectedChats(app.db)) goneSince(app, chat, app.clock.now());
}

/** Agents' pages say whether somebody is there, and how a reply will go. */
export function showPresence(app: App, chat: ChatRow, ticket: Ticket): void {
  updateChatState(app.db, chat.state, ticket.id);
  signalTicket(app, ticket.id);
}
