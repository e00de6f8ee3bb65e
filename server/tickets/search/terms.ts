// What was typed into the search field, taken apart: words, "phrases", operators with their values, each perhaps negated.
import { wordsIn } from '../words';

export const OPERATOR_NAMES = [
  'from',
  'to',
  'org',
  'tag',
  'status',
  'assignee',
  'channel',
  'has',
  'before',
  'after',
] as const;
export type OperatorName = (typeof OPERATOR_NAMES)[number];

export type Term = { negated: boolean } & (
  | { kind: 'words'; words: string[]; isPhrase: boolean }
  | { kind: 'number'; number: number }
  | { kind: 'operator'; name: OperatorName; value: string }
  /** "colour:red": somebody meant an operator that there is not. */
  | { kind: 'unknown'; name: string }
);

/** Terms read at most: whoever pastes a page gets an answer all the same. */
const MOST_TERMS = 40;

/** Typed by hand, put there by a phone, or copied from a text. */
const QUOTES = '"“”„«»';
/** A minus negates where a term begins; a name ends at the first colon. Addresses of the web are words. */
const TERM = new RegExp(
  [
    `(?<minus>-(?=[\\p{L}\\p{N}#${QUOTES}]))?`,
    '(?:(?<name>\\p{L}{2,20}):(?!//))?',
    `(?:[${QUOTES}](?<quoted>[^${QUOTES}]*)[${QUOTES}]?|(?<plain>\\S+))?`,
  ].join(''),
  'uy',
);
const NUMBER = /^#(\d{1,15})$/;

/** One piece of the text as it stands there, before it is known what it means. */
export interface Piece {
  /** Where it begins and ends; `valueAt` is where its words or its value begin. */
  from: number;
  to: number;
  valueAt: number;
  negated: boolean;
  name: string | undefined;
  value: string;
  isQuoted: boolean;
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length && pieces.length < MOST_TERMS; ) {
    if (/\s/.test(text[at] as string)) {
      at += 1;
      continue;
    }
    TERM.lastIndex = at;
    const { 0: whole, groups = {} } = TERM.exec(text) as RegExpExecArray;
    const { minus, name, quoted, plain } = groups;
    const value = quoted ?? plain ?? '';
    const valueAt = at + (minus?.length ?? 0) + (name === undefined ? 0 : name.length + 1);
    const isQuoted = quoted !== undefined;
    pieces.push({
      from: at,
      to: at + whole.length,
      valueAt,
      negated: minus !== undefined,
      name,
      value,
      isQuoted,
    });
    at += whole.length;
  }
  return pieces;
}

/** A search field says no to nothing: whatever is no operator is words. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  const pieces = piecesOf(text);
  for (let place = 0; place < pieces.length; place++) {
    const piece = pieces[place] as Piece;
    const { negated } = piece;
    const name = operatorNamed(piece.name);
    if (name !== undefined) {
      // "from: anna" is meant as "from:anna".
      const next = pieces[place + 1];
      const follows = piece.value === '' && next?.name === undefined && next?.negated === false;
      terms.push({ kind: 'operator', name, value: (follows ? next.value : piece.value).trim(), negated });
      if (follows) place += 1;
    } else if (piece.name !== undefined && piece.value !== '')
      terms.push({ kind: 'unknown', name: piece.name, negated });
    else terms.push(...plainTerms(piece));
  }
  return terms;
}

export const operatorNamed = (name: string | undefined): OperatorName | undefined =>
  OPERATOR_NAMES.find((known) => known === name?.toLowerCase());

function plainTerms({ name, value, negated, isQuoted }: Piece): Term[] {
  const number = isQuoted ? undefined : NUMBER.exec(value)?.[1];
  if (number !== undefined) return [{ kind: 'number', number: Number(number), negated }];
  const words = wordsIn(`${name ?? ''} ${value}`);
  return words.length === 0 ? [] : [{ kind: 'words', words, isPhrase: isQuoted, negated }];
}
