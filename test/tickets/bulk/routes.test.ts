// Many tickets at once in the browser: chosen or everything in a view, said what was done, and taken back.
import type { Ticket } from '../../../server/tickets';
import { type Desk, openDesk } from '../../support/desk';
import { type Doors, openDoors } from '../../support/doors';

let desk: Desk;
let doors: Doors;
let some: Ticket[];

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  some = ['Carla', 'Dora', 'Emil'].map((name) => desk.ticketFrom(name));
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const chosen = (which: Ticket[], fields: Record<string, string>): [string, string][] => [
  ...which.map(({ number }): [string, string] => ['ticket', String(number)]),
  ...Object.entries({ list: 'all', tag: '', ...fields }),
];
const statuses = () => some.map((ticket) => desk.ticketNow(ticket).status);

test('the list offers it to those who may, and a few are changed, said, and taken back without a word more', async () => {
  const ana = doors.as(desk.ana);
  const list = (await ana.get('/tickets')).html;
  expect(list).toContain(`name="ticket" value="${some[0]?.number}" form="bulk"`);
  expect(list).toContain('Everything in this view (3)');
  expect((await doors.as(desk.agent('Vera', 'viewer')).get('/tickets')).html).not.toContain('id="bulk"');

  const answer = await ana.post('/tickets/bulk', chosen(some.slice(0, 2), { change: 'status:solved' }));
  expect(answer.location).toBe('/tickets?view=all');
  expect(statuses()).toEqual(['solved', 'solved', 'new']);
  const said = (await ana.get('/tickets')).html;
  expect(said).toContain('2 tickets were changed.');
  const undo = /action="(\/bulk\/\d+\/undo)"/.exec(said)?.[1] ?? '';
  expect((await ana.post(undo)).location).toBe('/tickets');

  expect(statuses()).toEqual(['new', 'new', 'new']);
  expect((await ana.post(undo)).location).toBe(undo.replace('/undo', ''));
});

test('everything in a view is changed only after it was said how many that is', async () => {
  const ana = doors.as(desk.ana);
  const asked = await ana.post(
    '/tickets/bulk',
    chosen([], { everything: 'on', list: 'unassigned', change: 'assignee:me' }),
  );
  expect(asked.html).toContain('This changes everything in “Unassigned”: 3 tickets.');
  expect(asked.html).toMatch(/value="assignee:me" selected/);
  expect(desk.events('ticket.assigned')).toEqual([]);

  await ana.post(
    '/tickets/bulk',
    chosen([], { everything: 'on', sure: '0', list: 'unassigned', change: 'assignee:me' }),
  );
  expect(some.map((ticket) => desk.ticketNow(ticket).assignee_id)).toEqual(Array(3).fill(desk.ana.id));
});

test('what is missing is asked for again, with what was chosen kept', async () => {
  const ana = doors.as(desk.ana);
  const nothing = await ana.post('/tickets/bulk', chosen([], { change: 'status:solved' }));
  expect([nothing.status, nothing.html.includes('No ticket is chosen.')]).toEqual([422, true]);
  const noTag = await ana.post('/tickets/bulk', chosen(some, { change: 'tag' }));
  expect(noTag.status).toBe(422);
  expect(noTag.html).toMatch(/value="tag" selected/);
  for (const { number } of some) expect(noTag.html).toContain(`name="ticket" value="${number}"`);
  for (const change of [
    '',
    'status:gone',
    'assignee:99',
    'assignee:x',
    'team:1',
    'priority:',
    'spam:2',
    'tag:x',
    'status',
    'constructor:x',
  ])
    expect([change, (await ana.post('/tickets/bulk', chosen(some, { change, tag: 'x' }))).status]).toEqual([
      change,
      422,
    ]);
  expect(desk.rows('SELECT * FROM bulk_runs')).toEqual([]);
});

test('what could not be changed is named with its reason, to whoever asked and nobody else', async () => {
  const ana = doors.as(desk.ana);
  const [mine, theirs] = some as [Ticket, Ticket];
  desk.giveToTeam(theirs, desk.team('Repairs', desk.ben));
  const answer = await ana.post('/tickets/bulk', chosen([mine, theirs], { change: 'priority:high' }));
  const page = await ana.get(answer.location ?? '');

  expect(page.html).toContain('1 ticket was changed. 1 could not be changed.');
  expect(page.html).toContain(`#${theirs.number}: it is not there any more, or not yours to see`);
  expect(page.html).toContain('Undo');
  expect((await doors.as(desk.ben).get(answer.location ?? '')).status).toBe(404);
  expect((await doors.as(desk.owner).post(`${answer.location}/undo`)).status).toBe(404);
});
