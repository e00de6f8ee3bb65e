// Forms about accounts.
import { z } from 'zod';
import { line, requiredLine } from '../web';
import { LONGEST_PASSWORD } from './passwords';

export const signInForm = z.strictObject({
  email: requiredLine(254),
  password: z.string().min(1, 'errors.field.required').max(LONGEST_PASSWORD, 'errors.field.tooLong'),
  next: line(2_000).optional(),
});
