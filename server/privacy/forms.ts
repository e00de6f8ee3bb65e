// Forms about exports, erasures and retention.
import { z } from 'zod';
import { checkbox, line, requiredLine, wholeNumber } from '../web';
import { FEWEST_DAYS, MOST_DAYS } from './rules';

const noteId = wholeNumber(1, 1e12);

/** Notes that are left out, each by its number; then a reason is needed (Art. 15(4)). */
export const exportForm = z
  .strictObject({ withhold: z.union([z.array(noteId), noteId]).optional(), reason: line(500).default('') })
  .transform(({ withhold, reason }) => ({ notes: withhold === undefined ? [] : [withhold].flat(), reason }))
  .refine(({ notes, reason }) => notes.length === 0 || reason !== '', {
    path: ['reason'],
    message: 'privacy.export.reason.needed',
  });

export const eraseForm = z.strictObject({
  kind: z.enum(['erase', 'de-identify']),
  othersFiles: z.enum(['remove', 'keep']),
  ground: z.enum(['a', 'b', 'c', 'd', 'e']),
  typed: requiredLine(254),
  claimants: checkbox(),
  alsoOnServer: checkbox(),
});

const place = z.string().max(200);

/** Places with a name of two people: some of them, or `all`, also those that the page has no room for. */
export const decideForm = z
  .strictObject({
    place: z.union([z.array(place).max(1_000), place]).optional(),
    all: checkbox(),
    belongs: z.enum(['theirs', 'others']),
  })
  .transform(({ place, all, belongs }) => ({
    which: all ? ('all' as const) : new Set(place === undefined ? [] : [place].flat()),
    belongs,
  }));

export const ruleForm = z.strictObject({ days: wholeNumber(FEWEST_DAYS, MOST_DAYS), on: checkbox() });

/** Whose data somebody asks about. */
export const findForm = z.strictObject({ address: requiredLine(254) });

/** A folder with copies, as it was named to the command. */
const folder = z.string().min(1).max(4_096);
export const placeForm = z.strictObject({ place: folder });
export const goneForm = z.strictObject({ place: folder, which: z.enum(['all', 'missing']) });
