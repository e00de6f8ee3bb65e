// Mail that no person wrote, and mail that names people who did not ask for it (M9, AC-18, AC-20, AC-23).
import type { MailboxRow } from '../../server/mail';
import { writeSetting } from '../../server/settings';
import type { Ticket } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { findParticipants, findVisitorMessagesAfter } from '../../server/tickets/queries';
import { factsOf } from '../../server/tickets/ticket';
import { recipientsOf } from '../../server/tickets/writing/recipients';
import { type Desk, openDesk } from '../support/desk';
import { file, type Letter, letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

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

describe('M9: automatic mail', () => {
  test.each(['solved', 'closed', 'pending', 'on hold'] as const)(
    'reopens nothing: a ticket that is %s stays so',
    (status) => {
      const { ticket, ourId } = answered();
      desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, status));

      const { ticket: now, message } = arrives({
        inReplyTo: [ourId],
        automatic: 'auto-submitted',
        words: 'I am away',
      });

      expect(now).toMatchObject({ id: ticket.id, status, awaits_us: 0 });
      expect(message.is_automatic).toBe(1);
      expect(factsOf(message).automatic).toBe('auto-submitted');
      expect(desk.queuedMails()).toHaveLength(1);
    },
  );

  test('an absence note on a ticket that was closed long ago begins no new ticket', () => {
    const strict = desk.mailbox('strict@teapot.example', { reopenClosed: 'never' });
    const { ticket } = arrives({ messageId: 'old@mail.example' }, strict);
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'closed'));

    const received = arrives({ inReplyTo: ['old@mail.example'], automatic: 'auto-reply' }, strict);

    expect(received.ticket).toMatchObject({ id: ticket.id, status: 'closed' });
  });

  test('an automatic mail that answers nothing is a ticket that is marked', () => {
    const { ticket, message } = arrives({ from: 'shop@supplier.example', automatic: 'bulk' });

    expect(ticket).toMatchObject({ status: 'new', awaits_us: 0 });
    expect(message.is_automatic).toBe(1);
  });

  const form: Letter = {
    from: 'Website <form@teapot.example>',
    replyTo: ['Carla <carla@mail.example>'],
    automatic: 'auto-submitted',
    formSender: true,
  };

  test('the form of our own website writes for the person in Reply-To, who counts as an ordinary sender', () => {
    const { ticket, message } = arrives(form);

    expect(message).toMatchObject({ author_name: 'Carla', is_automatic: 0 });
    expect(ticket.awaits_us).toBe(1);
    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
  });

  test('a form’s mail reopens a ticket that its person is on', () => {
    const { ticket, ourId } = answered();
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));

    expect(arrives({ ...form, inReplyTo: [ourId] }).ticket).toMatchObject({ id: ticket.id, status: 'open' });
  });

  test('a form that writes from our own mailbox is no loop', () => {
    const { message } = arrives({ ...form, from: 'support@teapot.example' });

    expect(message.author_name).toBe('Carla');
  });

  test('somebody else’s form speaks for itself only, and no Reply-To of theirs is believed', () => {
    const { ticket, message } = arrives({ ...form, from: 'form@elsewhere.example' });

    expect(message.is_automatic).toBe(1);
    expect(recipientsOf(desk.app, ticket).all).toEqual(['form@elsewhere.example']);
  });

  test('a form that an admin has listed speaks for the person in Reply-To, marked as a machine or not', () => {
    writeSetting(desk.app, 'formSenders', { addresses: ['form@service.example'] });
    for (const more of [{}, { automatic: undefined, formSender: false }]) {
      const { ticket, message } = arrives({ ...form, from: 'Forms <Form@service.example>', ...more });
      expect(message).toMatchObject({ author_name: 'Carla', is_automatic: 0 });
      expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
    }
    const bulk = arrives({ ...form, from: 'form@service.example', automatic: 'bulk', formSender: false });
    expect(recipientsOf(desk.app, bulk.ticket).all).toEqual(['form@service.example']);
  });

  test('AC-18: the Reply-To of an ordinary mail moves nobody', () => {
    const { ticket } = arrives({ replyTo: ['victim@mail.example'] });

    expect(recipientsOf(desk.app, ticket).all).toEqual(['carla@mail.example']);
  });
});

describe('AC-18: people in copy', () => {
  test('two hundred of them: no mail, no customer, twenty suggestions', () => {
    const cc = Array.from({ length: 200 }, (_, n) => `Copy ${n} <copy${n}@mail.example>`);

    const { ticket } = arrives({ cc });
    reply(desk, ticket, 'Hello');

    expect(desk.rows('SELECT count(*) AS n FROM customers')).toEqual([{ n: 1 }]);
    expect(
      findParticipants(desk.app.db, ticket.id).filter(({ state }) => state === 'suggested'),
    ).toHaveLength(20);
    expect(desk.queuedMails()).toEqual([
      { recipients: ['carla@mail.example'], state: 'waiting', kind: 'reply' },
    ]);
  });

  test('twenty on the ticket, however many mails name others', () => {
    const { ticket, ourId } = answered();
    for (let mail = 0; mail < 5; mail++) {
      arrives({
        inReplyTo: [ourId],
        cc: Array.from({ length: 10 }, (_, n) => `copy-${mail}-${n}@mail.example`),
      });
    }

    expect(
      findParticipants(desk.app.db, ticket.id).filter(({ state }) => state === 'suggested'),
    ).toHaveLength(20);
  });
});

describe('AC-23: our own addresses', () => {
  test.each([
    'support@teapot.example',
    'SUPPORT@teapot.example',
    'support+hd-0@teapot.example',
    'sales@teapot.example',
  ])('%s never becomes a requester', (from) => {
    desk.mailbox('sales@teapot.example');
    const before = everything();

    expect(file(desk, letter({ from }), support)).toEqual({ notImported: 'loop' });
    expect(everything()).toEqual(before);
  });

  test('nor a suggestion to write to', () => {
    const { ticket } = arrives({
      to: ['support@teapot.example', 'support+hd-1@teapot.example'],
      cc: ['dora@mail.example'],
    });

    expect(findParticipants(desk.app.db, ticket.id).map(({ address }) => address)).toEqual([
      'carla@mail.example',
      'dora@mail.example',
    ]);
  });

  test('a mailbox whose own name has a plus in it is ours too', () => {
    desk.mailbox('desk+eu@teapot.example');

    expect(file(desk, letter({ from: 'desk+eu@teapot.example' }), support)).toEqual({ notImported: 'loop' });
  });
});

test('AC-20: what a third party mails to a ticket’s reply address is not for its requester', () => {
  const { ticket, ourAddress } = answered();

  const { message } = arrives({
    from: 'noreply@other-service.example',
    to: [ourAddress],
    words: 'Your code is 123456',
  });

  expect(message.ticket_id).toBe(ticket.id);
  expect(
    findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 100)
      .map(({ words }) => words)
      .join(),
  ).not.toContain('123456');
  expect(mailOf(desk, reply(desk, ticket, 'Hello')).text).not.toContain('123456');
});
