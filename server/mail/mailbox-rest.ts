// What is asked about every mailbox, however it signs in: the mails of before, and how answers are dealt with.
import { z } from 'zod';
import { checkbox, type FieldErrors, line, wholeNumber } from '../web';
import type { MailboxRow } from './mailbox';

export const restFields = {
  firstFetch: z.enum(['now', 'days']).optional(),
  firstFetchDays: line(5).optional(),
  plusAddresses: checkbox(),
  reopenClosed: z.enum(['always', 'days', 'never'], 'errors.field.invalid'),
  reopenDays: wholeNumber(1, 3_650),
  undoSeconds: wholeNumber(0, 60),
};

export interface MailboxRest {
  /** 0: from now on. Undefined: the mailbox has been read already (M5). */
  firstFetchDays: number | undefined;
  plusAddresses: boolean;
  reopenClosed: MailboxRow['reopen_closed'];
  reopenDays: number;
  undoSeconds: number;
}

type Fields = z.infer<z.ZodObject<typeof restFields>>;

const LONGEST_FIRST_FETCH = 3_650;

/** What is wrong is added to `errors`. */
export function restFrom(value: Fields, errors: FieldErrors): MailboxRest {
  const { firstFetch, firstFetchDays = '', plusAddresses, reopenClosed, reopenDays, undoSeconds } = value;
  return {
    firstFetchDays: firstFetch && firstDays(firstFetch, firstFetchDays, errors),
    plusAddresses,
    reopenClosed,
    reopenDays,
    undoSeconds,
  };
}

function firstDays(first: 'now' | 'days', typed: string, errors: FieldErrors): number {
  if (first === 'now') return 0;
  const days = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  if (days < 1 || days > LONGEST_FIRST_FETCH) errors['firstFetchDays'] = 'errors.field.range';
  return days;
}
