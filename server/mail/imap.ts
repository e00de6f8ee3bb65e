// Opening an IMAP mailbox and testing one: a thin adapter around imapflow, whose errors become values here.
import { ImapFlow, type ImapFlowError } from 'imapflow';
import {
  CertificateRefused,
  checkCertificate,
  isCertificateError,
  isPlainRefused,
  isUnknownHost,
  lookupFor,
  PATIENCE,
  type Patience,
  PLAIN_REFUSED,
  type Refusal,
  refusal,
  type ServerSettings,
  TEST_PATIENCE,
  withoutSecrets,
} from './mail-server';

export interface ImapSettings extends ServerSettings {
  /** The folder that is read; INBOX when not given. */
  folder?: string;
}

/** An open, signed-in connection. Nothing more can be done with it once `gone` has resolved. */
export interface Imap {
  readonly client: ImapFlow;
  readonly greeting: string;
  readonly capabilities: string[];
  /** The server announced mails since they were last fetched. */
  news: boolean;
  readonly gone: Promise<void>;
  close(): Promise<void>;
}

export type ImapTest =
  | { ok: true; greeting: string; capabilities: string[]; folders: string[]; messages: number }
  | Refusal;

/** No single answer of a server is taken that is longer; mails are measured first (AC-25). */
const LONGEST_ANSWER = 128 * 1024 * 1024;
/** A server that does not say goodbye is left without. */
const GOODBYE_MS = 2_000;

/**
 * Connects and signs in. With `starttls` TLS is required. Nothing secret is sent before the certificate was
 * checked. Never throws. When `signal` is aborted it is `lost` at once.
 */
export async function openImap(
  settings: ImapSettings,
  patience = PATIENCE,
  signal?: AbortSignal,
): Promise<{ ok: true; imap: Imap } | Refusal> {
  if (isPlainRefused(settings)) return refusal('settings', 'plain-refused');
  const opened = await connect(settings, patience, settings.trustedFingerprint, signal);
  if (opened.ok || opened.code !== 'certificate' || opened.fingerprint) return opened;
  // Once more, as if some unknown certificate were trusted: greets, learns the fingerprint, and never signs in.
  return connect(settings, patience, 'unknown', signal);
}

/** What the wizard's *Test* shows: connects, signs in, opens the folder, and leaves everything as it was. */
export async function testImap(settings: ImapSettings, patience = TEST_PATIENCE): Promise<ImapTest> {
  const opened = await openImap(settings, patience);
  if (!opened.ok) return opened;
  const { imap } = opened;
  try {
    const folders = (await imap.client.list({ listOnly: true })).map(({ path }) => path);
    const { exists } = await imap.client.mailboxOpen(settings.folder ?? 'INBOX', { readOnly: true });
    return { ok: true, greeting: imap.greeting, capabilities: imap.capabilities, folders, messages: exists };
  } catch (error) {
    return refusal('folder', isAnswer(error) ? 'refused' : 'lost', { answer: answerOf(error, settings) });
  } finally {
    await imap.close();
  }
}

async function connect(
  settings: ImapSettings,
  patience: Patience,
  trusted?: string,
  signal?: AbortSignal,
): Promise<{ ok: true; imap: Imap } | Refusal> {
  if (signal?.aborted) return refusal('connect', 'lost');
  const client = new CheckedImapFlow(settings, patience, trusted);
  const gone = new Promise<void>((resolve) => client.once('close', resolve));
  // Reported by the command that fails; without a listener Node would end the process.
  client.on('error', () => {});
  const stop = () => client.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
  } catch (error) {
    client.close();
    return whyNot(error, client, settings);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const imap: Imap = {
    client,
    greeting: client.greeting ?? '',
    capabilities: [...client.capabilities.keys()],
    news: false,
    gone,
    close: () => close(client),
  };
  client.on('exists', ({ count, prevCount }) => {
    if (count > prevCount) imap.news = true;
  });
  return { ok: true, imap };
}

/** imapflow asks for STARTTLS after the greeting and before the sign-in, also when TLS is there already. */
class CheckedImapFlow extends ImapFlow {
  constructor(
    private readonly settings: ImapSettings,
    patience: Patience,
    private readonly trusted: string | undefined,
  ) {
    super({
      host: settings.host,
      port: settings.port,
      secure: settings.security === 'tls',
      doSTARTTLS: settings.security === 'starttls',
      auth: settings.accessToken
        ? { user: settings.user, accessToken: settings.accessToken }
        : { user: settings.user, pass: settings.password },
      tls: { lookup: lookupFor(settings), rejectUnauthorized: trusted === undefined },
      clientInfo: { name: 'Hearthdesk', version: false, vendor: false, 'support-url': false },
      logger: false,
      connectionTimeout: patience.connect,
      greetingTimeout: patience.greeting,
      socketTimeout: patience.quiet,
      maxLiteralSize: LONGEST_ANSWER,
      // The plain protocol of 1996, which every server speaks the same way.
      disableAutoIdle: true,
      disableAutoEnable: true,
      disableIMAP4rev2: true,
      disableCompression: true,
      disableBinary: true,
    });
  }

  override async upgradeToSTARTTLS(): Promise<boolean> {
    const secured = await super.upgradeToSTARTTLS();
    if (this.trusted !== undefined && this.settings.security !== 'none') {
      checkCertificate(Reflect.get(this, 'socket'), this.trusted);
    }
    return secured;
  }
}

function whyNot(error: unknown, client: ImapFlow, settings: ImapSettings): Refusal {
  const { code = '', tlsFailed, authenticationFailed } = error as ImapFlowError;
  const goodbye = client.byeReason ? withoutSecrets(`BYE ${client.byeReason}`, settings) : undefined;
  if (error instanceof CertificateRefused)
    return refusal('tls', 'certificate', { fingerprint: error.fingerprint });
  if (isCertificateError(code)) return refusal('tls', 'certificate');
  if (code === PLAIN_REFUSED) return refusal('settings', 'plain-refused');
  if (isUnknownHost(code)) return refusal('resolve', 'no-such-host');
  if (client.greeting === undefined) {
    return goodbye
      ? refusal('greeting', 'turned-away', { answer: goodbye })
      : refusal('connect', 'no-mail-server');
  }
  if (tlsFailed) return refusal('tls', 'no-starttls');
  if (authenticationFailed || isAnswer(error)) {
    return refusal('sign-in', 'refused', { answer: answerOf(error, settings) });
  }
  return refusal('sign-in', 'lost', { answer: goodbye });
}

/** The server itself said no, as opposed to a connection that broke. */
export const isAnswer = (error: unknown): error is ImapFlowError =>
  /^(NO|BAD)$/.test((error as ImapFlowError).responseStatus ?? '');

/** "NO [AUTHENTICATIONFAILED] Authentication failed.", without user name and password. */
export function answerOf(error: unknown, settings: ServerSettings): string | undefined {
  const { responseStatus, serverResponseCode, responseText, authenticationFailed, message } =
    error as ImapFlowError;
  if (!responseStatus) return authenticationFailed ? message : undefined;
  const words = [responseStatus, serverResponseCode && `[${serverResponseCode}]`, responseText];
  return withoutSecrets(words.filter(Boolean).join(' '), settings);
}

async function close(client: ImapFlow): Promise<void> {
  const impatient = setTimeout(() => client.close(), GOODBYE_MS);
  await client.logout().catch(() => client.close());
  clearTimeout(impatient);
}
