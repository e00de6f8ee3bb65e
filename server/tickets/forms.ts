// Forms about tickets.
import { z } from 'zod';
import type { NewAttachment } from '../attachments';
import { LOCALES } from '../i18n';
import { checkbox, line, requiredLine, requiredText, text, wholeNumber } from '../web';
import { REPLY_STATUSES } from './macros/macro';
import { unknownIn } from './macros/words';
import { SNOOZES } from './snooze-times';
import { PRIORITIES, STATUSES } from './ticket';
import { type AskedLater, LATER } from './writing/send-later';
import { LONGEST_FIELD } from './writing/typed-recipients';

export type NewFiles = NewAttachment[];

/** What a page knows of its draft (drafts.ts). */
const draftPage = {
  draftBase: z.string().max(16).optional(),
  draftWriter: z.string().max(32).optional(),
};
/** To whom it goes: what is wrong with it is said by writing/typed-recipients.ts. */
const recipients = {
  to: line(LONGEST_FIELD).optional(),
  cc: line(LONGEST_FIELD).optional(),
  bcc: line(LONGEST_FIELD).optional(),
};
const clientId = z.string().regex(/^[0-9a-f]{32}$/, 'errors.field.invalid');

/** What sending does besides; `doTakeFrom` is who had the ticket when the page said so (W3). */
const deeds = {
  doPriority: z.enum(PRIORITIES).optional(),
  doTag: line(60).optional(),
  doTake: z
    .literal('1')
    .optional()
    .transform((value) => value === '1'),
  doTakeFrom: z.union([z.literal(''), wholeNumber(1, 1e12)]).optional(),
};

export const replyForm = z.strictObject({
  clientId,
  seenSequence: wholeNumber(0, 1_000_000_000),
  words: requiredText(100_000),
  thenStatus: z.enum(REPLY_STATUSES).default('pending'),
  sendAnyway: z
    .literal('1')
    .optional()
    .transform((value) => value === '1'),
  sendLater: z
    .literal('1')
    .optional()
    .transform((value) => value === '1'),
  later: z.enum(LATER).default('tomorrow'),
  laterAt: line(16).default(''),
  ...draftPage,
  ...recipients,
  ...deeds,
});
/** `sendAt`: when it is to leave, in ms, if not at once. */
export type ReplyInput = Omit<z.infer<typeof replyForm>, 'doTake' | keyof AskedLater> & {
  doTake?: boolean;
  sendAt?: number;
};
/** The same form, sent for something on the side: what is typed is kept. */
export const asideForm = z.strictObject({
  ...replyForm.shape,
  words: text(100_000),
  aside: z.enum(['macros', 'priority', 'tag', 'take']),
});

/** The same, to have somebody else in the fields: whoever was written to, the customer alone, or everybody. */
export const recipientsForm = z.strictObject({
  ...replyForm.shape,
  words: text(100_000),
  audience: z.enum(['kept', 'one', 'all']),
});

export const macroForm = z.strictObject({
  name: requiredLine(80),
  words: requiredText(20_000).refine((words) => unknownIn(words) === undefined, 'tickets.macros.unknown'),
  status: z.union([z.literal(''), z.enum(REPLY_STATUSES)]),
  priority: z.union([z.literal(''), z.enum(PRIORITIES)]),
  tag: line(60).default(''),
  takes: checkbox(),
  shared: checkbox(),
});
export type MacroInput = z.infer<typeof macroForm>;

export const noteForm = z.strictObject({
  clientId,
  words: requiredText(100_000),
  seenSequence: wholeNumber(0, 1_000_000_000).optional(),
  /** Ids of those of whom the page has said that they are named in vain. */
  inVain: line(1_000).optional(),
  ...draftPage,
});
/** What a mail was before it was dismissed. */
export const dismissalForm = z.strictObject({ was: z.enum(['held', 'failed']) });

export const draftForm = z.strictObject({
  kind: z.enum(['reply', 'note', 'forward']),
  words: text(100_000),
  ...draftPage,
  ...recipients,
});
export const statusForm = z.strictObject({ status: z.enum(STATUSES) });
export const priorityForm = z.strictObject({ priority: z.enum(PRIORITIES) });
export const spamForm = z.strictObject({ spam: z.enum(['0', '1']) });
/** `assignee` empty gives the ticket back; `seen` is who had it when the page was made (W3). */
export const assignForm = z.strictObject({
  assignee: z.union([z.literal(''), wholeNumber(1, 1e12)]),
  seen: z.union([z.literal(''), wholeNumber(1, 1e12)]),
});
/** `team` empty gives it to everybody; `seen` is which team had it when the page was made (W3). */
export const teamForm = z.strictObject({
  team: z.union([z.literal(''), wholeNumber(1, 1e12)]),
  seen: z.union([z.literal(''), wholeNumber(1, 1e12)]),
});
export const snoozeForm = z.strictObject({ for: z.enum(SNOOZES), at: z.string().max(16).default('') });
export const followForm = z.strictObject({ follow: z.enum(['0', '1']) });
export const tagForm = z.strictObject({ tag: requiredLine(60) });
export const acceptForm = z.strictObject({ participant: wholeNumber(1, 1e12), accept: z.enum(['0', '1']) });
export const placeForm = z.strictObject({ ticket: requiredLine(20) });
export const ownTicketForm = z.strictObject({ subject: requiredLine(300) });
export const senderForm = z.strictObject({ participant: wholeNumber(1, 1e12), block: z.enum(['0', '1']) });
export const newTicketForm = z.strictObject({
  clientId,
  name: line(200),
  email: requiredLine(254),
  subject: requiredLine(300),
  words: requiredText(100_000),
  cc: line(LONGEST_FIELD).default(''),
  bcc: line(LONGEST_FIELD).default(''),
  /** Each empty where there is nothing to choose, or nobody chosen. */
  mailbox: z
    .string()
    .regex(/^(?:\d{1,12}(?:-\d{1,12})?)?$/, 'errors.field.invalid')
    .default(''),
  team: z.union([z.literal(''), wholeNumber(1, 1e12)]).default(''),
  assignee: z.union([z.literal(''), wholeNumber(1, 1e12)]).default(''),
  thenStatus: z.enum(['pending', 'open']).default('pending'),
});
export type NewTicketInput = z.infer<typeof newTicketForm>;
/** `tickets`: numbers with commas between them; `into` is the one that stays. */
export const mergeForm = z.strictObject({ tickets: requiredLine(400), into: wholeNumber(1, 1e15) });
export const unmergeForm = z.strictObject({ tickets: requiredLine(400) });
/** `with`: the other; `into`: the one of the two that stays. */
export const customerMergeForm = z.strictObject({ with: requiredLine(64), into: requiredLine(64) });
export const customerForm = z.strictObject({
  name: requiredLine(200),
  language: z.union([z.literal(''), z.enum(LOCALES)]).transform((language) => language || null),
  /** By its name; empty: none. */
  organization: line(200).optional(),
});
