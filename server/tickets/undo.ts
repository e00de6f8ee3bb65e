// Undo (O4): a reply that has not begun to leave comes back to the composer.
import type { Agent } from '../agents';
import type { App } from '../app';
import { handAttachmentsOn } from '../attachments';
import { change, queryOne } from '../db';
import { record } from '../events';
import { deleteWaitingOutbox } from '../mail';
import { bringUpToDate } from './access';
import { moveTicket } from './change';
import { deedsAgain, undoDeeds } from './deeds';
import { findDraft, keepDeeds, keepDraft } from './drafts';
import { signalTicket } from './live';
import { deleteMessage, updateUndelivered } from './queries';
import { excerptOf, factsOf, type MessageRow, type Ticket } from './ticket';

export type UndoOutcome = 'undone' | 'too-late';

const findNewestWords = queryOne<[ticketId: number], { words: string; created_at: number }>(
  "SELECT words, created_at FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence DESC LIMIT 1",
);
const updateTicketAfterUndo = change<
  [excerpt: string, activityAt: number | null, sameId: number, id: number]
>(`
  UPDATE tickets SET changed_sequence = changed_sequence + 1, excerpt = ?, activity_at = coalesce(?, created_at),
         awaits_us = coalesce((SELECT author_kind = 'customer' FROM messages
                                WHERE ticket_id = ? AND kind = 'reply' AND is_automatic = 0 ORDER BY sequence DESC LIMIT 1), 0)
   WHERE id = ?`);

/**
 * Only its own author, only while the outbox still holds it; the words and files become the draft again, before what was
 * begun since, and the ticket is as it was, unless somebody has moved it meanwhile.
 */
export function undoReply(app: App, actor: Agent, ticket: Ticket, message: MessageRow): UndoOutcome {
  bringUpToDate(app, ticket);
  if (message.channel !== 'email' || message.author_kind !== 'agent' || message.author_id !== actor.id)
    return 'too-late';
  if (deleteWaitingOutbox(app.db, message.id) === 0) return 'too-late';
  const begun = findDraft(app.db, actor.id, ticket.id, 'reply')?.words ?? '';
  const draft = keepDraft(
    app,
    actor,
    ticket,
    'reply',
    begun.trim() ? `${message.words}\n\n${begun}` : message.words,
  );
  handAttachmentsOn(app, { kind: 'message', id: message.id }, { kind: 'draft', id: draft.id });
  deleteMessage(app.db, message.id);
  if (message.state === 'held') updateUndelivered(app.db, ticket.id, ticket.id);
  const newest = findNewestWords(app.db, ticket.id);
  updateTicketAfterUndo(
    app.db,
    excerptOf(newest?.words ?? ''),
    newest?.created_at ?? null,
    ticket.id,
    ticket.id,
  );
  const { moved, done } = factsOf(message);
  undoDeeds(app, actor, ticket, done ?? {});
  keepDeeds(app, actor, ticket, deedsAgain(moved?.to, done ?? {}));
  if (moved && ticket.status === moved.to) moveTicket(app, actor, ticket, moved.from, { quiet: true });
  record(app, 'ticket.reply-undone', actor, ticket);
  signalTicket(app, ticket.id);
  return 'undone';
}
