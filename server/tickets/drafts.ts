// Drafts are on the server, one per agent, ticket and kind, until sent or discarded (W4).
import type { Agent } from '../agents';
import type { App } from '../app';
import { attach, deleteAttachment, detachAll, findAttachments } from '../attachments';
import { change, insert, queryOne } from '../db';
import { TooLarge } from '../lib/errors';
import { randomId } from '../lib/ids';
import { type BadForm, typedIn } from '../web';
import { draftForm, type NewFiles } from './forms';
import type { Ticket } from './ticket';

export type DraftKind = 'reply' | 'note';

export interface DraftRow {
  id: number;
  public_id: string;
  agent_id: number;
  ticket_id: number;
  kind: DraftKind;
  words: string;
  updated_at: number;
}

export const findDraft = queryOne<[agentId: number, ticketId: number, kind: DraftKind], DraftRow>(
  'SELECT * FROM drafts WHERE agent_id = ? AND ticket_id = ? AND kind = ?',
);
const insertDraft = insert<
  [publicId: string, agentId: number, ticketId: number, kind: DraftKind, words: string, now: number]
>('INSERT INTO drafts (public_id, agent_id, ticket_id, kind, words, updated_at) VALUES (?, ?, ?, ?, ?, ?)');
const updateDraft = change<[words: string, now: number, id: number]>(
  'UPDATE drafts SET words = ?, updated_at = ? WHERE id = ?',
);
const deleteDraft = change<[id: number]>('DELETE FROM drafts WHERE id = ?');

/** Keeps the words; makes the draft when there is none. Its public id becomes the client id of the reply. */
export function keepDraft(
  app: App,
  agent: Agent,
  ticket: Ticket,
  kind: DraftKind,
  words: string,
  files: NewFiles = [],
): DraftRow {
  const known = findDraft(app.db, agent.id, ticket.id, kind);
  if (known) updateDraft(app.db, words, app.clock.now(), known.id);
  else insertDraft(app.db, randomId(), agent.id, ticket.id, kind, words, app.clock.now());
  const draft = findDraft(app.db, agent.id, ticket.id, kind) as DraftRow;
  for (const file of files) attach(app, { kind: 'draft', id: draft.id }, file);
  return draft;
}

/** As many as one form may bring. */
const MOST_FILES = 20;

/** Files are kept as soon as they are chosen, whatever the words are by then. Throws TooLarge for more than a mail should carry. */
export function addDraftFiles(
  app: App,
  agent: Agent,
  ticket: Ticket,
  kind: DraftKind,
  files: NewFiles,
): DraftRow {
  const known = findDraft(app.db, agent.id, ticket.id, kind);
  const before = known ? findAttachments(app.db, 'draft', known.id).length : 0;
  if (before + files.length > MOST_FILES) throw TooLarge(`A message may have ${MOST_FILES} files.`);
  return keepDraft(app, agent, ticket, kind, known?.words ?? '', files);
}

/** What came with a form that was not accepted: files can't be shown again in it, so they are kept with its words. */
export function keepTyped(
  app: App,
  agent: Agent,
  ticket: Ticket,
  kind: DraftKind,
  form: BadForm,
  files: NewFiles,
): void {
  if (files.length === 0) return;
  const typed = draftForm.safeParse({ kind, words: typedIn(form.values, 'words') });
  keepDraft(app, agent, ticket, kind, typed.success ? typed.data.words : '', files);
}

/** Takes one file off a draft again. */
export function removeDraftFile(app: App, agent: Agent, ticket: Ticket, kind: DraftKind, file: number): void {
  const draft = findDraft(app.db, agent.id, ticket.id, kind);
  if (draft) deleteAttachment(app.db, 'draft', draft.id, file);
}

/** Ends the draft; its files stay with whoever took them over, else they go. */
export function endDraft(app: App, agent: Agent, ticket: Ticket, kind: DraftKind): void {
  const draft = findDraft(app.db, agent.id, ticket.id, kind);
  if (!draft) return;
  detachAll(app, { kind: 'draft', id: draft.id });
  deleteDraft(app.db, draft.id);
}
