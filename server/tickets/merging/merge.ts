// Two tickets about the same thing become one: the conversation goes on in one of them, the other stays as it was, to be read. For
// an hour the merge can be undone.
import { type Agent, findAgentById } from '../../agents';
import type { App } from '../../app';
import { handAttachmentsOn } from '../../attachments';
import { change, query, queryOne, queryValue } from '../../db';
import { record } from '../../events';
import { HOUR } from '../../lib/clock';
import { numberFor, refresh } from '../access';
import { addSystemLine } from '../add-message';
import { giveBackIfLeft } from '../change';
import { signalTicket } from '../live';
import { findParticipant, findParticipants, findTicketById, insertParticipant } from '../queries';
import { wakeTicket } from '../snooze';
import type { Ticket } from '../ticket';
import {
  type DraftRow,
  deedsOfDraft,
  deleteDraft,
  findDraft,
  keepDeeds,
  keepDraft,
  updateRecipients,
} from '../writing/drafts';

export const UNDO_WITHIN = HOUR;
/** At once; whoever has more has something else in mind. */
export const MOST_MERGED = 20;

/** A participant, and as what it came: whom an agent has decided about since stays. */
type Brought = [id: number, state: 'accepted' | 'suggested'];

interface MergeRow {
  ticket_id: number;
  into_id: number;
  merged_at: number;
  /** JSON, `Brought[]`: the people who came to the other ticket with it. */
  added: string;
}

const updateMergedInto = change<[intoId: number | null, id: number]>(
  'UPDATE tickets SET merged_into_id = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
const insertMerge = change<[ticketId: number, intoId: number, by: number, now: number, added: string]>(`
  INSERT INTO merges (ticket_id, into_id, merged_by, merged_at, added) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (ticket_id) DO UPDATE SET into_id = excluded.into_id, merged_by = excluded.merged_by,
    merged_at = excluded.merged_at, added = excluded.added`);
const findMerge = queryOne<[ticketId: number], MergeRow>('SELECT * FROM merges WHERE ticket_id = ?');
const deleteMerge = change<[ticketId: number]>('DELETE FROM merges WHERE ticket_id = ?');
/** One who came with a merge, of whom nobody has decided anything, and who has not written since. */
const deleteBrought = change<Brought>(`
  DELETE FROM participants WHERE id = ? AND state = ? AND NOT EXISTS (
    SELECT 1 FROM messages WHERE messages.ticket_id = participants.ticket_id AND author_kind = 'customer'
       AND author_id = participants.customer_id)`);
const findDraftsOf = query<[ticketId: number], DraftRow[]>(
  'SELECT * FROM drafts WHERE ticket_id = ? ORDER BY id',
);
export const findMergedInto = query<[intoId: number], { id: number; number: number; subject: string }[]>(
  'SELECT id, number, subject FROM tickets WHERE merged_into_id = ? AND deleted_at IS NULL ORDER BY id',
);
const findMergedAt = queryValue<[ticketId: number], number>(
  'SELECT merged_at FROM merges WHERE ticket_id = ?',
);

/** Why two tickets are not merged: it is the same, one is merged already, or a chat would lose its visitor. */
export type MergeRefusal = 'same' | 'merged' | 'chat';

/** A visitor's window knows its own ticket only, so what a visitor writes cannot arrive in another: a chat is the one that stays. */
export function whyNotMerge(ticket: Ticket, into: Ticket): MergeRefusal | undefined {
  if (ticket.id === into.id) return 'same';
  if (ticket.merged_into_id !== null || into.merged_into_id !== null) return 'merged';
  return ticket.channel === 'chat' ? 'chat' : undefined;
}

/**
 * All of them or none. From now on answers to the merged tickets arrive in the other one (filing/thread.ts). Nothing is moved but what
 * agents have begun to write. Their people come along: the same customer's other addresses as they were, anybody else as a
 * suggestion, because one customer's answers are not another's to read until an agent says so (M7). Returns why not.
 */
export function mergeTickets(
  app: App,
  actor: Agent,
  tickets: Ticket[],
  into: Ticket,
): MergeRefusal | undefined {
  for (const ticket of [...tickets, into]) refresh(app, ticket);
  const refusal = tickets.map((ticket) => whyNotMerge(ticket, into)).find((reason) => reason !== undefined);
  if (refusal) return refusal;
  for (const ticket of tickets) {
    // What one of them was awake for must not fall asleep with the other.
    if (ticket.snoozed_at === null) wakeTicket(app, actor, into, 'hand');
    merge(app, actor, ticket, into);
  }
  signalTicket(app, into.id);
  return undefined;
}

function merge(app: App, actor: Agent, ticket: Ticket, into: Ticket): void {
  const added = bringPeople(app, ticket, into);
  for (const draft of findDraftsOf(app.db, ticket.id)) bringDraft(app, draft, into);
  addSystemLine(app, ticket, 'tickets.says.mergedInto', { who: actor.name, number: into.number });
  addSystemLine(app, into, 'tickets.says.tookIn', { who: actor.name, number: ticket.number });
  updateMergedInto(app.db, into.id, ticket.id);
  ticket.merged_into_id = into.id;
  insertMerge(app.db, ticket.id, into.id, actor.id, app.clock.now(), JSON.stringify(added));
  record(app, 'ticket.merged', actor, ticket, { into: into.id });
  record(app, 'ticket.took-in', actor, into, { ticket: ticket.id });
  signalTicket(app, ticket.id);
}

function bringPeople(app: App, ticket: Ticket, into: Ticket): Brought[] {
  const added: Brought[] = [];
  for (const person of findParticipants(app.db, ticket.id)) {
    const { address, address_key: key, name, customer_id: customer, state } = person;
    if (!address || !key || state === 'removed' || findParticipant(app.db, into.id, key)) continue;
    const isSamePerson = customer === into.customer_id && state === 'accepted';
    const now = app.clock.now();
    const brought = isSamePerson ? 'accepted' : 'suggested';
    added.push([
      insertParticipant(app.db, into.id, customer, address, key, name, 'copy', brought, now),
      brought,
    ]);
  }
  return added;
}

/**
 * Words that nobody can send any more from where they stand go on where the conversation does, with what sending them is to do.
 * Who may not see that ticket keeps them here, to be read (AC-46).
 */
function bringDraft(app: App, draft: DraftRow, into: Ticket): void {
  const agent = findAgentById(app.db, draft.agent_id);
  if (!agent || numberFor(app, agent, into.id) === undefined) return;
  const begun = findDraft(app.db, agent.id, into.id, draft.kind);
  const words = [begun?.words.trimEnd() ?? '', draft.words].filter((part) => part.trim() !== '').join('\n\n');
  const kept = keepDraft(app, agent, into, draft.kind, words);
  const deeds = { ...deedsOfDraft(draft), ...deedsOfDraft(begun) };
  if (Object.keys(deeds).length > 0) keepDeeds(app, agent, into, deeds);
  if (kept.recipients === '{}') updateRecipients(app.db, draft.recipients, kept.id);
  handAttachmentsOn(app, { kind: 'draft', id: draft.id }, { kind: 'draft', id: kept.id });
  deleteDraft(app.db, draft.id);
}

export type UnmergeOutcome = 'undone' | 'too-late';

/** What arrived in the other ticket meanwhile stays there. */
export function unmergeTicket(app: App, actor: Agent, ticket: Ticket): UnmergeOutcome {
  refresh(app, ticket);
  const made = findMerge(app.db, ticket.id);
  if (!made || !canUnmerge(app, ticket) || numberFor(app, actor, made.into_id) === undefined)
    return 'too-late';
  updateMergedInto(app.db, null, ticket.id);
  ticket.merged_into_id = null;
  deleteMerge(app.db, ticket.id);
  for (const brought of JSON.parse(made.added) as Brought[]) deleteBrought(app.db, ...brought);
  addSystemLine(app, ticket, 'tickets.says.unmerged', { who: actor.name });
  giveBackIfLeft(app, actor, ticket);
  const into = findTicketById(app.db, made.into_id);
  if (into) addSystemLine(app, into, 'tickets.says.gaveBack', { who: actor.name, number: ticket.number });
  record(app, 'ticket.unmerged', actor, ticket, { from: made.into_id });
  signalTicket(app, ticket.id);
  if (into) {
    record(app, 'ticket.gave-back', actor, into, { ticket: ticket.id });
    signalTicket(app, into.id);
  }
  return 'undone';
}

export function canUnmerge(app: App, ticket: Ticket): boolean {
  const at = ticket.merged_into_id === null ? undefined : findMergedAt(app.db, ticket.id);
  return at !== undefined && app.clock.now() < at + UNDO_WITHIN;
}
