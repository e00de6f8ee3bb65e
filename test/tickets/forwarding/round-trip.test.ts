// Forwarding through real servers: out by SMTP, answered by an ordinary mail program, back by IMAP.
import { simpleParser } from 'mailparser';
import { systemClock } from '../../../server/lib/clock';
import type { MailboxRow } from '../../../server/mail';
import { MailboxReader } from '../../../server/mail/mailbox-reader';
import { findMailboxById } from '../../../server/mail/queries';
import { Sender } from '../../../server/mail/sender';
import { factsOf, type MessageRow } from '../../../server/tickets/ticket';
import { type Desk, openDesk } from '../../support/desk';
import { type Dovecot, startDovecot } from '../../support/dovecot';
import { forward } from '../../support/forwarding';
import { type ReceivedMail, type Smtp, startSmtp } from '../../support/smtp';
import { until } from '../../support/until';
import { reply, words } from '../../support/writing';

const USER = 'support@teapot.example';
const PASSWORD = 'correct horse';
const WIM = { name: 'Wim', email: 'wim@workshop.example' };

let dovecot: Dovecot;
let smtp: Smtp;
let desk: Desk;
let sender: Sender;
let support: MailboxRow;

beforeAll(async () => {
  dovecot = await startDovecot({ users: [{ user: USER, password: PASSWORD }] });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  smtp = await startSmtp();
  desk = openDesk({ clock: systemClock });
  support = desk.mailbox(USER, {
    imap: { port: dovecot.port, user: USER, password: PASSWORD },
    smtp: { port: smtp.port },
    plusAddresses: true,
    undoSeconds: 0,
    firstFetchDays: 1,
  });
  sender = new Sender(() => desk.app);
});
afterEach(async () => {
  await sender.stop();
  await desk.close();
  await smtp.stop();
});

/** Reads the mailbox once. */
async function read(): Promise<void> {
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  const reader = new MailboxReader(desk.app, support.id);
  reader.start();
  await until('the reading', () => findMailboxById(desk.app.db, support.id)?.last_fetch_at !== null);
  await desk.house.intake.settled();
  await reader.stop();
}

async function answerTo(mail: ReceivedMail, from: typeof WIM, said: string): Promise<string> {
  const { messageId, replyTo, subject, text } = await simpleParser(mail.raw);
  return [
    `From: ${from.name} <${from.email}>`,
    `To: ${replyTo?.text}`,
    `Subject: Re: ${subject}`,
    `Message-ID: <${Date.now()}@workshop.example>`,
    `In-Reply-To: ${messageId}`,
    `References: ${messageId}`,
    `Date: ${new Date().toUTCString()}`,
    '',
    said,
    '',
    'On Mon, 2 Nov 2026 at 10:00, Teapot wrote:',
    ...(text ?? '').split('\n').map((line) => `> ${line}`),
    '',
  ].join('\r\n');
}

test('M6, O1: the mail leaves by SMTP, the server’s answer stands at the note, and the third person’s answer comes back as one', async () => {
  const ticket = desk.ticketFrom('Carla', 'Broken kettle', 'It leaks.', support);
  const sent = forward(desk, ticket, { to: `${WIM.name} <${WIM.email}>` });
  await sender.sendDue();

  const [mail] = await smtp.received(1);
  expect(mail?.envelope).toEqual({ from: USER, to: [WIM.email] });
  expect(mail?.header('subject')).toBe('Fwd: Broken kettle');
  expect(mail?.header('reply-to')).toMatch(/^support\+hd-[0-9a-f]{32}@teapot\.example$/);
  expect(desk.messagesOf(ticket).find(({ id }) => id === sent.id)).toMatchObject({
    state: 'sent',
    delivery_answer: expect.stringContaining('250'),
  });

  dovecot.deliver(USER, await answerTo(mail as ReceivedMail, WIM, 'Yes, for 20.'));
  await read();

  const note = desk.messagesOf(ticket).at(-1) as MessageRow;
  expect(note).toMatchObject({
    kind: 'note',
    author_name: 'Wim',
    words: 'Yes, for 20.',
    visitor_sequence: null,
  });
  expect(factsOf(note)).toMatchObject({
    rule: 'reply address',
    third: { forward: sent.id, address: WIM.email },
  });

  dovecot.deliver(
    USER,
    await answerTo(mail as ReceivedMail, { name: 'Eve', email: 'eve@evil.example' }, 'Me too.'),
  );
  await read();

  expect(desk.messagesOf(ticket).at(-1)).toMatchObject({ kind: 'reply', sender_state: 'unverified' });
}, 40_000);

test('O3: a hidden copy is handed to the server as a recipient, and stands in no line of the mail', async () => {
  const ticket = desk.ticketFrom('Carla', 'Broken kettle', 'It leaks.', support);
  reply(
    desk,
    ticket,
    words('Ready', { to: 'carla@mail.example', cc: 'per@other.example', bcc: 'boss@firm.example' }),
  );
  await sender.sendDue();

  const [mail] = await smtp.received(1);
  expect(mail?.envelope.to).toEqual(['carla@mail.example', 'per@other.example', 'boss@firm.example']);
  expect(mail?.header('cc')).toBe('per@other.example');
  expect(mail?.raw.toString()).not.toContain('boss@firm.example');
}, 20_000);
