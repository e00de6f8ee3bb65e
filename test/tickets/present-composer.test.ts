// The composer says to whom a reply will go before it goes.
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

test('a name without end does not push the address out of sight; a subject without end stands whole beside', async () => {
  const ticket = desk.ticketFrom('Carla', `${'On and on about kettles. '.repeat(11)}The end`);
  desk.app.db.sql.prepare('UPDATE participants SET name = ?').run('Ж'.repeat(150));
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);

  expect(html).toContain(`to ${'Ж'.repeat(39)}… &lt;carla@mail.example&gt;`);
  expect(html).toMatch(/class="panel__words" dir="auto">On and on[^<]*The end</);
});
