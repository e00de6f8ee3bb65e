// Who has seen up to where: said to the other side as data.
import type { App } from '../app';
import { queryValue } from '../db';
import type { Ticket } from '../tickets';
import type { Conversation } from './access';
import { signalAgents, signalVisitor } from './live';
import { findChatByTicket, updateAgentSaw, updateVisitorSaw } from './queries';

/** Agents' pages count all messages, visitors only theirs: the visitor's number of what an agent's page shows. */
const findVisitorSequence = queryValue<[ticketId: number, sequence: number], number | null>(
  'SELECT max(visitor_sequence) FROM messages WHERE ticket_id = ? AND sequence <= ?',
);
const findSequence = queryValue<[ticketId: number, visitorSequence: number], number | null>(
  'SELECT max(sequence) FROM messages WHERE ticket_id = ? AND visitor_sequence <= ?',
);

/** The first reply that can still be taken back: visitors are shown neither it nor what stands behind it. */
const findFirstHeld = queryValue<[ticketId: number, now: number], number | null>(
  "SELECT min(visitor_sequence) FROM messages WHERE ticket_id = ? AND state = 'waiting' AND send_after > ?",
);

/** Inside a transaction. `sequence` is the visitor's own counting; nobody has seen what is not there yet. */
export function visitorSaw(app: App, { chat, ticket }: Conversation, sequence: number): void {
  const held = findFirstHeld(app.db, ticket.id, app.clock.now()) ?? Number.POSITIVE_INFINITY;
  const seen = Math.min(sequence, ticket.visitor_sequence, held - 1);
  if (updateVisitorSaw(app.db, seen, chat.id, seen) === 0) return;
  const upTo = findSequence(app.db, ticket.id, seen) ?? 0;
  app.db.afterCommit(() => signalAgents(app, ticket, 'seen:changed', { sequence: upTo }));
}

/** Inside a transaction. `sequence` is the agents' counting. */
export function agentSaw(app: App, ticket: Ticket, sequence: number): void {
  const chat = findChatByTicket(app.db, ticket.id);
  const seen = findVisitorSequence(app.db, ticket.id, sequence) ?? 0;
  if (!chat || updateAgentSaw(app.db, seen, chat.id, seen) === 0) return;
  app.db.afterCommit(() => signalVisitor(app, ticket, 'seen:changed', { sequence: seen }));
}

/** Up to where the visitor has seen, in the agents' counting. */
export const seenByVisitor = (app: App, ticket: Ticket, visitorSeen: number): number =>
  findSequence(app.db, ticket.id, visitorSeen) ?? 0;
