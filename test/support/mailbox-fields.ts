// The form of a mailbox as its page sends it when everything is right, and what is stored of it.
import type { MailboxRow } from '../../server/mail';
import type { Desk } from './desk';
import type { Dovecot } from './dovecot';
import type { Smtp } from './smtp';

export const MAIL_USER = 'desk@example.test';
export const MAIL_PASSWORD = 'correct horse';

type Fields = Record<string, string>;

/** With servers that are not there: enough for everything but a test. */
export const mailboxFields = (more: Fields = {}): Fields => ({
  address: MAIL_USER,
  senderName: 'Teapot support',
  usesImap: 'on',
  imapHost: 'imap.example.test',
  imapPort: '993',
  imapSecurity: 'tls',
  imapUser: '',
  imapPassword: MAIL_PASSWORD,
  imapFolder: '',
  usesSmtp: 'on',
  smtpSameLogin: 'on',
  smtpHost: 'smtp.example.test',
  smtpPort: '465',
  smtpSecurity: 'tls',
  smtpUser: '',
  smtpPassword: '',
  firstFetch: 'now',
  firstFetchDays: '30',
  reopenClosed: 'days',
  reopenDays: '30',
  undoSeconds: '10',
  authentication: 'server',
  authservId: '',
  ...more,
});

/** With real servers, whose own certificates are trusted. */
export const realMailboxFields = (imap: Dovecot, smtp: Smtp, more: Fields = {}): Fields =>
  mailboxFields({
    imapHost: imap.host,
    imapPort: String(imap.tlsPort),
    imapFingerprint: imap.certificate.fingerprint,
    smtpHost: smtp.host,
    smtpPort: String(smtp.port),
    smtpFingerprint: smtp.certificate.fingerprint,
    ...more,
  });

export const without = (fields: Fields, ...names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** All but the built-in one, oldest first. */
export const mailboxesOf = ({ app }: Desk): MailboxRow[] =>
  app.db.sql.prepare('SELECT * FROM mailboxes WHERE is_local = 0 ORDER BY id').all() as MailboxRow[];
