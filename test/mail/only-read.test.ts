// Only read: a firm runs beside its old mail program. Nothing is sent, nothing on the server changes, answers are found among sent mails.
import { mailNotice } from '../../server/agents/account-mail';
import { SECOND, systemClock } from '../../server/lib/clock';
import { type MailboxRow, sealPassword } from '../../server/mail';
import { saveAnswers } from '../../server/mail/answers/answers';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { changeOnlyRead } from '../../server/mail/only-read';
import { countMailTrouble, findMailboxById } from '../../server/mail/queries';
import { Sender } from '../../server/mail/sender';
import { storeDueCopies } from '../../server/mail/sent-folder';
import type { Ticket } from '../../server/tickets';
import { ON } from '../support/answering';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { forward } from '../support/forwarding';
import { letter, receive } from '../support/letters';
import { type Smtp, startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { reply, tryReply, words } from '../support/writing';

const PASSWORD = 'correct horse';
let dovecot: Dovecot;
let smtp: Smtp;
let desk: Desk;
let support: MailboxRow;
let doors: Doors;
let olga: Person;
let sender: Sender;
let reader: MailboxReader | undefined;
let box = -1;
let user = '';

beforeAll(async () => {
  const users = Array.from({ length: 20 }, (_, n) => ({ user: `box${n}@example.test`, password: PASSWORD }));
  dovecot = await startDovecot({ users, sentFolder: 'Sent', junkFolder: 'Junk' });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  box += 1;
  user = `box${box}@example.test`;
  smtp = await startSmtp();
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: PASSWORD },
    smtp: { port: smtp.port },
    firstFetchDays: 30,
  });
  sender = new Sender(() => desk.app);
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await reader?.stop();
  reader = undefined;
  await sender.stop();
  await doors.close();
  await desk.close();
  await smtp.stop();
});

const now = () => findMailboxById(desk.app.db, support.id) as MailboxRow;
const turn = (isOn: boolean) => desk.app.db.tx(() => changeOnlyRead(desk.app, desk.owner, now(), isOn));
const arrived = () => receive(desk, letter(), support).ticket;
const tickets = () => desk.rows<Ticket>('SELECT * FROM tickets ORDER BY id');
async function send() {
  desk.clock.pass(60 * SECOND);
  await sender.sendDue();
  return smtp.mails;
}
const states = () => desk.queuedMails().map(({ state }) => state);

test('the composer says why there is no reply, offers notes, and keeps the draft', async () => {
  const ticket = arrived();
  const page = `/tickets/${ticket.number}`;
  const ana = doors.as(desk.ana);
  turn(true);
  const { html } = await ana.get(page);
  expect(html).toContain('support@teapot.example is only read here');
  expect(html).not.toContain(`action="${page}/replies"`);
  expect(html).toContain(`action="${page}/notes"`);

  const late = await ana.post(`${page}/replies`, {
    clientId: 'b'.repeat(32),
    words: 'Written before the switch',
    seenSequence: '1',
    thenStatus: 'pending',
  });
  expect(late.status).toBe(409);
  expect(late.html).toContain('is only read here');
  expect(desk.rows("SELECT words FROM drafts WHERE kind = 'reply'")).toEqual([
    { words: 'Written before the switch' },
  ]);
  expect(tryReply(desk, ticket, words('Once more'))).toMatchObject({ held: true, because: 'only-read' });
  expect(desk.queuedMails()).toEqual([]);
});

test('nothing is sent for its tickets by another mailbox either: no forward, no automatic answer', async () => {
  desk.mailbox('sales@teapot.example', { smtp: { port: smtp.port } });
  desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, support, ON));
  turn(true);
  const ticket = arrived();
  expect(() => forward(desk, ticket)).toThrow('only read');
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}/forward`);
  expect(html).toContain('is only read here');
  expect(desk.queuedMails()).toEqual([]);
});

test('an agent cannot write first from it, and an account’s mail does not leave from it', async () => {
  turn(true);
  const ana = doors.as(desk.ana);
  expect((await ana.get('/tickets/new')).html).toContain('The mailboxes are only read');
  const { status, html } = await ana.post('/tickets', {
    clientId: 'a'.repeat(32),
    name: 'Dora',
    email: 'dora@mail.example',
    subject: 'Your order',
    words: 'It has come.',
  });
  expect(status).toBe(422);
  expect(html).toContain('The mailboxes are only read');
  expect(desk.app.db.tx(() => mailNotice(desk.app, desk.ana, 'passwordChanged', 'ana@teapot.example'))).toBe(
    false,
  );
  expect(desk.queuedMails()).toEqual([]);
});

test('O5: what was waiting is held and says so; it stays held while the mailbox is only read, and after', async () => {
  const ticket = arrived();
  const message = reply(desk, ticket, 'On its way');
  turn(true);
  expect(states()).toEqual(['held']);
  expect(await send()).toEqual([]);
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  const ana = doors.as(desk.ana);
  expect((await ana.get(`/tickets/${ticket.number}`)).html).toContain(
    'Its mailbox is only read: nothing is sent',
  );
  expect((await ana.get('/outbox?show=held')).html).toContain('Its mailbox is only read. It stays here');

  await ana.post(`/tickets/${ticket.number}/messages/${message.id}/resend`);
  expect(states()).toEqual(['held']);
  turn(false);
  expect(await send()).toEqual([]);
  expect(states()).toEqual(['held']);
  await ana.post(`/tickets/${ticket.number}/messages/${message.id}/resend`);
  expect(await send()).toHaveLength(1);
});

test('O1: a switch while the server greets is in time', async () => {
  const flip = () => void desk.app.db.sql.prepare('UPDATE mailboxes SET only_reads = 1').run();
  const slow = await startSmtp({
    auth: {
      // Asked for when somebody signs in, which is before the mail is offered.
      get user() {
        flip();
        return 'support';
      },
      password: PASSWORD,
    },
  });
  desk.app.db.sql
    .prepare(
      "UPDATE mailboxes SET only_reads = 0, smtp = json_set(smtp, '$.port', ?, '$.user', 'support'), smtp_secret = ?",
    )
    .run(slow.port, sealPassword(desk.app, PASSWORD));
  reply(desk, arrived(), 'On its way');
  await send();
  expect(now().only_reads).toBe(1);
  expect(slow.mails).toEqual([]);
  expect(states()).toEqual(['held']);
  await slow.stop();
});

test('an automatic answer that waited is silent: it is dismissed, and nobody is troubled', async () => {
  desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, support, ON));
  const ticket = arrived();
  expect(states()).toEqual(['waiting']);
  turn(true);
  expect(states()).toEqual(['dismissed']);
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
});

test('copies of what left before wait until it sends again', async () => {
  desk.app.db.sql.prepare('UPDATE mailboxes SET keep_sent = 1').run();
  reply(desk, arrived(), 'Gone');
  expect(await send()).toHaveLength(1);
  turn(true);
  await storeDueCopies(desk.app, new AbortController().signal);
  expect(desk.rows('SELECT state FROM sent_copies')).toEqual([{ state: 'waiting' }]);
  expect(dovecot.flags(user, 'Sent')).toEqual([]);
  turn(false);
  await storeDueCopies(desk.app, new AbortController().signal);
  expect(desk.rows('SELECT state FROM sent_copies')).toEqual([{ state: 'stored' }]);
});

describe('beside another mail program', () => {
  beforeEach(async () => {
    await doors.close();
    desk = openDesk({ clock: systemClock });
    support = desk.mailbox('support@teapot.example', {
      imap: { port: dovecot.port, user, password: PASSWORD },
      firstFetchDays: 30,
    });
    doors = await openDoors(desk);
    olga = doors.as(desk.owner);
  });
  const lies = (folder: string, id: string, headers: string, text: string) =>
    dovecot.deliver(user, `Message-ID: <${id}@mail.example>\r\n${headers}\r\n\r\n${text}\r\n`, folder);
  const cursorOf = (folder: string) =>
    desk.rows<{ last_uid: number }>('SELECT last_uid FROM mail_cursors WHERE folder = ?', folder)[0]
      ?.last_uid;
  const read = () => {
    reader = new MailboxReader(desk.app, support.id);
    reader.start();
  };

  test('M14: an answer found in Sent makes its ticket wait for the customer; no flag, no mail and no copy is changed', async () => {
    turn(true);
    lies(
      'INBOX',
      'one',
      'From: Carla <carla@mail.example>\r\nTo: support@teapot.example\r\nSubject: Kettle',
      'It leaks.',
    );
    lies('Junk', 'win', 'From: Win <win@mail.example>\r\nTo: support@teapot.example\r\nSubject: Win', 'Now');
    const to = 'From: Ana <ana@teapot.example>\r\nTo: carla@mail.example\r\nSubject: Re: Kettle';
    lies('Sent', 'two', `${to}\r\nIn-Reply-To: <one@mail.example>`, 'We send a new one.');
    read();
    await until('the answer to be filed', () => tickets()[0]?.status === 'pending');

    expect(tickets().map(({ subject, is_spam }) => [subject, is_spam])).toEqual([
      ['Kettle', 0],
      ['Win', 1],
    ]);
    const [ticket] = tickets();
    expect(desk.messagesOf(ticket as Ticket).map(({ kind, author_id }) => [kind, author_id])).toEqual([
      ['reply', ticket?.customer_id],
      ['reply', desk.ana.id],
    ]);
    for (const folder of ['INBOX', 'Junk', 'Sent']) expect(dovecot.flags(user, folder)).toEqual(['']);
    expect(desk.queuedMails()).toEqual([]);
  });

  test('the switch begins to read Sent at once, and says so when there is none', async () => {
    read();
    await until('the inbox', () => cursorOf('INBOX') !== undefined);
    expect(cursorOf('Sent')).toBeUndefined();
    await reader?.stop();
    turn(true);
    read();
    await until('the folder for sent mail', () => cursorOf('Sent') !== undefined);
    expect(now().missing_folders).toBe('[]');
  });
});

test('a server without a folder for sent mail is a trouble of the mailbox', async () => {
  const bare = await startDovecot();
  const { port, user: other, password } = bare;
  desk.app.db.sql
    .prepare("UPDATE mailboxes SET imap = json_set(imap, '$.port', ?, '$.user', ?), reads_junk = 0")
    .run(port, other);
  expect(password).toBe(PASSWORD);
  turn(true);
  reader = new MailboxReader(desk.app, support.id);
  reader.start();
  await until('it to be noted', () => now().missing_folders !== '[]');
  await reader.stop();
  expect(countMailTrouble(desk.app.db)).toBe(1);
  expect((await olga.get('/settings/mailboxes')).html).toContain('the server marks no folder for sent mail');
  await bare.remove();
});

test('it is one switch on the mailbox’s page, with what it changes; the list shows it', async () => {
  const at = `/settings/mailboxes/${support.id}`;
  expect((await olga.get(at)).html).toContain('Hearthdesk can run beside the mail program');
  expect((await olga.post(`${at}/only-read`, { onlyRead: '1' })).location).toBe(at);
  expect(now().only_reads).toBe(1);
  const on = (await olga.get(at)).html;
  expect(on).toContain('what is held in the outbox stays there until somebody decides');
  expect((await olga.get('/settings/mailboxes')).html).toContain('<span class="chip">Only read</span>');
  expect((await olga.get(`${at}/answers`)).html).toContain('This mailbox is only read');
  await olga.post(`${at}/only-read`, { onlyRead: '0' });
  expect(now().only_reads).toBe(0);
  expect((await olga.get('/settings/mailboxes')).html).not.toContain('<span class="chip">Only read</span>');
  expect((await olga.post(`${at}/only-read`, { onlyRead: 'perhaps' })).status).toBe(422);
});
