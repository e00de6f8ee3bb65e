// Automatic answers: to whom, how often, and what is in them (M9, M11, AC-21 to AC-24).
import { HOUR, MINUTE } from '../../server/lib/clock';
import { type AnswerSettings, saveAnswers } from '../../server/mail/answers/answers';
import { TO_ONE_ADDRESS } from '../../server/mail/answers/budget';
import { createRule } from '../../server/tickets/rules/rules';
import { factsOf } from '../../server/tickets/ticket';
import { type Answering, answering, ON, queued } from '../support/answering';
import { MORNING } from '../support/desk';
import { type Letter, letter, receive, storedMail } from '../support/letters';

const lineOf = ({ desk }: Answering, ticket: { id: number }) =>
  desk.messagesOf(ticket).find((message) => message.kind === 'system');

test('off until an admin switches it on', async () => {
  const { desk, mailbox } = await answering(null);
  receive(desk, letter(), mailbox);
  expect(desk.rows('SELECT 1 FROM outbox')).toEqual([]);
});

test('AC-21, AC-24: a new ticket is acknowledged from nowhere, marked as automatic, in its thread, with nothing the sender wrote', async () => {
  const one = await answering();
  const words = { subject: 'Buy QZXPILLS', words: 'QZXPILLS at https://qzxpills.example' };
  const from = 'QZXPILLS <carla@mail.example>';
  const { ticket } = receive(
    one.desk,
    letter({ ...words, from, messageId: 'first@mail.example' }),
    one.mailbox,
  );
  const [mail] = await one.sent();

  expect(mail?.envelope).toEqual({ from: '', to: ['carla@mail.example'] });
  expect(mail?.header('auto-submitted')).toBe('auto-replied');
  expect(mail?.header('x-auto-response-suppress')).toBe('All');
  expect(mail?.header('x-hearthdesk-loop')).toBe('support@teapot.example');
  expect(mail?.header('in-reply-to')).toBe('<first@mail.example>');
  expect(mail?.header('references')).toBe('<first@mail.example>');
  expect(mail?.header('subject')).toBe(`We have received your message [#${ticket.number}]`);
  expect(mail?.header('to')).toBe('carla@mail.example');
  const raw = mail?.raw.toString('utf8') ?? '';
  expect(raw).toContain('thank you for writing to Teapot');
  expect(raw.toLowerCase()).not.toContain('qzx');
});

test('the ticket says so with what became of it, and it counts as no answer', async () => {
  const one = await answering();
  const { ticket } = receive(one.desk, letter(), one.mailbox);
  const line = lineOf(one, ticket);
  expect(line && factsOf(line)).toMatchObject({
    answer: 'acknowledgement',
    says: { key: 'tickets.says.answered.acknowledgement', values: { whom: 'carla@mail.example' } },
  });
  expect(line?.state).toBe('waiting');
  await one.sent();
  expect(lineOf(one, ticket)?.state).toBe('sent');
  expect(one.desk.ticketNow(ticket)).toMatchObject({ status: 'new', awaits_us: 1, undelivered: 0 });
  expect(one.desk.events('ticket.replied')).toEqual([]);
});

test('M6: an answer to it finds the ticket', async () => {
  const one = await answering();
  const { ticket } = receive(one.desk, letter(), one.mailbox);
  const [mail] = await one.sent();
  const id = mail?.header('message-id')?.slice(1, -1) as string;
  const second = receive(one.desk, letter({ inReplyTo: [id], subject: 'Something else' }), one.mailbox);
  expect(second.ticket.id).toBe(ticket.id);
  expect(await one.sent()).toHaveLength(1);
});

test('in the customer’s language where it is known, with the firm’s own words where there are any', async () => {
  const own = 'Takk! {{firm.name}} har gitt saken nummer {{ticket.number}}.';
  const one = await answering({ words: { acknowledgement: { nb: own }, away: {} } });
  one.desk.customer('Kari');
  one.desk.app.db.sql.prepare("UPDATE customers SET language = 'nb'").run();
  const { ticket } = receive(one.desk, letter({ from: 'Kari <kari@mail.example>' }), one.mailbox);
  const [mail] = queued(one.desk).map(({ mail }) => JSON.parse(mail));
  expect(mail).toMatchObject({
    subject: `Vi har fått meldingen din [#${ticket.number}]`,
    text: `Takk! Teapot har gitt saken nummer #${ticket.number}.`,
  });
});

describe('out of hours', () => {
  // MORNING is ten o'clock in Oslo, on a Friday.
  const week = [[], [], [], [], [[9 * 60, 16 * 60]], [], []] as AnswerSettings['hours'];

  test('the other answer goes instead, and during them the acknowledgement', async () => {
    const one = await answering({ saysAway: true, hours: week });
    receive(one.desk, letter(), one.mailbox);
    one.desk.clock.pass(7 * HOUR);
    receive(one.desk, letter({ from: 'dora@mail.example' }), one.mailbox);
    const subjects = queued(one.desk).map(({ mail }) => JSON.parse(mail).subject as string);
    expect(subjects).toEqual([
      expect.stringContaining('We have received your message'),
      expect.stringContaining('We are not at work right now'),
    ]);
  });

  test('a holiday is out of hours, and at work nothing is said when only that is on', async () => {
    const one = await answering({ acknowledges: false, saysAway: true, hours: week });
    receive(one.desk, letter(), one.mailbox);
    expect(queued(one.desk)).toEqual([]);
    const holidays = [new Date(MORNING).toISOString().slice(0, 10)];
    one.desk.app.db.tx(() =>
      saveAnswers(one.desk.app, one.desk.owner, one.mailbox, {
        ...ON,
        saysAway: true,
        hours: week,
        holidays,
      }),
    );
    receive(one.desk, letter({ from: 'dora@mail.example' }), one.mailbox);
    expect(queued(one.desk)).toHaveLength(1);
  });
});

describe('nobody is answered who', () => {
  test.each<[string, Letter]>([
    ['M9: is a machine', { automatic: 'auto-submitted' }],
    ['M9: is an absence note', { automatic: 'auto-reply' }],
    ['M9: is a list', { automatic: 'list' }],
    ['M9: has no return path', { automatic: 'no-return-path' }],
    ['M11: carries our own loop header', { loops: ['support@other.example'] }],
    ['AC-20: is a no-reply address', { from: 'no-reply@mail.example' }],
    ['AC-22: is a mail server', { from: 'MAILER-DAEMON@mail.example' }],
    ['is a colleague', { from: 'Ana <ana@teapot.example>' }],
    ['AC-24: failed the check of its sender', { checked: { verdict: 'failed', by: 'own' } }],
    ['cannot be answered', { from: '' }],
  ])('%s', async (_why, given) => {
    const { desk, mailbox } = await answering();
    desk.app.db.sql.prepare("UPDATE mailboxes SET authentication = 'own'").run();
    const mail = letter(given);
    receive(desk, given.from === '' ? { ...mail, from: undefined } : mail, mailbox);
    expect(queued(desk)).toEqual([]);
    expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(1);
  });

  test('M5: wrote before the mailbox was connected, or whose mail was imported after all', async () => {
    const { desk, mailbox } = await answering();
    for (const column of ['is_old', 'is_wished']) {
      const mail = letter({ from: `${column}@mail.example` });
      const inbound = { ...storedMail(desk, mailbox, mail), [column]: 1 };
      desk.app.db.tx(() => desk.app.hooks.fileMail(desk.app, inbound, mail, []));
    }
    expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(2);
    expect(queued(desk)).toEqual([]);
  });

  test('a rule takes for spam', async () => {
    const { desk, mailbox } = await answering();
    desk.app.db.tx(() =>
      createRule(desk.app, desk.owner, {
        name: 'Seo',
        isOn: true,
        matches: 'all',
        conditions: [{ field: 'subject', op: 'any', values: ['seo'] }],
        deeds: { spam: true },
        onAnswers: false,
        stops: false,
      }),
    );
    receive(desk, letter({ subject: 'SEO for you' }), mailbox);
    expect(queued(desk)).toEqual([]);
  });

  test('M10: has an address from which mails come back, or wrote on a ticket that there is', async () => {
    const { desk, mailbox } = await answering();
    desk.customer('Dead');
    desk.app.db.sql.prepare('UPDATE customer_addresses SET failing_since = 1').run();
    receive(desk, letter({ from: 'Dead <dead@mail.example>' }), mailbox);
    expect(queued(desk)).toEqual([]);
  });
});

describe('M11, AC-21: how often', () => {
  const write = ({ desk, mailbox }: Answering, subject: string) =>
    receive(desk, letter({ subject }), mailbox);

  test('once in five minutes', async () => {
    const one = await answering();
    for (const subject of ['A', 'B', 'C']) write(one, subject);
    expect(queued(one.desk)).toHaveLength(1);
    one.desk.clock.pass(5 * MINUTE);
    write(one, 'D');
    expect(queued(one.desk)).toHaveLength(2);
  });

  test('twice a day with one subject, whatever stands before it and whatever number is in it', async () => {
    const one = await answering();
    for (const subject of ['Order 17', 'Re: order 18', 'SV: RE[2]:  Order 19', 'order 20']) {
      write(one, subject);
      one.desk.clock.pass(6 * MINUTE);
    }
    expect(queued(one.desk)).toHaveLength(2);
    one.desk.clock.pass(24 * HOUR);
    write(one, 'Order 21');
    expect(queued(one.desk)).toHaveLength(3);
  });

  test('ten times a day in all', async () => {
    const one = await answering();
    for (const letter of 'abcdefghijklmnop') {
      write(one, `Subject ${letter}`);
      one.desk.clock.pass(6 * MINUTE);
    }
    expect(queued(one.desk)).toHaveLength(TO_ONE_ADDRESS);
  });

  test('AC-24: once a day for an address that only a form on a website names', async () => {
    const one = await answering();
    const form = { from: 'form@teapot.example', replyTo: ['victim@mail.example'], formSender: true } as const;
    for (const subject of ['a', 'b', 'c']) {
      receive(one.desk, letter({ ...form, replyTo: [...form.replyTo], subject }), one.mailbox);
      one.desk.clock.pass(HOUR);
    }
    expect(queued(one.desk).map(({ recipients }) => recipients)).toEqual(['["victim@mail.example"]']);
  });
});

test('AC-21: a server that takes nothing from <> is offered it from the mailbox’s address', async () => {
  const one = await answering(
    {},
    { refuseSender: (from) => (from === '' ? '550 5.7.1 not as nobody' : undefined) },
  );
  const { ticket } = receive(one.desk, letter(), one.mailbox);
  const mails = await one.sent();
  expect(mails.map(({ envelope }) => envelope.from)).toEqual(['support@teapot.example']);
  expect(mails[0]?.header('auto-submitted')).toBe('auto-replied');
  expect(lineOf(one, ticket)?.state).toBe('sent');
  expect(one.desk.rows<{ outcome: string }>('SELECT outcome FROM outbox_attempts ORDER BY id')).toEqual([
    { outcome: 'refused' },
    { outcome: 'sent' },
  ]);
});

test('one that is refused is said on the ticket, and is nobody’s trouble', async () => {
  const one = await answering({}, { refuse: () => '550 5.1.1 no such user' });
  const { ticket } = receive(one.desk, letter(), one.mailbox);
  await one.sent();
  expect(lineOf(one, ticket)).toMatchObject({ state: 'dismissed' });
  expect(one.desk.ticketNow(ticket).undelivered).toBe(0);
});

test('M2: the mail is filed though its answer fails', async () => {
  const { desk, mailbox } = await answering();
  desk.app.db.sql.exec(`CREATE TRIGGER fails BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no'); END`);
  const { ticket } = receive(desk, letter(), mailbox);
  expect(desk.messagesOf(ticket)).toHaveLength(1);
  expect(desk.rows('SELECT 1 FROM sent_answers')).toEqual([]);
});
