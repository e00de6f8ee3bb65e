// M6: how a mail finds its ticket. The first rule that hits wins, and never the words of the subject.
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { markSpam, moveTicket } from '../../server/tickets/change';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { type Letter, letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let support: MailboxRow;
/** Carla's ticket, and the ids that lead to it. */
let ticket: Ticket;
let ours: { id: string; address: string; mark: string };

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
  ticket = receive(
    desk,
    letter({ messageId: 'first@mail.example', subject: 'Leaking spout' }),
    support,
  ).ticket;
  const mail = mailOf(desk, reply(desk, ticket, 'Which model is it?'));
  ours = { id: mail.messageId, address: mail.replyTo ?? '', mark: mail.messageId.split('@')[0] ?? '' };
});
afterEach(() => desk.close());

const arrives = (given: Letter, mailbox = support) => receive(desk, letter(given), mailbox);
const ruleOf = ({ message }: ReturnType<typeof receive>) => factsOf(message).rule;

describe('M6: each rule by itself', () => {
  const unknownId = 'hd-00000000000000000000000000000000@teapot.example';
  const cases: [rule: string, given: () => Letter][] = [
    ['reply address', () => ({ to: [ours.address] })],
    ['reply address', () => ({ cc: [`Support <${ours.address.toUpperCase()}>`] })],
    ['reply address', () => ({ deliveredTo: [ours.address] })],
    ['our id', () => ({ inReplyTo: [ours.id] })],
    ['our id', () => ({ references: ['elsewhere@x.example', ours.id, 'later@x.example'] })],
    ['our id', () => ({ inReplyTo: [unknownId], references: [ours.id] })],
    ['our id', () => ({ inReplyTo: [ours.id.replace('teapot.example', 'rewritten.example')] })],
    ['quoted marker', () => ({ markers: ['hd-11111111111111111111111111111111', ours.mark] })],
    ['their id', () => ({ inReplyTo: ['first@mail.example'] })],
    ['their id', () => ({ references: ['first@mail.example', 'unknown@mail.example'] })],
    ['subject number', () => ({ subject: `Re: [#${ticket.number}] Leaking spout` })],
    ['subject number', () => ({ subject: `Order #77, your ticket #${ticket.number}` })],
  ];

  test.each(cases)('%s', (rule, given) => {
    const received = arrives(given());

    expect(received.ticket.id).toBe(ticket.id);
    expect(ruleOf(received)).toBe(rule);
    expect(received.message.sender_state).toBe('accepted');
  });
});

describe('M6: the first hit wins', () => {
  const rules = ['reply address', 'our id', 'quoted marker', 'their id', 'subject number'] as const;

  /** A ticket of Carla's per rule, and a letter that names all of them, from the rule on. */
  function letterFrom(first: number) {
    const tickets = rules.map((_, place) => {
      const opened = receive(desk, letter({ messageId: `first-${place}@mail.example` }), support).ticket;
      const mail = mailOf(desk, reply(desk, opened, `Answer ${place}`));
      return { opened, mail, mark: mail.messageId.split('@')[0] ?? '' };
    });
    const at = (place: number) => tickets[place] as (typeof tickets)[number];
    const given: Letter = {};
    if (first <= 0) given.to = [at(0).mail.replyTo ?? ''];
    if (first <= 1) given.inReplyTo = [at(1).mail.messageId];
    if (first <= 2) given.markers = [at(2).mark];
    if (first <= 3) given.references = ['first-3@mail.example'];
    given.subject = `Re: #${at(4).opened.number}`;
    return { given, expected: at(first).opened };
  }

  test.each(rules.map((rule, place) => [rule, place] as const))(
    '%s before all that come after it',
    (rule, place) => {
      const { given, expected } = letterFrom(place);

      const received = arrives(given);

      expect(ruleOf(received)).toBe(rule);
      expect(received.ticket.id).toBe(expected.id);
    },
  );

  test('In-Reply-To before References, and those from the newest to the oldest', () => {
    const [one, two, three] = ['a', 'b', 'c'].map(
      (id) => receive(desk, letter({ messageId: `${id}@mail.example` }), support).ticket,
    );

    const byReference = arrives({ references: ['a@mail.example', 'b@mail.example', 'c@mail.example'] });
    const byReply = arrives({
      inReplyTo: ['b@mail.example'],
      references: ['a@mail.example', 'c@mail.example'],
    });

    expect(byReference.ticket.id).toBe(three?.id);
    expect(byReply.ticket.id).toBe(two?.id);
    expect(one?.id).not.toBe(two?.id);
  });
});

describe('M6: what is no reason', () => {
  const opens = (given: Letter, mailbox = support) => {
    const received = arrives(given, mailbox);
    expect(received.ticket.id).not.toBe(ticket.id);
    expect(ruleOf(received)).toBe('new');
  };

  test('the same subject, with or without Re:', () => {
    opens({ subject: 'Leaking spout' });
    opens({ subject: 'Re: Leaking spout' });
  });

  test('the number in the subject, from somebody who is not on the ticket', () => {
    opens({ from: 'mallory@evil.example', subject: `Re: [#${ticket.number}] Leaking spout` });
  });

  test('the number in the subject, from somebody who was only in copy, or who waits to be accepted', () => {
    arrives({ inReplyTo: [ours.id], cc: ['dora@mail.example'] });
    arrives({ from: 'emil@mail.example', inReplyTo: [ours.id] });

    opens({ from: 'dora@mail.example', subject: `#${ticket.number}` });
    opens({ from: 'emil@mail.example', subject: `#${ticket.number}` });
  });

  test('a bare number, or a number that continues', () => {
    opens({ subject: `${ticket.number}` });
    opens({ subject: `#${ticket.number}5` });
  });

  test('a mark that we never made, or only looks like one', () => {
    opens({ to: ['support+hd-0123456789abcdef0123456789abcdef@teapot.example'] });
    opens({ inReplyTo: [`${ours.mark.slice(0, -1)}@teapot.example`] });
    opens({ markers: [`x${ours.mark}`] });
  });

  test('their id, seen at another of our mailboxes', () => {
    const sales = desk.mailbox('sales@teapot.example');

    opens({ inReplyTo: ['first@mail.example'] }, sales);
  });

  test('a ticket that was deleted', () => {
    desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id);

    for (const given of [
      { to: [ours.address] },
      { inReplyTo: [ours.id] },
      { inReplyTo: ['first@mail.example'] },
      { subject: `#${ticket.number}` },
    ])
      opens(given);
  });
});

test('AC-14: five thousand numbers, tried by strangers, open new tickets only', () => {
  const known = desk.rows('SELECT id, sequence FROM tickets');

  desk.app.db.tx(() => {
    for (let number = 1; number <= 5_000; number++) {
      arrives({ from: `stranger${number}@evil.example`, subject: `Re: [#${number}] hi` });
    }
  });

  expect(desk.rows('SELECT id, sequence FROM tickets WHERE id <= ? ORDER BY id', ticket.id)).toEqual(known);
  expect(desk.rows("SELECT 1 FROM participants WHERE role = 'copy'")).toEqual([]);
  expect(desk.rows('SELECT count(*) AS n FROM tickets')).toEqual([{ n: known.length + 5_000 }]);
}, 60_000);

test('a merged ticket goes on where it was merged into', () => {
  const other = receive(desk, letter({ from: 'dora@mail.example' }), support).ticket;
  desk.app.db.sql.prepare('UPDATE tickets SET merged_into_id = ? WHERE id = ?').run(other.id, ticket.id);

  expect(arrives({ inReplyTo: [ours.id] }).ticket.id).toBe(other.id);
  expect(arrives({ subject: `#${ticket.number}` }).ticket.id).toBe(other.id);
});

test('merges in a ring do not hang, and nothing is lost', () => {
  const other = receive(desk, letter({ from: 'dora@mail.example' }), support).ticket;
  const merge = desk.app.db.sql.prepare('UPDATE tickets SET merged_into_id = ? WHERE id = ?');
  merge.run(other.id, ticket.id);
  merge.run(ticket.id, other.id);

  expect([ticket.id, other.id]).toContain(arrives({ inReplyTo: [ours.id] }).ticket.id);
});

test('words for a ticket that is spam stay there', () => {
  desk.app.db.tx(() => markSpam(desk.app, desk.ana, ticket, true));

  const received = arrives({ inReplyTo: [ours.id] });

  expect(received.ticket).toMatchObject({ id: ticket.id, is_spam: 1 });
});

describe('M8: an answer to a ticket that was finished', () => {
  const finish = (status: 'solved' | 'closed', on = ticket) =>
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, on, status));

  test('a solved ticket is open again', () => {
    finish('solved');

    expect(arrives({ inReplyTo: [ours.id] }).ticket).toMatchObject({
      id: ticket.id,
      status: 'open',
      solved_at: null,
      awaits_us: 1,
    });
  });

  test.each(['pending', 'on hold'] as const)('so is one that was %s', (status) => {
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, status));

    expect(arrives({ inReplyTo: [ours.id] }).ticket).toMatchObject({ id: ticket.id, status: 'open' });
  });

  const day = 86_400_000;
  const choices: [name: string, mailbox: Parameters<Desk['mailbox']>[1], after: number, joins: boolean][] = [
    ['always: after years', { reopenClosed: 'always' }, 2_000 * day, true],
    ['within 30 days: on the last of them', { reopenClosed: 'days', reopenDays: 30 }, 30 * day, true],
    ['within 30 days: a moment later', { reopenClosed: 'days', reopenDays: 30 }, 30 * day + 1, false],
    ['never: at once', { reopenClosed: 'never' }, 0, false],
  ];

  test.each(choices)('closed, %s', (_, mailbox, after, joins) => {
    const desk_ = desk.mailbox('other@teapot.example', mailbox);
    const { ticket: closed } = receive(desk, letter({ messageId: 'closed@mail.example' }), desk_);
    finish('closed', closed);
    desk.clock.pass(after);

    const received = arrives({ inReplyTo: ['closed@mail.example'], subject: 'Again' }, desk_);

    if (joins) {
      expect(received.ticket).toMatchObject({ id: closed.id, status: 'open', closed_at: null });
    } else {
      expect(received.ticket).toMatchObject({ status: 'new', linked_ticket_id: closed.id });
      expect(ruleOf(received)).toBe('closed ticket');
      expect(desk.ticketNow(closed).status).toBe('closed');
    }
  });
});
