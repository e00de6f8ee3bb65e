// Keeps the search index: a follower of the event log rewrites the document of each ticket that changed.
import type { App } from '../app';
import { change, query, queryColumn, queryValue } from '../db';
import type { EventRow, Follower } from '../events';

/** Characters of one ticket that are indexed, the newest messages first. */
const MOST_WORDS = 200_000;

const findIndexable = query<[ticketId: number], { number: number; subject: string; name: string }[]>(`
  SELECT tickets.number, subject, customers.name FROM tickets JOIN customers ON customers.id = customer_id
   WHERE tickets.id = ? AND tickets.deleted_at IS NULL`);
const findWords = query<
  [ticketId: number],
  { words: string; quote: string; signature: string; author_name: string }[]
>(
  "SELECT words, quote, signature, author_name FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence DESC",
);
/** What a ticket is found by besides what was written: tags, addresses, names of files. */
export const findNames = queryColumn<
  [ticketId: number, sameId: number, thirdId: number, fourthId: number],
  string
>(`
  SELECT tags.name FROM ticket_tags JOIN tags ON tags.id = tag_id WHERE ticket_id = ?
  UNION ALL SELECT address FROM participants WHERE ticket_id = ? AND address IS NOT NULL AND state <> 'suggested'
  UNION ALL SELECT customer_addresses.address FROM tickets JOIN customer_addresses USING (customer_id) WHERE tickets.id = ?
  UNION ALL SELECT attachments.name FROM messages CROSS JOIN attachments ON owner_kind = 'message' AND owner_id = messages.id WHERE ticket_id = ?`);
const findTicketsAfter = queryColumn<[id: number], number>(
  'SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT 200',
);
const findTicketsOfCustomer = queryColumn<[customerId: number], number>(
  'SELECT id FROM tickets WHERE customer_id = ?',
);
const deleteDocument = change<[id: number]>('DELETE FROM ticket_index WHERE rowid = ?');
const insertDocument = change<[id: number, words: string]>(
  'INSERT INTO ticket_index (rowid, words) VALUES (?, ?)',
);
const countChanges = queryValue<[], number>('SELECT total_changes()');
const mergeStep = change<[pages: number]>(
  "INSERT INTO ticket_index (ticket_index, rank) VALUES ('merge', ?)",
);

/** Found within a second of the commit, never inside the request (SPEED). */
export const searchFollower: Follower = {
  name: 'search index',
  batch: 100,
  read(app, events) {
    for (const id of changedTickets(app, events)) indexTicket(app, id);
  },
};

/** Rewrites one ticket's document: subject, number, customer, addresses, tags, file names and everybody's words. */
export function indexTicket(app: App, id: number): void {
  deleteDocument(app.db, id);
  const [ticket] = findIndexable(app.db, id);
  if (!ticket) return;
  const texts = [ticket.subject, `#${ticket.number}`, ticket.name, ...findNames(app.db, id, id, id, id)];
  for (const message of findWords(app.db, id))
    texts.push(message.author_name, message.words, message.quote, message.signature);
  insertDocument(app.db, id, texts.join('\n').slice(0, MOST_WORDS).replaceAll('\0', ' '));
}

/** Makes the whole index anew, after a restore. Returns how many tickets are in it. */
export async function indexEverything(app: App): Promise<number> {
  let indexed = 0;
  for (
    let ids = findTicketsAfter(app.db, 0);
    ids.length > 0;
    ids = findTicketsAfter(app.db, ids.at(-1) as number)
  ) {
    const batch = ids;
    await app.write(() => {
      for (const id of batch) indexTicket(app, id);
    });
    indexed += batch.length;
  }
  return indexed;
}

/** One small step of the everyday merge, so that no commit ever has to do a big one. */
export const mergeIndex = (app: App) => void mergeStep(app.db, 64);

/**
 * Merges the index to the very end, after which no deleted word is left in it (SPEED): a first step that takes everything
 * on, then small ones until nothing changes, each a write of its own so that nobody waits for long.
 */
export async function mergeToTheEnd(app: App): Promise<void> {
  await app.write(() => mergeStep(app.db, -64));
  for (let moved = true; moved; ) {
    moved = await app.write(() => {
      const before = countChanges(app.db) ?? 0;
      mergeStep(app.db, 64);
      return (countChanges(app.db) ?? 0) - before > 1;
    });
  }
}

function changedTickets(app: App, events: EventRow[]): Set<number> {
  const changed = new Set<number>();
  for (const event of events) {
    if (event.subject_kind === 'ticket') changed.add(event.subject_id);
    if (event.name === 'customer.changed')
      for (const id of findTicketsOfCustomer(app.db, event.subject_id)) changed.add(id);
  }
  return changed;
}
