// Everything in a saved view is changed as it was agreed to, or not at all; what was given away can be taken back.
import { runBulk, type Ticket } from '../../../server/tickets';
import { type BulkRun, findRun } from '../../../server/tickets/bulk/queries';
import { beginRun, beginUndo, editionOf } from '../../../server/tickets/bulk/run';
import { changeView, removeView } from '../../../server/tickets/views/change-view';
import { type Desk, openDesk } from '../../support/desk';
import { type Doors, openDoors } from '../../support/doors';
import { asking, is, savedViewsAt } from '../../support/saved-views';

let desk: Desk;
let doors: Doors;
let some: Ticket[];

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  some = [desk.ticketFrom('Carla'), desk.ticketFrom('Dora')];
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const { save } = savedViewsAt(() => desk);
const runOf = (id: number) => findRun(desk.app.db, id) as BulkRun;
const statuses = () => some.map((ticket) => desk.ticketNow(ticket).status);
const askForUrgent = (id: number) =>
  desk.app.db.tx(() =>
    changeView(desk.app, desk.owner, id, {
      name: 'New ones',
      isShared: true,
      definition: asking([is('priority', 'urgent')]),
    }),
  );

test.each([
  ['asks for something else by then', askForUrgent],
  [
    'is gone by then',
    (id: number) => desk.app.db.tx(() => removeView(desk.app, desk.owner, { id, agent_id: null })),
  ],
])('nothing is changed when the view %s', async (_how, change) => {
  const view = save(asking([is('status', 'new')]));
  const edition = editionOf(desk.app, desk.ana, `saved-${view}`) as number;
  const id = desk.app.db.tx(() =>
    beginRun(desk.app, desk.ana, { kind: 'status', to: 'closed' }, { list: `saved-${view}`, edition }),
  );
  change(view);
  await runBulk(desk.app, { run: id });

  expect(runOf(id)).toMatchObject({ state: 'stopped', changed: 0 });
  expect(statuses()).toEqual(['new', 'new']);
  const { html } = await doors.as(desk.ana).get(`/bulk/${id}`);
  expect(html).toContain('is gone or asks for something else');
});

test('what was agreed to is asked about again when the view asks for something else', async () => {
  const ana = doors.as(desk.ana);
  const view = save(asking([is('status', 'new')]));
  const form = { list: `saved-${view}`, everything: 'on', change: 'status:closed', tag: '' };
  const asked = await ana.post('/tickets/bulk', form);
  const sure = /name="sure" value="(\d+)"/.exec(asked.html)?.[1] as string;
  askForUrgent(view);
  desk.app.db.sql.prepare('UPDATE view_editions SET left_to_fill = 0').run();

  const again = await ana.post('/tickets/bulk', { ...form, sure });
  expect(again.status).toBe(422);
  expect(again.html).toContain('look once more at what will be changed');
  expect(again.html).toMatch(/value="status:closed" selected/);
  expect(statuses()).toEqual(['new', 'new']);
});

test('a view that is being filled is not taken for whole', async () => {
  const view = save(asking([is('status', 'new')]));
  desk.app.db.sql.prepare('UPDATE view_editions SET left_to_fill = 1').run();
  desk.app.db.tx(() => undefined);
  const form = { list: `saved-${view}`, everything: 'on', sure: '1', change: 'status:closed', tag: '' };
  const refused = await doors.as(desk.ana).post('/tickets/bulk', form);

  expect(refused.status).toBe(422);
  expect(refused.html).toContain('The view is still being filled');
  expect(statuses()).toEqual(['new', 'new']);
});

test('AC-47: who gave tickets to a team that is not theirs takes them back, though they see them no longer', async () => {
  const team = desk.team('Warehouse', desk.ben);
  const tickets = some.map(({ id }) => id);
  const id = desk.app.db.tx(() => beginRun(desk.app, desk.ana, { kind: 'team', to: team }, { tickets }));
  await runBulk(desk.app, { run: id });
  expect(some.map((ticket) => desk.ticketNow(ticket).team_id)).toEqual([team, team]);

  const undoing = desk.app.db.tx(() => beginUndo(desk.app, desk.ana, runOf(id))) as number;
  await runBulk(desk.app, { run: undoing });
  expect(runOf(undoing)).toMatchObject({ state: 'done', changed: 2, refused: 0 });
  expect(some.map((ticket) => desk.ticketNow(ticket).team_id)).toEqual([null, null]);
});
