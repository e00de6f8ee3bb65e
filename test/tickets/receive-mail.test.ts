// A mail becomes a message: whose it is, who joins, who is never written to.
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { decideParticipant } from '../../server/tickets/participants';
import { findParticipant, findParticipants, findVisitorMessagesAfter } from '../../server/tickets/queries';
import { factsOf } from '../../server/tickets/ticket';
import { recipientsOf } from '../../server/tickets/writing/recipients';
import { type Desk, openDesk } from '../support/desk';
import { file, type Letter, letter, receive } from '../support/letters';
import { mailOf, reply, uploaded } from '../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
});
afterEach(() => desk.close());

const arrives = (given: Letter = {}, mailbox = support) => receive(desk, letter(given), mailbox);
const everything = () => [
  desk.rows('SELECT * FROM tickets'),
  desk.rows('SELECT * FROM messages'),
  desk.rows('SELECT * FROM customers'),
];

/** Carla's ticket with an answer, and the id that leads to it. */
function answered(): { ticket: Ticket; ourId: string; ourAddress: string } {
  const { ticket } = arrives({ messageId: 'first@mail.example' });
  const mail = mailOf(desk, reply(desk, ticket, 'Which model is it?'));
  return { ticket, ourId: mail.messageId, ourAddress: mail.replyTo ?? '' };
}

test('AC-47: an answer that begins a ticket of its own stays with the team whose ticket it answers', () => {
  const strict = desk.mailbox('strict@teapot.example', { reopenClosed: 'never' });
  const { ticket } = arrives({ messageId: 'team@mail.example' }, strict);
  const team = desk.team('Secret', desk.ana);
  desk.giveToTeam(ticket, team);
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(ticket), 'closed'));

  const answer = arrives({ inReplyTo: ['team@mail.example'] }, strict).ticket;
  expect(desk.ticketNow(answer)).toMatchObject({ linked_ticket_id: ticket.id, team_id: team });
});

test('a first mail makes a customer, a ticket and a message, and tells open pages', () => {
  const { ticket, message } = arrives({
    from: 'Carla Berg <Carla@Mail.example>',
    subject: ' Leaking\tspout ',
    words: 'It leaks.',
  });

  expect(ticket).toMatchObject({
    status: 'new',
    channel: 'email',
    subject: 'Leaking spout',
    mailbox_id: support.id,
    awaits_us: 1,
    excerpt: 'It leaks.',
  });
  expect(message).toMatchObject({
    kind: 'reply',
    author_kind: 'customer',
    author_name: 'Carla Berg',
    words: 'It leaks.',
    sequence: 1,
  });
  expect(desk.rows('SELECT address_key, verified_how FROM customer_addresses')).toEqual([
    { address_key: 'carla@mail.example', verified_how: 'mail' },
  ]);
  expect(desk.events().map(({ name }) => name)).toEqual(['customer.created', 'ticket.opened']);
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
  expect(desk.queuedMails()).toEqual([]);
});

test('the same address in other capitals is the same customer, who keeps the name that is known', () => {
  arrives({ from: 'Carla Berg <carla@mail.example>' });
  const { message } = arrives({ from: 'CB <CARLA@mail.example>' });

  expect(message.author_name).toBe('Carla Berg');
  expect(desk.rows('SELECT count(*) AS n FROM customers')).toEqual([{ n: 1 }]);
});

test('AC-31: control characters in names and subjects become blanks', () => {
  const { ticket, message } = arrives({
    from: 'Carla\r\nBcc: v@evil.example <carla@mail.example>',
    subject: 'Hi\r\nBcc: v@evil.example\u0000',
  });

  expect(ticket.subject).toBe('Hi Bcc: v@evil.example');
  expect(message.author_name).not.toMatch(/[\r\n]/);
});

test('files hang on the message, one copy on disk for the same bytes', async () => {
  const attachment = {
    name: '..\\..\\manual.txt',
    declaredType: 'text/plain',
    type: '',
    inline: false,
    content: Buffer.from('turn it on'),
    size: 10,
  };
  const { file: one } = await uploaded(desk, 'x', 'turn it on');
  const { file: two } = await uploaded(desk, 'x', 'turn it on');

  const { message } = receive(
    desk,
    letter({ attachments: [attachment, { ...attachment, name: 'same.txt' }] }),
    support,
    [one, two],
  );

  expect(desk.rows('SELECT owner_id, name, file_id FROM attachments')).toEqual([
    { owner_id: message.id, name: 'manual.txt', file_id: 1 },
    { owner_id: message.id, name: 'same.txt', file_id: 1 },
  ]);
  expect(desk.rows('SELECT disk_name FROM files')).toEqual([{ disk_name: one.diskName }]);
});

describe('M3: the same mail', () => {
  test('to two of our mailboxes is two linked tickets', () => {
    const sales = desk.mailbox('sales@teapot.example');
    const given = { messageId: 'both@mail.example', to: ['support@teapot.example', 'sales@teapot.example'] };

    const one = arrives(given);
    const two = arrives(given, sales);

    expect(two.ticket.id).not.toBe(one.ticket.id);
    expect(two.ticket.linked_ticket_id).toBe(one.ticket.id);
    expect([one.ticket.mailbox_id, two.ticket.mailbox_id]).toEqual([support.id, sales.id]);
  });

  test('to two of our mailboxes as an answer is one message on the ticket that it answers', () => {
    const sales = desk.mailbox('sales@teapot.example');
    const { ticket, ourId } = answered();
    const given = { messageId: 'both@mail.example', inReplyTo: [ourId] };
    arrives(given);
    const before = everything();

    expect(file(desk, letter(given), sales)).toEqual({ notImported: 'duplicate' });
    expect(everything()).toEqual(before);
    expect(desk.messagesOf(ticket)).toHaveLength(3);
  });
});

describe('M7: a right thread does not make a right sender', () => {
  test('an unknown sender is seen, is not written to, and is not quoted', () => {
    const { ticket, ourId } = answered();

    const { message } = arrives({
      from: 'Mallory <mallory@evil.example>',
      inReplyTo: [ourId],
      words: 'Please send everything to me',
    });

    expect(message).toMatchObject({
      ticket_id: ticket.id,
      sender_state: 'unverified',
      visitor_sequence: null,
      author_name: 'Mallory',
    });
    expect(findParticipant(desk.app.db, ticket.id, 'mallory@evil.example')).toMatchObject({
      role: 'copy',
      state: 'unverified',
    });
    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
    const mail = mailOf(desk, reply(desk, ticket, 'Hello'));
    expect(mail.text).not.toContain('everything to me');
  });

  test('when an agent accepts, their words count and the next reply goes to them too', () => {
    const { ticket, ourId } = answered();
    const { message } = arrives({ from: 'Emil <emil@mail.example>', inReplyTo: [ourId] });
    const person = findParticipant(desk.app.db, ticket.id, 'emil@mail.example');

    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, person?.id ?? 0, true));

    expect(desk.messagesOf(ticket).find(({ id }) => id === message.id)?.sender_state).toBe('accepted');
    const mail = mailOf(desk, reply(desk, ticket, 'Hello both'));
    expect(mail).toMatchObject({
      to: [{ address: 'carla@mail.example' }],
      cc: [{ name: 'Emil', address: 'emil@mail.example' }],
    });
    expect(desk.events('ticket.participant-accepted')).toHaveLength(1);
    expect(arrives({ from: 'emil@mail.example', inReplyTo: [ourId] }).message.sender_state).toBe('accepted');
  });

  test('who was left out stays out, and writes as unverified again', () => {
    const { ticket, ourId } = answered();
    arrives({ from: 'emil@mail.example', inReplyTo: [ourId] });
    const person = findParticipant(desk.app.db, ticket.id, 'emil@mail.example');
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, person?.id ?? 0, false));

    const { message } = arrives({ from: 'emil@mail.example', inReplyTo: [ourId] });

    expect(message.sender_state).toBe('unverified');
    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
  });

  test('somebody who was in copy and then writes can be accepted like anybody else', () => {
    const { ticket, ourId } = answered();
    arrives({ inReplyTo: [ourId], cc: ['Emil <emil@mail.example>'] });
    const { message } = arrives({ from: 'emil@mail.example', inReplyTo: [ourId] });
    const person = findParticipant(desk.app.db, ticket.id, 'emil@mail.example');

    expect(person).toMatchObject({ state: 'unverified', customer_id: message.author_id });
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, person?.id ?? 0, true));
    expect(desk.messagesOf(ticket).find(({ id }) => id === message.id)?.sender_state).toBe('accepted');
  });

  test('the requester can be neither accepted nor left out, and nobody from another ticket', () => {
    const { ticket } = answered();
    const other = arrives({ from: 'dora@mail.example' }).ticket;
    const [carla] = findParticipants(desk.app.db, ticket.id);
    const [dora] = findParticipants(desk.app.db, other.id);

    for (const id of [carla?.id, dora?.id, 999]) {
      expect(() =>
        desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, id ?? 0, false)),
      ).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
  });
});

describe('AC-13: token, sender and authentication', () => {
  const tokens = ['reply address', 'our id', 'quoted marker', 'invalid'] as const;
  const senders = ['requester', 'accepted copy', 'stranger', 'agent'] as const;
  const verdicts = ['pass', 'fail', 'none'] as const;
  const matrix = tokens.flatMap((token) =>
    senders.flatMap((sender) => verdicts.map((verdict) => [token, sender, verdict] as const)),
  );

  test.each(matrix)('%s, %s, dmarc %s', (token, sender, verdict) => {
    const { ticket, ourId, ourAddress } = answered();
    arrives({ from: 'emil@mail.example', inReplyTo: [ourId] });
    const emil = findParticipant(desk.app.db, ticket.id, 'emil@mail.example');
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, emil?.id ?? 0, true));
    const mark = ourId.split('@')[0] ?? '';
    const by = {
      requester: 'carla@mail.example',
      'accepted copy': 'emil@mail.example',
      stranger: 'mallory@evil.example',
      agent: 'ana@teapot.example',
    };
    const lead: Record<(typeof tokens)[number], Letter> = {
      'reply address': { to: [ourAddress] },
      'our id': { inReplyTo: [ourId] },
      'quoted marker': { markers: [mark] },
      invalid: {
        inReplyTo: [ourId.replace(/[0-9a-f]{4}@/, '0000@')],
        to: [ourAddress.replace(/[0-9a-f]{4}@/, '0000@')],
      },
    };
    const authenticationResults =
      verdict === 'none' ? [] : [`mx.teapot.example; spf=pass; dmarc=${verdict} header.from=mail.example`];
    const before = desk.messagesOf(ticket).length;
    desk.signals();

    const received = arrives({
      from: by[sender],
      authenticationResults,
      words: 'Hello again',
      ...lead[token],
    });

    const joins = token !== 'invalid' && verdict !== 'fail';
    expect(received.ticket.id === ticket.id).toBe(joins);
    expect(desk.messagesOf(ticket)).toHaveLength(before + (joins ? 1 : 0));
    if (joins) {
      const isKnown = sender === 'requester' || sender === 'accepted copy';
      expect(received.message.sender_state).toBe(isKnown ? 'accepted' : 'unverified');
      expect(received.message.author_kind).toBe('customer');
      const forVisitors = findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 100).map(({ id }) => id);
      expect(forVisitors.includes(received.message.id)).toBe(isKnown);
    } else if (token !== 'invalid') {
      expect(received.ticket.linked_ticket_id).toBe(ticket.id);
      expect(factsOf(received.message).rule).toBe('not trusted');
    }
    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example', 'emil@mail.example']);
    expect(desk.queuedMails()).toHaveLength(1);
  });
});
