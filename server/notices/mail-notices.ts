// Mails to whoever is away: what they have not read, gathered into one, and never what a page has shown them first.
import { type Agent, agentOf, findAgentById, postToAgent } from '../agents';
import type { App } from '../app';
import { change, query, queryValue } from '../db';
import { MINUTE } from '../lib/clock';
import { withdrawMail } from '../mail';
import { publicUrlOf } from '../settings';
import { excerptOf, findMessage, type Scope, scopeOf } from '../tickets';
import { choicesOf, findWaiting, type Waiting } from './choices';
import { sentenceOf } from './present';
import { findUntold, type Line, SHOWN } from './queries';

/** At most one mail to somebody in this time; what happens within a moment is one mail. */
const BETWEEN_MAILS = 15 * MINUTE;
const A_MOMENT = 2 * MINUTE;
/** Tickets in one mail; of more it says how many. */
const MOST_TICKETS = 20;
const MOST_ON_A_TICKET = 4;

const findUnmailed = query<[agentId: number, since: number, ...scope: Scope], Line[]>(`
  SELECT notices.*, tickets.number, tickets.subject
    FROM notices INDEXED BY notices_unread JOIN tickets ON tickets.id = notices.ticket_id
   WHERE notices.agent_id = ? AND is_newest = 1 AND read_at IS NULL AND mailed_at IS NULL AND at >= ? AND ${SHOWN}
   ORDER BY notices.id DESC LIMIT 1000`);
/** What of the alias `notices` is about a message that still stands on the ticket: one may be moved to another team's. */
const STANDS =
  'EXISTS (SELECT 1 FROM messages WHERE messages.id = notices.message_id AND messages.ticket_id = notices.ticket_id)';
/** A message that had gone by then is let go of, so that a message named by what was mailed was there when its mail was written. */
const updateMailed = change<[now: number, mailId: number, agentId: number, ticketId: number]>(`
  UPDATE notices SET mailed_at = ?, mail_id = ?, message_id = iif(${STANDS}, message_id, NULL)
   WHERE agent_id = ? AND ticket_id = ? AND read_at IS NULL AND mailed_at IS NULL`);
const updateLastMailed = change<[now: number | null, agentId: number]>(
  'UPDATE notice_choices SET last_mailed_at = ? WHERE agent_id = ?',
);

/** On a clock. Returns how many mails were written. */
export async function mailNotices(app: App): Promise<Record<string, number>> {
  let mails = 0;
  for (const waiting of findWaiting(app.db))
    if (isAway(app, waiting) && (await app.write(() => mailOne(app, waiting)))) mails += 1;
  return { mails };
}

/** No page of theirs is open, and none was for as long as they said. */
function isAway(app: App, { agent_id: id, away_minutes: minutes }: Waiting): boolean {
  const seenAt = findAgentById(app.db, id)?.last_seen_at ?? 0;
  return !app.hub.isHeard(`agent:${id}`) && app.clock.now() - seenAt >= minutes * MINUTE;
}

/** Inside a transaction. */
function mailOne(app: App, { agent_id: id, mail_since: since, last_mailed_at: last }: Waiting): boolean {
  const now = app.clock.now();
  const row = findAgentById(app.db, id);
  if (row?.state !== 'active' || (last !== null && now - last < BETWEEN_MAILS)) return false;
  const agent = agentOf(row);
  const lines = findUnmailed(app.db, id, since, ...scopeOf(agent));
  if (!lines.some(({ at }) => now - at >= A_MOMENT)) return false;
  const mail = postToAgent(
    app,
    { name: agent.name, address: agent.email },
    wordsFor(app, agent, lines),
    'notice',
  );
  if (mail === undefined) return false;
  for (const line of lines) updateMailed(app.db, now, mail, id, line.ticket_id);
  updateLastMailed(app.db, now, id);
  return true;
}

/** In their language; of what others wrote the subject, and the first words where they are wished. No link of anybody's but ours. */
function wordsFor(app: App, agent: Agent, lines: Line[]): { subject: string; text: string } {
  const t = app.catalogues[agent.language];
  const url = publicUrlOf(app);
  const { withWords } = choicesOf(app.db, agent.id);
  const parts = lines.slice(0, MOST_TICKETS).map((line) => {
    const happenings = findUntold(app.db, agent.id, line.ticket_id, MOST_ON_A_TICKET);
    const words = withWords ? wordsOf(app, line) : '';
    return [
      `#${line.number} ${withoutLinks(line.subject) || t('tickets.noSubject')}`,
      ...happenings.map((one) => withoutLinks(sentenceOf(t, one))),
      ...(words ? [`“${withoutLinks(excerptOf(words))}”`] : []),
      ...(url ? [`${url}/tickets/${line.number}`] : []),
    ].join('\n');
  });
  const more = lines.length - parts.length;
  return {
    subject: t('notices.mail.subject', { n: lines.length }),
    text: [
      t('notices.mail.words', { name: agent.name }),
      ...parts,
      ...(more > 0 ? [t('notices.mail.more', { n: more })] : []),
      t('notices.mail.why'),
      ...(url ? [`${url}/settings/notices`] : []),
    ].join('\n\n'),
  };
}

/** Of the message that a line is about. One that was moved is of another ticket, which may not be theirs to see (AC-47). */
function wordsOf(app: App, line: Line): string {
  const message = line.message_id === null ? undefined : findMessage(app.db, line.message_id);
  return message?.ticket_id === line.ticket_id ? message.words : '';
}

/** A stranger's link in a mail of ours would be taken for ours, and mail programs make links of text. */
const withoutLinks = (text: string): string =>
  text.replace(/(?:\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.)\S+/gi, '[…]');

const findOfMail = query<[mailId: number], { agent_id: number; ticket_id: number; read_at: number | null }[]>(
  'SELECT agent_id, ticket_id, read_at FROM notices WHERE mail_id = ?',
);
const countShown = queryValue<[mailId: number, ...scope: Scope], number>(`
  SELECT count(*) FROM notices JOIN tickets ON tickets.id = notices.ticket_id
   WHERE mail_id = ? AND (message_id IS NULL OR ${STANDS}) AND ${SHOWN}`);
const updateNotMailed = change<[mailId: number]>(
  'UPDATE notices SET mailed_at = NULL, mail_id = NULL WHERE mail_id = ?',
);

/**
 * Asked in the transaction that hands a mail over: false when any of it was read meanwhile, may not be seen any more, or is about a
 * message that was moved to another ticket since (AC-47). Then the mail is gone, and what is left is written anew.
 */
export function noticeMailStands(app: App, mailId: number): boolean {
  const told = findOfMail(app.db, mailId);
  const agent = told[0] && findAgentById(app.db, told[0].agent_id);
  const stands =
    agent?.state === 'active' &&
    choicesOf(app.db, agent.id).byMail &&
    told.every(({ read_at }) => read_at === null) &&
    countShown(app.db, mailId, ...scopeOf(agentOf(agent))) === told.length;
  if (stands) return true;
  updateNotMailed(app.db, mailId);
  if (agent) updateLastMailed(app.db, null, agent.id);
  withdrawMail(app, mailId);
  return false;
}

const findUnsent = query<[], { id: number; state: string }[]>(
  "SELECT id, state FROM outbox INDEXED BY outbox_notices WHERE kind = 'notice' AND mail IS NOT NULL AND state IN ('waiting', 'held', 'failed', 'dismissed', 'uncertain')",
);

/** A ticket went, or its words were changed for somebody's sake: no mail about it may keep them (P3). Inside a transaction. */
export function forgetMails(app: App): void {
  for (const { id, state } of findUnsent(app.db)) {
    // One that may have left is not written again.
    if (state === 'waiting') updateNotMailed(app.db, id);
    withdrawMail(app, id);
  }
}
