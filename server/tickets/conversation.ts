// What a ticket's page shows of its conversation, remembered as long as none of it changes.
import type { Agent } from '../agents';
import type { App } from '../app';
import { findAttachmentsOfMessages } from '../attachments';
import type { Db } from '../db';
import type { Reader } from '../web';
import { findMovesOfMessages } from './filing/moves';
import type { MessageModel } from './page-models';
import { messageModel } from './present-message';
import { findMessagesBefore, findParticipants, type ParticipantRow } from './queries';
import { findTags } from './tags';
import type { MessageRow, Ticket } from './ticket';

const MESSAGES_A_PAGE = 100;
/** Conversations remembered at most, and characters of words in all of them. */
const MOST_KEPT = 600;
const MOST_CHARACTERS = 2_000_000;

export interface Conversation {
  /** Oldest first; the newest hundred, or the hundred before a sequence. */
  messages: MessageModel[];
  /** The sequence of the first of them, 1 when there is none. */
  first: number;
  /** Whether a reply has not left yet. */
  isWaiting: boolean;
  participants: ParticipantRow[];
  tags: string[];
}

type Kept = { changed: number; shown: Conversation; characters: number };

const remembered = new WeakMap<Db, { kept: Map<string, Kept>; characters: number }>();

/**
 * Whatever it holds raises the ticket's `changed_sequence`, by triggers of the schema, so that number tells whether it is still
 * right (DESIGN 4: by id, sequence, locale, zone and role). What is returned is shared: not to be changed.
 */
export function conversationOf(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  before: number | undefined,
): Conversation {
  if (before !== undefined) return read(app, agent, reader, ticket, before).shown;
  let memory = remembered.get(app.db);
  if (!memory || memory.kept.size >= MOST_KEPT || memory.characters >= MOST_CHARACTERS) {
    memory = { kept: new Map(), characters: 0 };
    remembered.set(app.db, memory);
  }
  const key = `${ticket.id} ${agent.role} ${reader.locale} ${reader.zone}`;
  const known = memory.kept.get(key);
  if (known?.changed === ticket.changed_sequence) return known.shown;
  const fresh = read(app, agent, reader, ticket, Number.MAX_SAFE_INTEGER);
  memory.characters += fresh.characters - (known?.characters ?? 0);
  memory.kept.set(key, fresh);
  return fresh.shown;
}

function read(app: App, agent: Agent, reader: Reader, ticket: Ticket, before: number): Kept {
  const participants = findParticipants(app.db, ticket.id);
  const rows = findMessagesBefore(app.db, ticket.id, before, MESSAGES_A_PAGE).reverse();
  const shown = {
    messages: messageModels(app, agent, reader, ticket, participants, rows),
    first: rows[0]?.sequence ?? 1,
    isWaiting: rows.some(({ state }) => state === 'waiting'),
    participants,
    tags: findTags(app.db, ticket.id).map((tag) => tag.name),
  };
  return { changed: ticket.changed_sequence, shown, characters: rows.reduce(addCharacters, 0) };
}

const addCharacters = (sum: number, row: MessageRow) =>
  sum + row.words.length + row.quote.length + (row.html_words?.length ?? 0) + (row.html_quote?.length ?? 0);

export function messageModels(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  participants: ParticipantRow[],
  rows: MessageRow[],
): MessageModel[] {
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const moves = new Map(findMovesOfMessages(app.db, ids).map((move) => [move.message_id, move]));
  const shown = { app, agent, reader, ticket, participants, moves };
  const files = Map.groupBy(findAttachmentsOfMessages(app.db, ids), (file) => file.owner_id);
  return rows.map((row) => messageModel(shown, row, files.get(row.id) ?? []));
}
