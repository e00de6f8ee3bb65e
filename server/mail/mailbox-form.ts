// The form of a mailbox: its address, and the servers it is read from and sent through.
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { App } from '../app';
import type { Actor } from '../events';
import { checkbox, checkForm, type FieldErrors, type Form, line } from '../web';
import { addressField } from './address-field';
import type { ImapSettings } from './imap';
import type { Security, ServerSettings } from './mail-server';
import type { MailboxRow } from './mailbox';
import { type MailboxRest, restFields, restFrom } from './mailbox-rest';
import type { OAuthProviderName } from './oauth/provider';
import { keepsSentItself } from './sent-folder';
import { imapSettingsOf, smtpSettingsOf } from './server-settings';
import { openTypedPassword } from './typed-password';

const security = z.enum(['tls', 'starttls', 'none'], 'errors.field.invalid');
const password = z.string().max(500, 'errors.field.tooLong');
const fingerprint = z
  .string()
  .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  .optional();

/** Servers that are not used may stay half filled in, so they are looked at only when their tick is set. */
const mailboxFields = z.strictObject({
  address: addressField,
  senderName: line(100),
  usesImap: checkbox(),
  imapHost: line(253),
  imapPort: line(5),
  imapSecurity: security,
  imapUser: line(200),
  imapPassword: password,
  imapTyped: line(4_000).optional(),
  imapFingerprint: fingerprint,
  imapFolder: line(200),
  usesSmtp: checkbox(),
  smtpSameLogin: checkbox(),
  smtpHost: line(253),
  smtpPort: line(5),
  smtpSecurity: security,
  smtpUser: line(200),
  smtpPassword: password,
  smtpTyped: line(4_000).optional(),
  smtpFingerprint: fingerprint,
  ...restFields,
});

export interface MailboxInput extends MailboxRest {
  address: string;
  senderName: string;
  imap: ImapSettings | undefined;
  smtp: ServerSettings | undefined;
  /** Signs in there without a password. */
  oauth?: { provider: OAuthProviderName; isShared: boolean };
}

interface TypedServer {
  host: string;
  port: string;
  security: Security;
  user: string;
  password: string;
  typed: string | undefined;
  fingerprint: string | undefined;
}

/**
 * Reads the form. A password that was left empty is the one typed for a test a moment ago, else the stored one; both
 * only while server and user name are the same, so that nobody can send a password they do not know to a host of theirs.
 */
export function readMailboxForm(
  app: App,
  actor: Actor,
  values: Record<string, unknown>,
  mailbox?: MailboxRow,
): Form<MailboxInput> {
  const form = checkForm(mailboxFields, values);
  if (!form.ok) return form;
  const { value } = form;
  const errors: FieldErrors = {};
  const imap = value.usesImap
    ? serverFrom(app, actor, 'imap', imapFields(value), mailbox && imapSettingsOf(app, mailbox), errors)
    : undefined;
  if (imap && !imap.password && !errors['imapPassword']) errors['imapPassword'] = 'mail.password.needed';
  const smtp = value.usesSmtp
    ? serverFrom(app, actor, 'smtp', smtpFields(value, imap), mailbox && smtpSettingsOf(app, mailbox), errors)
    : undefined;
  const rest = restFrom(value, errors);
  if (Object.keys(errors).length > 0) return { ok: false, values, errors };

  const { address, senderName } = value;
  const keepSent = rest.keepSent && imap !== undefined && smtp !== undefined && !keepsSentItself(smtp.host);
  const folder = value.imapFolder && value.imapFolder !== 'INBOX' ? { folder: value.imapFolder } : {};
  const input = { address, senderName, imap: imap && { ...imap, ...folder }, smtp, ...rest, keepSent };
  return { ok: true, value: input, values };
}

type Fields = z.infer<typeof mailboxFields>;

const imapFields = (value: Fields): TypedServer => ({
  host: value.imapHost,
  port: value.imapPort,
  security: value.imapSecurity,
  user: value.imapUser || value.address,
  password: value.imapPassword,
  typed: value.imapTyped,
  fingerprint: value.imapFingerprint,
});

function smtpFields(value: Fields, imap: ServerSettings | undefined): TypedServer {
  const same = value.smtpSameLogin && imap;
  return {
    host: value.smtpHost,
    port: value.smtpPort,
    security: value.smtpSecurity,
    user: same ? imap.user : value.smtpUser,
    password: same ? imap.password : value.smtpPassword,
    typed: same ? undefined : value.smtpTyped,
    fingerprint: value.smtpFingerprint,
  };
}

function serverFrom(
  app: App,
  actor: Actor,
  name: 'imap' | 'smtp',
  given: TypedServer,
  stored: ServerSettings | undefined,
  errors: FieldErrors,
): ServerSettings {
  const { security, user } = given;
  const host = hostIn(given.host);
  if (given.host === '') errors[`${name}Host`] = 'errors.field.required';
  else if (!host) errors[`${name}Host`] = 'mail.host.wrong';
  const port = /^\d{1,5}$/.test(given.port) ? Number(given.port) : 0;
  if (port < 1 || port > 65_535) errors[`${name}Port`] = 'mail.port.wrong';

  const place = { host: host ?? '', user };
  const isStored = stored?.host === place.host && stored.user === user;
  const typedBefore =
    given.typed === undefined ? undefined : openTypedPassword(app, actor, place, given.typed);
  const known = typedBefore ?? (isStored ? stored.password : '');
  if (!given.password && !known && stored?.password && !isStored)
    errors[`${name}Password`] = 'mail.password.again';
  const trust = given.fingerprint ? { trustedFingerprint: given.fingerprint } : {};
  return { host: place.host, port, security, user, password: given.password || known, ...trust };
}

/** A name or address of a server: also ones without a dot, as in an office network. */
function hostIn(typed: string): string | undefined {
  const text = typed.replace(/\.$/, '');
  if (isIP(text)) return text;
  const host = domainToASCII(text);
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host) && !host.includes('..') ? host : undefined;
}

/** `by`: without a password, where the provider takes one as well. */
export const suggestionForm = z.strictObject({ address: addressField, by: z.literal('oauth').optional() });
