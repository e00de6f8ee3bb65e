// Rules run for what has just arrived, inside the transaction that files it.
import type { App } from '../../app';
import { record } from '../../events';
import { reportError } from '../../lib/report-error';
import { refresh } from '../access';
import { findMessage, updateFacts } from '../queries';
import { factsOf, type MessageFacts, type Ticket } from '../ticket';
import { doRuleDeeds, type Occasion } from './deeds';
import { type Arrived, fits } from './match';
import { actorOf, askedBy, deedsOfRule, type RuleRow } from './rule';
import { findActiveRules, updateFailed, updateRan } from './rules';

const LONGEST_ERROR = 300;

/**
 * In their order, each for itself: one that fails is undone alone, said on its page, and loses no mail (M2). The message names
 * those that ran, so that its ticket can say why it is as it is.
 */
export function runRules(
  app: App,
  ticket: Ticket,
  messageId: number,
  arrived: Arrived,
  occasion: Occasion,
): void {
  const ran: NonNullable<MessageFacts['rules']> = [];
  for (const rule of findActiveRules(app.db)) {
    if (!occasion.isNew && rule.on_answers === 0) continue;
    if (!tryRule(app, rule, ticket, messageId, arrived, occasion)) continue;
    ran.push({ id: rule.id, name: rule.name });
    if (rule.stops === 1) break;
  }
  const message = ran.length === 0 ? undefined : findMessage(app.db, messageId);
  if (message) updateFacts(app.db, JSON.stringify({ ...factsOf(message), rules: ran }), messageId);
}

/** True when it ran. */
function tryRule(
  app: App,
  rule: RuleRow,
  ticket: Ticket,
  messageId: number,
  arrived: Arrived,
  occasion: Occasion,
): boolean {
  try {
    return app.db.tx(() => {
      if (!fits(askedBy(rule), arrived)) return false;
      const actor = actorOf(rule);
      record(app, 'ticket.rule-ran', actor, ticket, { message: messageId });
      doRuleDeeds(app, actor, ticket, deedsOfRule(rule), occasion);
      updateRan(app.db, app.clock.now(), rule.id);
      return true;
    });
  } catch (error) {
    // A full disk has ended the whole transaction: that is no fault of the rule's.
    if (!app.db.isWriting) throw error;
    reportError(app.log, 'running a rule', error);
    const words = error instanceof Error ? error.message : String(error);
    updateFailed(app.db, words.slice(0, LONGEST_ERROR), app.clock.now(), rule.id);
    refresh(app, ticket);
    return false;
  }
}
