// The form of what a mailbox answers by itself.
import { z } from 'zod';
import { LOCALES, type Locale } from '../../i18n';
import { checkbox, line, text } from '../../web';
import { ANSWERS, type AnswerKind, type AnswerSettings } from './answers';
import { datesIn, type Interval, intervalsIn, WEEKDAYS, type Weekday } from './hours';
import { unknownInAnswer } from './words';

const LONGEST_TEXT = 4_000;
const MOST_HOLIDAYS = 200;

/** `acknowledgementEn`, `awayLv`. */
export const fieldOf = (kind: AnswerKind, language: Locale) =>
  `${kind}${language[0]?.toUpperCase()}${language.slice(1)}` as const;

const words = text(LONGEST_TEXT)
  .transform((typed) => typed.trim())
  .refine((typed) => unknownInAnswer(typed) === undefined, 'mail.answers.unknown')
  .default('');
const hours = line(100)
  .default('')
  .transform((typed, context): Interval[] => {
    const found = intervalsIn(typed);
    if (!found) context.addIssue({ code: 'custom', message: 'mail.answers.hours.wrong' });
    return found ?? [];
  });

const wordFields = Object.fromEntries(
  ANSWERS.flatMap((kind) => LOCALES.map((language) => [fieldOf(kind, language), words])),
) as Record<string, typeof words>;
const hourFields = Object.fromEntries(WEEKDAYS.map((day) => [day, hours])) as Record<Weekday, typeof hours>;

export const answersForm = z
  .strictObject({
    acknowledges: checkbox(),
    saysAway: checkbox(),
    holidays: text(5_000).transform((typed, context) => {
      const dates = datesIn(typed);
      if (!dates || dates.length > MOST_HOLIDAYS)
        context.addIssue({ code: 'custom', message: 'mail.answers.holidays.wrong' });
      return dates ?? [];
    }),
    ...hourFields,
    ...wordFields,
  })
  .transform((values, context): AnswerSettings => {
    const given = values as unknown as Record<string, string> & Record<Weekday, Interval[]>;
    const week = WEEKDAYS.map((day) => given[day]);
    // Without an hour at work every mail would be told that nobody is there.
    if (values.saysAway && week.every((day) => day.length === 0))
      context.addIssue({ code: 'custom', path: ['mon'], message: 'mail.answers.hours.needed' });
    const own = (kind: AnswerKind) =>
      Object.fromEntries(
        LOCALES.flatMap((language) => {
          const typed = given[fieldOf(kind, language)];
          return typed ? [[language, typed]] : [];
        }),
      );
    return {
      acknowledges: values.acknowledges,
      saysAway: values.saysAway,
      words: { acknowledgement: own('acknowledgement'), away: own('away') },
      hours: week,
      holidays: values.holidays,
    };
  });
