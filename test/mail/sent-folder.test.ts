// Copies of sent mails in the mailbox's own folder, on a real IMAP server: each once, after the sending, never in its way.
import { existsSync } from 'node:fs';
import { ImapFlow } from 'imapflow';
import { DAY, HOUR, SECOND } from '../../server/lib/clock';
import {
  type MailboxRow,
  markInDoubtAfterCrash,
  rawPath,
  sealPassword,
  settleUncertain,
  sweepRawMails,
} from '../../server/mail';
import { findOutboxOfMessage, type OutboxRow } from '../../server/mail/queries';
import { Sender } from '../../server/mail/sender';
import { type CopyRow, findCopyOf } from '../../server/mail/sent-copies';
import { keepsSentItself, storeDueCopies } from '../../server/mail/sent-folder';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { letter, receive } from '../support/letters';
import { mailboxFields } from '../support/mailbox-fields';
import { type Smtp, startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { reply } from '../support/writing';

const PASSWORD = 'correct horse';
let dovecot: Dovecot;
let desk: Desk;
let doors: Doors;
let olga: Person;
let smtp: Smtp;
let sender: Sender;
let support: MailboxRow;
let box = -1;
let user = '';

beforeAll(async () => {
  const users = Array.from({ length: 14 }, (_, n) => ({ user: `sent${n}@example.test`, password: PASSWORD }));
  dovecot = await startDovecot({ users, sentFolder: 'Gesendet' });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  box += 1;
  user = `sent${box}@example.test`;
  smtp = await startSmtp();
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
  support = desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: PASSWORD },
    smtp: { port: smtp.port },
  });
  keepSent(1);
  sender = new Sender(() => desk.app);
});
afterEach(async () => {
  await sender.stop();
  await doors.close();
  await desk.close();
  await smtp.stop();
});

const keepSent = (on: number) => desk.app.db.sql.prepare('UPDATE mailboxes SET keep_sent = ?').run(on);
const write = (text: string) => reply(desk, receive(desk, letter(), support).ticket, text);
async function send(): Promise<void> {
  desk.clock.pass(10 * SECOND);
  await sender.sendDue();
}
const store = () => storeDueCopies(desk.app, new AbortController().signal);
const outboxOf = (message: { id: number }) => findOutboxOfMessage(desk.app.db, message.id) as OutboxRow;
const copyOf = (message: { id: number }) => findCopyOf(desk.app.db, outboxOf(message).id) as CopyRow;
const isOnDisk = (name: string | null | undefined) =>
  Boolean(name) && existsSync(rawPath(desk.data, name ?? ''));

/** What lies in the folder for sent mail, as another mail program sees it. */
async function sentMails(): Promise<{ raw: Buffer; flags: Set<string> }[]> {
  const { host, port } = dovecot;
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: PASSWORD },
    logger: false,
  });
  await client.connect();
  const { exists } = await client.mailboxOpen('Gesendet');
  const mails = exists > 0 ? await client.fetchAll('1:*', { source: true, flags: true }) : [];
  await client.logout();
  return mails.map(({ source, flags }) => ({ raw: source ?? Buffer.alloc(0), flags: flags ?? new Set() }));
}

test('a mail that left is stored in the folder that bears the mark, byte for byte, as read, and once', async () => {
  const message = write('Have you tried descaling it?');
  await send();
  const waiting = copyOf(message);
  expect(waiting).toMatchObject({ state: 'waiting', attempts: 0 });
  expect(isOnDisk(waiting.disk_name)).toBe(true);
  await store();
  await store();

  const [mail, ...others] = await sentMails();
  expect(others).toEqual([]);
  expect(mail?.raw.equals(smtp.mails[0]?.raw ?? Buffer.alloc(0))).toBe(true);
  expect(mail?.flags.has('\\Seen')).toBe(true);
  expect(copyOf(message)).toMatchObject({ state: 'stored', folder: 'Gesendet', disk_name: null });
  await until('its bytes to be gone', () => !isOnDisk(waiting.disk_name));
  const ticket = desk.ticketNow({ id: message.ticket_id });
  const evidence = await olga.get(`/tickets/${ticket.number}/messages/${message.id}/evidence`);
  expect(evidence.html).toContain('Gesendet, ');
});

test('an IMAP server that is away delays no sending, is asked again, and the mailbox says so', async () => {
  desk.app.db.sql
    .prepare('UPDATE mailboxes SET imap = ?')
    .run(JSON.stringify({ host: '127.0.0.1', port: 9, security: 'none', user }));
  const message = write('Hello');
  await send();
  expect(smtp.mails).toHaveLength(1);
  expect(outboxOf(message).state).toBe('sent');
  await store();
  expect(copyOf(message)).toMatchObject({ state: 'waiting', attempts: 1, last_error: 'no-mail-server' });
  expect((await olga.get('/settings/mailboxes')).html).toContain(
    '1 copy of a sent mail is not in its folder',
  );
  await store();
  expect(copyOf(message).attempts).toBe(1);

  desk.app.db.sql
    .prepare('UPDATE mailboxes SET imap = ?')
    .run(JSON.stringify({ host: '127.0.0.1', port: dovecot.port, security: 'none', user }));
  desk.clock.pass(HOUR);
  await store();
  expect(await sentMails()).toHaveLength(1);
  expect((await olga.get('/settings/mailboxes')).html).not.toContain('not in its folder');
});

test('after a week it is given up, and the mailbox goes on saying so', async () => {
  desk.app.db.sql.prepare('UPDATE mailboxes SET imap_secret = ?').run(sealPassword(desk.app, 'changed'));
  const message = write('Hello');
  await send();
  const { disk_name: name } = copyOf(message);
  for (let day = 0; day < 9 && copyOf(message).state === 'waiting'; day++) {
    await store();
    desk.clock.pass(DAY);
  }
  expect(copyOf(message)).toMatchObject({ state: 'failed', disk_name: null });
  expect(copyOf(message).last_error).toContain('AUTHENTICATIONFAILED');
  expect(desk.clock.now() - copyOf(message).created_at).toBeGreaterThan(6 * DAY);
  await until('its bytes to be gone', () => !isOnDisk(name));
  expect((await olga.get('/settings/mailboxes')).html).toContain('AUTHENTICATIONFAILED');
});

test('O1: never twice: an APPEND whose answer was lost is found again by its Message-ID', async () => {
  const message = write('Hello');
  await send();
  const copy = copyOf(message);
  await store();
  desk.app.db.sql
    .prepare("UPDATE sent_copies SET state = 'waiting', disk_name = ?, folder = NULL WHERE id = ?")
    .run(copy.disk_name, copy.id);
  await store();
  expect(await sentMails()).toHaveLength(1);
  expect(copyOf(message)).toMatchObject({ state: 'stored', folder: 'Gesendet' });
});

test('O5: a mail that was taken for some of its recipients is stored once, however often the others are tried', async () => {
  const { ticket } = receive(desk, letter({ cc: ['emil@mail.example'] }), support);
  desk.app.db.sql.prepare("UPDATE participants SET state = 'accepted'").run();
  smtp.options.refuse = (to) => (to.startsWith('emil') ? '450 4.2.1 later' : undefined);
  const message = reply(desk, ticket, 'Hello');
  await send();
  expect(smtp.mails).toHaveLength(1);
  await store();
  smtp.options.refuse = undefined;
  desk.clock.pass(HOUR);
  await sender.sendDue();
  await store();

  expect(smtp.mails).toHaveLength(2);
  expect(outboxOf(message).state).toBe('sent');
  expect(await sentMails()).toHaveLength(1);
});

test('a mail that did not leave is stored nowhere, and what was made for it goes', async () => {
  smtp.options.refuse = () => '550 5.1.1 no such user';
  const message = write('Hello');
  await send();
  await store();
  expect(copyOf(message)).toBeUndefined();
  expect(await sentMails()).toEqual([]);
  desk.clock.pass(3 * DAY);
  const { now } = desk.app.clock;
  desk.app.clock.now = () => Math.max(now(), Date.now() + DAY);
  expect(await sweepRawMails(desk.app)).toBe(0);
});

test('O1: the copy of one in doubt waits for the decision with it', async () => {
  smtp.options.dropAt = 'answer';
  const message = write('Hello');
  await send();
  expect(outboxOf(message).state).toBe('uncertain');
  await store();
  expect(copyOf(message).state).toBe('pending');
  expect(await sentMails()).toEqual([]);

  desk.app.db.tx(() => settleUncertain(desk.app, outboxOf(message)));
  await store();
  expect(await sentMails()).toHaveLength(1);
});

test('O1: so does that of one over which the server died', async () => {
  const message = write('Hello');
  await send();
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'handing over'").run();
  desk.app.db.sql.prepare("UPDATE sent_copies SET state = 'pending'").run();
  desk.app.db.tx(() => markInDoubtAfterCrash(desk.app));
  await store();
  expect(isOnDisk(copyOf(message).disk_name)).toBe(true);
  expect(await sentMails()).toEqual([]);
});

test('where it is not wished, or not any more, nothing is stored', async () => {
  keepSent(0);
  const first = write('One');
  await send();
  expect(copyOf(first)).toBeUndefined();
  keepSent(1);
  const second = write('Two');
  await send();
  keepSent(0);
  await store();
  expect(copyOf(second)).toBeUndefined();
  expect(await sentMails()).toEqual([]);
});

test('P3: with its message a copy goes from the disk too', async () => {
  const message = write('Hello');
  await send();
  desk.app.db.sql.prepare('DELETE FROM outbox').run();
  expect(desk.rows('SELECT id FROM sent_copies')).toEqual([]);
  expect(message.id).toBeGreaterThan(0);
});

test('Google and Microsoft do it by themselves: the form says so and stores no wish', async () => {
  for (const host of [
    'smtp.gmail.com',
    'SMTP.Office365.com',
    'smtp-mail.outlook.com',
    'smtp-relay.gmail.com',
  ])
    expect([host, keepsSentItself(host)]).toEqual([host, true]);
  for (const host of ['smtp.fastmail.com', 'gmail.com.example.test', 'notgmail.com', 'mail.example.test'])
    expect([host, keepsSentItself(host)]).toEqual([host, false]);

  const add = (address: string, smtpHost: string) =>
    olga.post('/settings/mailboxes', mailboxFields({ address, smtpHost, keepSent: 'on' }));
  await add('one@firm.test', 'smtp.gmail.com');
  await add('two@firm.test', 'smtp.example.test');
  const [, one, two] = desk.rows<{ id: number; keep_sent: number }>(
    'SELECT id, keep_sent FROM mailboxes ORDER BY id',
  );
  expect([one?.keep_sent, two?.keep_sent]).toEqual([0, 1]);
  expect((await olga.get(`/settings/mailboxes/${one?.id}`)).html).toContain(
    'smtp.gmail.com keeps a copy of each mail in the folder for sent mail by itself',
  );
  expect((await olga.get(`/settings/mailboxes/${two?.id}`)).html).toMatch(/name="keepSent"[^>]*checked/);
});
