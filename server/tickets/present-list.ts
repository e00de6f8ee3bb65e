// The inbox as pages show it: rows as remembered fragments, views with their counts.
import { type Agent, hueOf, initialsOf } from '../agents';
import type { App } from '../app';
import { findMailboxes } from '../mail';
import { mayRole } from '../roles';
import { bytesOf, KEPT, type Reader } from '../web';
import { bulkChoices } from './bulk/present';
import { countTickets } from './counts';
import {
  findListRow,
  type ListKey,
  listTickets,
  savedOf,
  type TicketListRow,
  teamOf,
  type View,
} from './list';
import type { InboxModel, InboxPage, RowModel } from './list-models';
import { countUndecided } from './outbox/outbox';
import { countText } from './outbox/present';
import type { Person } from './page-models';
import { countOfView, titleOf, viewGroups } from './present-views';
import { isOpen } from './ticket';

const ROWS_A_PAGE = 50;
const MOST_REMEMBERED = 4_000;
const MOST_PAGES = 100;

export const personOf = (name: string): Person => ({ name, initials: initialsOf(name), hue: hueOf(name) });

type RenderRow = (row: RowModel) => string;
interface ListedRows {
  /** HTML, as it goes out. */
  rows: Buffer;
  isEmpty: boolean;
  nextKey: string | undefined;
}

type Remembered = { changed: number; html: string };

/**
 * Row fragments by language and zone (SPEED: +26 %). Whatever a row shows raises its ticket's `changed_sequence`; a new name of
 * its customer or assignee does so too, by triggers of the schema.
 */
export class RowFragments {
  private readonly known = new Map<string, Map<number, Remembered>>();
  private readonly pages = new Map<string, ListedRows>();
  private epoch = -1;

  html(app: App, id: number, changed: number, reader: Reader, render: RenderRow): string {
    const rows = this.rowsFor(`${reader.locale} ${reader.zone}`);
    const kept = rows.get(id);
    if (kept?.changed === changed) return kept.html;
    const row = findListRow(app.db, id);
    const html = row ? render(rowModel(row, reader)) : '';
    if (rows.size >= MOST_REMEMBERED) rows.clear();
    rows.set(id, { changed, html });
    return html;
  }

  /** A page of rows, remembered until the next commit: between two of them every agent's reload costs nothing. */
  page(app: App, agent: Agent, reader: Reader, render: RenderRow, view: View, after: ListKey): ListedRows {
    if (this.epoch !== app.db.epoch) {
      this.pages.clear();
      this.epoch = app.db.epoch;
    }
    const key = `${agent.id} ${agent.role} ${view} ${keyText(after)} ${reader.locale} ${reader.zone}`;
    const known = this.pages.get(key);
    if (known) return known;
    const list = listTickets(app, agent, view, after, ROWS_A_PAGE);
    let html = '';
    for (const [id, changed] of list.rows) html += this.html(app, id, changed, reader, render);
    const rows = bytesOf(html);
    const page = { rows, isEmpty: list.rows.length === 0, nextKey: list.next && keyText(list.next) };
    if (this.pages.size >= MOST_PAGES) this.pages.clear();
    this.pages.set(key, page);
    return page;
  }

  private rowsFor(key: string): Map<number, Remembered> {
    let rows = this.known.get(key);
    if (!rows) {
      rows = new Map();
      this.known.set(key, rows);
    }
    return rows;
  }
}

export function rowModel(row: TicketListRow, reader: Reader): RowModel {
  const { t, format } = reader;
  return {
    number: row.number,
    pick: t('tickets.row.pick', { number: String(row.number) }),
    unread: row.awaits_us && isOpen(row.status) ? t('tickets.row.unread') : undefined,
    customer: row.customer_name,
    subject: row.subject || t('tickets.noSubject'),
    words: row.excerpt,
    channel: row.channel,
    channelText: t(`tickets.channel.${row.channel}`),
    at: format.time(row.activity_at),
    assignee: assigneeOf(row, t),
    chip: chipOf(row, reader),
  };
}

function assigneeOf(
  { assignee_name: name, assignee_away: away }: TicketListRow,
  t: Reader['t'],
): RowModel['assignee'] {
  if (name === null) return undefined;
  return away === null ? personOf(name) : { ...personOf(name), away: t('tickets.away', { name }) };
}

/** At most one: what cannot wait first. */
function chipOf(row: TicketListRow, { t, format }: Reader): RowModel['chip'] {
  if (row.snoozed_at !== null) return { kind: 'plain', text: snoozedText(row, t, format) };
  if (row.undelivered > 0) return { kind: 'late', text: t('tickets.row.undelivered') };
  if (row.chat_state === 'queued') return { kind: 'live', text: t('tickets.row.chatWaiting') };
  if (row.status === 'solved' || row.status === 'closed')
    return { kind: 'good', text: t(`tickets.status.${row.status}`) };
  if (row.priority === 'urgent' || row.priority === 'high')
    return { kind: 'plain', text: t(`tickets.priority.${row.priority}`) };
  if (row.status === 'pending' || row.status === 'on hold')
    return { kind: 'plain', text: t(`tickets.status.${row.status.replace(' ', '-')}`) };
  return undefined;
}

export const snoozedText = (
  { snoozed_until: until }: Pick<TicketListRow, 'snoozed_until'>,
  t: Reader['t'],
  format: Reader['format'],
): string =>
  until === null
    ? t('tickets.snoozed.answer')
    : t('tickets.snoozed.until', { until: format.time(until).text });

const keyText = (key: ListKey) => `${key.at}-${key.id}`;

/**
 * The inbox without its rows, and the bytes of these, which come in where the view has `KEPT`. Throws NotFound for a view that is
 * not there, or not for these eyes.
 */
export function inboxOf(
  app: App,
  agent: Agent,
  reader: Reader,
  fragments: { rows: RowFragments; render: RenderRow },
  view: View,
  after: ListKey,
): { model: InboxModel; rows: Buffer } {
  const { t, format } = reader;
  const title = titleOf(app, agent, reader, view);
  const { rows, isEmpty, nextKey } = fragments.rows.page(app, agent, reader, fragments.render, view, after);
  const undecided = countUndecided(app, agent);
  const next = nextKey && `view=${view}&after=${nextKey}`;
  const model: InboxModel = {
    t,
    views: viewGroups(app, agent, reader, view),
    title,
    src: `/tickets/list?view=${view}`,
    compact: agent.compactList,
    me: agent.id,
    rowsHtml: KEPT,
    isEmpty,
    empty: isEmpty ? emptyState(app, agent, view, t) : undefined,
    more: next ? { href: `/tickets?${next}`, src: `/tickets/list?${next}` } : undefined,
    create: mayRole(agent.role, 'tickets.create') ? '/tickets/new' : undefined,
    outbox: {
      href: '/outbox',
      text: t('outbox.title'),
      ...(undecided > 0 ? { count: countText(format, undecided) } : {}),
    },
    bulk:
      mayRole(agent.role, 'tickets.change') && !isEmpty
        ? {
            list: view,
            choices: bulkChoices(app, agent, reader),
            everything: t('tickets.bulk.everything', { n: format.number(countOfView(app, agent, view)) }),
          }
        : undefined,
  };
  return { model, rows };
}

/** An empty list says what to do next. */
function emptyState(app: App, agent: Agent, view: View, t: Reader['t']): InboxModel['empty'] {
  if (savedOf(view) !== undefined)
    return { title: t('tickets.empty.saved.title'), words: t('tickets.empty.saved.words') };
  if (teamOf(view) !== undefined)
    return { title: t('tickets.empty.team.title'), words: t('tickets.empty.team.words') };
  const words = { title: t(`tickets.empty.${view}.title`), words: t(`tickets.empty.${view}.words`) };
  if (view === 'all') return emptyInbox(app, agent, words, t);
  if (view === 'mine')
    return { ...words, href: '/tickets?view=unassigned', action: t('tickets.view.unassigned') };
  return words;
}

/** At the beginning it says how the first ticket comes; later, that all is done. */
function emptyInbox(
  app: App,
  agent: Agent,
  words: { title: string; words: string },
  t: Reader['t'],
): InboxModel['empty'] {
  const { solved, closed, spam } = countTickets(app, agent);
  if (solved + closed + spam > 0)
    return {
      title: t('tickets.empty.all.done'),
      words: t('tickets.empty.all.done.words'),
      href: '/tickets?view=solved',
      action: t('tickets.view.solved'),
    };
  const address = findMailboxes(app.db).find(({ is_local }) => !is_local)?.address;
  if (address !== undefined) {
    const ready = { title: words.title, words: t('tickets.empty.all.ready', { address }) };
    return mayRole(agent.role, 'mail.import')
      ? { ...ready, href: '/settings/moving-in', action: t('mail.mailboxes.import') }
      : ready;
  }
  if (mayRole(agent.role, 'mailboxes.change'))
    return { ...words, href: '/settings/mailboxes', action: t('tickets.empty.connect') };
  return words;
}

export function inboxPage(reader: Reader, inbox: InboxModel): InboxPage {
  return { title: inbox.title, current: 'inbox', t: reader.t, inbox };
}
