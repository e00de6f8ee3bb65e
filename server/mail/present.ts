// Mailboxes as their settings pages show them.
import type { App } from '../app';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { answersSummary } from './answers/present';
import { formSendersOf } from './form-senders';
import type { MailboxRow } from './mailbox';
import type { AddressFormModel } from './mailbox-steps';
import type { SignInModel } from './oauth/present';
import type { OAuthFormModel } from './oauth/present-form';
import { type AliasesModel, aliasesModel } from './present-aliases';
import { type CheckSummary, checkSummary } from './present-checks';
import { foldersSummary } from './present-folders';
import type { MailboxFormModel } from './present-form';
import { type Health, healthOf } from './present-health';
import { findMailboxes } from './queries';

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
  checks?: CheckSummary;
  aliases?: AliasesModel;
  /** Whether it is only read, and the switch. */
  onlyRead?: { isOn: boolean; action: string; words: string; submit: string };
  /** Which folders are read. */
  folders?: { text: string; href: string };
  /** What it answers by itself. */
  answers?: { text: string; href: string };
  /** Where this page is fetched again. */
  src?: string;
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
    ? {
        health: healthOf(app, reader, mailbox),
        ...(mailbox.imap === null ? {} : { checks: checkSummary(app, reader, mailbox) }),
        aliases: aliasesModel(app, reader, mailbox),
        ...(mailbox.imap === null && !mailbox.only_reads ? {} : { onlyRead: onlyReadPart(reader, mailbox) }),
        ...(mailbox.imap === null ? {} : { folders: foldersPart(app, reader, mailbox) }),
        answers: {
          text: answersSummary(app, reader, mailbox),
          href: `/settings/mailboxes/${mailbox.id}/answers`,
        },
        src: `/settings/mailboxes/${mailbox.id}`,
        removal: `/settings/mailboxes/${mailbox.id}/removal`,
      }
    : {}),
});

const onlyReadPart = ({ t }: Reader, { id, only_reads }: MailboxRow) => ({
  isOn: only_reads === 1,
  action: `/settings/mailboxes/${id}/only-read`,
  words: t(only_reads ? 'mail.onlyRead.isOn' : 'mail.onlyRead.isOff'),
  submit: t(only_reads ? 'mail.onlyRead.end' : 'mail.onlyRead.begin'),
});

const foldersPart = (app: App, reader: Reader, mailbox: MailboxRow) => ({
  text: foldersSummary(app, reader, mailbox),
  href: `/settings/mailboxes/${mailbox.id}/folders`,
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
