// Whether a message is what a rule asks for. Pure, and linear in the length of the message.
import { addressKey, domainOf } from '../../mail';
import type { Channel } from '../ticket';
import { fold } from '../words';
import type { Asked, Condition } from './rule';

/** What rules know of a message that arrives. */
export interface Arrived {
  /** Who wrote it; undefined where nobody can be answered. */
  address: string | undefined;
  subject: string;
  words: string;
  mailboxId: number | null;
  channel: Channel;
  hasFiles: boolean;
}

/** Of the words of a message so many characters are looked at. */
export const LOOKED_AT = 50_000;

/** Compared without regard to case, accents and line breaks. */
export const plainText = (text: string): string => fold(text).replace(/\s+/g, ' ').trim();

/** Once for each message, however many rules ask for its words. */
const folded = new WeakMap<Arrived, { subject: string; words: string }>();
function plainOf(arrived: Arrived): { subject: string; words: string } {
  let plain = folded.get(arrived);
  if (!plain) {
    plain = { subject: plainText(arrived.subject), words: plainText(arrived.words.slice(0, LOOKED_AT)) };
    folded.set(arrived, plain);
  }
  return plain;
}

/** A rule that asks for nothing fits nothing: what it asked for may have been erased. */
export function fits(asked: Asked, arrived: Arrived): boolean {
  const { conditions, matches } = asked;
  if (conditions.length === 0) return false;
  const holds = (one: Condition) => conditionHolds(one, arrived);
  return matches === 'all' ? conditions.every(holds) : conditions.some(holds);
}

function conditionHolds({ field, op, values }: Condition, arrived: Arrived): boolean {
  if (field === 'files') return arrived.hasFiles === (op === 'yes');
  // Also "none of" nothing: an address that was erased must not turn into everybody.
  if (values.length === 0) return false;
  return TESTS[field](values, arrived) === (op === 'any');
}

const TESTS: Record<Exclude<Condition['field'], 'files'>, (values: string[], arrived: Arrived) => boolean> = {
  from: (values, { address }) => address !== undefined && values.includes(addressKey(address)),
  domain: (values, { address }) => {
    const domain = address === undefined ? '' : domainOf(addressKey(address));
    return values.some((value) => domain === value || domain.endsWith(`.${value}`));
  },
  subject: (values, arrived) => holdsOne(plainOf(arrived).subject, values),
  words: (values, arrived) => holdsOne(plainOf(arrived).words, values),
  mailbox: (values, { mailboxId }) => values.includes(String(mailboxId)),
  channel: (values, { channel }) => values.includes(channel),
};

function holdsOne(plain: string, phrases: string[]): boolean {
  return phrases.some((phrase) => plain.includes(plainText(phrase)));
}
