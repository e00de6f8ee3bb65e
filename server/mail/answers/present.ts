// The page of what a mailbox answers by itself, with the mails as they would look; and the alarm when there were too many.
import type { App } from '../../app';
import { LOCALES, type Locale } from '../../i18n';
import { firmOf } from '../../settings';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../../web';
import type { MailboxRow } from '../mailbox';
import type { Trouble } from '../present-health';
import { ANSWERS, type AnswerKind, type AnswerSettings, answersOf } from './answers';
import { answersPause, IN_A_DAY, IN_AN_HOUR } from './budget';
import { fieldOf } from './form';
import { isOpenAt, textOf, WEEKDAYS } from './hours';
import { ANSWER_PLACEHOLDERS, answerText, unknownInAnswer, usualWords } from './words';

interface TextField {
  name: string;
  label: string;
  value: string;
  usual: string;
  error: string | undefined;
}

export interface AnswerPreview {
  title: string;
  subject: string;
  text: string;
  language: Locale;
}

/** views/mail/answers */
export interface AnswersPage extends PageModel {
  t: Reader['t'];
  action: string;
  back: string;
  mailbox: string;
  /** It has no server to send through. */
  cannotSend: string | undefined;
  acknowledges: boolean;
  saysAway: boolean;
  acknowledgement: TextField[];
  away: TextField[];
  days: { name: string; label: string; value: string; error: string | undefined }[];
  zone: string;
  holidays: { value: string; error: string | undefined };
  placeholders: string[];
  errors: FieldErrors;
  pause?: Trouble;
  preview?: { now: string; mails: AnswerPreview[] };
}

/** Such as a ticket of this desk may have. */
const A_NUMBER = 1042;

export function answersPage(
  app: App,
  reader: Reader,
  mailbox: MailboxRow,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
  preview?: AnswerSettings,
): AnswersPage {
  const { t } = reader;
  const values = returned?.values ?? valuesOf(answersOf(app, mailbox));
  const texts = (kind: AnswerKind): TextField[] =>
    LOCALES.map((language) => textField(app, t, kind, language, values, returned?.errors ?? {}));
  const shown = { acknowledgement: texts('acknowledgement'), away: texts('away') };
  const isText = new Set([...shown.acknowledgement, ...shown.away].map(({ name }) => name));
  const others = Object.entries(returned?.errors ?? {}).filter(([field]) => !isText.has(field));
  const errors = errorWords(t, Object.fromEntries(others));
  const base = `/settings/mailboxes/${mailbox.id}`;
  const pause = pauseTrouble(app, reader);
  return {
    layout: 'settings',
    current: 'settings.mailboxes',
    title: t('mail.answers.title', { address: mailbox.address }),
    t,
    action: `${base}/answers`,
    back: base,
    mailbox: mailbox.address,
    cannotSend: cannotSend(t, mailbox),
    acknowledges: values['acknowledges'] === 'on',
    saysAway: values['saysAway'] === 'on',
    ...shown,
    days: WEEKDAYS.map((name) => ({
      name,
      label: t(`mail.answers.day.${name}`),
      value: typedIn(values, name),
      error: errors[name],
    })),
    zone: firmOf(app).timeZone,
    holidays: { value: typedIn(values, 'holidays'), error: errors['holidays'] },
    placeholders: ANSWER_PLACEHOLDERS.map((name) => `{{${name}}}`),
    errors,
    ...(pause ? { pause } : {}),
    ...(preview ? { preview: previewOf(app, t, preview) } : {}),
  };
}

function cannotSend(t: Reader['t'], mailbox: MailboxRow): string | undefined {
  if (mailbox.only_reads) return t('mail.answers.onlyRead');
  return mailbox.smtp === null ? t('mail.answers.cannotSend') : undefined;
}

const valuesOf = (settings: AnswerSettings): Record<string, unknown> => ({
  acknowledges: settings.acknowledges ? 'on' : '',
  saysAway: settings.saysAway ? 'on' : '',
  holidays: settings.holidays.join('\n'),
  ...Object.fromEntries(WEEKDAYS.map((day, at) => [day, textOf(settings.hours[at] ?? [])])),
  ...Object.fromEntries(
    ANSWERS.flatMap((kind) =>
      LOCALES.map((language) => [fieldOf(kind, language), settings.words[kind][language] ?? '']),
    ),
  ),
});

function textField(
  app: App,
  t: Reader['t'],
  kind: AnswerKind,
  language: Locale,
  values: Record<string, unknown>,
  errors: FieldErrors,
): TextField {
  const name = fieldOf(kind, language);
  const value = typedIn(values, name);
  const key = errors[name];
  const allowed = ANSWER_PLACEHOLDERS.map((one) => `{{${one}}}`).join(', ');
  const words = { name: unknownInAnswer(value) ?? '', allowed };
  return {
    name,
    label: t(`mail.answers.in.${language}`),
    value,
    usual: usualWords(app, kind, language),
    error: key && t(key, words),
  };
}

function previewOf(app: App, t: Reader['t'], settings: AnswerSettings): NonNullable<AnswersPage['preview']> {
  const { hours, holidays } = settings;
  const isOpen = isOpenAt(hours, holidays, firmOf(app).timeZone, app.clock.now());
  const kinds = ANSWERS.filter((kind) => (kind === 'away' ? settings.saysAway : settings.acknowledges));
  return {
    now: settings.saysAway ? t(isOpen ? 'mail.answers.now.open' : 'mail.answers.now.closed') : '',
    mails: (kinds.length > 0 ? kinds : ANSWERS).flatMap((kind) =>
      LOCALES.map((language) => ({
        title: `${t(`mail.answers.${kind}`)} · ${t(`mail.answers.in.${language}`)}`,
        language,
        ...answerText(app, settings, kind, language, A_NUMBER),
      })),
    ),
  };
}

/** One line about it on the mailbox's page. */
export function answersSummary(app: App, { t }: Reader, mailbox: MailboxRow): string {
  const { acknowledges, saysAway } = answersOf(app, mailbox);
  if (acknowledges && saysAway) return t('mail.answers.state.both');
  if (acknowledges) return t('mail.answers.state.acknowledges');
  return t(saysAway ? 'mail.answers.state.away' : 'mail.answers.state.off');
}

/** AC-24: loud wherever a mailbox that answers by itself shows how it is doing. */
export function pauseTrouble(app: App, { t, format }: Reader): Trouble | undefined {
  const pause = answersPause(app);
  return (
    pause && {
      text: t('mail.answers.paused'),
      since: format.time(pause.since),
      problem: t('mail.answers.paused.words', { hour: IN_AN_HOUR, day: IN_A_DAY, n: pause.unanswered }),
    }
  );
}
