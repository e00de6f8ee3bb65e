// What a visitor may see of a conversation: public words, first names, nothing else. Notes, system lines and the words of
// strangers have no place in the visitor's counting, so nothing here could leave them in by mistake (AC-47, M7).
import { findAgentById, hueOf, initialsOf } from '../agents';
import type { App } from '../app';
import { type AttachmentRow, findAttachment, findAttachments } from '../attachments';
import { findTicketById, findVisitorMessagesAfter, type MessageRow } from '../tickets';
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
  files: ShownFile[];
}

export interface ShownFile {
  name: string;
  /** Bytes. */
  size: number;
  /** Answers whoever holds the conversation's token. */
  href: string;
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
  /** Up to where each side has seen. */
  agentSeen: number;
  visitorSeen: number;
}

export interface Shown {
  messages: ShownMessage[];
  /** Everything up to here is in it: ask for what comes after. */
  upTo: number;
  more: boolean;
  chat: ShownChat;
}

/** Messages after a visitor sequence, oldest first, and how the chat stands. */
export function showAfter(app: App, conversation: Conversation, sequence: number): Shown {
  const ticket = findTicketById(app.db, conversation.ticket.id) ?? conversation.ticket;
  const found = findVisitorMessagesAfter(app.db, ticket.id, sequence, MOST_AT_ONCE + 1);
  // A reply that can still be taken back is not shown, and nothing behind it: so a later question "after n" misses nothing.
  const held = found.findIndex((message) => canBeUndone(message, app.clock.now()));
  const shown = (held < 0 ? found : found.slice(0, held)).slice(0, MOST_AT_ONCE);
  return {
    upTo: shown.at(-1)?.visitor_sequence ?? sequence,
    messages: shown.map((message) => showMessage(app, conversation, message)),
    more: shown.length === MOST_AT_ONCE && found.length > MOST_AT_ONCE,
    chat: showChat(app, { ...conversation, ticket }),
  };
}

function showMessage(app: App, { site, ticket }: Conversation, message: MessageRow): ShownMessage {
  const sequence = message.visitor_sequence as number;
  const mine = message.author_kind === 'customer' && message.author_id === ticket.customer_id;
  const files = findAttachments(app.db, 'message', message.id).map(({ id, name, size }) => ({
    name,
    size,
    href: `/chat/${site.public_id}/files/${sequence}/${id}`,
  }));
  const shown = { sequence, mine, words: message.words, at: message.created_at, files };
  return mine
    ? { ...shown, clientId: message.client_id ?? undefined }
    : { ...shown, by: showAgent(message.author_name) };
}

/** A file of a message that the visitor may see; undefined for any other (AC-46). */
export function findShownFile(
  app: App,
  { ticket }: Conversation,
  sequence: number,
  id: number,
): AttachmentRow | undefined {
  const [message] = findVisitorMessagesAfter(app.db, ticket.id, sequence - 1, 1);
  const isShown = message?.visitor_sequence === sequence && !canBeUndone(message, app.clock.now());
  return isShown ? findAttachment(app.db, 'message', message.id, id) : undefined;
}

function showChat(app: App, { chat, ticket }: Conversation): ShownChat {
  const state = isClosed(ticket) ? 'closed' : chat.state;
  const agent =
    chat.state === 'active' && ticket.assignee_id !== null
      ? findAgentById(app.db, ticket.assignee_id)
      : undefined;
  const seen = { agentSeen: chat.agent_seen, visitorSeen: chat.visitor_seen };
  return { state, ...seen, ...(agent ? { agent: showAgent(agent.name) } : {}) };
}

const showAgent = (name: string): ShownAgent => ({
  name: firstNameOf(name),
  initials: initialsOf(name),
  hue: hueOf(name),
});

const canBeUndone = (message: MessageRow, now: number) =>
  message.state === 'waiting' && (message.send_after ?? 0) > now;
