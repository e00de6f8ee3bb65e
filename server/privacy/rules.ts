// Retention rules: how long things are kept, and nothing is deleted by a rule that nobody switched on (P6).
import type { App } from '../app';
import { change, query, queryOne } from '../db';
import { type Actor, record } from '../events';

/** What a rule can be about; more kinds follow. */
export const RULE_KINDS = ['solved-tickets'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** Proposed, never switched on by itself. Two years: how long faults of a sale are mostly complained about. */
export const SUGGESTED_DAYS: Record<RuleKind, number> = { 'solved-tickets': 730 };
export const FEWEST_DAYS = 1;
export const MOST_DAYS = 36_500;

export interface RuleRow {
  id: number;
  kind: RuleKind;
  days: number;
  is_on: number;
  created_by: number | null;
  created_at: number;
  switched_at: number | null;
}

export const findRules = query<[], RuleRow[]>('SELECT * FROM retention_rules ORDER BY id');
export const findRule = queryOne<[kind: string], RuleRow>('SELECT * FROM retention_rules WHERE kind = ?');
const upsertRule = change<
  [kind: string, days: number, isOn: number, createdBy: number | null, now: number, switchedAt: number]
>(`
  INSERT INTO retention_rules (kind, days, is_on, created_by, created_at, switched_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind) DO UPDATE SET days = excluded.days, is_on = excluded.is_on,
    switched_at = iif(is_on <> excluded.is_on, excluded.switched_at, switched_at)`);

/** Keeps a rule, on or off, inside a transaction. The setup wizard and the page of rules both end here. */
export function keepRetentionRule(
  app: App,
  actor: Actor,
  rule: { kind: RuleKind; days: number; on: boolean },
): RuleRow {
  const now = app.clock.now();
  upsertRule(
    app.db,
    rule.kind,
    rule.days,
    rule.on ? 1 : 0,
    actor.kind === 'agent' ? actor.id : null,
    now,
    now,
  );
  const kept = findRule(app.db, rule.kind) as RuleRow;
  record(app, 'retention.changed', actor, kept, { kind: rule.kind, days: rule.days, on: rule.on });
  return kept;
}
