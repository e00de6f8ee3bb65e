// Forms of the setup wizard.
import { z } from 'zod';
import { newPassword, personName } from '../agents';
import { addressField } from '../mail';
import { companyField, languageField, publicUrlField, timeZoneField } from '../settings';

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
