// When sending goes wrong: mails in doubt are loud and a person decides, and no mail holds up another (O1, O4, O5).
import { truncateSync } from 'node:fs';
import type { App } from '../../server/app';
import { filePath } from '../../server/attachments';
import { HOUR, SECOND } from '../../server/lib/clock';
import { markInDoubtAfterCrash } from '../../server/mail/outbox';
import { findOutboxOfMessage, type OutboxRow } from '../../server/mail/queries';
import { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { decideUncertain, sendAgain } from '../../server/tickets/outbox/delivery';
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

describe('in doubt', () => {
  test('O1: `handing over` is committed before the mail is offered', async () => {
    const seen: string[] = [];
    const noteState = () => {
      seen.push(`${desk.queuedMails()[0]?.state}${desk.app.db.sql.inTransaction ? ', not committed' : ''}`);
      return undefined;
    };
    await begin({ refuseSender: noteState });
    reply(desk, ticket, 'Hello');
    await send();

    expect(seen).toEqual(['handing over']);
  });

  test('O1: a connection that breaks instead of the answer leaves it uncertain, loud, and never sent again by itself', async () => {
    await begin({ dropAt: 'answer' });
    const message = reply(desk, ticket, 'Perhaps');
    await send();

    expect(outboxOf(message)).toMatchObject({ state: 'uncertain', attempts: 1 });
    expect(messageNow(message).state).toBe('uncertain');
    expect(desk.ticketNow(ticket).undelivered).toBe(1);
    expect(desk.events('ticket.mail-uncertain')).toHaveLength(1);
    smtp.options.dropAt = undefined;
    const offered = smtp.mails.length;
    desk.clock.pass(72 * HOUR);
    await sender.sendDue();
    expect(smtp.mails).toHaveLength(offered);
    expect(() => desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(message)))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  test('a person decides: it arrived', async () => {
    await begin({ dropAt: 'answer' });
    const message = reply(desk, ticket, 'Perhaps');
    await send();
    desk.app.db.tx(() => decideUncertain(desk.app, desk.ana, ticket, messageNow(message), true));

    expect(messageNow(message).state).toBe('sent');
    expect(desk.ticketNow(ticket).undelivered).toBe(0);
    expect(desk.events('ticket.doubt-decided').map(({ facts }) => JSON.parse(facts).arrived)).toEqual([true]);
  });

  test('a person decides: once more', async () => {
    await begin({ dropAt: 'answer' });
    const message = reply(desk, ticket, 'Perhaps');
    await send();
    smtp.options.dropAt = undefined;
    const offered = smtp.mails.length;
    desk.app.db.tx(() => decideUncertain(desk.app, desk.ana, ticket, messageNow(message), false));
    await sender.sendDue();

    expect(smtp.mails).toHaveLength(offered + 1);
    expect(messageNow(message).state).toBe('sent');
    expect(desk.ticketNow(ticket).undelivered).toBe(0);
  });

  test('O1: what a crash left half handed over is in doubt at the next start, and what had not begun is not', async () => {
    await begin();
    const begun = reply(desk, ticket, 'Begun');
    const waiting = reply(desk, ticket, 'Waiting');
    desk.app.db.sql
      .prepare("UPDATE outbox SET state = 'handing over', attempts = 1 WHERE message_id = ?")
      .run(begun.id);

    expect(desk.app.db.tx(() => markInDoubtAfterCrash(desk.app))).toBe(1);

    expect([outboxOf(begun).state, outboxOf(waiting).state]).toEqual(['uncertain', 'waiting']);
    expect(messageNow(begun).state).toBe('uncertain');
    expect(desk.ticketNow(ticket).undelivered).toBe(1);
    await send();
    expect(smtp.mails.map((mail) => /Begun|Waiting/.exec(mail.raw.toString())?.[0])).toEqual(['Waiting']);
  });

  test('a connection that breaks before the end of the mail is no doubt: it goes again', async () => {
    await begin({ dropAt: 'recipient' });
    const message = reply(desk, ticket, 'Hello');
    await send();

    expect(outboxOf(message).state).toBe('waiting');
    smtp.options.dropAt = undefined;
    desk.clock.pass(HOUR);
    await sender.sendDue();
    expect(outboxOf(message).state).toBe('sent');
  });
});

test('O4: an undo that comes while the server is being greeted wins, and nothing is offered', async () => {
  await begin();
  const message = reply(desk, ticket, 'Wait, no');
  desk.clock.pass(10 * SECOND);
  const sending = sender.sendDue();
  const outcome = await desk.app.write(() => undoReply(desk.app, desk.ana, ticket, message));
  await sending;

  expect(outcome).toBe('undone');
  expect(smtp.mails).toEqual([]);
  expect(smtp.commands.filter((line) => line.startsWith('MAIL'))).toEqual([]);
});

test('a mail that cannot be composed is loud, and holds up no other', async () => {
  await begin();
  const bad = reply(desk, ticket, 'Its file is gone', desk.ana, [await uploaded(desk, 'gone.txt', 'gone')]);
  const [row] = desk.rows<{ mail: string }>('SELECT mail FROM outbox');
  const mail = JSON.parse(row?.mail ?? '');
  mail.attachments[0].diskName = 'ffffffffffffffffffffffffffffffff';
  desk.app.db.sql.prepare('UPDATE outbox SET mail = ?').run(JSON.stringify(mail));
  const good = reply(desk, ticket, 'This one goes');
  await send();

  expect(messageNow(bad)).toMatchObject({ state: 'failed', delivery_answer: 'not-composed' });
  expect(messageNow(good).state).toBe('sent');
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
});

test('a mail with more files than any server takes is not put together at all, and says so', async () => {
  await begin();
  const large = reply(desk, ticket, 'All of it', desk.ana, [await uploaded(desk, 'film.mp4', 'a film')]);
  const [row] = desk.rows<{ disk_name: string }>('SELECT disk_name FROM files');
  truncateSync(filePath(desk.data, row?.disk_name ?? ''), 81_000_000);
  await send();

  expect(messageNow(large)).toMatchObject({ state: 'failed', delivery_answer: 'too-much' });
  expect(smtp.mails).toEqual([]);
});

test('one silent server does not keep mails from another', async () => {
  await begin({ silent: true });
  const quick = await startSmtp();
  const sales = desk.mailbox('sales@teapot.example', { smtp: { port: quick.port } });
  for (let n = 0; n < 5; n++) reply(desk, ticket, `Slow ${n}`);
  const other = receive(desk, letter({ from: 'dora@mail.example' }), sales).ticket;
  for (let n = 0; n < 5; n++) reply(desk, other, `Quick ${n}`);
  desk.clock.pass(10 * SECOND);
  const sending = sender.sendDue();
  await quick.received(5);

  expect(quick.mails).toHaveLength(5);
  await smtp.stop();
  await sending;
  await quick.stop();
  await smtp.start();
});

test('a database that takes nothing is told, not hammered', async () => {
  await begin();
  reply(desk, ticket, 'Hello');
  desk.clock.pass(10 * SECOND);
  const broken: App = {
    ...desk.app,
    write: () => Promise.reject(Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })),
  };

  await expect(new Sender(() => broken).sendDue()).rejects.toThrow('disk full');

  expect(smtp.mails).toEqual([]);
  expect(desk.queuedMails()).toMatchObject([{ state: 'waiting' }]);
});
