// Taking and ending a chat.
import { chatLine, countWaiting, nobodyIsThere } from '../../server/chat';
import { endChat } from '../../server/chat/end-chat';
import { takeChat } from '../../server/chat/take-chat';
import { assignTicket } from '../../server/tickets';
import { type Asked, ask, openSite } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { plansOf } from '../support/plans';
import { note, reply } from '../support/writing';

let desk: Desk;
let carla: Asked;

beforeEach(() => {
  desk = openDesk();
  carla = ask(desk, openSite(desk));
  desk.signals();
});
afterEach(() => desk.close());

const take = (agent = desk.ana) => desk.app.db.tx(() => takeChat(desk.app, agent, { ...carla.ticket }));

test('W3: of two who take a chat at once one has it, and the other is told who', () => {
  expect(take(desk.ana)).toEqual({ taken: true });
  expect(take(desk.ben)).toEqual({ taken: false, by: 'Ana' });

  expect(carla.now().chat).toMatchObject({ state: 'active', taken_by: desk.ana.id });
  expect(desk.ticketNow(carla.ticket)).toMatchObject({
    assignee_id: desk.ana.id,
    chat_state: 'active',
    status: 'open',
  });
  expect(desk.events('chat.taken')).toHaveLength(1);
});

test('W3: taking it twice changes nothing', () => {
  take();
  const before = desk.ticketNow(carla.ticket);
  desk.signals();

  expect(take()).toEqual({ taken: true });

  expect(desk.ticketNow(carla.ticket)).toEqual(before);
  expect(desk.signals()).toEqual([]);
});

test('the visitor hears who came, and everybody that one waits less', () => {
  expect(countWaiting(desk.app, desk.ben)).toBe(1);

  take();

  expect(countWaiting(desk.app, desk.ben)).toBe(0);
  expect(desk.signals()).toEqual(
    expect.arrayContaining([
      { room: `visitor-ticket:${carla.ticket.id}`, event: 'chat:taken' },
      { room: 'agents', event: 'chat:waiting' },
    ]),
  );
});

test('whoever answers a waiting chat has taken it', () => {
  reply(desk, carla.ticket, 'Yes, we do', desk.ben);
  desk.app.followers.catchUp();

  expect(carla.now().chat).toMatchObject({ state: 'active', taken_by: desk.ben.id });
});

test('whoever answers a missed chat whose visitor is back has taken it; one whose visitor is gone stays missed', () => {
  const miss = (goneAt: number | null) =>
    desk.app.db.sql.prepare("UPDATE chats SET state = 'missed', visitor_gone_at = ?").run(goneAt);
  miss(1);
  reply(desk, carla.ticket, 'By mail or on return', desk.ben);
  desk.app.followers.catchUp();
  expect(carla.now().chat.state).toBe('missed');

  miss(null);
  reply(desk, carla.ticket, 'There you are', desk.ben);
  desk.app.followers.catchUp();
  expect(carla.now().chat).toMatchObject({ state: 'active', taken_by: desk.ben.id });
});

test('whoever takes the ticket of a waiting chat has taken the chat; giving it to a colleague does not', () => {
  desk.app.db.tx(() => assignTicket(desk.app, desk.ana, desk.ticketNow(carla.ticket), desk.ben, null));
  desk.app.followers.catchUp();
  expect(carla.now().chat.state).toBe('queued');

  desk.app.db.tx(() => assignTicket(desk.app, desk.ana, desk.ticketNow(carla.ticket), desk.ana, desk.ben.id));
  desk.app.followers.catchUp();
  expect(carla.now().chat).toMatchObject({ state: 'active', taken_by: desk.ana.id });
});

test('a note takes nothing', () => {
  note(desk, carla.ticket, 'Somebody else, please');
  desk.app.followers.catchUp();

  expect(carla.now().chat.state).toBe('queued');
});

test('a chat is ended once, by either side, with one line and one event', () => {
  take();
  desk.app.db.tx(() => endChat(desk.app, desk.ana, carla.ticket));
  desk.app.db.tx(() => endChat(desk.app, undefined, carla.ticket));

  expect(carla.now().chat.state).toBe('ended');
  expect(desk.events('chat.ended')).toHaveLength(1);
  expect(desk.messagesOf(carla.ticket).filter(({ facts }) => facts.includes('chat.says.ended'))).toHaveLength(
    1,
  );
});

test('the line on the ticket offers what can be done now, and to viewers nothing', () => {
  const reader = {
    locale: 'en',
    zone: 'UTC',
    t: desk.app.catalogues.en,
    format: undefined as never,
  } as const;
  const line = (agent = desk.ana) => chatLine(desk.app, agent, desk.ticketNow(carla.ticket), reader);

  expect(line()).toMatchObject({
    live: true,
    buttons: [{ action: `/tickets/${carla.ticket.number}/chat/take`, main: true }],
  });
  take();
  expect(line()).toMatchObject({
    live: true,
    buttons: [{ action: `/tickets/${carla.ticket.number}/chat/end` }],
  });
  expect(line(desk.agent('Vera', 'viewer'))?.buttons).toEqual([]);
  desk.app.db.tx(() => endChat(desk.app, desk.ana, carla.ticket));
  expect(line()).toMatchObject({ live: false, buttons: [] });
});

test('the line names the page on which it began, when that is a page of the website', () => {
  const reader = {
    locale: 'en',
    zone: 'UTC',
    t: desk.app.catalogues.en,
    format: undefined as never,
  } as const;
  const begun = (page: string) =>
    chatLine(desk.app, desk.ana, ask(desk, carla.site, { page }).ticket, reader)?.begun;

  expect(begun('https://teapot.example/kettles/blue')).toEqual({
    href: 'https://teapot.example/kettles/blue',
    text: 'It began on /kettles/blue.',
  });
  expect(begun(`https://teapot.example/${'x'.repeat(300)}`)?.text).toBe(`It began on /${'x'.repeat(59)}….`);
  for (const page of [
    '',
    'https://evil.example/',
    'javascript:alert(1)',
    'https://teapot.example.evil.example/',
  ])
    expect(begun(page)).toBeUndefined();
});

test('SPEED: counting who waits and listing live chats walk the open chats only', () => {
  const steps = (work: (app: typeof desk.app) => void) =>
    plansOf(desk, work).filter((step) => / chats\b/.test(step));

  expect(steps((app) => countWaiting(app, desk.ana))).toEqual([
    expect.stringContaining('USING INDEX chats_open'),
  ]);
  expect(steps((app) => nobodyIsThere(app))).toEqual([expect.stringContaining('chats_with_visitor')]);
});
