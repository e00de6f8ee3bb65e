// What an agent is told: who hears of what, exactly once, and never of what they may not see.
import type { Agent } from '../../server/agents';
import { followOnce } from '../../server/events';
import { DAY, HOUR } from '../../server/lib/clock';
import { noticesFollower } from '../../server/notices';
import { sweepNotices } from '../../server/notices/sweep';
import { assignTicket, type Ticket } from '../../server/tickets';
import { markSpam } from '../../server/tickets/change';
import { followTicket } from '../../server/tickets/follow-ticket';
import { giveToTeam } from '../../server/tickets/give-team';
import { mergeTickets } from '../../server/tickets/merging/merge';
import { moveTeamLater } from '../../server/tickets/move-team';
import { snoozeTicket } from '../../server/tickets/snooze';
import { restoreTicket, trashTicket } from '../../server/tickets/trash/trash';
import { type Desk, MORNING, openDesk } from '../support/desk';
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

const assign = (ticket: Ticket, to: Agent, by: Agent) =>
  desk.app.db.tx(() =>
    assignTicket(desk.app, by, desk.ticketNow(ticket), to, desk.ticketNow(ticket).assignee_id),
  );
const follow = (ticket: Ticket, who: Agent) =>
  desk.app.db.tx(() => followTicket(desk.app, who, ticket, true));

/** A ticket by a real mail, so that an answer finds it. */
const opened = (subject = 'Broken kettle') =>
  desk.ticketNow(receive(desk, letter({ messageId: 'first@mail.example', subject })).ticket);
const answers = (n: number, more = {}) =>
  receive(desk, letter({ messageId: `again-${n}@mail.example`, inReplyTo: ['first@mail.example'], ...more }));

const toldTo = (agent: Agent) => {
  desk.app.followers.catchUp();
  return desk
    .rows<{ kind: string }>('SELECT kind FROM notices WHERE agent_id = ? ORDER BY id', agent.id)
    .map(({ kind }) => kind);
};
const pageOf = async (agent: Agent) => {
  desk.app.followers.catchUp();
  const { html, status } = await doors.as(agent).get('/notices');
  expect(status).toBe(200);
  return html;
};
const bellOf = async (agent: Agent) =>
  /data-place="notices"[\s\S]*?<\/a>/.exec(await pageOf(agent))?.[0].match(/rail__count">([^<]*)/)?.[1];

test('whoever is given a ticket is told, and not of what they did themselves', async () => {
  const ticket = opened();
  assign(ticket, desk.ana, desk.ben);
  assign(ticket, desk.ben, desk.ben);

  expect([toldTo(desk.ana), toldTo(desk.ben), toldTo(desk.owner)]).toEqual([['assigned'], [], []]);
  expect(desk.signals()).toContainEqual({ room: `agent:${desk.ana.id}`, event: 'notices:changed' });
  expect(await pageOf(desk.ana)).toContain('Ben gave it to you');
});

test('an answer is told to whoever has the ticket and whoever follows it; automatic mail is none (M9)', () => {
  const ticket = opened();
  assign(ticket, desk.ana, desk.ana);
  follow(ticket, desk.ben);
  answers(1);
  answers(2, { automatic: 'auto-submitted' });

  expect([toldTo(desk.ana), toldTo(desk.ben), toldTo(desk.owner)]).toEqual([['answered'], ['answered'], []]);
});

test('several things of one ticket stand on one line, counted once; opening the ticket reads them', async () => {
  const ticket = opened();
  assign(ticket, desk.ana, desk.ben);
  for (const n of [1, 2, 3]) answers(n);
  const html = await pageOf(desk.ana);

  expect(html.match(/class="notices__line/g)).toHaveLength(1);
  expect(html).toContain('wrote 3 times');
  expect(html).toContain('Ben gave it to you');
  expect(await bellOf(desk.ana)).toBe('1');

  await doors.as(desk.ana).get(`/tickets/${ticket.number}`);
  expect(await bellOf(desk.ana)).toBeUndefined();
  expect(await pageOf(desk.ana)).not.toContain('notices__line--unread');

  answers(4);
  const next = await pageOf(desk.ana);
  expect([next.includes('wrote</p>'), next.includes('Ben gave it to you')]).toEqual([true, false]);
});

test('a crash in the middle leaves nothing behind, so each thing is told once', () => {
  const ticket = opened();
  assign(ticket, desk.ana, desk.ben);
  answers(1);
  const { read } = noticesFollower;
  const died = { ...noticesFollower, read: dieAfter(read) };
  expect(() => followOnce(desk.app, died)).toThrow('died');
  expect(desk.rows('SELECT id FROM notices')).toEqual([]);

  expect(toldTo(desk.ana)).toEqual(['assigned', 'answered']);
  // The cursor lost, as by a database put together by hand: an event still tells somebody once.
  desk.rows("DELETE FROM followers WHERE name = 'notices' RETURNING name");
  expect(() => desk.app.followers.catchUp()).toThrow('UNIQUE');
  expect(desk.rows('SELECT id FROM notices')).toHaveLength(2);
});

const dieAfter =
  (read: typeof noticesFollower.read): typeof noticesFollower.read =>
  (app, events) => {
    read(app, events);
    throw new Error('died');
  };

test('with more that is unread than the bell counts, opening a ticket still reads it', async () => {
  const ticket = opened();
  const tickets = desk.rows<{ id: number; number: number }>(
    `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1200)
     INSERT INTO tickets (number, subject, status, channel, customer_id, created_at, activity_at)
     SELECT 5000 + n, 'Kettle', 'open', 'email', ?, 1, 1 FROM n RETURNING id, number`,
    ticket.customer_id,
  );
  for (const { id } of tickets)
    desk.rows(
      "INSERT INTO notices (agent_id, ticket_id, event_id, kind, at) VALUES (?, ?, ?, 'team', 1) RETURNING id",
      desk.ana.id,
      id,
      id + 1e6,
    );
  expect(await bellOf(desk.ana)).toBe('99+');

  for (const { number } of [tickets[0]!, tickets.at(-1)!]) await doors.as(desk.ana).get(`/tickets/${number}`);
  expect(desk.rows('SELECT ticket_id FROM notices WHERE read_at IS NOT NULL ORDER BY id')).toEqual([
    { ticket_id: tickets[0]?.id },
    { ticket_id: tickets.at(-1)?.id },
  ]);
  expect(await bellOf(desk.ana)).toBe('99+');
});

test('AC-47: nobody is told of a ticket they may not see, nor shown what they were told once they may see it no more', async () => {
  const ticket = opened('The secret kettle');
  assign(ticket, desk.ana, desk.ben);
  follow(ticket, desk.ben);
  expect(await bellOf(desk.ana)).toBe('1');

  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
  assign(ticket, desk.ben, desk.ben);
  answers(1);
  expect(toldTo(desk.ana)).toEqual(['assigned']);
  expect([await bellOf(desk.ana), (await pageOf(desk.ana)).includes('The secret kettle')]).toEqual([
    undefined,
    false,
  ]);
  expect(await bellOf(desk.ben)).toBe('1');
});

test('spam, what was thrown away and what was merged is not told, and hidden where it was told before', async () => {
  const other = desk.ticketFrom('Dora');
  const ticket = opened();
  assign(ticket, desk.ana, desk.ben);
  const now = () => desk.ticketNow(ticket);
  const tx = <T>(work: () => T) => desk.app.db.tx(work);

  expect(await bellOf(desk.ana)).toBe('1');
  tx(() => markSpam(desk.app, desk.ben, now(), true));
  answers(1);
  expect([toldTo(desk.ana), await bellOf(desk.ana)]).toEqual([['assigned'], undefined]);
  tx(() => markSpam(desk.app, desk.ben, now(), false));
  expect(await bellOf(desk.ana)).toBe('1');

  tx(() => trashTicket(desk.app, desk.ben, now()));
  expect(await bellOf(desk.ana)).toBeUndefined();
  tx(() => restoreTicket(desk.app, desk.ben, now()));
  expect(await bellOf(desk.ana)).toBe('1');

  tx(() => mergeTickets(desk.app, desk.ben, [now()], desk.ticketNow(other)));
  expect(await bellOf(desk.ana)).toBeUndefined();
});

test('a team hears of what comes to it, but not of each ticket that it is left by another', async () => {
  const [from, to] = [desk.team('Sales', desk.ben), desk.team('Repairs', desk.ana, desk.ben)];
  const ticket = opened();
  desk.app.db.tx(() =>
    giveToTeam(desk.app, desk.ben, desk.ticketNow(ticket), { id: to, name: 'Repairs' }, null),
  );
  expect([toldTo(desk.ana), toldTo(desk.ben)]).toEqual([['team'], []]);

  const left = desk.ticketFrom('Dora');
  desk.giveToTeam(left, from);
  desk.rows('UPDATE teams SET moves_to_id = ?, deleted_at = 1 WHERE id = ? RETURNING id', to, from);
  desk.app.db.tx(() => moveTeamLater(desk.app, desk.owner, from));
  await desk.app.jobs.runDue();
  expect(desk.ticketNow(left).team_id).toBe(to);
  expect(toldTo(desk.ana)).toEqual(['team']);
});

test('whoever put a ticket to sleep is told when its time has come', async () => {
  const ticket = opened();
  desk.app.db.tx(() => snoozeTicket(desk.app, desk.ana, desk.ticketNow(ticket), MORNING + HOUR));
  desk.clock.pass(HOUR);
  await desk.app.jobs.runDue();

  expect([toldTo(desk.ana), toldTo(desk.ben)]).toEqual([['woken'], []]);
});

test('one line and all of them are marked as read; what came after the page was made stays unread', async () => {
  const [one, two, later] = [desk.ticketFrom('Carla'), desk.ticketFrom('Dora'), desk.ticketFrom('Emil')];
  for (const ticket of [one, two]) assign(ticket, desk.ana, desk.ben);
  const html = await pageOf(desk.ana);
  const upTo = /name="upTo" value="(\d+)"/.exec(html)?.[1] as string;
  const ana = doors.as(desk.ana);

  expect((await ana.post('/notices', { number: String(one.number) })).location).toBe('/notices');
  expect(await bellOf(desk.ana)).toBe('1');
  assign(later, desk.ana, desk.ben);
  desk.app.followers.catchUp();
  await ana.post('/notices', { upTo });
  expect(await bellOf(desk.ana)).toBe('1');
  expect(await pageOf(desk.ana)).toContain(`Mark what happened to #${later.number} as read`);

  expect((await ana.post('/notices', { number: 'x' })).status).toBe(422);
  expect(await pageOf(desk.ben)).toContain('Nothing to tell');
});

test('lines go on page by page, and old ones are gone after 30 days', async () => {
  for (let n = 0; n < 27; n++) assign(desk.ticketFrom(`Customer${n}`), desk.ana, desk.ben);
  const html = await pageOf(desk.ana);
  const older = /href="(\/notices\?before=\d+)"/.exec(html)?.[1] as string;
  const lines = (page: string) => page.match(/class="notices__line/g)?.length;
  expect([lines(html), lines((await doors.as(desk.ana).get(older)).html)]).toEqual([25, 2]);

  desk.clock.pass(30 * DAY);
  expect(sweepNotices(desk.app)).toBe(0);
  desk.clock.pass(1);
  expect(sweepNotices(desk.app)).toBe(27);
});
