// Whether a machine wrote this mail (M9, AC-21; RFC 3834). Pure: an ordered list of small checks, the first hit names it.
import type { Headers } from './mime/header-block';
import type { Address, AutomaticReason } from './parsed-mail';

export interface Signs {
  headers: Headers;
  returnPath: string | null | undefined;
  replyTo: Address[];
  /** Of the whole mail, like multipart/report, and its report-type. */
  type: string;
  reportType: string;
  isBounce: boolean;
}

const CHECKS: [AutomaticReason, (signs: Signs) => boolean][] = [
  ['bounce', (signs) => signs.isBounce],
  [
    'receipt',
    (signs) => signs.type === 'multipart/report' && signs.reportType === 'disposition-notification',
  ],
  ['auto-submitted', (signs) => isAutoSubmitted(signs)],
  ['auto-reply', ({ headers }) => AUTO_REPLY.some((name) => isSet(headers.first(name)))],
  ['response-suppressed', ({ headers }) => isSet(headers.first('x-auto-response-suppress'))],
  ['bulk', ({ headers }) => BULK.has(firstWord(headers.first('precedence')))],
  ['list', ({ headers }) => headers.all('list-id').length > 0],
  ['no-return-path', (signs) => signs.returnPath === null],
];

const AUTO_REPLY = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-mail-autoreply',
  'x-autoreply-from',
];
const BULK = new Set(['bulk', 'junk', 'list', 'auto_reply', 'auto-reply']);

/** Why it counts as automatic mail, or undefined. */
export function automaticReason(signs: Signs): AutomaticReason | undefined {
  return CHECKS.find(([, check]) => check(signs))?.[0];
}

/**
 * Whether it may be the mail of a form that a person filled in: nothing makes it automatic but `auto-generated`, and
 * Reply-To names somebody. It is one when its From is one of ours, which only those who file it know.
 */
export function mayBeForm(signs: Signs): boolean {
  const reasons = CHECKS.filter(([, check]) => check(signs)).map(([reason]) => reason);
  const isGenerated = firstWord(signs.headers.first('auto-submitted')) === 'auto-generated';
  return isGenerated && reasons.every((reason) => reason === 'auto-submitted') && signs.replyTo.length > 0;
}

function isAutoSubmitted({ headers }: Signs): boolean {
  const word = firstWord(headers.first('auto-submitted'));
  return word !== '' && word !== 'no';
}

/** `auto-replied (vacation); owner=x` is auto-replied. */
const firstWord = (value: string) =>
  value
    .trim()
    .toLowerCase()
    .split(/[\s;,(]/, 1)[0] ?? '';

const isSet = (value: string) => !['', 'no', 'none', 'false', '0'].includes(firstWord(value));
