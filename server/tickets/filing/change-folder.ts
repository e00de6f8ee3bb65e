// A mail that is here already went into the mailbox's folder for junk, or came out of it: its ticket follows.
import type { App } from '../../app';
import { queryValue } from '../../db';
import { record, SYSTEM } from '../../events';
import type { InboundMailRow } from '../../mail';
import { bringUpToDate } from '../access';
import { addSystemLine } from '../add-message';
import { signalTicket } from '../live';
import { findMessage, findTicketById, updateSpam } from '../queries';
import { factsOf, type MessageRow } from '../ticket';

const findOtherWord = queryValue<[ticketId: number, messageId: number], 1>(
  "SELECT 1 FROM messages WHERE ticket_id = ? AND id <> ? AND kind <> 'system' LIMIT 1",
);

/**
 * Inside a transaction. Out of the folder for junk ends what lying there began, whoever moved it; what the mail server's words made
 * spam stays so. Into it hides a ticket only while the mail is all there is: no conversation goes away.
 */
export function followFolder(app: App, mail: InboundMailRow, isJunk: boolean): void {
  const message = mail.message_id === null ? undefined : findMessage(app.db, mail.message_id);
  const ticket = message && findTicketById(app.db, message.ticket_id);
  if (!ticket || ticket.deleted_at !== null || ticket.merged_into_id !== null) return;
  const follows = isJunk
    ? ticket.snoozed_at === null && isAlone(app, message)
    : factsOf(message).spam === 'folder';
  if (!follows || (ticket.is_spam === 1) === isJunk) return;
  bringUpToDate(app, ticket);
  updateSpam(app.db, isJunk ? 1 : 0, ticket.id);
  record(app, isJunk ? 'ticket.marked-spam' : 'ticket.marked-wanted', SYSTEM, ticket);
  addSystemLine(app, ticket, isJunk ? 'tickets.says.intoJunk' : 'tickets.says.outOfJunk');
  signalTicket(app, ticket.id);
}

const isAlone = (app: App, { id, ticket_id }: MessageRow) =>
  findOtherWord(app.db, ticket_id, id) === undefined;
