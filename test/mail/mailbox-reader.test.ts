// A mailbox on a real IMAP server, read for as long as the server runs (M1, M5).
import disk from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ImapFlow } from 'imapflow';
import { systemClock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { until } from '../support/until';

let dovecot: Dovecot;
let desk: Desk;
let reader: MailboxReader | undefined;

beforeAll(async () => {
  dovecot = await startDovecot({
    users: Array.from({ length: 15 }, (_, n) => ({
      user: `box${n}@example.test`,
      password: 'correct horse',
    })),
  });
});
afterAll(() => dovecot.remove());

let box = -1;
let user = '';
beforeEach(() => {
  box += 1;
  user = `box${box}@example.test`;
  desk = openDesk({ clock: systemClock });
});
afterEach(async () => {
  await reader?.stop();
  await desk.close();
});

const DAY = 86_400_000;

function mailbox(firstFetchDays = 0, password = 'correct horse'): MailboxRow {
  return desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password },
    firstFetchDays,
  });
}
const mail = (subject: string, id = `${subject}@mail.example`) =>
  `From: Carla <carla@mail.example>\r\nTo: support@teapot.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n\r\nHello\r\n`;
const arrives = (subject: string, at?: Date) => dovecot.deliver(user, mail(subject), undefined, at);
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);
const now = (row: MailboxRow) => findMailboxById(desk.app.db, row.id) as MailboxRow;

/** Reads until the folder has been read once, as a first connection or as after a pause. */
async function read(row: MailboxRow): Promise<void> {
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await until('the first reading of the mailbox', () => now(row).last_fetch_at !== null);
  await desk.house.intake.settled();
}
const stop = async () => {
  await reader?.stop();
  reader = undefined;
};

test('M1: a mail is a ticket within seconds, by IDLE, and the server’s flags stay as they were', async () => {
  arrives('Old');
  await read(mailbox());
  arrives('New');
  await until('the ticket', () => subjects().length > 0);

  expect(subjects()).toEqual(['New']);
  expect(dovecot.flags(user)).toEqual(['', '']);
  expect(desk.rows('SELECT source, folder, uid FROM inbound_mails')).toEqual([
    { source: 'imap', folder: 'INBOX', uid: 2 },
  ]);
});

test('M5: from now on: what was there before the first connection stays there', async () => {
  for (const subject of ['One', 'Two', 'Three']) arrives(subject);
  await read(mailbox(0));

  expect(subjects()).toEqual([]);
});

test('M5: the last N days, marked as old, so that nothing answers them', async () => {
  arrives('Last month', new Date(Date.now() - 30 * DAY));
  arrives('Last week', new Date(Date.now() - 6 * DAY));
  arrives('Yesterday', new Date(Date.now() - DAY));
  await read(mailbox(7));
  arrives('Now', new Date(Date.now() + 1_000));
  await until('the new mail', () => subjects().length === 3);

  expect(subjects()).toEqual(['Last week', 'Yesterday', 'Now']);
  expect(desk.rows('SELECT is_old FROM inbound_mails ORDER BY id')).toEqual([
    { is_old: 1 },
    { is_old: 1 },
    { is_old: 0 },
  ]);
  expect(desk.queuedMails()).toEqual([]);
});

test('M1: after a week in which nothing ran everything is fetched, in order, once', async () => {
  const row = mailbox();
  await read(row);
  arrives('Before');
  await until('the mail before', () => subjects().length === 1);
  await stop();
  const week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  for (const [n, day] of week.entries()) arrives(day, new Date(Date.now() - (7 - n) * DAY));
  await read(row);

  expect(subjects()).toEqual(['Before', ...week]);
});

test('M1: an old mail that somebody moves into the folder is new there', async () => {
  const row = mailbox();
  await read(row);
  arrives('From last year', new Date(Date.now() - 300 * DAY));
  await until('the old mail', () => subjects().length === 1);

  expect(subjects()).toEqual(['From last year']);
  expect(desk.rows('SELECT is_old FROM inbound_mails')).toEqual([{ is_old: 1 }]);
});

test('M1: what somebody has read already in another program is fetched all the same', async () => {
  const row = mailbox();
  await read(row);
  await stop();
  for (const subject of ['One', 'Two', 'Three']) arrives(subject);
  const other = new ImapFlow({
    host: dovecot.host,
    port: dovecot.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: 'correct horse' },
    logger: false,
  });
  await other.connect();
  await other.mailboxOpen('INBOX');
  await other.messageFlagsAdd('1:*', ['\\Seen', '\\Answered']);
  await other.logout();
  await read(row);

  expect(subjects()).toEqual(['One', 'Two', 'Three']);
});

test('M1, M3: a folder that was numbered anew is read again, and no mail comes twice', async () => {
  const row = mailbox();
  await read(row);
  for (const subject of ['One', 'Two']) arrives(subject);
  await until('both mails', () => subjects().length === 2);
  await stop();
  await dovecot.changeUidValidity(user);
  arrives('Three');
  await read(row);

  expect(subjects()).toEqual(['One', 'Two', 'Three']);
  expect(desk.rows('SELECT count(*) AS n FROM messages')).toEqual([{ n: 3 }]);
});

test('M5: a folder that was numbered anew brings nothing from before the time that was asked for', async () => {
  arrives('Last year', new Date(Date.now() - 300 * DAY));
  const row = mailbox(7);
  await read(row);
  await stop();
  await dovecot.changeUidValidity(user);
  arrives('New');
  await read(row);

  expect(subjects()).toEqual(['New']);
});

test('M3: a crash between storing a mail and moving the cursor brings it once', async () => {
  const row = mailbox();
  await read(row);
  arrives('Once');
  await until('the mail', () => subjects().length === 1);
  await stop();
  desk.app.db.sql.prepare('UPDATE mail_cursors SET last_uid = last_uid - 1').run();
  await read(row);

  expect(subjects()).toEqual(['Once']);
});

test('M2: a mail that can’t be filed does not hold up the mailbox', async () => {
  await read(mailbox());
  dovecot.deliver(user, '\r\n\r\n');
  dovecot.deliver(user, 'no headers at all');
  arrives('Fine');
  await until('the good mail', () => subjects().includes('Fine'));

  expect(now({ id: 1 } as MailboxRow)?.failing_since).toBeNull();
});

test('AC-29: while the disk is nearly full mails wait on their server, and the mailbox says why', async () => {
  const row = mailbox();
  await read(row);
  const full = jest.spyOn(disk, 'statfs').mockResolvedValue({ bavail: 1_000, bsize: 4_096 } as never);
  arrives('Waits');
  await until('the alarm', () => now(row).failing_since !== null);
  expect(now(row).last_error).toBe('disk-full');
  expect(subjects()).toEqual([]);
  await stop();

  full.mockRestore();
  await read(row);
  expect(subjects()).toEqual(['Waits']);
  expect(now(row).last_error).toBeNull();
});

test('a wrong password is said with the server’s own words, and a right one heals it', async () => {
  const row = mailbox(0, 'wrong');
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await until('the refusal', () => now(row).failing_since !== null);
  expect(now(row).last_error).toMatch(/authentication failed/i);
  await stop();

  dovecot.changePassword(user, 'wrong');
  await read(row);
  expect(now(row)).toMatchObject({ failing_since: null, last_error: null });
  dovecot.changePassword(user, 'correct horse');
});

test('the reading stops at once, also while a server lets us wait for its greeting', async () => {
  const silent = createServer();
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
  const called = new Promise<Socket>((resolve) => silent.once('connection', resolve));
  const { port } = silent.address() as AddressInfo;
  const row = desk.mailbox('support@teapot.example', { imap: { port, user, password: 'any' } });
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  const socket = await called;
  await stop();

  socket.destroy();
  silent.close();
});

test('a mailbox that was removed is not read any more', async () => {
  const row = mailbox();
  desk.app.db.sql.prepare('UPDATE mailboxes SET deleted_at = 1').run();
  arrives('Never');
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await reader.stop();

  expect(now(row).last_fetch_at).toBeNull();
  expect(subjects()).toEqual([]);
});
