// Teams: made, renamed, filled and removed by admins; what becomes of their tickets; who is away.
import { findTeams } from '../../server/agents';
import { findMembers } from '../../server/agents/team-queries';
import { assignTicket, followAnswer, giveToTeam, type Ticket } from '../../server/tickets';
import { factsOf } from '../../server/tickets/ticket';
import { ask, openSite, say } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
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

const owner = () => doors.as(desk.owner);
const names = () => findTeams(desk.app.db).map(({ name }) => name);
const linesOf = (ticket: Ticket) =>
  desk
    .messagesOf(ticket)
    .filter(({ kind }) => kind === 'system')
    .map((message) => factsOf(message).says);
const idOf = (name: string) => findTeams(desk.app.db).find((team) => team.name === name)?.id ?? 0;

test('an admin makes a team, renames it and decides who is in it', async () => {
  const browser = owner();
  expect((await browser.get('/settings/teams')).html).toContain('No teams yet');
  await browser.post('/settings/teams', [
    ['name', 'Repairs'],
    ['members', String(desk.ana.id)],
    ['members', String(desk.ben.id)],
  ]);
  const team = idOf('Repairs');
  expect(findMembers(desk.app.db, team).map(({ name }) => name)).toEqual(['Ana', 'Ben']);

  await browser.post(`/settings/teams/${team}`, { name: 'Workshop', members: String(desk.ben.id) });

  expect(names()).toEqual(['Workshop']);
  expect(findMembers(desk.app.db, team).map(({ name }) => name)).toEqual(['Ben']);
  expect(desk.events('team.%').map(({ name }) => name)).toEqual([
    'team.created',
    'team.joined',
    'team.joined',
    'team.renamed',
    'team.left',
  ]);
  expect((await browser.get('/settings/teams')).html).toContain('Workshop');
});

test('a name that another team has comes back with an error at its field, and nothing typed is lost', async () => {
  desk.team('Repairs');
  const answer = await owner().post('/settings/teams', { name: 'rePAIRS', members: String(desk.ben.id) });

  expect(answer.status).toBe(422);
  expect(answer.html).toContain('There is a team with this name already.');
  expect(answer.html).toContain('value="rePAIRS"');
  expect(answer.html).toMatch(new RegExp(`value="${desk.ben.id}" checked`));
  expect(names()).toEqual(['Repairs']);
});

test('a team with tickets is removed only once it is said where they go, and every one goes there', async () => {
  const repairs = desk.team('Repairs', desk.ana);
  const sales = desk.team('Sales', desk.ben);
  const tickets = Array.from({ length: 45 }, (_, n) => desk.ticketFrom(`Customer${n}`));
  for (const ticket of tickets) desk.giveToTeam(ticket, repairs);
  const path = `/settings/teams/${repairs}/removal`;
  const question = (await owner().get(path)).html;
  expect(question).toContain('This team has 45 tickets, 45 of them open.');
  expect(question).toContain('Every agent can read them from then on.');

  expect((await owner().post(path)).status).toBe(422);
  expect(names()).toEqual(['Repairs', 'Sales']);
  expect((await owner().post(path, { to: '99' })).status).toBe(409);
  expect((await owner().post(path, { to: String(repairs) })).status).toBe(409);

  expect((await owner().post(path, { to: String(sales) })).location).toBe('/settings/teams');
  expect(names()).toEqual(['Sales']);
  expect((await owner().post(`/settings/teams/${sales}/removal`, { to: 'everybody' })).status).toBe(409);
  await desk.app.jobs.runDue();

  expect(desk.rows('SELECT name FROM teams')).toEqual([{ name: 'Sales' }]);
  expect(desk.rows('SELECT DISTINCT team_id FROM tickets')).toEqual([{ team_id: sales }]);
  expect(linesOf(tickets[44] as Ticket)).toEqual([
    { key: 'tickets.says.team', values: { who: 'Olga', team: 'Sales' } },
  ]);
  expect((await owner().post(path, { to: 'everybody' })).status).toBe(404);
});

test('nobody waits while a team with many tickets goes: each step is a transaction of its own', async () => {
  const repairs = desk.team('Repairs');
  for (let n = 0; n < 45; n += 1) desk.giveToTeam(desk.ticketFrom(`Customer${n}`), repairs);
  await owner().post(`/settings/teams/${repairs}/removal`, { to: 'everybody' });
  const left: number[] = [];
  const { write } = desk.app;
  desk.app.write = (work) => {
    left.push(desk.rows('SELECT id FROM tickets WHERE team_id IS NOT NULL').length);
    return write(work);
  };
  await desk.app.jobs.runDue();

  expect(left).toEqual(expect.arrayContaining([45, 25, 5, 0]));
});

test('a ticket goes to a team: counts, event, line and signals are right at once, for those who see it and those who no longer do', async () => {
  const ticket = desk.ticketFrom('Carla');
  const team = desk.team('Repairs', desk.ben);
  const ana = doors.as(desk.ana);
  const ben = doors.as(desk.ben);
  expect((await ana.get('/tickets')).html).not.toContain('>Teams<');
  expect((await ana.get(`/tickets/${ticket.number}`)).html).toContain('Repairs');
  desk.signals();

  const answer = await ana.post(`/tickets/${ticket.number}/team`, { team: String(team), seen: '' });

  expect(answer.location).toBe('/tickets');
  expect(
    new Set(
      desk
        .signals()
        .filter(({ event }) => event === 'ticket:changed')
        .map(({ room }) => room),
    ),
  ).toEqual(new Set(['agents', 'admins', `team:${team}`]));
  expect(desk.events('ticket.team-changed')).toEqual([
    { name: 'ticket.team-changed', subject_id: ticket.id, facts: `{"from":null,"to":${team}}` },
  ]);
  expect(linesOf(ticket)).toEqual([{ key: 'tickets.says.team', values: { who: 'Ana', team: 'Repairs' } }]);
  expect((await ana.get(`/tickets/${ticket.number}`)).status).toBe(404);
  const list = (await ben.get(`/tickets?view=team-${team}`)).html;
  expect(list).toContain(`/tickets/${ticket.number}"`);
  expect(list.replace(/\s+/g, ' ')).toMatch(/Repairs<\/span> <span class="views__count">1</);
  expect((await ana.get(`/tickets?view=team-${team}`)).status).toBe(404);
  expect((await owner().get(`/tickets?view=team-${team}`)).status).toBe(200);
});

test('W3: of two who give a ticket to different teams one wins, and the other is told', async () => {
  const ticket = desk.ticketFrom('Carla');
  const [repairs, sales] = [desk.team('Repairs', desk.ana), desk.team('Sales', desk.ana)];
  const ana = doors.as(desk.ana);
  await ana.post(`/tickets/${ticket.number}/team`, { team: String(repairs), seen: '' });

  const late = await ana.post(`/tickets/${ticket.number}/team`, { team: String(sales), seen: '' });

  expect(late.status).toBe(409);
  expect(late.html).toContain('Somebody was quicker: Repairs has this ticket now.');
  expect(desk.ticketNow(ticket).team_id).toBe(repairs);
});

test('whoever is away is shown so, and a ticket of theirs goes back to its team when the customer answers', async () => {
  const { ticket } = receive(desk, letter({ messageId: 'first@mail.example' }));
  const team = desk.team('Repairs', desk.ana, desk.ben);
  desk.app.db.tx(() => {
    giveToTeam(desk.app, desk.owner, ticket, { id: team, name: 'Repairs' }, null);
    assignTicket(desk.app, desk.ben, ticket, desk.ben, null);
  });
  const ben = doors.as(desk.ben);
  expect((await ben.post('/settings/profile/away', { away: '1' })).location).toBe('/settings/profile');
  expect((await ben.get('/settings/profile')).html).toContain('Away since');
  expect((await doors.as(desk.ana).get(`/tickets/${ticket.number}`)).html).toContain('Ben (away)');
  expect((await doors.as(desk.ana).get('/tickets')).html).toContain('Ben (away)');
  expect((await owner().get('/settings/agents')).html).toContain('>away<');

  receive(desk, letter({ inReplyTo: ['first@mail.example'], automatic: 'auto-reply' }));
  expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ben.id);
  receive(desk, letter({ inReplyTo: ['first@mail.example'] }));

  expect(desk.ticketNow(ticket)).toMatchObject({ assignee_id: null, team_id: team });
  expect(linesOf(ticket).at(-1)).toEqual({
    key: 'tickets.says.away.team',
    values: { whom: 'Ben', team: 'Repairs' },
  });
  await ben.post('/settings/profile/away', { away: '0' });
  desk.app.db.tx(() => assignTicket(desk.app, desk.ben, ticket, desk.ben, null));
  receive(desk, letter({ inReplyTo: ['first@mail.example'] }));
  expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ben.id);
});

test('a chat that runs stays with whoever talks in it, away or not; one that had ended does not', async () => {
  const asked = ask(desk, openSite(desk));
  desk.app.db.tx(() => assignTicket(desk.app, desk.ben, asked.ticket, desk.ben, null));
  desk.app.db.sql.prepare('UPDATE agents SET away_since = 1 WHERE id = ?').run(desk.ben.id);
  const withState = (state: string) =>
    desk.app.db.sql.prepare('UPDATE tickets SET chat_state = ? WHERE id = ?').run(state, asked.ticket.id);
  withState('active');
  desk.app.db.tx(() => followAnswer(desk.app, desk.ticketNow(asked.ticket)));
  expect(desk.ticketNow(asked.ticket).assignee_id).toBe(desk.ben.id);

  withState('ended');
  say(desk, asked, 'Are you there?');

  expect(desk.ticketNow(asked.ticket).assignee_id).toBeNull();
});
