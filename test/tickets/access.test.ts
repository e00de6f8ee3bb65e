// AC-46: a ticket is loaded through the person who asks, and what they may not see is not there.
import type { Agent } from '../../server/agents';
import { ROLES, type Role } from '../../server/roles';
import { type Ticket, ticketFor } from '../../server/tickets';
import { bringUpToDate } from '../../server/tickets/access';
import { roomsFor } from '../../server/tickets/live';
import { messageFor } from '../../server/tickets/writing/compose-reply';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const sees = (agent: Agent, ticket: Ticket): boolean => {
  try {
    return ticketFor(desk.app, agent, ticket.number).id === ticket.id;
  } catch (error) {
    expect(error).toMatchObject({ code: 'not-found' });
    return false;
  }
};

const kinds = [
  'without a team',
  'of their team',
  'foreign',
  'foreign, assigned to them',
  'foreign, followed',
  'deleted',
] as const;
const matrix = ROLES.flatMap((role) => kinds.map((kind) => [role, kind] as const));

function mayRead(role: Role, kind: (typeof kinds)[number]): boolean {
  if (kind === 'deleted') return false;
  return kind !== 'foreign' || role === 'owner' || role === 'admin';
}

test.each(matrix)('AC-46: %s, a ticket %s', (role, kind) => {
  const agent = desk.agent('Kim', role);
  const ticket = desk.ticketFrom('Carla');
  const own = desk.team('Own', agent);
  const foreign = desk.team('Foreign', desk.ben);
  if (kind === 'of their team') desk.giveToTeam(ticket, own);
  if (kind.startsWith('foreign')) desk.giveToTeam(ticket, foreign);
  if (kind.endsWith('assigned to them'))
    desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(agent.id, ticket.id);
  if (kind.endsWith('followed'))
    desk.app.db.sql.prepare('INSERT INTO ticket_followers VALUES (?, ?)').run(ticket.id, agent.id);
  if (kind === 'deleted')
    desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id);

  expect(sees(agent, ticket)).toBe(mayRead(role, kind));
});

test('what is not there and what is not theirs to see are told alike', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
  const told = (number: unknown) => {
    try {
      ticketFor(desk.app, desk.ana, number);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  expect(told(ticket.number)).toBe(told(999_999));
  expect(told(ticket.number)).toBeDefined();
});

test.each([
  '1001 ',
  '1001.0',
  '1e3',
  '0x3e9',
  '-1',
  '',
  ' ',
  '1001; DROP',
  '９９',
  '1'.repeat(16),
  ['1001', '1002'],
  { number: 1001 },
  null,
  undefined,
  Number.NaN,
])('AC-45: %p is no number of a ticket', (number) => {
  desk.ticketFrom('Carla');

  expect(() => ticketFor(desk.app, desk.owner, number)).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
});

test('a message is found through its own ticket only', () => {
  const ticket = desk.ticketFrom('Carla');
  const other = desk.ticketFrom('Dora');
  const [message] = desk.messagesOf(ticket);

  expect(messageFor(desk.app, ticket, message?.id ?? 0)).toBeDefined();
  expect(messageFor(desk.app, other, message?.id ?? 0)).toBeUndefined();
});

test('a ticket that was deleted since it was loaded can’t be changed', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id);

  expect(() => bringUpToDate(desk.app, ticket)).toThrow(expect.objectContaining({ code: 'not-found' }));
});

test('AC-47: signals go to those rooms only whose people see the ticket', () => {
  const ticket = desk.ticketFrom('Carla');
  const team = desk.team('Repairs', desk.ben);

  expect(roomsFor({ team_id: null, assignee_id: desk.ana.id })).toEqual(['agents']);
  expect(roomsFor({ team_id: team, assignee_id: null })).toEqual(['admins', `team:${team}`]);
  expect(roomsFor({ team_id: team, assignee_id: desk.ana.id })).toEqual([
    'admins',
    `team:${team}`,
    `agent:${desk.ana.id}`,
  ]);
  expect(ticket.team_id).toBeNull();
});
