// The part of a mailbox's form that is the same however it signs in: empty, stored, or as it was typed.
import type { App } from '../app';
import { type Reader, typedIn } from '../web';
import { learntServer } from './authserv';
import { AUTHENTICATION_CHOICES, type MailboxRow } from './mailbox';
import { countCursors } from './save-mailbox';
import { keepsSentItself } from './sent-folder';
import { smtpSettingsOf } from './server-settings';

interface Choice {
  value: string;
  text: string;
}

/** views/mail/_mailbox-rest */
export interface RestModel {
  firstFetch?: { value: string; days: string };
  more: {
    plusAddresses: boolean;
    reopenClosed: string;
    reopenDays: string;
    undoSeconds: string;
    keepSent: boolean;
    readSent: boolean;
    /** The provider does it by itself. */
    keepsSent?: string;
  };
  reopenChoices: Choice[];
  /** Who looks at who wrote a mail, and what is done about spam. `learnt` says whose results are believed without a name. */
  senders: {
    authentication: string;
    authservId: string;
    learnt?: string | undefined;
    /** The list of blocked senders, once there is a mailbox. */
    blocked?: string | undefined;
    spamByHeader: boolean;
    spamByFailure: boolean;
  };
  authenticationChoices: Choice[];
}

export const newRest = (t: Reader['t'], smtpHost: string): RestModel => ({
  firstFetch: { value: 'now', days: '30' },
  more: {
    plusAddresses: false,
    reopenClosed: 'days',
    reopenDays: '30',
    undoSeconds: '10',
    readSent: false,
    ...keepSent(t, false, smtpHost),
  },
  senders: { authentication: 'server', authservId: '', spamByHeader: false, spamByFailure: false },
  ...choices(t),
});

export const storedRest = (app: App, t: Reader['t'], mailbox: MailboxRow): RestModel => ({
  ...(isUnread(app, mailbox) ? { firstFetch: firstFetchOf(mailbox.first_fetch_days) } : {}),
  more: {
    plusAddresses: mailbox.plus_addresses === 1,
    reopenClosed: mailbox.reopen_closed,
    reopenDays: String(mailbox.reopen_days),
    undoSeconds: String(mailbox.undo_seconds),
    readSent: mailbox.read_sent === 1,
    ...keepSent(t, mailbox.keep_sent === 1, smtpSettingsOf(app, mailbox)?.host),
  },
  senders: {
    authentication: mailbox.authentication,
    authservId: mailbox.authserv_id ?? '',
    learnt: learntServer(mailbox),
    blocked: BLOCKED,
    spamByHeader: mailbox.spam_by_header === 1,
    spamByFailure: mailbox.spam_by_failure === 1,
  },
  ...choices(t),
});

export const typedRest = (
  app: App,
  t: Reader['t'],
  values: Record<string, unknown>,
  smtpHost: string,
  mailbox?: MailboxRow,
): RestModel => ({
  ...(!mailbox || isUnread(app, mailbox)
    ? {
        firstFetch: {
          value: typedIn(values, 'firstFetch') || 'now',
          days: typedIn(values, 'firstFetchDays') || '30',
        },
      }
    : {}),
  more: {
    plusAddresses: values['plusAddresses'] === 'on',
    reopenClosed: typedIn(values, 'reopenClosed'),
    reopenDays: typedIn(values, 'reopenDays'),
    undoSeconds: typedIn(values, 'undoSeconds'),
    readSent: values['readSent'] === 'on',
    ...keepSent(t, values['keepSent'] === 'on', smtpHost),
  },
  senders: {
    authentication: typedIn(values, 'authentication'),
    authservId: typedIn(values, 'authservId'),
    learnt: mailbox && learntServer(mailbox),
    blocked: mailbox && BLOCKED,
    spamByHeader: values['spamByHeader'] === 'on',
    spamByFailure: values['spamByFailure'] === 'on',
  },
  ...choices(t),
});

const choices = (t: Reader['t']): Pick<RestModel, 'reopenChoices' | 'authenticationChoices'> => ({
  reopenChoices: ['always', 'days', 'never'].map((value) => ({ value, text: t(`mail.reopen.${value}`) })),
  authenticationChoices: AUTHENTICATION_CHOICES.map((value) => ({
    value,
    text: t(`mail.authentication.${value}`),
  })),
});

const BLOCKED = '/settings/blocked-senders';

/** Gmail and Microsoft keep what leaves through their servers: a second copy would be one too many. */
const keepSent = (t: Reader['t'], isOn: boolean, host = '') =>
  keepsSentItself(host)
    ? { keepSent: false, keepsSent: t('mail.keepSent.byItself', { host }) }
    : { keepSent: isOn };

const isUnread = (app: App, mailbox: MailboxRow) => (countCursors(app.db, mailbox.id) ?? 0) === 0;

const firstFetchOf = (days: number) => ({ value: days === 0 ? 'now' : 'days', days: String(days || 30) });
