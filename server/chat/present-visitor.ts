// What a visitor may see of a conversation: public words, first names, nothing else. Notes and system lines have no place in
// the visitor's counting, so there is nothing here that could leave them in by mistake (AC-47).
import { findAgentById, hueOf, initialsOf } from '../agents';
import type { App } from '../app';
import { findTicketById, findVisitorMessagesAfter, type MessageRow, type Ticket } from '../tickets';
import type { Conversation } from './access';
import { type ChatState, firstNameOf, isClosed } from './chat';

/** Of one answer; `more` says that there is more behind it. */
const MOST_AT_ONCE = 100;

export interface ShownMessage {
  /** Place in the visitor's own counting. */
  sequence: number;
  mine: boolean;
  words: string;
  /** Milliseconds UTC. */
  at: number;
  /** Of the visitor's own messages: what the browser called it. */
  clientId?: string;
  by?: ShownAgent;
}

export interface ShownAgent {
  name: string;
  initials: string;
  hue: number;
}

export interface ShownChat {
  state: ChatState | 'closed';
  /** Who answers; absent while nobody has taken it. */
  agent?: ShownAgent;
  /** Up to where an agent has seen. */
  agentSeen: number;
}

export interface Shown {
  messages: ShownMessage[];
  /** Everything up to here is in it: ask for what comes after. */
  upTo: number;
  more: boolean;
  chat: ShownChat;
}

/**
 * Messages after a visitor sequence, oldest first, and how the chat stands. Whoever joined by mail and was not accepted by an
 * agent stays unseen (M7).
 */
export function showAfter(app: App, conversation: Conversation, sequence: number): Shown {
  const ticket = findTicketById(app.db, conversation.ticket.id) ?? conversation.ticket;
  const found = findVisitorMessagesAfter(app.db, ticket.id, sequence, MOST_AT_ONCE + 1);
  // A reply that can still be taken back is not shown, and nothing behind it: so a later question "after n" misses nothing.
  const held = found.findIndex((message) => canBeUndone(message, app.clock.now()));
  const shown = (held < 0 ? found : found.slice(0, held)).slice(0, MOST_AT_ONCE);
  return {
    upTo: shown.at(-1)?.visitor_sequence ?? sequence,
    messages: shown
      .filter((message) => message.sender_state === 'accepted')
      .map((message) => showMessage(ticket, message)),
    more: shown.length === MOST_AT_ONCE && found.length > MOST_AT_ONCE,
    chat: showChat(app, { ...conversation, ticket }),
  };
}

function showMessage(ticket: Ticket, message: MessageRow): ShownMessage {
  const { words, created_at: at } = message;
  const sequence = message.visitor_sequence as number;
  const mine = message.author_kind === 'customer' && message.author_id === ticket.customer_id;
  if (mine) return { sequence, mine, words, at, clientId: message.client_id ?? undefined };
  return { sequence, mine, words, at, by: showAgent(message.author_name) };
}

function showChat(app: App, { chat, ticket }: Conversation): ShownChat {
  const state = isClosed(ticket) ? 'closed' : chat.state;
  const agent =
    chat.state === 'active' && ticket.assignee_id !== null
      ? findAgentById(app.db, ticket.assignee_id)
      : undefined;
  return { state, agentSeen: chat.agent_seen, ...(agent ? { agent: showAgent(agent.name) } : {}) };
}

const showAgent = (name: string): ShownAgent => ({
  name: firstNameOf(name),
  initials: initialsOf(name),
  hue: hueOf(name),
});

const canBeUndone = (message: MessageRow, now: number) =>
  message.state === 'waiting' && (message.send_after ?? 0) > now;
