// An e-mail address typed into a form.
import { z } from 'zod';
import { validAddress } from './addresses';

/** One plain address, or an error beside the field (AC-32). */
export const addressField = z
  .string()
  .trim()
  .min(1, 'errors.field.required')
  .max(254, 'errors.field.tooLong')
  .transform((typed, context) => {
    const address = validAddress(typed);
    if (!address) context.addIssue({ code: 'custom', message: 'errors.field.email' });
    return address ?? z.NEVER;
  });
