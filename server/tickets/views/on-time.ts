// Conditions about time become true by themselves: on a clock, the tickets are found that have come of age since.
import type { App } from '../../app';
import { change, queryValue } from '../../db';
import { agesIn, readDefinition } from './definition';
import { type EditionView, findEdition, findEditionViews, updateEditionChecked } from './editions';
import type { AgeField } from './fields';

type Column = AgeField['column'];
type Range = [after: number, upTo: number];

const isOne = (column: Column) =>
  queryValue<Range, number>(`SELECT 1 FROM tickets WHERE ${column} > ? AND ${column} <= ? LIMIT 1`);
const mark = (column: Column) =>
  change<Range>(`
    INSERT INTO view_changes SELECT id FROM tickets WHERE ${column} > ? AND ${column} <= ? ON CONFLICT DO NOTHING`);
const isOneBetween = {
  'tickets.created_at': isOne('tickets.created_at'),
  'tickets.activity_at': isOne('tickets.activity_at'),
};
const markBetween = {
  'tickets.created_at': mark('tickets.created_at'),
  'tickets.activity_at': mark('tickets.activity_at'),
};

/** Nothing is written while nothing has come of age. What was missed while the server was off is found after its start. */
export async function keepViewsOnTime(app: App): Promise<Record<string, number>> {
  const now = app.clock.now();
  const due = findEditionViews(app.db).filter((view) => rangesOf(app, view, now).some(isDue(app)));
  if (due.length === 0) return {};
  await app.write(() => {
    for (const view of due) {
      for (const { column, range } of rangesOf(app, view, now)) markBetween[column](app.db, ...range);
      updateEditionChecked(app.db, now, view.edition_id);
    }
    app.db.afterCommit(() => app.hub.signal('agents', 'list:changed', {}));
  });
  return {};
}

const isDue =
  (app: App) =>
  ({ column, range }: { column: Column; range: Range }): boolean =>
    isOneBetween[column](app.db, ...range) !== undefined;

/** Which times lie between what was right at the last look and what is right now. */
function rangesOf(app: App, view: EditionView, now: number): { column: Column; range: Range }[] {
  const checked = findEdition(app.db, view.edition_id)?.checked_at ?? 0;
  return agesIn(readDefinition(view.definition)).map(({ column, ms }) => ({
    column,
    range: [checked - ms, now - ms],
  }));
}
