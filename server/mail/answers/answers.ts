// What a mailbox answers by itself, as an admin has set it: off until then.
import { z } from 'zod';
import type { App } from '../../app';
import { change, queryOne } from '../../db';
import { type Actor, record } from '../../events';
import { LOCALES } from '../../i18n';
import type { MailboxRow } from '../mailbox';
import type { Week } from './hours';

export const ANSWERS = ['acknowledgement', 'away'] as const;
/** That a mail has arrived, or that it arrived outside the office hours. */
export type AnswerKind = (typeof ANSWERS)[number];

interface AnswersRow {
  acknowledges: number;
  says_away: number;
  words: string;
  hours: string;
  holidays: string;
}

const byLanguage = z.partialRecord(z.enum(LOCALES), z.string());
const storedWords = z.strictObject({ acknowledgement: byLanguage, away: byLanguage });
const storedHours = z.array(z.array(z.tuple([z.number(), z.number()])));
const storedHolidays = z.array(z.string());

export interface AnswerSettings {
  acknowledges: boolean;
  saysAway: boolean;
  /** The firm's own; a language that is not here has the words of the catalogue. */
  words: z.infer<typeof storedWords>;
  hours: Week;
  holidays: string[];
}

const NOTHING: AnswerSettings = {
  acknowledges: false,
  saysAway: false,
  words: { acknowledgement: {}, away: {} },
  hours: [],
  holidays: [],
};

const findRow = queryOne<[mailboxId: number], AnswersRow>(
  'SELECT * FROM automatic_answers WHERE mailbox_id = ?',
);
const upsertRow = change<
  [
    mailboxId: number,
    acknowledges: number,
    saysAway: number,
    words: string,
    hours: string,
    holidays: string,
    now: number,
  ]
>(`INSERT INTO automatic_answers (mailbox_id, acknowledges, says_away, words, hours, holidays, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (mailbox_id) DO UPDATE SET acknowledges = excluded.acknowledges, says_away = excluded.says_away, words = excluded.words,
     hours = excluded.hours, holidays = excluded.holidays, changed_at = excluded.changed_at`);

export function answersOf(app: Pick<App, 'db'>, { id }: Pick<MailboxRow, 'id'>): AnswerSettings {
  const row = findRow(app.db, id);
  if (!row) return NOTHING;
  return {
    acknowledges: row.acknowledges === 1,
    saysAway: row.says_away === 1,
    words: storedWords.parse(JSON.parse(row.words)),
    hours: storedHours.parse(JSON.parse(row.hours)),
    holidays: storedHolidays.parse(JSON.parse(row.holidays)),
  };
}

export function saveAnswers(app: App, actor: Actor, mailbox: MailboxRow, settings: AnswerSettings): void {
  const { acknowledges, saysAway, words, hours, holidays } = settings;
  upsertRow(
    app.db,
    mailbox.id,
    acknowledges ? 1 : 0,
    saysAway ? 1 : 0,
    JSON.stringify(words),
    JSON.stringify(hours),
    JSON.stringify(holidays),
    app.clock.now(),
  );
  record(app, 'mailbox.answers-changed', actor, mailbox, { acknowledges, saysAway });
}
