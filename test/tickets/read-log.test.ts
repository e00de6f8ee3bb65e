// Who looked at whose data is noted (P12), and stands in the person's export (P2).
import { writeLooks } from '../../server/customers';
import { MINUTE } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let ana: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const noted = async () => {
  await writeLooks(desk.app);
  return desk.rows('SELECT agent_id, act, customer_id, ticket_id FROM read_log ORDER BY id');
};

test('P12: opening a ticket or a customer and finding one is noted with who, whose and when; reloading is not once more', async () => {
  const ticket = desk.ticketFrom('Carla', 'Kettle', 'It whistles.');
  desk.app.followers.catchUp();
  const [customer] = desk.rows<{ public_id: string }>('SELECT public_id FROM customers');
  const look = { agent_id: desk.ana.id, customer_id: ticket.customer_id };

  await ana.get(`/tickets/${ticket.number}`);
  await ana.get(`/tickets/${ticket.number}`);
  expect(await noted()).toEqual([{ ...look, act: 'opened', ticket_id: ticket.id }]);

  await ana.get(`/customers/${customer?.public_id}`);
  await ana.get('/search?q=whistles');
  await ana.get('/customers?q=Car');
  expect((await noted()).slice(1)).toEqual([
    { ...look, act: 'opened', ticket_id: null },
    { ...look, act: 'searched', ticket_id: ticket.id },
    { ...look, act: 'searched', ticket_id: null },
  ]);

  desk.clock.pass(15 * MINUTE);
  await ana.get(`/tickets/${ticket.number}`);
  expect(await noted()).toHaveLength(5);
  expect(desk.rows('SELECT at FROM read_log ORDER BY id DESC LIMIT 1')).toEqual([{ at: desk.clock.now() }]);
});

test('P12: whoever may not see a ticket, and the list that shows everybody, leave no trace of reading', async () => {
  const ticket = desk.ticketFrom('Carla');
  desk.giveToTeam(ticket, desk.team('Others', desk.ben));

  expect((await ana.get(`/tickets/${ticket.number}`)).status).toBe(404);
  await ana.get('/tickets');
  await ana.get('/search?q=nothing-like-that');

  expect(await noted()).toEqual([]);
});

test('P12: what was noted is written when the house closes', async () => {
  const ticket = desk.ticketFrom('Carla');
  await ana.get(`/tickets/${ticket.number}`);

  await desk.house.close();

  expect(desk.rows('SELECT act FROM read_log')).toEqual([{ act: 'opened' }]);
});
