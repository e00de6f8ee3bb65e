// A mail becomes a message: of the ticket it answers, or of a new one.

import type { App } from '../../app';
import type { StoredFile } from '../../attachments';
import { record, SYSTEM } from '../../events';
import {
  type Authentication,
  authenticationOf,
  type Filed,
  findMailboxById,
  type InboundMailRow,
  isBlocked,
  isOwnAddress,
  type MailboxRow,
  type ParsedMail,
} from '../../mail';
import { addMessage, addSystemLine, type NewMessage } from '../add-message';
import { answerNewTicket } from '../answers/answer-new';
import { moveTicket } from '../change';
import { followAnswer } from '../customer-wrote';
import { signalTicket } from '../live';
import { receiveHistory } from '../moving-in/receive-history';
import { updateSpam } from '../queries';
import type { Arrived } from '../rules/match';
import { runRules } from '../rules/run';
import type { MessageFacts, Ticket } from '../ticket';
import { holdLater } from '../writing/send-later';
import { type Arrival, findPlace, nobodysPlace, type Place } from './find-place';
import { suggestCopies } from './join-ticket';
import { attachFiles, factsOfMail, withOwnId, wordsOfMail } from './mail-message';
import { receiveBounce } from './receive-bounce';
import { receiveSent } from './receive-sent';
import { authenticationFor, forwardOf, senderOf, spamReason } from './sender-checks';
import { rememberTheirId } from './thread';

/** Inside one transaction: known ids were stopped before; here the thread, the sender and the words are settled. */
export function receiveMail(app: App, inbound: InboundMailRow, read: ParsedMail, files: StoredFile[]): Filed {
  if (inbound.source === 'import') return receiveHistory(app, inbound, read, files);
  const mail = withOwnId(app, inbound, read);
  const mailbox = findMailboxById(app.db, inbound.mailbox_id) as MailboxRow;
  if (inbound.source === 'sent') return receiveSent(app, inbound, mail, mailbox, files);
  const found = authenticationOf(app, mailbox, inbound, mail);
  const bounced = mail.bounce && receiveBounce(app, mail, inbound, mailbox, found);
  if (bounced) return bounced;

  const sender = senderOf(app, mail);
  if (sender && isOwnAddress(app, sender.address) && !inbound.is_wished) return { notImported: 'loop' };
  if (!inbound.is_wished && isBlocked(app, [mail.from?.address, sender?.address]))
    return { notImported: 'blocked' };

  const arrival: Arrival = {
    mailbox,
    inbound,
    mail,
    sender,
    authentication: authenticationFor(found, mail, sender),
    spam: spamReason(mailbox, inbound, mail, found),
    forwarded: sender && found?.verdict !== 'failed' ? forwardOf(app, mail, sender) : undefined,
  };
  const filed = sender ? findPlace(app, arrival, sender) : nobodysPlace(app, arrival);
  if (!filed) return { notImported: 'duplicate' };
  const automatic = sender ? sender.automatic : mail.automatic;
  const message = addMessage(app, filed.ticket, messageOf(arrival, filed, automatic));
  attachFiles(app, message.id, mail, files);
  if (mail.messageId) rememberTheirId(app, filed.ticket, message.id, mailbox.id, mail.messageId);
  if (!filed.third) suggestCopies(app, filed.ticket, mail);
  if (!filed.isNew)
    record(
      app,
      filed.third ? 'ticket.third-person-wrote' : 'ticket.customer-wrote',
      filed.actor,
      filed.ticket,
      {
        message: message.id,
        rule: filed.rule,
      },
    );
  if (!automatic) {
    reopen(app, filed.ticket);
    if (!filed.isNew) followAnswer(app, filed.ticket);
    else if (filed.ticket.linked_ticket_id !== null)
      holdLater(app, { id: filed.ticket.linked_ticket_id }, 'overtaken');
  }
  if (arrival.spam && filed.isNew) flagSpam(app, filed.ticket);
  // Automatic mail is no answer (M9), and a stranger's or a third person's moves nothing (AC-15); what opens a ticket is looked at whoever wrote it.
  if (filed.isNew || (!automatic && !filed.third && filed.senderState === 'accepted'))
    runRules(app, filed.ticket, message.id, arrivedBy(arrival, filed), {
      isNew: filed.isNew,
      isAutomatic: automatic !== undefined,
    });
  if (filed.isNew) answerNewTicket(app, filed.ticket, { ...arrival, language: filed.customer.language });
  signalTicket(app, filed.ticket.id);
  return { ticketId: filed.ticket.id, messageId: message.id };
}

const arrivedBy = ({ mail, mailbox, sender, forwarded }: Arrival, { rule }: Place): Arrived => ({
  address: rule === 'forwarded' ? forwarded?.from.address : sender?.address,
  subject: mail.subject,
  words: mail.words,
  mailboxId: mailbox.id,
  channel: 'email',
  hasFiles: mail.attachments.some(({ inline }) => !inline),
});

function messageOf(arrival: Arrival, place: Place, automatic: ParsedMail['automatic']): NewMessage {
  const { mail, inbound, sender, spam } = arrival;
  const forwarded = place.rule === 'forwarded' ? arrival.forwarded : undefined;
  // What was found is about the agent who passed it on.
  const isAboutAnother = forwarded && arrival.authentication?.verdict === 'verified';
  const authentication: Authentication | undefined = isAboutAnother
    ? { verdict: 'unverified' }
    : arrival.authentication;
  const facts: MessageFacts = {
    rule: place.rule,
    from: forwarded?.from ?? mail.from,
    ...factsOfMail(inbound, mail),
  };
  if (forwarded) facts.forwardedBy = forwarded.by;
  if (sender && sender.address !== mail.from?.address) facts.sender = sender.address;
  if (place.third) facts.third = place.third;
  if (place.evidence) facts.evidence = place.evidence;
  if (authentication) facts.authentication = authentication;
  if (spam) facts.spam = spam;
  if (automatic) facts.automatic = automatic;
  return {
    kind: place.third ? 'note' : 'reply',
    awaitsUs: place.third !== undefined,
    author: { kind: 'customer', id: place.customer.id, name: place.customer.name },
    ...wordsOfMail(inbound, mail),
    facts,
    isAutomatic: automatic !== undefined,
    senderState: place.senderState,
  };
}

/** The mail that begins a ticket; a conversation that agents have is not hidden by one mail in it. */
function flagSpam(app: App, ticket: Ticket): void {
  updateSpam(app.db, 1, ticket.id);
  record(app, 'ticket.marked-spam', SYSTEM, ticket);
}

/** M8, M9: an answer by a person brings the ticket back to the agents. That it was waited for needs no line. */
export function reopen(app: App, ticket: Ticket): void {
  if (ticket.status === 'new' || ticket.status === 'open') return;
  const isExpected = ticket.status === 'pending';
  moveTicket(app, SYSTEM, ticket, 'open', { quiet: true });
  if (!isExpected) addSystemLine(app, ticket, 'tickets.says.reopened');
}
