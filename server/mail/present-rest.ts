// The part of a mailbox's form that is the same however it signs in: empty, stored, or as it was typed.
import type { App } from '../app';
import { type Reader, typedIn } from '../web';
import type { MailboxRow } from './mailbox';
import { countCursors } from './save-mailbox';

interface Choice {
  value: string;
  text: string;
}

/** views/mail/_mailbox-rest */
export interface RestModel {
  firstFetch?: { value: string; days: string };
  more: { plusAddresses: boolean; reopenClosed: string; reopenDays: string; undoSeconds: string };
  reopenChoices: Choice[];
}

export const newRest = (t: Reader['t']): RestModel => ({
  firstFetch: { value: 'now', days: '30' },
  more: { plusAddresses: false, reopenClosed: 'days', reopenDays: '30', undoSeconds: '10' },
  reopenChoices: choices(t),
});

export const storedRest = (app: App, t: Reader['t'], mailbox: MailboxRow): RestModel => ({
  ...(isUnread(app, mailbox) ? { firstFetch: firstFetchOf(mailbox.first_fetch_days) } : {}),
  more: {
    plusAddresses: mailbox.plus_addresses === 1,
    reopenClosed: mailbox.reopen_closed,
    reopenDays: String(mailbox.reopen_days),
    undoSeconds: String(mailbox.undo_seconds),
  },
  reopenChoices: choices(t),
});

export const typedRest = (
  app: App,
  t: Reader['t'],
  values: Record<string, unknown>,
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
  },
  reopenChoices: choices(t),
});

const choices = (t: Reader['t']): Choice[] =>
  ['always', 'days', 'never'].map((value) => ({ value, text: t(`mail.reopen.${value}`) }));

const isUnread = (app: App, mailbox: MailboxRow) => (countCursors(app.db, mailbox.id) ?? 0) === 0;

const firstFetchOf = (days: number) => ({ value: days === 0 ? 'now' : 'days', days: String(days || 30) });
