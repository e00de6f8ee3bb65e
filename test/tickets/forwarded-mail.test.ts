// A customer's mail that an agent passes on to our mailbox is the customer's ticket, and says who passed it on (M15, AC-16).
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { type Letter, letter, receive } from '../support/letters';
import { reply } from '../support/writing';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const PASSED_ON = [
  'Can somebody help her?',
  '',
  '---------- Forwarded message ---------',
  'From: Dora Berg <dora@mail.example>',
  'Date: Mon, 2 Nov 2026 at 10:11',
  'Subject: My kettle',
  'To: Ana <ana@teapot.example>',
  '',
  'It leaks.',
].join('\n');

const passOn = (given: Letter = {}) =>
  receive(
    desk,
    letter({ from: 'Ana <ana@teapot.example>', subject: 'Fwd: My kettle', words: PASSED_ON, ...given }),
  );

test('M15: the one whose mail it was is the customer and is answered; the ticket says who passed it on', async () => {
  const { ticket, message } = passOn();

  expect(ticket).toMatchObject({ subject: 'My kettle' });
  expect(message).toMatchObject({
    author_kind: 'customer',
    author_name: 'Dora Berg',
    sender_state: 'accepted',
  });
  expect(factsOf(message)).toMatchObject({
    rule: 'forwarded',
    from: { name: 'Dora Berg', address: 'dora@mail.example' },
    forwardedBy: { name: 'Ana', address: 'ana@teapot.example' },
  });
  const { html } = await doors.as(desk.ben).get(`/tickets/${ticket.number}`);
  expect(html).toContain('Ana forwarded this mail to us');
  reply(desk, desk.ticketNow(ticket), 'We send you a new one.');
  expect(desk.queuedMails().at(-1)?.recipients).toEqual(['dora@mail.example']);
});

test('M15: only a word for forwarding is taken off the subject', () => {
  expect(passOn({ subject: 'VS: My kettle' }).ticket.subject).toBe('My kettle');
  expect(passOn({ subject: 'Order: my kettle' }).ticket.subject).toBe('Order: my kettle');
});

test('M15: a customer who is known already gets no second self, and their address is proven by nothing in it', () => {
  const known = receive(desk, letter({ from: 'Dora Berg <dora@mail.example>' })).ticket;
  expect(passOn().ticket.customer_id).toBe(known.customer_id);

  passOn({ words: PASSED_ON.replaceAll('dora@', 'new.dora@') });
  expect(
    desk.rows('SELECT verified_at FROM customer_addresses WHERE address_key = ?', 'new.dora@mail.example'),
  ).toEqual([{ verified_at: null }]);
});

test('AC-16: what vouches for the agent vouches for nobody else', () => {
  const support = desk.mailbox('support@teapot.example');
  desk.app.db.sql.prepare("UPDATE mailboxes SET authentication = 'own' WHERE id = ?").run(support.id);
  const checked = { verdict: 'verified', by: 'own', domain: 'teapot.example' } as const;
  const anas = letter({ from: 'Ana <ana@teapot.example>', checked });

  expect(factsOf(receive(desk, anas, support).message).authentication?.verdict).toBe('verified');
  const passedOn = { ...anas, messageId: 'passed@mail.example', subject: 'Fwd: My kettle', words: PASSED_ON };
  expect(factsOf(receive(desk, passedOn, support).message)).toMatchObject({
    rule: 'forwarded',
    authentication: { verdict: 'unverified' },
  });
});

test('AC-16: a mail that the agent’s own domain disowns passes nothing on', () => {
  const { message } = passOn({ authenticationResults: ['mx.teapot.example; dmarc=fail'] });

  expect(message.author_name).toBe('Ana');
  expect(factsOf(message).forwardedBy).toBeUndefined();
});

test.each([
  ['somebody who is no agent', { from: 'Mallory <mallory@evil.example>' }],
  ['somebody who has left', { from: 'Ben <ben@teapot.example>' }],
  ['a machine', { automatic: 'auto-submitted' as const }],
  ['a form that writes for somebody', { from: 'web@teapot.example', replyTo: ['ana@teapot.example'] }],
])('AC-16: from %s it is their own mail', (_who, given) => {
  desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
  const { message } = passOn(given);

  expect(message.author_name).not.toBe('Dora Berg');
  expect(factsOf(message).forwardedBy).toBeUndefined();
});

test('AC-16: passed on into a ticket that is there already, it speaks for nobody', () => {
  const doras = receive(
    desk,
    letter({ from: 'Dora Berg <dora@mail.example>', messageId: 'doras@mail.example' }),
  ).ticket;
  const { ticket, message } = passOn({ inReplyTo: ['doras@mail.example'] });

  expect(ticket.id).toBe(doras.id);
  expect(message).toMatchObject({ author_name: 'Ana', sender_state: 'unverified' });
});

test('M15: our own mail that is passed on does not make us the customer', () => {
  desk.mailbox('support@teapot.example');
  const { message } = passOn({ words: PASSED_ON.replaceAll('dora@mail.example', 'support@teapot.example') });

  expect(message.author_name).toBe('Ana');
});
