// SQL over tickets and messages.
import { change, changeReturning, type Db, insert, query, queryColumn, queryOne, queryValue } from '../db';
import type { MessageRow, Ticket } from './ticket';

export const takeTicketNumber = queryValue<[], number>(
  'UPDATE ticket_numbers SET last = last + 1 RETURNING last',
);
export const findTicketById = queryOne<[id: number], Ticket>('SELECT * FROM tickets WHERE id = ?');
export const findTicketByNumber = queryOne<[number: number], Ticket>(
  'SELECT * FROM tickets WHERE number = ?',
);
export const insertTicket = changeReturning<
  [
    number: number,
    subject: string,
    status: string,
    channel: string,
    customerId: number,
    mailboxId: number | null,
    aliasId: number | null,
    linkedId: number | null,
    teamId: number | null,
    chatState: string | null,
    now: number,
    activityAt: number,
  ],
  Ticket
>(`INSERT INTO tickets (number, subject, status, channel, customer_id, mailbox_id, alias_id, linked_ticket_id, team_id, chat_state,
                        created_at, activity_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
   RETURNING *`);

type Place = Pick<
  Ticket,
  'sequence' | 'changed_sequence' | 'visitor_sequence' | 'excerpt' | 'activity_at' | 'awaits_us'
>;
const PLACE = 'sequence, changed_sequence, visitor_sequence, excerpt, activity_at, awaits_us';

/** Gives the next message its place: the ticket's counters rise, its list row says what is newest. Null leaves a value alone. */
export const updateTicketForMessage = changeReturning<
  [
    forVisitor: number,
    excerpt: string | null,
    activityAt: number | null,
    awaitsUs: number | null,
    id: number,
  ],
  Place
>(`UPDATE tickets
      SET sequence = sequence + 1, changed_sequence = changed_sequence + 1, visitor_sequence = visitor_sequence + ?,
          excerpt = coalesce(?, excerpt), activity_at = coalesce(?, activity_at), awaits_us = coalesce(?, awaits_us)
    WHERE id = ?
   RETURNING ${PLACE}`);
/**
 * The same for the first one, when its ticket was opened at this very moment: its place in the lists is right already, and no
 * index is touched. Undefined when it is not the first.
 */
export const updateTicketForFirstMessage = changeReturning<
  [forVisitor: number, excerpt: string | null, awaitsUs: number | null, id: number, now: number],
  Place
>(`UPDATE tickets
      SET sequence = 1, changed_sequence = 1, visitor_sequence = ?, excerpt = coalesce(?, excerpt), awaits_us = coalesce(?, awaits_us)
    WHERE id = ? AND changed_sequence = 0 AND activity_at = ?
   RETURNING ${PLACE}`);

export const insertMessage = changeReturning<
  [
    ticketId: number,
    sequence: number,
    visitorSequence: number | null,
    kind: string,
    authorKind: string,
    authorId: number | null,
    authorName: string,
    channel: string,
    clientId: string | null,
    words: string,
    quote: string,
    signature: string,
    htmlKind: string | null,
    htmlWords: string | null,
    htmlQuote: string | null,
    htmlSignature: string | null,
    sanitiser: number | null,
    facts: string,
    state: string,
    sendAfter: number | null,
    isAutomatic: number,
    senderState: string,
    inboundMailId: number | null,
    now: number,
  ],
  MessageRow
>(`INSERT INTO messages (ticket_id, sequence, visitor_sequence, kind, author_kind, author_id, author_name, channel, client_id,
                         words, quote, signature, html_kind, html_words, html_quote, html_signature, sanitiser_version,
                         facts, state, send_after, is_automatic, sender_state, inbound_mail_id, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
   RETURNING *`);

export const findMessage = queryOne<[id: number], MessageRow>('SELECT * FROM messages WHERE id = ?');
export const findMessageByClientId = queryOne<[ticketId: number, clientId: string], MessageRow>(
  'SELECT * FROM messages WHERE ticket_id = ? AND client_id = ?',
);
/** Messages after a sequence, oldest first. */
export const findMessagesAfter = query<[ticketId: number, sequence: number, limit: number], MessageRow[]>(
  'SELECT * FROM messages WHERE ticket_id = ? AND sequence > ? ORDER BY sequence LIMIT ?',
);
/** The newest messages before a sequence, newest first. */
export const findMessagesBefore = query<[ticketId: number, sequence: number, limit: number], MessageRow[]>(
  'SELECT * FROM messages WHERE ticket_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
);
/** What others said to or for the customer after a sequence, and third persons to us, oldest first (W2); notes go on beside it. */
export const findOthersMessagesAfter = query<
  [ticketId: number, sequence: number, agentId: number],
  MessageRow[]
>(`
  SELECT * FROM messages
   WHERE ticket_id = ? AND sequence > ? AND (kind = 'reply' OR author_kind = 'customer') AND NOT (author_kind = 'agent' AND author_id = ?)
   ORDER BY sequence`);
/** What a visitor may see, after a visitor sequence, oldest first. */
export const findVisitorMessagesAfter = query<
  [ticketId: number, sequence: number, limit: number],
  MessageRow[]
>('SELECT * FROM messages WHERE ticket_id = ? AND visitor_sequence > ? ORDER BY visitor_sequence LIMIT ?');
export const deleteMessage = change<[id: number]>('DELETE FROM messages WHERE id = ?');

export const updateStatus = change<
  [status: string, solvedAt: number | null, closedAt: number | null, id: number]
>(
  'UPDATE tickets SET status = ?, solved_at = ?, closed_at = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
/** Atomic: only while the ticket is still assigned as the asker saw it (W3). */
export const updateAssignee = change<[assigneeId: number | null, id: number, seenAssigneeId: number | null]>(
  'UPDATE tickets SET assignee_id = ?, changed_sequence = changed_sequence + 1 WHERE id = ? AND assignee_id IS ?',
);
/** Likewise for its team. */
export const updateTeam = change<[teamId: number | null, id: number, seenTeamId: number | null]>(
  'UPDATE tickets SET team_id = ?, changed_sequence = changed_sequence + 1 WHERE id = ? AND team_id IS ?',
);
export const findFollowers = queryColumn<[ticketId: number], number>(
  'SELECT agent_id FROM ticket_followers WHERE ticket_id = ?',
);
export const updatePriority = change<[priority: string, id: number]>(
  'UPDATE tickets SET priority = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
export const updateSpam = change<[isSpam: number, id: number]>(
  'UPDATE tickets SET is_spam = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
export const updateChatState = change<[state: string | null, id: number]>(
  'UPDATE tickets SET chat_state = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);
export const updateMessageDelivery = change<
  [state: string, answer: string | null, deliveredAt: number | null, id: number]
>('UPDATE messages SET state = ?, delivery_answer = ?, delivered_at = ? WHERE id = ?');
export const updateFacts = change<[facts: string, id: number]>('UPDATE messages SET facts = ? WHERE id = ?');
export const updateUndelivered = change<[id: number, sameId: number]>(`
  UPDATE tickets SET changed_sequence = changed_sequence + 1, undelivered =
    (SELECT count(*) FROM messages WHERE ticket_id = ? AND kind <> 'system' AND state IN ('held', 'failed', 'uncertain')) WHERE id = ?`);
export const updateSenderState = change<[state: string, ticketId: number, customerId: number]>(
  "UPDATE messages SET sender_state = ? WHERE ticket_id = ? AND author_kind = 'customer' AND author_id = ?",
);

export interface ParticipantRow {
  id: number;
  ticket_id: number;
  customer_id: number | null;
  address: string | null;
  address_key: string | null;
  name: string;
  /** `third`: got a mail about the ticket, and is not on it. */
  role: 'requester' | 'copy' | 'third';
  state: 'accepted' | 'unverified' | 'suggested' | 'removed';
  created_at: number;
}

const findParticipantRows = query<[ticketId: number], ParticipantRow[]>(
  'SELECT * FROM participants WHERE ticket_id = ?',
);
/** In the order they came; sorted here, because a sorter of SQLite's costs more than a handful of people. */
export const findParticipants = (db: Db, ticketId: number) =>
  findParticipantRows(db, ticketId).sort((a, b) => a.id - b.id);
export const findParticipant = queryOne<[ticketId: number, addressKey: string], ParticipantRow>(
  'SELECT * FROM participants WHERE ticket_id = ? AND address_key = ?',
);
export const insertParticipant = insert<
  [
    ticketId: number,
    customerId: number | null,
    address: string | null,
    key: string | null,
    name: string,
    role: string,
    state: string,
    now: number,
  ]
>(
  `INSERT INTO participants (ticket_id, customer_id, address, address_key, name, role, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
);
export const deleteParticipant = change<[id: number]>('DELETE FROM participants WHERE id = ?');
/** Somebody of whom only the address was known has written. */
export const updateParticipantCustomer = change<[customerId: number, state: string, id: number]>(
  'UPDATE participants SET customer_id = ?, state = ? WHERE id = ?',
);
export const updateParticipantState = change<[state: string, id: number]>(
  'UPDATE participants SET state = ? WHERE id = ?',
);

export const updateParticipantRole = change<[role: string, id: number]>(
  'UPDATE participants SET role = ? WHERE id = ?',
);

/** The newest mail of an agent on this ticket that is about to leave and has not been offered to a server yet (O4). */
export const findWaitingReply = queryOne<[ticketId: number, agentId: number, now: number], MessageRow>(`
  SELECT * FROM messages
   WHERE ticket_id = ? AND author_kind = 'agent' AND author_id = ? AND state = 'waiting' AND send_after > ? AND delivery_answer IS NULL
     AND json_extract(facts, '$.later') IS NULL
   ORDER BY sequence DESC LIMIT 1`);
export const findTicketByClientId = queryOne<[clientId: string, agentId: number], Ticket>(`
  SELECT tickets.* FROM messages JOIN tickets ON tickets.id = ticket_id
   WHERE messages.client_id = ? AND author_kind = 'agent' AND messages.author_id = ? AND messages.sequence = 1`);
const OPEN_OF =
  "assignee_id = ? AND status <> 'closed' AND status <> 'solved' AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL";
export const findOpenTicketsOf = query<[agentId: number], Ticket[]>(`SELECT * FROM tickets WHERE ${OPEN_OF}`);
export const countOpenTicketsOf = queryValue<[agentId: number], number>(
  `SELECT count(*) FROM tickets WHERE ${OPEN_OF}`,
);
