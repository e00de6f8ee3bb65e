// The composer says to whom a reply will go before it goes.
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';

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

test('who was in copy is let into the replies by a button beside the name, and left out by another', async () => {
  const { ticket } = receive(desk, letter({ from: 'Carla <carla@mail.example>', cc: ['per@other.example'] }));
  const ana = doors.as(desk.ana);
  const before = (await ana.get(`/tickets/${ticket.number}`)).html;
  expect(before).toContain('name="to" value="Carla &lt;carla@mail.example&gt;"');
  expect(before).toContain('name="cc" value=""');
  expect(before).toContain('Include in replies: per@other.example');

  const [{ id } = { id: 0 }] = desk.rows<{ id: number }>("SELECT id FROM participants WHERE role = 'copy'");
  await ana.post(`/tickets/${ticket.number}/participants`, { participant: String(id), accept: '1' });
  const after = (await ana.get(`/tickets/${ticket.number}`)).html;
  expect(after).toContain('name="cc" value="per@other.example"');
  expect(after).toContain('Leave out of replies: per@other.example');

  await ana.post(`/tickets/${ticket.number}/participants`, { participant: String(id), accept: '0' });
  const undo = (await ana.get(`/tickets/${ticket.number}`)).html;
  expect(undo).toContain('name="cc" value=""');
  expect(undo).toMatch(
    /name="participant" value="\d+"><input type="hidden" name="accept" value="1"><button[^>]*data-key="z"/,
  );
});

test('a name without end does not push the address out of sight; a subject without end stands whole beside', async () => {
  const ticket = desk.ticketFrom('Carla', `${'On and on about kettles. '.repeat(11)}The end`);
  desk.app.db.sql.prepare('UPDATE participants SET name = ?').run('Ж'.repeat(150));
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);

  expect(html).toContain(`value="${'Ж'.repeat(39)}… &lt;carla@mail.example&gt;"`);
  expect(html).toMatch(/class="panel__words" dir="auto">On and on[^<]*The end</);
});
