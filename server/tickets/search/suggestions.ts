// What can stand where somebody is writing in the search field: operators first, then the values of one.
import { findCustomersLike } from '../../customers';
import { mayRole } from '../../roles';
import { fold } from '../words';
import { type Asking, OPERATORS, type Value } from './operators';
import { OPERATOR_NAMES, type OperatorName, operatorNamed, type Piece, piecesOf } from './terms';

export interface Suggestion {
  /** As it is put into the field, instead of what stands from `from` to `to`. */
  insert: string;
  label: string;
}

export interface Suggestions {
  from: number;
  to: number;
  suggestions: Suggestion[];
}

const MOST_SUGGESTED = 8;

/** `at` is where the caret stands. Nothing but customers is asked of the database, by the beginning of a name or an address. */
export function suggestionsFor(asking: Asking, text: string, at: number): Suggestions {
  const piece = piecesOf(text).find(({ from, to }) => from <= at && at <= to);
  if (!piece) return { from: at, to: at, suggestions: operatorsFrom(asking, '', '') };
  const minus = piece.negated ? '-' : '';
  const place = { from: piece.from, to: piece.to };
  const name = operatorNamed(piece.name);
  if (name !== undefined && at >= piece.valueAt)
    return { ...place, suggestions: valuesFrom(asking, name, typedIn(text, piece, at), minus) };
  if (piece.isQuoted || piece.name !== undefined) return { ...place, suggestions: [] };
  return { ...place, suggestions: operatorsFrom(asking, piece.value, minus) };
}

const typedIn = (text: string, piece: Piece, at: number) =>
  text.slice(piece.valueAt, Math.max(piece.valueAt, at)).replace(/["“”„«»]/g, '');

function operatorsFrom({ app, agent }: Asking, begun: string, minus: string): Suggestion[] {
  const t = app.catalogues[agent.language];
  return OPERATOR_NAMES.filter((name) => name.startsWith(begun.toLowerCase())).map((name) => ({
    insert: `${minus}${name}:`,
    label: t(`tickets.search.help.${name}`),
  }));
}

function valuesFrom(asking: Asking, name: OperatorName, begun: string, minus: string): Suggestion[] {
  const asked = fold(begun);
  const begins = (words: string) =>
    fold(words)
      .split(/[\s-]+/)
      .some((word) => word.startsWith(asked));
  const known = OPERATORS[name]
    .values(asking)
    .filter(({ value, label }) => fold(value).startsWith(asked) || begins(value) || begins(label));
  const people = name === 'from' || name === 'to' ? customersFrom(asking, begun) : [];
  return [...known, ...people].slice(0, MOST_SUGGESTED).map(({ value, label }) => ({
    insert: `${minus}${name}:${/\s/.test(value) ? `"${value}"` : value} `,
    label,
  }));
}

function customersFrom({ app, agent }: Asking, begun: string): Value[] {
  if (begun.trim().length < 2 || !mayRole(agent.role, 'customers.read')) return [];
  const { rows } = findCustomersLike(app.db, { q: begun, after: '' });
  return rows.slice(0, MOST_SUGGESTED).map(({ name, email }) => ({
    value: email ?? name.replace(/["“”„«»]/g, ' '),
    label: email === null ? '' : name,
  }));
}
