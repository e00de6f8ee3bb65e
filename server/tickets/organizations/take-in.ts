// Takes in whoever is known by an address at an organization's domains: some at once, the rest in the queue.
import type { App } from '../../app';
import { type OrganizationRow, takeInSome } from '../../customers';
import { type Actor, SYSTEM } from '../../events';
import { enqueue, type JobWork } from '../../jobs';
import { workInSteps } from '../work-in-steps';

export const TAKE_IN_JOB = 'take in customers';

const takeInLater = (app: App, organization: number): void =>
  enqueue(app, TAKE_IN_JOB, { organization }, { key: `${TAKE_IN_JOB} ${organization}` });

/** For a second at most; whoever is left then is taken in within the next. Returns whether nobody is left. */
export async function takeIn(app: App, actor: Actor, organization: OrganizationRow): Promise<boolean> {
  const isDone = await workInSteps(app, () => takeInSome(app, actor, organization.id));
  if (!isDone) await app.write(() => takeInLater(app, organization.id));
  return isDone;
}

export const takeInWork: JobWork = async (app, { organization }: { organization: number }) => {
  const isDone = await workInSteps(app, () => takeInSome(app, SYSTEM, organization));
  if (!isDone) await app.write(() => takeInLater(app, organization));
};
