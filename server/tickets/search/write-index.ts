// Keeps the search index: a follower of the event log rewrites the document of each ticket that changed.
import type { App } from '../../app';
import { change, query, queryColumn, queryOne, queryValue } from '../../db';
import type { EventRow, Follower } from '../../events';
import type { ParticipantRow } from '../queries';
import type { Ticket } from '../ticket';
import { apart, beganMarks, EVERY, MARKS } from './marks';

/** Characters of one ticket that are indexed, the newest messages first. */
const MOST_WORDS = 200_000;
/** Of those whose customer is different now. */
const TICKETS_A_TURN = 50;
/** What is told of customers and is not in the index: it holds their names, addresses and organization. */
const NOT_INDEXED = new Set([
  'customer.created',
  'customer.noted',
  'customer.note-changed',
  'customer.note-removed',
  'customer.exported',
]);

type Indexable = Ticket & { customer_name: string; organization_id: number | null };
const findIndexable = queryOne<[ticketId: number], Indexable>(`
  SELECT tickets.*, customers.name AS customer_name, organization_id FROM tickets JOIN customers ON customers.id = customer_id
   WHERE tickets.id = ? AND tickets.deleted_at IS NULL`);
const findWords = query<
  [ticketId: number],
  { words: string; quote: string; signature: string; author_name: string; author_kind: string }[]
>(
  "SELECT words, quote, signature, author_name, author_kind FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence DESC",
);
const TAGS = 'SELECT tags.name FROM ticket_tags JOIN tags ON tags.id = tag_id WHERE ticket_id = ?';
const FILES =
  "SELECT attachments.name FROM messages CROSS JOIN attachments ON owner_kind = 'message' AND owner_id = messages.id WHERE ticket_id = ?";
const ADDRESSES =
  'SELECT customer_addresses.address FROM tickets JOIN customer_addresses USING (customer_id) WHERE tickets.id = ?';
const PEOPLE = "participants WHERE ticket_id = ? AND address IS NOT NULL AND state <> 'suggested'";
const findTagsAndFiles = queryColumn<[ticketId: number, sameId: number], string>(
  `${TAGS} UNION ALL ${FILES}`,
);
const findAddresses = queryColumn<[ticketId: number], string>(ADDRESSES);
/** Whoever is on the ticket; in copy or not, and whether they wrote on it. */
const findPeople = query<
  [ticketId: number],
  { name: string; address: string; role: ParticipantRow['role']; has_written: 0 | 1 }[]
>(`
  SELECT name, address, role, EXISTS (
           SELECT 1 FROM messages WHERE messages.ticket_id = participants.ticket_id AND author_kind = 'customer'
              AND author_id = participants.customer_id) AS has_written
    FROM ${PEOPLE}`);
/** What a ticket is found by besides what was written: tags, addresses, names of files. */
export const findNames = queryColumn<
  [ticketId: number, sameId: number, thirdId: number, fourthId: number],
  string
>(`${TAGS} UNION ALL SELECT address FROM ${PEOPLE} UNION ALL ${ADDRESSES} UNION ALL ${FILES}`);
const findMarks = query<[ticketId: number, sameId: number], { kind: 'tag' | 'follower'; id: number }[]>(`
  SELECT 'tag' AS kind, tag_id AS id FROM ticket_tags WHERE ticket_id = ?
  UNION ALL SELECT 'follower', agent_id FROM ticket_followers WHERE ticket_id = ?`);
const hasFile = queryValue<[ticketId: number], 1>(`
  SELECT 1 FROM messages CROSS JOIN attachments ON owner_kind = 'message' AND owner_id = messages.id AND is_inline = 0
   WHERE ticket_id = ? LIMIT 1`);
const findTicketsAfter = queryColumn<[id: number], number>(
  'SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT 200',
);
const insertChanges = change<[customerId: number]>(
  'INSERT INTO index_changes SELECT id FROM tickets WHERE customer_id = ? ON CONFLICT DO NOTHING',
);
const findChanges = queryColumn<[limit: number], number>(
  'SELECT ticket_id FROM index_changes ORDER BY ticket_id DESC LIMIT ?',
);
const deleteChange = change<[ticketId: number]>('DELETE FROM index_changes WHERE ticket_id = ?');
const deleteDocument = change<[id: number]>('DELETE FROM ticket_index WHERE rowid = ?');
const insertDocument = change<[id: number, words: string, sender: string, receiver: string, marks: string]>(
  'INSERT INTO ticket_index (rowid, words, sender, receiver, marks) VALUES (?, ?, ?, ?, ?)',
);
const countChanges = queryValue<[], number>('SELECT total_changes()');
const mergeStep = change<[pages: number]>(
  "INSERT INTO ticket_index (ticket_index, rank) VALUES ('merge', ?)",
);

/**
 * Found within a second of the commit, never inside the request (SPEED). A customer can have thousands of tickets, and many
 * customers change at once: theirs are written anew some a turn, the newest first, and stand in `index_changes` until they are.
 */
export const searchFollower: Follower = {
  name: 'search index',
  batch: 100,
  read(app, events) {
    const subjects = (kind: string, of: EventRow[]) =>
      new Set(of.filter((event) => event.subject_kind === kind).map((event) => event.subject_id));
    for (const id of subjects('ticket', events)) indexTicket(app, id);
    for (const id of subjects('customer', events.filter(isIndexed))) insertChanges(app.db, id);
  },
  goOn(app) {
    const ids = findChanges(app.db, TICKETS_A_TURN);
    for (const id of ids) {
      indexTicket(app, id);
      deleteChange(app.db, id);
    }
    return ids.length === TICKETS_A_TURN;
  },
};

const isIndexed = ({ name, facts }: EventRow): boolean =>
  name === 'customer.changed' ? JSON.parse(facts).name === true : !NOT_INDEXED.has(name);

/** Rewrites one ticket's document: everybody's words, who wrote, who was written to, and what the ticket is. */
export function indexTicket(app: App, id: number): void {
  deleteDocument(app.db, id);
  const ticket = findIndexable(app.db, id);
  if (!ticket) return;
  const words = [ticket.subject, `#${ticket.number}`, ...findTagsAndFiles(app.db, id, id)];
  const sender = new Set([ticket.customer_name, ...findAddresses(app.db, id)]);
  const receiver: string[] = [];
  for (const person of findPeople(app.db, id)) {
    if (person.role === 'copy') receiver.push(person.name, person.address);
    if (person.role === 'requester' || person.has_written) sender.add(person.name).add(person.address);
  }
  for (const message of findWords(app.db, id)) {
    if (message.author_kind === 'customer') sender.add(message.author_name);
    else words.push(message.author_name);
    words.push(message.words, message.quote, message.signature);
  }
  const text = (parts: Iterable<string>) => apart([...parts]).slice(0, MOST_WORDS);
  insertDocument(app.db, id, text(words), text(sender), text(receiver), marksOf(app, ticket).join(' '));
}

function marksOf(app: App, ticket: Indexable): string[] {
  const marks = [
    EVERY,
    MARKS.number(ticket.number),
    MARKS.status(ticket.status),
    MARKS.channel(ticket.channel),
    MARKS.assignee(ticket.assignee_id ?? 0),
    MARKS.team(ticket.team_id ?? 0),
    MARKS.mailbox(ticket.mailbox_id ?? 0),
    MARKS.organization(ticket.organization_id ?? 0),
    ...beganMarks(ticket.created_at),
    ...findMarks(app.db, ticket.id, ticket.id).map(({ kind, id }) => MARKS[kind](id)),
  ];
  if (ticket.alias_id !== null) marks.push(MARKS.alias(ticket.alias_id));
  if (ticket.is_spam) marks.push(MARKS.has('spam'));
  if (hasFile(app.db, ticket.id)) marks.push(MARKS.has('attachment'));
  return marks;
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
