// The form about the firm, and fields that other forms share.
import { z } from 'zod';
import { publicUrlIn } from '../config';
import { isTimeZone, LOCALES } from '../i18n';
import { line, requiredLine } from '../web';

export const languageField = z.enum(LOCALES, 'errors.field.invalid');
export const timeZoneField = z
  .string()
  .max(60, 'errors.field.invalid')
  .refine(isTimeZone, 'errors.field.invalid');
export const companyField = requiredLine(100);

/** Empty, or where people reach Hearthdesk: https://desk.example.com, without a path. */
export const publicUrlField = line(300).transform((typed, context) => {
  const url = typed === '' ? '' : publicUrlIn(typed);
  if (url === undefined) context.addIssue({ code: 'custom', message: 'settings.firm.publicUrl.wrong' });
  return url ?? z.NEVER;
});

export const firmForm = z.strictObject({
  company: companyField,
  language: languageField,
  timeZone: timeZoneField,
  publicUrl: publicUrlField.optional(),
});
