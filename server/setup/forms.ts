// Forms of the setup wizard.
import { z } from 'zod';
import { newPassword, personName } from '../agents';
import { addressField } from '../mail';
import { FEWEST_DAYS, MOST_DAYS } from '../privacy';
import { companyField, languageField, publicUrlField, timeZoneField } from '../settings';
import { wholeNumber } from '../web';

/** The first page: the firm and its owner. Live after this. */
export const firmForm = z.strictObject({
  company: companyField,
  language: languageField,
  timeZone: timeZoneField,
  name: personName,
  email: addressField,
  password: newPassword,
  /** Absent when the command line has said it. */
  publicUrl: publicUrlField.optional(),
});

/** On is a decision of the owner; later leaves everything as it is (P6). */
export const retentionForm = z.strictObject({
  choice: z.enum(['on', 'later'], 'errors.field.invalid'),
  days: wholeNumber(FEWEST_DAYS, MOST_DAYS),
});
