// Answers that agents write in other mail programs, found in the folder for sent mail of a real IMAP server (M14, AC-16).
import { systemClock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import type { MessageRow, Ticket } from '../../server/tickets';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { openDoors } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { until } from '../support/until';
import { mailOf, reply } from '../support/writing';

const SENT = 'Gesendet';
const PASSWORD = 'correct horse';
let dovecot: Dovecot;
let desk: Desk;
let row: MailboxRow;
let reader: MailboxReader | undefined;
let box = -1;
let user = '';
/** How many mails lie in the folder for sent mail. */
let sent = 0;

beforeAll(async () => {
  const users = Array.from({ length: 12 }, (_, n) => ({ user: `out${n}@example.test`, password: PASSWORD }));
  dovecot = await startDovecot({ users, sentFolder: SENT });
});
afterAll(() => dovecot.remove());
beforeEach(() => {
  box += 1;
  sent = 0;
  user = `out${box}@example.test`;
  desk = openDesk({ clock: systemClock });
  row = desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: PASSWORD },
    firstFetchDays: 30,
  });
  desk.app.db.sql.prepare('UPDATE mailboxes SET read_sent = 1').run();
});
afterEach(async () => {
  await reader?.stop();
  reader = undefined;
  await desk.close();
});

const mail = (headers: Record<string, string>, words: string) =>
  `${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${words}\r\n`;
const carlas = () =>
  dovecot.deliver(
    user,
    mail(
      {
        From: 'Carla <carla@mail.example>',
        To: 'support@teapot.example',
        Subject: 'Kettle',
        'Message-ID': '<one@mail.example>',
      },
      'It leaks.',
    ),
  );
function isSent(raw: string): void {
  sent += 1;
  dovecot.deliver(user, raw, SENT);
}
const sends = (id: string, more: Record<string, string> = {}, words = 'We send you a new one.') =>
  isSent(
    mail(
      {
        From: 'Ana <ana@teapot.example>',
        To: 'Carla <carla@mail.example>',
        Subject: 'Re: Kettle',
        'Message-ID': `<${id}@outlook.example>`,
        'In-Reply-To': '<one@mail.example>',
        ...more,
      },
      words,
    ),
  );

/** Reads both folders to their end once. */
async function read(): Promise<void> {
  await reader?.stop();
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await until('the folder for sent mail to be read', () => {
    const { last_fetch_at: at } = findMailboxById(desk.app.db, row.id) as MailboxRow;
    return at !== null && cursorOf(SENT) === sent;
  });
  await desk.house.intake.settled();
}
const cursorOf = (folder: string) =>
  desk.rows<{ last_uid: number }>('SELECT last_uid FROM mail_cursors WHERE folder = ?', folder)[0]?.last_uid;
const ticket = () => desk.rows<Ticket>('SELECT * FROM tickets')[0] as Ticket;
const messages = () => desk.messagesOf(ticket()) as MessageRow[];
/** Each look into a folder ends with one. */
const changes = () => desk.app.db.epoch;
const kept = () => desk.rows("SELECT 1 FROM inbound_mails WHERE source = 'sent'").length;

test('M14: an answer from another mail program is the agent’s reply, and its ticket waits for the customer', async () => {
  carlas();
  sends('two');
  await read();

  const [, answer] = messages();
  expect(answer).toMatchObject({
    kind: 'reply',
    author_kind: 'agent',
    author_id: desk.ana.id,
    author_name: 'Ana',
    state: 'sent',
  });
  expect(answer?.words.trim()).toBe('We send you a new one.');
  expect(factsOf(answer as MessageRow)).toMatchObject({ sentElsewhere: true, to: ['carla@mail.example'] });
  expect(ticket()).toMatchObject({ status: 'pending', awaits_us: 0 });
  expect(desk.queuedMails()).toEqual([]);
  const doors = await openDoors(desk);
  const { html } = await doors.as(desk.ben).get(`/tickets/${ticket().number}`);
  await doors.close();
  expect(html).toContain('Sent from another mail program');
});

test('M14: the customer’s answer to it finds the same ticket', async () => {
  carlas();
  sends('two');
  await read();
  dovecot.deliver(
    user,
    mail(
      {
        From: 'Carla <carla@mail.example>',
        Subject: 'Thanks',
        'Message-ID': '<three@mail.example>',
        'In-Reply-To': '<two@outlook.example>',
      },
      'Thank you!',
    ),
  );
  await until('the answer to be filed', () => messages().length === 3);

  expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(1);
  expect(ticket().status).toBe('open');
});

test('M14: what was sent to somebody else about it is for agents alone, and answers nobody', async () => {
  carlas();
  sends('two', { To: 'Supplier <supplier@tea.example>' }, 'Do you have a spare lid?');
  await read();

  expect(messages()[1]).toMatchObject({ kind: 'note', visitor_sequence: null, author_id: desk.ana.id });
  expect(ticket()).toMatchObject({ status: 'new', awaits_us: 1 });
});

test('M14: the customer’s newer word waits still, whatever order the folders are read in', async () => {
  carlas();
  dovecot.deliver(
    user,
    mail(
      {
        From: 'Carla <carla@mail.example>',
        Subject: 'Re: Kettle',
        'Message-ID': '<more@mail.example>',
        'In-Reply-To': '<two@outlook.example>',
        References: '<one@mail.example> <two@outlook.example>',
      },
      'It leaks all the same.',
    ),
  );
  sends('two');
  await read();

  expect(ticket()).toMatchObject({ awaits_us: 1, status: 'new' });
  expect(messages()).toHaveLength(3);
});

test('M14: a reply that left from here is not there twice, also when the server gave it an id of its own', async () => {
  carlas();
  await read();
  reply(desk, desk.ticketNow(ticket()), 'We send you\na new one.');
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'sent'").run();
  sends('rewritten', {}, 'We send you a new  one.');
  await read();

  expect(messages().filter(({ author_kind }) => author_kind === 'agent')).toHaveLength(1);
});

test('M1: while nothing comes, the server is left in peace', async () => {
  carlas();
  sends('two');
  await read();
  const before = changes();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(changes() - before).toBeLessThan(15);

  dovecot.deliver(
    user,
    mail({ From: 'Dora <dora@mail.example>', Subject: 'Spout', 'Message-ID': '<dora@mail.example>' }, 'Hi'),
  );
  await until('news to be heard all the same', () => desk.rows('SELECT 1 FROM tickets').length === 2);
});

test('M14: a shared name is said as it stands in From; nobody is made up', async () => {
  carlas();
  sends('two', { From: 'Teapot support <support@teapot.example>' });
  await read();

  expect(messages()[1]).toMatchObject({
    author_kind: 'agent',
    author_id: null,
    author_name: 'Teapot support',
  });
});

test('M14: what answers no ticket is not looked into and not kept; what left from here is not there twice', async () => {
  carlas();
  await read();
  const ours = mailOf(desk, reply(desk, desk.ticketNow(ticket()), 'From here'));
  sends('private', { 'In-Reply-To': '<dinner@friends.example>' }, 'See you at eight');
  isSent(
    mail({ From: 'Ana <ana@teapot.example>', Subject: 'New', 'Message-ID': '<new@outlook.example>' }, 'Hi'),
  );
  sends('ours', { 'Message-ID': `<${ours.messageId}>` }, 'From here');
  await read();

  expect(kept()).toBe(0);
  expect(messages().filter(({ kind }) => kind === 'reply')).toHaveLength(2);
  expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(1);
});

test('M3: it is read once, also when its ticket is closed, which it leaves so', async () => {
  carlas();
  sends('two');
  await read();
  desk.app.db.sql.prepare("UPDATE tickets SET status = 'closed'").run();
  sends('three', {}, 'One more thing.');
  await read();

  expect(messages().map(({ words }) => words.trim())).toEqual([
    'It leaks.',
    'We send you a new one.',
    'One more thing.',
  ]);
  expect(ticket().status).toBe('closed');
});

test('AC-16: the same mail in the inbox proves nothing: it is somebody’s who says to be Ana', async () => {
  carlas();
  dovecot.deliver(
    user,
    mail(
      {
        From: 'Ana <ana@teapot.example>',
        Subject: 'Re: Kettle',
        'Message-ID': '<forged@evil.example>',
        'In-Reply-To': '<one@mail.example>',
      },
      'Send the password to me.',
    ),
  );
  sends('last');
  await read();

  expect(messages().find(({ words }) => words.includes('password'))).toMatchObject({
    author_kind: 'customer',
    sender_state: 'unverified',
  });
});
