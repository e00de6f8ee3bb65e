// The marks between new words and history: attributions, separators, header blocks, signatures. Every test is linear.
import { LONGEST_LINE } from '../limits';
import { comparable } from './line';
import {
  FORWARDED_MESSAGE,
  FROM,
  ORIGINAL_MESSAGE,
  SENT,
  SENT_FROM,
  SENT_FROM_ENDS,
  SUBJECT,
  TO,
  WROTE,
  WROTE_BEGINS,
} from './phrases';

const LONGEST_ATTRIBUTION = 400;
const LONGEST_SENT_FROM = 120;

const YEAR = /(^|[^\d])(19|20)\d\d([^\d]|$)/;
const DAY = /\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}/;
const TIME = /(^|[^\d])\d{1,2}[:.h]\d{2}([^\d]|$)/;
const ADDRESS = /[^\s<>()"@]{1,64}@[^\s<>()"@]{1,255}/;
const LETTER = /\p{L}/u;

/** What is compared: lower case, blanks single, never longer than `LONGEST_LINE`. */
export const plainLine = (text: string) => comparable(text, LONGEST_LINE).toLowerCase();

/**
 * "On 4 March 2024 at 10:11, Anna <anna@example.com> wrote:", in any language: it ends with a colon, and names a moment
 * together with a verb of writing or an address. `line` is a plain line.
 */
export function isAttribution(line: string): boolean {
  if (line.length > LONGEST_ATTRIBUTION || !mayEndAttribution(line)) return false;
  // Zoho and Notes: "---- Anna wrote ----".
  if (/^--.*--$/.test(line)) return WROTE.some((verb) => hasWord(line, verb));
  const hasDay = YEAR.test(line) || DAY.test(line);
  if (!hasDay && !TIME.test(line)) return false;
  if (WROTE.some((verb) => hasWord(line, verb))) return true;
  // Russian, Japanese and some Gmail forms have no verb; a form's "E-mail: a@b.no 2024:" has no time.
  return hasDay && TIME.test(line) && ADDRESS.test(line);
}

/** Whether a plain line may be the last one of an attribution. */
export const mayEndAttribution = (line: string) => /([:\uff1a]|--)$/.test(line);

/** An attribution that stands by itself, without quoted lines below: it says who wrote, or when to the minute. */
export const isCertain = (line: string) => ADDRESS.test(line) || TIME.test(line) || line.startsWith('--');

export const beginsAttribution = (line: string) => WROTE_BEGINS.test(line);

/** "-----Original Message-----", with dashes, underscores or stars around it. */
export const isSeparator = (line: string) => isDecorated(line) && ORIGINAL.has(undecorated(line));

/** "---------- Forwarded message ---------" and Apple's "Begin forwarded message:". */
export const isForwardMark = (line: string) => FORWARDED.has(undecorated(line).replace(/ ?:$/, ''));

/** A line of nothing but underscores, dashes or equals signs. */
export const isRule = (line: string) => /^([_=*]{10,}|[-–—]{10,})$/.test(line);

const ORIGINAL = new Set(ORIGINAL_MESSAGE);
const FORWARDED = new Set(FORWARDED_MESSAGE);
const isDecorated = (line: string) => /^[-–—_=*]{2}/.test(line) || /[-–—_=*]{2}$/.test(line);
const undecorated = (line: string) =>
  line.replace(/^[-–—_=* >]+/, '').replace(/([^-–—_=* >:])[-–—_=* >:]+$/, '$1');

type Label = 'from' | 'sent' | 'to' | 'subject';
const NAMES: [Label, Iterable<string>][] = [
  ['from', FROM],
  ['sent', SENT],
  ['to', TO],
  ['subject', SUBJECT],
];
/** One name may stand for two labels: "De" is from and of. */
const LABELS = new Map(
  [
    ...Map.groupBy(
      NAMES.flatMap(([label, names]) => [...names].map((name) => ({ name, label }))),
      ({ name }) => name,
    ),
  ].map(([name, found]) => [name, found.map(({ label }) => label)] as const),
);

/** The labels that a line may carry: "fra: anna" is from. Bold stars of text versions do not matter. */
export function labelsOf(line: string): Label[] {
  const colon = line.slice(0, 30).search(/[:\uff1a]/);
  return colon < 1 ? [] : (LABELS.get(line.slice(0, colon).replaceAll('*', '').trim()) ?? []);
}

/** So many lines may a header block have; long lists of recipients are wrapped. */
const LONGEST_BLOCK = 14;

/**
 * Whether the plain lines from `at` are Outlook's header block: From, then Sent or Date, To and Subject within a few
 * lines; Notes has them in another order. Where a rule or separator stands above, one but From may be missing.
 */
export function isHeaderBlock(lines: string[], at: number, announced: boolean): boolean {
  const first = labelsOf(lines[at] ?? '');
  if (first.length === 0) return false;
  const seen = new Set(first.slice(0, 1));
  for (const line of lines.slice(at + 1, at + LONGEST_BLOCK)) {
    if (line === '' && seen.size > 1) break;
    // "De:" and "Od:" are From in one language and To in another: a label counts for what is not there yet.
    const label = labelsOf(line).find((candidate) => !seen.has(candidate));
    if (label) seen.add(label);
  }
  return seen.has('from') && (seen.size === 4 || (announced && first.includes('from') && seen.size === 3));
}

/** RFC 3676 4.3: two dashes and a blank, which many programs lose; some write an em dash. */
export const isSignatureMark = (text: string) => /^(--|—|–|__) ?$/.test(text.replace(/[\u00a0\r]/g, ' '));

/** "Sent from my iPhone" and its kin. */
export function isSentFrom(line: string): boolean {
  if (line.length > LONGEST_SENT_FROM) return false;
  const [device, end] = [
    line.startsWith('von meinem '),
    SENT_FROM_ENDS.some((ending) => line.endsWith(` ${ending}`)),
  ];
  return device ? end : SENT_FROM.some((start) => line.startsWith(start)) || (end && line.includes('iphone'));
}

/** Whether `word` stands in `line` with no letter before or after it. */
function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at !== -1; at = line.indexOf(word, at + 1)) {
    const before = line[at - 1];
    const after = line[at + word.length];
    if (!(before && LETTER.test(before)) && !(after && LETTER.test(after))) return true;
  }
  return false;
}
