// The chat as a plain page (C5): what a browser without script can do, and what nobody can.

import type { SiteRow } from '../../server/chat';
import { takeChat } from '../../server/chat/take-chat';
import { randomId } from '../../server/lib/ids';
import { ask, openSite, question } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { hidden, startOn } from '../support/plain-chat';
import { note, reply, uploaded, words } from '../support/writing';

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

test('C5: asking, reading the answer and writing on, all without script and in one ticket', async () => {
  expect((await carla.get(path)).html).toContain('Good morning');

  const started = await start(carla);
  expect(started).toMatchObject({ status: 303, location: path });
  const [ticket] = tickets();
  desk.app.db.tx(() => takeChat(desk.app, desk.ana, desk.ticketNow(ticket!)));
  reply(desk, desk.ticketNow(ticket!), 'Yes, to Longyearbyen');
  note(desk, desk.ticketNow(ticket!), 'Costs extra');

  const { html } = await carla.get(path);
  expect(html).toContain('Do you ship to Svalbard?');
  expect(html).toContain('Yes, to Longyearbyen');
  expect(html).toContain('Ana from Teapot');
  expect(html).not.toContain('Costs extra');

  await carla.post(`${path}/messages`, { clientId: hidden(html, 'clientId'), words: 'Thank you' });
  expect((await carla.get(path)).html).toContain('Thank you');
  expect(tickets()).toHaveLength(1);
});

test('C1: a form sent twice is one ticket, one message', async () => {
  const { html } = await carla.get(path);
  const fields = {
    token: hidden(html, 'token'),
    clientId: hidden(html, 'clientId'),
    name: 'Carla',
    email: '',
    words: 'Hello',
  };
  await Promise.all([carla.post(path, fields), carla.post(path, fields)]);
  const more = { clientId: randomId(), words: 'Anybody?' };
  await Promise.all([carla.post(`${path}/messages`, more), carla.post(`${path}/messages`, more)]);

  expect(tickets()).toHaveLength(1);
  expect(desk.messagesOf(tickets()[0]!).map((message) => message.words)).toEqual(['Hello', 'Anybody?']);
});

test('AC-53: the token is in a cookie of this page alone, out of reach for script, and on no page afterwards', async () => {
  const { headers } = await start(carla);

  const [cookie = ''] = headers.getSetCookie();
  const token = carla.cookies.get('hearthdesk-chat') ?? '';
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(cookie).toContain(`Path=${path}`);
  expect(cookie).toContain('HttpOnly');
  expect(cookie).toContain('SameSite=Lax');
  const shown = await carla.get(path);
  expect(shown.html).not.toContain(token);
  expect(shown.headers.get('cache-control')).toBe('no-store');
});

test('AC-53: somebody else on the same page sees nothing of it, with any cookie', async () => {
  await start(carla);

  for (const cookie of ['', 'A'.repeat(43), '%', carla.cookies.get('hearthdesk-chat')?.toLowerCase() ?? '']) {
    const mallory = doors.stranger();
    mallory.cookies.set('hearthdesk-chat', cookie);
    expect((await mallory.get(path)).html).not.toContain('Svalbard');
    await mallory.post(`${path}/messages`, { clientId: randomId(), words: 'I am Carla' });
    await mallory.post(`${path}/end`);
  }
  expect(tickets()).toMatchObject([{ chat_state: 'queued' }]);
  expect(desk.messagesOf(tickets()[0]!)).toHaveLength(1);
});

test('AC-49: forms from other websites are refused', async () => {
  await start(carla);
  const more = { clientId: randomId(), words: 'From elsewhere' };

  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    expect((await carla.post(`${path}/messages`, more, headers)).status).toBe(403);
    expect((await carla.post(path, question() as never, headers)).status).toBe(403);
    expect((await carla.post(`${path}/end`, {}, headers)).status).toBe(403);
  }
  expect(tickets()).toMatchObject([{ chat_state: 'queued' }]);
});

test('what is wrong is said beside its field, and what was typed is kept with the names it had', async () => {
  const { html } = await carla.get(path);
  const token = hidden(html, 'token');

  const answer = await start(carla, { token, name: ' ', email: 'not an address', words: 'My long question' });

  expect(answer.status).toBe(422);
  expect(answer.html).toContain('Fill this in.');
  expect(answer.html).toContain('This is not a complete e-mail address.');
  expect(answer.html).toContain('My long question');
  expect(hidden(answer.html, 'token')).toBe(token);
  expect(tickets()).toEqual([]);
});

test('AC-45: arrays and unknown fields are refused without an error', async () => {
  const { html } = await carla.get(path);
  const good = {
    token: hidden(html, 'token'),
    clientId: hidden(html, 'clientId'),
    name: 'C',
    email: '',
    words: 'Hi',
  };

  const twice = await carla.post(path, [...Object.entries(good), ['words', 'again']]);
  const extra = await carla.post(path, { ...good, customer_id: '1' });

  expect([twice.status, extra.status]).toEqual([422, 422]);
  expect(tickets()).toEqual([]);
});

test('C9: too many chats from one network are told to wait, and what was typed is kept', async () => {
  let last = 0;
  let html = '';
  for (let i = 0; i < 25; i += 1) {
    const answer = await start(doors.stranger(), { words: `Question ${i}` });
    last = answer.status;
    html = answer.html;
  }

  expect(last).toBe(429);
  expect(html).toContain('That was a lot at once.');
  expect(html).toContain('Question 24');
  expect(tickets()).toHaveLength(20);

  desk.clock.pass(60_000);
  expect((await start(carla)).status).toBe(303);
});

test('ending it forgets it in this browser', async () => {
  await start(carla);

  await carla.post(`${path}/end`);

  expect(carla.cookies.has('hearthdesk-chat')).toBe(false);
  expect((await carla.get(path)).html).not.toContain('Svalbard');
  expect(tickets()).toMatchObject([{ chat_state: 'ended' }]);
});

test('a look at the plain page does not count as the leaving of a widget that is connected', async () => {
  const vic = ask(desk, site, { name: 'Vic' });
  carla.cookies.set('hearthdesk-chat', vic.token);

  await carla.get(path);

  expect(vic.now().chat.visitor_gone_at).toBeNull();
});

test('the widget hands its conversation over when nothing else gets through', async () => {
  await start(carla);
  const other = doors.stranger();

  await other.post(`${path}/continue`, { token: carla.cookies.get('hearthdesk-chat') ?? '' });
  expect((await other.get(path)).html).toContain('Svalbard');

  const mallory = doors.stranger();
  await mallory.post(`${path}/continue`, { token: 'A'.repeat(43) });
  expect(mallory.cookies.size).toBe(0);
});

test('AC-46: a file is sent to its visitor, by cookie or by the widget’s header, and to nobody else', async () => {
  await start(carla);
  const message = reply(desk, desk.ticketNow(tickets()[0]!), words('Here it is'), desk.ana, [
    await uploaded(desk, 'kettle.txt', 'blue'),
  ]);
  const page = await carla.get(path);
  const file = /href="(\/chat\/[^"]+\/files\/[^"]+)"/.exec(page.html)?.[1] ?? '';

  const own = await carla.get(file);
  expect(own).toMatchObject({ status: 200, html: 'blue' });
  expect(own.headers.get('content-disposition')).toContain('attachment; filename="kettle.txt"');
  expect(own.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  const token = carla.cookies.get('hearthdesk-chat') ?? '';
  expect((await doors.stranger().get(file, { authorization: `Bearer ${token}` })).html).toBe('blue');

  expect((await doors.stranger().get(file)).status).toBe(404);
  const per = doors.stranger();
  await start(per);
  expect((await per.get(file)).status).toBe(404);
  expect((await carla.get(file.replace(/\/files\/\d+/, '/files/1'))).status).toBe(404);
  expect((await carla.get(`${path}/files/x/y`)).status).toBe(404);
  expect(message.visitor_sequence).toBe(2);
});

test('on HTTPS the cookie is Secure', async () => {
  const behindProxy = openDesk({ values: { 'trust-proxy': '127.0.0.1' } });
  const other = await openDoors(behindProxy);
  const there = openSite(behindProxy);
  const person = other.stranger();

  const answer = await person.post(
    `/chat/${there.public_id}`,
    (({ page: _page, ...fields }) => fields)(question()),
    {
      'x-forwarded-proto': 'https',
    },
  );

  expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-hearthdesk-chat=.*Secure/);
  await other.close();
  await behindProxy.close();
});
