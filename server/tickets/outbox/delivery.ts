// What the mail server said about a reply, shown on the message and loud when it went wrong (O1, O5).
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { record, SYSTEM } from '../../events';
import { Conflict } from '../../lib/errors';
import {
  dismiss,
  findOutboxOfMessage,
  leaveUnsent,
  type OutboxRow,
  restoreDismissed,
  settleUncertain,
  signalMailboxes,
  waitAgain,
} from '../../mail';
import { addSystemLine } from '../add-message';
import { signalTicket } from '../live';
import { goesOnIn } from '../living';
import {
  findMessage,
  findTicketById,
  updateFacts,
  updateMessageDelivery,
  updateUndelivered,
} from '../queries';
import { type DeliveryState, factsOf, type MessageRow, type Ticket } from '../ticket';
import { forgetLater } from '../writing/send-later';

/** What counts on the ticket and in the list until a person decides (O5). */
const IN_TROUBLE = new Set<DeliveryState>(['held', 'failed', 'uncertain']);
/** What is written into the event log; the steps in between are not. */
const TOLD = new Set(['failed', 'uncertain', 'sent']);

/** The message follows its mail, in the same transaction. */
export function followMail(app: App, mail: OutboxRow): void {
  const message = mail.message_id === null ? undefined : findMessage(app.db, mail.message_id);
  // One about an account is the admins' to see, with how its mailbox is doing.
  if (!message) return signalMailboxes(app);
  updateMessageDelivery(app.db, mail.state, mail.last_answer, mail.sent_at, message.id);
  if (IN_TROUBLE.has(mail.state) || IN_TROUBLE.has(message.state))
    updateUndelivered(app.db, message.ticket_id, message.ticket_id);
  if (IN_TROUBLE.has(mail.state) && mail.state !== message.state) tellWhereItGoesOn(app, message.ticket_id);
  if (TOLD.has(mail.state))
    record(app, `ticket.mail-${mail.state}`, SYSTEM, { id: message.ticket_id }, { message: message.id });
  signalTicket(app, message.ticket_id);
}

/** Nobody looks into a ticket that was merged into another one: there it is said. */
function tellWhereItGoesOn(app: App, ticketId: number): void {
  const ticket = findTicketById(app.db, ticketId);
  if (!ticket || ticket.merged_into_id === null) return;
  const living = goesOnIn(app, ticket);
  addSystemLine(app, living, 'tickets.says.undelivered', { number: ticket.number });
  signalTicket(app, living.id);
}

/**
 * "Send again", for what the server refused, and "send now", for what a restore held back. Throws Conflict for anything else:
 * an uncertain mail is decided, not repeated, and one that came back was taken and is kept no longer.
 */
export function sendAgain(app: App, actor: Agent, ticket: Ticket, message: MessageRow): void {
  const mail = findOutboxOfMessage(app.db, message.id);
  if (mail?.state !== 'failed' && mail?.state !== 'held')
    throw Conflict('Only a mail that was refused or held back can be sent again.');
  waitAgain(app, mail);
  forgetLater(app, message);
  record(app, 'ticket.reply-sent-again', actor, ticket, { message: message.id });
}

/**
 * A person decides what a crash left open: it arrived, or it has to go once more (O1). What a restore held back may have left
 * after the copy was made, so of that too a person may know that it arrived.
 */
export function decideUncertain(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  arrived: boolean,
): void {
  const mail = findOutboxOfMessage(app.db, message.id);
  if (mail?.state !== 'uncertain' && !(mail?.state === 'held' && arrived))
    throw Conflict('This mail is not in doubt any more.');
  if (arrived) settleUncertain(app, mail);
  else waitAgain(app, mail);
  record(app, 'ticket.doubt-decided', actor, ticket, { message: message.id, arrived });
}

/** The message that a mail of the outbox carries; none for mails about accounts. */
export type Carried = { ticket: Ticket; message: MessageRow } | undefined;

/**
 * A person leaves it at that: the message says that it was not sent and by whom that was decided, the ticket counts as
 * undelivered no longer. Throws Conflict when there is something else to decide, as with a mail in doubt.
 */
export function dismissMail(app: App, actor: Agent, mail: OutboxRow, carried: Carried): void {
  if (!carried) return leaveUnsent(app, actor, mail);
  const { ticket, message } = carried;
  updateFacts(app.db, JSON.stringify({ ...factsOf(message), dismissedBy: actor.name }), message.id);
  if (!dismiss(app, mail)) throw Conflict('Only a mail that was refused or held back can be dismissed.');
  record(app, 'ticket.mail-dismissed', actor, ticket, { message: message.id });
}

/** The undo of it. Throws Conflict when it is dismissed no longer. */
export function takeDismissalBack(
  app: App,
  actor: Agent,
  mail: OutboxRow,
  carried: Carried,
  was: 'held' | 'failed',
): void {
  if (!restoreDismissed(app, mail, was)) throw Conflict('This mail is not dismissed any more.');
  if (!carried) return void record(app, 'mail.dismissal-undone', actor, mail);
  const { dismissedBy: _by, ...facts } = factsOf(carried.message);
  updateFacts(app.db, JSON.stringify(facts), carried.message.id);
  record(app, 'ticket.mail-dismissal-undone', actor, carried.ticket, { message: carried.message.id });
}
