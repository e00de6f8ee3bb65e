// A mail in the wrong place: an agent moves it to another ticket, or makes it one of its own.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { type CustomerRow, findCustomerById } from '../../customers';
import { change, insert, queryOne, queryValue } from '../../db';
import { record } from '../../events';
import { Invalid } from '../../lib/errors';
import { addressKey, aliasWrittenTo, findInboundMail, updateInboundTicket } from '../../mail';
import { bringUpToDate, numberFor } from '../access';
import { addSystemLine } from '../add-message';
import { moveTicket } from '../change';
import { followAnswer } from '../customer-wrote';
import { refreshNewest } from '../excerpt';
import { signalTicket } from '../live';
import { openTicket } from '../open';
import {
  deleteParticipant,
  findMessage,
  findParticipant,
  insertParticipant,
  updateParticipantCustomer,
  updateTicketForMessage,
} from '../queries';
import { excerptOf, factsOf, type MessageRow, type Ticket } from '../ticket';
import { joinAsStranger } from './join-ticket';
import { reopen } from './receive-mail';
import { rememberChoice } from './thread';

/** Somebody else was quicker (W3): who, and where the message is now. */
export type MoveOutcome =
  | { moved: true; to: Ticket }
  | { moved: false; by: number | null; ticketId: number | null };

const updateMessagePlace = change<
  [
    ticketId: number,
    sequence: number,
    visitorSequence: number | null,
    senderState: string,
    id: number,
    fromTicketId: number,
  ]
>(
  `UPDATE messages SET ticket_id = ?, sequence = ?, visitor_sequence = ?, sender_state = ? WHERE id = ? AND ticket_id = ?`,
);
const updateKeepers = change<[teamId: number | null, assigneeId: number | null, id: number]>(
  'UPDATE tickets SET team_id = ?, assignee_id = ? WHERE id = ?',
);
const insertFollower = change<[ticketId: number, agentId: number]>(
  'INSERT INTO ticket_followers VALUES (?, ?) ON CONFLICT DO NOTHING',
);
const insertMove = insert<[messageId: number, from: number, to: number, by: number, now: number]>(
  'INSERT INTO moved_messages (message_id, from_ticket_id, to_ticket_id, moved_by, created_at) VALUES (?, ?, ?, ?, ?)',
);
const findLastMove = queryOne<[messageId: number], { moved_by: number }>(
  'SELECT moved_by FROM moved_messages WHERE message_id = ? ORDER BY id DESC LIMIT 1',
);
const findMoveAway = queryOne<
  [messageId: number, fromTicketId: number],
  { moved_by: number; to_ticket_id: number }
>(
  'SELECT moved_by, to_ticket_id FROM moved_messages WHERE message_id = ? AND from_ticket_id = ? ORDER BY id DESC LIMIT 1',
);
const countWritten = queryValue<[ticketId: number, customerId: number | null], number>(
  "SELECT count(*) FROM messages WHERE ticket_id = ? AND author_kind = 'customer' AND author_id = ?",
);
const countWords = queryValue<[ticketId: number], number>(
  "SELECT count(*) FROM messages WHERE ticket_id = ? AND kind <> 'system'",
);

/** Mails of customers; an answer to what was forwarded is for agents wherever it stands, what agents wrote stays where they wrote it, and a chat's words belong to their chat. */
export const mayBeMoved = (message: MessageRow): boolean =>
  message.inbound_mail_id !== null &&
  message.author_kind === 'customer' &&
  message.kind === 'reply' &&
  message.channel === 'email';

/**
 * Puts a customer's mail at the end of another ticket, as if it had arrived there, with its files and its original. Answers to it
 * follow (rememberChoice). The ticket that is left empty is closed. Whoever calls has loaded both tickets through the actor.
 */
export function moveMessage(
  app: App,
  actor: Agent,
  from: Ticket,
  message: MessageRow,
  to: Ticket,
): MoveOutcome {
  bringUpToDate(app, from);
  bringUpToDate(app, to);
  const now = findMessage(app.db, message.id);
  if (now?.ticket_id !== from.id) return outrun(app, now);
  if (!mayBeMoved(now)) throw Invalid('Only a mail by a customer can be moved.');
  if (from.id === to.id) throw Invalid('The message is on that ticket already.');

  place(app, now, from, to);
  rememberChoice(app, to, now.id, factsOf(now).evidence?.message, senderKeyOf(now));
  insertMove(app.db, now.id, from.id, to.id, actor.id, app.clock.now());
  record(app, 'ticket.message-moved-away', actor, from, { message: now.id, to: to.id });
  record(app, 'ticket.message-moved-here', actor, to, { message: now.id, from: from.id });
  const said = { who: actor.name, whom: now.author_name };
  addSystemLine(app, to, 'tickets.says.movedHere', said);
  addSystemLine(app, from, 'tickets.says.movedAway', said);
  if (!now.is_automatic) {
    reopen(app, to);
    followAnswer(app, to);
  }
  leaveBehind(app, actor, from, now);
  signalTicket(app, from.id);
  signalTicket(app, to.id);
  return { moved: true, to };
}

/** A new ticket by the mail's sender, linked to the one it was taken from. */
export function makeOwnTicket(
  app: App,
  actor: Agent,
  from: Ticket,
  message: MessageRow,
  subject: string,
): MoveOutcome {
  bringUpToDate(app, from);
  const now = findMessage(app.db, message.id);
  if (now?.ticket_id !== from.id) return outrun(app, now);
  if (!mayBeMoved(now)) throw Invalid('Only a mail by a customer can be made a ticket.');
  const customer = (now.author_id !== null && findCustomerById(app.db, now.author_id)) || undefined;
  if (!customer) throw Invalid('Nobody is known any more who could be answered on a ticket of its own.');
  const mailboxId = findInboundMail(app.db, now.inbound_mail_id ?? 0)?.mailbox_id ?? from.mailbox_id;
  const { to: written = [], cc = [] } = factsOf(now);
  const to = openTicket(app, actor, {
    subject,
    channel: 'email',
    customer,
    ...addressOf(app, from, now, customer),
    mailboxId,
    aliasId: mailboxId === null ? undefined : aliasWrittenTo(app, { id: mailboxId }, [...written, ...cc])?.id,
  });
  keepAmongThem(app, actor, from, to);
  return moveMessage(app, actor, from, now, to);
}

/** Whoever does not see the one ticket does not see the other (AC-47), and whoever made it does. */
function keepAmongThem(app: App, actor: Agent, from: Ticket, to: Ticket): void {
  updateKeepers(app.db, from.team_id, from.assignee_id, to.id);
  if (from.assignee_id !== null) record(app, 'ticket.assigned', actor, to, { to: from.assignee_id });
  if (numberFor(app, actor, to.id) === undefined) insertFollower(app.db, to.id, actor.id);
}

/** Who took a message from a ticket, for those whose page still shows it there; undefined when nobody did. */
export function movedAway(
  app: App,
  from: Ticket,
  messageId: number,
): Extract<MoveOutcome, { moved: false }> | undefined {
  const move = findMoveAway(app.db, messageId, from.id);
  return move && { moved: false, by: move.moved_by, ticketId: move.to_ticket_id };
}

function outrun(app: App, message: MessageRow | undefined): MoveOutcome {
  const last = message && findLastMove(app.db, message.id);
  return { moved: false, by: last?.moved_by ?? null, ticketId: message?.ticket_id ?? null };
}

/** At the end of the other ticket, whose counters rise as for a message that arrives. */
function place(app: App, message: MessageRow, from: Ticket, to: Ticket): void {
  const senderState = senderStateOn(app, message, from, to);
  // An agent may put a mail that failed the sender check where it seems to belong; a visitor is not told that it is theirs.
  const isForVisitors = senderState === 'accepted' && factsOf(message).authentication?.verdict !== 'failed';
  const placed = updateTicketForMessage(
    app.db,
    isForVisitors ? 1 : 0,
    excerptOf(message.words),
    app.clock.now(),
    message.is_automatic ? null : 1,
    to.id,
  );
  if (!placed) throw new Error('a message was moved to a ticket that is gone');
  Object.assign(to, placed);
  updateMessagePlace(
    app.db,
    to.id,
    placed.sequence,
    isForVisitors ? placed.visitor_sequence : null,
    senderState,
    message.id,
    from.id,
  );
  if (message.inbound_mail_id !== null) updateInboundTicket(app.db, to.id, message.inbound_mail_id);
}

/** M7: who is not on the ticket joins it unverified, until an agent says otherwise; moving their words is not saying so. */
function senderStateOn(app: App, message: MessageRow, from: Ticket, to: Ticket): 'accepted' | 'unverified' {
  const key = senderKeyOf(message);
  const known = findParticipant(app.db, to.id, key);
  if (known?.role === 'third') {
    joinAsStranger(app, known, message.author_id);
    return 'unverified';
  }
  if (known) {
    const state = known.state === 'suggested' ? 'unverified' : known.state;
    if (known.customer_id === null && message.author_id !== null)
      updateParticipantCustomer(app.db, message.author_id, state, known.id);
    return state === 'accepted' ? 'accepted' : 'unverified';
  }
  const before = findParticipant(app.db, from.id, key);
  if (key !== '')
    insertParticipant(
      app.db,
      to.id,
      message.author_id,
      before?.address ?? key,
      key,
      message.author_name,
      'copy',
      'unverified',
      app.clock.now(),
    );
  return 'unverified';
}

/** The ticket as it stands without the message. */
function leaveBehind(app: App, actor: Agent, from: Ticket, message: MessageRow): void {
  const person = findParticipant(app.db, from.id, senderKeyOf(message));
  const isGone = (countWritten(app.db, from.id, message.author_id) ?? 0) === 0;
  if (person?.role === 'copy' && person.state === 'unverified' && isGone)
    deleteParticipant(app.db, person.id);
  refreshNewest(app, from.id);
  bringUpToDate(app, from);
  if ((countWords(app.db, from.id) ?? 0) === 0) moveTicket(app, actor, from, 'closed', { quiet: true });
}

/** Who sent it, which is a form's Reply-To where a form wrote it (M9). */
const senderKeyOf = (message: MessageRow): string =>
  addressKey(factsOf(message).sender ?? factsOf(message).from?.address ?? '');

function addressOf(app: App, from: Ticket, message: MessageRow, customer: CustomerRow) {
  const key = senderKeyOf(message);
  const known = findParticipant(app.db, from.id, key);
  const address = known?.customer_id === customer.id ? known.address : null;
  return key === '' ? {} : { address: { address: address ?? key, key } };
}
