// What follows when an agent answers a chat: whoever does, or takes its ticket, has taken it, with or without the button.
import { agentOf, findAgentById } from '../agents';
import type { App } from '../app';
import type { EventRow, Follower } from '../events';
import { findMessage, findTicketById } from '../tickets';
import { type ChatRow, isThere } from './chat';
import { followUnseen } from './mail-unseen';
import { findChatByTicket } from './queries';
import { takeChat } from './take-chat';

/** Reads the event log, because replying belongs to tickets and tickets know no chats (the ladder). */
export const repliesFollower: Follower = {
  name: 'chats',
  batch: 100,
  read(app, events) {
    for (const event of events.filter(isTaking)) {
      const chat = findChatByTicket(app.db, event.subject_id);
      if (chat && event.name === 'ticket.replied') lookLater(app, chat, event);
      const ticket = chat && waits(app, chat) ? findTicketById(app.db, event.subject_id) : undefined;
      const agent = event.actor_id === null ? undefined : findAgentById(app.db, event.actor_id);
      if (ticket && agent) takeChat(app, agentOf(agent), ticket);
    }
  },
};

/** Whoever is connected may still not look: what stays unseen follows by e-mail (C7). */
function lookLater(app: App, chat: ChatRow, event: EventRow): void {
  const facts = JSON.parse(event.facts) as { message: number; channel: string };
  const sequence = facts.channel === 'chat' && findMessage(app.db, facts.message)?.visitor_sequence;
  if (sequence && chat.visitor_gone_at === null) followUnseen(app, chat, sequence);
}

/** A chat that was missed goes on when its visitor is back to read the answer; else the answer is a mail like any other. */
const waits = (app: App, chat: ChatRow): boolean =>
  chat.state === 'queued' || (chat.state === 'missed' && isThere(chat, app.clock.now()));

function isTaking(event: EventRow): boolean {
  if (event.actor_kind !== 'agent') return false;
  if (event.name === 'ticket.assigned')
    return (JSON.parse(event.facts) as { to: number | null }).to === event.actor_id;
  return event.name === 'ticket.replied';
}
