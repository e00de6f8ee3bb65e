// The outbox as its page shows it: tabs with counts, and each mail with everything that became of it.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import type { ShownTime } from '../../i18n';
import {
  type AttemptRow,
  findAttempts,
  MAILBOX_ONLY_READ,
  MAILBOX_REMOVED,
  OUTBOX_STATES,
  type OutboxState,
  problemWords,
} from '../../mail';
import { mayRole } from '../../roles';
import type { PageModel, Reader } from '../../web';
import { listOutbox, MOST_COUNTED, type OutboxCounts, type OutboxLine } from './outbox';

const MAILS_A_PAGE = 25;

export interface AttemptLine {
  at: ShownTime;
  server: string;
  outcome: string;
  /** The server's literal words, or what happened when it said none. */
  answer: string;
}

export interface OutboxMail {
  id: number;
  subject: string;
  /** The ticket, at the very message. */
  ticket?: { href: string; text: string };
  to: string;
  writtenAt: ShownTime;
  sentAt?: ShownTime;
  nextTry?: ShownTime;
  /** Its ticket was thrown away: nothing of it leaves from there. */
  inTrash?: string;
  /** Why it is where it is, when no attempt tells. */
  why?: string;
  attempts: AttemptLine[];
  evidence?: string;
  /** Posts, where this reader may. */
  send?: { action: string; text: string };
  arrived?: string;
  dismiss?: string;
}

/** views/tickets/outbox */
export interface OutboxPage extends PageModel {
  t: Reader['t'];
  tabs: { href: string; text: string; count?: string; current: boolean }[];
  /** Where this very page is fetched again. */
  src: string;
  words: string;
  zone: string;
  mails: OutboxMail[];
  more?: string;
}

export const stateSlug = (state: OutboxState): string => state.replace(' ', '-');

/** "999+" where counting ended. */
export const countText = (format: Reader['format'], n: number): string =>
  n > MOST_COUNTED ? `${format.number(MOST_COUNTED)}+` : format.number(n);

export function outboxPage(
  app: App,
  agent: Agent,
  reader: Reader,
  counts: OutboxCounts,
  shown: OutboxState,
  before = Number.MAX_SAFE_INTEGER,
): OutboxPage {
  const { t, format, zone } = reader;
  const { mails, next } = listOutbox(app, agent, shown, before, MAILS_A_PAGE);
  const here = `/outbox?show=${stateSlug(shown)}`;
  return {
    title: t('outbox.title'),
    current: 'inbox',
    t,
    tabs: OUTBOX_STATES.map((state) => ({
      href: `/outbox?show=${stateSlug(state)}`,
      text: t(`outbox.state.${stateSlug(state)}`),
      ...(state === 'sent' ? {} : { count: countText(format, counts[state]) }),
      current: state === shown,
    })),
    src: before === Number.MAX_SAFE_INTEGER ? here : `${here}&before=${before}`,
    words: t(`outbox.words.${stateSlug(shown)}`),
    zone: t('outbox.zone', { zone }),
    mails: mails.map((mail) => mailModel(app, agent, reader, mail)),
    ...(next === undefined ? {} : { more: `${here}&before=${next}` }),
  };
}

function mailModel(app: App, agent: Agent, { t, format }: Reader, mail: OutboxLine): OutboxMail {
  const attempts = findAttempts(app.db, mail.id);
  const model: OutboxMail = {
    id: mail.id,
    subject: mail.subject || t('tickets.noSubject'),
    to: (JSON.parse(mail.recipients) as string[]).join(', '),
    writtenAt: format.time(mail.created_at),
    attempts: attempts.map((attempt) => attemptLine({ t, format }, attempt)),
  };
  if (mail.number !== null && mail.is_trashed) {
    model.ticket = { href: '/trash', text: String(mail.number) };
  } else if (mail.number !== null) {
    const message = `/tickets/${mail.number}/messages/${mail.message_id}`;
    model.ticket = { href: `/tickets/${mail.number}#message-${mail.message_id}`, text: String(mail.number) };
    model.evidence = `${message}/evidence`;
  }
  if (mail.sent_at !== null) model.sentAt = format.time(mail.sent_at);
  if (mail.state === 'waiting') model.nextTry = format.time(mail.send_after);
  const why = whyHere(mail, attempts.at(-1)?.answer);
  if (mail.is_trashed) model.inTrash = t('outbox.inTrash');
  if (why) model.why = why.startsWith('outbox.') ? t(why) : problemWords(t, why);
  if (mayRole(agent.role, 'tickets.deliver')) offer(model, mail, t);
  return model;
}

/** A key of the catalogue, or what the outbox itself noted: a crash, a mailbox that is missing, words that came later in a bounce. */
function whyHere({ state, last_answer }: OutboxLine, lastAttempt: string | undefined): string | undefined {
  if (state === 'held') {
    if (last_answer === MAILBOX_ONLY_READ) return 'outbox.held.onlyRead';
    return last_answer === MAILBOX_REMOVED ? 'outbox.held.removed' : 'outbox.held.restored';
  }
  if (state === 'sent' || !last_answer || last_answer === lastAttempt) return undefined;
  return last_answer;
}

/** What may be done about it: nothing about one that waits, is under way, arrived or is dismissed (O1). */
function offer(model: OutboxMail, mail: OutboxLine, t: Reader['t']): void {
  const here = `/outbox/${mail.id}`;
  const { state } = mail;
  const isOpen = state === 'held' || state === 'uncertain' || state === 'failed';
  if (!isOpen) return;
  // What was taken and came back is kept no longer, so there is nothing to send again (M10).
  if (mail.mail !== null && !mail.is_trashed)
    model.send = {
      action: `${here}/sending`,
      text: t(state === 'held' ? 'tickets.trouble.release' : 'tickets.trouble.resend'),
    };
  const isKnown = mail.last_answer === MAILBOX_REMOVED || mail.last_answer === MAILBOX_ONLY_READ;
  const mayHaveLeft = state === 'held' && !isKnown && mail.number !== null;
  if (state === 'uncertain' || mayHaveLeft) model.arrived = `${here}/arrived`;
  if (state !== 'uncertain') model.dismiss = `${here}/dismissal`;
}

export const attemptLine = (
  { t, format }: Pick<Reader, 't' | 'format'>,
  attempt: AttemptRow,
): AttemptLine => ({
  at: format.time(attempt.at),
  server: attempt.server,
  outcome: t(attempt.stage ? `outbox.refusedAt.${attempt.stage}` : `outbox.outcome.${attempt.outcome}`),
  answer: problemWords(t, attempt.answer),
});
