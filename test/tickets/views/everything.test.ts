// Whatever happens, each saved view holds what a look through everything finds, and counts it, for everybody who looks.
import type { Agent } from '../../../server/agents';
import { SECOND } from '../../../server/lib/clock';
import { fillViews, keepViewsOnTime, openTicket, type Ticket } from '../../../server/tickets';
import { assignTicket, markSpam, moveTicket, prioritiseTicket } from '../../../server/tickets/change';
import { snoozeTicket, wakeTicket } from '../../../server/tickets/snooze';
import { addTag, findAllTags, removeTag } from '../../../server/tickets/tags';
import { PRIORITIES, STATUSES } from '../../../server/tickets/ticket';
import type { Condition } from '../../../server/tickets/views/definition';
import { SORT_NAMES } from '../../../server/tickets/views/fields';
import { savedViewsFor } from '../../../server/tickets/views/saved-view';
import { type Desk, openDesk } from '../../support/desk';
import { asking, is, savedViewsAt } from '../../support/saved-views';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const { save, idsIn, countIn, anew } = savedViewsAt(() => desk);

function expectRight(agents: Agent[]): void {
  for (const agent of agents)
    for (const view of savedViewsFor(desk.app, agent)) {
      const kept = idsIn(view.id, agent);
      expect({ view: view.definition, of: agent.name, kept }).toEqual({
        view: view.definition,
        of: agent.name,
        kept: anew(view.definition, agent),
      });
      expect(countIn(view.id, agent)).toBe(kept.length);
    }
}

function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

test('after each of 400 changes of every kind each view holds what a look through everything finds, and counts it', async () => {
  const roll = dice(20_261_127);
  const { app } = desk;
  const agents = [desk.owner, desk.ana, desk.ben, desk.agent('Vera', 'viewer')];
  const teams = [desk.team('Repairs', desk.ana), desk.team('Sales', desk.ben)];
  const mailbox = desk.mailbox('a@teapot.example');
  const tickets: Ticket[] = [];
  const some = () => desk.ticketNow(tickets[roll(tickets.length)] as Ticket);
  const sql = (text: string, ...values: (number | string | null)[]) =>
    app.db.sql.prepare(text).run(...values);
  const first = desk.ticketFrom('Dora');
  app.db.tx(() => addTag(app, desk.ana, first, 'vip'));
  app.db.tx(() => addTag(app, desk.ana, first, 'late'));
  tickets.push(first);
  const tagIds = findAllTags(app.db, 10).map(({ id }) => String(id));
  const conditions: Condition[] = [
    is('status', 'new', 'open'),
    { field: 'status', op: 'none', values: ['closed', 'solved'] },
    is('priority', 'high', 'urgent'),
    is('assignee', 'me'),
    { field: 'assignee', op: 'none', values: ['me', String(desk.ben.id)] },
    is('assignee', 'nobody', String(desk.ana.id)),
    is('team', 'mine'),
    is('team', 'none', String(teams[1])),
    is('tag', ...tagIds),
    { field: 'tag', op: 'all', values: tagIds },
    { field: 'tag', op: 'none', values: tagIds.slice(0, 1) },
    is('channel', 'email'),
    is('mailbox', String(mailbox.id)),
    is('domain', 'mail.example'),
    { field: 'domain', op: 'none', values: ['mail.example'] },
    { field: 'created', op: 'newer', values: ['3', 'hours'] },
    { field: 'activity', op: 'older', values: ['2', 'hours'] },
    { field: 'awaits', op: 'yes', values: [] },
    { field: 'undelivered', op: 'no', values: [] },
    { field: 'followed', op: 'yes', values: [] },
    { field: 'spam', op: 'yes', values: [] },
    { field: 'snoozed', op: 'yes', values: [] },
  ];
  for (const [n, condition] of conditions.entries())
    save(asking([condition], { sort: SORT_NAMES[n % SORT_NAMES.length] ?? 'activity' }));
  for (let n = 0; n < 8; n += 1) {
    const chosen = [conditions[roll(21)], conditions[roll(21)], conditions[roll(21)]] as Condition[];
    save(asking(chosen, { match: n % 2 ? 'any' : 'all' }), n < 4, n < 4 ? desk.owner : desk.ana);
  }

  const changes: (() => unknown)[] = [
    () => {
      const given = { subject: 'Kettle', channel: 'email' as const, customer: desk.customer(`C${roll(9)}`) };
      tickets.push(openTicket(app, desk.ana, { ...given, mailboxId: roll(2) ? mailbox.id : null }));
    },
    () => moveTicket(app, desk.ana, some(), STATUSES[roll(STATUSES.length)] ?? 'open'),
    () => {
      const ticket = some();
      assignTicket(app, desk.ana, ticket, agents[roll(4)] ?? null, ticket.assignee_id);
    },
    () => markSpam(app, desk.ana, some(), roll(3) === 1),
    () => snoozeTicket(app, desk.ana, some(), null),
    () => wakeTicket(app, desk.ana, some(), 'hand'),
    () => prioritiseTicket(app, desk.ana, some(), PRIORITIES[roll(4)] ?? 'normal'),
    () => addTag(app, desk.ana, some(), roll(2) ? 'vip' : 'late'),
    () => removeTag(app, desk.ana, some(), roll(2) ? 'vip' : 'late'),
    () => sql('UPDATE tickets SET team_id = ? WHERE id = ?', teams[roll(3)] ?? null, some().id),
    () => desk.customerWrites(some(), 'Hello?'),
    () =>
      sql(
        'INSERT INTO ticket_followers VALUES (?, ?) ON CONFLICT DO NOTHING',
        some().id,
        agents[roll(4)]?.id ?? 0,
      ),
    () => sql('DELETE FROM ticket_followers WHERE ticket_id = ?', some().id),
    () => sql('UPDATE customer_addresses SET address_key = address_key WHERE id = ?', roll(9)),
    () => sql('DELETE FROM customer_addresses WHERE id = ?', roll(20)),
    () =>
      sql(
        'UPDATE tickets SET deleted_at = 1 WHERE id = ?',
        tickets.length > 9 ? (tickets.pop()?.id ?? 0) : 0,
      ),
    () => sql('DELETE FROM tickets WHERE id = ?', tickets.length > 9 ? (tickets.pop()?.id ?? 0) : 0),
    () => sql('DELETE FROM team_members WHERE agent_id = ? AND team_id = ?', desk.ana.id, teams[1] ?? 0),
    () => sql('INSERT INTO team_members VALUES (?, ?) ON CONFLICT DO NOTHING', teams[1] ?? 0, desk.ana.id),
    () => desk.clock.pass(20 * 60 * SECOND),
  ];
  for (let step = 0; step < 400; step += 1) {
    const change = tickets.length < 10 ? changes[0] : changes[roll(changes.length)];
    app.db.tx(() => void change?.());
    if (step % 10) continue;
    await keepViewsOnTime(app);
    await fillViews(app);
    expectRight(agents);
  }
  expect(desk.rows('SELECT * FROM view_changes')).toEqual([]);
  expect(tickets.length).toBeGreaterThan(9);
}, 120_000);
