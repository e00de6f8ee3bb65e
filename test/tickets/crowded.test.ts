// M7: strangers who know an id of a ticket join it as unverified, but not without end.
import type { Ticket } from '../../server/tickets';
import { decideParticipant } from '../../server/tickets/participants';
import { findParticipant, findParticipants } from '../../server/tickets/queries';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';

let desk: Desk;
let ticket: Ticket;
beforeEach(() => {
  desk = openDesk();
  ticket = receive(desk, letter({ messageId: 'first@mail.example' })).ticket;
});
afterEach(() => desk.close());

const writes = (from: string) => receive(desk, letter({ from, inReplyTo: ['first@mail.example'] }));
const strangers = (from: number, to: number) => {
  for (let n = from; n <= to; n += 1) writes(`stranger${n}@mail.example`);
};
const unverified = () =>
  findParticipants(desk.app.db, ticket.id).filter(({ state }) => state === 'unverified').length;

test('M7: fifty wait for an agent; the next stranger begins a linked ticket that says why', () => {
  strangers(1, 50);
  expect(unverified()).toBe(50);

  const next = writes('stranger51@mail.example');

  expect(unverified()).toBe(50);
  expect(next.ticket).toMatchObject({ linked_ticket_id: ticket.id });
  expect(next.ticket.id).not.toBe(ticket.id);
  expect(factsOf(next.message).rule).toBe('crowded ticket');
});

test('M7: those who are on the ticket go on there, the customer and the fifty', () => {
  strangers(1, 50);

  expect(writes('Carla <carla@mail.example>').ticket.id).toBe(ticket.id);
  expect(writes('stranger7@mail.example').ticket.id).toBe(ticket.id);
});

test('M7: once an agent has decided about one there is room for the next', () => {
  strangers(1, 50);
  const one = findParticipant(desk.app.db, ticket.id, 'stranger1@mail.example')!;
  desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, desk.ticketNow(ticket), one.id, true));

  expect(writes('stranger51@mail.example').ticket.id).toBe(ticket.id);
  expect(writes('stranger52@mail.example').ticket.id).not.toBe(ticket.id);
});

test('M7: being named in Cc is no way around it', () => {
  receive(desk, letter({ cc: ['late@mail.example'], inReplyTo: ['first@mail.example'] }));
  strangers(1, 50);

  expect(writes('late@mail.example').ticket.id).not.toBe(ticket.id);
});
