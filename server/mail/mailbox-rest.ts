// What is asked about every mailbox, however it signs in: the mails of before, how answers are dealt with, who wrote.
import { z } from 'zod';
import { checkbox, type FieldErrors, line, wholeNumber } from '../web';
import { AUTHENTICATION_CHOICES, type AuthenticationChoice, type MailboxRow } from './mailbox';

export const restFields = {
  firstFetch: z.enum(['now', 'days']).optional(),
  firstFetchDays: line(5).optional(),
  plusAddresses: checkbox(),
  reopenClosed: z.enum(['always', 'days', 'never'], 'errors.field.invalid'),
  reopenDays: wholeNumber(1, 3_650),
  undoSeconds: wholeNumber(0, 60),
  keepSent: checkbox(),
  readSent: checkbox(),
  authentication: z.enum(AUTHENTICATION_CHOICES, 'errors.field.invalid').default('server'),
  authservId: line(253)
    .transform((name) => name.toLowerCase())
    .default(''),
  spamByHeader: checkbox(),
  spamByFailure: checkbox(),
};

/** A name of a server in Authentication-Results, which is a host's nearly always. */
const SERVER_NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;

export interface MailboxRest {
  /** 0: from now on. Undefined: the mailbox has been read already (M5). */
  firstFetchDays: number | undefined;
  plusAddresses: boolean;
  reopenClosed: MailboxRow['reopen_closed'];
  reopenDays: number;
  undoSeconds: number;
  /** A copy of each sent mail goes into the mailbox's own folder; false where the provider does that by itself. */
  keepSent: boolean;
  /** Answers that stand in that folder are taken from it (M14). */
  readSent?: boolean;
  /** Absent: as a mailbox is to begin with. */
  senders?: SenderSettings;
}

/** Who looks at who wrote a mail (AC-15), and what is marked as spam. */
export interface SenderSettings {
  authentication: AuthenticationChoice;
  /** Undefined: whichever is known or learnt. */
  authservId: string | undefined;
  spamByHeader: boolean;
  spamByFailure: boolean;
}

type Fields = z.infer<z.ZodObject<typeof restFields>>;

const LONGEST_FIRST_FETCH = 3_650;

/** What is wrong is added to `errors`. */
export function restFrom(value: Fields, errors: FieldErrors): MailboxRest {
  const { firstFetch, firstFetchDays = '', plusAddresses, reopenClosed, reopenDays, undoSeconds } = value;
  const { keepSent, readSent, authentication, authservId, spamByHeader, spamByFailure } = value;
  if (authservId && !SERVER_NAME.test(authservId)) errors['authservId'] = 'mail.host.wrong';
  return {
    firstFetchDays: firstFetch && firstDays(firstFetch, firstFetchDays, errors),
    plusAddresses,
    reopenClosed,
    reopenDays,
    undoSeconds,
    keepSent,
    readSent,
    senders: { authentication, authservId: authservId || undefined, spamByHeader, spamByFailure },
  };
}

function firstDays(first: 'now' | 'days', typed: string, errors: FieldErrors): number {
  if (first === 'now') return 0;
  const days = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  if (days < 1 || days > LONGEST_FIRST_FETCH) errors['firstFetchDays'] = 'errors.field.range';
  return days;
}
