// A question to the search index, compiled: one expression that is bound as a value, a range of time, and what was not understood.
import { type Agent, findTeamsOf } from '../../agents';
import type { App } from '../../app';
import { queryValue } from '../../db';
import { seesEverything } from '../../roles';
import { fold } from '../words';
import { FIRST_MOMENT, LAST_MOMENT } from './dates';
import { EVERY, MARKS, marksBetween } from './marks';
import { type Asking, OPERATORS, phrase, SHORTEST_BEGINNING } from './operators';
import { type OperatorName, type Term, termsOf } from './terms';

/** What was meant as an operator and is none: it is named, and the rest is searched. */
export type Problem =
  | { kind: 'operator'; name: string }
  | { kind: 'value'; name: OperatorName; value: string };

/** Words that were asked for, folded, in the order in which they have to stand. */
export interface Needle {
  words: string[];
  /** The last one may be the beginning of a word. */
  isUnfinished: boolean;
}

export interface Question {
  /** Undefined when nothing is asked for. */
  match: string | undefined;
  /** The same with the last word as the beginning of one, where that makes a difference. */
  unfinished: string | undefined;
  /** Of the time when a ticket began. */
  range: { from: number; before: number } | undefined;
  /** A number by itself asks for that ticket, whoever else mentions it. */
  number: number | undefined;
  needles: Needle[];
  problems: Problem[];
}

const MOST_TOKENS = 12;
const ALONE = /^\s*#?(\d{1,15})\s*$/;

export function questionOf(app: App, agent: Agent, text: string): Question {
  const asking = { app, agent };
  const problems: Problem[] = [];
  const terms = limited(termsOf(text)).filter((term) => isUnderstood(asking, term, problems));
  const range = rangeOf(asking, terms);
  const compile = (unfinished: boolean) => matchOf(asking, terms, range, unfinished);
  const whole = terms.length === 0 ? undefined : compile(false);
  const unfinished = whole && compile(true);
  const number = ALONE.exec(text)?.[1];
  return {
    match: whole,
    unfinished: unfinished === whole ? undefined : unfinished,
    range,
    number: number === undefined ? undefined : Number(number),
    needles: terms.flatMap((term, place) => needlesOf(term, place === terms.length - 1)),
    problems,
  };
}

/** No more words than these, whatever was pasted. */
function limited(terms: Term[]): Term[] {
  let left = MOST_TOKENS;
  return terms.flatMap((term): Term[] => {
    if (term.kind !== 'words') return [term];
    const words = term.words.slice(0, left);
    left -= words.length;
    return words.length === 0 ? [] : [{ ...term, words }];
  });
}

function isUnderstood(asking: Asking, term: Term, problems: Problem[]): boolean {
  if (term.kind === 'unknown') problems.push({ kind: 'operator', name: term.name });
  if (term.kind !== 'operator') return term.kind !== 'unknown';
  const isMeant = OPERATORS[term.name].meaning(asking, term.value, false) !== undefined;
  if (!isMeant) problems.push({ kind: 'value', name: term.name, value: term.value });
  return isMeant;
}

/**
 * Every word quoted (AC-57, F13). The last one may be unfinished when it has four letters or more; that costs the index
 * several times as much (320 against 70 µs over 20,000 tickets), so whole words are tried first.
 */
function matchOf(asking: Asking, terms: Term[], range: Question['range'], unfinished: boolean): string {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const [place, term] of terms.entries()) {
    const match = expressionOf(asking, term, unfinished, place === terms.length - 1);
    if (match) (term.negated ? unwanted : wanted).push(match);
  }
  if (range) wanted.push(coverOf(asking.app, range));
  const scope = scopeMatch(asking);
  if (scope) wanted.push(scope);
  // Side by side they all have to be there; "NOT" needs something to take away from.
  const all = wanted.length === 0 ? `"${EVERY}"` : wanted.join(' AND ');
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`;
}

function expressionOf(asking: Asking, term: Term, unfinished: boolean, isLast: boolean): string | undefined {
  switch (term.kind) {
    case 'words':
      return term.isPhrase || term.negated
        ? phrase(term.words, false)
        : wordsMatch(term.words, unfinished && isLast);
    case 'number':
      // Whoever mentions it is found too: "#1042" is a word of theirs. Without a number is without that one ticket.
      return term.negated ? `"${MARKS.number(term.number)}"` : `"${term.number}"`;
    case 'operator': {
      const meaning = OPERATORS[term.name].meaning(asking, term.value, unfinished);
      return meaning && 'match' in meaning ? meaning.match : undefined;
    }
    default:
      return undefined;
  }
}

const wordsMatch = (words: string[], unfinished: boolean) =>
  words.map((word, place) => phrase([word], unfinished && place === words.length - 1)).join(' ');

/** Plain words alone, for those who look for nothing else. */
export function matchExpression(text: string, options: { unfinished?: boolean } = {}): string | undefined {
  const words = termsOf(`"${text.replace(/["“”„«»]/g, ' ')}"`).flatMap((term) =>
    term.kind === 'words' ? term.words : [],
  );
  return words.length === 0
    ? undefined
    : wordsMatch(words.slice(0, MOST_TOKENS), options.unfinished === true);
}

/** "before" and "after" the same way round, whether negated or not; the narrowest of several. */
function rangeOf(asking: Asking, terms: Term[]): Question['range'] {
  let from = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (const term of terms) {
    if (term.kind !== 'operator') continue;
    const meaning = OPERATORS[term.name].meaning(asking, term.value, false);
    if (!meaning || !('moment' in meaning)) continue;
    if ((term.name === 'before') !== term.negated) before = Math.min(before, meaning.moment);
    else from = Math.max(from, meaning.moment);
  }
  if (from === Number.NEGATIVE_INFINITY && before === Number.POSITIVE_INFINITY) return undefined;
  return { from: Math.max(from, FIRST_MOMENT), before: Math.min(before, LAST_MOMENT) };
}

/** Nothing has this one: a range that ends before it begins. */
const NEVER = `"${MARKS.began('never')}"`;

const findFirstMoment = queryValue<[], number>('SELECT min(created_at) FROM tickets');
const yearOf = (at: number) => new Date(at).getUTCFullYear();

/** What lies before the first ticket and after today is not looked for: whole years are the fewest marks. */
function coverOf(app: App, { from, before }: { from: number; before: number }): string {
  const first = findFirstMoment(app.db) ?? from;
  const now = app.clock.now();
  const marks = marksBetween(
    from <= first ? Date.UTC(yearOf(Math.max(first, 0)), 0) : from,
    before > now ? Date.UTC(yearOf(now) + 1, 0) : before,
  );
  return marks.length === 0 ? NEVER : `(${marks.map((one) => `"${one}"`).join(' OR ')})`;
}

const hasTeams = queryValue<[], 1>('SELECT 1 FROM teams LIMIT 1');

/** Within the index, too, only what the asker may see is walked (SPEED); each hit is checked once more where its row is read. */
function scopeMatch({ app, agent }: Asking): string | undefined {
  if (seesEverything(agent.role) || hasTeams(app.db) === undefined) return undefined;
  const marks = [
    MARKS.team(0),
    ...findTeamsOf(app.db, agent.id).map((id) => MARKS.team(id)),
    MARKS.assignee(agent.id),
    MARKS.follower(agent.id),
  ];
  return `(${marks.map((one) => `"${one}"`).join(' OR ')})`;
}

function needlesOf(term: Term, isLast: boolean): Needle[] {
  if (term.negated) return [];
  if (term.kind === 'number') return [{ words: [String(term.number)], isUnfinished: false }];
  if (term.kind === 'operator' && (term.name === 'from' || term.name === 'to'))
    return termsOf(`"${term.value.replace(/["“”„«»]/g, ' ')}"`).flatMap((value) => needlesOf(value, false));
  if (term.kind !== 'words') return [];
  const words = term.words.map(fold);
  if (term.isPhrase) return [{ words, isUnfinished: false }];
  return words.map((word, place) => ({
    words: [word],
    isUnfinished: isLast && place === words.length - 1 && word.length >= SHORTEST_BEGINNING,
  }));
}
