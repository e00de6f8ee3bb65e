// What is filled in: read for a page, written for those fields that somebody changed, asked for before a ticket is solved.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, query } from '../../db';
import { record } from '../../events';
import type { Translate } from '../../i18n';
import type { Said } from '../../web';
import { type FieldRow, type FieldValue, readValue, type Subject } from './field';
import { fieldsOf } from './fields';

interface ValueRow {
  field_id: number;
  text_value: string | null;
  number_value: number | null;
}

const findValues = query<[subjectId: number, fields: string], ValueRow[]>(`
  SELECT field_id, text_value, number_value FROM custom_field_values
   WHERE subject_id = ? AND field_id IN (SELECT value FROM json_each(?))`);
const insertValue = change<[fieldId: number, subjectId: number, text: string | null, number: number | null]>(`
  INSERT INTO custom_field_values (field_id, subject_id, text_value, number_value) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET text_value = excluded.text_value, number_value = excluded.number_value`);
const deleteValue = change<[fieldId: number, subjectId: number]>(
  'DELETE FROM custom_field_values WHERE field_id = ? AND subject_id = ?',
);

/** By the field's id; fields in which nothing is filled in are missing. One query, or none where there are no fields. */
export function valuesOf(app: App, subject: Subject, id: number): Map<number, FieldValue> {
  const fields = fieldsOf(app, subject);
  if (fields.length === 0) return new Map();
  const rows = findValues(app.db, id, JSON.stringify(fields.map((field) => field.id)));
  return new Map(rows.map((row) => [row.field_id, row.text_value ?? String(row.number_value ?? '')]));
}

/** One field as a page sent it: what is in it now, and what stood in it when the page was made. */
export interface Typed {
  typed: string;
  was: string;
}

export interface Written {
  /** Fields that were changed. */
  changed: FieldRow[];
  /** Somebody else filled them in meanwhile; theirs stays (W3). */
  taken: FieldRow[];
}

/**
 * Writes what differs from what the page showed, so that two people who fill in different fields both succeed. Nothing is written when
 * anything is wrong: `errors` are keys by `f` and the field's id. Within a transaction.
 */
export function writeValues(
  app: App,
  actor: Agent,
  subject: Subject,
  { id }: { id: number },
  typed: ReadonlyMap<number, Typed>,
): { errors: Record<string, string> } | Written {
  const now = valuesOf(app, subject, id);
  const errors: Record<string, string> = {};
  const written: Written = { changed: [], taken: [] };
  const wanted: { field: FieldRow; value: FieldValue }[] = [];
  for (const field of fieldsOf(app, subject)) {
    const asked = typed.get(field.id);
    const stands = now.get(field.id) ?? '';
    if (!asked || asked.typed === asked.was) continue;
    const read = readValue(field, asked.typed, stands);
    if ('error' in read) errors[`f${field.id}`] = read.error;
    else if (read.value === stands) continue;
    else if (asked.was !== stands) written.taken.push(field);
    else wanted.push({ field, value: read.value });
  }
  if (Object.keys(errors).length > 0) return { errors };
  for (const { field, value } of wanted) {
    store(app, field, id, value);
    written.changed.push(field);
    record(app, `${subject}.field-changed`, actor, { id }, { field: field.id });
  }
  return written;
}

function store(app: App, field: FieldRow, id: number, value: FieldValue): void {
  const isNumber = field.type === 'number' || field.type === 'checkbox';
  if (value === '') deleteValue(app.db, field.id, id);
  else insertValue(app.db, field.id, id, isNumber ? null : value, isNumber ? Number(value) : null);
}

/** The fields that have to be filled in before an agent solves this ticket. */
export function missingToSolve(app: App, ticket: { id: number }): FieldRow[] {
  const needed = fieldsOf(app, 'ticket').filter((field) => field.is_needed === 1);
  if (needed.length === 0) return [];
  const values = valuesOf(app, 'ticket', ticket.id);
  return needed.filter((field) => !values.has(field.id));
}

/** Whether it may not get this status yet. What is closed counts as solved. */
export const isUnfilled = (app: App, ticket: { id: number; status: string }, status: string): boolean =>
  isDone(status) && !isDone(ticket.status) && missingToSolve(app, ticket).length > 0;

/** Which they are, for whoever wants to solve it. */
export const neededWords = (app: App, t: Translate, ticket: { id: number }): string => {
  const missing = missingToSolve(app, ticket);
  return t('tickets.fields.needed', {
    fields: missing.map(({ name }) => name).join(', '),
    n: missing.length,
  });
};

const isDone = (status: string) => status === 'solved' || status === 'closed';

/** What was done, in words: nothing, some, or some with others left to whoever was first. */
export function saidOf(t: Translate, { changed, taken }: Written): Said {
  const names = (fields: FieldRow[]) => fields.map(({ name }) => name).join(', ');
  if (taken.length > 0)
    return { kind: 'warn', text: t('tickets.fields.taken', { fields: names(taken), n: taken.length }) };
  return changed.length > 0
    ? { kind: 'good', text: t('tickets.fields.filled', { fields: names(changed) }) }
    : { kind: 'good', text: t('tickets.fields.same') };
}
