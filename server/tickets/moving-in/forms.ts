// The form that begins an import.
import { z } from 'zod';
import { readOwnAddresses } from '../../mail';
import { text, wholeNumber } from '../../web';

export const MOST_OPEN_DAYS = 3_650;
export const OPEN_DAYS = 30;
const MOST_ADDRESSES = 200;

export const importForm = z.strictObject({
  mailbox: z.string().regex(/^\d{0,15}$/, 'errors.field.invalid'),
  openDays: wholeNumber(0, MOST_OPEN_DAYS),
  ownAddresses: text(20_000).transform((typed, context) => {
    const { addresses, wrong } = readOwnAddresses(typed);
    if (wrong.length > 0 || addresses.length > MOST_ADDRESSES)
      context.addIssue({ code: 'custom', message: 'errors.field.email' });
    return addresses.map((address) => address.toLowerCase());
  }),
});

/** What a form stands for when somebody brings files and says nothing else. */
export const UNSAID = { mailbox: '', openDays: String(OPEN_DAYS), ownAddresses: '' };
