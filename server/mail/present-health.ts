// How a mailbox is doing, as a page shows it: what works, what does not and since when, in the servers' own words.
import type { App } from '../app';
import { queryOne, queryValue } from '../db';
import type { ShownTime } from '../i18n';
import type { Reader } from '../web';
import { answersOf } from './answers/answers';
import { pauseTrouble } from './answers/present';
import { findLastMissed } from './checks';
import { missingFolders, SENT } from './folders';
import type { MailboxRow } from './mailbox';
import { signInTrouble } from './oauth/trouble';
import { problemWords } from './problem-words';
import { findCopyTrouble } from './sent-copies';

const countStored = queryValue<[mailboxId: number], number>(
  "SELECT count(*) FROM inbound_mails WHERE mailbox_id = ? AND state = 'stored'",
);
const countUnsent = queryValue<[mailboxId: number], number>(
  "SELECT count(*) FROM outbox WHERE mailbox_id = ? AND state = 'waiting'",
);

/** The oldest mail that its server did not take so far, and when the next one is tried. */
const findStuck = queryOne<
  [mailboxId: number, sameId: number],
  { last_answer: string; since: number | null; next: number; stage: string | null }
>(`
  SELECT last_answer, (SELECT min(at) FROM outbox_attempts WHERE outbox_id = outbox.id) AS since,
         (SELECT stage FROM outbox_attempts WHERE outbox_id = outbox.id ORDER BY id DESC LIMIT 1) AS stage,
         (SELECT min(send_after) FROM outbox AS other WHERE other.mailbox_id = ? AND other.state = 'waiting' AND other.attempts > 0) AS next
    FROM outbox WHERE mailbox_id = ? AND state = 'waiting' AND attempts > 0 AND last_answer IS NOT NULL
   ORDER BY id LIMIT 1`);

/** One thing that does not work. */
export interface Trouble {
  text: string;
  since?: ShownTime;
  /** The server's literal words, or ours when it said none. */
  problem: string;
  nextTry?: ShownTime;
  /** What to do about it, and where. */
  hint?: { text: string; href: string };
  /** What mends it; `leaves`: on the provider's own page. */
  action?: { href: string; text: string; leaves: boolean };
}

export interface Health {
  kind: 'good' | 'late' | 'plain';
  text: string;
  /** Nothing is sent from it. */
  onlyRead?: string;
  /** Last time everything was fetched. */
  fetchedAt?: ShownTime;
  troubles: Trouble[];
  /** Mails that wait to be filed or sent, and where the latter are. */
  waiting?: { text: string; href?: string };
}

export function healthOf(app: App, reader: Reader, mailbox: MailboxRow): Health {
  const { t, format } = reader;
  const stored = countStored(app.db, mailbox.id) ?? 0;
  const unsent = countUnsent(app.db, mailbox.id) ?? 0;
  const signIn = signInTrouble(app, reader, mailbox);
  const troubles = [
    // Whoever is not signed in neither reads nor sends: that is the one thing to say.
    ...(signIn ? [signIn] : [readingTrouble(reader, mailbox), sendingTrouble(app, reader, mailbox)]),
    copyTrouble(app, reader, mailbox),
    folderTrouble(reader, mailbox),
    missedMails(app, reader, mailbox),
    answersTrouble(app, reader, mailbox),
  ].flatMap((trouble) => trouble ?? []);
  return {
    ...stateOf(t, mailbox, troubles),
    troubles,
    ...(mailbox.only_reads ? { onlyRead: t('mail.onlyRead.chip') } : {}),
    ...(mailbox.last_fetch_at === null ? {} : { fetchedAt: format.time(mailbox.last_fetch_at) }),
    ...(stored + unsent > 0
      ? {
          waiting: {
            text: t('mail.health.waiting', { stored, unsent }),
            ...(unsent > 0 ? { href: '/outbox?show=waiting' } : {}),
          },
        }
      : {}),
  };
}

function stateOf(t: Reader['t'], mailbox: MailboxRow, [first]: Trouble[]): Pick<Health, 'kind' | 'text'> {
  if (first) return { kind: 'late', text: first.text };
  if (mailbox.imap === null) return { kind: 'plain', text: t('mail.health.sendsOnly') };
  if (mailbox.last_fetch_at === null) return { kind: 'plain', text: t('mail.health.notYet') };
  return { kind: 'good', text: t('mail.health.good') };
}

function readingTrouble({ t, format }: Reader, mailbox: MailboxRow): Trouble | undefined {
  if (mailbox.failing_since === null) return undefined;
  return {
    text: t('mail.health.failing'),
    since: format.time(mailbox.failing_since),
    problem: problemWords(t, mailbox.last_error ?? 'lost'),
    ...(mailbox.next_try_at === null ? {} : { nextTry: format.time(mailbox.next_try_at) }),
    ...hintFor(t, mailbox, 'imap', mailbox.last_stage, mailbox.last_error),
  };
}

function sendingTrouble(app: App, { t, format }: Reader, mailbox: MailboxRow): Trouble | undefined {
  const stuck = findStuck(app.db, mailbox.id, mailbox.id);
  if (!stuck) return undefined;
  return {
    text: t('mail.health.notSending'),
    ...(stuck.since === null ? {} : { since: format.time(stuck.since) }),
    problem: problemWords(t, stuck.last_answer),
    nextTry: format.time(stuck.next),
    ...hintFor(t, mailbox, 'smtp', stuck.stage, stuck.last_answer),
  };
}

function copyTrouble(app: App, { t, format }: Reader, mailbox: MailboxRow): Trouble | undefined {
  const trouble = findCopyTrouble(app.db, mailbox.id);
  if (!trouble) return undefined;
  return {
    text: t('mail.health.notKept', { n: trouble.n }),
    since: format.time(trouble.since),
    problem: problemWords(t, trouble.last_error),
    ...(trouble.next === null ? {} : { nextTry: format.time(trouble.next) }),
  };
}

/** The others are read all the same. */
function folderTrouble({ t }: Reader, mailbox: MailboxRow): Trouble | undefined {
  const missing = missingFolders(mailbox);
  if (missing.length === 0 || mailbox.imap === null) return undefined;
  const href = `/settings/mailboxes/${mailbox.id}/folders`;
  return {
    text: t('mail.health.noFolder'),
    problem: missing.map((path) => (path === SENT ? t('mail.health.noSentFolder') : path)).join(', '),
    hint: { text: t('mail.health.hint.folders'), href },
  };
}

/** Loud until a comparison finds nothing (M4). */
function missedMails(app: App, { t, format }: Reader, mailbox: MailboxRow): Trouble | undefined {
  const check = findLastMissed(app.db, mailbox.id);
  if (!check || mailbox.imap === null) return undefined;
  const href = `/settings/mailboxes/${mailbox.id}/checks/${check.id}`;
  return {
    text: t('mail.health.missed'),
    since: format.time(check.started_at),
    problem: t('mail.check.missed', { n: check.missed }),
    hint: { text: t('mail.health.hint.missed'), href },
  };
}

/** Too many mails to answer them all (AC-24). */
function answersTrouble(app: App, reader: Reader, mailbox: MailboxRow): Trouble | undefined {
  const { acknowledges, saysAway } = answersOf(app, mailbox);
  return acknowledges || saysAway ? pauseTrouble(app, reader) : undefined;
}

/** A changed password and a certificate nobody vouches for are mended on the mailbox's own page. */
function hintFor(
  t: Reader['t'],
  mailbox: MailboxRow,
  server: 'imap' | 'smtp',
  stage: string | null,
  problem: string | null,
): Pick<Trouble, 'hint'> {
  const page = `/settings/mailboxes/${mailbox.id}`;
  if (stage === 'sign-in')
    return { hint: { text: t('mail.health.hint.sign-in'), href: `${page}#field-${server}Password` } };
  if (problem === 'certificate')
    return { hint: { text: t('mail.health.hint.certificate'), href: `${page}#field-${server}Host` } };
  return {};
}
