// Changing a ticket: each change one event, one line, one signal, and nothing when nothing changes.
import type { Agent } from '../../server/agents';
import { SYSTEM } from '../../server/events';
import { HOUR } from '../../server/lib/clock';
import type { Ticket } from '../../server/tickets';
import {
  assignTicket,
  giveTicketsBack,
  markSpam,
  moveTicket,
  prioritiseTicket,
} from '../../server/tickets/change';
import { addTag, findTags, removeTag } from '../../server/tickets/tags';
import { factsOf, STATUSES } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let ticket: Ticket;

beforeEach(() => {
  desk = openDesk();
  ticket = desk.ticketFrom('Carla');
});
afterEach(() => desk.close());

const tx = <T>(work: () => T): T => desk.app.db.tx(work);
const linesOf = (on: Ticket = ticket) =>
  desk
    .messagesOf(on)
    .filter(({ kind }) => kind === 'system')
    .map((message) => factsOf(message).says?.key);
const assign = (by: Agent, to: Agent | null, seen: Agent | null, on: Ticket = ticket) =>
  tx(() => assignTicket(desk.app, by, on, to, seen?.id ?? null));

describe('taking and assigning', () => {
  test('W3: of two agents who take a ticket at once one has it, and the other is told who', () => {
    const pageOfAna = { ...ticket };
    const pageOfBen = { ...ticket };

    expect(assign(desk.ana, desk.ana, null, pageOfAna)).toEqual({ assigned: true });
    expect(assign(desk.ben, desk.ben, null, pageOfBen)).toEqual({ assigned: false, heldBy: desk.ana.id });

    expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ana.id);
    expect(desk.events('ticket.assigned')).toHaveLength(1);
    expect(linesOf()).toEqual(['tickets.says.taken']);
  });

  test('W3: taking a ticket again from an old page does not take it away from whoever has it now', () => {
    assign(desk.ana, desk.ana, null);
    const oldPageOfAna = { ...desk.ticketNow(ticket) };
    assign(desk.ben, desk.ben, desk.ana);

    expect(assign(desk.ana, desk.ana, null, oldPageOfAna)).toEqual({ assigned: false, heldBy: desk.ben.id });
    expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ben.id);
  });

  test('W3: the loser learns that nobody has it when it was given back', () => {
    assign(desk.ana, desk.ana, null);
    assign(desk.ana, null, desk.ana);

    expect(assign(desk.ben, desk.ben, desk.ana)).toEqual({ assigned: false, heldBy: null });
  });

  test('who has it already is nobody’s loss: no second event, no second line', () => {
    assign(desk.ana, desk.ana, null);
    desk.signals();

    expect(assign(desk.ana, desk.ana, null)).toEqual({ assigned: true });
    expect(desk.events('ticket.assigned')).toHaveLength(1);
    expect(desk.signals()).toEqual([]);
  });

  test('giving to a colleague, giving back and taking read differently', () => {
    assign(desk.ana, desk.ben, null);
    assign(desk.ben, null, desk.ben);
    assign(desk.ben, desk.ben, null);

    expect(linesOf()).toEqual(['tickets.says.assigned', 'tickets.says.unassigned', 'tickets.says.taken']);
    expect(desk.signals().filter(({ event }) => event === 'ticket:changed')).toHaveLength(3);
  });

  test('whoever leaves the firm leaves open tickets to everybody and keeps the finished ones', () => {
    const solved = desk.ticketFrom('Dora');
    assign(desk.ana, desk.ana, null);
    assign(desk.ana, desk.ana, null, solved);
    tx(() => moveTicket(desk.app, desk.ana, solved, 'solved'));

    tx(() => giveTicketsBack(desk.app, SYSTEM, desk.ana.id));

    expect(desk.ticketNow(ticket).assignee_id).toBeNull();
    expect(desk.ticketNow(solved).assignee_id).toBe(desk.ana.id);
    expect(linesOf().at(-1)).toBe('tickets.says.unassigned');
  });
});

describe('status', () => {
  const pairs = STATUSES.flatMap((from) =>
    STATUSES.filter((to) => to !== from).map((to) => [from, to] as const),
  );

  test.each(pairs)('from %s to %s: one event that says both, one line, one signal', (from, to) => {
    tx(() => moveTicket(desk.app, desk.ana, ticket, from));
    const events = desk.events('ticket.moved').length;
    desk.signals();
    const lines = linesOf().length;

    tx(() => moveTicket(desk.app, desk.ana, ticket, to));

    const moves = desk.events('ticket.moved').slice(events);
    expect(moves.map(({ facts }) => JSON.parse(facts))).toEqual([{ from, to }]);
    expect(linesOf().slice(lines)).toEqual([`tickets.says.status.${to.replace(' ', '-')}`]);
    expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
    expect(desk.ticketNow(ticket).status).toBe(to);
  });

  test('when it was solved and closed is kept, and forgotten when it is open again', () => {
    const start = desk.clock.now();
    tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));
    desk.clock.pass(HOUR);
    tx(() => moveTicket(desk.app, desk.ana, ticket, 'closed'));
    expect(desk.ticketNow(ticket)).toMatchObject({ solved_at: start, closed_at: start + HOUR });

    tx(() => moveTicket(desk.app, desk.ana, ticket, 'open'));
    expect(desk.ticketNow(ticket)).toMatchObject({ solved_at: null, closed_at: null });
  });

  test('a status that it has already changes nothing, also when the page did not know', () => {
    const old = { ...ticket };
    tx(() => moveTicket(desk.app, desk.ben, ticket, 'solved'));
    const before = desk.ticketNow(ticket);
    desk.signals();

    tx(() => moveTicket(desk.app, desk.ana, old, 'solved'));

    expect(desk.ticketNow(ticket)).toEqual(before);
    expect(desk.events('ticket.moved')).toHaveLength(1);
    expect(desk.signals()).toEqual([]);
  });

  test('a change of status is no message: place in the list and unread mark stay', () => {
    const before = desk.ticketNow(ticket);
    desk.clock.pass(HOUR);

    tx(() => moveTicket(desk.app, desk.ana, ticket, 'on hold'));

    const { activity_at, awaits_us, excerpt, visitor_sequence } = desk.ticketNow(ticket);
    expect({ activity_at, awaits_us, excerpt, visitor_sequence }).toEqual({
      activity_at: before.activity_at,
      awaits_us: before.awaits_us,
      excerpt: before.excerpt,
      visitor_sequence: before.visitor_sequence,
    });
  });
});

test('a priority is set once, and the line names it', () => {
  tx(() => prioritiseTicket(desk.app, desk.ana, ticket, 'urgent'));
  tx(() => prioritiseTicket(desk.app, desk.ana, ticket, 'urgent'));

  expect(desk.ticketNow(ticket).priority).toBe('urgent');
  expect(linesOf()).toEqual(['tickets.says.priority.urgent']);
  expect(desk.events('ticket.prioritised').map(({ facts }) => JSON.parse(facts))).toEqual([
    { from: 'normal', to: 'urgent' },
  ]);
});

test('spam leaves the lists and comes back, once each way', () => {
  tx(() => markSpam(desk.app, desk.ana, ticket, true));
  tx(() => markSpam(desk.app, desk.ana, ticket, true));
  expect(desk.ticketNow(ticket).is_spam).toBe(1);

  tx(() => markSpam(desk.app, desk.ben, ticket, false));

  expect(desk.ticketNow(ticket)).toMatchObject({ is_spam: 0, status: 'new' });
  expect(linesOf()).toEqual(['tickets.says.spam', 'tickets.says.notSpam']);
  expect(desk.events('ticket.marked-spam')).toHaveLength(1);
  expect(desk.events('ticket.marked-wanted')).toHaveLength(1);
});

describe('tags', () => {
  const names = (on: Ticket = ticket) => findTags(desk.app.db, on.id).map((tag) => tag.name);

  test('a tag is one whatever its capitals and its form of é, and keeps the name it was first given', () => {
    tx(() => addTag(desk.app, desk.ana, ticket, 'Café'));
    tx(() => addTag(desk.app, desk.ana, ticket, 'cafe\u0301'));
    tx(() => addTag(desk.app, desk.ben, desk.ticketFrom('Dora'), ' CAFÉ '));

    expect(names()).toEqual(['Café']);
    expect(desk.rows('SELECT name FROM tags')).toEqual([{ name: 'Café' }]);
    expect(desk.events('ticket.tagged')).toHaveLength(2);
  });

  test('a tag is taken off by any spelling, and only from this ticket', () => {
    const other = desk.ticketFrom('Dora');
    for (const on of [ticket, other]) tx(() => addTag(desk.app, desk.ana, on, 'VIP'));
    desk.signals();

    tx(() => removeTag(desk.app, desk.ana, ticket, 'vip'));
    tx(() => removeTag(desk.app, desk.ana, ticket, 'vip'));
    tx(() => removeTag(desk.app, desk.ana, ticket, 'never heard of'));

    expect(names()).toEqual([]);
    expect(names(other)).toEqual(['VIP']);
    expect(desk.events('ticket.untagged')).toHaveLength(1);
    expect(desk.signals().filter(({ event }) => event === 'ticket:changed')).toHaveLength(1);
  });

  test('tagging is visible at once and no message', () => {
    const before = desk.ticketNow(ticket);

    tx(() => addTag(desk.app, desk.ana, ticket, 'VIP'));

    expect(desk.ticketNow(ticket)).toEqual({ ...before, changed_sequence: before.changed_sequence + 1 });
  });
});

test('signals of a team’s ticket go to the team, its assignee and those who see everything, and to nobody else', () => {
  const team = desk.team('Repairs', desk.ben);
  desk.giveToTeam(ticket, team);
  desk.signals();

  assign(desk.ben, desk.ana, null);

  expect(
    new Set(
      desk
        .signals()
        .map(({ room }) => room)
        .filter((room) => !room.startsWith('visitor')),
    ),
  ).toEqual(new Set(['admins', `team:${team}`, `agent:${desk.ana.id}`]));
});
