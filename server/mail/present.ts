// Mailboxes as their settings pages show them.
import type { App } from '../app';
import { queryOne, queryValue } from '../db';
import type { ShownTime } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { formSendersOf } from './form-senders';
import type { MailboxRow } from './mailbox';
import type { AddressFormModel } from './mailbox-steps';
import type { SignInModel } from './oauth/present';
import type { OAuthFormModel } from './oauth/present-form';
import { signInTrouble } from './oauth/trouble';
import type { MailboxFormModel } from './present-form';
import { problemWords } from './problem-words';
import { findMailboxes } from './queries';

const countStored = queryValue<[mailboxId: number], number>(
  "SELECT count(*) FROM inbound_mails WHERE mailbox_id = ? AND state = 'stored'",
);
const countUnsent = queryValue<[mailboxId: number], number>(
  "SELECT count(*) FROM outbox WHERE mailbox_id = ? AND state = 'waiting'",
);

/** The oldest mail that its server did not take so far. */
const findStuck = queryOne<[mailboxId: number], { last_answer: string }>(`
  SELECT last_answer FROM outbox WHERE mailbox_id = ? AND state = 'waiting' AND attempts > 0 AND last_answer IS NOT NULL
   ORDER BY id LIMIT 1`);

/** How a mailbox is doing, in words and a shape. */
export interface Health {
  kind: 'good' | 'late' | 'plain';
  text: string;
  /** Last time everything was fetched. */
  fetchedAt?: ShownTime;
  /** Since when it fails, and what the server said. */
  failingSince?: ShownTime;
  problem?: string;
  /** Mails that wait to be filed or sent. */
  waiting?: string;
  /** What mends it; `leaves`: on the provider's own page. */
  action?: { href: string; text: string; leaves: boolean };
}

export interface MailboxLine {
  href: string;
  address: string;
  senderName: string;
  health: Health;
}

/** views/mail/mailboxes */
export interface MailboxesPage extends PageModel {
  t: Reader['t'];
  mailboxes: MailboxLine[];
  /** Mails that came by `hearthdesk deliver` without any mailbox to belong to. */
  hasLocal: boolean;
  formSenders: { value: string; error?: string | undefined };
}

export function mailboxesPage(
  app: App,
  reader: Reader,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
): MailboxesPage {
  const { t } = reader;
  const all = findMailboxes(app.db);
  return {
    layout: 'settings',
    current: 'settings.mailboxes',
    title: t('mail.mailboxes.title'),
    t,
    mailboxes: all.filter(({ is_local }) => !is_local).map((mailbox) => mailboxLine(app, reader, mailbox)),
    hasLocal: all.some(({ is_local }) => is_local),
    formSenders: returned
      ? {
          value: typedIn(returned.values, 'formSenders'),
          error: errorWords(t, returned.errors)['formSenders'],
        }
      : { value: formSendersOf(app).join(', ') },
  };
}

const mailboxLine = (app: App, reader: Reader, mailbox: MailboxRow): MailboxLine => ({
  href: `/settings/mailboxes/${mailbox.id}`,
  address: mailbox.address,
  senderName: mailbox.sender_name,
  health: healthOf(app, reader, mailbox),
});

export function healthOf(app: App, reader: Reader, mailbox: MailboxRow): Health {
  const { t, format } = reader;
  const stored = countStored(app.db, mailbox.id) ?? 0;
  const unsent = countUnsent(app.db, mailbox.id) ?? 0;
  const waiting = stored + unsent > 0 ? { waiting: t('mail.health.waiting', { stored, unsent }) } : {};
  const fetchedAt = mailbox.last_fetch_at === null ? {} : { fetchedAt: format.time(mailbox.last_fetch_at) };
  const trouble = signInTrouble(app, reader, mailbox);
  if (trouble) {
    const { text, problem, since: failingSince, action } = trouble;
    return { kind: 'late', text, problem, failingSince, action, ...fetchedAt, ...waiting };
  }
  if (mailbox.failing_since !== null) {
    return {
      kind: 'late',
      text: t('mail.health.failing'),
      failingSince: format.time(mailbox.failing_since),
      problem: problemWords(t, mailbox.last_error ?? 'lost'),
      ...fetchedAt,
      ...waiting,
    };
  }
  const stuck = findStuck(app.db, mailbox.id);
  if (stuck) {
    const problem = problemWords(t, stuck.last_answer);
    return { kind: 'late', text: t('mail.health.notSending'), problem, ...fetchedAt, ...waiting };
  }
  if (mailbox.imap === null) return { kind: 'plain', text: t('mail.health.sendsOnly'), ...waiting };
  return mailbox.last_fetch_at === null
    ? { kind: 'plain', text: t('mail.health.notYet'), ...waiting }
    : { kind: 'good', text: t('mail.health.good'), ...fetchedAt, ...waiting };
}

/** views/mail/address: the first step, from which the servers are found. */
export interface AddressPage extends PageModel {
  t: Reader['t'];
  form: AddressFormModel;
}

export const addressPage = ({ t }: Reader, form: AddressFormModel): AddressPage => ({
  layout: 'settings',
  current: 'settings.mailboxes',
  title: t('mail.mailbox.new'),
  t,
  form,
});

/** views/mail/mailbox */
export interface MailboxPage extends PageModel {
  t: Reader['t'];
  /** One of the two: with a password, or without. */
  form?: MailboxFormModel;
  oauthForm?: OAuthFormModel;
  /** Of one that is stored. */
  health?: Health;
  signIn?: SignInModel;
  removal?: string;
}

export const mailboxPage = (
  app: App,
  reader: Reader,
  shown: { form: MailboxFormModel } | { oauthForm: OAuthFormModel; signIn?: SignInModel },
  mailbox?: MailboxRow,
): MailboxPage => ({
  layout: 'settings',
  current: 'settings.mailboxes',
  title: mailbox ? mailbox.address : reader.t('mail.mailbox.new'),
  t: reader.t,
  ...shown,
  ...(mailbox
    ? { health: healthOf(app, reader, mailbox), removal: `/settings/mailboxes/${mailbox.id}/removal` }
    : {}),
});

/** views/mail/remove: the question before it. */
export interface MailboxRemovalPage extends PageModel {
  t: Reader['t'];
  address: string;
  action: string;
  back: string;
}

export function mailboxRemovalPage({ t }: Reader, mailbox: MailboxRow): MailboxRemovalPage {
  const base = `/settings/mailboxes/${mailbox.id}`;
  const title = t('mail.removal.title', { address: mailbox.address });
  return {
    layout: 'settings',
    current: 'settings.mailboxes',
    title,
    t,
    address: mailbox.address,
    action: `${base}/removal`,
    back: base,
  };
}
