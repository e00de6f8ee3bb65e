// The files of a draft as its form shows them.
import type { App } from '../../app';
import { findAttachments } from '../../attachments';
import type { Reader } from '../../web';
import type { Ticket } from '../ticket';
import type { DraftRow } from './drafts';
import type { WritingForm } from './page-models';

/** `message` is the one that is being forwarded, so that the form comes back with it. */
export const draftFiles = (
  app: App,
  format: Reader['format'],
  draft: DraftRow,
  ticket: Pick<Ticket, 'number'>,
  message?: number,
): WritingForm['files'] =>
  findAttachments(app.db, 'draft', draft.id).map((file) => ({
    name: file.name,
    size: format.size(file.size),
    remove: `/tickets/${ticket.number}/draft/${draft.kind}/files/${file.id}/remove${message ? `?message=${message}` : ''}`,
  }));
