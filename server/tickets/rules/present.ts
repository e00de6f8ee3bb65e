// Rules as their pages show them: the list in its order, one with all its parts, and what it would have found.
import { findActiveAgents, findTeams } from '../../agents';
import type { App } from '../../app';
import { findMailboxes } from '../../mail';
import { mayRole } from '../../roles';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import { REPLY_STATUSES } from '../macros/macro';
import { statusText } from '../macros/present';
import { PRIORITIES } from '../ticket';
import type { Choice, ConditionModel } from '../views/page-models';
import { valuesOf } from './form';
import type { RuleLine, RulePage, RuleRemovalPage, RulesPage } from './page-models';
import { askedBy, CHANNELS, deedsOfRule, FIELD_NAMES, FIELDS, type FieldName, type RuleRow } from './rule';
import { findRules } from './rules';
import { TRIED_ON, type Tried } from './try';
import { asksText, doesText, problemTexts } from './words';

const frame = { layout: 'settings', current: 'settings.rules' } as const;

export function rulesPage(app: App, reader: Reader): RulesPage {
  const rules = findRules(app.db);
  return {
    ...frame,
    title: reader.t('tickets.rules.title'),
    t: reader.t,
    rules: rules.map((rule, at) => lineOf(app, reader, rule, at > 0, at < rules.length - 1)),
  };
}

function lineOf(app: App, reader: Reader, rule: RuleRow, up: boolean, down: boolean): RuleLine {
  const { t } = reader;
  const asked = askedBy(rule);
  const deeds = deedsOfRule(rule);
  return {
    id: rule.id,
    href: `/settings/rules/${rule.id}`,
    name: rule.name,
    isOn: rule.is_on === 1,
    asks: asksText(app, t, asked),
    does: doesText(app, t, deeds),
    more: [
      ...(rule.on_answers ? [t('tickets.rules.onAnswers.short')] : []),
      ...(rule.stops ? [t('tickets.rules.stops.short')] : []),
    ],
    ...ranOf(reader, rule),
    problems: problemTexts(app, reader, rule, asked, deeds),
    up,
    down,
  };
}

const ranOf = ({ t, format }: Reader, rule: RuleRow) => ({
  ran: t('tickets.rules.ran', { n: rule.runs }),
  ...(rule.last_run_at === null ? {} : { lastRun: format.time(rule.last_run_at) }),
});

export interface Returned {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

/** A new rule is on. */
const FRESH = { match: 'all', isOn: 'on' };

export function rulePage(
  app: App,
  reader: Reader,
  rule: RuleRow | undefined,
  returned?: Returned,
  tried?: Tried,
): RulePage {
  const { t } = reader;
  const values: Record<string, unknown> = returned?.values ?? (rule ? storedValues(rule) : FRESH);
  const errors = errorWords(t, returned?.errors ?? {});
  const base = rule ? `/settings/rules/${rule.id}` : '/settings/rules';
  const typed = (name: string) => typedIn(values, name);
  return {
    ...frame,
    title: rule ? rule.name : t('tickets.rules.new'),
    t,
    action: base,
    tryAction: `${base}/trial`,
    values: {
      name: typed('name'),
      match: typed('match') || 'all',
      doTag: typed('doTag'),
      doPriority: typed('doPriority'),
      doTeam: typed('doTeam'),
      doAssignee: typed('doAssignee'),
      doStatus: typed('doStatus'),
    },
    isOn: values['isOn'] === 'on',
    doSpam: values['doSpam'] === 'on',
    onAnswers: values['onAnswers'] === 'on',
    stops: values['stops'] === 'on',
    conditions: FIELD_NAMES.map((name) => conditionModel(app, reader, name, values, errors[name])),
    ...offered(app, t, values),
    errors,
    problems: rule ? problemTexts(app, reader, rule, askedBy(rule), deedsOfRule(rule)) : [],
    ...(rule ? { ...ranOf(reader, rule), removal: `${base}/removal` } : {}),
    ...(tried ? { tried: triedModel(t, tried) } : {}),
  };
}

const storedValues = (rule: RuleRow) => ({
  name: rule.name,
  isOn: rule.is_on ? 'on' : '',
  onAnswers: rule.on_answers ? 'on' : '',
  stops: rule.stops ? 'on' : '',
  ...valuesOf(askedBy(rule), deedsOfRule(rule)),
});

function offered(app: App, t: Reader['t'], values: Record<string, unknown>) {
  const none = { value: '', text: t('tickets.macros.asItIs') };
  const rows = (found: { id: number; name: string }[], chosen: string): Choice[] => {
    const choices = found.map(({ id, name }) => ({ value: String(id), text: name }));
    const isGone = chosen !== '' && !choices.some(({ value }) => value === chosen);
    return [none, ...choices, ...(isGone ? [{ value: chosen, text: t('tickets.rules.gone') }] : [])];
  };
  const agents = findActiveAgents(app.db).filter(({ role }) => mayRole(role, 'tickets.reply'));
  return {
    priorities: [none, ...PRIORITIES.map((value) => ({ value, text: t(`tickets.priority.${value}`) }))],
    teams: rows(findTeams(app.db), typedIn(values, 'doTeam')),
    assignees: rows(agents, typedIn(values, 'doAssignee')),
    statuses: [none, ...REPLY_STATUSES.map((value) => ({ value, text: statusText(t, value) }))],
  };
}

function conditionModel(
  app: App,
  { t }: Reader,
  name: FieldName,
  values: Record<string, unknown>,
  error: string | undefined,
): ConditionModel {
  const common = { name, label: t(`tickets.rules.field.${name}`), error };
  const op = typedIn(values, `${name}Op`) || 'any';
  const ops = (known: string[]): Choice[] =>
    known.map((value) => ({ value, text: t(`tickets.rules.op.${name}.${value || 'any-way'}`) }));
  switch (FIELDS[name].kind) {
    case 'flag': {
      const chosen = typedIn(values, name);
      return { ...common, kind: 'flag', op: chosen, ops: ops(['', 'yes', 'no']), isSet: chosen !== '' };
    }
    case 'text': {
      const text = typedIn(values, name);
      const example = t(`tickets.rules.example.${name}`);
      return { ...common, kind: 'text', op, ops: ops(['any', 'none']), text, example, isSet: text !== '' };
    }
    case 'list': {
      const chosen = new Set([values[name] ?? []].flat().map(String));
      const options = optionsOf(app, t, name, chosen);
      const checked = options.map((choice) => ({ ...choice, checked: chosen.has(choice.value) }));
      return {
        ...common,
        kind: 'list',
        op,
        ops: ops(['any', 'none']),
        options: checked,
        isSet: chosen.size > 0,
      };
    }
  }
}

/** A mailbox that was removed stays among them while the rule names it. */
function optionsOf(app: App, t: Reader['t'], name: FieldName, chosen: Set<string>): Choice[] {
  if (name === 'channel')
    return CHANNELS.map((value) => ({ value, text: t(`tickets.views.channel.${value}`) }));
  const known = findMailboxes(app.db).map(({ id, address }) => ({ value: String(id), text: address }));
  const gone = [...chosen].filter((id) => !known.some(({ value }) => value === id));
  return [...known, ...gone.map((value) => ({ value, text: t('tickets.rules.gone') }))];
}

const triedModel = (t: Reader['t'], { found, lookedAt }: Tried): RulePage['tried'] => ({
  words: t('tickets.rules.tried', { n: found.length, of: Math.min(lookedAt, TRIED_ON) }),
  tickets: found.map(({ number, subject }) => ({
    href: `/tickets/${number}`,
    number: `#${number}`,
    subject: subject || t('tickets.noSubject'),
  })),
});

export function ruleRemovalPage({ t }: Reader, rule: RuleRow): RuleRemovalPage {
  const base = `/settings/rules/${rule.id}`;
  return {
    ...frame,
    title: t('tickets.rules.removal.title', { name: rule.name }),
    t,
    action: `${base}/removal`,
    back: base,
  };
}
