// Forms about notices. Strict: a field that is not here is refused (AC-48).
import { z } from 'zod';
import { wholeNumber } from '../web';

/** One ticket, or all up to a notice. */
export const readNoticesForm = z.union([
  z.strictObject({ number: wholeNumber(1, 1e15) }),
  z.strictObject({ upTo: wholeNumber(1, 1e15) }),
]);
