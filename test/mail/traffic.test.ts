// Readers and sender together, while mailboxes come, change and go.
import { systemClock } from '../../server/lib/clock';
import { MailTraffic } from '../../server/mail';
import { findMailboxById } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { letter, receive } from '../support/letters';
import { startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { reply } from '../support/writing';

let dovecot: Dovecot;
let desk: Desk;
let traffic: MailTraffic;

beforeAll(async () => {
  dovecot = await startDovecot();
});
afterAll(() => dovecot.remove());

beforeEach(() => {
  desk = openDesk({ clock: systemClock });
  traffic = new MailTraffic(() => desk.app);
});
afterEach(async () => {
  await traffic.stop();
  await desk.close();
});

const imap = () => ({ port: dovecot.port, user: dovecot.user, password: dovecot.password });
const fetched = (id: number) => findMailboxById(desk.app.db, id)?.last_fetch_at ?? null;

test('a mailbox that is added while the server runs is read from then on, by one reader', async () => {
  traffic.start();
  const box = desk.mailbox('support@teapot.example', { imap: imap() });
  await Promise.all([traffic.mailboxesChanged(), traffic.mailboxesChanged(), traffic.mailboxesChanged()]);
  await until('the first reading', () => fetched(box.id) !== null);
  dovecot.deliver(dovecot.user, 'From: carla@mail.example\r\nSubject: Hello\r\n\r\nHello\r\n');
  await until('the ticket', () => desk.rows('SELECT 1 FROM tickets').length > 0);
  await desk.house.intake.settled();

  expect(desk.rows('SELECT count(*) AS n FROM inbound_mails')).toEqual([{ n: 1 }]);
});

test('a change of mailboxes does not wait for a mail that a silent server is being handed', async () => {
  const smtp = await startSmtp({ silent: true });
  const box = desk.mailbox('support@teapot.example', { smtp: { port: smtp.port }, undoSeconds: 0 });
  reply(desk, receive(desk, letter(), box).ticket, 'Hello');
  traffic.start();
  await smtp.received(1);
  await traffic.mailboxesChanged();

  expect(desk.queuedMails()).toMatchObject([{ state: 'handing over' }]);
  await smtp.stop();
  await traffic.stop();
  expect(desk.queuedMails()).toMatchObject([{ state: 'uncertain' }]);
});

test('nothing is read or sent before the start, or after the stop', async () => {
  const box = desk.mailbox('support@teapot.example', { imap: imap() });
  await traffic.mailboxesChanged();
  traffic.start();
  await until('the first reading', () => fetched(box.id) !== null);
  await traffic.stop();
  const last = fetched(box.id);
  await traffic.mailboxesChanged();
  traffic.outboxChanged();

  expect(fetched(box.id)).toBe(last);
});
