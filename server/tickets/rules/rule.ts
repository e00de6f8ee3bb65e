// A rule: what it asks of a message that arrives, and what is then done with its ticket.
import { z } from 'zod';
import type { RuleActor } from '../doer';
import { REPLY_STATUSES } from '../macros/macro';
import { PRIORITIES } from '../ticket';

/** Each rule is looked at for each mail that arrives. */
export const MOST_RULES = 100;
export const MOST_VALUES = 20;
export const LONGEST_PHRASE = 200;

/** The closed table of what a rule can ask for. Whatever somebody types is compared as text; there are no patterns (AC-27). */
export const FIELDS = {
  from: { kind: 'text' },
  domain: { kind: 'text' },
  subject: { kind: 'text' },
  words: { kind: 'text' },
  mailbox: { kind: 'list' },
  channel: { kind: 'list' },
  files: { kind: 'flag' },
} as const;
export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
export const CHANNELS = ['email', 'chat'] as const;

const condition = z.strictObject({
  field: z.enum(FIELD_NAMES as [FieldName, ...FieldName[]]),
  op: z.enum(['any', 'none', 'yes', 'no']),
  values: z.array(z.string()),
});
export type Condition = z.infer<typeof condition>;

const deeds = z.strictObject({
  status: z.enum(REPLY_STATUSES).optional(),
  priority: z.enum(PRIORITIES).optional(),
  tag: z.string().optional(),
  team: z.number().optional(),
  assignee: z.number().optional(),
  spam: z.literal(true).optional(),
});
export type RuleDeeds = z.infer<typeof deeds>;

export interface RuleRow {
  id: number;
  place: number;
  name: string;
  is_on: number;
  matches: 'all' | 'any';
  conditions: string;
  deeds: string;
  on_answers: number;
  stops: number;
  runs: number;
  last_run_at: number | null;
  last_error: string | null;
  failed_at: number | null;
}

/** Whether conditions hold together, or one of them is enough. */
export interface Asked {
  matches: 'all' | 'any';
  conditions: Condition[];
}

export const askedBy = ({ matches, conditions }: Pick<RuleRow, 'matches' | 'conditions'>): Asked => ({
  matches,
  conditions: z.array(condition).parse(JSON.parse(conditions)),
});

export const deedsOfRule = (rule: Pick<RuleRow, 'deeds'>): RuleDeeds => deeds.parse(JSON.parse(rule.deeds));

export const actorOf = ({ id, name }: Pick<RuleRow, 'id' | 'name'>): RuleActor => ({
  kind: 'system',
  id: null,
  rule: name,
  facts: { rule: id },
});
