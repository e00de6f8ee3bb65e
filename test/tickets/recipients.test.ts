// To whom a reply goes: whom the page said before, nobody who was only named by a stranger, and hidden copies unseen.
import { simpleParser } from 'mailparser';
import type { OutgoingMail } from '../../server/mail';
import { composeMail } from '../../server/mail/compose';
import type { Ticket } from '../../server/tickets';
import { findParticipants } from '../../server/tickets/queries';
import { findDraft, recipientsOfDraft } from '../../server/tickets/writing/drafts';
import { everybodyOf } from '../../server/tickets/writing/recipients';
import { undoReply } from '../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { mailOf, reply, tryReply, words } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const people = (ticket: Ticket) =>
  findParticipants(desk.app.db, ticket.id).map(({ address, role, state }) => [address, role, state]);
const everybody = (ticket: Ticket) =>
  everybodyOf(desk.app, ticket, findParticipants(desk.app.db, ticket.id)).all;

test('O2: a reply goes to whom the form says, each in its place', () => {
  const ticket = desk.ticketFrom('Carla');

  const message = reply(
    desk,
    ticket,
    words('Ready', {
      to: 'Carla <carla@mail.example>',
      cc: 'Per Berg <per@other.example>; eva@other.example',
      bcc: 'boss@firm.example',
    }),
  );

  const mail = mailOf(desk, message);
  expect(mail.to).toEqual([{ name: 'Carla', address: 'carla@mail.example' }]);
  expect(mail.cc).toEqual([
    { name: 'Per Berg', address: 'per@other.example' },
    { name: '', address: 'eva@other.example' },
  ]);
  expect(desk.queuedMails()[0]?.recipients).toEqual([
    'carla@mail.example',
    'per@other.example',
    'eva@other.example',
    'boss@firm.example',
  ]);
  expect(JSON.parse(message.facts)).toMatchObject({
    to: ['carla@mail.example'],
    cc: ['per@other.example', 'eva@other.example'],
    bcc: ['boss@firm.example'],
  });
});

test('O3: a hidden copy is in no header and no word of the mail', async () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, words('Ready', { to: 'carla@mail.example', bcc: 'boss@firm.example' }));
  const { attachments: _none, ...mail } = mailOf(desk, message) as OutgoingMail;

  const { raw } = await composeMail({ ...mail, attachments: [] });

  expect(raw.toString()).not.toContain('boss@firm.example');
  expect((await simpleParser(raw)).bcc).toBeUndefined();
});

test('M7: who was written to is on the ticket from then on, a hidden copy is not, and undo takes both off again', () => {
  const ticket = desk.ticketFrom('Carla');
  const before = people(ticket);
  const message = reply(
    desk,
    ticket,
    words('Ready', { to: 'carla@mail.example', cc: 'per@other.example', bcc: 'boss@firm.example' }),
  );
  expect(people(ticket)).toEqual([
    ...before,
    ['per@other.example', 'copy', 'accepted'],
    ['boss@firm.example', 'third', 'removed'],
  ]);
  const next = reply(desk, ticket, 'One thing more');
  expect(mailOf(desk, next)).toMatchObject({ cc: [{ address: 'per@other.example' }], bcc: [] });

  desk.app.db.tx(() => undoReply(desk.app, desk.ana, ticket, next));
  desk.app.db.tx(() => undoReply(desk.app, desk.ana, ticket, message));

  expect(people(ticket)).toEqual(before);
  expect(recipientsOfDraft(findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply'))).toEqual({
    to: 'Carla <carla@mail.example>',
    cc: 'per@other.example',
    bcc: 'boss@firm.example',
  });
});

test('M7: whoever got a hidden copy and answers is unverified, as a stranger is', () => {
  const ticket = desk.ticketFrom('Carla');
  const sent = reply(desk, ticket, words('Ready', { to: 'carla@mail.example', bcc: 'boss@firm.example' }));

  const { message } = receive(
    desk,
    letter({ from: 'boss@firm.example', inReplyTo: [mailOf(desk, sent).messageId] }),
  );

  expect(message).toMatchObject({ ticket_id: ticket.id, sender_state: 'unverified', visitor_sequence: null });
  expect(people(ticket)).toContainEqual(['boss@firm.example', 'copy', 'unverified']);
  expect(mailOf(desk, reply(desk, ticket, 'Thank you')).cc).toEqual([]);
});

test('M7: to write once to somebody unverified, or left out, does not let them in', () => {
  const ticket = desk.ticketFrom('Carla');
  const sent = reply(desk, ticket, 'Which one?');
  receive(desk, letter({ from: 'dora@mail.example', inReplyTo: [mailOf(desk, sent).messageId] }));

  reply(desk, ticket, words('Both of you', { to: 'carla@mail.example, dora@mail.example' }));

  expect(people(ticket)).toContainEqual(['dora@mail.example', 'copy', 'unverified']);
  expect(mailOf(desk, reply(desk, ticket, 'Only Carla')).cc).toEqual([]);
});

test('a visitor who came back while the page said that it goes by mail: it goes by mail, to everybody the page named', () => {
  const there = openDesk({ hooks: { visitorIsThere: () => true } });
  const ticket = there.ticketFrom('Carla');
  there.app.db.sql.prepare("UPDATE tickets SET channel = 'chat' WHERE id = ?").run(ticket.id);
  ticket.channel = 'chat';

  reply(there, ticket, 'In the chat');
  const message = reply(
    there,
    ticket,
    words('By mail', { to: 'carla@mail.example', cc: 'per@other.example' }),
  );

  expect(there.queuedMails().map(({ recipients }) => recipients)).toEqual([
    ['carla@mail.example', 'per@other.example'],
  ]);
  expect(message.visitor_sequence).not.toBeNull();
  return there.close();
});

describe('reply to all', () => {
  test('names whom the customer wrote to besides us; nobody is written to until an agent says so (AC-18)', () => {
    desk.mailbox('support@teapot.example');
    const { ticket } = receive(
      desk,
      letter({
        from: 'Carla <carla@mail.example>',
        to: ['support@teapot.example', 'eva@other.example'],
        cc: ['per@other.example', 'Support+hd-1@teapot.example'],
      }),
    );

    expect(everybody(ticket)).toEqual(['carla@mail.example', 'eva@other.example', 'per@other.example']);
    expect(mailOf(desk, reply(desk, ticket, 'Hello')).cc).toEqual([]);
  });

  test('M7: leaves out whom somebody unverified named, and whom an agent has left out', () => {
    const { ticket } = receive(desk, letter({ from: 'carla@mail.example', cc: ['per@other.example'] }));
    const sent = reply(desk, ticket, 'Which one?');
    receive(
      desk,
      letter({
        from: 'dora@mail.example',
        cc: ['friend@evil.example'],
        inReplyTo: [mailOf(desk, sent).messageId],
      }),
    );
    desk.app.db.sql
      .prepare("UPDATE participants SET state = 'removed' WHERE address = 'per@other.example'")
      .run();

    expect(everybody(ticket)).toEqual(['carla@mail.example']);
  });

  test('AC-18: is never more than fifty', () => {
    const cc = Array.from({ length: 200 }, (_, n) => `person${n}@other.example`);
    const { ticket } = receive(desk, letter({ from: 'carla@mail.example', cc }));

    expect(everybody(ticket)).toHaveLength(50);
  });
});

describe('AC-32: only plain addresses that are not our own', () => {
  test.each([
    ['', 'no address at all'],
    ['carla', 'a name'],
    ['"a@evil.example x"@good.example', 'a quoted local part'],
    ['friends: a@b.example, c@d.example;', 'a group'],
    ['a@b.example (comment)', 'a comment'],
    ['Carla <carla@mail.example> <v@evil.example>', 'two addresses of one name'],
    ['<>', 'nothing between brackets'],
    ['support@teapot.example', 'our mailbox'],
    ['Support+x@teapot.example', 'our mailbox with a tag'],
    [Array.from({ length: 51 }, (_, n) => `p${n}@other.example`).join(), 'more than fifty'],
  ])('%s: %s', (to) => {
    desk.mailbox('support@teapot.example');
    const ticket = desk.ticketFrom('Carla');

    expect(() => tryReply(desk, ticket, words('Hello', { to }))).toThrow('plain addresses');
    expect(desk.queuedMails()).toEqual([]);
  });

  test('a name that looks like an address is dropped, a domain comes in punycode, nobody gets it twice', () => {
    const ticket = desk.ticketFrom('Carla');
    const mail = mailOf(
      desk,
      reply(
        desk,
        ticket,
        words('Hello', {
          to: 'bank@good.example <per@bücher.example>',
          cc: 'PER@bücher.example, a@b.example',
        }),
      ),
    );

    expect(mail.to).toEqual([{ name: '', address: 'per@xn--bcher-kva.example' }]);
    expect(mail.cc.map(({ address }) => address)).toEqual(['a@b.example']);
  });
});
