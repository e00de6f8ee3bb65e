// What saved views hold and count is right after every change, for everybody who looks.
import { DAY, HOUR, SECOND } from '../../../server/lib/clock';
import { keepViewsOnTime } from '../../../server/tickets';
import { prioritiseTicket } from '../../../server/tickets/change';
import { FIRST, type ListKey, listTickets } from '../../../server/tickets/list';
import { PRIORITIES } from '../../../server/tickets/ticket';
import { changeView, removeView } from '../../../server/tickets/views/change-view';
import type { Definition } from '../../../server/tickets/views/definition';
import { countSavedTickets } from '../../../server/tickets/views/list';
import { savedViewFor } from '../../../server/tickets/views/saved-view';
import { type Desk, openDesk } from '../../support/desk';
import { plansOf } from '../../support/plans';
import { asking, is, savedViewsAt } from '../../support/saved-views';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const { save, idsIn, countIn, anew } = savedViewsAt(() => desk);

test('a view is right in the very commit that changes a ticket, and not changed by one that fails', () => {
  const ticket = desk.ticketFrom('Carla');
  const view = save(asking([is('priority', 'urgent')]));
  expect(idsIn(view)).toEqual([]);
  expect(() =>
    desk.app.db.tx(() => {
      prioritiseTicket(desk.app, desk.ana, ticket, 'urgent');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(countIn(view)).toBe(0);

  desk.app.db.tx(() => prioritiseTicket(desk.app, desk.ana, ticket, 'urgent'));

  expect(idsIn(view)).toEqual([ticket.id]);
  expect(countIn(view)).toBe(1);
  desk.app.db.tx(() => prioritiseTicket(desk.app, desk.ana, ticket, 'low'));
  expect(countIn(view)).toBe(0);
});

test('time alone brings tickets in and takes them out, also what was missed while the server was off', async () => {
  const ticket = desk.ticketFrom('Carla');
  const old = save(asking([{ field: 'activity', op: 'older', values: ['3', 'days'] }]));
  const fresh = save(asking([{ field: 'created', op: 'newer', values: ['1', 'days'] }]));
  expect([countIn(old), countIn(fresh)]).toEqual([0, 1]);

  desk.clock.pass(25 * HOUR);
  await keepViewsOnTime(desk.app);
  expect([countIn(old), countIn(fresh)]).toEqual([0, 0]);
  desk.clock.pass(9 * DAY);
  desk.signals();
  await keepViewsOnTime(desk.app);
  expect([idsIn(old), countIn(fresh)]).toEqual([[ticket.id], 0]);
  expect(desk.signals()).toEqual([{ room: 'agents', event: 'list:changed' }]);

  await keepViewsOnTime(desk.app);
  expect(desk.signals()).toEqual([]);
  desk.app.db.tx(() => desk.customerWrites(ticket, 'Hello?'));
  expect(countIn(old)).toBe(0);
});

test('views come in the order they ask for, page by page, each ticket once', () => {
  const made = Array.from({ length: 25 }, (_, n) => {
    desk.clock.pass(SECOND);
    const ticket = desk.ticketFrom(`Customer${n}`);
    desk.app.db.tx(() => prioritiseTicket(desk.app, desk.ana, ticket, PRIORITIES[n % 4] ?? 'normal'));
    return ticket;
  });
  const walk = (sort: Definition['sort']) => {
    const view = save(asking([is('status', 'new')], { sort }));
    const seen: number[] = [];
    for (let after: ListKey | undefined = FIRST; after; ) {
      const page = listTickets(desk.app, desk.ana, `saved-${view}`, after, 7);
      seen.push(...page.rows.map(([id]) => id));
      after = page.next;
    }
    return seen;
  };
  const ids = made.map(({ id }) => id);

  expect(walk('created-old')).toEqual(ids);
  expect(walk('activity-old')).toEqual(ids);
  expect(walk('created')).toEqual(ids.toReversed());
  expect(walk('activity')).toEqual(ids.toReversed());
  const ranked = walk('priority').map((id) => PRIORITIES.indexOf(desk.ticketNow({ id }).priority));
  expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
  expect(ranked).toHaveLength(25);
});

test('a large desk is looked through in the background, in small steps, and what changes meanwhile is right', async () => {
  const { app } = desk;
  const ticket = desk.ticketFrom('Carla');
  app.db.sql
    .prepare(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
      INSERT INTO tickets (number, subject, status, priority, channel, customer_id, created_at, activity_at)
      SELECT 5000 + n, 'x', 'open', iif(n % 10 = 0, 'urgent', 'low'), 'email', ?, n, n FROM n`)
    .run(ticket.customer_id);
  const view = save(asking([is('priority', 'urgent')]));
  expect(savedViewFor(app, desk.owner, view).isFilled).toBe(false);
  const [lowest] = desk.rows<{ id: number }>("SELECT min(id) AS id FROM tickets WHERE priority = 'urgent'");
  app.db.tx(() => prioritiseTicket(app, desk.ana, desk.ticketNow(lowest ?? { id: 0 }), 'low'));
  app.db.tx(() => prioritiseTicket(app, desk.ana, desk.ticketNow(ticket), 'urgent'));
  const steps: number[] = [];
  const { write } = app;
  app.write = (work) => {
    steps.push(countIn(view));
    return write(work);
  };

  await app.jobs.runDue();

  app.write = write;
  expect(steps.filter((n, at) => n !== steps[at - 1]).length).toBeGreaterThan(4);
  expect(savedViewFor(app, desk.owner, view).isFilled).toBe(true);
  expect(countIn(view)).toBe(500);
  expect(idsIn(view)).toEqual(anew(asking([is('priority', 'urgent')]), desk.owner));
});

test('other conditions begin anew; a removed view leaves nothing behind', async () => {
  const urgent = desk.ticketFrom('Carla');
  const plain = desk.ticketFrom('Dora');
  desk.app.db.tx(() => prioritiseTicket(desk.app, desk.ana, urgent, 'urgent'));
  const view = save(asking([is('priority', 'urgent')]));
  const change = (definition: Definition, name = 'Other') =>
    desk.app.db.tx(() => changeView(desk.app, desk.owner, view, { name, isShared: true, definition }));
  change(asking([is('priority', 'normal')]));
  expect(idsIn(view)).toEqual([plain.id]);
  const { editionId } = savedViewFor(desk.app, desk.owner, view);
  change(asking([is('priority', 'normal')]), 'Renamed');
  expect(savedViewFor(desk.app, desk.owner, view)).toMatchObject({ name: 'Renamed', editionId });

  desk.app.db.tx(() => removeView(desk.app, desk.owner, { id: view, agent_id: null }));
  await desk.app.jobs.runDue();

  for (const table of ['saved_views', 'view_editions', 'view_tickets', 'view_counts', 'view_changes'])
    expect([table, desk.rows(`SELECT * FROM ${table}`)]).toEqual([table, []]);
});

test('AC-46: views hold and count other teams’ tickets for nobody but those who see them', () => {
  const [theirs, followed, open] = [desk.ticketFrom('C1'), desk.ticketFrom('C2'), desk.ticketFrom('C3')];
  const view = save(asking([is('status', 'new')]));
  const team = desk.team('Repairs', desk.ben);
  desk.app.db.tx(() => {
    for (const ticket of [theirs, followed]) desk.giveToTeam(ticket, team);
    desk.app.db.sql.prepare('INSERT INTO ticket_followers VALUES (?, ?)').run(followed.id, desk.ana.id);
  });

  expect(idsIn(view, desk.ana).toSorted()).toEqual([followed.id, open.id]);
  expect(countIn(view, desk.ana)).toBe(2);
  expect(countIn(view, desk.ben)).toBe(3);
  expect(countIn(view, desk.agent('Vera', 'viewer'))).toBe(1);
});

test('SPEED: a view walks its index and sorts nothing; its counts read no ticket', () => {
  desk.ticketFrom('Carla');
  const view = save(asking([is('tag', '1'), is('domain', 'mail.example')]));
  const lists = plansOf(desk, (app) => listTickets(app, desk.ana, `saved-${view}`, FIRST, 10));
  const counts = plansOf(desk, (app) => countSavedTickets(app, desk.owner));

  expect(lists).toContainEqual(
    expect.stringMatching(/view_tickets USING (COVERING )?INDEX view_tickets_in_order \(.*<.*\)/),
  );
  expect(lists.filter((step) => /SCAN (tickets|view_tickets)|TEMP B-TREE/.test(step))).toEqual([]);
  expect(counts.filter((step) => /\btickets\b/.test(step))).toEqual([]);
});
