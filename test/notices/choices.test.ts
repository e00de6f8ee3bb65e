// What somebody wants to be told, and by which ways: their own page of the settings.
import { choicesOf } from '../../server/notices/choices';
import { assignTicket } from '../../server/tickets';
import { followTicket } from '../../server/tickets/follow-ticket';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

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

const give = () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.tx(() => assignTicket(desk.app, desk.ben, ticket, desk.ana, null));
  desk.app.followers.catchUp();
  return ticket;
};
const idOfNewest = () => desk.rows<{ id: number }>('SELECT max(id) AS id FROM notices')[0]?.id;

test('everything is told until somebody says otherwise, and nothing leaves the page', async () => {
  expect(choicesOf(desk.app.db, desk.ana.id)).toMatchObject({
    inBrowser: false,
    byMail: false,
    awayMinutes: 15,
  });
  const { html } = await doors.as(desk.ana).get('/settings/notices');
  expect(html.match(/type="checkbox"[^>]* checked/g)).toHaveLength(5);
});

test('what is not chosen is not told; a mistake keeps what was typed', async () => {
  const ana = doors.as(desk.ana);
  const wrong = await ana.post('/settings/notices', { answered: 'on', byMail: 'on', awayMinutes: '1' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="1"');
  expect(wrong.html).toMatch(/name="byMail" checked/);
  expect(choicesOf(desk.app.db, desk.ana.id).kinds).toHaveLength(5);

  await ana.post('/settings/notices', { answered: 'on', inBrowser: 'on', awayMinutes: '20' });
  expect(choicesOf(desk.app.db, desk.ana.id)).toEqual({
    kinds: ['answered'],
    inBrowser: true,
    byMail: false,
    awayMinutes: 20,
    withWords: false,
  });
  give();
  expect(desk.rows('SELECT id FROM notices')).toEqual([]);
});

test('AC-47: the browser is given the words of one own unread notice of a ticket that may be seen, where that is wished', async () => {
  const ticket = give();
  const ana = doors.as(desk.ana);
  const words = () => ana.get(`/notices/${idOfNewest()}/words`);
  expect((await words()).status).toBe(404);

  await ana.post('/settings/notices', { assigned: 'on', inBrowser: 'on', awayMinutes: '15' });
  expect(JSON.parse((await words()).html)).toEqual({
    title: 'Ben gave it to you',
    body: `#${ticket.number} Broken kettle`,
    href: `/tickets/${ticket.number}`,
    ticket: ticket.number,
  });
  desk.app.db.tx(() => followTicket(desk.app, desk.ben, ticket, true));
  expect((await doors.as(desk.ben).get(`/notices/${idOfNewest()}/words`)).status).toBe(404);
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
  desk.rows('UPDATE tickets SET assignee_id = NULL RETURNING id');
  expect((await words()).status).toBe(404);
});
