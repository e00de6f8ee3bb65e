// Before each commit: tickets that were changed are put into the views that hold them now, and out of the others.
import type { App } from '../../app';
import { enqueue } from '../../jobs';
import { reportError } from '../../lib/report-error';
import { isPersonal, readDefinition } from './definition';
import {
  deleteChange,
  deleteRowsOf,
  type EditionView,
  findChanges,
  findEditionViews,
  findNewestTicketId,
  insertEdition,
  updateViewEdition,
} from './editions';
import { lookThrough } from './look-through';

export const VIEWS_JOB = 'fill views';

/** So long a commit may take for it, in ms; what is left is settled by commits of its own, right after. */
const LONGEST = 10;
const AT_ONCE = 200;
/** Stands in `view_changes` for "who is who is different". */
const EVERYBODY = 0;

/** Inside every transaction, at its end (`Db.beforeCommit`). Costs one look at an empty table where nothing changed. */
export function settleViews(app: App): void {
  const { db } = app;
  const changes = findChanges(db, AT_ONCE);
  if (changes.length === 0) return;
  const views = findEditionViews(db);
  const now = app.clock.now();
  const end = performance.now() + LONGEST;
  let settled = 0;
  for (const id of changes) {
    if (id === EVERYBODY) renewPersonal(app, views);
    else settle(app, views, now, id);
    deleteChange(db, id);
    settled += 1;
    if (performance.now() > end) break;
  }
  if (settled < changes.length || changes.length === AT_ONCE) db.afterCommit(() => goOn(app));
}

function settle({ db }: App, views: EditionView[], now: number, ticketId: number): void {
  deleteRowsOf(db, ticketId);
  for (const view of views) lookThrough(db, view, now, ticketId - 1, ticketId);
}

/** The next commit settles what is left. */
const goOn = (app: App): void =>
  void app.write(() => undefined).catch((error) => reportError(app.log, 'settling views', error));

/** Whoever joined, left or changed teams sees other tickets in views that say "me" or "my teams". */
function renewPersonal(app: App, views: EditionView[]): void {
  for (const view of views) {
    if (!isPersonal(readDefinition(view.definition))) continue;
    view.edition_id = beginEdition(app);
    updateViewEdition(app.db, view.edition_id, view.id);
  }
}

/** New rows for a view, to be filled by the job. Inside a transaction. */
export function beginEdition(app: App): number {
  const newest = findNewestTicketId(app.db) ?? 0;
  fillLater(app);
  return insertEdition(app.db, newest, newest, app.clock.now());
}

/** Rows of views that are gone are cleared by the same job. */
export const fillLater = (app: App): void => enqueue(app, VIEWS_JOB, {}, { key: VIEWS_JOB });
