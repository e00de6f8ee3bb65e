// Agents who move mails, and a mail in the wrong place for them.
import type { Agent } from '../../server/agents';
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { type MoveOutcome, makeOwnTicket, moveMessage } from '../../server/tickets/filing/move-message';
import type { MessageRow } from '../../server/tickets/ticket';
import type { Desk } from './desk';
import { letter, receive } from './letters';
import { mailOf, reply } from './writing';

export const move = (
  desk: Desk,
  from: Ticket,
  message: MessageRow,
  to: Ticket,
  by: Agent = desk.ana,
): MoveOutcome => desk.app.db.tx(() => moveMessage(desk.app, by, from, message, to));

/** The ticket that was made of a mail, by an agent who was not outrun. */
export function ownTicket(desk: Desk, from: Ticket, message: MessageRow, subject = 'On its own'): Ticket {
  const outcome = desk.app.db.tx(() => makeOwnTicket(desk.app, desk.ana, from, message, subject));
  if (!outcome.moved) throw new Error('somebody was quicker');
  return desk.ticketNow(outcome.to);
}

/** Carla's ticket with an answer, and a mail of hers on it that is about something else. */
export function mixedUp(desk: Desk, mailbox: MailboxRow) {
  const first = letter({ messageId: 'first@mail.example', words: 'The kettle leaks' });
  const { ticket } = receive(desk, first, mailbox);
  const mail = mailOf(desk, reply(desk, ticket, 'Which model is it?'));
  const second = letter({
    messageId: 'stray@mail.example',
    inReplyTo: [mail.messageId],
    words: 'Also: where is my invoice?',
  });
  const stray = receive(desk, second, mailbox);
  if (stray.ticket.id !== ticket.id) throw new Error('The mail is not in the wrong place.');
  return {
    ticket: desk.ticketNow(ticket),
    stray: stray.message,
    ourId: mail.messageId,
    ourAddress: mail.replyTo ?? '',
  };
}
