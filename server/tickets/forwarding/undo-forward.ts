// What was forwarded is taken back while it waits (O4): the words, the people and the files come back to the form.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { deleteAttachment, handAttachmentsOn } from '../../attachments';
import { record } from '../../events';
import { deleteWaitingOutbox } from '../../mail';
import { bringUpToDate } from '../access';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { deleteMessage, updateUndelivered } from '../queries';
import { type Forwarded, factsOf, type MessageRow, type Ticket } from '../ticket';
import { findDraft, keepDraft, keepRecipients } from '../writing/drafts';
import { leaveAgain } from '../writing/join-recipients';
import type { UndoOutcome } from '../writing/undo';

/** Only its own author, only while the outbox still holds it. */
export function undoForward(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  forwarded: Forwarded,
): UndoOutcome {
  bringUpToDate(app, ticket);
  if (message.author_kind !== 'agent' || message.author_id !== actor.id) return 'too-late';
  if (deleteWaitingOutbox(app.db, message.id) === 0) return 'too-late';
  const begun = findDraft(app.db, actor.id, ticket.id, 'forward')?.words ?? '';
  const words = begun.trim() ? `${message.words}\n\n${begun}` : message.words;
  const draft = keepDraft(app, actor, ticket, 'forward', words);
  keepRecipients(app, draft, { to: forwarded.to.join(', '), cc: '', bcc: '' });
  for (const { here } of forwarded.files) deleteAttachment(app.db, 'message', message.id, here);
  handAttachmentsOn(app, { kind: 'message', id: message.id }, { kind: 'draft', id: draft.id });
  deleteMessage(app.db, message.id);
  if (message.state === 'held') updateUndelivered(app.db, ticket.id, ticket.id);
  leaveAgain(app, factsOf(message).joined ?? []);
  refreshNewest(app, ticket.id);
  record(app, 'ticket.forward-undone', actor, ticket);
  signalTicket(app, ticket.id);
  return 'undone';
}

/** Where it goes on: the form with the same original and the same files chosen. */
export function formAgain(ticket: Ticket, { message, files }: Forwarded): string {
  const asked = new URLSearchParams({
    ...(message === undefined ? {} : { message: String(message) }),
    files: files.map(({ of }) => of).join('-'),
  });
  return `/tickets/${ticket.number}/forward?${asked}`;
}
