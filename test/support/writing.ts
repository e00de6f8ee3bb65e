// Agents who write and customers who answer, at a desk.
import type { Agent } from '../../server/agents';
import { storeBytes } from '../../server/attachments';
import { randomId } from '../../server/lib/ids';
import type { MessageRow, Ticket } from '../../server/tickets';
import type { NewFiles, ReplyInput } from '../../server/tickets/forms';
import { noteOnTicket, type ReplyOutcome, replyToTicket } from '../../server/tickets/writing/reply';
import type { Desk } from './desk';

/** A reply whose writer has seen everything, unless said differently. */
export const words = (text: string, more: Partial<ReplyInput> = {}): ReplyInput => ({
  clientId: randomId(),
  seenSequence: 1_000_000,
  words: text,
  thenStatus: 'pending',
  sendAnyway: false,
  ...more,
});

/** Ana replies, in a transaction of its own; what it came to. */
export function tryReply(
  desk: Desk,
  ticket: Ticket,
  input: ReplyInput,
  by: Agent = desk.ana,
  files: NewFiles = [],
): ReplyOutcome {
  return desk.app.db.tx(() => replyToTicket(desk.app, by, ticket, input, files));
}

/** The same, for replies that must not be held. */
export function reply(
  desk: Desk,
  ticket: Ticket,
  input: ReplyInput | string,
  by?: Agent,
  files?: NewFiles,
): MessageRow {
  const outcome = tryReply(desk, ticket, typeof input === 'string' ? words(input) : input, by, files);
  if (outcome.held) throw new Error(`The reply was held: ${outcome.because}`);
  return outcome.message;
}

export const note = (desk: Desk, ticket: Ticket, text: string, by: Agent = desk.ana, clientId = randomId()) =>
  desk.app.db.tx(() => noteOnTicket(desk.app, by, ticket, { clientId, words: text }));

/** A file that is on disk, as an upload leaves it. */
export async function uploaded(desk: Desk, name: string, text: string): Promise<NewFiles[number]> {
  return {
    file: await storeBytes(desk.app, Buffer.from(text)),
    name,
    declaredType: 'text/plain',
    type: '',
  };
}

/** What waits in the outbox for a message, as composing will see it. */
export function mailOf(desk: Desk, message: { id: number }) {
  const [row] = desk.rows<{ mail: string }>('SELECT mail FROM outbox WHERE message_id = ?', message.id);
  if (!row) throw new Error('No mail waits for this message.');
  return JSON.parse(row.mail) as import('../../server/mail').OutgoingMail;
}
