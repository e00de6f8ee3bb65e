// Tags: short names that agents put on tickets.
import type { Agent } from '../agents';
import type { App } from '../app';
import { change, type Db, insert, query, queryOne } from '../db';
import { type Actor, record } from '../events';
import { addSystemLine } from './add-message';
import { byWhom } from './doer';
import { signalTicket } from './live';
import type { Ticket } from './ticket';

export interface TagRow {
  id: number;
  name: string;
  name_key: string;
  colour: string | null;
}

const findTagRows = query<[ticketId: number], TagRow[]>(
  'SELECT tags.* FROM ticket_tags JOIN tags ON tags.id = tag_id WHERE ticket_id = ?',
);
/** By name; sorted here, because a sorter of SQLite's costs more than a handful of tags. */
export const findTags = (db: Db, ticketId: number) =>
  findTagRows(db, ticketId).sort((a, b) => (a.name_key < b.name_key ? -1 : 1));
/** By name, for suggestions. */
export const findAllTags = query<[limit: number], TagRow[]>('SELECT * FROM tags ORDER BY name_key LIMIT ?');
export const findTag = queryOne<[key: string], TagRow>('SELECT * FROM tags WHERE name_key = ?');
const insertTag = insert<[name: string, key: string, now: number]>(
  'INSERT INTO tags (name, name_key, created_at) VALUES (?, ?, ?)',
);
const insertTicketTag = change<[ticketId: number, tagId: number]>(
  'INSERT INTO ticket_tags VALUES (?, ?) ON CONFLICT DO NOTHING',
);
const deleteTicketTag = change<[ticketId: number, tagId: number]>(
  'DELETE FROM ticket_tags WHERE ticket_id = ? AND tag_id = ?',
);

/** Names are compared without regard to case; a new name makes a new tag. */
export const tagKey = (name: string) => name.normalize('NFC').trim().toLocaleLowerCase();

/**
 * False when the ticket has that tag already. What a rule adds is said in the conversation: nobody else was there to see it. `quiet`
 * says it nowhere and tells no open page.
 */
export function addTag(
  app: App,
  actor: Actor,
  ticket: Ticket,
  name: string,
  options: { quiet?: boolean } = {},
): boolean {
  const key = tagKey(name);
  const id = findTag(app.db, key)?.id ?? insertTag(app.db, name.trim(), key, app.clock.now());
  if (insertTicketTag(app.db, ticket.id, id) === 0) return false;
  record(app, 'ticket.tagged', actor, ticket, { tag: id });
  if (options.quiet) return true;
  if ('rule' in actor)
    addSystemLine(app, ticket, 'tickets.says.tagged', { ...byWhom(actor), tag: name.trim() });
  signalTicket(app, ticket.id);
  return true;
}

/** False when it has no such tag. */
export function removeTag(app: App, actor: Agent, ticket: Ticket, name: string): boolean {
  const tag = findTag(app.db, tagKey(name));
  if (!tag || deleteTicketTag(app.db, ticket.id, tag.id) === 0) return false;
  record(app, 'ticket.untagged', actor, ticket, { tag: tag.id });
  signalTicket(app, ticket.id);
  return true;
}
