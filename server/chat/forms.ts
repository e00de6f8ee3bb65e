// What visitors and admins may send: each a strict schema, so nothing unknown and nothing of another type gets further (AC-45).
import { z } from 'zod';
import { LOCALES } from '../i18n';
import { validAddress } from '../mail';
import { line, requiredLine, requiredText, text } from '../web';
import { TOKEN } from './access';
import { LONGEST_MESSAGE } from './chat';
import { MOST_ORIGINS, readOrigins } from './site';

const sequence = z.number().int().min(0).max(1_000_000_000);
const clientId = z.string().regex(/^[0-9a-f]{32}$/, 'errors.field.invalid');
const token = z.string().regex(TOKEN, 'errors.field.invalid');
const words = requiredText(LONGEST_MESSAGE);
const email = line(254).refine(
  (address) => address === '' || validAddress(address) !== undefined,
  'errors.field.email',
);

/** Where the visitor was when the chat began: without query and fragment, which may hold anything (P11). */
const address = z.string().transform((href) => {
  const url = URL.parse(href.slice(0, 2_000));
  return url && /^https?:$/.test(url.protocol) ? `${url.origin}${url.pathname}`.slice(0, 500) : '';
});

export const handshake = z.strictObject({ site: z.string().max(64), token: token.optional() });
export const startEvent = z.strictObject({
  token,
  clientId,
  name: requiredLine(100),
  email: email.default(''),
  words,
  page: address.default(''),
});
export type StartInput = z.infer<typeof startEvent>;
export const sendEvent = z.strictObject({ clientId, words });
export const sequenceEvent = z.strictObject({ sequence });
export const typingEvent = z.strictObject({ on: z.boolean() });
export const endEvent = z.strictObject({});

const number = z.number().int().positive();
export const agentTypingEvent = z.strictObject({ number, on: z.boolean() });
export const agentSawEvent = z.strictObject({ number, sequence });

/** The same on the plain page, where the token travels in the form until it becomes a cookie. */
export const startForm = z.strictObject({ token, clientId, name: requiredLine(100), email, words });
export const sendForm = z.strictObject({ clientId, words });
export const continueForm = z.strictObject({ token });

export const siteForm = z.strictObject({
  name: requiredLine(80),
  origins: text(5_000).transform((typed, context) => {
    const read = readOrigins(typed);
    const key = 'wrong' in read ? 'chat.site.origins.wrong' : originsProblem(read.origins);
    if (key) context.addIssue({ code: 'custom', message: key });
    return 'wrong' in read ? [] : read.origins;
  }),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'chat.site.colour.wrong')
    .transform((colour) => colour.toLowerCase()),
  language: z.enum(LOCALES),
  greeting: text(500).transform((greeting) => greeting.trim()),
  privacyNotice: text(1_000).transform((notice) => notice.trim()),
  mailbox: z.union([z.literal(''), z.string().regex(/^\d{1,15}$/, 'errors.field.invalid')]),
});
export type SiteForm = z.infer<typeof siteForm>;

function originsProblem(origins: string[]): string | undefined {
  if (origins.length === 0) return 'errors.field.required';
  return origins.length > MOST_ORIGINS ? 'chat.site.origins.many' : undefined;
}
