// Saved views at a desk: made, listed and counted, and what a look through everything would find instead.
import type { Agent } from '../../server/agents';
import { scopeOf } from '../../server/tickets/access';
import { FIRST, listTickets } from '../../server/tickets/list';
import { createView } from '../../server/tickets/views/change-view';
import type { Condition, Definition } from '../../server/tickets/views/definition';
import { countSavedTickets } from '../../server/tickets/views/list';
import { previewOf } from '../../server/tickets/views/look-through';
import { savedViewFor } from '../../server/tickets/views/saved-view';
import type { Desk } from './desk';

export const asking = (conditions: Condition[], more: Partial<Definition> = {}): Definition => ({
  match: 'all',
  sort: 'activity',
  conditions,
  ...more,
});
export const is = (field: Condition['field'], ...values: string[]): Condition => ({
  field,
  op: 'any',
  values,
});

/** `desk` is asked each time, because tests open a new one. */
export function savedViewsAt(desk: () => Desk) {
  let count = 0;
  return {
    save(definition: Definition, isShared = true, by: Agent = desk().owner): number {
      const { app } = desk();
      count += 1;
      const outcome = app.db.tx(() => createView(app, by, { name: `View ${count}`, isShared, definition }));
      if ('refused' in outcome) throw new Error(outcome.refused);
      return outcome.id;
    },
    idsIn: (view: number, agent: Agent = desk().owner) =>
      listTickets(desk().app, agent, `saved-${view}`, FIRST, 10_000).rows.map(([id]) => id),
    countIn: (view: number, agent: Agent = desk().owner) =>
      countSavedTickets(desk().app, agent).get(savedViewFor(desk().app, agent, view).editionId) ?? 0,
    /** Everything looked through, as nobody does while others wait. */
    anew: (definition: Definition, { id: agentId, ...agent }: Agent) =>
      previewOf(
        desk().app.db,
        definition,
        agentId,
        scopeOf({ id: agentId, ...agent }),
        desk().app.clock.now(),
        0,
      ).map(({ id }) => id),
  };
}
