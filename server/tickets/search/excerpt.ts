// What of a hit is shown: cut around what was found, which is marked.
import type { App } from '../../app';
import { queryColumn } from '../../db';
import { escapeHtml } from '../../web';
import { fold } from '../words';
import type { Needle } from './question';
import { findNames } from './write-index';

const AROUND = 70;
/** Looked through for the excerpt, per message. */
const MOST_READ = 20_000;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

const findTexts = queryColumn<[ticketId: number], string>(
  "SELECT words FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence LIMIT 20",
);

/**
 * Cut by ourselves (SPEED: `snippet()` costs 15 ms a page): the first place where something of what was asked for stands. When
 * that is no message, the tag, address or file that has it comes before the newest words, or nobody would see why this was found.
 */
export function excerptHtml(app: App, row: { id: number; excerpt: string }, needles: Needle[]): string {
  if (needles.length === 0) return escapeHtml(row.excerpt);
  const found = cutFrom(findTexts(app.db, row.id), needles);
  if (found !== undefined) return found;
  const name = findNames(app.db, row.id, row.id, row.id, row.id).find(
    (text) => firstPlace(text, needles) >= 0,
  );
  return name === undefined ? escapeHtml(row.excerpt) : markedHtml(`${name} · ${row.excerpt}`, needles);
}

function cutFrom(texts: string[], needles: Needle[]): string | undefined {
  for (const text of texts) {
    const read = text.slice(0, MOST_READ);
    const place = firstPlace(read, needles);
    if (place < 0) continue;
    // From a blank on, unless a word without end stands before.
    const from = Math.max(0, place - AROUND);
    const start = Math.max(read.lastIndexOf(' ', from), from - AROUND, 0);
    return markedHtml(
      read
        .slice(start, place + 2 * AROUND)
        .replace(/\s+/g, ' ')
        .trim()
        .toWellFormed(),
      needles,
    );
  }
  return undefined;
}

function firstPlace(text: string, needles: Needle[]): number {
  const lower = text.toLowerCase();
  for (const { words, isUnfinished } of needles) {
    const [word = ''] = words;
    if (words.length > 1 || lower.length !== text.length) continue;
    const place = lower.indexOf(word);
    const isWhole = !/[\p{L}\p{N}]/u.test(
      `${text[place - 1] ?? ' '}${isUnfinished ? '' : (text[place + word.length] ?? ' ')}`,
    );
    if (place >= 0 && isWhole) return place;
  }
  return foundIn(text, needles)[0]?.from ?? -1;
}

interface Found {
  from: number;
  to: number;
}

/** Where the needles stand, word by word, from the beginning on. */
function foundIn(text: string, needles: Needle[]): Found[] {
  const tokens = [...text.matchAll(WORD)].map((match) => ({
    word: fold(match[0]),
    from: match.index,
    to: match.index + match[0].length,
  }));
  const found: Found[] = [];
  for (let place = 0; place < tokens.length; place++) {
    const length = Math.max(
      ...needles.map((needle) => (standsAt(tokens, place, needle) ? needle.words.length : 0)),
    );
    for (const { from, to } of tokens.slice(place, place + length)) found.push({ from, to });
    if (length > 1) place += length - 1;
  }
  return found;
}

const standsAt = (tokens: { word: string }[], place: number, { words, isUnfinished }: Needle): boolean =>
  words.every((word, step) => {
    const token = tokens[place + step]?.word;
    return token === word || (isUnfinished && step === words.length - 1 && token?.startsWith(word) === true);
  });

/** Escaped piece by piece, so that nothing but our own <mark> is HTML. */
export function markedHtml(text: string, needles: Needle[]): string {
  let html = '';
  let end = 0;
  for (const { from, to } of needles.length === 0 ? [] : foundIn(text, needles)) {
    html += `${escapeHtml(text.slice(end, from))}<mark>${escapeHtml(text.slice(from, to))}</mark>`;
    end = to;
  }
  return html + escapeHtml(text.slice(end));
}
