// The plain page when a conversation is long, or over (C5): nothing typed is lost, and there is a way on.

import { endChat, type SiteRow } from '../../server/chat';
import { randomId } from '../../server/lib/ids';
import { moveTicket } from '../../server/tickets';
import { ask, openSite, say } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { hidden, startOn } from '../support/plain-chat';

let desk: Desk;
let doors: Doors;
let site: SiteRow;
let carla: Person;
let path: string;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  site = openSite(desk, { greeting: 'Good morning' });
  path = `/chat/${site.public_id}`;
  carla = doors.stranger();
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const start = (person: Person, more?: Record<string, string>) => startOn(path, person, more);

const tickets = () =>
  desk.rows<{ id: number; number: number; chat_state: string }>('SELECT * FROM tickets ORDER BY id');

test('C5: when an agent closed it meanwhile, what was typed becomes a new question, and a new chat can be begun', async () => {
  await start(carla);
  const [ticket] = tickets();
  const stored = { clientId: randomId(), words: 'Stored before' };
  await carla.post(`${path}/messages`, stored);
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(ticket!), 'closed'));

  expect((await carla.post(`${path}/messages`, stored)).status).toBe(303);
  const late = await carla.post(`${path}/messages`, { clientId: randomId(), words: 'And in blue?' });
  expect(late.status).toBe(409);
  expect(late.html).toContain('The conversation that this belonged to is closed.');
  expect(late.html).toMatch(/<textarea[^>]*>\nAnd in blue\?<\/textarea>/);
  expect(hidden(late.html, 'token')).toMatch(/^[\w-]{43}$/);

  expect((await carla.get(path)).html).toContain('Start a new chat');
  await carla.post(`${path}/new`);
  expect((await carla.get(path)).html).not.toContain('Svalbard');
  expect((await start(carla, { words: 'And in blue?' })).status).toBe(303);
  expect(tickets()).toHaveLength(2);
});

test('C5: a conversation of thousands of messages is read in pages, the newest first', async () => {
  const vic = ask(desk, site, { name: 'Vic' });
  for (let i = 2; i <= 1_100; i += 1) say(desk, vic, `Message ${i}.`);
  carla.cookies.set('hearthdesk-chat', vic.token);

  const newest = await carla.get(path);
  expect(newest.html).toContain('Message 1100.');
  expect(newest.html).toContain('Message 601.');
  expect(newest.html).not.toContain('Message 600.');
  const before = await carla.get(`${path}?before=601`);
  expect(newest.html).toContain(`${path}?before=601`);
  expect(before.html).toContain('Message 600.');
  expect(before.html).not.toContain('Message 601.');
  const first = await carla.get(`${path}?before=101`);
  expect(first.html).toContain('Do you ship to Svalbard?');
  expect(first.html).not.toContain('?before=');
  for (const odd of ['x', '-1', '1e9', ''])
    expect((await carla.get(`${path}?before=${odd}`)).status).toBe(200);
});

test('C5: words into a conversation that is no longer here are kept for a new one', async () => {
  await start(carla);
  carla.cookies.clear();

  const { status, html } = await carla.post(`${path}/messages`, {
    clientId: randomId(),
    words: 'Still there?',
  });

  expect(status).toBe(409);
  expect(html).toContain('Still there?</textarea>');
});

test('after an agent ended it, the visitor can write on, or make this browser forget it', async () => {
  await start(carla);
  expect((await carla.get(path)).html).not.toContain('Start a new chat');
  desk.app.db.tx(() => endChat(desk.app, desk.ana, desk.ticketNow(tickets()[0]!)));

  const { html } = await carla.get(path);
  expect(html).toContain('Write again whenever you like');
  expect(html).toContain('Start a new chat');
  await carla.post(`${path}/new`);
  expect(carla.cookies.has('hearthdesk-chat')).toBe(false);
  expect(tickets()).toHaveLength(1);
});
