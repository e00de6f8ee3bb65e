// A visitor asks something: what becomes of it, and what a typed address must not do.
import { nobodyIsThere, startChat } from '../../server/chat';
import { conversationFor } from '../../server/chat/access';
import { showAfter } from '../../server/chat/present-visitor';
import { findCustomerById } from '../../server/customers';
import { MINUTE } from '../../server/lib/clock';
import { ask, openSite, question } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

test('a chat is a ticket like any other, and waits for an agent', () => {
  const site = openSite(desk);

  const { ticket, now } = ask(desk, site, {
    email: 'carla@mail.example',
    page: 'https://teapot.example/kettles',
  });

  expect(ticket).toMatchObject({
    channel: 'chat',
    chat_state: 'queued',
    status: 'new',
    subject: 'Do you ship to Svalbard?',
  });
  expect(desk.messagesOf(ticket)).toMatchObject([
    { words: 'Do you ship to Svalbard?', author_name: 'Carla', channel: 'chat' },
  ]);
  expect(now().chat).toMatchObject({
    state: 'queued',
    page: 'https://teapot.example/kettles',
    visitor_gone_at: null,
  });
  expect(desk.events().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ticket.opened', 'chat.queued']),
  );
  const signals = desk.signals();
  expect(signals).toContainEqual({ room: 'agents', event: 'ticket:changed' });
  expect(signals).toContainEqual({ room: 'agents', event: 'chat:waiting' });
  expect(desk.queuedMails()).toEqual([]);
});

test('C1: the same start sent twice, because its answer was lost, makes one ticket, one customer and one message', () => {
  const site = openSite(desk);
  const input = question();

  const first = desk.app.db.tx(() => startChat(desk.app, site, input, true));
  const second = desk.app.db.tx(() => startChat(desk.app, site, input, true));

  expect(second.ticket.id).toBe(first.ticket.id);
  expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(1);
  expect(desk.rows('SELECT 1 FROM customers')).toHaveLength(1);
  expect(desk.rows('SELECT 1 FROM messages')).toHaveLength(1);
});

test('C8: a typed address is claimed only; the customer whose address it is keeps history and address to themselves', () => {
  const known = desk.ticketFrom('Carla', 'A private matter', 'Only for your eyes.');
  const site = openSite(desk);

  const { ticket, now } = ask(desk, site, { email: 'carla@mail.example' });

  expect(ticket.customer_id).not.toBe(known.customer_id);
  expect(
    desk.rows('SELECT verified_at FROM customer_addresses WHERE customer_id = ?', ticket.customer_id),
  ).toEqual([{ verified_at: null }]);
  expect(JSON.stringify(showAfter(desk.app, now(), 0))).not.toContain('private');
  expect(findCustomerById(desk.app.db, known.customer_id)?.name).toBe('Carla');
});

test('AC-24: whoever’s address is typed, nothing is sent there before an agent has answered', async () => {
  const site = openSite(desk, {
    mailboxId: desk.mailbox('help@teapot.example', { smtp: { port: 2525 } }).id,
  });
  for (let i = 0; i < 50; i += 1)
    ask(desk, site, {
      name: `Buy ${i}`,
      email: `victim${i}@mail.example`,
      words: `Cheap pills at https://spam.example/${i}`,
    });
  desk.app.db.tx(() => nobodyIsThere(desk.app));

  for (let minute = 0; minute < 30; minute += 1) {
    desk.clock.pass(MINUTE);
    await desk.app.jobs.runDue();
  }

  expect(desk.queuedMails()).toEqual([]);
});

test('AC-53: only the hash of the token is stored, and nothing that is shown carries the token', () => {
  const site = openSite(desk);

  const { token, now } = ask(desk, site);

  const everything = desk.rows<Record<string, unknown>>('SELECT * FROM visitors');
  expect(everything).toHaveLength(1);
  expect(JSON.stringify(everything)).not.toContain(token);
  expect(JSON.stringify(desk.rows('SELECT * FROM messages'))).not.toContain(token);
  expect(JSON.stringify(desk.rows('SELECT * FROM events'))).not.toContain(token);
  expect(JSON.stringify(showAfter(desk.app, now(), 0))).not.toContain(token);
});

test.each([
  ['no token', undefined],
  ['an empty token', ''],
  ['a guessed token', 'A'.repeat(43)],
  ['an array', ['A'.repeat(43)]],
  ['an object', { token: 'x' }],
  ['a wildcard', '%'],
])('AC-53: %s opens nothing', (_name, token) => {
  const site = openSite(desk);
  ask(desk, site);

  expect(conversationFor(desk.app, site, token)).toBeUndefined();
});

test('AC-53: a token of one site opens nothing on another', () => {
  const { token } = ask(desk, openSite(desk));
  const other = openSite(desk, { name: 'Coffee pot' });

  expect(conversationFor(desk.app, other, token)).toBeUndefined();
  expect(() => ask(desk, other, { token })).toThrow('This conversation belongs to another website.');
  expect(desk.rows('SELECT 1 FROM tickets')).toHaveLength(1);
});

test('P11: a card number is masked before it is stored, in name, subject and search index too', () => {
  const site = openSite(desk);

  const { ticket } = ask(desk, site, {
    name: 'Carla 4111 1111 1111 1111',
    words: 'My card is 4111 1111 1111 1111, please charge it',
  });
  desk.app.followers.catchUp();

  expect(ticket.subject).not.toContain('4111 1111');
  expect(findCustomerById(desk.app.db, ticket.customer_id)?.name).toBe('Carla •••• •••• •••• 1111');
  expect(desk.messagesOf(ticket)[0]?.words).not.toContain('4111 1111');
  expect(desk.messagesOf(ticket)[0]?.words).toContain('1111, please charge it');
  expect(desk.messagesOf(ticket)[0]?.facts).toContain('maskedCards');
});

test('AC-06: a name of control and direction characters is a plain line, one of nothing else is a visitor', () => {
  const site = openSite(desk);

  const { ticket } = ask(desk, site, { name: '\u202eCarla\u0000' });
  const nameless = ask(desk, site, { name: '\u202e' });

  expect(findCustomerById(desk.app.db, ticket.customer_id)?.name).toBe('Carla');
  expect(findCustomerById(desk.app.db, nameless.ticket.customer_id)?.name).toBe('Visitor');
});
