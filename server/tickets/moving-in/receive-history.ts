// A mail of long ago becomes a message: where it was written, with its own date, by whom it was written; and nothing else happens.
import { findAgentByEmail } from '../../agents';
import type { App } from '../../app';
import type { StoredFile } from '../../attachments';
import { cleanName } from '../../customers';
import { record, SYSTEM } from '../../events';
import {
  type Address,
  addressKey,
  type Filed,
  findMailboxById,
  type InboundMailRow,
  isBlocked,
  isOwnAddress,
  type MailboxRow,
  type ParsedMail,
} from '../../mail';
import { addMessage, type NewMessage } from '../add-message';
import { suggestCopies } from '../filing/join-ticket';
import { attachFiles, factsOfMail, withOwnId, wordsOfMail } from '../filing/mail-message';
import { type Sender, senderOf } from '../filing/sender-checks';
import { isOnTicket, rememberTheirId } from '../filing/thread';
import { signalTicket } from '../live';
import { findTicketById } from '../queries';
import { addTag, findTag, tagKey } from '../tags';
import { isOpen, type MessageFacts, type Ticket } from '../ticket';
import {
  findMailOfInbound,
  findRun,
  type ImportMail,
  type ImportOptions,
  isOwnOf,
  optionsOf,
  updateFiled,
} from './import';
import { brought, type History, isProved, type Place, placeOf } from './place';
import { putInPlace } from './put-in-place';
import { settle } from './standing';
import { rememberTicket } from './threads';

/** Of one whose rows are gone, from the tray after months. */
const ANY: ImportOptions = { openDays: 30, ownAddresses: [] };

/** Inside one transaction. Nobody is told, nothing is answered, and a ticket that lives keeps its status. */
export function receiveHistory(
  app: App,
  inbound: InboundMailRow,
  read: ParsedMail,
  files: StoredFile[],
): Filed {
  const mail = withOwnId(app, inbound, read);
  const row = findMailOfInbound(app.db, inbound.id);
  const run = row && findRun(app.db, row.run_id);
  const options = run ? optionsOf(run) : ANY;
  // Only we can have put it among the sent ones, by whatever address we had then (M14).
  const sentBy = row?.is_sent === 1 && read.from ? addressKey(read.from.address) : undefined;
  const isOurs = (address: string) =>
    isOwnAddress(app, address) || isOwnOf(options, address) || addressKey(address) === sentBy;
  const outside = [...mail.to, ...mail.cc].filter(({ address }) => !isOurs(address));
  const at = row?.sent_at ?? Math.min(mail.sentAt ?? inbound.received_at, inbound.received_at);
  const mailbox = findMailboxById(app.db, inbound.mailbox_id) as MailboxRow;
  const history: History = { inbound, mailbox, mail, row, options, at, outside };

  const sender = senderOf(app, mail);
  if (!inbound.is_wished && isBlocked(app, [mail.from?.address, sender?.address]))
    return { notImported: 'blocked' };
  const writer = sender && writerOf(app, isOurs, sender, outside);
  if (sender && !writer && isOurs(sender.address) && !inbound.is_wished) return { notImported: 'loop' };

  const place = placeOf(app, history, sender, writer !== undefined);
  if (mail.messageId && isOnTicket(app, place.ticket, mail.messageId)) return { notImported: 'duplicate' };
  const { ticket } = place;
  const wasOpen = !place.isNew && isOpen(ticket.status);
  const message = addMessage(app, ticket, messageOf(history, place, writer));
  attachFiles(app, message.id, mail, files);
  if (mail.messageId) rememberTheirId(app, ticket, message.id, mailbox.id, mail.messageId);
  if (place.isBrought) suggestCopies(app, ticket, mail);
  putInPlace(app, ticket, message, at);
  if (row) {
    rememberTicket(app, row.thread, ticket.id);
    updateFiled(app.db, ticket.id, message.id, row.id);
    // On a ticket that was there before they could not be told from those that people have put there.
    if (place.isBrought) tag(app, row, ticket);
  }
  if (place.isBrought) settle(app, ticket, options);
  if (!place.isNew)
    record(app, 'ticket.history-joined', SYSTEM, ticket, { message: message.id, rule: place.rule });
  // Lists of what is done are long, and nobody waits for them.
  if (wasOpen || isOpen((findTicketById(app.db, ticket.id) ?? ticket).status)) signalTicket(app, ticket.id);
  return { ticketId: ticket.id, messageId: message.id };
}

interface Writer {
  id: number | null;
  name: string;
}

/**
 * Whoever of ours wrote it to somebody outside: an agent by their own address, or the mailbox. What we wrote to ourselves is no
 * answer; an agent who does so is a customer like any other.
 */
function writerOf(
  app: App,
  isOurs: (address: string) => boolean,
  sender: Sender,
  outside: Address[],
): Writer | undefined {
  const agent = findAgentByEmail(app.db, addressKey(sender.address));
  if ((!agent && !isOurs(sender.address)) || outside.length === 0) return undefined;
  return { id: agent?.id ?? null, name: agent?.name ?? cleanName(sender.name, sender.address) };
}

function messageOf(history: History, place: Place, writer: Writer | undefined): NewMessage {
  const { mail, inbound, at } = history;
  const facts: MessageFacts = {
    rule: place.rule,
    from: mail.from,
    ...factsOfMail(inbound, mail),
  };
  if (place.evidence) facts.evidence = place.evidence;
  if (writer && !isProved(history)) facts.authentication = { verdict: 'unverified' };
  if (mail.automatic) facts.automatic = mail.automatic;
  return {
    kind: 'reply',
    author: writer
      ? { kind: 'agent', ...writer }
      : { kind: 'customer', id: place.customer.id, name: place.customer.name },
    ...wordsOfMail(inbound, mail),
    facts,
    isAutomatic: mail.automatic !== undefined,
    senderState: place.senderState,
    at,
  };
}

function tag(app: App, row: ImportMail, ticket: Ticket): void {
  for (const name of JSON.parse(row.tags) as string[]) {
    const isKnown = findTag(app.db, tagKey(name)) !== undefined;
    addTag(app, SYSTEM, ticket, name, { quiet: true });
    const made = findTag(app.db, tagKey(name));
    if (!isKnown && made) brought(app, row, 'tag', made.id);
  }
}
