// What an agent wants to be told, and by which ways besides the page. Without a row: everything, in the page alone.
import type { Agent } from '../agents';
import type { App } from '../app';
import { change, type Db, query, queryOne } from '../db';
import { record } from '../events';
import { NOTICE_KINDS, type NoticeKind } from './notice';

export interface Choices {
  kinds: NoticeKind[];
  inBrowser: boolean;
  byMail: boolean;
  /** Mail goes out when no page of theirs has been open for so long. */
  awayMinutes: number;
  /** Whether mails carry the first words of what was written. */
  withWords: boolean;
}

export const SHORTEST_AWAY = 5;
export const LONGEST_AWAY = 24 * 60;
const DEFAULT: Choices = {
  kinds: [...NOTICE_KINDS],
  inBrowser: false,
  byMail: false,
  awayMinutes: 15,
  withWords: false,
};

interface Row {
  unwanted: string;
  in_browser: number;
  mail_since: number | null;
  away_minutes: number;
  with_words: number;
}

const findChoices = queryOne<[agentId: number], Row>('SELECT * FROM notice_choices WHERE agent_id = ?');
const writeChoices = change<
  [
    agentId: number,
    unwanted: string,
    inBrowser: number,
    mailSince: number | null,
    awayMinutes: number,
    withWords: number,
  ]
>(`
  INSERT INTO notice_choices (agent_id, unwanted, in_browser, mail_since, away_minutes, with_words) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id) DO UPDATE SET unwanted = excluded.unwanted, in_browser = excluded.in_browser,
    mail_since = iif(excluded.mail_since IS NULL, NULL, coalesce(mail_since, excluded.mail_since)),
    away_minutes = excluded.away_minutes, with_words = excluded.with_words`);

export function choicesOf(db: Db, agentId: number): Choices {
  const row = findChoices(db, agentId);
  if (!row) return DEFAULT;
  const unwanted = JSON.parse(row.unwanted) as NoticeKind[];
  return {
    kinds: NOTICE_KINDS.filter((kind) => !unwanted.includes(kind)),
    inBrowser: row.in_browser === 1,
    byMail: row.mail_since !== null,
    awayMinutes: row.away_minutes,
    withWords: row.with_words === 1,
  };
}

export const wants = (db: Db, agentId: number, kind: NoticeKind): boolean =>
  choicesOf(db, agentId).kinds.includes(kind);

/** Inside a transaction. Mails are about what happens from now on. */
export function choose(app: App, actor: Agent, chosen: Choices): void {
  const unwanted = NOTICE_KINDS.filter((kind) => !chosen.kinds.includes(kind));
  const since = chosen.byMail ? app.clock.now() : null;
  const { inBrowser, awayMinutes, withWords } = chosen;
  writeChoices(
    app.db,
    actor.id,
    JSON.stringify(unwanted),
    inBrowser ? 1 : 0,
    since,
    awayMinutes,
    withWords ? 1 : 0,
  );
  record(app, 'agent.notices-chosen', actor, actor);
}

/** Whoever wants mails and has not read something that none has told them yet. */
export interface Waiting {
  agent_id: number;
  mail_since: number;
  away_minutes: number;
  last_mailed_at: number | null;
}

export const findWaiting = query<[], Waiting[]>(`
  SELECT agent_id, mail_since, away_minutes, last_mailed_at FROM notice_choices
   WHERE mail_since IS NOT NULL AND EXISTS (
     SELECT 1 FROM notices INDEXED BY notices_unread JOIN tickets ON tickets.id = notices.ticket_id
      WHERE notices.agent_id = notice_choices.agent_id AND is_newest = 1 AND read_at IS NULL AND mailed_at IS NULL AND at >= mail_since)`);
