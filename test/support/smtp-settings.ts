// Settings that fit a test server.
import type { SmtpSettings } from '../../server/mail/smtp';
import type { Smtp } from './smtp';

export const DESK = 'desk@firm.test';
export const PASSWORD = 'correct horse';
/** Milliseconds; a test waits for nobody. */
export const QUICK = { connect: 3_000, greeting: 1_000, quiet: 1_500 };

export const settingsFor = (server: Smtp): SmtpSettings => ({
  host: server.host,
  port: server.port,
  security: server.options.tls ? 'tls' : server.options.startTls === false ? 'none' : 'starttls',
  user: server.options.auth ? DESK : '',
  password: PASSWORD,
  trustedFingerprint: server.certificate.fingerprint,
});
