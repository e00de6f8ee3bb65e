// What a saved view asks for: conditions on fields of the closed table, how they are joined, and the order.
import { z } from 'zod';
import {
  FIELD_NAMES,
  type FieldName,
  fieldOf,
  ofAge,
  ofDomains,
  type Piece,
  SORT_NAMES,
  SORTS,
  UNITS,
  type Unit,
} from './fields';

export const OPS = ['any', 'all', 'none', 'yes', 'no', 'older', 'newer'] as const;
export type Op = (typeof OPS)[number];

const condition = z.strictObject({
  field: z.enum(FIELD_NAMES as [FieldName, ...FieldName[]]),
  op: z.enum(OPS),
  /** Words and numbers of a list, domains, or how many of which unit. */
  values: z.array(z.string()),
});
export type Condition = z.infer<typeof condition>;

const definition = z.strictObject({
  match: z.enum(['all', 'any']),
  sort: z.enum(SORT_NAMES as [keyof typeof SORTS, ...(keyof typeof SORTS)[]]),
  conditions: z.array(condition),
});
export type Definition = z.infer<typeof definition>;

export const readDefinition = (text: string): Definition => definition.parse(JSON.parse(text));

/** How long ago a condition about time means, in ms. */
export const ageOf = ({ values: [n, unit] }: Condition): number => Number(n) * UNITS[unit as Unit];

/** It holds other tickets for each who looks. */
export const isPersonal = ({ conditions }: Definition): boolean =>
  conditions.some(({ field, values }) => {
    const known = fieldOf(field);
    if (known.kind === 'flag') return known.isPersonal;
    return known.kind === 'list' && values.some((value) => known.personal.includes(value));
  });

/** Conditions that time alone makes true or false. */
export const agesIn = (given: Definition) =>
  given.conditions.flatMap((one) => {
    const field = fieldOf(one.field);
    return field.kind === 'age' ? { column: field.column, ms: ageOf(one) } : [];
  });

/** Spam, and what sleeps, is left out unless a condition asks for it. */
const UNLESS_ASKED: { field: FieldName; sql: string }[] = [
  { field: 'spam', sql: 'tickets.is_spam = 0' },
  { field: 'snoozed', sql: 'tickets.snoozed_at IS NULL' },
];

/** Everything that the view asks of a ticket; `viewers` is there when it `isPersonal`. */
export function whereOf({ match, conditions }: Definition): Piece {
  const pieces = conditions.map(pieceOf);
  const asked =
    pieces.length === 0 ? '1' : pieces.map(({ sql }) => sql).join(match === 'all' ? ' AND ' : ' OR ');
  const always = UNLESS_ASKED.filter(({ field }) => !conditions.some((one) => one.field === field));
  return {
    sql: [
      'tickets.deleted_at IS NULL AND tickets.merged_into_id IS NULL',
      ...always.map(({ sql }) => sql),
      `(${asked})`,
    ].join(' AND '),
    values: pieces.flatMap(({ values }) => values),
  };
}

export const orderOf = ({ sort }: Definition): string => SORTS[sort];

function pieceOf(one: Condition): Piece {
  const field = fieldOf(one.field);
  const not = ({ sql, values }: Piece, isNot: boolean): Piece => ({
    sql: isNot ? `NOT (${sql})` : sql,
    values,
  });
  switch (field.kind) {
    case 'flag':
      return not({ sql: field.sql, values: [] }, one.op === 'no');
    case 'age':
      return ofAge(field, one.op === 'older', ageOf(one));
    case 'domain':
      return not(ofDomains(one.values), one.op === 'none');
    case 'list': {
      const words = one.values.filter((value) => field.words.includes(value));
      const ids = one.values.filter((value) => /^\d+$/.test(value)).map(Number);
      return not(field.sql(words, ids, one.op === 'all'), one.op === 'none');
    }
  }
}
