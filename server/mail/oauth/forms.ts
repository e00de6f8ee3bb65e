// What is typed about mailboxes that sign in without a password, and about the firm's application. No field names a server.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { App } from '../../app';
import { checkbox, checkForm, type FieldErrors, type Form, line } from '../../web';
import { addressField } from '../address-field';
import { domainOf } from '../addresses';
import type { MailboxInput } from '../mailbox-form';
import { restFields, restFrom } from '../mailbox-rest';
import { suggestByDomain } from '../providers';
import { type Application, applicationAt } from './application';
import { OAUTH_PROVIDERS, type OAuthProviderName, type OAuthServer } from './provider';

const mailboxFields = z.strictObject({
  provider: z.enum(OAUTH_PROVIDERS, 'errors.field.invalid'),
  address: addressField,
  senderName: line(100),
  user: line(200),
  shared: checkbox(),
  imapFolder: line(200),
  ...restFields,
});

export function readOAuthMailbox(app: App, values: Record<string, unknown>): Form<MailboxInput> {
  const form = checkForm(mailboxFields, values);
  if (!form.ok) return form;
  const { value } = form;
  const errors: FieldErrors = {};
  const rest = restFrom(value, errors);
  if (Object.keys(errors).length > 0) return { ok: false, values, errors };

  const { address, senderName, provider: name } = value;
  const provider = app.hooks.oauthProviders()[name];
  const user = value.user || address;
  const folder = value.imapFolder && value.imapFolder !== 'INBOX' ? { folder: value.imapFolder } : {};
  const isPersonal = suggestByDomain(address, domainOf(address))?.provider === 'Outlook.com';
  const smtp = isPersonal ? (provider.personalSmtp ?? provider.smtp) : provider.smtp;
  const signsIn = (server: OAuthServer) => ({ ...server, user, password: '' });
  const input = {
    address,
    senderName,
    imap: { ...signsIn(provider.imap), ...folder },
    smtp: signsIn(smtp),
    oauth: { provider: name, isShared: provider.hasShared && value.shared },
    ...rest,
    // Both providers keep what leaves through their servers.
    keepSent: false,
  };
  return { ok: true, value: input, values };
}

/** Part of an address, so nothing else than what names a directory: a number of Microsoft's, a domain, or one of its own words. */
const tenant = line(100).transform((typed, context) => {
  const name = /^[\p{L}\p{N}.-]*$/u.test(typed) ? domainToASCII(typed) : '';
  const isName = typed === '' || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
  if (!isName) context.addIssue({ code: 'custom', message: 'mail.oauth.tenant.wrong' });
  return isName ? name : z.NEVER;
});

const oneWord = z
  .string()
  .trim()
  .max(500, 'errors.field.tooLong')
  .regex(/^[\x21-\x7e]*$/, 'errors.field.invalid');

const applicationFields = z.strictObject({
  clientId: oneWord.min(1, 'errors.field.required'),
  clientSecret: oneWord,
  tenant: tenant.optional(),
});

/** A secret left empty is the stored one, as long as it belongs to the same client ID. */
export function readApplication(
  app: App,
  provider: OAuthProviderName,
  values: Record<string, unknown>,
): Form<Application> {
  const form = checkForm(applicationFields, values);
  if (!form.ok) return form;
  const { clientId, clientSecret, tenant = '' } = form.value;
  const before = applicationAt(app, provider);
  const known = before?.clientId === clientId ? before.clientSecret : '';
  if (!clientSecret && !known) {
    const error = before ? 'mail.oauth.clientSecret.again' : 'errors.field.required';
    return { ok: false, values, errors: { clientSecret: error } };
  }
  return { ok: true, value: { clientId, clientSecret: clientSecret || known, tenant }, values };
}
