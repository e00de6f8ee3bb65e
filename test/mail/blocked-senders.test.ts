// Senders whose mail is not filed: the list, the tray, and "import it after all" (M4).
import { blockSender, deliver, isBlocked, unblockSender } from '../../server/mail';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const LIST = '/settings/blocked-senders';
const block = (value: string) =>
  desk.app.db.tx(() =>
    blockSender(desk.app, desk.owner, { kind: value.includes('@') ? 'address' : 'domain', value }),
  );
let count = 0;
async function arrives(from: string, more = ''): Promise<void> {
  count += 1;
  const raw = `From: ${from}\r\nTo: desk@teapot.example\r\nSubject: Offer ${count}\r\nMessage-ID: <offer-${count}@mail.example>\r\n${more}\r\nBuy now`;
  expect((await deliver(desk.app, {}, Buffer.from(raw))).exit).toBe(0);
  await desk.house.intake.settled();
}
const states = () => desk.rows('SELECT state, reason FROM inbound_mails ORDER BY id');
const BLOCKED = { state: 'not_imported', reason: 'blocked' };
const DONE = { state: 'done', reason: null };

test.each([
  ['nuisance@evil.example', 'nuisance@evil.example', true],
  ['nuisance@evil.example', 'Nuisance@Evil.Example', true],
  ['nuisance@evil.example', 'other@evil.example', false],
  ['evil.example', 'anyone@evil.example', true],
  ['evil.example', 'anyone@mail.evil.example', true],
  ['evil.example', 'anyone@notevil.example', false],
  ['evil.example', 'evil.example@mail.example', false],
])('with %s on the list, %s is blocked: %p', (entry, address, expected) => {
  block(entry);
  expect(isBlocked(desk.app, [undefined, address])).toBe(expected);
});

test('M4: a blocked sender’s mail becomes no ticket, and waits in the tray with its reason', async () => {
  block('evil.example');
  await arrives('Nuisance <nuisance@evil.example>');
  await arrives('Carla <carla@mail.example>');

  expect(states()).toEqual([BLOCKED, DONE]);
  expect(desk.rows('SELECT subject FROM tickets')).toEqual([{ subject: 'Offer 2' }]);
  const page = (await olga.get('/settings/mail-tray')).html;
  expect(page).toContain('Its sender is blocked.');
  expect(page).toContain('Import it after all');
  expect((await olga.get(LIST)).html).toContain('One mail of a blocked sender waits.');
});

test('M4: it can be imported after all, once, and the list stays as it is', async () => {
  block('evil.example');
  await arrives('nuisance@evil.example');
  const [row] = desk.rows<{ id: number }>('SELECT id FROM inbound_mails');

  expect((await olga.post(`/settings/mail-tray/${row?.id}/filing`)).status).toBe(303);
  await desk.house.intake.settled();
  expect(states()).toEqual([DONE]);
  expect((await olga.post(`/settings/mail-tray/${row?.id}/filing`)).status).toBe(404);

  await arrives('nuisance@evil.example');
  expect(states()).toEqual([DONE, BLOCKED]);
});

test('M7: an answer in a known thread is blocked too, and a form that writes for a blocked person', async () => {
  await arrives('nuisance@evil.example');
  block('nuisance@evil.example');
  await arrives('nuisance@evil.example', `In-Reply-To: <offer-${count}@mail.example>\r\n`);
  desk.mailbox('desk@teapot.example');
  await arrives(
    'form@teapot.example',
    'Reply-To: nuisance@evil.example\r\nAuto-Submitted: auto-generated\r\n',
  );

  expect(states()).toEqual([DONE, BLOCKED, BLOCKED]);
});

test('a bounce is told on its message, whoever sends it', async () => {
  block('mail.example');
  expect(desk.app.db.tx(() => unblockSender(desk.app, desk.owner, 'mail.example'))).toBe(true);
  await arrives('carla@mail.example');
  expect(states()).toEqual([DONE]);
});

test('the page adds, says what is wrong and keeps it, and takes off again', async () => {
  expect((await olga.get(LIST)).html).toContain('Nobody is blocked');
  for (const wrong of ['nobody', '@', 'a b@c.example', '<x@y.example>', 'example']) {
    const answer = await olga.post(LIST, { sender: wrong });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('neither an e-mail address nor a domain');
  }
  desk.mailbox('support@teapot.example');
  for (const own of [
    'support@teapot.example',
    'support+x@teapot.example',
    'teapot.example',
    '@teapot.example',
  ]) {
    const answer = await olga.post(LIST, { sender: own });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('That is your own');
    expect(answer.html).toContain(`value="${own}"`);
  }
  expect(desk.rows('SELECT * FROM blocked_senders')).toEqual([]);

  expect((await olga.post(LIST, { sender: '@Evil.example' })).location).toBe(LIST);
  expect((await olga.post(LIST, { sender: 'evil.example' })).location).toBe(LIST);
  expect(desk.rows('SELECT kind, value, blocked_by FROM blocked_senders')).toEqual([
    { kind: 'domain', value: 'evil.example', blocked_by: desk.owner.id },
  ]);
  const page = (await olga.get(LIST)).html;
  expect(page).toContain('evil.example');
  const [row] = desk.rows<{ id: number }>('SELECT id FROM blocked_senders');
  expect((await olga.post(`${LIST}/${row?.id}/removal`)).location).toBe(LIST);
  expect((await olga.get(LIST)).html).toContain('evil.example is not blocked any more');
  expect((await olga.get(LIST)).html).toContain('Nobody is blocked');
  expect((await olga.post(`${LIST}/${row?.id}/removal`)).status).toBe(404);
  expect(desk.events('sender.%').map(({ name }) => name)).toEqual(['sender.blocked', 'sender.unblocked']);
});

test('an agent blocks the sender of a ticket, and takes it back; the list itself is for admins', async () => {
  await arrives('Nuisance <nuisance@evil.example>');
  const ana = doors.as(desk.ana);
  const [ticket] = desk.rows<{ number: number; id: number }>('SELECT number, id FROM tickets');
  const [person] = desk.rows<{ id: number }>("SELECT id FROM participants WHERE role = 'requester'");
  const path = `/tickets/${ticket?.number}`;
  expect((await ana.get(path)).html).toContain('Block this sender');

  expect((await ana.post(`${path}/block`, { participant: String(person?.id), block: '1' })).location).toBe(
    path,
  );
  const page = (await ana.get(path)).html;
  expect(page).toContain('Unblock this sender');
  expect(page).toContain('nuisance@evil.example is blocked');
  await arrives('nuisance@evil.example');
  expect(states()).toEqual([DONE, BLOCKED]);

  await ana.post(`${path}/block`, { participant: String(person?.id), block: '0' });
  await arrives('nuisance@evil.example');
  expect(states()).toEqual([DONE, BLOCKED, DONE]);
  expect((await ana.post(`${path}/block`, { participant: '999', block: '1' })).status).toBe(422);
  expect((await ana.get(LIST)).status).toBe(403);
  const vera = doors.as(desk.agent('Vera', 'viewer'));
  expect((await vera.get(path)).html).not.toContain('Block this sender');
  expect((await vera.post(`${path}/block`, { participant: String(person?.id), block: '1' })).status).toBe(
    403,
  );
});

test('a sender whose whole domain is blocked is not let in by an agent', async () => {
  await arrives('nuisance@evil.example');
  block('evil.example');
  const [ticket] = desk.rows<{ number: number }>('SELECT number FROM tickets');
  const page = (await doors.as(desk.ana).get(`/tickets/${ticket?.number}`)).html;

  expect(page).toContain('nuisance@evil.example is blocked, with all of evil.example');
  expect(page).not.toContain('Unblock');
});
