// The answer of a third person: a note for colleagues, from nobody else, and never the customer's to read.
import type { Ticket } from '../../../server/tickets';
import { moveTicket } from '../../../server/tickets/change';
import { mayBeMoved } from '../../../server/tickets/filing/move-message';
import { findParticipants, findVisitorMessagesAfter } from '../../../server/tickets/queries';
import { factsOf, type MessageRow } from '../../../server/tickets/ticket';
import { type Desk, openDesk } from '../../support/desk';
import { forward } from '../../support/forwarding';
import { letter, receive } from '../../support/letters';
import { mailOf, reply, tryReply, words } from '../../support/writing';

let desk: Desk;
let ticket: Ticket;
let sent: MessageRow;

beforeEach(() => {
  desk = openDesk();
  ticket = desk.ticketFrom('Carla');
  sent = forward(desk, ticket);
});
afterEach(() => desk.close());

const answer = (more: Parameters<typeof letter>[0] = {}) =>
  letter({
    from: 'Wim <wim@workshop.example>',
    words: 'Yes, for 20.',
    inReplyTo: [mailOf(desk, sent).messageId],
    ...more,
  });
const people = () =>
  findParticipants(desk.app.db, ticket.id).map(({ address, role, state }) => [address, role, state]);
const UNTOUCHED = [
  ['carla@mail.example', 'requester', 'accepted'],
  ['wim@workshop.example', 'third', 'removed'],
];

test('M6, M7: it comes back to the ticket as a note by its author, for no visitor, and nobody joins', () => {
  const { message, ticket: place } = receive(desk, answer({ cc: ['friend@workshop.example'] }));

  expect(place.id).toBe(ticket.id);
  expect(message).toMatchObject({
    kind: 'note',
    author_name: 'Wim',
    words: 'Yes, for 20.',
    visitor_sequence: null,
  });
  expect(factsOf(message)).toMatchObject({
    rule: 'our id',
    third: { forward: sent.id, address: 'wim@workshop.example' },
  });
  expect(people()).toEqual(UNTOUCHED);
  expect(desk.ticketNow(ticket).customer_id).toBe(ticket.customer_id);
  expect(findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 50)).toHaveLength(1);
});

test('M8: it reopens the ticket, wakes it, and waits for us', () => {
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));
  desk.app.db.sql.prepare('UPDATE tickets SET awaits_us = 0, snoozed_at = 1 WHERE id = ?').run(ticket.id);

  receive(desk, answer());

  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'open', awaits_us: 1, snoozed_at: null });
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
});

test('M9: an absence note is kept, and does neither', () => {
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));
  desk.app.db.sql.prepare('UPDATE tickets SET awaits_us = 0 WHERE id = ?').run(ticket.id);

  const { message } = receive(desk, answer({ automatic: 'auto-reply' }));

  expect(message).toMatchObject({ kind: 'note', is_automatic: 1 });
  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'solved', awaits_us: 0 });
});

test('M7: no reply goes to them, and none quotes or threads by their mail', () => {
  receive(desk, answer({ messageId: 'private@workshop.example' }));

  const mail = mailOf(desk, reply(desk, ticket, 'It costs 25.'));

  expect(mail).toMatchObject({ to: [{ address: 'carla@mail.example' }], cc: [] });
  expect(JSON.stringify(mail)).not.toContain('Yes, for 20.');
  expect(JSON.stringify(mail)).not.toContain('workshop.example');
});

test('W2: a reply is held when it came meanwhile', () => {
  const seen = desk.ticketNow(ticket).sequence;
  receive(desk, answer());

  expect(tryReply(desk, ticket, words('We do not know yet', { seenSequence: seen }))).toMatchObject({
    held: true,
    because: 'unseen',
    unseen: [{ words: 'Yes, for 20.' }],
  });
});

test('a second mail that names their own first one, and not ours, comes back as well', () => {
  receive(desk, answer({ messageId: 'first@workshop.example' }));

  const { message } = receive(
    desk,
    letter({ from: 'wim@workshop.example', words: 'Or 15.', inReplyTo: ['first@workshop.example'] }),
  );

  expect(message).toMatchObject({ ticket_id: ticket.id, kind: 'note' });
  expect(factsOf(message).third?.forward).toBe(sent.id);
});

test('M7: somebody else with the mark is an unverified stranger, as with any mark', () => {
  const { message } = receive(desk, answer({ from: 'eve@evil.example' }));

  expect(message).toMatchObject({
    ticket_id: ticket.id,
    kind: 'reply',
    sender_state: 'unverified',
    visitor_sequence: null,
  });
  expect(people()).toEqual([...UNTOUCHED, ['eve@evil.example', 'copy', 'unverified']]);
});

test('AC-13: the third person without the mark, or with a guessed one, begins a ticket of their own', () => {
  const guessed = `hd-${'0'.repeat(32)}@teapot.example`;
  for (const inReplyTo of [[], [guessed]])
    expect(receive(desk, answer({ inReplyTo })).ticket.id).not.toBe(ticket.id);
  expect(receive(desk, answer({ inReplyTo: [], subject: `Re: #${ticket.number}` })).ticket.id).not.toBe(
    ticket.id,
  );
});

test('AC-15: a mail that fails the check of its sender never comes back as theirs', () => {
  const mailbox = desk.mailbox('support@teapot.example');
  desk.app.db.sql
    .prepare("UPDATE mailboxes SET authserv_id = 'mx.teapot.example' WHERE id = ?")
    .run(mailbox.id);
  const forged = answer({
    authenticationResults: ['mx.teapot.example; dmarc=fail header.from=workshop.example'],
  });

  const { ticket: other, message } = receive(desk, forged, mailbox);

  expect(other.id).not.toBe(ticket.id);
  expect(message.kind).toBe('reply');
});

test('the customer who was sent the mark by the third person still speaks as the customer', () => {
  const { message } = receive(desk, answer({ from: 'carla@mail.example', words: 'He told me' }));

  expect(message).toMatchObject({ kind: 'reply', sender_state: 'accepted', author_id: ticket.customer_id });
});

test('M8: to a ticket that stays closed it begins a new, linked one', () => {
  const mailbox = desk.mailbox('support@teapot.example', { reopenClosed: 'never' });
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'closed'));

  const { ticket: other } = receive(desk, answer(), mailbox);

  expect(other).toMatchObject({ linked_ticket_id: ticket.id });
  expect(other.customer_id).not.toBe(ticket.customer_id);
});

test('it is not moved to another ticket, where a visitor could see it', () => {
  expect(mayBeMoved(receive(desk, answer()).message)).toBe(false);
});
