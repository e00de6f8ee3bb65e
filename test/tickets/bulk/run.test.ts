// Many tickets changed at once: in small steps, each as its agent may, and taken back.
import type { Agent } from '../../../server/agents';
import { DAY } from '../../../server/lib/clock';
import { assignTicket, runBulk, sweepRuns, type Ticket } from '../../../server/tickets';
import type { Change } from '../../../server/tickets/bulk/change';
import { type BulkRun, findRefused, findRun } from '../../../server/tickets/bulk/queries';
import { beginRun, beginUndo, editionOf } from '../../../server/tickets/bulk/run';
import { moveTicket } from '../../../server/tickets/change';
import { countTickets } from '../../../server/tickets/counts';
import { addTag, findTags } from '../../../server/tickets/tags';
import { type Desk, openDesk } from '../../support/desk';
import { asking, is, savedViewsAt } from '../../support/saved-views';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const { save } = savedViewsAt(() => desk);
const tickets = (count: number) => Array.from({ length: count }, (_, n) => desk.ticketFrom(`Customer${n}`));
const ids = (some: Ticket[]) => some.map(({ id }) => id);
const runOf = (id: number) => findRun(desk.app.db, id) as BulkRun;
const counts = ({ state, total, changed, same, refused }: BulkRun) => ({
  state,
  total,
  changed,
  same,
  refused,
});

function begin(change: Change, what: Parameters<typeof beginRun>[3], by: Agent = desk.ana): number {
  return desk.app.db.tx(() => beginRun(desk.app, by, change, what));
}
async function run(change: Change, what: Parameters<typeof beginRun>[3], by?: Agent): Promise<BulkRun> {
  const id = begin(change, what, by);
  await runBulk(desk.app, { run: id });
  return runOf(id);
}
async function undo(id: number, by: Agent = desk.ana): Promise<BulkRun> {
  const undoing = desk.app.db.tx(() => beginUndo(desk.app, by, runOf(id))) as number;
  await runBulk(desk.app, { run: undoing });
  return runOf(undoing);
}

const changes: [name: string, change: Change, column: keyof Ticket | 'tags', to: unknown][] = [
  ['status', { kind: 'status', to: 'solved' }, 'status', 'solved'],
  ['assignee', { kind: 'assignee', to: 2 }, 'assignee_id', 2],
  ['team', { kind: 'team', to: 1 }, 'team_id', 1],
  ['priority', { kind: 'priority', to: 'urgent' }, 'priority', 'urgent'],
  ['spam', { kind: 'spam', to: true }, 'is_spam', 1],
  ['tag', { kind: 'tag', to: 'vip' }, 'tags', 'vip'],
];

test.each(changes)(
  '%s: changes what it can with event, line and signal, and is taken back',
  async (_, change, column, to) => {
    desk.team('Repairs', desk.ana);
    const some = tickets(3);
    const valueNow = (ticket: Ticket) =>
      column === 'tags'
        ? findTags(desk.app.db, ticket.id)
            .map(({ name }) => name)
            .join()
        : desk.ticketNow(ticket)[column];
    const before = some.map(valueNow);

    const done = await run(change, { tickets: ids(some) });

    expect(counts(done)).toEqual({ state: 'done', total: 3, changed: 3, same: 0, refused: 0 });
    expect(some.map(valueNow)).toEqual([to, to, to]);
    expect(desk.signals().filter(({ event }) => event === 'ticket:changed').length).toBeGreaterThanOrEqual(3);
    const event = {
      status: 'moved',
      assignee: 'assigned',
      team: 'team-changed',
      priority: 'prioritised',
      spam: 'marked-spam',
      tag: 'tagged',
    };
    expect(desk.events(`ticket.${event[change.kind as 'status']}`)).toHaveLength(3);
    expect(counts(await run(change, { tickets: ids(some) }))).toMatchObject({ changed: 0, same: 3 });

    expect(counts(await undo(done.id))).toMatchObject({ state: 'done', changed: 3, refused: 0 });
    expect(some.map(valueNow)).toEqual(before);
    expect(desk.app.db.tx(() => beginUndo(desk.app, desk.ana, runOf(done.id)))).toBeUndefined();
  },
);

test('AC-47: what belonged to a team that is gone is given to nobody, not to everybody', async () => {
  const [first, second] = [desk.team('First', desk.ana), desk.team('Second', desk.ana)];
  const some = tickets(2);
  for (const ticket of some) desk.giveToTeam(ticket, first);
  const done = await run({ kind: 'team', to: second }, { tickets: ids(some) });
  desk.app.db.sql.prepare('UPDATE teams SET deleted_at = 1 WHERE id = ?').run(first);

  expect(counts(await undo(done.id))).toMatchObject({ changed: 0, refused: 2 });
  expect(some.map((ticket) => desk.ticketNow(ticket).team_id)).toEqual([second, second]);
});

test('what was a different thing for each ticket is that again, and what somebody changed since stays changed', async () => {
  const [open, waiting, later] = tickets(3) as [Ticket, Ticket, Ticket];
  desk.app.db.tx(() => {
    moveTicket(desk.app, desk.ana, open, 'open');
    moveTicket(desk.app, desk.ana, waiting, 'pending');
  });
  const done = await run({ kind: 'status', to: 'solved' }, { tickets: ids([open, waiting, later]) });
  desk.app.db.tx(() => moveTicket(desk.app, desk.ben, desk.ticketNow(later), 'on hold'));

  expect(counts(await undo(done.id))).toMatchObject({ changed: 2, refused: 1 });
  expect([open, waiting, later].map((ticket) => desk.ticketNow(ticket).status)).toEqual([
    'open',
    'pending',
    'on hold',
  ]);
});

test('a tag that was there before is not taken away by taking back', async () => {
  const [had, had2] = tickets(2) as [Ticket, Ticket];
  desk.app.db.tx(() => addTag(desk.app, desk.ben, had, 'VIP'));
  const done = await run({ kind: 'tag', to: 'vip' }, { tickets: ids([had, had2]) });
  expect(counts(done)).toMatchObject({ changed: 1, same: 1 });
  await undo(done.id);

  expect(findTags(desk.app.db, had.id)).toHaveLength(1);
  expect(findTags(desk.app.db, had2.id)).toHaveLength(0);
});

test('AC-46: permission is asked for each ticket, at the moment it is changed; what could not be done is told', async () => {
  const [mine, theirs, gone] = tickets(3) as [Ticket, Ticket, Ticket];
  const id = begin({ kind: 'priority', to: 'high' }, { tickets: ids([mine, theirs, gone]) });
  desk.giveToTeam(theirs, desk.team('Repairs', desk.ben));
  desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(gone.id);
  await runBulk(desk.app, { run: id });

  expect(counts(runOf(id))).toEqual({ state: 'done', total: 3, changed: 1, same: 0, refused: 2 });
  expect(desk.ticketNow(theirs).priority).toBe('normal');
  expect(findRefused(desk.app.db, id, 10)).toEqual([
    { number: theirs.number, outcome: 'gone' },
    { number: gone.number, outcome: 'gone' },
  ]);
});

test('W3: what somebody took since it was asked for stays with them', async () => {
  const [free, taken] = tickets(2) as [Ticket, Ticket];
  const id = begin({ kind: 'assignee', to: desk.ana.id }, { tickets: ids([free, taken]) });
  desk.app.db.tx(() => assignTicket(desk.app, desk.ben, taken, desk.ben, null));
  await runBulk(desk.app, { run: id });

  expect(desk.ticketNow(taken).assignee_id).toBe(desk.ben.id);
  expect(findRefused(desk.app.db, id, 10)).toEqual([{ number: taken.number, outcome: 'taken' }]);
});

test.each([
  ['left', "UPDATE agents SET state = 'removed' WHERE id = ?"],
  ['may only read', "UPDATE agents SET role = 'viewer' WHERE id = ?"],
])('whoever %s meanwhile changes nothing more', async (_, sql) => {
  const some = tickets(2);
  const id = begin({ kind: 'status', to: 'closed' }, { tickets: ids(some) });
  desk.app.db.sql.prepare(sql).run(desk.ana.id);
  await runBulk(desk.app, { run: id });

  expect(counts(runOf(id))).toMatchObject({ state: 'stopped', changed: 0 });
  expect(some.map((ticket) => desk.ticketNow(ticket).status)).toEqual(['new', 'new']);
});

test('everything a view holds is changed, page after page, also where the change takes it out of the view', async () => {
  const some = tickets(230);
  const view = save(asking([is('status', 'new')]));
  const edition = editionOf(desk.app, desk.ana, `saved-${view}`) as number;
  const done = await run({ kind: 'status', to: 'solved' }, { list: `saved-${view}`, edition });

  expect(counts(done)).toEqual({ state: 'done', total: 230, changed: 230, same: 0, refused: 0 });
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 0, solved: some.length });
  expect(counts(await undo(done.id))).toMatchObject({ changed: 230 });
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 230, solved: 0, unassigned: 230 });
}, 60_000);

test('each step is short, and after a crash the queue goes on where it stood', async () => {
  const some = tickets(150);
  const id = begin({ kind: 'priority', to: 'low' }, { tickets: ids(some) });
  const { write } = desk.app;
  let steps = 0;
  desk.app.write = (work) => {
    steps += 1;
    if (steps === 3) return Promise.reject(new Error('the machine lost its power'));
    return write(work);
  };
  await expect(runBulk(desk.app, { run: id })).rejects.toThrow('power');
  desk.app.write = write;
  const { changed, state } = runOf(id);
  expect(state).toBe('running');
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThanOrEqual(100);

  desk.clock.pass(DAY);
  await desk.app.jobs.runDue();

  expect(counts(runOf(id))).toMatchObject({ state: 'done', changed: 150 });
  expect(desk.events('ticket.prioritised')).toHaveLength(150);
});

test('what was done is kept for a week', async () => {
  await run({ kind: 'priority', to: 'low' }, { tickets: ids(tickets(3)) });
  desk.clock.pass(6 * DAY);
  expect(await sweepRuns(desk.app)).toBe(0);
  desk.clock.pass(2 * DAY);

  expect(await sweepRuns(desk.app)).toBe(1);
  expect([desk.rows('SELECT * FROM bulk_runs'), desk.rows('SELECT * FROM bulk_items')]).toEqual([[], []]);
});
