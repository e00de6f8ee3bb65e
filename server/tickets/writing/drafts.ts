// Drafts are on the server, one per agent, ticket and kind, until sent or discarded (W4).
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { attach, deleteAttachment, detachAll, findAttachments } from '../../attachments';
import { change, insert, queryOne } from '../../db';
import { TooLarge } from '../../lib/errors';
import { randomId, sha256 } from '../../lib/ids';
import { type BadForm, typedIn } from '../../web';
import { draftForm, type NewFiles } from '../forms';
import { type Deeds, deedsIn } from '../macros/macro';
import type { Ticket } from '../ticket';
import { chosenIn, LONGEST_FIELD, RECIPIENT_FIELDS, type Typed } from './typed-recipients';

export type DraftKind = 'reply' | 'note' | 'forward';

export interface DraftRow {
  id: number;
  public_id: string;
  agent_id: number;
  ticket_id: number;
  kind: DraftKind;
  words: string;
  /** JSON: as typed; empty when nobody has chosen. */
  recipients: string;
  deeds: string;
  writer: string | null;
  updated_at: number;
}

/** What a page knows of the draft that it is writing on. */
export interface DraftPage {
  /** The words that it had from the server last, by `baseOf`. */
  draftBase?: string;
  /** Random, of the window. */
  draftWriter?: string;
  /** Whom it has chosen, where it has. */
  to?: string;
  cc?: string;
  bcc?: string;
}

export const findDraft = queryOne<[agentId: number, ticketId: number, kind: DraftKind], DraftRow>(
  'SELECT * FROM drafts WHERE agent_id = ? AND ticket_id = ? AND kind = ?',
);
const insertDraft = insert<
  [publicId: string, agentId: number, ticketId: number, kind: DraftKind, words: string, now: number]
>('INSERT INTO drafts (public_id, agent_id, ticket_id, kind, words, updated_at) VALUES (?, ?, ?, ?, ?, ?)');
const updateDraft = change<[sameWords: string, words: string, now: number, id: number]>(
  'UPDATE drafts SET writer = iif(words = ?, writer, NULL), words = ?, updated_at = ? WHERE id = ?',
);
const updateWriter = change<[writer: string | null, id: number]>('UPDATE drafts SET writer = ? WHERE id = ?');
export const updateRecipients = change<[recipients: string, id: number]>(
  'UPDATE drafts SET recipients = ? WHERE id = ?',
);
const updateDeeds = change<[deeds: string, id: number]>('UPDATE drafts SET deeds = ? WHERE id = ?');
export const deleteDraft = change<[id: number]>('DELETE FROM drafts WHERE id = ?');

/** Keeps the words; makes the draft when there is none. Its public id becomes the client id of the reply. */
export function keepDraft(
  app: App,
  agent: Pick<Agent, 'id'>,
  ticket: Ticket,
  kind: DraftKind,
  words: string,
  files: NewFiles = [],
): DraftRow {
  const known = findDraft(app.db, agent.id, ticket.id, kind);
  if (known) updateDraft(app.db, words, words, app.clock.now(), known.id);
  else insertDraft(app.db, randomId(), agent.id, ticket.id, kind, words, app.clock.now());
  const draft = findDraft(app.db, agent.id, ticket.id, kind) as DraftRow;
  for (const file of files) attach(app, { kind: 'draft', id: draft.id }, file);
  return draft;
}

/** What sending is to do besides, in place of what was said before; the words stay as they are. */
export function keepDeeds(app: App, agent: Pick<Agent, 'id'>, ticket: Ticket, deeds: Deeds): void {
  const known = findDraft(app.db, agent.id, ticket.id, 'reply');
  const draft = known ?? keepDraft(app, agent, ticket, 'reply', '');
  updateDeeds(app.db, JSON.stringify(deeds), draft.id);
}

export const deedsOfDraft = (draft: DraftRow | undefined): Deeds => (draft ? deedsIn(draft.deeds) : {});

/** To whom it is to go, in place of those on the ticket. */
export const keepRecipients = (app: App, draft: DraftRow, typed: Typed) =>
  void updateRecipients(app.db, JSON.stringify(typed), draft.id);

/** Undefined while nobody has chosen. */
export const recipientsOfDraft = (draft: DraftRow | undefined): Typed | undefined =>
  draft ? chosenIn(JSON.parse(draft.recipients) as Partial<Typed>) : undefined;

/** By what a page and the server tell whether they mean the same words; empty where there is no draft. */
export const baseOf = (draft: Pick<DraftRow, 'words'> | undefined): string =>
  draft?.words ? sha256(draft.words).slice(0, 16) : '';

/** Whether a second window wrote words meanwhile that are not in these (W4). */
function wouldErase(draft: DraftRow, words: string, page: DraftPage): boolean {
  if (page.draftBase === undefined || page.draftBase === baseOf(draft)) return false;
  if (page.draftWriter && page.draftWriter === draft.writer) return false;
  const before = draft.words.trim();
  return before !== '' && !words.includes(before);
}

/**
 * The same for a page, of which an agent may have two on one ticket: words that it has not seen are not written over, they
 * follow below what it brings. `wasMerged` tells it so.
 */
export function keepPageDraft(
  app: App,
  agent: Agent,
  ticket: Ticket,
  kind: DraftKind,
  words: string,
  page: DraftPage,
  files: NewFiles = [],
): { draft: DraftRow; wasMerged: boolean } {
  const known = findDraft(app.db, agent.id, ticket.id, kind);
  const wasMerged = known !== undefined && wouldErase(known, words, page);
  const both = wasMerged ? [words.trimEnd(), known.words].filter(Boolean).join('\n\n') : words;
  const draft = keepDraft(app, agent, ticket, kind, both, files);
  // Of merged words the window does not know yet: until it does, it may not write over them either.
  updateWriter(app.db, wasMerged ? null : (page.draftWriter ?? null), draft.id);
  const typed = chosenIn(page);
  if (typed) keepRecipients(app, draft, typed);
  return { draft, wasMerged };
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
  const known = 'draftBase' in form.values ? { draftBase: typedIn(form.values, 'draftBase') } : {};
  const people = Object.fromEntries(
    RECIPIENT_FIELDS.filter((field) => field in form.values).map((field) => [
      field,
      typedIn(form.values, field).slice(0, LONGEST_FIELD),
    ]),
  );
  const page = { ...known, ...people, draftWriter: typedIn(form.values, 'draftWriter') || undefined };
  keepPageDraft(app, agent, ticket, kind, typed.success ? typed.data.words : '', page, files);
}

/** Takes one file off a draft again. */
export function removeDraftFile(app: App, agent: Agent, ticket: Ticket, kind: DraftKind, file: number): void {
  const draft = findDraft(app.db, agent.id, ticket.id, kind);
  if (draft) deleteAttachment(app.db, 'draft', draft.id, file);
}

/** Ends the draft with what was sent, unless a second window wrote other words; its files stay with whoever took them over, else they go. */
export function endDraft(
  app: App,
  agent: Agent,
  ticket: Ticket,
  kind: DraftKind,
  sent: DraftPage & { words: string },
): void {
  const draft = findDraft(app.db, agent.id, ticket.id, kind);
  if (!draft || wouldErase(draft, sent.words, sent)) return;
  detachAll(app, { kind: 'draft', id: draft.id });
  deleteDraft(app.db, draft.id);
}
