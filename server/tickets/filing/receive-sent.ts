// An answer that an agent wrote in another mail program, found in the mailbox's folder for sent mail: it is the agent's reply (M14).

import { findAgentByEmail } from '../../agents';
import type { App } from '../../app';
import type { StoredFile } from '../../attachments';
import { queryColumn, queryValue } from '../../db';
import { type Actor, record, SYSTEM } from '../../events';
import { addressKey, type Filed, type InboundMailRow, type MailboxRow, type ParsedMail } from '../../mail';
import { addMessage } from '../add-message';
import { moveTicket } from '../change';
import { signalTicket } from '../live';
import { findMessage, findParticipant } from '../queries';
import type { MessageFacts } from '../ticket';
import { holdLater } from '../writing/send-later';
import { attachFiles, factsOfMail, wordsOfMail } from './mail-message';
import { findThread, isOnTicket, rememberTheirId } from './thread';

const findSentWords = queryColumn<[ticketId: number, limit: number], string>(`
  SELECT words FROM messages JOIN outbox ON outbox.message_id = messages.id
   WHERE messages.ticket_id = ? AND author_kind = 'agent' AND outbox.state IN ('handing over', 'sent', 'uncertain')
   ORDER BY messages.id DESC LIMIT ?`);
const MOST_COMPARED = 50;
const findNewerWord = queryValue<[ticketId: number, sequence: number], 1>(`
  SELECT 1 FROM messages
   WHERE ticket_id = ? AND sequence > ? AND author_kind = 'customer' AND kind = 'reply' AND is_automatic = 0 LIMIT 1`);

/** Some servers give what they send an id of their own, and keep that: only its words tell that it is one of ours. */
function leftFromHere(app: App, ticketId: number, words: string): boolean {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  return findSentWords(app.db, ticketId, MOST_COMPARED).some((ours) => plain(ours) === plain(words));
}

/**
 * Inside one transaction. That it stands in that folder is the proof: whoever could put it there can send as the firm. From says no
 * more than which agent it was. Nothing is sent, and nothing that is closed is opened again.
 */
export function receiveSent(
  app: App,
  inbound: InboundMailRow,
  mail: ParsedMail,
  mailbox: MailboxRow,
  files: StoredFile[],
): Filed {
  const thread = findThread(app, mailbox.id, mail, '');
  // Its ticket went to the trash since the mail was fetched.
  if (!thread) return { notImported: 'no-ticket' };
  const { ticket, rule, evidence } = thread;
  if (mail.messageId && isOnTicket(app, ticket, mail.messageId)) return { notImported: 'duplicate' };

  if (leftFromHere(app, ticket.id, mail.words)) return { notImported: 'duplicate' };

  const row = mail.from && findAgentByEmail(app.db, addressKey(mail.from.address));
  const agent = row?.state === 'active' ? row : undefined;
  const actor: Actor = agent ? { kind: 'agent', id: agent.id } : SYSTEM;
  const facts: MessageFacts = {
    rule,
    ...(evidence ? { evidence } : {}),
    sentElsewhere: true,
    ...factsOfMail(inbound, mail),
  };
  // Not to somebody whom the ticket is about: a colleague or a supplier was written to, and no customer may see it.
  const isToThem = [...mail.to, ...mail.cc].some((to) => {
    const person = findParticipant(app.db, ticket.id, addressKey(to.address));
    return person?.state === 'accepted' && person.role !== 'third';
  });
  // The customer wrote again before this was found: that word waits still.
  const answered = evidence.message === undefined ? undefined : findMessage(app.db, evidence.message);
  const isOvertaken = answered !== undefined && findNewerWord(app.db, ticket.id, answered.sequence) === 1;
  const message = addMessage(app, ticket, {
    kind: isToThem ? 'reply' : 'note',
    author: {
      kind: 'agent',
      id: agent?.id ?? null,
      name: agent?.name ?? (mail.from?.name || mailbox.sender_name),
    },
    ...wordsOfMail(inbound, mail),
    facts,
    isAutomatic: mail.automatic !== undefined,
    isOvertaken,
  });
  attachFiles(app, message.id, mail, files);
  if (mail.messageId) rememberTheirId(app, ticket, message.id, mailbox.id, mail.messageId);
  record(app, isToThem ? 'ticket.replied' : 'ticket.noted', actor, ticket, {
    message: message.id,
    channel: 'email',
  });
  if (isToThem) holdLater(app, ticket, 'overtaken', agent?.id);
  if (isToThem && !isOvertaken && !mail.automatic && (ticket.status === 'new' || ticket.status === 'open'))
    moveTicket(app, actor, ticket, 'pending', { quiet: true });
  signalTicket(app, ticket.id);
  return { ticketId: ticket.id, messageId: message.id };
}
