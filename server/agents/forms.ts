// Forms about accounts. Strict: a field that is not here is refused (AC-48).
import { z } from 'zod';
import { addressField } from '../mail';
import { ROLES } from '../roles';
import { languageField, timeZoneField } from '../settings';
import { checkbox, line, requiredLine, text, wholeNumber } from '../web';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords';

const typedPassword = z
  .string()
  .min(1, 'errors.field.required')
  .max(LONGEST_PASSWORD, 'errors.field.tooLong');

/** Counted as people count: an emoji is one character. */
export const newPassword = z
  .string()
  .min(1, 'errors.field.required')
  .refine(
    (password) => password === '' || [...password].length >= SHORTEST_PASSWORD,
    'agents.password.tooShort',
  )
  .refine((password) => [...password].length <= LONGEST_PASSWORD, 'errors.field.tooLong');

export const personName = requiredLine(100);

export const signInForm = z.strictObject({
  email: requiredLine(254),
  password: typedPassword,
  next: line(2_000).optional(),
});

export const forgotPasswordForm = z.strictObject({ email: addressField });
export const newPasswordForm = z.strictObject({ password: newPassword });

export const joinForm = z.strictObject({
  name: personName,
  password: newPassword,
  language: languageField,
  timeZone: timeZoneField,
});

const roleField = z.enum(ROLES, 'errors.field.invalid');
const howField = z.enum(['mail', 'link']);

export const inviteForm = z.strictObject({
  name: personName,
  email: addressField,
  role: roleField,
  how: howField,
});
export const inviteAgainForm = z.strictObject({ how: howField });
export const roleForm = z.strictObject({ role: roleField });

export const profileForm = z.strictObject({
  name: personName,
  language: languageField,
  timeZone: timeZoneField,
  signature: text(2_000),
  compactList: checkbox(),
});
export const emailForm = z.strictObject({ email: addressField, currentPassword: typedPassword });
export const passwordForm = z.strictObject({ currentPassword: typedPassword, password: newPassword });
export const sessionForm = z.strictObject({
  session: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
});
/** A switch: "1" when one goes, "0" when one is back. */
export const awayForm = z.strictObject({ away: z.enum(['0', '1']) });

const agentId = wholeNumber(1, 1e12);
const MOST_MEMBERS = 500;

export const teamForm = z
  .strictObject({
    name: requiredLine(60),
    members: z.union([z.array(agentId).max(MOST_MEMBERS), agentId]).optional(),
  })
  .transform(({ name, members }) => ({ name, members: members === undefined ? [] : [members].flat() }));
/** Where its tickets go; a team that has none says so as well. */
export const teamRemovalForm = z.strictObject({
  to: z.union([z.literal('everybody'), wholeNumber(1, 1e12)]),
});
