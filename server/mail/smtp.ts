// Opening a connection to an SMTP server and testing one: a thin adapter around nodemailer's connection.
import { connect as connectSocket, type Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import {
  CertificateRefused,
  checkCertificate,
  isCertificateError,
  isPlainRefused,
  isUnknownHost,
  lookupFor,
  type Patience,
  PLAIN_REFUSED,
  type Refusal,
  refusal,
  type ServerSettings,
  TEST_PATIENCE,
  withoutSecrets,
} from './mail-server';

/** Without a user name nobody signs in, as with relays inside a network. */
export type SmtpSettings = ServerSettings;

/** A connection that is ready for a mail. */
export interface Smtp {
  readonly connection: SMTPConnection;
  readonly greeting: string;
  /** What the server answered to the sign-in, or to EHLO when there was none. */
  readonly answer: string;
  /** The lines of EHLO: "PIPELINING", "SIZE 26214400", … */
  readonly features: string[];
  /** Octets a mail may have; undefined when the server does not say. */
  readonly sizeLimit: number | undefined;
}

export type SmtpTest =
  | { ok: true; greeting: string; answer: string; features: string[]; sizeLimit?: number }
  | Refusal;

/** A nodemailer error: the code of the system stands behind its own. */
export interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  response?: string;
  responseCode?: number;
  command?: string;
}

/** Who we say we are. The true name of the machine is nobody's business, and mail servers do not ask for it here. */
const OUR_NAME = '[127.0.0.1]';
const LONGEST_ANSWER = 64 * 1024;
/** A server that does not answer QUIT is left without. */
const GOODBYE_MS = 2_000;

/** Connects, greets, secures and signs in; sends nothing secret before the certificate was checked. Never throws. */
export async function openSmtp(
  settings: SmtpSettings,
  patience: Patience,
): Promise<{ ok: true; smtp: Smtp } | Refusal> {
  if (isPlainRefused(settings)) return refusal('settings', 'plain-refused');
  const opened = await open(settings, patience, settings.trustedFingerprint);
  if (opened.ok || opened.code !== 'certificate' || opened.fingerprint) return opened;
  // Once more, as if some unknown certificate were trusted: greets, learns the fingerprint, and never signs in.
  return open(settings, patience, 'unknown');
}

/** What the wizard's *Test* shows. No mail is sent. */
export async function testSmtp(settings: SmtpSettings, patience = TEST_PATIENCE): Promise<SmtpTest> {
  const opened = await openSmtp(settings, patience);
  if (!opened.ok) return opened;
  const { connection, ...told } = opened.smtp;
  leave(connection);
  return { ok: true, ...told };
}

/** Says goodbye without waiting for the answer. */
export function leave(connection: SMTPConnection): void {
  connection.quit();
  setTimeout(() => connection.close(), GOODBYE_MS).unref();
}

/** One step of the conversation as a promise; a connection that breaks ends it too. */
export function step<T>(
  connection: SMTPConnection,
  start: (done: (error?: Error | null, result?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    // Later than an answer that came with the end.
    connection.once('end', () => setImmediate(reject, new Error('the connection ended')));
    start((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}

async function open(
  settings: SmtpSettings,
  patience: Patience,
  trusted?: string,
): Promise<{ ok: true; smtp: Smtp } | Refusal> {
  const dialled = await dial(settings, patience);
  if ('code' in dialled) return whyNoConnection(dialled.code);

  const said: string[] = [];
  const connection = speakOver(dialled.socket, settings, patience, trusted, said);
  try {
    await step(connection, (done) => connection.connect(done));
    if (trusted !== undefined && settings.security !== 'none') checkCertificate(connection._socket, trusted);
  } catch (error) {
    connection.close();
    return whyNot(error as SmtpError, said, settings);
  }

  const greeting = withoutCode(said[0] ?? '');
  const features = (said.at(-1) ?? '').split('\n').slice(1).map(withoutCode);
  const size = features.map((line) => /^SIZE (\d+)$/i.exec(line)?.[1]).find(Boolean);
  try {
    if (settings.user) {
      const login = await loginOf(settings);
      await step(connection, (done) => connection.login(login, done));
    }
  } catch (error) {
    connection.close();
    const { response } = error as SmtpError;
    return refusal('sign-in', response ? 'refused' : 'lost', {
      answer: response && withoutSecrets(response, settings),
    });
  }
  const answer = withoutSecrets(said.at(-1) ?? '', settings);
  return { ok: true, smtp: { connection, greeting, answer, features, sizeLimit: Number(size) || undefined } };
}

/** nodemailer is given the token alone: having another one is ours. Most servers never need this part of it. */
async function loginOf({ user, password, accessToken }: SmtpSettings) {
  if (!accessToken) return { user, pass: password };
  const { default: XOAuth2 } = await import('nodemailer/lib/xoauth2');
  return { user, oauth2: new XOAuth2({ user, accessToken }) };
}

/** The bare connection, so that it is ours to say which addresses are meant and how long it may take. */
function dial(settings: SmtpSettings, patience: Patience): Promise<{ socket: Socket } | { code: string }> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host: settings.host, port: settings.port, lookup: lookupFor(settings) });
    const late = setTimeout(() => socket.destroy(), patience.connect);
    const failed = ({ code = '' }: NodeJS.ErrnoException) => resolve({ code });
    socket.once('error', failed);
    socket.once('close', () => {
      clearTimeout(late);
      resolve({ code: '' });
    });
    socket.once('connect', () => {
      clearTimeout(late);
      socket.off('error', failed);
      resolve({ socket });
    });
  });
}

function speakOver(
  socket: Socket,
  settings: SmtpSettings,
  patience: Patience,
  trusted: string | undefined,
  said: string[],
) {
  const listen = (entry: { tnx?: string }, text: string) => void (entry.tnx === 'server' && said.push(text));
  const ignore = () => {};
  const connection = new SMTPConnection({
    connection: socket,
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    tls: { rejectUnauthorized: trusted === undefined },
    name: OUR_NAME,
    connectionTimeout: patience.connect + patience.greeting,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.quiet,
    maxResponseSize: LONGEST_ANSWER,
    // Only what the server said is kept; what we say holds the password.
    transactionLog: true,
    logger: { debug: listen, trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
  });
  // Reported by the step that fails; without a listener Node would end the process.
  connection.on('error', ignore);
  return connection;
}

function whyNoConnection(code: string): Refusal {
  if (code === PLAIN_REFUSED) return refusal('settings', 'plain-refused');
  return isUnknownHost(code) ? refusal('resolve', 'no-such-host') : refusal('connect', 'no-mail-server');
}

function whyNot(error: SmtpError, said: string[], settings: SmtpSettings): Refusal {
  const [greeting = ''] = said;
  const answer = error.response ? withoutSecrets(error.response, settings) : undefined;
  if (error instanceof CertificateRefused)
    return refusal('tls', 'certificate', { fingerprint: error.fingerprint });
  if (isCertificateError(error.originalCode ?? error.code ?? '')) return refusal('tls', 'certificate');
  if (/^[45]\d\d[ -]/.test(greeting))
    return refusal('greeting', 'turned-away', { answer: withoutSecrets(greeting, settings) });
  if (!/^220[ -]/.test(greeting)) return refusal('connect', 'no-mail-server');
  if (error.code === 'ETLS') return refusal('tls', 'no-starttls', { answer });
  return refusal('greeting', answer ? 'turned-away' : 'lost', { answer });
}

const withoutCode = (line: string) => line.replace(/^\d{3}[ -]/, '').trim();
