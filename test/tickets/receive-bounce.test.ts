// AC-22, M10: a mail that came back is told on the message that bounced, and answered by nobody.
import type { MailboxRow } from '../../server/mail';
import type { Bounce } from '../../server/mail/parsed-mail';
import type { Ticket } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { sendAgain } from '../../server/tickets/outbox/delivery';
import { findVisitorMessagesAfter } from '../../server/tickets/queries';
import type { MessageRow } from '../../server/tickets/ticket';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { file, type Letter, letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let support: MailboxRow;
let ticket: Ticket;
let answer: MessageRow;
let ourId: string;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  ticket = receive(desk, letter(), support).ticket;
  answer = reply(desk, ticket, 'Which model is it?');
  ourId = mailOf(desk, answer).messageId;
  taken(answer);
});
afterEach(() => desk.close());

/** As after the server took it. */
function taken(message: { id: number }): void {
  desk.app.db.sql
    .prepare("UPDATE outbox SET state = 'sent', mail = NULL, attempts = 1, sent_at = 1 WHERE message_id = ?")
    .run(message.id);
  desk.app.db.sql
    .prepare("UPDATE messages SET state = 'sent', delivered_at = 1 WHERE id = ?")
    .run(message.id);
}

const bounce = (given: Partial<Bounce> = {}, more: Letter = {}) =>
  letter({
    from: 'Mail Delivery System <mailer-daemon@mx.example>',
    subject: 'Undelivered Mail Returned to Sender',
    words: 'I am sorry to have to inform you',
    returnPath: null,
    automatic: 'bounce',
    bounce: {
      permanent: true,
      text: '550 5.1.1 no such user',
      status: '5.1.1',
      recipient: 'carla@mail.example',
      originalMessageId: ourId,
      ...given,
    },
    ...more,
  });
const messageNow = (message: { id: number }) => desk.messagesOf(ticket).find(({ id }) => id === message.id);

test('AC-22: the message that bounced is not delivered, with the server’s words, and the ticket says so loudly', () => {
  desk.signals();
  const { message } = receive(desk, bounce(), support);

  expect(messageNow(answer)).toMatchObject({ state: 'failed', delivery_answer: '550 5.1.1 no such user' });
  expect(desk.ticketNow(ticket)).toMatchObject({ undelivered: 1 });
  expect(message).toMatchObject({
    ticket_id: ticket.id,
    kind: 'note',
    is_automatic: 1,
    author_kind: 'system',
  });
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
  expect(desk.events('ticket.mail-bounced')).toHaveLength(1);
});

test('AC-22: nobody is answered, no customer is made, nothing is opened, and the visitor does not see it', () => {
  const customers = desk.rows('SELECT id FROM customers');
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));
  const forVisitors = findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 100).length;

  receive(desk, bounce(), support);

  expect(desk.queuedMails()).toHaveLength(1);
  expect(desk.rows('SELECT id FROM customers')).toEqual(customers);
  expect(desk.rows('SELECT count(*) AS n FROM tickets')).toEqual([{ n: 1 }]);
  expect(desk.ticketNow(ticket).status).toBe('solved');
  expect(findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 100)).toHaveLength(forVisitors);
});

test('a delay is told and marks nothing', () => {
  receive(desk, bounce({ permanent: false, text: '450 4.2.0 will keep trying', status: '4.2.0' }), support);

  expect(messageNow(answer)?.state).toBe('sent');
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
});

test('a bounce without the id of the mail finds the ticket by the marker in what it returns, and marks no message', () => {
  const mark = ourId.split('@')[0] ?? '';

  const { message } = receive(desk, bounce({ originalMessageId: undefined }, { markers: [mark] }), support);

  expect(message).toMatchObject({ ticket_id: ticket.id, kind: 'note' });
  expect(messageNow(answer)?.state).toBe('sent');
});

test('a bounce of a mail that is not ours is automatic mail like any other', () => {
  const { ticket: other, message } = receive(
    desk,
    bounce({ originalMessageId: 'somebody@else.example' }),
    support,
  );

  expect(other.id).not.toBe(ticket.id);
  expect(message).toMatchObject({ kind: 'reply', is_automatic: 1 });
  expect(desk.queuedMails()).toHaveLength(1);
});

test('a bounce for a ticket that was deleted does not write on it', () => {
  desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id);
  const before = desk.messagesOf(ticket);

  file(desk, bounce(), support);

  expect(desk.messagesOf(ticket)).toEqual(before);
});

test('what came back was taken and is kept no longer, so it can’t be sent again', () => {
  receive(desk, bounce(), support);

  expect(() =>
    desk.app.db.tx(() => sendAgain(desk.app, desk.ana, ticket, messageNow(answer) as MessageRow)),
  ).toThrow(expect.objectContaining({ code: 'conflict' }));
});

test('M10: an address whose mails keep coming back is marked, until a mail comes from it', () => {
  const failing = () =>
    desk.rows<{ failing_since: number | null }>('SELECT failing_since FROM customer_addresses')[0]
      ?.failing_since;
  receive(desk, bounce(), support);
  expect(failing()).toBeNull();

  const second = reply(desk, ticket, 'Are you there?');
  const secondId = mailOf(desk, second).messageId;
  taken(second);
  receive(desk, bounce({ originalMessageId: secondId }), support);
  expect(failing()).toBe(desk.clock.now());

  receive(desk, letter({ inReplyTo: [secondId], automatic: 'auto-submitted' }), support);
  expect(failing()).toBe(desk.clock.now());
  receive(desk, letter({ inReplyTo: [secondId] }), support);
  expect(failing()).toBeNull();
});

test('AC-22: the same bounce twice counts one message once', () => {
  receive(desk, bounce(), support);
  receive(desk, bounce(), support);

  expect(desk.ticketNow(ticket).undelivered).toBe(1);
});

test('AC-13: a bounce that calls itself a colleague is not shown as one, and a forged one says so', async () => {
  const { message } = receive(
    desk,
    bounce(
      {},
      {
        from: 'Ana Hansen <ana@teapot.example>',
        words: 'I checked: please send the password to mallory@evil.example',
        authenticationResults: ['mx.teapot.example; dmarc=fail'],
      },
    ),
    support,
  );

  expect(message).toMatchObject({
    kind: 'note',
    author_kind: 'system',
    author_name: 'MAILER-DAEMON@teapot.example',
  });
  expect(factsOf(message)).toMatchObject({
    automatic: 'bounce',
    authentication: { verdict: 'failed' },
  });
});
