// A saved view as its page shows it: every field with what is chosen, and what it would hold.
import { type Agent, findActiveAgents, findTeams } from '../../agents';
import type { App } from '../../app';
import { findMailboxes } from '../../mail';
import { mayRole } from '../../roles';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import { scopeOf } from '../access';
import { findListRow } from '../list';
import { findAllTags } from '../tags';
import type { Definition } from './definition';
import { findNewestTicketId } from './editions';
import { FIELD_NAMES, type FieldName, fieldOf, type ListField, SORT_NAMES, UNITS } from './fields';
import { valuesOf } from './form';
import { previewOf } from './look-through';
import type { Choice, ConditionModel, ViewPage, ViewRemovalPage } from './page-models';
import type { SavedView } from './saved-view';

const MOST_TAGS = 200;
/** A preview looks through so many of the newest tickets. */
const LOOKED_AT = 5_000;
const SHOWN = 8;

export interface Returned {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

export function viewPage(
  app: App,
  agent: Agent,
  reader: Reader,
  view: SavedView | undefined,
  returned?: Returned,
  preview?: Definition,
): ViewPage {
  const { t } = reader;
  const values: Record<string, unknown> = returned?.values ?? (view ? stored(view) : {});
  const errors = errorWords(t, returned?.errors ?? {});
  const base = view ? `/views/${view.id}` : '/views/new';
  return {
    title: view ? view.name : t('tickets.views.new'),
    current: 'inbox',
    t,
    action: view ? base : '/views',
    preview: base,
    name: typedIn(values, 'name'),
    match: typedIn(values, 'match') || 'all',
    sort: typedIn(values, 'sort') || 'activity',
    sorts: SORT_NAMES.map((value) => ({ value, text: t(`tickets.views.sort.${value}`) })),
    shared: mayRole(agent.role, 'views.share') ? { checked: values['shared'] === 'on' } : undefined,
    conditions: FIELD_NAMES.map((name) => conditionModel(app, reader, name, values, errors[name])),
    errors,
    found: preview && foundBy(app, agent, reader, preview),
    back: view ? `/tickets?view=saved-${view.id}` : '/tickets',
    removal: view && `${base}/removal`,
  };
}

export function viewRemovalPage({ t }: Reader, view: SavedView): ViewRemovalPage {
  return {
    title: t('tickets.views.removal.title', { name: view.name }),
    current: 'inbox',
    t,
    isShared: view.agentId === null,
    action: `/views/${view.id}/removal`,
    back: `/views/${view.id}`,
  };
}

const stored = (view: SavedView) => ({
  name: view.name,
  shared: view.agentId === null ? 'on' : '',
  ...valuesOf(view.definition),
});

function conditionModel(
  app: App,
  { t }: Reader,
  name: FieldName,
  values: Record<string, unknown>,
  error: string | undefined,
): ConditionModel {
  const field = fieldOf(name);
  const chosen = new Set([values[name] ?? []].flat().map(String));
  const op = typedIn(values, `${name}Op`);
  const ops = (known: string[]): Choice[] =>
    known.map((value) => ({ value, text: t(`tickets.views.op.${field.kind}.${value || 'any-way'}`) }));
  const common = { name, label: t(`tickets.views.field.${name}`), error };
  switch (field.kind) {
    case 'flag':
      return {
        ...common,
        kind: 'flag',
        op: typedIn(values, name),
        ops: ops(['', 'yes', 'no']),
        isSet: [...chosen].some(Boolean),
      };
    case 'age':
      return {
        ...common,
        kind: 'age',
        op,
        ops: ops(['', 'older', 'newer']),
        text: typedIn(values, name),
        unit: typedIn(values, `${name}Unit`) || 'days',
        units: Object.keys(UNITS).map((value) => ({ value, text: t(`tickets.views.unit.${value}`) })),
        isSet: op !== '' || error !== undefined,
      };
    case 'domain':
      return {
        ...common,
        kind: 'domain',
        op: op || 'any',
        ops: ops(['any', 'none']),
        text: typedIn(values, name),
        isSet: typedIn(values, name) !== '',
      };
    case 'list':
      return {
        ...common,
        kind: 'list',
        op: op || 'any',
        ops: ops(field.hasAll ? ['any', 'all', 'none'] : ['any', 'none']),
        options: optionsOf(app, t, name, field).map((choice) => ({
          ...choice,
          checked: chosen.has(choice.value),
        })),
        isSet: chosen.size > 0,
      };
  }
}

function optionsOf(app: App, t: Reader['t'], name: FieldName, field: ListField): Choice[] {
  const words = field.words.map((value) => ({ value, text: t(wordKey(name, value)) }));
  const rows = field.hasIds ? rowsOf(app, name) : [];
  return [...words, ...rows.map(({ id, name: text }) => ({ value: String(id), text }))];
}

const wordKey = (name: FieldName, value: string): string => {
  if (name === 'status' || name === 'priority') return `tickets.${name}.${value.replace(' ', '-')}`;
  return `tickets.views.${name}.${value}`;
};

function rowsOf(app: App, name: FieldName): { id: number; name: string }[] {
  if (name === 'assignee')
    return findActiveAgents(app.db).filter(({ role }) => mayRole(role, 'tickets.reply'));
  if (name === 'team') return findTeams(app.db);
  if (name === 'tag') return findAllTags(app.db, MOST_TAGS);
  return findMailboxes(app.db).map(({ id, address }) => ({ id, name: address }));
}

/** Of a large desk the newest tickets only: nothing on a request path looks through everything. */
function foundBy(app: App, agent: Agent, { t, format }: Reader, definition: Definition): ViewPage['found'] {
  const newest = findNewestTicketId(app.db) ?? 0;
  const after = Math.max(newest - LOOKED_AT, 0);
  const found = previewOf(app.db, definition, agent.id, scopeOf(agent), app.clock.now(), after);
  const rows = found.slice(0, SHOWN).flatMap(({ id }) => findListRow(app.db, id) ?? []);
  return {
    words: t(after > 0 ? 'tickets.views.found.newest' : 'tickets.views.found', {
      n: found.length,
      of: format.number(LOOKED_AT),
    }),
    tickets: rows.map((row) => ({
      href: `/tickets/${row.number}`,
      subject: row.subject || t('tickets.noSubject'),
      customer: row.customer_name,
      status: t(`tickets.status.${row.status.replace(' ', '-')}`),
      at: format.time(row.activity_at),
    })),
  };
}
