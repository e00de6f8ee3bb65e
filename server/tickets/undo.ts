// Undo (O4): a reply that has not begun to leave comes back to the composer.
import type { Agent } from '../agents';
import type { App } from '../app';
import { handAttachmentsOn } from '../attachments';
import { change } from '../db';
import { record } from '../events';
import { deleteWaitingOutbox } from '../mail';
import { moveTicket } from './change';
import { keepDraft } from './drafts';
import { signalTicket } from './live';
import { deleteMessage } from './queries';
import type { MessageRow, Ticket } from './ticket';

export type UndoOutcome = 'undone' | 'too-late';

const updateTicketAfterUndo = change<[sameId: number, thirdId: number, id: number]>(`
  UPDATE tickets SET changed_sequence = changed_sequence + 1,
         awaits_us = coalesce((SELECT author_kind = 'customer' FROM messages
                                WHERE ticket_id = ? AND kind = 'reply' AND is_automatic = 0 ORDER BY sequence DESC LIMIT 1), 0),
         activity_at = coalesce((SELECT max(created_at) FROM messages WHERE ticket_id = ? AND kind <> 'system'), activity_at)
   WHERE id = ?`);

/** Only its own author, only while the outbox still holds it; the words and files become the draft again. */
export function undoReply(app: App, actor: Agent, ticket: Ticket, message: MessageRow): UndoOutcome {
  if (message.author_kind !== 'agent' || message.author_id !== actor.id) return 'too-late';
  if (deleteWaitingOutbox(app.db, message.id) === 0) return 'too-late';
  const draft = keepDraft(app, actor, ticket, 'reply', message.words);
  handAttachmentsOn(app, { kind: 'message', id: message.id }, { kind: 'draft', id: draft.id });
  deleteMessage(app.db, message.id);
  updateTicketAfterUndo(app.db, ticket.id, ticket.id, ticket.id);
  moveTicket(app, actor, ticket, 'open', { quiet: true });
  record(app, 'ticket.reply-undone', actor, ticket);
  signalTicket(app, ticket.id);
  return 'undone';
}
