// How a mailbox is doing, with real servers: what fails, since when, the next try, and mended on the mailbox's own page.
import { HOUR, SECOND } from '../../server/lib/clock';
import { findMailboxById, type MailboxRow } from '../../server/mail';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { Sender } from '../../server/mail/sender';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { letter, receive } from '../support/letters';
import { MAIL_PASSWORD, MAIL_USER, mailboxesOf, realMailboxFields, without } from '../support/mailbox-fields';
import { type Smtp, startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { reply } from '../support/writing';

let dovecot: Dovecot;
let smtp: Smtp;
let desk: Desk;
let doors: Doors;
let olga: Person;
let reader: MailboxReader | undefined;
let sender: Sender;

beforeAll(async () => {
  dovecot = await startDovecot();
  smtp = await startSmtp({ auth: { user: MAIL_USER, password: MAIL_PASSWORD }, tls: true });
});
afterAll(async () => {
  await dovecot.remove();
  await smtp.stop();
});
beforeEach(async () => {
  desk = openDesk({ hooks: { mailboxesChanged: async () => undefined } });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
  sender = new Sender(() => desk.app);
});
afterEach(async () => {
  await reader?.stop();
  reader = undefined;
  await sender.stop();
  await doors.close();
  await desk.close();
});

const form = (more: Record<string, string> = {}) => realMailboxFields(dovecot, smtp, more);
const only = () => mailboxesOf(desk)[0] as MailboxRow;
const list = async () => (await olga.get('/settings/mailboxes')).html;

async function readUntil(what: string, check: (row: MailboxRow) => boolean): Promise<void> {
  const { id } = only();
  reader = new MailboxReader(desk.app, id);
  reader.start();
  await until(what, () => check(findMailboxById(desk.app.db, id) as MailboxRow));
  await reader.stop();
}

test('O5: a changed password shows at once in the servers’ words, with the next try, and is mended on the same page', async () => {
  await olga.post('/settings/mailboxes', form({ imapPassword: 'old one' }));
  const { ticket } = receive(desk, letter(), only());
  reply(desk, ticket, 'Hello');
  desk.clock.pass(10 * SECOND);
  await sender.sendDue();
  await readUntil('the failure', ({ failing_since }) => failing_since !== null);

  const html = await list();
  for (const words of ['NO [AUTHENTICATIONFAILED]', '535 5.7.8', 'Failing', 'Not sending', 'Next try'])
    expect(html).toContain(words);
  expect(html).toContain(`href="/settings/mailboxes/${only().id}#field-imapPassword"`);
  expect(html).toContain(`href="/settings/mailboxes/${only().id}#field-smtpPassword"`);
  expect(html).toContain(new Date(only().next_try_at ?? 0).toISOString());
  expect(only().next_try_at).toBeGreaterThan(only().failing_since ?? 0);
  expect(desk.signals()).toContainEqual({ room: 'admins', event: 'mailboxes:changed' });

  expect((await olga.post(`/settings/mailboxes/${only().id}`, form())).status).toBe(303);
  await sender.sendDue();
  expect(smtp.mails).toHaveLength(1);
  await readUntil('the reading', ({ last_fetch_at }) => last_fetch_at !== null);
  const mended = await list();
  expect(mended).toContain('Working');
  for (const words of ['AUTHENTICATIONFAILED', '535', 'Next try']) expect(mended).not.toContain(words);
});

test('a certificate that nobody vouches for is told, its fingerprint shown by the test, and trusted on the same page', async () => {
  await olga.post('/settings/mailboxes', without(form(), 'imapFingerprint'));
  await readUntil('the failure', ({ failing_since }) => failing_since !== null);
  const html = await list();
  expect(html).toContain('The server’s certificate is not trusted.');
  expect(html).toContain('it shows the certificate’s fingerprint');

  const tested = await olga.post(`/settings/mailboxes/${only().id}/test`, without(form(), 'imapFingerprint'));
  expect(tested.html).toContain(dovecot.certificate.fingerprint);
  expect((await olga.post(`/settings/mailboxes/${only().id}`, form())).status).toBe(303);
  await readUntil('the reading', ({ last_fetch_at }) => last_fetch_at !== null);
  expect(await list()).toContain('Working');
});

test('what waits is named, and leads to the outbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const { ticket } = receive(desk, letter(), only());
  reply(desk, ticket, 'Hello');
  expect(await list()).toMatch(/<a href="\/outbox\?show=waiting">[^<]*1 mail waits to be sent\.<\/a>/);
});

test('O1: a mail that its server put off for hours leaves as soon as the mailbox is saved, one within its undo time does not', async () => {
  await olga.post('/settings/mailboxes', form());
  const { ticket } = receive(desk, letter(), only());
  smtp.options.answer = () => '451 4.3.0 later';
  reply(desk, ticket, 'Put off');
  for (let n = 0; n < 5; n++) {
    desk.clock.pass(2 * HOUR);
    await sender.sendDue();
  }
  smtp.options.answer = undefined;
  reply(desk, ticket, 'Just written');
  const before = smtp.mails.length;
  await olga.post(`/settings/mailboxes/${only().id}`, form());
  await sender.sendDue();

  expect(smtp.mails).toHaveLength(before + 1);
  expect(smtp.mails.at(-1)?.raw.toString()).toContain('Put off');
});
