// O5: replies that were held back are as loud as those that did not arrive, until a person decides.
import { holdUnsent } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { undoReply } from '../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;
beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

function heldReply() {
  const message = reply(desk, ticket, 'A new one is on its way');
  desk.app.db.tx(() => holdUnsent(desk.app));
  return message;
}
const list = async () => (await ana.get('/tickets?view=unassigned')).html;
const page = async () => (await ana.get(`/tickets/${ticket.number}`)).html;

test('O5: what a restore held back is told on the message, on the ticket and in the list, until it is sent', async () => {
  await list();
  const message = heldReply();

  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  expect(await list()).toContain('Not delivered');
  expect(await page()).toContain('A reply in this ticket was held back');
  expect(await page()).toContain('message--bad');

  await ana.post(`/tickets/${ticket.number}/messages/${message.id}/resend`);
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
  expect(await list()).not.toContain('Not delivered');
  expect(await page()).not.toContain('was held back');
  expect(desk.queuedMails()).toMatchObject([{ state: 'waiting' }]);
});

test('O1: of a held reply a person may know that it had left already', async () => {
  const message = heldReply();
  const arrived = `/tickets/${ticket.number}/messages/${message.id}/arrived`;
  expect(await page()).toContain(arrived);

  expect((await ana.post(arrived)).status).toBe(303);
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
  expect(desk.queuedMails()).toMatchObject([{ state: 'sent' }]);
  expect((await ana.post(arrived)).status).toBe(409);
});

test('O4: a held reply that is taken back counts no longer', () => {
  const message = heldReply();
  const now = desk.messagesOf(ticket).find(({ id }) => id === message.id) ?? message;
  expect(desk.app.db.tx(() => undoReply(desk.app, desk.ana, ticket, now))).toBe('undone');
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
});
