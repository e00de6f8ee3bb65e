// Hits as pages show them: cut around the words that were found.
import type { Agent } from '../agents';
import type { App } from '../app';
import { noteLook } from '../customers';
import { queryColumn } from '../db';
import { escapeHtml, type Reader } from '../web';
import type { TicketListRow } from './list';
import type { SearchHit, SearchPage } from './page-models';
import { countHits, MOST_COUNTED, searchTickets } from './search';

const HITS_A_PAGE = 25;
const AROUND = 70;
/** Looked through for the excerpt, per hit. */
const MOST_READ = 20_000;

const PLAIN = /^[\x20-\x7e]*$/;

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
  const words = wordsOf(asked.q);
  const address = `/search?q=${encodeURIComponent(asked.q)}`;
  const count = countHits(app, agent, asked.q);
  return {
    title: asked.q ? t('tickets.search.titleFor', { q: asked.q }) : t('tickets.search.title'),
    current: 'inbox',
    t,
    q: asked.q,
    hits: hits.map((row) => hitModel(app, reader, row, words)),
    count:
      words.length === 0
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
    subject: row.subject || t('tickets.noSubject'),
    customer: row.customer_name,
    status: t(`tickets.status.${row.status.replace(' ', '-')}`),
    at: format.time(row.activity_at),
    excerptHtml: excerpt(app, row, words),
  };
}

/** Folded as the index folds: case and marks do not count. Keeps the length of what it folds where that is possible. */
const fold = (text: string) => (PLAIN.test(text) ? text.toLowerCase() : folded(text));

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const wordsOf = (q: string) => (q.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(fold);

/** Cut by ourselves (SPEED: `snippet()` costs 15 ms a page): the first place where one of the words stands. */
function excerpt(app: App, row: TicketListRow, words: string[]): string {
  for (const text of findTexts(app.db, row.id)) {
    const read = text.slice(0, MOST_READ);
    const place = firstPlace(read, words);
    if (place < 0) continue;
    const start = Math.max(0, read.lastIndexOf(' ', Math.max(0, place - AROUND)));
    return marked(
      read
        .slice(start, place + 2 * AROUND)
        .replace(/\s+/g, ' ')
        .trim()
        .toWellFormed(),
      words,
    );
  }
  return escapeHtml(row.excerpt);
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
