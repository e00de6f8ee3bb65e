// A chat on its ticket's page: there is one way to take it.
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

const line = (main: boolean) => ({
  live: main,
  text: 'Somebody waits',
  typing: '',
  seen: '',
  seenSequence: 0,
  buttons: [{ action: '/take', text: 'Take the chat', main }],
});

let desk: Desk;
let doors: Doors;
let isWaiting = true;

beforeEach(async () => {
  desk = openDesk({ hooks: { chatLine: () => line(isWaiting) } });
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

test.each([
  ['while somebody waits, and taking the chat takes the ticket too', true, 1],
  ['once nobody waits, beside the ticket’s own', false, 2],
])('%s', async (_, waits, ways) => {
  isWaiting = waits;
  const ticket = desk.ticketFrom('Vic');
  desk.app.db.sql.prepare("UPDATE tickets SET channel = 'chat'").run();
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);

  expect(html.match(/Take it|Take the chat/g)).toHaveLength(ways);
});
