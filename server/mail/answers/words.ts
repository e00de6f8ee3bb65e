// The words of an automatic answer: never anything that the sender wrote, so that nobody can have us carry it to others (AC-24).
import type { App } from '../../app';
import type { Locale } from '../../i18n';
import { fillPlaceholders, unknownPlaceholder } from '../../lib/placeholders';
import { firmOf } from '../../settings';
import type { AnswerKind, AnswerSettings } from './answers';

/** All of them are the firm's own. */
const VALUES = {
  'firm.name': (app: App, _number: number) => firmOf(app).company,
  'ticket.number': (_app: App, number: number) => `#${number}`,
};
export const ANSWER_PLACEHOLDERS = Object.keys(VALUES) as (keyof typeof VALUES)[];

const isKnown = (name: string): name is keyof typeof VALUES => Object.hasOwn(VALUES, name);
export const unknownInAnswer = (words: string): string | undefined => unknownPlaceholder(words, isKnown);

/** What is said where the firm has no words of its own. */
export const usualWords = (app: App, kind: AnswerKind, language: Locale): string =>
  app.catalogues[language](`mail.answers.usual.${kind}`, {
    firm: '{{firm.name}}',
    number: '{{ticket.number}}',
  });

export function answerText(
  app: App,
  { words }: Pick<AnswerSettings, 'words'>,
  kind: AnswerKind,
  language: Locale,
  ticketNumber: number,
): { subject: string; text: string } {
  const t = app.catalogues[language];
  const text = words[kind][language] || usualWords(app, kind, language);
  return {
    subject: t(`mail.answers.subject.${kind}`, { number: String(ticketNumber) }),
    text: fillPlaceholders(text, (name) => (isKnown(name) ? VALUES[name](app, ticketNumber) : undefined)),
  };
}
