// The form of a saved view: every field of the closed table once, left alone where it does not matter.
import { z } from 'zod';
import { checkbox, line, requiredLine } from '../../web';
import { domainsIn } from '../domains';
import type { Condition, Definition } from './definition';
import { FIELD_NAMES, type FieldName, fieldOf, type ListField, SORT_NAMES, type Sort, UNITS } from './fields';

const MOST_VALUES = 100;
const MOST_AGE = 9_999;

const listOf = ({ words, hasIds }: ListField) => {
  const value = z.string().refine((text) => words.includes(text) || (hasIds && /^[1-9]\d{0,14}$/.test(text)));
  return z.union([value, z.array(value).max(MOST_VALUES)]).optional();
};

/** Parts of a form that a field has, by the names of its inputs: `status`, `statusOp`, `createdUnit`. */
function partsOf(name: FieldName): Record<string, z.ZodType> {
  const field = fieldOf(name);
  switch (field.kind) {
    case 'list':
      return {
        [`${name}Op`]: z.enum(field.hasAll ? ['any', 'all', 'none'] : ['any', 'none']).optional(),
        [name]: listOf(field),
      };
    case 'flag':
      return { [name]: z.enum(['', 'yes', 'no']).optional() };
    case 'age':
      return {
        [`${name}Op`]: z.enum(['', 'older', 'newer']).optional(),
        [name]: line(4).optional(),
        [`${name}Unit`]: z.enum(Object.keys(UNITS) as [string, ...string[]]).optional(),
      };
    case 'domain':
      return { [`${name}Op`]: z.enum(['any', 'none']).optional(), [name]: line(1_000).optional() };
  }
}

const conditionParts = Object.assign({}, ...FIELD_NAMES.map(partsOf)) as Record<string, z.ZodType>;

type Values = Record<string, string | string[] | undefined>;

/** Undefined where the field does not matter; a key of the catalogue where it says nothing that can be looked for. */
function conditionOf(name: FieldName, values: Values): Condition | string | undefined {
  const field = fieldOf(name);
  const given = [values[name] ?? []].flat().filter((value) => value !== '');
  const op = values[`${name}Op`];
  switch (field.kind) {
    case 'list':
      return given.length === 0
        ? undefined
        : { field: name, op: (op ?? 'any') as Condition['op'], values: given };
    case 'flag':
      return given.length === 0 ? undefined : { field: name, op: given[0] as Condition['op'], values: [] };
    case 'age':
      if (!op) return undefined;
      if (!/^[1-9]\d*$/.test(given[0] ?? '') || Number(given[0]) > MOST_AGE) return 'tickets.views.age';
      return {
        field: name,
        op: op as Condition['op'],
        values: [given[0] as string, String(values[`${name}Unit`] ?? 'days')],
      };
    case 'domain':
      return domainCondition(name, given[0] ?? '', (op ?? 'any') as Condition['op']);
  }
}

function domainCondition(name: FieldName, text: string, op: Condition['op']): Condition | string | undefined {
  const values = domainsIn(text);
  if (!values) return 'tickets.views.domain';
  return values.length === 0 ? undefined : { field: name, op, values };
}

const parts = {
  match: z.enum(['all', 'any']).default('all'),
  sort: z.enum(SORT_NAMES as [Sort, ...Sort[]]).default('activity'),
  shared: checkbox(),
  ...conditionParts,
};

function definitionOf(values: unknown, problem: (field: string, key: string) => void): Definition {
  const given = values as Values & { match: 'all' | 'any'; sort: Sort };
  const conditions: Condition[] = [];
  for (const name of FIELD_NAMES) {
    const found = conditionOf(name, given);
    if (typeof found === 'string') problem(name, found);
    else if (found) conditions.push(found);
  }
  return { match: given.match, sort: given.sort, conditions };
}

/** A view without a condition would be a second name for everything. */
export const viewForm = z.strictObject({ name: requiredLine(60), ...parts }).transform((values, context) => {
  const problem = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const definition = definitionOf(values, problem);
  if (definition.conditions.length === 0 && context.issues.length === 0)
    problem('form', 'tickets.views.needsOne');
  return { name: values.name, isShared: values.shared, definition };
});

/** The same before it is saved: asked for as an address, so that it can be looked at again. */
export const previewForm = z
  .strictObject({ name: line(60).optional(), preview: z.literal('1'), ...parts })
  .transform((values, context) =>
    definitionOf(values, (field, message) => context.addIssue({ code: 'custom', path: [field], message })),
  );

/** What the inputs hold for a view that is saved already. */
export function valuesOf({ match, sort, conditions }: Definition): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = { match, sort };
  for (const { field: name, op, values: given } of conditions) {
    const { kind } = fieldOf(name);
    if (kind === 'flag') values[name] = op;
    else {
      values[`${name}Op`] = op;
      values[name] = kind === 'list' ? given : kind === 'age' ? (given[0] ?? '') : given.join(', ');
      if (kind === 'age') values[`${name}Unit`] = given[1] ?? 'days';
    }
  }
  return values;
}
