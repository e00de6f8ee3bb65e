// The firm's own fields as pages show them: their settings, and the form in which they are filled in.
import type { App } from '../../app';
import { type BadForm, errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../../web';
import type { Choice } from '../page-models';
import {
  choicesOf,
  FIELD_TYPES,
  type FieldRow,
  type FieldType,
  type FieldValue,
  SUBJECTS,
  type Subject,
  shownValue,
} from './field';
import { countFilled, fieldsOf } from './fields';

/** views/fields/index */
export interface FieldsPage extends PageModel {
  t: Reader['t'];
  subjects: {
    title: string;
    fields: {
      id: number;
      name: string;
      href: string;
      kind: string;
      isNeeded: boolean;
      up: boolean;
      down: boolean;
    }[];
  }[];
  isEmpty: boolean;
}

/** views/fields/edit */
export interface FieldPage extends PageModel {
  t: Reader['t'];
  action: string;
  values: { name: string; choices: string; subject: string; type: string };
  isNeeded: boolean;
  /** Of a field that is there already neither can be changed; then its kind is said in words. */
  kind?: string;
  subjects: Choice[];
  types: Choice[];
  mayBeNeeded: boolean;
  hasChoices: boolean;
  errors: FieldErrors;
  removal?: string;
}

/** views/fields/remove */
export interface FieldRemovalPage extends PageModel {
  t: Reader['t'];
  action: string;
  back: string;
  words: string;
}

/** views/tickets/_own-fields. */
export interface OwnFields {
  t: Reader['t'];
  /** How it stands on its page: beside a ticket, or among the parts of a customer. */
  frame: 'panel' | 'section';
  /** Posts `f1`, `was1` …; absent where they can only be read. */
  action?: string;
  fields: {
    id: number;
    name: string;
    type: FieldType;
    value: FieldValue;
    was: FieldValue;
    shown: string;
    choices: Choice[];
    isNeeded: boolean;
    error?: string;
  }[];
}

const frame = { layout: 'settings', current: 'settings.fields' } as const;
const HERE = '/settings/fields';

const kindText = (t: Reader['t'], field: Pick<FieldRow, 'type'>) => t(`tickets.fields.type.${field.type}`);

export function fieldsPage(app: App, { t }: Reader): FieldsPage {
  const of = (subject: Subject) => {
    const fields = fieldsOf(app, subject);
    return {
      title: t(`tickets.fields.of.${subject}`),
      fields: fields.map((field, i) => ({
        id: field.id,
        name: field.name,
        href: `${HERE}/${field.id}`,
        kind: [kindText(t, field), ...choicesOf(field)].join(' · '),
        isNeeded: field.is_needed === 1,
        up: i > 0,
        down: i < fields.length - 1,
      })),
    };
  };
  const subjects = SUBJECTS.map(of).filter(({ fields }) => fields.length > 0);
  return { ...frame, title: t('tickets.fields.title'), t, subjects, isEmpty: subjects.length === 0 };
}

export function fieldPage({ t }: Reader, field: FieldRow | undefined, form?: BadForm): FieldPage {
  const typed = (name: string, stored: string) => (form ? typedIn(form.values, name) : stored);
  const values = {
    name: typed('name', field?.name ?? ''),
    choices: typed('choices', field ? choicesOf(field).join('\n') : ''),
    subject: field?.subject_kind ?? (typed('subject', 'ticket') || 'ticket'),
    type: field?.type ?? (typed('type', 'text') || 'text'),
  };
  return {
    ...frame,
    title: field?.name ?? t('tickets.fields.new'),
    t,
    action: field ? `${HERE}/${field.id}` : HERE,
    values,
    isNeeded: form ? form.values['isNeeded'] === 'on' : field?.is_needed === 1,
    kind: field && `${t(`tickets.fields.of.${field.subject_kind}`)} · ${kindText(t, field)}`,
    subjects: SUBJECTS.map((value) => ({ value, text: t(`tickets.fields.subject.${value}`) })),
    types: FIELD_TYPES.map((value) => ({ value, text: t(`tickets.fields.type.${value}`) })),
    mayBeNeeded: field?.subject_kind !== 'customer',
    hasChoices: field === undefined || field.type === 'choice',
    errors: form ? errorWords(t, form.errors) : {},
    removal: field && `${HERE}/${field.id}/removal`,
  };
}

export function fieldRemovalPage(app: App, { t }: Reader, field: FieldRow): FieldRemovalPage {
  return {
    ...frame,
    title: t('tickets.fields.removal.title', { name: field.name }),
    t,
    action: `${HERE}/${field.id}/removal`,
    back: `${HERE}/${field.id}`,
    words: t('tickets.fields.removal.words', { n: countFilled(app.db, field.id) ?? 0 }),
  };
}

/** Undefined where the firm has none. `form` is what came back with an error. */
export function ownFields(
  app: App,
  reader: Reader,
  subject: Subject,
  values: ReadonlyMap<number, FieldValue>,
  action: string | undefined,
  form?: BadForm,
): OwnFields | undefined {
  const fields = fieldsOf(app, subject);
  if (fields.length === 0) return undefined;
  const { t } = reader;
  return {
    t,
    frame: subject === 'ticket' ? 'panel' : 'section',
    action,
    fields: fields.map((field) => {
      const stands = values.get(field.id) ?? '';
      const value = form ? typedIn(form.values, `f${field.id}`) : stands;
      const error = form?.errors[`f${field.id}`];
      return {
        id: field.id,
        name: field.name,
        type: field.type,
        value,
        was: form ? typedIn(form.values, `was${field.id}`) : stands,
        shown: shownValue(field, stands, reader),
        choices: choicesToOffer(field, stands),
        isNeeded: field.is_needed === 1,
        error: error && t(error),
      };
    }),
  };
}

/** What stands there is offered although it can be chosen no more. */
function choicesToOffer(field: FieldRow, stands: FieldValue): Choice[] {
  if (field.type !== 'choice') return [];
  const offered = choicesOf(field);
  const gone = stands === '' || offered.includes(stands) ? [] : [stands];
  return ['', ...offered, ...gone].map((value) => ({ value, text: value || '–' }));
}
