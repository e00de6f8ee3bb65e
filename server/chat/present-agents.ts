// Chats as agents see them: the line on a ticket's page, the page of all chats, the number in the rail.
import type { Agent } from '../agents';
import type { App } from '../app';
import { query, queryValue } from '../db';
import type { ShownTime } from '../i18n';
import { mayRole } from '../roles';
import { personOf, perViewer, type Scope, scopeOf, type Ticket, type TicketPage, VISIBLE } from '../tickets';
import type { PageModel, Reader } from '../web';
import { type ChatRow, isThere } from './chat';
import { findChatByTicket, findSiteById } from './queries';
import { seenByVisitor } from './seen';
import { originsOf, type SiteRow } from './site';

type ChatLine = NonNullable<TicketPage['chat']>;

/** Fills the hook of tickets. Typing and seen marks come as data; here are only the words they need. */
export function chatLine(app: App, agent: Agent, ticket: Ticket, { t }: Reader): ChatLine | undefined {
  const chat = findChatByTicket(app.db, ticket.id);
  if (!chat) return undefined;
  const there = isThere(chat, app.clock.now());
  const row = findSiteById(app.db, chat.site_id);
  const site = row?.name ?? '';
  return {
    live: there && (chat.state === 'queued' || chat.state === 'active'),
    text: t(`chat.line.${chat.state}.${there ? 'there' : 'gone'}`, { site }),
    begun: row && begunOn(row, chat.page, t),
    typing: t('chat.line.typing'),
    seen: t('chat.line.seen'),
    seenSequence: seenByVisitor(app, ticket, chat.visitor_seen),
    buttons: mayRole(agent.role, 'chat.answer') ? buttons(ticket, chat, t) : [],
  };
}

/** In characters; the line is no place for more. */
const LONGEST_PATH = 60;

/** Said by the visitor's browser, so it is a link only where it leads to the website itself. */
function begunOn(site: SiteRow, page: string, t: Reader['t']): ChatLine['begun'] {
  const url = URL.parse(page);
  if (!url || !originsOf(site).includes(url.origin)) return undefined;
  const place = url.pathname === '/' ? url.host : url.pathname;
  const path = place.length > LONGEST_PATH ? `${place.slice(0, LONGEST_PATH)}…` : place;
  return { href: url.href, text: t('chat.line.begun', { path }) };
}

function buttons({ number }: Ticket, chat: ChatRow, t: Reader['t']): ChatLine['buttons'] {
  const base = `/tickets/${number}/chat`;
  if (chat.state === 'queued' || chat.state === 'missed')
    return [{ action: `${base}/take`, text: t('chat.take'), main: chat.state === 'queued' }];
  return chat.state === 'active' ? [{ action: `${base}/end`, text: t('chat.end'), main: false }] : [];
}

interface LiveChatRow {
  number: number;
  subject: string;
  excerpt: string;
  customer_name: string;
  site_name: string;
  state: 'queued' | 'active';
  queued_at: number;
  visitor_gone_at: number | null;
  assignee_id: number | null;
  assignee_name: string | null;
}

const LIVING = 'tickets.deleted_at IS NULL AND tickets.is_spam = 0';
/** In the words of the index, so that chats that are over are never walked. */
const OPEN = "chats.state IN ('queued', 'active')";

/** Whoever waits longest stands first. */
const findLiveChats = query<[...scope: Scope], LiveChatRow[]>(`
  SELECT tickets.number, tickets.subject, tickets.excerpt, customers.name AS customer_name, sites.name AS site_name, chats.state,
         chats.queued_at, chats.visitor_gone_at, tickets.assignee_id, agents.name AS assignee_name
    FROM chats
    JOIN tickets ON tickets.id = chats.ticket_id
    JOIN customers ON customers.id = tickets.customer_id
    JOIN sites ON sites.id = chats.site_id
    LEFT JOIN agents ON agents.id = tickets.assignee_id
   WHERE ${OPEN} AND ${LIVING} AND ${VISIBLE}
   ORDER BY chats.queued_at, chats.id`);
const findWaiting = queryValue<[...scope: Scope], number>(`
  SELECT count(*) FROM chats JOIN tickets ON tickets.id = chats.ticket_id
   WHERE ${OPEN} AND chats.state = 'queued' AND ${LIVING} AND ${VISIBLE}`);

/** How many chats wait that this agent sees. */
export const countWaiting = (app: App, agent: Agent): number => waitingOf(app.db, agent);

const waitingOf = perViewer((db, viewer) => findWaiting(db, ...scopeOf(viewer)) ?? 0);

export interface ChatRowModel {
  href: string;
  customer: ReturnType<typeof personOf>;
  words: string;
  site: string;
  since: ShownTime;
  /** "The visitor has left" */
  gone?: string;
  agent?: ReturnType<typeof personOf>;
  /** Posts nothing but itself. */
  take?: string;
}

/** views/chat/index: the page, and its frame that is fetched alone after a signal. */
export interface ChatsPage extends PageModel {
  t: Reader['t'];
  /** Where the frame is fetched again. */
  src: string;
  sections: { key: 'waiting' | 'mine' | 'others'; title: string; chats: ChatRowModel[] }[];
  /** Nobody is in a chat: what to do next. */
  empty?: { title: string; words: string; href?: string; action?: string };
}

export function chatsPage(app: App, agent: Agent, reader: Reader): ChatsPage {
  const { t } = reader;
  const rows = findLiveChats(app.db, ...scopeOf(agent));
  const of = (key: 'waiting' | 'mine' | 'others', chosen: LiveChatRow[]) => ({
    key,
    title: t(`chat.list.${key}`, { n: chosen.length }),
    chats: chosen.map((row) => rowModel(app, agent, reader, row)),
  });
  const active = rows.filter((row) => row.state === 'active');
  const sections = [
    of(
      'waiting',
      rows.filter((row) => row.state === 'queued'),
    ),
    of(
      'mine',
      active.filter((row) => row.assignee_id === agent.id),
    ),
    of(
      'others',
      active.filter((row) => row.assignee_id !== agent.id),
    ),
  ];
  return {
    title: t('chat.list.title'),
    current: 'chats',
    t,
    src: '/chats/list',
    sections: sections.filter(({ chats }) => chats.length > 0),
    empty: rows.length === 0 ? emptyWords(agent, t) : undefined,
  };
}

function rowModel(app: App, agent: Agent, { t, format }: Reader, row: LiveChatRow): ChatRowModel {
  const there = isThere(row, app.clock.now());
  return {
    href: `/tickets/${row.number}`,
    customer: personOf(row.customer_name),
    words: row.excerpt || row.subject,
    site: row.site_name,
    since: format.time(row.queued_at),
    gone: there ? undefined : t('chat.list.gone'),
    agent: row.state === 'active' && row.assignee_name !== null ? personOf(row.assignee_name) : undefined,
    take:
      row.state === 'queued' && mayRole(agent.role, 'chat.answer')
        ? `/tickets/${row.number}/chat/take`
        : undefined,
  };
}

function emptyWords(agent: Agent, t: Reader['t']): ChatsPage['empty'] {
  const words = { title: t('chat.list.empty'), words: t('chat.list.empty.words') };
  return mayRole(agent.role, 'sites.change')
    ? { ...words, href: '/settings/sites', action: t('chat.list.empty.action') }
    : words;
}
