// Rules are found, saved, put in order, switched and removed.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { change, insert, query, queryOne, queryValue } from '../../db';
import { record } from '../../events';
import { NotFound } from '../../lib/errors';
import { type Asked, MOST_RULES, type RuleDeeds, type RuleRow } from './rule';

/** In their order. */
export const findRules = query<[], RuleRow[]>('SELECT * FROM rules ORDER BY place, id');
export const findActiveRules = query<[], RuleRow[]>('SELECT * FROM rules WHERE is_on = 1 ORDER BY place, id');
const findRule = queryOne<[id: number], RuleRow>('SELECT * FROM rules WHERE id = ?');
const countRules = queryValue<[], number>('SELECT count(*) FROM rules');
const findLastPlace = queryValue<[], number>('SELECT max(place) FROM rules');
const insertRule = insert<
  [
    place: number,
    name: string,
    isOn: number,
    matches: string,
    conditions: string,
    deeds: string,
    onAnswers: number,
    stops: number,
    now: number,
    updatedAt: number,
  ]
>(`INSERT INTO rules (place, name, is_on, matches, conditions, deeds, on_answers, stops, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const updateRule = change<
  [
    name: string,
    isOn: number,
    matches: string,
    conditions: string,
    deeds: string,
    onAnswers: number,
    stops: number,
    now: number,
    id: number,
  ]
>(`UPDATE rules SET name = ?, is_on = ?, matches = ?, conditions = ?, deeds = ?, on_answers = ?, stops = ?, updated_at = ?,
          last_error = NULL, failed_at = NULL
    WHERE id = ?`);
const updatePlace = change<[place: number, id: number]>('UPDATE rules SET place = ? WHERE id = ?');
const updateOn = change<[isOn: number, id: number]>('UPDATE rules SET is_on = ? WHERE id = ?');
const deleteRule = change<[id: number]>('DELETE FROM rules WHERE id = ?');
export const updateRan = change<[now: number, id: number]>(
  'UPDATE rules SET runs = runs + 1, last_run_at = ?, last_error = NULL, failed_at = NULL WHERE id = ?',
);
export const updateFailed = change<[error: string, now: number, id: number]>(
  'UPDATE rules SET last_error = ?, failed_at = ? WHERE id = ?',
);

export interface RuleInput extends Asked {
  name: string;
  isOn: boolean;
  deeds: RuleDeeds;
  onAnswers: boolean;
  stops: boolean;
}

export function ruleFor(app: App, id: unknown): RuleRow {
  const rule = /^[1-9]\d{0,14}$/.test(String(id)) ? findRule(app.db, Number(id)) : undefined;
  if (!rule) throw NotFound('There is no such rule.');
  return rule;
}

export type RuleOutcome = { id: number } | { refused: 'too-many' };

/** A new one stands last. */
export function createRule(app: App, actor: Agent, input: RuleInput): RuleOutcome {
  if ((countRules(app.db) ?? 0) >= MOST_RULES) return { refused: 'too-many' };
  const now = app.clock.now();
  const id = insertRule(app.db, (findLastPlace(app.db) ?? 0) + 1, ...columnsOf(input), now, now);
  record(app, 'rule.created', actor, { id });
  return { id };
}

/** Throws NotFound when it was removed meanwhile. */
export function changeRule(app: App, actor: Agent, id: number, input: RuleInput): void {
  if (updateRule(app.db, ...columnsOf(input), app.clock.now(), id) === 0)
    throw NotFound('There is no such rule.');
  record(app, 'rule.changed', actor, { id });
}

const columnsOf = (input: RuleInput) =>
  [
    input.name,
    input.isOn ? 1 : 0,
    input.matches,
    JSON.stringify(input.conditions),
    JSON.stringify(input.deeds),
    input.onAnswers ? 1 : 0,
    input.stops ? 1 : 0,
  ] as const;

/** One place up or down; at the end of the list nothing happens. */
export function moveRule(app: App, actor: Agent, { id }: Pick<RuleRow, 'id'>, to: 'up' | 'down'): void {
  const rules = findRules(app.db);
  const at = rules.findIndex((rule) => rule.id === id);
  const other = at < 0 ? undefined : rules[to === 'up' ? at - 1 : at + 1];
  const rule = rules[at];
  if (!rule || !other) return;
  updatePlace(app.db, other.place, rule.id);
  updatePlace(app.db, rule.place, other.id);
  record(app, 'rule.moved', actor, rule, { to });
}

export function switchRule(app: App, actor: Agent, { id }: Pick<RuleRow, 'id'>, isOn: boolean): void {
  if (updateOn(app.db, isOn ? 1 : 0, id) === 1)
    record(app, isOn ? 'rule.switched-on' : 'rule.switched-off', actor, { id });
}

/** What it has done stays done, and stays said on the tickets. */
export function removeRule(app: App, actor: Agent, { id }: Pick<RuleRow, 'id'>): void {
  if (deleteRule(app.db, id) === 1) record(app, 'rule.removed', actor, { id });
}
