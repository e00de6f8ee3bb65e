// What an agent was told as its page shows it: one line a ticket, the newest on top.
import type { Agent } from '../agents';
import type { App } from '../app';
import type { ShownTime } from '../i18n';
import { scopeOf } from '../tickets';
import type { PageModel, Reader } from '../web';
import { findHappenings, findLines, findUnreadLine, type Happening, type Line } from './queries';

const LINES_A_PAGE = 25;
/** Different things on one line; whoever opens the ticket sees the rest. */
const MOST_ON_A_LINE = 4;

export interface NoticeLine {
  /** Of the ticket. */
  number: number;
  subject: string;
  href: string;
  what: string[];
  at: ShownTime;
  isUnread: boolean;
}

/** views/notices/index */
export interface NoticesPage extends PageModel {
  t: Reader['t'];
  /** Where this very page is fetched again. */
  src: string;
  zone: string;
  lines: NoticeLine[];
  /** The newest that is shown, for "all of it": what comes meanwhile stays unread. Absent when all is read. */
  upTo?: number;
  more?: string;
}

export function noticesPage(
  app: App,
  agent: Agent,
  reader: Reader,
  isAnyUnread: boolean,
  before = Number.MAX_SAFE_INTEGER,
): NoticesPage {
  const { t, zone } = reader;
  const found = findLines(app.db, agent.id, before, ...scopeOf(agent), LINES_A_PAGE + 1);
  const lines = found.slice(0, LINES_A_PAGE);
  const last = found.length > LINES_A_PAGE ? lines.at(-1) : undefined;
  const isFirst = before === Number.MAX_SAFE_INTEGER;
  return {
    title: t('notices.title'),
    current: 'notices',
    t,
    src: isFirst ? '/notices' : `/notices?before=${before}`,
    zone: t('notices.zone', { zone }),
    lines: lines.map((line) => lineOf(app, reader, line)),
    ...(isFirst && isAnyUnread && lines[0] ? { upTo: lines[0].id } : {}),
    ...(last ? { more: `/notices?before=${last.id}` } : {}),
  };
}

function lineOf(app: App, reader: Reader, line: Line): NoticeLine {
  const happenings = findHappenings(app.db, line.agent_id, line.ticket_id, line.read_at, MOST_ON_A_LINE);
  return {
    number: line.number,
    subject: line.subject || reader.t('tickets.noSubject'),
    href: `/tickets/${line.number}${line.message_id === null ? '' : `#message-${line.message_id}`}`,
    what: happenings.map((one) => sentenceOf(reader.t, one)),
    at: reader.format.time(line.at),
    isUnread: line.read_at === null,
  };
}

/** What the browser says of one notice; undefined when it was read, or may not be seen any more. */
export function wordsOf(
  app: App,
  agent: Agent,
  { t }: Reader,
  id: number,
): { title: string; body: string; href: string; ticket: number } | undefined {
  const line = findUnreadLine(app.db, id, agent.id, ...scopeOf(agent));
  if (!line) return undefined;
  const [newest] = findHappenings(app.db, agent.id, line.ticket_id, null, 1);
  return {
    title: newest ? sentenceOf(t, newest) : t('notices.title'),
    body: `#${line.number} ${line.subject || t('tickets.noSubject')}`,
    href: `/tickets/${line.number}${line.message_id === null ? '' : `#message-${line.message_id}`}`,
    ticket: line.number,
  };
}

/** "Carla wrote 3 times". */
export function sentenceOf(t: Reader['t'], { kind, who, n }: Happening): string {
  if (kind === 'assigned' && who === null) return t('notices.assigned.rule');
  return t(`notices.what.${kind}`, { who: who ?? t('tickets.someone'), n });
}
