// Continuity (C7): replies that a visitor did not see before leaving follow by e-mail, and the answer comes back here.
import { agentOf, findAgentById } from '../agents';
import type { App } from '../app';
import { query } from '../db';
import { record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { MINUTE } from '../lib/clock';
import { enqueueMail } from '../mail';
import {
  composeReply,
  filesOf,
  findTicketById,
  type MessageRow,
  mailboxFor,
  newMark,
  onlyReadMailbox,
  recipientsOf,
  rememberMark,
  type Ticket,
} from '../tickets';
import type { ChatRow } from './chat';
import { findChatById, findSiteById, updateMailed } from './queries';

const AT_MOST_EVERY = 15 * MINUTE;
/** How long a reply may stand unseen in a window that is open, perhaps behind others, perhaps on a desk that somebody left. */
const UNSEEN_FOR = 10 * MINUTE;

export const UNSEEN_JOB = 'chat.reply-unseen';

interface Unseen {
  chat: number;
  /** The reply's place in the visitor's counting. */
  sequence: number;
}

/** Inside a transaction: an agent wrote in the chat to a visitor who is connected. */
export function followUnseen(app: App, chat: ChatRow, sequence: number): void {
  enqueue(app, UNSEEN_JOB, { chat: chat.id, sequence } satisfies Unseen, {
    runAt: app.clock.now() + UNSEEN_FOR,
  });
}

/** The work of the job. Of a visitor who has left meanwhile the leaving takes care. */
export async function lookAfterUnseen(app: App, unseen: Unseen): Promise<void> {
  await app.write(() => {
    const chat = findChatById(app.db, unseen.chat);
    const ticket = chat && findTicketById(app.db, chat.ticket_id);
    if (!ticket || ticket.deleted_at !== null || chat.visitor_gone_at !== null) return;
    if (Math.max(chat.visitor_seen, chat.mailed_sequence) >= unseen.sequence) return;
    const again = mailUnseen(app, chat, ticket);
    if (again !== undefined) enqueue(app, UNSEEN_JOB, unseen, { runAt: again });
  });
}

/** What agents wrote in the chat itself after a visitor sequence; what went by mail is not mailed again. */
const findUnseen = query<[ticketId: number, sequence: number], MessageRow[]>(`
  SELECT * FROM messages
   WHERE ticket_id = ? AND visitor_sequence > ? AND kind = 'reply' AND author_kind = 'agent' AND channel = 'chat'
   ORDER BY visitor_sequence`);

/**
 * Inside a transaction, for a visitor who is gone or does not look. Puts one mail with all unseen replies into the outbox, at most one in 15
 * minutes; returns when to look again when it is too early, undefined when there is nothing left to do.
 */
export function mailUnseen(app: App, chat: ChatRow, ticket: Ticket): number | undefined {
  const unseen = findUnseen(app.db, ticket.id, Math.max(chat.visitor_seen, chat.mailed_sequence));
  const last = unseen.at(-1);
  const to = recipientsOf(app, ticket);
  const author = last?.author_id ? findAgentById(app.db, last.author_id) : undefined;
  if (!last || !author || to.all.length === 0 || onlyReadMailbox(app, ticket)) return undefined;
  const now = app.clock.now();
  const earliest = (chat.mailed_at ?? 0) + AT_MOST_EVERY;
  if (now < earliest) return earliest;

  const mark = newMark();
  rememberMark(app, ticket, last.id, mark);
  const mail = composeReply(
    app,
    agentOf(author),
    ticket,
    { ...last, words: wordsOf(app, chat, unseen) },
    to,
    mark,
  );
  const pictures = mail.attachments.filter(({ isQuoted }) => isQuoted);
  mail.attachments = [...unseen.flatMap((message) => filesOf(app, message)), ...pictures];
  enqueueMail(app, mail, {
    mailboxId: mailboxFor(app, ticket)?.id ?? null,
    kind: 'reply',
    message: last,
    notBefore: now,
  });
  updateMailed(app.db, last.visitor_sequence as number, now, chat.id);
  record(app, 'chat.mailed', SYSTEM, ticket, { messages: unseen.length });
  return undefined;
}

function wordsOf(app: App, chat: ChatRow, unseen: MessageRow[]): string {
  const site = findSiteById(app.db, chat.site_id);
  const t = app.catalogues[site?.language ?? 'en'];
  const why = t('chat.mail.why', { site: site?.name ?? '' });
  return [...unseen.map((message) => message.words), why].join('\n\n');
}
