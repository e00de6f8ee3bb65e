// What is forwarded beside everything else that happens on a ticket: replies, undo, rules, moves, the customer's other address.
import type { Ticket } from '../../../server/tickets';
import { wrongThirds } from '../../../server/tickets/forwarding/forward';
import { originalOf } from '../../../server/tickets/forwarding/original';
import { mergeTickets } from '../../../server/tickets/merging/merge';
import { decideParticipant } from '../../../server/tickets/participants';
import { findParticipants } from '../../../server/tickets/queries';
import { createRule } from '../../../server/tickets/rules/rules';
import { factsOf } from '../../../server/tickets/ticket';
import { undoReply } from '../../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../../support/desk';
import { forward, forwarding } from '../../support/forwarding';
import { letter, receive } from '../../support/letters';
import { move } from '../../support/moving';
import { mailOf, reply, words } from '../../support/writing';

let desk: Desk;
let ticket: Ticket;

beforeEach(() => {
  desk = openDesk();
  ticket = receive(desk, letter({ messageId: 'first@mail.example', words: 'It leaks' })).ticket;
});
afterEach(() => desk.close());

const ruleOf = (deeds: object, text: string, onAnswers: boolean) =>
  desk.app.db.tx(() =>
    createRule(desk.app, desk.owner, {
      name: 'Thanks',
      isOn: true,
      matches: 'all',
      conditions: [{ field: 'words', op: 'any', values: [text] }],
      deeds,
      onAnswers,
      stops: false,
    }),
  );
const sent = () => desk.app.db.sql.prepare("UPDATE outbox SET state = 'sent'").run();
const stateOf = (address: string) =>
  findParticipants(desk.app.db, ticket.id).find((person) => person.address === address);

test('M7: a rule for customers’ answers leaves the answer of a third person alone', () => {
  ruleOf({ status: 'solved' }, 'thanks', true);
  const asked = forward(desk, ticket);
  sent();
  receive(
    desk,
    letter({
      from: 'Wim <wim@workshop.example>',
      words: 'Thanks, we look into it',
      inReplyTo: [mailOf(desk, asked).messageId],
    }),
  );

  expect(desk.ticketNow(ticket).status).not.toBe('solved');
});

test('AC-47: a rule gives nobody a ticket of a team whose tickets they do not see', () => {
  const team = desk.team('Staff', desk.ana);
  desk.giveToTeam(ticket, team);
  ruleOf({ assignee: desk.ben.id }, 'invoice', true);
  receive(desk, letter({ words: 'And the invoice?', inReplyTo: ['first@mail.example'] }));
  expect(desk.ticketNow(ticket).assignee_id).toBeNull();

  ruleOf({ assignee: desk.ana.id }, 'spout', true);
  receive(desk, letter({ words: 'And the spout?', inReplyTo: ['first@mail.example'] }));
  expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ana.id);
});

test('O2: the customer’s mail names no mail that went to somebody else', () => {
  const asked = forward(desk, ticket);
  sent();
  const answer = reply(desk, ticket, 'We ask the workshop.');

  const { inReplyTo, references } = mailOf(desk, answer);
  expect(inReplyTo).toBe('first@mail.example');
  expect(references).not.toContain(mailOf(desk, asked).messageId);
});

test('O1: the same words to somebody else are another mail; the same once more are not', () => {
  const input = forwarding();
  const first = forward(desk, ticket, input);
  expect(forward(desk, ticket, input).id).toBe(first.id);
  const second = forward(desk, ticket, { ...input, to: 'ada@workshop.example' });
  expect(second.id).not.toBe(first.id);
  expect(forward(desk, ticket, { ...input, to: 'ada@workshop.example' }).id).toBe(second.id);

  const said = words('Hello', { to: 'carla@mail.example', cc: '', bcc: '' });
  const once = reply(desk, ticket, said);
  expect(reply(desk, ticket, said).id).toBe(once.id);
  expect(reply(desk, ticket, { ...said, cc: 'per@other.example' }).id).not.toBe(once.id);
});

describe('O4: undo takes only those off the ticket who are on it for nothing else', () => {
  const withPer = (text: string) =>
    words(text, { to: 'carla@mail.example', cc: 'per@other.example', bcc: '' });
  const undo = (message: Parameters<typeof undoReply>[3]) =>
    desk.app.db.tx(() => undoReply(desk.app, desk.ana, desk.ticketNow(ticket), message));

  test('nobody else: they go', () => {
    undo(reply(desk, ticket, withPer('One')));
    expect(stateOf('per@other.example')).toBeUndefined();
  });

  test('another mail went to them: they stay', () => {
    const first = reply(desk, ticket, withPer('One'));
    reply(desk, ticket, withPer('Two'), desk.ben);
    undo(first);
    expect(stateOf('per@other.example')).toMatchObject({ role: 'copy', state: 'accepted' });
  });

  test('an agent has decided about them: that stays', () => {
    const first = reply(desk, ticket, withPer('One'));
    const id = stateOf('per@other.example')?.id ?? 0;
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ben, desk.ticketNow(ticket), id, false));
    undo(first);
    expect(stateOf('per@other.example')).toMatchObject({ state: 'removed' });
  });
});

test('M7: a mail by somebody who was asked, moved here, can be accepted', () => {
  forward(desk, ticket);
  const wims = receive(desk, letter({ from: 'Wim <wim@workshop.example>', words: 'About your kettle' }));
  expect(move(desk, wims.ticket, wims.message, desk.ticketNow(ticket))).toMatchObject({ moved: true });

  const wim = stateOf('wim@workshop.example');
  expect(wim).toMatchObject({ role: 'copy', state: 'unverified' });
  desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, desk.ticketNow(ticket), wim?.id ?? 0, true));
  expect(stateOf('wim@workshop.example')).toMatchObject({ state: 'accepted' });
});

test('the customer is the customer by whichever of their addresses', () => {
  const other = receive(desk, letter({ from: 'Carla <carla@work.example>', messageId: 'work@mail.example' }));
  desk.app.db.sql
    .prepare('UPDATE tickets SET customer_id = ? WHERE id = ?')
    .run(ticket.customer_id, other.ticket.id);
  desk.app.db.sql
    .prepare('UPDATE participants SET customer_id = ? WHERE ticket_id = ?')
    .run(ticket.customer_id, other.ticket.id);
  desk.app.db.tx(() =>
    mergeTickets(desk.app, desk.ana, [desk.ticketNow(other.ticket)], desk.ticketNow(ticket)),
  );

  expect(wrongThirds(desk.app, desk.ticketNow(ticket), 'carla@work.example').to).toMatchObject({
    key: 'tickets.forward.customer',
  });
});

test('what has not left, or was taken back, is not passed on as said', () => {
  const waiting = reply(desk, ticket, 'Not yet gone');
  const shown = () => originalOf(desk.app, ticket, undefined)?.messages.map((one) => one.words);
  expect(shown()).toEqual(['It leaks']);
  expect(originalOf(desk.app, ticket, waiting.id)).toBeUndefined();
  desk.app.db.sql.prepare("UPDATE messages SET state = 'sent' WHERE id = ?").run(waiting.id);
  expect(shown()).toEqual(['It leaks', 'Not yet gone']);
  expect(factsOf(waiting).to).toEqual(['carla@mail.example']);
});
