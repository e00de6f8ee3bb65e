// The form of a rule: every condition once, left alone where it does not matter, and every deed.
import { z } from 'zod';
import { addressKey, validAddress } from '../../mail';
import { checkbox, line, requiredLine, wholeNumber } from '../../web';
import { domainsIn } from '../domains';
import { REPLY_STATUSES } from '../macros/macro';
import { PRIORITIES } from '../ticket';
import { plainText } from './match';
import {
  type Asked,
  CHANNELS,
  type Condition,
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  LONGEST_PHRASE,
  MOST_VALUES,
  type RuleDeeds,
} from './rule';
import type { RuleInput } from './rules';

const chosen = (value: z.ZodType<string>) => z.union([value, z.array(value).max(MOST_VALUES)]).optional();
const anyOrNone = z.enum(['any', 'none']).optional();
const rowId = z.union([z.literal(''), wholeNumber(1, 1e12)]).optional();

const fields = z.strictObject({
  name: line(80),
  isOn: checkbox(),
  match: z.enum(['all', 'any']).default('all'),
  fromOp: anyOrNone,
  from: line(1_000).optional(),
  domainOp: anyOrNone,
  domain: line(1_000).optional(),
  subjectOp: anyOrNone,
  subject: line(1_000).optional(),
  wordsOp: anyOrNone,
  words: line(1_000).optional(),
  mailboxOp: anyOrNone,
  mailbox: chosen(z.string().regex(/^[1-9]\d{0,14}$/)),
  channelOp: anyOrNone,
  channel: chosen(z.enum(CHANNELS)),
  files: z.enum(['', 'yes', 'no']).optional(),
  doTag: line(60).default(''),
  doPriority: z.union([z.literal(''), z.enum(PRIORITIES)]).optional(),
  doTeam: rowId,
  doAssignee: rowId,
  doStatus: z.union([z.literal(''), z.enum(REPLY_STATUSES)]).optional(),
  doSpam: checkbox(),
  onAnswers: checkbox(),
  stops: checkbox(),
});
type Fields = z.infer<typeof fields>;
type Problem = (field: string, key: string) => void;

/** What to do with a phrase of several words is the firm's to say; so commas stand between phrases, and spaces do not. */
const phrasesIn = (text: string): string[] | undefined => {
  const phrases = text
    .split(/[,;]/)
    .map((phrase) => phrase.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  const isGood = phrases.every((phrase) => phrase.length <= LONGEST_PHRASE && plainText(phrase) !== '');
  return isGood && phrases.length <= MOST_VALUES ? phrases : undefined;
};

const addressesIn = (text: string): string[] | undefined => {
  const typed = text.split(/[\s,;]+/).filter(Boolean);
  const valid = typed.flatMap((address) => validAddress(address) ?? []);
  return valid.length === typed.length && typed.length <= MOST_VALUES ? valid.map(addressKey) : undefined;
};

const READ: Partial<Record<FieldName, (text: string) => string[] | undefined>> = {
  from: addressesIn,
  domain: domainsIn,
  subject: phrasesIn,
  words: phrasesIn,
};

function conditionOf(name: FieldName, values: Fields, problem: Problem): Condition[] {
  if (name === 'files') return values.files ? [{ field: name, op: values.files, values: [] }] : [];
  const op = values[`${name}Op`] ?? 'any';
  const given = values[name];
  const read = READ[name];
  const found = read ? read(typeof given === 'string' ? given : '') : [given ?? []].flat();
  if (!found) problem(name, `tickets.rules.${name}.wrong`);
  return found && found.length > 0 ? [{ field: name, op, values: found }] : [];
}

const askedIn = (values: Fields, problem: Problem): Asked => ({
  matches: values.match,
  conditions: FIELD_NAMES.flatMap((name) => conditionOf(name, values, problem)),
});

const deedsIn = (values: Fields): RuleDeeds => ({
  ...(values.doTag ? { tag: values.doTag } : {}),
  ...(values.doPriority ? { priority: values.doPriority } : {}),
  ...(values.doTeam ? { team: values.doTeam } : {}),
  ...(values.doAssignee ? { assignee: values.doAssignee } : {}),
  ...(values.doStatus ? { status: values.doStatus } : {}),
  ...(values.doSpam ? { spam: true as const } : {}),
});

const problemIn =
  (context: z.core.$RefinementCtx): Problem =>
  (field, message) =>
    context.addIssue({ code: 'custom', path: [field], message });

/** Asks for something and does something. */
export const ruleForm = fields.extend({ name: requiredLine(80) }).transform((values, context): RuleInput => {
  const problem = problemIn(context);
  const asked = askedIn(values, problem);
  const deeds = deedsIn(values);
  if (context.issues.length === 0 && asked.conditions.length === 0)
    problem('form', 'tickets.rules.needsCondition');
  if (context.issues.length === 0 && Object.keys(deeds).length === 0 && !values.stops)
    problem('form', 'tickets.rules.needsDeed');
  const { name, isOn, onAnswers, stops } = values;
  return { ...asked, name, isOn, deeds, onAnswers, stops };
});

/** The same before it is saved: only what it asks for matters. */
export const tryForm = fields.transform((values, context): Asked => {
  const problem = problemIn(context);
  const asked = askedIn(values, problem);
  if (context.issues.length === 0 && asked.conditions.length === 0)
    problem('form', 'tickets.rules.needsCondition');
  return asked;
});

export const placeForm = z.strictObject({ to: z.enum(['up', 'down']) });
export const switchForm = z.strictObject({ on: z.enum(['0', '1']) });

/** What the inputs hold for a rule that is saved already. */
export function valuesOf(
  { matches, conditions }: Asked,
  deeds: RuleDeeds,
): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = { match: matches };
  for (const { field, op, values: given } of conditions) {
    const { kind } = FIELDS[field];
    if (kind === 'flag') values[field] = op;
    else {
      values[`${field}Op`] = op;
      values[field] = kind === 'list' ? given : given.join(', ');
    }
  }
  return {
    ...values,
    doTag: deeds.tag ?? '',
    doPriority: deeds.priority ?? '',
    doTeam: String(deeds.team ?? ''),
    doAssignee: String(deeds.assignee ?? ''),
    doStatus: deeds.status ?? '',
    doSpam: deeds.spam ? 'on' : '',
  };
}
