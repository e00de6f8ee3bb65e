// Fills new editions of views from the newest ticket down, and clears old ones: off the request path, in small steps.
import type { App } from '../../app';
import { workInSteps } from '../work-in-steps';
import {
  deleteCounts,
  deleteEdition,
  deleteSomeRows,
  type EditionRow,
  type EditionView,
  findLeftOver,
  findUnfilled,
  updateEditionLeft,
} from './editions';
import { forgetLook, lookThrough } from './look-through';
import { fillLater } from './settle';

const TICKETS_A_STEP = 1_000;
const ROWS_A_STEP = 500;

export async function fillViews(app: App): Promise<void> {
  if (!(await workInSteps(app, () => fillSome(app)))) await app.write(() => fillLater(app));
}

/** True while there is more to do. */
function fillSome(app: App): boolean {
  const unfilled = findUnfilled(app.db);
  if (unfilled) {
    fillStep(app, unfilled);
    return true;
  }
  const leftOver = findLeftOver(app.db);
  if (leftOver === undefined) return false;
  if (deleteSomeRows(app.db, leftOver, ROWS_A_STEP) < ROWS_A_STEP) {
    deleteCounts(app.db, leftOver);
    deleteEdition(app.db, leftOver);
    forgetLook(app.db, leftOver);
  }
  return true;
}

/** Looks at the next tickets below. Whoever is shown the view sees the newest at once, and the rest as it comes. */
export function fillStep(app: App, view: EditionView & Pick<EditionRow, 'left_to_fill'>): number {
  const upTo = view.left_to_fill;
  const left = Math.max(upTo - TICKETS_A_STEP, 0);
  lookThrough(app.db, view, app.clock.now(), left, upTo);
  updateEditionLeft(app.db, left, view.edition_id);
  if (left === 0) app.db.afterCommit(() => app.hub.signal('agents', 'list:changed', {}));
  return left;
}
