// The outbox against a real SMTP server: what was taken, refused or put off (O1, O4, O5).
import { HOUR, MINUTE, SECOND } from '../../server/lib/clock';
import { findAttempts } from '../../server/mail/outbox';
import { findOutboxOfMessage, type OutboxRow } from '../../server/mail/queries';
import { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { sendAgain } from '../../server/tickets/outbox/delivery';
import { findMessage } from '../../server/tickets/queries';
import type { MessageRow } from '../../server/tickets/ticket';
import { undoReply } from '../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { type Smtp, type SmtpOptions, startSmtp } from '../support/smtp';
import { reply, uploaded } from '../support/writing';

let desk: Desk;
let smtp: Smtp;
let ticket: Ticket;
let sender: Sender;

async function begin(options: SmtpOptions = {}) {
  smtp = await startSmtp(options);
  desk = openDesk();
  const support = desk.mailbox('support@teapot.example', { smtp: { port: smtp.port } });
  ticket = receive(desk, letter(), support).ticket;
  sender = new Sender(() => desk.app);
}
afterEach(async () => {
  await sender.stop();
  await desk.close();
  await smtp.stop();
});

const outboxOf = (message: { id: number }) => findOutboxOfMessage(desk.app.db, message.id) as OutboxRow;
const messageNow = (message: { id: number }) => findMessage(desk.app.db, message.id) as MessageRow;

/** Lets the undo time pass and sends what is due. */
async function send(): Promise<void> {
  desk.clock.pass(10 * SECOND);
  await sender.sendDue();
}

describe('sent', () => {
  test('O1: with the server’s own words, kept on the message and in the list of attempts', async () => {
    await begin({ answer: () => '250 2.0.0 OK: queued as 77AB' });
    const message = reply(desk, ticket, 'Have you tried descaling it?');
    await send();

    expect(outboxOf(message)).toMatchObject({
      state: 'sent',
      attempts: 1,
      sent_at: desk.clock.now(),
      mail: null,
    });
    expect(messageNow(message)).toMatchObject({ state: 'sent', delivered_at: desk.clock.now() });
    expect(messageNow(message).delivery_answer).toContain('2.0.0 OK: queued as 77AB');
    expect(findAttempts(desk.app.db, outboxOf(message).id)).toMatchObject([
      {
        at: desk.clock.now(),
        server: '127.0.0.1',
        outcome: 'sent',
        answer: expect.stringContaining('queued as 77AB'),
      },
    ]);
    expect(desk.events('ticket.mail-sent')).toHaveLength(1);
    expect(desk.ticketNow(ticket).undelivered).toBe(0);
    const [mail] = smtp.mails;
    expect(mail?.envelope).toEqual({ from: 'support@teapot.example', to: ['carla@mail.example'] });
    expect(mail?.header('subject')).toBe('Re: A question');
    expect(mail?.raw.toString()).toContain('Have you tried descaling it?');
  });

  test('with its files', async () => {
    await begin();
    reply(desk, ticket, 'See the manual', desk.ana, [await uploaded(desk, 'manual.txt', 'turn it on')]);
    await send();

    const [mail] = smtp.mails;
    expect(mail?.raw.toString()).toContain('manual.txt');
    expect(mail?.raw.toString()).toContain(Buffer.from('turn it on').toString('base64'));
  });

  test('O4: not before its time', async () => {
    await begin();
    reply(desk, ticket, 'Wait for it');
    desk.clock.pass(10 * SECOND - 1);
    await sender.sendDue();
    expect(smtp.mails).toEqual([]);

    desk.clock.pass(1);
    await sender.sendDue();
    expect(smtp.mails).toHaveLength(1);
  });

  test('by itself when the clock says so, and once only', async () => {
    await begin();
    desk.app.db.sql.prepare('UPDATE mailboxes SET undo_seconds = 0').run();
    const woken = openDesk({
      db: desk.app.db,
      data: desk.data,
      hooks: { outboxChanged: () => sender.wake() },
    });
    sender.start();
    reply(woken, ticket, 'On its own');
    await smtp.received(1);
    await sender.stop();
    await woken.close();

    expect(smtp.mails).toHaveLength(1);
    expect(desk.queuedMails()).toMatchObject([{ state: 'sent' }]);
  });

  test('many, each once, in any order the server takes them', async () => {
    await begin();
    for (let n = 0; n < 20; n++) reply(desk, ticket, `Answer ${n}`);
    await send();

    const bodies = smtp.mails.map((mail) => /Answer \d+/.exec(mail.raw.toString())?.[0]);
    expect(new Set(bodies).size).toBe(20);
    expect(bodies).toHaveLength(20);
  });
});

describe('refused', () => {
  test('O5: for good: loud on the message, on the ticket and in the list, with the server’s words', async () => {
    await begin({ refuse: () => '550 5.1.1 no such user here' });
    const message = reply(desk, ticket, 'Hello?');
    desk.signals();
    await send();

    expect(messageNow(message)).toMatchObject({ state: 'failed', delivered_at: null });
    expect(messageNow(message).delivery_answer).toContain('5.1.1 no such user here');
    expect(desk.ticketNow(ticket).undelivered).toBe(1);
    expect(desk.events('ticket.mail-failed')).toHaveLength(1);
    expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
    expect(smtp.mails).toEqual([]);
    desk.clock.pass(72 * HOUR);
    await sender.sendDue();
    expect(outboxOf(message).attempts).toBe(1);
  });

  test('"send again" sends it once more, and the ticket is quiet again', async () => {
    await begin({ refuse: () => '550 5.1.1 no such user here' });
    const message = reply(desk, ticket, 'Hello?');
    await send();
    smtp.options.refuse = undefined;
    desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(message)));
    await sender.sendDue();

    expect(messageNow(message).state).toBe('sent');
    expect(desk.ticketNow(ticket).undelivered).toBe(0);
    expect(findAttempts(desk.app.db, outboxOf(message).id).map(({ outcome }) => outcome)).toEqual([
      'refused',
      'sent',
    ]);
    expect(() => desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(message)))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  test('O1: for now: later, with growing pauses, and after two days it is loud', async () => {
    await begin({ refuse: () => '450 4.2.1 mailbox busy' });
    const message = reply(desk, ticket, 'Hello?');
    const start = desk.clock.now();
    const pauses: number[] = [];
    await send();
    while (outboxOf(message).state === 'waiting') {
      const pause = outboxOf(message).send_after - desk.clock.now();
      pauses.push(pause);
      desk.clock.pass(pause - 1);
      await sender.sendDue();
      expect(outboxOf(message).attempts).toBe(pauses.length);
      desk.clock.pass(1);
      await sender.sendDue();
    }

    expect(pauses.slice(0, 7)).toEqual([MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 4 * HOUR]);
    expect(outboxOf(message).state).toBe('failed');
    expect(desk.clock.now() - start).toBeLessThanOrEqual(48 * HOUR);
    expect(desk.clock.now() - start).toBeGreaterThan(40 * HOUR);
    expect(desk.ticketNow(ticket).undelivered).toBe(1);
    expect(findAttempts(desk.app.db, outboxOf(message).id)).toHaveLength(pauses.length + 1);
  });

  test('O1: what a person sends once more is tried for two days from then, however old it is', async () => {
    await begin({ refuse: () => '550 5.1.1 no such user here' });
    const message = reply(desk, ticket, 'Hello?');
    await send();
    desk.clock.pass(7 * 24 * HOUR);
    smtp.options.refuse = () => '451 4.7.1 greylisted, come back later';
    desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(message)));
    await sender.sendDue();
    expect(outboxOf(message).state).toBe('waiting');

    smtp.options.refuse = undefined;
    desk.clock.pass(HOUR);
    await sender.sendDue();
    expect(outboxOf(message).state).toBe('sent');
  });

  test('the pauses grow as well while the server cannot be reached, and it goes when the server is back', async () => {
    await begin();
    const message = reply(desk, ticket, 'Hello?');
    await smtp.stop();
    await send();
    const first = outboxOf(message).send_after - desk.clock.now();
    desk.clock.pass(first);
    await sender.sendDue();
    const second = outboxOf(message).send_after - desk.clock.now();

    expect([first, second]).toEqual([MINUTE, 5 * MINUTE]);
    expect(outboxOf(message)).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(desk.app.db.tx(() => undoReply(desk.app, desk.ana, ticket, messageNow(message)))).toBe('too-late');
    await smtp.start();
    desk.clock.pass(second);
    await sender.sendDue();
    expect(outboxOf(message).state).toBe('sent');
  });

  test('without a mail server it waits and says why', async () => {
    await begin();
    desk.app.db.sql.prepare('UPDATE mailboxes SET smtp = NULL').run();
    const message = reply(desk, ticket, 'Hello?');
    await send();

    expect(messageNow(message)).toMatchObject({ state: 'waiting', delivery_answer: 'no-mailbox' });
  });
});

describe('taken for some of its recipients', () => {
  const withCopy = () => {
    desk.app.db.sql
      .prepare(
        "INSERT INTO participants (ticket_id, address, address_key, role, state, created_at) VALUES (?, 'dora@mail.example', 'dora@mail.example', 'copy', 'accepted', 0)",
      )
      .run(ticket.id);
  };

  test('O5: those whom it did not reach make it loud, and "send again" goes to them alone', async () => {
    await begin({ refuse: (to) => (to.startsWith('carla') ? '550 5.2.2 mailbox full' : undefined) });
    withCopy();
    const message = reply(desk, ticket, 'Hello both');
    await send();

    expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([['dora@mail.example']]);
    expect(messageNow(message).state).toBe('failed');
    expect(messageNow(message).delivery_answer).toContain('carla@mail.example: 550 5.2.2 mailbox full');
    expect(desk.ticketNow(ticket).undelivered).toBe(1);

    smtp.options.refuse = undefined;
    desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(message)));
    await sender.sendDue();
    expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([
      ['dora@mail.example'],
      ['carla@mail.example'],
    ]);
    expect(messageNow(message).state).toBe('sent');
  });

  test('those who were busy get it later, nobody twice', async () => {
    await begin({ refuse: (to) => (to.startsWith('dora') ? '451 4.7.1 greylisted' : undefined) });
    withCopy();
    const message = reply(desk, ticket, 'Hello both');
    await send();
    expect(outboxOf(message).state).toBe('waiting');

    smtp.options.refuse = undefined;
    desk.clock.pass(HOUR);
    await sender.sendDue();
    expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([
      ['carla@mail.example'],
      ['dora@mail.example'],
    ]);
    expect(messageNow(message).state).toBe('sent');
  });
});
