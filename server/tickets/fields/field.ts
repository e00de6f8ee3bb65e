// Fields of the firm's own: what there can be in one, how it is read from a form and how it is shown.
import { momentOf } from '../../i18n';
import type { Reader } from '../../web';

export const FIELD_TYPES = ['text', 'number', 'choice', 'date', 'checkbox'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const SUBJECTS = ['ticket', 'customer'] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface FieldRow {
  id: number;
  place: number;
  subject_kind: Subject;
  name: string;
  type: FieldType;
  options: string;
  is_needed: number;
  created_at: number;
}

export const LONGEST_VALUE = 500;
export const MOST_FIELDS = 40;
export const MOST_CHOICES = 100;

export const choicesOf = (field: Pick<FieldRow, 'options'>): string[] =>
  (JSON.parse(field.options) as { choices?: string[] }).choices ?? [];

/** As it is stored, compared and typed again: '' when nothing is filled in. A date is YYYY-MM-DD, a ticked box is '1'. */
export type FieldValue = string;

/** What was typed, or the key of what is wrong with it. `now` is what stands there: a choice that is offered no more may stay. */
export function readValue(
  field: FieldRow,
  typed: string,
  now: FieldValue,
): { value: FieldValue } | { error: string } {
  const value = typed.trim();
  if (field.type === 'checkbox') return { value: value === 'on' || value === '1' ? '1' : '' };
  if (value === '') return { value: '' };
  if (field.type === 'number') return numberIn(value);
  if (field.type === 'date') return isDay(value) ? { value } : { error: 'tickets.fields.wrong.date' };
  if (field.type === 'choice')
    return value === now || choicesOf(field).includes(value)
      ? { value }
      : { error: 'tickets.fields.wrong.choice' };
  return value.length > LONGEST_VALUE ? { error: 'tickets.fields.wrong.text' } : { value };
}

/** With a comma or a point, as people write it; kept so that it can be compared. */
function numberIn(typed: string): { value: FieldValue } | { error: string } {
  const text = typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  // A thousand and a bit, or one and a bit? Nobody can tell but who wrote it.
  if (/^[-−]?[1-9]\d{0,2}[.]\d{3}$/.test(text)) return { error: 'tickets.fields.wrong.thousands' };
  if (!/^[-−]?\d{1,12}(\.\d{1,6})?$/.test(text)) return { error: 'tickets.fields.wrong.number' };
  return { value: String(Number(text.replace('−', '-'))) };
}

function isDay(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** For reading; a day as the reader's language writes it. */
export function shownValue(field: FieldRow, value: FieldValue, { t, format, zone }: Reader): string {
  if (field.type === 'checkbox') return value === '' ? '' : t('tickets.fields.yes');
  if (field.type === 'date' && value !== '')
    return format.day(momentOf(Date.parse(`${value}T12:00Z`), zone)).text;
  return value;
}
