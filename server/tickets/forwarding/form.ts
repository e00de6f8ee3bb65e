// The form that forwards a message, or the whole conversation, to somebody else.
import { z } from 'zod';
import { line, requiredText, wholeNumber } from '../../web';
import { LONGEST_FIELD } from '../writing/typed-recipients';

const id = wholeNumber(1, 1e12);

export const forwardForm = z.strictObject({
  clientId: z.string().regex(/^[0-9a-f]{32}$/, 'errors.field.invalid'),
  to: line(LONGEST_FIELD).default(''),
  words: requiredText(100_000),
  /** Empty for the whole conversation. */
  message: z.union([z.literal(''), id]).default(''),
  /** Attachments that go along. */
  file: z.union([z.array(id).max(100), id]).optional(),
  draftBase: z.string().max(16).optional(),
  draftWriter: z.string().max(32).optional(),
});
export type ForwardInput = z.infer<typeof forwardForm>;
