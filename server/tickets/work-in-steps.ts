// Work on many tickets: in small steps, each a transaction of its own, with a turn for everybody else between them.
import type { App } from '../app';
import { SECOND } from '../lib/clock';

/** Then other jobs have their turn, too. */
const LONGEST_TURN = SECOND;

/**
 * Takes steps until one says that there is nothing more, or the turn is over. A step takes a few ms; its commit and what
 * waited meanwhile come before the next. Returns whether all is done.
 */
export async function workInSteps(app: App, step: () => boolean, turn = LONGEST_TURN): Promise<boolean> {
  const end = performance.now() + turn;
  while (await app.write(step)) if (performance.now() >= end) return false;
  return true;
}
