// The counts of the lists are exact after every kind of change, for everybody who looks.
import type { Agent } from '../../server/agents';
import { HOUR } from '../../server/lib/clock';
import { addMessage, openTicket, type Ticket } from '../../server/tickets';
import { assignTicket, markSpam, moveTicket } from '../../server/tickets/change';
import { countOfTeam, countTickets } from '../../server/tickets/counts';
import { FIRST, listTickets, VIEWS } from '../../server/tickets/list';
import { snoozeTicket, wakeTicket } from '../../server/tickets/snooze';
import { STATUSES } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { reply } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

/** Numbers that look random and are the same every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const COUNTED = `
  SELECT ifnull(mailbox_id, 0) AS mailbox_id, ifnull(team_id, 0) AS team_id, ifnull(assignee_id, 0) AS assignee_id,
         iif(is_spam, 'spam', iif(snoozed_at IS NULL, status, 'snoozed')) AS status, count(*) AS n
    FROM tickets WHERE deleted_at IS NULL AND merged_into_id IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;
const KEPT = 'SELECT * FROM ticket_counts WHERE n <> 0 ORDER BY mailbox_id, team_id, assignee_id, status';

const walked = (agent: Agent) =>
  Object.fromEntries(
    VIEWS.map((view) => [view, listTickets(desk.app, agent, view, FIRST, 10_000).rows.length]),
  );

test('the kept counts equal a count of the rows after each of 600 changes of every kind', () => {
  const roll = dice(20_261_120);
  const teams = [desk.team('Repairs', desk.ana), desk.team('Sales', desk.ben)];
  const mailboxes = [desk.mailbox('a@teapot.example'), desk.mailbox('b@teapot.example')];
  const agents = [desk.owner, desk.ana, desk.ben, desk.agent('Vera', 'viewer')];
  const tickets: Ticket[] = [];
  const some = () => tickets[roll(tickets.length)] as Ticket;
  const { app } = desk;
  const sql = (text: string, ...values: (number | null)[]) => app.db.sql.prepare(text).run(...values);

  const changes: (() => void)[] = [
    () => {
      const customer = desk.customer('Carla');
      const mailboxId = mailboxes[roll(3)]?.id ?? null;
      tickets.push(openTicket(app, desk.ana, { subject: 'Kettle', channel: 'email', customer, mailboxId }));
    },
    () => moveTicket(app, desk.ana, some(), STATUSES[roll(STATUSES.length)] ?? 'open'),
    () => {
      const ticket = desk.ticketNow(some());
      assignTicket(app, desk.ana, ticket, agents[roll(4)] ?? null, ticket.assignee_id);
    },
    () => markSpam(app, desk.ana, some(), roll(2) === 1),
    () => snoozeTicket(app, desk.ana, some(), roll(2) ? null : desk.clock.now() + HOUR),
    () => wakeTicket(app, desk.ana, desk.ticketNow(some()), 'hand'),
    () => sql('UPDATE tickets SET team_id = ? WHERE id = ?', teams[roll(3)] ?? null, some().id),
    () => {
      const follower = agents[roll(4)]?.id ?? 0;
      if (roll(3) === 0) sql('DELETE FROM ticket_followers WHERE agent_id = ?', follower);
      else sql('INSERT INTO ticket_followers VALUES (?, ?) ON CONFLICT DO NOTHING', some().id, follower);
    },
    () => sql('UPDATE tickets SET mailbox_id = ? WHERE id = ?', mailboxes[roll(3)]?.id ?? null, some().id),
    () =>
      sql(
        'UPDATE tickets SET deleted_at = 1 WHERE id = ?',
        tickets.splice(roll(tickets.length), 1)[0]?.id ?? 0,
      ),
    () =>
      sql(
        'UPDATE tickets SET merged_into_id = ? WHERE id = ?',
        some().id,
        tickets.splice(roll(tickets.length), 1)[0]?.id ?? 0,
      ),
    () => sql('DELETE FROM tickets WHERE id = ?', tickets.splice(roll(tickets.length), 1)[0]?.id ?? 0),
    () => {
      const author = { kind: 'customer' as const, id: some().customer_id, name: 'Carla' };
      addMessage(app, some(), { kind: 'reply', author, channel: 'email', words: 'Hello?' });
    },
  ];

  for (let step = 0; step < 600; step++) {
    const change = tickets.length < 15 ? changes[0] : changes[roll(changes.length)];
    app.db.tx(() => change?.());
    expect(desk.rows(KEPT)).toEqual(desk.rows(COUNTED));
  }
  for (const agent of agents) {
    expect(countTickets(app, agent)).toEqual(walked(agent));
    for (const team of teams)
      expect(countOfTeam(app, agent, team)).toBe(
        listTickets(app, agent, `team-${team}`, FIRST, 10_000).rows.length,
      );
  }
});

test('the counts are exact right after a reply and its undo, and after a change that failed', () => {
  const ticket = desk.ticketFrom('Carla');
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 1, unassigned: 1, waiting: 0, mine: 0 });

  reply(desk, ticket, 'Hello');
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 1, waiting: 1 });

  expect(() =>
    desk.app.db.tx(() => {
      moveTicket(desk.app, desk.ana, ticket, 'closed');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 1, waiting: 1, closed: 0 });
});

test('AC-46: nobody’s counts tell of another team’s tickets', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));

  expect(countTickets(desk.app, desk.ana)).toMatchObject({ all: 0, unassigned: 0 });
  expect(countTickets(desk.app, desk.ben)).toMatchObject({ all: 1, unassigned: 1 });
  expect(countTickets(desk.app, desk.owner)).toMatchObject({ all: 1, unassigned: 1 });
});
