// The trash: out of every list and search at once, back for 30 days, then gone.
import type { Agent } from '../../server/agents';
import { DAY } from '../../server/lib/clock';
import { assignTicket, type Ticket } from '../../server/tickets';
import { findRun } from '../../server/tickets/bulk/queries';
import { beginRun, beginUndo, runAtOnce } from '../../server/tickets/bulk/run';
import { countTickets } from '../../server/tickets/counts';
import { FIRST, listTickets } from '../../server/tickets/list';
import { searchTickets } from '../../server/tickets/search/search';
import { listTrash, restoreTicket, trashedFor, trashTicket } from '../../server/tickets/trash/trash';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';
import { tryReply, words } from '../support/writing';

let desk: Desk;
let ticket: Ticket;

beforeEach(() => {
  desk = openDesk();
  ticket = receive(desk, letter({ messageId: 'one@mail.example', subject: 'Whistling kettle' })).ticket;
});
afterEach(() => desk.close());

const trash = (one: Ticket = ticket) => desk.app.db.tx(() => trashTicket(desk.app, desk.ana, one));
const restore = (one: Ticket = ticket, by: Agent = desk.ana) =>
  desk.app.db.tx(() => restoreTicket(desk.app, by, trashedFor(desk.app, by, one.number)));
const listed = () => listTickets(desk.app, desk.ana, 'all', FIRST, 50).rows.map(([id]) => id);
const inTrash = (by: Agent = desk.ana) => listTrash(desk.app, by).rows.map(({ id }) => id);
const found = () => {
  desk.app.followers.catchUp();
  return searchTickets(desk.app, desk.owner, 'whistling', { limit: 5 }).hits.map(({ id }) => id);
};

test('a ticket that is thrown away is in no list, count or search, nothing is written in it, and open pages hear so', () => {
  const before = countTickets(desk.app, desk.ana).all;
  expect(found()).toEqual([ticket.id]);
  desk.signals();
  trash();

  expect([listed(), found(), inTrash()]).toEqual([[], [], [ticket.id]]);
  expect(countTickets(desk.app, desk.ana).all).toBe(before - 1);
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:gone' });
  expect(() => tryReply(desk, ticket, words('Hello'))).toThrow('deleted in the meantime');
});

test('restored it is where it was, whole, and says what happened', () => {
  const before = desk.ticketNow(ticket);
  trash();
  restore();

  expect([listed(), found(), inTrash()]).toEqual([[ticket.id], [ticket.id], []]);
  expect(desk.ticketNow(ticket)).toMatchObject({
    status: before.status,
    deleted_at: null,
    excerpt: before.excerpt,
  });
  expect(desk.messagesOf(ticket).flatMap(({ facts }) => JSON.parse(facts).says?.key ?? [])).toEqual([
    'tickets.says.trashed',
    'tickets.says.restored',
  ]);
  expect(desk.events('ticket.%').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ticket.trashed', 'ticket.restored']),
  );
});

test('it does not come back to somebody who has left meanwhile', () => {
  desk.app.db.tx(() => assignTicket(desk.app, desk.ana, desk.ticketNow(ticket), desk.ben, null));
  trash();
  desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
  restore();

  expect(desk.ticketNow(ticket).assignee_id).toBeNull();
  expect(desk.events('ticket.assigned').at(-1)).toMatchObject({ facts: '{"to":null}' });
});

test('what its customer writes meanwhile is not lost: it begins a ticket', () => {
  trash();
  const answer = receive(desk, letter({ inReplyTo: ['one@mail.example'], words: 'Hello?' }));

  expect(answer.ticket.id).not.toBe(ticket.id);
  expect(listed()).toEqual([answer.ticket.id]);
});

test('a chat that runs is not thrown away', () => {
  desk.app.db.sql
    .prepare("UPDATE tickets SET channel = 'chat', chat_state = 'active' WHERE id = ?")
    .run(ticket.id);

  expect(() => trash(desk.ticketNow(ticket))).toThrow('still running');
  expect(inTrash()).toEqual([]);
});

test('the last thrown away comes first, a page at a time', () => {
  const tickets = [1, 2, 3].map((n) => desk.ticketFrom(`Customer${n}`));
  for (const one of tickets) {
    desk.clock.pass(1_000);
    trash(one);
  }
  const first = listTrash(desk.app, desk.ana, FIRST, 2);
  const second = listTrash(desk.app, desk.ana, first.next, 2);

  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(tickets.map(({ id }) => id).reverse());
  expect(second.next).toBeUndefined();
});

test('AC-46: nobody sees or restores what was not theirs to see', () => {
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
  trash();

  expect([inTrash(), inTrash(desk.ben), inTrash(desk.owner)]).toEqual([[], [ticket.id], [ticket.id]]);
  expect(() => restore()).toThrow('not yours to see');
  restore(ticket, desk.ben);
  expect(inTrash(desk.ben)).toEqual([]);
});

test('many at once go, but a running chat, and come back together', async () => {
  const chat = desk.ticketFrom('Vic');
  desk.app.db.sql.prepare("UPDATE tickets SET chat_state = 'queued' WHERE id = ?").run(chat.id);
  const other = desk.ticketFrom('Dora');
  const ids = [ticket.id, other.id, chat.id];
  const run = desk.app.db.tx(() =>
    beginRun(desk.app, desk.ana, { kind: 'trash', to: true }, { tickets: ids }),
  );
  await runAtOnce(desk.app, run);
  expect(findRun(desk.app.db, run)).toMatchObject({ state: 'done', changed: 2, refused: 1 });
  expect(inTrash().toSorted()).toEqual([ticket.id, other.id]);

  const undo = desk.app.db.tx(() => beginUndo(desk.app, desk.ana, findRun(desk.app.db, run)!));
  await runAtOnce(desk.app, undo!);
  expect(findRun(desk.app.db, undo!)).toMatchObject({ changed: 2, refused: 0 });
  expect(inTrash()).toEqual([]);
});

describe('the page', () => {
  let doors: Doors;
  beforeEach(async () => {
    doors = await openDoors(desk);
  });
  afterEach(() => doors.close());

  test('says until when, restores, and throwing away can be undone where it is said', async () => {
    const ana = doors.as(desk.ana);
    expect((await ana.get('/trash')).html).toContain('The trash is empty');
    const thrown = await ana.post(`/tickets/${ticket.number}/trash?view=mine`);
    expect(thrown.location).toBe('/tickets?view=mine');
    const list = (await ana.get('/tickets?view=mine')).html;
    expect(list).toContain(`#${ticket.number} is in the trash.`);
    expect(list).toContain(`action="/tickets/${ticket.number}/restore"`);
    expect((await ana.get(`/tickets/${ticket.number}`)).status).toBe(404);
    const page = (await ana.get('/trash')).html;
    expect(page).toContain('Whistling kettle');
    expect(page).toContain(new Date(desk.clock.now() + 30 * DAY).toISOString().slice(0, 10));
    expect((await ana.post(`/tickets/${ticket.number}/restore`)).location).toBe(`/tickets/${ticket.number}`);
    expect((await ana.get(`/tickets/${ticket.number}`)).status).toBe(200);
  });

  test('a viewer reads it and restores nothing', async () => {
    trash();
    const vera = doors.as(desk.agent('Vera', 'viewer'));
    expect((await vera.get('/trash')).html).not.toContain('/restore');
    expect((await vera.post(`/tickets/${ticket.number}/restore`)).status).toBe(403);
  });
});
