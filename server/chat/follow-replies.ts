// Whoever answers a waiting chat, or takes its ticket, has taken it, with or without the button.
import { agentOf, findAgentById } from '../agents';
import type { App } from '../app';
import type { EventRow, Follower } from '../events';
import { findTicketById } from '../tickets';
import { type ChatRow, isThere } from './chat';
import { findChatByTicket } from './queries';
import { takeChat } from './take-chat';

/** Reads the event log, because replying belongs to tickets and tickets know no chats (the ladder). */
export const repliesFollower: Follower = {
  name: 'chats',
  batch: 100,
  read(app, events) {
    for (const event of events.filter(isTaking)) {
      const chat = findChatByTicket(app.db, event.subject_id);
      const ticket = chat && waits(app, chat) ? findTicketById(app.db, event.subject_id) : undefined;
      const agent = event.actor_id === null ? undefined : findAgentById(app.db, event.actor_id);
      if (ticket && agent) takeChat(app, agentOf(agent), ticket);
    }
  },
};

/** A chat that was missed goes on when its visitor is back to read the answer; else the answer is a mail like any other. */
const waits = (app: App, chat: ChatRow): boolean =>
  chat.state === 'queued' || (chat.state === 'missed' && isThere(chat, app.clock.now()));

function isTaking(event: EventRow): boolean {
  if (event.actor_kind !== 'agent') return false;
  if (event.name === 'ticket.assigned')
    return (JSON.parse(event.facts) as { to: number | null }).to === event.actor_id;
  return event.name === 'ticket.replied';
}
