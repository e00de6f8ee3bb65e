// A ticket sleeps until its time, or until its customer answers, through restarts; and who follows one hears of it.
import { HOUR } from '../../server/lib/clock';
import type { Ticket } from '../../server/tickets';
import { markSpam, moveTicket } from '../../server/tickets/change';
import { countTickets } from '../../server/tickets/counts';
import { followTicket } from '../../server/tickets/follow-ticket';
import { FIRST, listTickets, type View } from '../../server/tickets/list';
import { mergeTickets } from '../../server/tickets/merging/merge';
import { snoozeTicket, wakeTicket } from '../../server/tickets/snooze';
import { factsOf } from '../../server/tickets/ticket';
import { restoreTicket, trashTicket } from '../../server/tickets/trash/trash';
import { type Desk, MORNING, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';
import { mixedUp, move } from '../support/moving';

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

const snooze = (ticket: Ticket, until: number | null) =>
  desk.app.db.tx(() => snoozeTicket(desk.app, desk.ana, desk.ticketNow(ticket), until));
const listed = (view: View) => listTickets(desk.app, desk.ana, view, FIRST, 100).rows.map(([id]) => id);
const lines = (ticket: Ticket) =>
  desk.messagesOf(ticket).flatMap((message) => factsOf(message).says?.key ?? []);

test('a ticket that sleeps is in no list but its own, and comes back to the top of them when its time has come', async () => {
  const [sleeping, newer] = [desk.ticketFrom('Carla'), desk.ticketFrom('Dora')];
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, sleeping, 'pending'));
  snooze(sleeping, MORNING + 2 * HOUR);
  expect([listed('all'), listed('unassigned'), listed('waiting'), listed('snoozed')]).toEqual([
    [newer.id],
    [newer.id],
    [],
    [sleeping.id],
  ]);
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 1, unassigned: 1, waiting: 0, snoozed: 1 });

  desk.clock.pass(2 * HOUR - 1);
  await desk.app.jobs.runDue();
  expect(listed('snoozed')).toEqual([sleeping.id]);
  desk.clock.pass(1);
  desk.signals();
  await desk.app.jobs.runDue();

  expect(listed('all')).toEqual([sleeping.id, newer.id]);
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 2, waiting: 1, snoozed: 0 });
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
  expect(lines(sleeping).slice(-2)).toEqual(['tickets.says.snoozed', 'tickets.says.woken']);
});

test('its time is not forgotten by a restart, however long that took', async () => {
  const ticket = desk.ticketFrom('Carla');
  snooze(ticket, MORNING + HOUR);
  const later = MORNING + 50 * HOUR;
  const after = openDesk({ db: desk.app.db, data: desk.data, clock: { now: () => later } });
  await after.app.jobs.runDue();

  expect(after.ticketNow(ticket)).toMatchObject({ snoozed_at: null, activity_at: later });
  await after.house.close();
});

test('only the last time counts', async () => {
  const ticket = desk.ticketFrom('Carla');
  snooze(ticket, MORNING + HOUR);
  snooze(ticket, MORNING + 5 * HOUR);
  desk.clock.pass(2 * HOUR);
  await desk.app.jobs.runDue();
  expect(listed('snoozed')).toEqual([ticket.id]);

  snooze(ticket, null);
  desk.clock.pass(5 * HOUR);
  await desk.app.jobs.runDue();
  expect(listed('snoozed')).toEqual([ticket.id]);
});

test('M9: the customer’s answer ends it, an automatic one does not', () => {
  const { ticket } = receive(desk, letter({ messageId: 'first@mail.example' }));
  snooze(ticket, null);
  receive(desk, letter({ inReplyTo: ['first@mail.example'], automatic: 'auto-reply' }));
  expect(desk.ticketNow(ticket).snoozed_at).not.toBeNull();

  receive(desk, letter({ inReplyTo: ['first@mail.example'] }));

  expect(desk.ticketNow(ticket)).toMatchObject({ snoozed_at: null, snoozed_until: null, snoozed_by: null });
  expect(listed('all')).toEqual([ticket.id]);
});

test('whose time came in the trash is awake when it is brought back', async () => {
  const ticket = desk.ticketFrom('Carla');
  snooze(ticket, MORNING + HOUR);
  desk.app.db.tx(() => trashTicket(desk.app, desk.ana, desk.ticketNow(ticket)));
  desk.clock.pass(HOUR);
  await desk.app.jobs.runDue();
  desk.app.db.tx(() => restoreTicket(desk.app, desk.ana, desk.ticketNow(ticket)));
  expect([listed('all'), listed('snoozed')]).toEqual([[ticket.id], []]);
});

test('a mail that is moved into a ticket that sleeps wakes it', () => {
  const support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  const { ticket, stray } = mixedUp(desk, support);
  const sleeping = desk.ticketFrom('Carla');
  snooze(sleeping, null);
  move(desk, ticket, stray, desk.ticketNow(sleeping));
  expect(listed('snoozed')).toEqual([]);
});

test('merging wakes where the conversation goes on; what is merged has no time of its own any more', async () => {
  const [sleeping, awake] = [desk.ticketFrom('Carla'), desk.ticketFrom('Dora')];
  snooze(sleeping, MORNING + HOUR);
  desk.app.db.tx(() => mergeTickets(desk.app, desk.ana, [desk.ticketNow(awake)], desk.ticketNow(sleeping)));
  expect([listed('all'), listed('snoozed')]).toEqual([[sleeping.id], []]);

  const third = desk.ticketFrom('Emil');
  snooze(sleeping, MORNING + HOUR);
  desk.app.db.tx(() => mergeTickets(desk.app, desk.ana, [desk.ticketNow(sleeping)], desk.ticketNow(third)));
  desk.clock.pass(HOUR);
  await desk.app.jobs.runDue();
  expect(desk.rows('SELECT kind FROM jobs WHERE last_error IS NOT NULL')).toEqual([]);
  expect(lines(sleeping)).not.toContain('tickets.says.woken');
});

test('what is done or spam sleeps no more, and is not put to sleep', () => {
  const [solved, spam] = [desk.ticketFrom('Carla'), desk.ticketFrom('Dora')];
  snooze(solved, null);
  snooze(spam, null);
  desk.app.db.tx(() => {
    moveTicket(desk.app, desk.ana, solved, 'solved');
    markSpam(desk.app, desk.ana, spam, true);
  });

  expect(countTickets(desk.app, desk.ana)).toMatchObject({ snoozed: 0, solved: 1, spam: 1 });
  expect([snooze(solved, null), snooze(spam, null)]).toEqual([false, false]);
});

test('those that wake first come first, those that wait for an answer last', () => {
  const [answer, late, soon] = [desk.ticketFrom('C1'), desk.ticketFrom('C2'), desk.ticketFrom('C3')];
  snooze(answer, null);
  snooze(late, MORNING + 9 * HOUR);
  snooze(soon, MORNING + HOUR);

  expect(listed('snoozed')).toEqual([soon.id, late.id, answer.id]);
  desk.app.db.tx(() => wakeTicket(desk.app, desk.ana, desk.ticketNow(late), 'hand'));
  expect(listed('snoozed')).toEqual([soon.id, answer.id]);
});

test('in the browser: the time is told with its zone, can be taken back, and a wrong one comes back as it was typed', async () => {
  const ticket = desk.ticketFrom('Carla');
  const ana = doors.as(desk.ana);
  const path = `/tickets/${ticket.number}`;
  const wrong = await ana.post(`${path}/snooze`, { for: 'at', at: '2026-11-20T08:00' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('Choose a time that is still to come');
  expect(wrong.html).toContain('value="2026-11-20T08:00"');
  expect(wrong.html).toMatch(/value="at" selected/);

  await ana.post(`${path}/snooze`, { for: 'at', at: '2026-11-23T09:30' });
  expect(desk.ticketNow(ticket).snoozed_until).toBe(Date.UTC(2026, 10, 23, 8, 30));
  const page = (await ana.get(path)).html;
  expect(page).toContain('sleeps until 23 Nov 2026, 09:30 (Europe/Oslo)');
  expect(page).toContain('Ana snoozed this ticket until 23 Nov 2026, 09:30');
  expect((await ana.get('/tickets?view=snoozed')).html).toContain('Until 23 Nov 2026, 09:30');
  expect((await doors.as(desk.agent('Vera', 'viewer')).get(path)).html).toContain('Until 23 Nov 2026, 09:30');
  await ana.post(`${path}/wake`);
  expect(desk.ticketNow(ticket).snoozed_at).toBeNull();
  await ana.post(`${path}/status`, { status: 'solved' });
  expect((await ana.post(`${path}/snooze`, { for: 'week' })).status).toBe(409);
});

test('AC-47: whoever follows a ticket is shown, sees it in another team, counts it and hears of it; and no longer once they stop', async () => {
  const ticket = desk.ticketFrom('Carla');
  const team = desk.team('Repairs', desk.ben);
  const ana = doors.as(desk.ana);
  const path = `/tickets/${ticket.number}`;
  expect((await ana.get(path)).html).toContain('Nobody follows this ticket.');
  await ana.post(`${path}/follow`, { follow: '1' });
  await ana.post(`${path}/follow`, { follow: '1' });
  expect(desk.events('ticket.followed')).toHaveLength(1);
  await doors.as(desk.ben).post(`${path}/team`, { team: String(team), seen: '' });
  desk.signals();

  desk.app.db.tx(() => moveTicket(desk.app, desk.ben, desk.ticketNow(ticket), 'open'));
  expect(desk.signals()).toContainEqual({ room: `agent:${desk.ana.id}`, event: 'ticket:changed' });
  expect((await doors.as(desk.ben).get(path)).html).toMatch(/class="follower"[\s\S]*?>Ana</);
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 1, unassigned: 1 });
  expect(listed('all')).toEqual([ticket.id]);

  expect((await ana.post(`${path}/follow`, { follow: '0' })).location).toBe('/tickets');
  expect((await ana.get(path)).status).toBe(404);
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 0 });
});

test('nobody follows without end', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.sql
    .prepare(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
      INSERT INTO tickets (number, subject, status, channel, customer_id, created_at, activity_at)
      SELECT 5000 + n, 'x', 'open', 'email', ?, n, n FROM n`)
    .run(ticket.customer_id);
  desk.app.db.sql
    .prepare('INSERT INTO ticket_followers SELECT id, ? FROM tickets WHERE number > 5000')
    .run(desk.ana.id);

  expect(desk.app.db.tx(() => followTicket(desk.app, desk.ana, ticket, true))).toBe(false);
  expect(desk.app.db.tx(() => followTicket(desk.app, desk.ana, ticket, false))).toBe(true);
});
