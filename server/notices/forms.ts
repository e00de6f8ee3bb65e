// Forms about notices. Strict: a field that is not here is refused (AC-48).
import { z } from 'zod';
import { checkbox, wholeNumber } from '../web';
import { LONGEST_AWAY, SHORTEST_AWAY } from './choices';
import { NOTICE_KINDS, type NoticeKind } from './notice';

/** One ticket, or all up to a notice. */
export const readNoticesForm = z.union([
  z.strictObject({ number: wholeNumber(1, 1e15) }),
  z.strictObject({ upTo: wholeNumber(1, 1e15) }),
]);

const kinds = Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, checkbox()])) as Record<
  NoticeKind,
  ReturnType<typeof checkbox>
>;

export const choicesForm = z.strictObject({
  ...kinds,
  inBrowser: checkbox(),
  byMail: checkbox(),
  awayMinutes: wholeNumber(SHORTEST_AWAY, LONGEST_AWAY),
  withWords: checkbox(),
});
