// The form that changes many tickets: which ones, and what becomes of them.
import { z } from 'zod';
import type { Agent } from '../../agents';
import { checkbox, line, wholeNumber } from '../../web';
import { PRIORITIES, STATUSES } from '../ticket';
import type { Change } from './change';

export const MOST_CHOSEN = 450;
const number = wholeNumber(1, 1e15);

export const bulkForm = z.strictObject({
  ticket: z.union([z.array(number).max(MOST_CHOSEN), number]).optional(),
  everything: checkbox(),
  list: z.string().max(40),
  change: z.string().max(40),
  tag: line(60).default(''),
  /** Everything in a list is changed only after it was asked how many that is: the edition of the view that was asked about. */
  sure: wholeNumber(0, 1e15).optional(),
});
export type BulkInput = z.infer<typeof bulkForm>;

/** `status:solved`, `assignee:me`, `assignee:`, `team:3`, `spam:1`, `tag`; undefined for anything else. */
export function changeOf(text: string, tag: string, actor: Agent): Change | undefined {
  const [kind = '', ...rest] = text.split(':');
  const value = rest.join(':');
  if (kind === 'tag' || kind === 'untag') return tag === '' || value !== '' ? undefined : { kind, to: tag };
  if (kind === 'spam') return value === '1' || value === '0' ? { kind, to: value === '1' } : undefined;
  if (kind === 'trash') return value === '1' ? { kind, to: true } : undefined;
  if (kind === 'status') {
    const to = STATUSES.find((status) => status === value);
    return to && { kind, to };
  }
  if (kind === 'priority') {
    const to = PRIORITIES.find((priority) => priority === value);
    return to && { kind, to };
  }
  if (kind !== 'assignee' && kind !== 'team') return undefined;
  if (value === '') return { kind, to: null };
  if (kind === 'assignee' && value === 'me') return { kind, to: actor.id };
  return /^[1-9]\d{0,14}$/.test(value) ? { kind, to: Number(value) } : undefined;
}
