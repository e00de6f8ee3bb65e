// The steps of the wizard, in their order.
import type { Reader } from '../web';

export const STEPS = ['firm', 'mailbox', 'website', 'retention', 'done'] as const;
export type StepName = (typeof STEPS)[number];

/** All but the first are pages of the owner who was just made, and can be opened again. */
export const stepPath = (step: Exclude<StepName, 'firm'>) => `/welcome/${step}`;

export interface StepModel {
  text: string;
  state: 'done' | 'now' | 'later';
}

/** views/shared/steps */
export function stepModels(t: Reader['t'], current: StepName): StepModel[] {
  const now = STEPS.indexOf(current);
  return STEPS.map((step, at) => ({
    text: t(`setup.step.${step}`),
    state: at < now ? 'done' : at === now ? 'now' : 'later',
  }));
}
