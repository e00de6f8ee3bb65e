// The lists: the right tickets in the right order, a page at a time, while everything moves.
import type { Agent } from '../../server/agents';
import { SECOND } from '../../server/lib/clock';
import type { Ticket } from '../../server/tickets';
import { assignTicket, markSpam, moveTicket } from '../../server/tickets/change';
import { FIRST, findListRow, type ListKey, listTickets, VIEWS, type View } from '../../server/tickets/list';
import { type Desk, openDesk } from '../support/desk';
import { plansOf } from '../support/plans';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const numbersOf = (ids: number[]) => ids.map((id) => desk.ticketNow({ id }).number);
const page = (view: View, after: ListKey, limit: number, agent: Agent = desk.ana) => {
  const { rows, next } = listTickets(desk.app, agent, view, after, limit);
  return { ids: rows.map(([id]) => id), next };
};
const all = (view: View, agent?: Agent) => numbersOf(page(view, FIRST, 1_000, agent).ids);

function tickets(count: number): Ticket[] {
  return Array.from({ length: count }, (_, n) => {
    desk.clock.pass(SECOND);
    return desk.ticketFrom(`Customer${n}`);
  });
}

test('each view holds its tickets, newest activity first', () => {
  const [mine, solved, closed, spam, waiting, plain] = tickets(6) as [
    Ticket,
    Ticket,
    Ticket,
    Ticket,
    Ticket,
    Ticket,
  ];
  desk.app.db.tx(() => {
    assignTicket(desk.app, desk.ana, mine, desk.ana, null);
    assignTicket(desk.app, desk.ana, solved, desk.ana, null);
    moveTicket(desk.app, desk.ana, solved, 'solved');
    moveTicket(desk.app, desk.ana, closed, 'closed');
    moveTicket(desk.app, desk.ana, waiting, 'pending');
    markSpam(desk.app, desk.ana, spam, true);
  });
  desk.clock.pass(SECOND);
  desk.customerWrites(mine, 'Hello again');

  expect(all('all')).toEqual([mine.number, plain.number, waiting.number]);
  expect(all('mine')).toEqual([mine.number]);
  expect(all('mine', desk.ben)).toEqual([]);
  expect(all('unassigned')).toEqual([plain.number, waiting.number]);
  expect(all('waiting')).toEqual([waiting.number]);
  expect(all('solved')).toEqual([solved.number]);
  expect(all('closed')).toEqual([closed.number]);
  expect(all('spam')).toEqual([spam.number]);
});

test('deleted and merged tickets are in no list', () => {
  const [kept, deleted, merged] = tickets(3) as [Ticket, Ticket, Ticket];
  desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(deleted.id);
  desk.app.db.sql.prepare('UPDATE tickets SET merged_into_id = ? WHERE id = ?').run(kept.id, merged.id);

  expect(all('all')).toEqual([kept.number]);
  expect(all('unassigned')).toEqual([kept.number]);
});

test('page after page shows every ticket once, also when many have the same time', () => {
  const made = Array.from({ length: 47 }, (_, n) => {
    if (n % 10 === 0) desk.clock.pass(SECOND);
    return desk.ticketFrom(`Customer${n}`).number;
  });
  const seen: number[] = [];
  let after: ListKey | undefined = FIRST;
  while (after) {
    const { ids, next } = page('all', after, 10);
    expect(ids.length).toBeLessThanOrEqual(10);
    seen.push(...numbersOf(ids));
    after = next;
  }

  expect(seen).toEqual(made.toReversed());
});

test('while tickets move up between two pages, none that stays is lost and none comes twice', () => {
  const made = tickets(60);
  const first = page('all', FIRST, 20);
  const moving = [made[0], made[10], made[45]] as Ticket[];
  for (const ticket of moving) {
    desk.clock.pass(SECOND);
    desk.customerWrites(ticket, 'Up I go');
  }
  tickets(3);
  const seen = [...first.ids];
  let next = first.next;
  while (next) {
    const more = page('all', next, 20);
    seen.push(...more.ids);
    next = more.next;
  }

  expect(new Set(seen).size).toBe(seen.length);
  const staying = made.filter((ticket) => !moving.includes(ticket)).map(({ id }) => id);
  expect(seen).toEqual(expect.arrayContaining(staying));
});

test('a ticket that leaves the list between two pages takes no other with it', () => {
  const made = tickets(30);
  const first = page('all', FIRST, 10);
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, made[20] as Ticket, 'closed'));
  const second = page('all', first.next ?? FIRST, 100);

  expect(first.ids.length + second.ids.length).toBe(30);
  expect(new Set([...first.ids, ...second.ids]).size).toBe(30);
});

test('the last page says that there is no other', () => {
  tickets(10);

  expect(page('all', FIRST, 10).next).toBeUndefined();
  expect(page('all', FIRST, 9).next).toBeDefined();
});

test('AC-46: no list of an agent holds another team’s ticket, but assigned and followed ones', () => {
  const [theirs, assigned, followed, open] = tickets(4) as [Ticket, Ticket, Ticket, Ticket];
  const team = desk.team('Repairs', desk.ben);
  for (const ticket of [theirs, assigned, followed]) desk.giveToTeam(ticket, team);
  desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(desk.ana.id, assigned.id);
  desk.app.db.sql.prepare('INSERT INTO ticket_followers VALUES (?, ?)').run(followed.id, desk.ana.id);

  expect(all('all', desk.ana)).toEqual([open.number, followed.number, assigned.number]);
  expect(all('all', desk.ben)).toEqual([open.number, followed.number, assigned.number, theirs.number]);
  expect(all('all', desk.agent('Vera', 'viewer'))).toEqual([open.number]);
  expect(all('all', desk.owner)).toHaveLength(4);
});

test('a row says what the list shows', () => {
  const ticket = desk.ticketFrom('Carla', 'Broken kettle', 'It  leaks\nall over.');
  desk.app.db.tx(() => assignTicket(desk.app, desk.ana, ticket, desk.ben, null));

  expect(findListRow(desk.app.db, ticket.id)).toMatchObject({
    number: ticket.number,
    subject: 'Broken kettle',
    customer_name: 'Carla',
    assignee_name: 'Ben',
    excerpt: 'It leaks all over.',
    awaits_us: 1,
    undelivered: 0,
  });
});

test.each<View>([...VIEWS, 'team-1'])('SPEED: the view %s walks an index and sorts nothing', (view) => {
  tickets(3);

  const plan = plansOf(desk, (app) => listTickets(app, desk.ana, view, FIRST, 10));

  expect(plan).toContainEqual(expect.stringMatching(/USING (COVERING )?INDEX tickets_/));
  expect(plan.filter((step) => /SCAN tickets$|TEMP B-TREE/.test(step))).toEqual([]);
});
