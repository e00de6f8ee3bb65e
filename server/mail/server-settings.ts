// A mailbox's servers as stored: JSON without the password, the password sealed beside it.
import { z } from 'zod';
import type { App } from '../app';
import { seal, unseal } from '../lib/secret-box';
import type { ImapSettings } from './imap';
import type { ServerSettings } from './mail-server';
import type { MailboxRow } from './mailbox';

export const storedServer = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string(),
  folder: z.string().optional(),
  trustedFingerprint: z.string().optional(),
});

/** What connecting to the mailbox's IMAP server needs; undefined when it has none. */
export function imapSettingsOf(app: App, mailbox: MailboxRow): ImapSettings | undefined {
  return settingsOf(app, mailbox.imap, mailbox.imap_secret);
}

export function smtpSettingsOf(app: App, mailbox: MailboxRow): ServerSettings | undefined {
  const settings = settingsOf(app, mailbox.smtp, mailbox.smtp_secret);
  if (!settings) return undefined;
  const { folder: _folder, ...server } = settings;
  return server;
}

export const sealPassword = (app: App, password: string): Buffer => seal(app.key, password);

function settingsOf(app: App, stored: string | null, secret: Buffer | null): ImapSettings | undefined {
  if (stored === null) return undefined;
  return { ...storedServer.parse(JSON.parse(stored)), password: secret ? unseal(app.key, secret) : '' };
}
