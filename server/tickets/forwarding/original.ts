// What is forwarded: one message or the conversation as the customer knows it, as text with who wrote it when.
import type { App } from '../../app';
import { type AttachmentRow, findAttachmentsOfMessages } from '../../attachments';
import { query } from '../../db';
import { formats } from '../../i18n';
import { firmOf } from '../../settings';
import { LARGEST_UPLOAD } from '../../web';
import type { MessageRow, Ticket } from '../ticket';
import { messageFor } from '../writing/compose-reply';

/** Of a long conversation the newest that fit: messages, and characters. */
const MOST_MESSAGES = 100;
const MOST_CHARACTERS = 60_000;
const MOST_FILES = 50;

/** Never notes, nothing by somebody whom no agent has let in (M7), and no reply that has not left or did not. */
const findConversation = query<[ticketId: number, limit: number], MessageRow[]>(`
  SELECT * FROM messages WHERE ticket_id = ? AND kind = 'reply' AND sender_state = 'accepted'
     AND state IN ('sent', 'handing over', 'uncertain') ORDER BY sequence DESC LIMIT ?`);
const UNSAID = new Set<MessageRow['state']>(['waiting', 'held', 'failed', 'dismissed']);

export interface Original {
  /** Oldest first. */
  messages: MessageRow[];
  /** Undefined when it is the whole conversation. */
  one?: MessageRow;
}

/** Undefined for a message that is none of this ticket's, or none that anybody outside may read. */
export function originalOf(app: App, ticket: Ticket, messageId: number | undefined): Original | undefined {
  if (messageId === undefined)
    return { messages: findConversation(app.db, ticket.id, MOST_MESSAGES).reverse() };
  const one = messageFor(app, ticket, messageId);
  return one?.kind === 'reply' && !UNSAID.has(one.state) ? { messages: [one], one } : undefined;
}

/** Files that can go along; pictures that stand within the words do so by themselves. */
export function filesOfOriginal(app: App, { messages }: Original): AttachmentRow[] {
  const ids = JSON.stringify(messages.map(({ id }) => id));
  return findAttachmentsOfMessages(app.db, ids)
    .filter((file) => !file.is_inline)
    .slice(-MOST_FILES);
}

/** With a third more for the way, a mail that most servers still take. */
export const LARGEST_FILES = LARGEST_UPLOAD;

/** Those that go along unless somebody says otherwise: the newest that fit. */
export function fittingFiles(files: AttachmentRow[]): Set<number> {
  let room = LARGEST_FILES;
  return new Set(
    files.toReversed().flatMap(({ id, size }) => {
      if (size > room) return [];
      room -= size;
      return [id];
    }),
  );
}

const formatFor = formats();

/** In the firm's language and zone. Names stand here and addresses do not: who needs one can be given it in words. */
export function headOf(app: App, message: MessageRow): string {
  const { company, language, timeZone } = firmOf(app);
  const t = app.catalogues[language];
  const name = message.author_name || t('tickets.someone');
  const who = message.author_kind === 'agent' ? `${name.split(' ')[0]}, ${company}` : name;
  return t('tickets.forward.wrote', { who, at: formatFor(language, timeZone).time(message.created_at).text });
}

/** As text, the newest words whole; what of the oldest does not fit is left out. */
export function textOf(app: App, { messages, one }: Original): string {
  const parts = messages.map((message) =>
    one ? message.words : `${headOf(app, message)}\n${message.words}`,
  );
  const kept: string[] = [];
  let room = MOST_CHARACTERS;
  for (const part of parts.toReversed()) {
    if (room <= 0) break;
    kept.unshift(part.slice(0, room).toWellFormed());
    room -= part.length;
  }
  return kept.join('\n\n');
}
