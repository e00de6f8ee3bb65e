// A rule in words: what it asks for, what it does, and what of it does nothing.
import { findAgentById, findTeamById } from '../../agents';
import type { App } from '../../app';
import { findMailboxById } from '../../mail';
import type { Reader } from '../../web';
import { statusText } from '../macros/present';
import { brokenParts } from './deeds';
import { type Asked, type Condition, FIELDS, type RuleDeeds, type RuleRow } from './rule';

type Words = Reader['t'];

/** "Sender is carla@mail.example; subject contains “invoice” or “faktura”", joined as the rule joins them. */
export function asksText(app: App, t: Words, { matches, conditions }: Asked): string {
  return conditions.map((one) => conditionText(app, t, one)).join(t(`tickets.rules.join.${matches}`));
}

function conditionText(app: App, t: Words, { field, op, values }: Condition): string {
  if (field === 'files') return t(`tickets.rules.says.files.${op}`);
  const isList = FIELDS[field].kind === 'list';
  const named = values.map((value) => (isList ? valueText(app, t, field, value) : `“${value}”`));
  return t(`tickets.rules.says.${field}.${op}`, {
    what: named.join(t('tickets.rules.or')) || t('tickets.rules.nothing'),
  });
}

function valueText(app: App, t: Words, field: Condition['field'], value: string): string {
  if (field === 'channel') return t(`tickets.views.channel.${value}`);
  return findMailboxById(app.db, Number(value))?.address ?? t('tickets.rules.gone');
}

export function doesText(app: App, t: Words, deeds: RuleDeeds): string {
  const parts: string[] = [];
  const gone = t('tickets.rules.gone');
  const { tag, priority, team, assignee, status, spam } = deeds;
  if (tag) parts.push(t('tickets.doing.tag', { tag }));
  if (priority) parts.push(t('tickets.doing.priority', { priority: t(`tickets.priority.${priority}`) }));
  if (team) parts.push(t('tickets.rules.does.team', { team: findTeamById(app.db, team)?.name ?? gone }));
  if (assignee)
    parts.push(t('tickets.rules.does.assignee', { whom: findAgentById(app.db, assignee)?.name ?? gone }));
  if (status) parts.push(t('tickets.doing.status', { status: statusText(t, status) }));
  if (spam) parts.push(t('tickets.rules.does.spam'));
  return parts.join(' · ') || t('tickets.rules.does.nothing');
}

/** Sentences that an admin should read: what has gone that the rule names, and how it failed. */
export function problemTexts(app: App, { t, format }: Reader, rule: RuleRow, asked: Asked, deeds: RuleDeeds) {
  const broken = brokenParts(app, asked, deeds).map(({ what, name }) =>
    t(`tickets.rules.broken.${what}`, { name: name || t('tickets.rules.gone') }),
  );
  if (rule.failed_at === null) return broken;
  const at = format.time(rule.failed_at).text;
  return [...broken, t('tickets.rules.failed', { at, error: rule.last_error ?? '' })];
}
