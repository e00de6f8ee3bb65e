// Saved views in the browser: made, looked at before, changed, shared, removed; and nobody else's.
import { randomId } from '../../../server/lib/ids';
import { type Desk, openDesk } from '../../support/desk';
import { type Answer, type Doors, openDoors } from '../../support/doors';

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

const URGENT = { name: 'Burning', match: 'all', sort: 'priority', priority: 'urgent' };
const idOf = (answer: Answer) => Number(/view=saved-(\d+)/.exec(answer.location ?? '')?.[1]);
const urgentTicket = () => {
  const ticket = desk.ticketFrom('Carla', 'It burns');
  desk.app.db.tx(() =>
    desk.app.db.sql.prepare("UPDATE tickets SET priority = 'urgent' WHERE id = ?").run(ticket.id),
  );
  return ticket;
};

test('an agent looks at a view before it is saved, saves it, changes it and removes it', async () => {
  const ticket = urgentTicket();
  desk.ticketFrom('Dora');
  const ana = doors.as(desk.ana);
  const preview = await ana.get(`/views/new?${new URLSearchParams({ ...URGENT, name: '', preview: '1' })}`);
  expect(preview.html).toContain('1 ticket fits.');
  expect(preview.html).toContain('>It burns<');
  expect(preview.html).toMatch(/value="urgent" checked/);
  expect(desk.rows('SELECT * FROM saved_views')).toEqual([]);

  const made = await ana.post('/views', URGENT);
  const id = idOf(made);
  const list = await ana.get(`/tickets?view=saved-${id}`);
  expect(list.html).toContain(`id="ticket-${ticket.number}"`);
  expect(list.html.replace(/\s+/g, ' ')).toMatch(/Burning<\/span> <span class="views__count">1</);
  expect(list.html).toContain(`href="/views/${id}"`);

  const page = await ana.get(`/views/${id}`);
  expect(page.html).toContain('value="Burning"');
  expect(page.html).toMatch(/value="urgent" checked/);
  await ana.post(`/views/${id}`, { ...URGENT, name: 'Calm', priority: 'low' });
  expect((await ana.get(`/tickets?view=saved-${id}`)).html).toContain('Nothing is in this view');

  expect((await ana.get(`/views/${id}/removal`)).html).toContain('Remove the view Calm?');
  expect((await ana.post(`/views/${id}/removal`)).location).toBe('/tickets');
  expect((await ana.get(`/tickets?view=saved-${id}`)).status).toBe(404);
  expect(desk.events('view.%').map(({ name }) => name)).toEqual([
    'view.created',
    'view.changed',
    'view.removed',
  ]);
});

test('AC-46: an own view is nobody else’s to see or change, and looks as if it were not there', async () => {
  const id = idOf(await doors.as(desk.ana).post('/views', URGENT));
  for (const other of [doors.as(desk.ben), doors.as(desk.owner)]) {
    expect((await other.get('/tickets')).html).not.toContain('Burning');
    for (const path of [
      `/tickets?view=saved-${id}`,
      `/tickets/list?view=saved-${id}`,
      `/views/${id}`,
      `/views/${id}/removal`,
    ])
      expect([path, (await other.get(path)).status]).toEqual([path, 404]);
    expect((await other.post(`/views/${id}`, URGENT)).status).toBe(404);
    expect((await other.post(`/views/${id}/removal`)).status).toBe(404);
  }
  expect((await doors.as(desk.ben).get('/tickets/999?view=saved-1')).status).toBe(404);
});

test('views for everybody are made by admins, seen by all and changed by admins', async () => {
  const ana = doors.as(desk.ana);
  const owner = doors.as(desk.owner);
  expect((await ana.post('/views', { ...URGENT, shared: 'on' })).status).toBe(403);
  expect((await ana.get('/views/new')).html).not.toContain('name="shared"');
  const id = idOf(await owner.post('/views', { ...URGENT, shared: 'on' }));

  expect((await ana.get(`/tickets?view=saved-${id}`)).html).toContain('Burning');
  expect((await ana.get(`/tickets?view=saved-${id}`)).html).not.toContain(`href="/views/${id}"`);
  expect((await ana.get(`/views/${id}`)).status).toBe(403);
  expect((await ana.post(`/views/${id}`, URGENT)).status).toBe(403);
  expect((await ana.post(`/views/${id}/removal`)).status).toBe(403);
  expect((await owner.get(`/views/${id}`)).html).toMatch(/name="shared" checked/);
  const own = idOf(await ana.post('/views', URGENT));
  expect((await ana.post(`/views/${own}`, { ...URGENT, shared: 'on' })).status).toBe(403);
});

test('what cannot be looked for comes back with an error at its field, and nothing that was typed is lost', async () => {
  const ana = doors.as(desk.ana);
  const none = await ana.post('/views', { name: 'Nothing' });
  expect(none.status).toBe(422);
  expect(none.html).toContain('Choose at least one condition.');
  const wrong = await ana.post('/views', {
    ...URGENT,
    createdOp: 'older',
    created: 'soon',
    domainOp: 'any',
    domain: 'no domain',
  });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('Write a whole number from 1 to 9999.');
  expect(wrong.html).toContain('Write domains such as firm.example');
  expect(wrong.html).toContain('value="soon"');
  expect(wrong.html).toMatch(/value="urgent" checked/);
  expect((await ana.post('/views', { ...URGENT, name: ' ' })).status).toBe(422);
});

test.each([
  { priority: "urgent') OR 1=1 --" },
  { priority: ['urgent', 'x'] },
  { priorityOp: 'any); DROP TABLE tickets' },
  { assignee: '1 OR 1=1' },
  { assignee: '-1' },
  { tag: '1e3' },
  { sort: 'tickets.id; DELETE FROM tickets' },
  { match: 'OR 1=1' },
  { createdOp: 'older', created: '1', createdUnit: 'days)' },
  { awaits: '1' },
  { password: 'x' },
  { __proto__x: 'x' },
])('AC-45: %p is no condition of a view', async (odd) => {
  const fields = Object.entries({ ...URGENT, ...odd }).flatMap(([key, value]) =>
    [value].flat().map((one): [string, string] => [key, one]),
  );
  const answer = await doors.as(desk.owner).post('/views', fields);

  expect(answer.status).toBe(422);
  const asked = await doors
    .as(desk.owner)
    .get(`/views/new?${new URLSearchParams([...fields, ['preview', '1']])}`);
  expect([asked.status, asked.html.includes('id="found-title"')]).toEqual([200, false]);
  expect(desk.rows('SELECT * FROM saved_views')).toEqual([]);
});

test('domains are words to compare with, whatever they hold', async () => {
  desk.ticketFrom('Carla');
  const ana = doors.as(desk.ana);
  for (const domain of ["x'--.example", 'a%.example', 'mail.example; DROP', '*.example'])
    await ana.post('/views', { name: randomId(), domainOp: 'any', domain });
  const right = idOf(await ana.post('/views', { name: 'Mail', domainOp: 'any', domain: '@MAIL.example' }));

  expect((await ana.get(`/tickets?view=saved-${right}`)).html).toContain('Broken kettle');
  expect(desk.rows<{ n: number }>('SELECT count(*) AS n FROM view_tickets')[0]?.n).toBe(1);
  expect(desk.rows('SELECT * FROM tickets')).toHaveLength(1);
});

test('nobody makes views without end', async () => {
  const ana = doors.as(desk.ana);
  for (let n = 0; n < 20; n += 1)
    expect((await ana.post('/views', { ...URGENT, name: `V${n}` })).status).toBe(303);
  const answer = await ana.post('/views', { ...URGENT, name: 'One more' });

  expect(answer.status).toBe(409);
  expect(answer.html).toContain('There are as many views as there can be.');
  expect(answer.html).toContain('value="One more"');
});
