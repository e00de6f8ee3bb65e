// Undo (O4): a reply that has not begun to leave comes back to the composer.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { handAttachmentsOn } from '../../attachments';
import { record } from '../../events';
import { deleteWaitingOutbox } from '../../mail';
import { bringUpToDate, refresh } from '../access';
import { moveTicket } from '../change';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { writingPlace } from '../living';
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
  const { moved, done, joined = [], to = [], cc = [], bcc = [], later } = factsOf(message);
  // One that waits for its time can be taken back where its ticket was merged meanwhile, too.
  if (later === undefined) bringUpToDate(app, ticket);
  else refresh(app, ticket);
  const place = writingPlace(app, actor, ticket);
  if (
    message.kind !== 'reply' ||
    message.channel !== 'email' ||
    message.author_kind !== 'agent' ||
    (message.author_id !== actor.id && later === undefined)
  )
    return 'too-late';
  if (deleteWaitingOutbox(app.db, message.id) === 0) return 'too-late';
  const begun = findDraft(app.db, actor.id, place.id, 'reply')?.words ?? '';
  const draft = keepDraft(
    app,
    actor,
    place,
    'reply',
    begun.trim() ? `${message.words}\n\n${begun}` : message.words,
  );
  handAttachmentsOn(app, { kind: 'message', id: message.id }, { kind: 'draft', id: draft.id });
  deleteMessage(app.db, message.id);
  if (message.state === 'held') updateUndelivered(app.db, ticket.id, ticket.id);
  refreshNewest(app, ticket.id);
  const nameless = (addresses: string[]) => addresses.map((address) => ({ name: '', address }));
  const written = withAll({ to: nameless(to), cc: nameless(cc), bcc: nameless(bcc) });
  keepRecipients(app, draft, typedOf(asKnown(app, place, written)));
  leaveAgain(app, joined);

  keepDeeds(app, actor, place, deedsAgain(moved?.to, done ?? {}));
  if (ticket.merged_into_id === null) undoDeeds(app, actor, ticket, done ?? {});
  if (moved && ticket.merged_into_id === null && ticket.status === moved.to)
    moveTicket(app, actor, ticket, moved.from, { quiet: true });
  record(app, 'ticket.reply-undone', actor, ticket);
  signalTicket(app, ticket.id);
  return 'undone';
}
