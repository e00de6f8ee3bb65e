// Undo (O4): a reply that has not begun to leave comes back to the composer.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { handAttachmentsOn } from '../../attachments';
import { record } from '../../events';
import { deleteWaitingOutbox } from '../../mail';
import { bringUpToDate } from '../access';
import { moveTicket } from '../change';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { deedsAgain, undoDeeds } from '../macros/deeds';
import { deleteMessage, updateUndelivered } from '../queries';
import { factsOf, type MessageRow, type Ticket } from '../ticket';
import { findDraft, keepDeeds, keepDraft, keepRecipients } from './drafts';
import { leaveAgain } from './join-recipients';
import { asKnown, withAll } from './recipients';
import { typedOf } from './typed-recipients';

export type UndoOutcome = 'undone' | 'too-late';

/**
 * Only its own author, unless it was to leave later, and only while the outbox still holds it; the words and files become the draft again, before what was
 * begun since, and the ticket is as it was, unless somebody has moved it meanwhile.
 */
export function undoReply(app: App, actor: Agent, ticket: Ticket, message: MessageRow): UndoOutcome {
  bringUpToDate(app, ticket);
  const { moved, done, joined = [], to = [], cc = [], bcc = [], later } = factsOf(message);
  if (
    message.kind !== 'reply' ||
    message.channel !== 'email' ||
    message.author_kind !== 'agent' ||
    (message.author_id !== actor.id && later === undefined)
  )
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
  refreshNewest(app, ticket.id);
  const nameless = (addresses: string[]) => addresses.map((address) => ({ name: '', address }));
  const written = withAll({ to: nameless(to), cc: nameless(cc), bcc: nameless(bcc) });
  keepRecipients(app, draft, typedOf(asKnown(app, ticket, written)));
  leaveAgain(app, joined);

  undoDeeds(app, actor, ticket, done ?? {});
  keepDeeds(app, actor, ticket, deedsAgain(moved?.to, done ?? {}));
  if (moved && ticket.status === moved.to) moveTicket(app, actor, ticket, moved.from, { quiet: true });
  record(app, 'ticket.reply-undone', actor, ticket);
  signalTicket(app, ticket.id);
  return 'undone';
}
