// Mailboxes on a test server, connections that are closed after each test, and short ways to fetch.
import { ImapFlow } from 'imapflow';
import { type Imap, type ImapSettings, openImap } from '../../server/mail/imap';
import {
  type Cursor,
  type FetchEnd,
  type FetchedMail,
  fetchSince,
  firstCursor,
} from '../../server/mail/imap-fetch';
import { type Dovecot, startDovecot } from './dovecot';

/** Milliseconds; a test waits for nobody. */
export const QUICK = { connect: 1_500, greeting: 400, quiet: 3_000 };
const PASSWORD = 'correct horse';
const MANY = 80;

export interface Desks {
  readonly dovecot: Dovecot;
  /** The settings of a mailbox that no test has used, or of the one on another server. */
  desk(other?: Dovecot): ImapSettings;
  connected(settings: ImapSettings): Promise<Imap>;
}

/** Connections that are closed after each test. */
export function useConnections(): (settings: ImapSettings) => Promise<Imap> {
  const open: Imap[] = [];
  afterEach(() => Promise.all(open.splice(0).map((imap) => imap.close())));
  return async (settings) => {
    const opened = await openImap(settings, QUICK);
    if (!opened.ok) throw new Error(JSON.stringify(opened));
    open.push(opened.imap);
    return opened.imap;
  };
}

/** One server for the tests of a file. */
export function useDesks(): Desks {
  const users = Array.from({ length: MANY }, (_, i) => ({
    user: `desk${i}@example.test`,
    password: PASSWORD,
  }));
  let dovecot: Dovecot;
  let used = 0;
  beforeAll(async () => {
    dovecot = await startDovecot({ users });
  });
  afterAll(() => dovecot.remove());
  return {
    get dovecot() {
      return dovecot;
    },
    desk(server = dovecot) {
      const user = server === dovecot ? `desk${used++}@example.test` : server.user;
      const { host, port, certificate } = server;
      return {
        host,
        port,
        security: 'starttls',
        user,
        password: PASSWORD,
        trustedFingerprint: certificate.fingerprint,
      };
    },
    connected: useConnections(),
  };
}

export const mail = (subject: string, body = 'Hello') =>
  `From: carla@example.com\r\nSubject: ${subject}\r\n\r\n${body}\r\n`;

export const subjects = (mails: FetchedMail[]) =>
  mails.map(({ raw }) => /Subject: (.*)\r/.exec(raw.toString())?.[1]);

export async function fetchAll(
  imap: Imap,
  cursor: Cursor,
  maxBytes?: number,
): Promise<{ mails: FetchedMail[]; end: FetchEnd }> {
  const mails: FetchedMail[] = [];
  const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one), { maxBytes });
  return { mails, end };
}

/** Where reading begins; the tests' mailboxes always have an INBOX. */
export const cursorOf = async (imap: Imap, days = 0) =>
  (await firstCursor(imap, 'INBOX', days, Date.now())) as Cursor;

/** What another mail program does in the INBOX of a user; then the subjects that are there, oldest first. */
export async function onServer(
  { host, port }: Dovecot,
  user: string,
  act: (client: ImapFlow) => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const auth = { user, pass: PASSWORD };
  const client = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth, logger: false });
  await client.connect();
  await client.mailboxOpen('INBOX');
  await act(client);
  const { exists } = await client.mailboxOpen('INBOX');
  const mails = exists > 0 ? await client.fetchAll('1:*', { envelope: true }) : [];
  await client.logout();
  return mails.map(({ envelope }) => envelope?.subject ?? '');
}
