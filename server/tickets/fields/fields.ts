// The firm's own fields are found, saved, put in order and removed; what is filled in goes with a field.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, insert, query, queryOne, queryValue, untilCommit } from '../../db';
import { record } from '../../events';
import { NotFound } from '../../lib/errors';
import { type FieldRow, type FieldType, MOST_FIELDS, type Subject } from './field';

/** In their order. */
const findFields = query<[], FieldRow[]>('SELECT * FROM custom_fields ORDER BY subject_kind DESC, place, id');
const allFields = untilCommit((db) => findFields(db));

/** In their order; of tickets, of customers, or of both with those of tickets first. */
export const fieldsOf = (app: App, subject?: Subject): FieldRow[] =>
  subject ? allFields(app.db).filter((field) => field.subject_kind === subject) : allFields(app.db);

const findField = queryOne<[id: number], FieldRow>('SELECT * FROM custom_fields WHERE id = ?');
const insertField = insert<
  [
    place: number,
    subject: Subject,
    name: string,
    type: FieldType,
    options: string,
    isNeeded: number,
    now: number,
  ]
>(
  'INSERT INTO custom_fields (place, subject_kind, name, type, options, is_needed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
const updateField = change<[name: string, options: string, isNeeded: number, id: number]>(
  'UPDATE custom_fields SET name = ?, options = ?, is_needed = ? WHERE id = ?',
);
const updatePlace = change<[place: number, id: number]>('UPDATE custom_fields SET place = ? WHERE id = ?');
const deleteField = change<[id: number]>('DELETE FROM custom_fields WHERE id = ?');
const findLastPlace = queryValue<[], number>('SELECT max(place) FROM custom_fields');
export const countFilled = queryValue<[fieldId: number], number>(
  'SELECT count(*) FROM custom_field_values WHERE field_id = ?',
);

export interface FieldInput {
  name: string;
  choices: string[];
  isNeeded: boolean;
}

/** Throws NotFound. */
export function fieldFor(app: App, id: unknown): FieldRow {
  const field = /^[1-9]\d{0,14}$/.test(String(id)) ? findField(app.db, Number(id)) : undefined;
  if (!field) throw NotFound('There is no such field.');
  return field;
}

export type FieldOutcome = { id: number } | { refused: 'too-many' | 'same-name' };

/** A new one stands last. Within a transaction. */
export function createField(
  app: App,
  actor: Agent,
  kind: { subject: Subject; type: FieldType },
  input: FieldInput,
): FieldOutcome {
  const known = findFields(app.db);
  if (known.length >= MOST_FIELDS) return { refused: 'too-many' };
  if (isTaken(known, kind.subject, input.name)) return { refused: 'same-name' };
  const place = (findLastPlace(app.db) ?? 0) + 1;
  const { name, options, isNeeded } = columnsOf(input);
  const id = insertField(app.db, place, kind.subject, name, kind.type, options, isNeeded, app.clock.now());
  record(app, 'field.created', actor, { id });
  return { id };
}

/** What it is a field of, and of what type, stays: what is filled in would mean nothing. Within a transaction. */
export function changeField(app: App, actor: Agent, field: FieldRow, input: FieldInput): FieldOutcome {
  if (isTaken(findFields(app.db), field.subject_kind, input.name, field.id)) return { refused: 'same-name' };
  const { name, options, isNeeded } = columnsOf(input);
  if (updateField(app.db, name, options, isNeeded, field.id) === 0) throw NotFound('There is no such field.');
  record(app, 'field.changed', actor, field);
  return { id: field.id };
}

/** Two of one name could not be told apart beside a ticket. */
function isTaken(known: FieldRow[], subject: Subject, name: string, but?: number): boolean {
  const key = name.toLocaleLowerCase();
  return known.some(
    (field) => field.subject_kind === subject && field.id !== but && field.name.toLocaleLowerCase() === key,
  );
}

const columnsOf = ({ name, choices, isNeeded }: FieldInput) => ({
  name,
  options: JSON.stringify(choices.length > 0 ? { choices } : {}),
  isNeeded: isNeeded ? 1 : 0,
});

/** One place up or down among its own; at the end of them nothing happens. */
export function moveField(app: App, actor: Agent, field: FieldRow, to: 'up' | 'down'): void {
  const fields = findFields(app.db).filter((one) => one.subject_kind === field.subject_kind);
  const at = fields.findIndex((one) => one.id === field.id);
  const other = at < 0 ? undefined : fields[to === 'up' ? at - 1 : at + 1];
  if (!other) return;
  updatePlace(app.db, other.place, field.id);
  updatePlace(app.db, field.place, other.id);
  record(app, 'field.moved', actor, field, { to });
}

/** With all that is filled in. */
export function removeField(app: App, actor: Agent, { id }: FieldRow): void {
  if (deleteField(app.db, id) === 1) record(app, 'field.removed', actor, { id });
}
