// Hits as pages show them: cut around the words that were found.
import type { Agent } from '../agents';
import type { App } from '../app';
import { noteLook } from '../customers';
import { queryColumn } from '../db';
import { escapeHtml, type Reader } from '../web';
import type { TicketListRow } from './list';
import type { SearchHit, SearchPage } from './page-models';
import { countHits, MOST_COUNTED, searchTickets } from './search';
import { findNames } from './search-index';
import { fold, foldedWordsIn } from './words';

const HITS_A_PAGE = 25;
const AROUND = 70;
/** Looked through for the excerpt, per hit. */
const MOST_READ = 20_000;

const findTexts = queryColumn<[ticketId: number], string>(
  "SELECT words FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence LIMIT 20",
);

export function searchPage(
  app: App,
  agent: Agent,
  reader: Reader,
  asked: { q: string; before?: number },
): SearchPage {
  const { t, format } = reader;
  const { hits, more } = searchTickets(app, agent, asked.q, { before: asked.before, limit: HITS_A_PAGE });
  for (const { id } of hits) noteLook(app, { agent: agent.id, act: 'searched', ticket: id });
  const words = foldedWordsIn(asked.q);
  const address = `/search?q=${encodeURIComponent(asked.q)}`;
  const count = countHits(app, agent, asked.q);
  return {
    title: asked.q ? t('tickets.search.titleFor', { q: asked.q }) : t('tickets.search.title'),
    current: 'inbox',
    t,
    q: asked.q,
    hits: hits.map((row) => hitModel(app, reader, row, words)),
    count:
      asked.q.trim() === ''
        ? undefined
        : count > MOST_COUNTED
          ? `${format.number(MOST_COUNTED)}+`
          : format.number(count),
    more: more === undefined ? undefined : `${address}&before=${more}`,
  };
}

function hitModel(app: App, { t, format }: Reader, row: TicketListRow, words: string[]): SearchHit {
  return {
    number: row.number,
    subjectHtml: marked(row.subject || t('tickets.noSubject'), words),
    customer: row.customer_name,
    status: t(`tickets.status.${row.status.replace(' ', '-')}`),
    at: format.time(row.activity_at),
    excerptHtml: excerpt(app, row, words),
  };
}

/**
 * Cut by ourselves (SPEED: `snippet()` costs 15 ms a page): the first place where one of the words stands. When that is no
 * message, the tag, address or file that has it comes before the newest words, or nobody would see why this was found.
 */
function excerpt(app: App, row: TicketListRow, words: string[]): string {
  const found = excerptOf(findTexts(app.db, row.id), words);
  if (found !== undefined) return found;
  const name = findNames(app.db, row.id, row.id, row.id, row.id).find((text) => firstPlace(text, words) >= 0);
  return name === undefined ? escapeHtml(row.excerpt) : marked(`${name} · ${row.excerpt}`, words);
}

function excerptOf(texts: string[], words: string[]): string | undefined {
  for (const text of texts) {
    const read = text.slice(0, MOST_READ);
    const place = firstPlace(read, words);
    if (place < 0) continue;
    // From a blank on, unless a word without end stands before.
    const from = Math.max(0, place - AROUND);
    const start = Math.max(read.lastIndexOf(' ', from), from - AROUND, 0);
    return marked(
      read
        .slice(start, place + 2 * AROUND)
        .replace(/\s+/g, ' ')
        .trim()
        .toWellFormed(),
      words,
    );
  }
  return undefined;
}

function firstPlace(text: string, words: string[]): number {
  const lower = text.toLowerCase();
  for (const word of words) {
    const place = lower.length === text.length ? lower.indexOf(word) : -1;
    if (place >= 0 && !/[\p{L}\p{N}]/u.test(text[place - 1] ?? ' ')) return place;
  }
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) if (isHit(match[0], words)) return match.index;
  return -1;
}

const isHit = (token: string, words: string[]) => {
  const plain = fold(token);
  return words.some(
    (word, place) =>
      plain === word || (place === words.length - 1 && word.length >= 4 && plain.startsWith(word)),
  );
};

/** Escaped piece by piece, so that nothing but our own <mark> is HTML. */
function marked(text: string, words: string[]): string {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    html += escapeHtml(text.slice(end, match.index));
    html += isHit(match[0], words) ? `<mark>${escapeHtml(match[0])}</mark>` : escapeHtml(match[0]);
    end = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(end));
}
