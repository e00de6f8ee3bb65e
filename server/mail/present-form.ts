// The form of a mailbox as a page shows it: empty, suggested, stored, or returned with errors or the outcome of a test.
import type { App } from '../app';
import type { Actor } from '../events';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../web';
import type { ServerSettings } from './mail-server';
import type { MailboxRow } from './mailbox';
import type { MailboxInput } from './mailbox-form';
import { newRest, type RestModel, storedRest, typedRest } from './present-rest';
import { certificateOf, resultOf, type TestResult } from './present-test';
import type { SuggestedServer, Suggestion } from './providers';
import { imapSettingsOf, smtpSettingsOf } from './server-settings';
import type { MailboxTest } from './test-mailbox';
import { sealTypedPassword } from './typed-password';

interface Choice {
  value: string;
  text: string;
}

/** One of the two servers in views/mail/_server. */
export interface ServerFields {
  name: 'imap' | 'smtp';
  uses: boolean;
  host: string;
  port: string;
  security: string;
  user: string;
  /** A password is known, so the field may stay empty. */
  hasPassword: boolean;
  /** The one typed for the test, sealed. */
  typed?: string;
  /** Of a certificate that nobody vouches for; ticked when it is trusted. */
  certificate?: { fingerprint: string; trusted: boolean };
  folder?: string;
  /** SMTP: the same user name and password as IMAP. */
  sameLogin?: boolean;
  result?: TestResult;
}

/** views/mail/_mailbox-form */
export interface MailboxFormModel extends RestModel {
  t: Reader['t'];
  action: string;
  testAction: string;
  submit: string;
  /** Beside the button: leave it for later, or go back. */
  other: { href: string; text: string };
  address: string;
  senderName: string;
  imap: ServerFields;
  smtp: ServerFields;
  securities: Choice[];
  errors: FieldErrors;
  /** What is known of the provider: who it is, what it wants, where that is found. */
  provider?: { name?: string; hint?: string; where?: string };
  /** The same address can sign in without a password: by this form or link. */
  without?: { text: string; address?: { action: string; value: string }; href?: string };
  /** Both servers answered well. */
  allGood?: boolean;
}

export interface FormPlace {
  action: string;
  testAction: string;
  submit: string;
  other: { href: string; text: string };
  /** Where an address is asked about, and where a mailbox that signs in without a password is kept. */
  addressAction: string;
  oauthAction: string;
}

/** A form for an address that nobody has typed servers for yet. */
export function suggestedForm(
  { t }: Reader,
  place: FormPlace,
  address: string,
  company: string,
  suggestion: Suggestion,
): MailboxFormModel {
  const { provider, hint, where, oauth, imap, smtp } = suggestion;
  return {
    ...frame(t, place),
    address,
    senderName: company,
    imap: { name: 'imap', uses: true, ...suggested(imap), hasPassword: false, folder: '' },
    smtp: { name: 'smtp', uses: true, ...suggested(smtp), hasPassword: false, sameLogin: true },
    ...newRest(t, smtp.host),
    errors: {},
    provider: {
      name: provider,
      hint: hint && t(`mail.provider.${hint}`, { provider: provider ?? '' }),
      where,
    },
    ...(oauth
      ? {
          without: {
            text: t('mail.oauth.instead', { provider: provider ?? '' }),
            address: { action: place.addressAction, value: address },
          },
        }
      : {}),
  };
}

/** The form of a mailbox as it is stored; passwords are never shown. */
export function storedForm(app: App, { t }: Reader, place: FormPlace, mailbox: MailboxRow): MailboxFormModel {
  const imap = imapSettingsOf(app, mailbox);
  const smtp = smtpSettingsOf(app, mailbox);
  const sameLogin =
    imap !== undefined && smtp !== undefined && imap.user === smtp.user && imap.password === smtp.password;
  return {
    ...frame(t, place),
    address: mailbox.address,
    senderName: mailbox.sender_name,
    imap: { ...storedFields('imap', imap), folder: imap?.folder ?? '' },
    smtp: { ...storedFields('smtp', smtp), sameLogin: smtp ? sameLogin : true },
    ...storedRest(app, t, mailbox),
    errors: {},
  };
}

export interface ReturnedMailbox {
  values: Record<string, unknown>;
  errors?: FieldErrors;
  /** After a test: what was tested, and what came of it. */
  tested?: { input: MailboxInput; test: MailboxTest };
}

/** What was typed, kept; with the outcome of a test beside each server. */
export function returnedForm(
  app: App,
  actor: Actor,
  { t }: Reader,
  place: FormPlace,
  returned: ReturnedMailbox,
  mailbox?: MailboxRow,
): MailboxFormModel {
  const { values, errors = {}, tested } = returned;
  const typed = (field: string) => typedIn(values, field);
  const server = (name: 'imap' | 'smtp', stored: ServerSettings | undefined): ServerFields => {
    const settings = tested?.input[name];
    const sealed = settings?.password
      ? sealTypedPassword(app, actor, settings, settings.password)
      : typed(`${name}Typed`) || undefined;
    const user = typed(`${name}User`);
    return {
      name,
      uses: values[name === 'imap' ? 'usesImap' : 'usesSmtp'] === 'on',
      host: typed(`${name}Host`),
      port: typed(`${name}Port`),
      security: typed(`${name}Security`),
      user,
      hasPassword: sealed !== undefined || Boolean(stored?.password),
      typed: sealed,
      certificate: certificateOf(typed(`${name}Fingerprint`), tested?.test[name]),
      result: tested && resultOf(t, name, tested.test[name]),
    };
  };
  const test = tested?.test;
  return {
    ...frame(t, place),
    address: typed('address'),
    senderName: typed('senderName'),
    imap: { ...server('imap', mailbox && imapSettingsOf(app, mailbox)), folder: typed('imapFolder') },
    smtp: {
      ...server('smtp', mailbox && smtpSettingsOf(app, mailbox)),
      sameLogin: values['smtpSameLogin'] === 'on',
    },
    ...typedRest(app, t, values, typed('smtpHost'), mailbox),
    errors: errorWords(t, errors),
    allGood: test && [test.imap, test.smtp].every((result) => result === undefined || result.ok),
  };
}

const frame = (t: Reader['t'], place: FormPlace) => ({
  t,
  ...place,
  securities: ['tls', 'starttls', 'none'].map((value) => ({ value, text: t(`mail.security.${value}`) })),
});

const suggested = ({ host, port, security, user }: SuggestedServer) => ({
  host,
  port: String(port),
  security,
  user: user ?? '',
});

const storedFields = (name: 'imap' | 'smtp', server: ServerSettings | undefined): ServerFields => ({
  name,
  uses: server !== undefined,
  host: server?.host ?? '',
  port: String(server?.port ?? (name === 'imap' ? 993 : 465)),
  security: server?.security ?? 'tls',
  user: server?.user ?? '',
  hasPassword: Boolean(server?.password),
  certificate: server?.trustedFingerprint
    ? { fingerprint: server.trustedFingerprint, trusted: true }
    : undefined,
});
