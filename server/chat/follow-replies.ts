// Whoever answers a waiting chat has taken it, with or without the button.
import { agentOf, findAgentById } from '../agents';
import type { EventRow, Follower } from '../events';
import { findTicketById } from '../tickets';
import { findChatByTicket } from './queries';
import { takeChat } from './take-chat';

/** Reads the event log, because a reply belongs to tickets and tickets know no chats (the ladder). */
export const repliesFollower: Follower = {
  name: 'chats',
  batch: 100,
  read(app, events) {
    for (const event of events.filter(isReply)) {
      const waits = findChatByTicket(app.db, event.subject_id)?.state === 'queued';
      const ticket = waits ? findTicketById(app.db, event.subject_id) : undefined;
      const agent = event.actor_id === null ? undefined : findAgentById(app.db, event.actor_id);
      if (ticket && agent) takeChat(app, agentOf(agent), ticket);
    }
  },
};

const isReply = (event: EventRow) => event.name === 'ticket.replied' && event.actor_kind === 'agent';
