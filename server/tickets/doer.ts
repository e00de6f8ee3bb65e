// Who does something to a ticket: an agent, or a rule that an admin has written, in nobody's name.
import type { Agent } from '../agents';
import type { Actor } from '../events';

/** The log names the rule by its id in the facts of each event, the conversation by the name it had then. */
export interface RuleActor extends Actor {
  kind: 'system';
  id: null;
  rule: string;
  facts: { rule: number };
}

export type Doer = Agent | RuleActor;

/** Who a line of the conversation is by; each reader sees "Rule" in their own language. */
export const byWhom = (actor: Actor): { who: string } | { rule: string } =>
  'rule' in actor ? { rule: (actor as RuleActor).rule } : { who: (actor as Partial<Agent>).name ?? '' };
