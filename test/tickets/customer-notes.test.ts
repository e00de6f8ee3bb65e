// Notes about a customer: by whom and when, changed and removed by their author and admins, in a copy of everything, gone with an erasure.
import { type CustomerRow, findCustomerById, findNotesOn } from '../../server/customers';
import { DAY, MINUTE } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let ana: Person;
let carla: CustomerRow;
let path: string;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  const ticket = desk.app.db.tx(() => desk.ticketFrom('Carla'));
  carla = findCustomerById(desk.app.db, ticket.customer_id) as CustomerRow;
  path = `/customers/${carla.public_id}`;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const notes = () => findNotesOn(desk.app.db, carla.id).map(({ words }) => words);
const hrefOf = (words: string) =>
  `${path}/notes/${findNotesOn(desk.app.db, carla.id).find((note) => note.words === words)?.id}`;

test('a note says who wrote it and when; the newest comes first; a form that is sent twice is one note', async () => {
  expect((await ana.get(path)).html).toContain('Nothing is noted yet.');
  for (const words of ['Calls on Mondays', 'Calls on Mondays', 'Likes <tea>'])
    expect((await ana.post(`${path}/notes`, { words })).status).toBe(303);

  expect(notes()).toEqual(['Likes <tea>', 'Calls on Mondays']);
  const { html } = await ana.get(path);
  expect(html).toContain('Likes &lt;tea&gt;');
  expect(html).toMatch(/notes__foot"><bdi>Ana<\/bdi>[\s\S]*datetime="2026-11-20T09:00/);
  desk.clock.pass(DAY);
  await ana.post(`${path}/notes`, { words: 'Calls on Mondays' });
  expect(notes()).toHaveLength(3);
});

test('an empty or endless note is refused where it was written, with its words kept', async () => {
  expect((await ana.post(`${path}/notes`, { words: ' ' })).status).toBe(422);
  const long = await ana.post(`${path}/notes`, { words: `Begun ${'x'.repeat(4_001)}` });
  expect(long.status).toBe(422);
  expect(long.html).toContain('Begun xxx');
  expect(notes()).toEqual([]);
});

test('its author changes and removes it, after a question; the page says that it was changed', async () => {
  await ana.post(`${path}/notes`, { words: 'Calls on Mondays' });
  desk.clock.pass(MINUTE);
  expect((await ana.post(hrefOf('Calls on Mondays'), { words: 'Calls on Fridays' })).status).toBe(303);
  expect((await ana.get(path)).html).toContain('changed since');

  const asked = await ana.get(`${hrefOf('Calls on Fridays')}/removal`);
  expect(asked.html).toContain('Calls on Fridays');
  expect(notes()).toEqual(['Calls on Fridays']);
  await ana.post(`${hrefOf('Calls on Fridays')}/removal`);
  expect(notes()).toEqual([]);
  expect(desk.events('customer.note%').map(({ name }) => name)).toEqual([
    'customer.noted',
    'customer.note-changed',
    'customer.note-removed',
  ]);
});

test('AC-46: a colleague reads it and changes nothing, an admin may, a viewer only reads', async () => {
  await ana.post(`${path}/notes`, { words: 'Calls on Mondays' });
  const note = hrefOf('Calls on Mondays');
  const ben = doors.as(desk.ben);
  expect((await ben.get(path)).html).toContain('Calls on Mondays');
  expect((await ben.get(path)).html).not.toContain(`href="${note}"`);
  expect((await ben.post(note, { words: 'Never calls' })).status).toBe(403);
  expect((await ben.post(`${note}/removal`)).status).toBe(403);

  const vera = doors.as(desk.agent('Vera', 'viewer'));
  expect((await vera.get(path)).html).not.toContain(`action="${path}/notes"`);
  expect((await vera.post(`${path}/notes`, { words: 'Hello' })).status).toBe(403);
  expect(notes()).toEqual(['Calls on Mondays']);

  const adam = doors.as(desk.agent('Adam', 'admin'));
  expect((await adam.post(note, { words: 'Calls at noon' })).status).toBe(303);
  expect(notes()).toEqual(['Calls at noon']);
});

test('AC-46: a note is found on its own customer only', async () => {
  await ana.post(`${path}/notes`, { words: 'Calls on Mondays' });
  const other = desk.app.db.tx(() => desk.customer('Dora'));
  const id = hrefOf('Calls on Mondays').split('/').at(-1);
  expect((await ana.get(`/customers/${other.public_id}/notes/${id}`)).status).toBe(404);
  expect((await ana.get(`${path}/notes/x`)).status).toBe(404);
});
