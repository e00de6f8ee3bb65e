// What admins decide about agents: roles, leaving, coming back.
import { type Agent, findAgentByEmail, findAgentById } from '../../server/agents';
import { takeChat } from '../../server/chat';
import { ask, openSite } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { givePassword, PASSWORD } from './people';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  await givePassword(desk, desk.owner, desk.ana);
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const KIM = { name: 'Kim Bērziņa', email: 'kim@teapot.example', role: 'agent', how: 'mail' };
const JOINING = { name: 'Kim', password: 'three cups of tea', language: 'lv', timeZone: 'Europe/Riga' };

const stateOf = (email: string) => findAgentByEmail(desk.app.db, email)?.state;
const hrefOf = (email: string) => `/settings/agents/${findAgentByEmail(desk.app.db, email)?.public_id}`;

test('a wrong form comes back with what was typed and an error at its field', async () => {
  const answer = await doors
    .as(desk.owner)
    .post('/settings/agents', { ...KIM, email: '"a b"@c.example', role: 'viewer' });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain('&quot;a b&quot;@c.example');
  expect(answer.html).toContain('This is not a complete e-mail address.');
  expect(answer.html).toMatch(/value="viewer" checked/);
});

test('AC-48: an admin makes no owners or admins and decides about none', async () => {
  const adam = desk.agent('Adam', 'admin');
  const browser = doors.as(adam);
  for (const role of ['owner', 'admin']) {
    expect((await browser.post('/settings/agents', { ...KIM, role })).status).toBe(403);
    expect((await browser.post(`${hrefOf('ana@teapot.example')}/role`, { role })).status).toBe(403);
  }
  for (const deed of ['role', 'removal', 'invitation', 'sign-out']) {
    expect((await browser.post(`${hrefOf('olga@teapot.example')}/${deed}`, { role: 'viewer' })).status).toBe(
      403,
    );
  }
  expect((await browser.get('/settings/agents/new')).html).not.toMatch(/value="(owner|admin)"/);
  expect(findAgentById(desk.app.db, desk.owner.id)).toMatchObject({ role: 'owner', state: 'active' });
  expect(desk.events('agent.invited')).toEqual([]);
});

test('AC-47: agents and viewers decide about nobody and see no list', async () => {
  for (const person of [desk.ana, desk.agent('Vera', 'viewer')]) {
    const browser = doors.as(person);
    for (const path of [
      '/settings/agents',
      '/settings/agents/new',
      '/settings/roles',
      hrefOf('olga@teapot.example'),
    ]) {
      expect((await browser.get(path)).status).toBe(403);
    }
    expect((await browser.post('/settings/agents', KIM)).status).toBe(403);
    expect((await browser.post(`${hrefOf('ben@teapot.example')}/removal`)).status).toBe(403);
  }
  expect(stateOf('ben@teapot.example')).toBe('active');
});

test('another role takes effect at once: the sessions of the old one end', async () => {
  const ana = doors.as(desk.ana);
  const answer = await doors.as(desk.owner).post(`${hrefOf('ana@teapot.example')}/role`, { role: 'viewer' });
  expect(answer.status).toBe(303);
  expect((await ana.get('/tickets')).location).toContain('/sign-in');
  expect(findAgentById(desk.app.db, desk.ana.id)?.role).toBe('viewer');
  expect(desk.signals()).toContainEqual({ room: `agent:${desk.ana.id}`, event: 'session:ended' });
  expect(JSON.parse(desk.events('agent.role-changed')[0]?.facts ?? '{}')).toEqual({
    from: 'agent',
    to: 'viewer',
  });
});

test('whoever leaves or becomes a viewer keeps no visitor waiting: open tickets and active chats are everybody’s again', async () => {
  const site = openSite(desk);
  const ways: { agent: Agent; path: string; fields: Record<string, string> }[] = [
    { agent: desk.ana, path: 'removal', fields: {} },
    { agent: desk.ben, path: 'role', fields: { role: 'viewer' } },
  ];
  for (const { agent, path, fields } of ways) {
    const carla = ask(desk, site);
    desk.app.db.tx(() => takeChat(desk.app, agent, desk.ticketNow(carla.ticket)));
    desk.signals();

    await doors.as(desk.owner).post(`${hrefOf(agent.email)}/${path}`, fields);

    expect(carla.now().chat).toMatchObject({ state: 'queued', taken_by: null });
    expect(desk.ticketNow(carla.ticket)).toMatchObject({ assignee_id: null, chat_state: 'queued' });
    expect(desk.signals()).toContainEqual({ room: 'agents', event: 'chat:waiting' });
  }
});

test('a role that may still answer keeps its tickets', async () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(desk.ana.id, ticket.id);
  await doors.as(desk.owner).post(`${hrefOf('ana@teapot.example')}/role`, { role: 'admin' });
  expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ana.id);
});

test('the last owner can be neither demoted nor removed, not even by two at once', async () => {
  const second = desk.agent('Otto', 'owner');
  const olga = doors.as(desk.owner);
  const otto = doors.as(second);
  const answers = await Promise.all([
    olga.post(`${hrefOf('otto@teapot.example')}/role`, { role: 'agent' }),
    otto.post(`${hrefOf('olga@teapot.example')}/role`, { role: 'agent' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);

  const left = findAgentById(desk.app.db, desk.owner.id)?.role === 'owner' ? desk.owner : second;
  const browser = doors.as(left);
  expect((await browser.post(`${hrefOf(left.email)}/removal`)).status).toBe(409);
  expect((await browser.get(hrefOf(left.email))).html).toContain('This is the only owner');
  expect(stateOf(left.email)).toBe('active');
});

test('who leaves is out at once; open tickets go back to everybody, solved ones keep the name', async () => {
  const ticket = desk.ticketFrom('Carla');
  const solved = desk.ticketFrom('Dora');
  desk.app.db.sql
    .prepare('UPDATE tickets SET assignee_id = ? WHERE id IN (?, ?)')
    .run(desk.ana.id, ticket.id, solved.id);
  desk.app.db.sql.prepare("UPDATE tickets SET status = 'solved' WHERE id = ?").run(solved.id);
  const ana = doors.as(desk.ana);
  const olga = doors.as(desk.owner);

  expect((await olga.get(`${hrefOf('ana@teapot.example')}/removal`)).html).toContain(
    '1 open ticket goes back to everybody',
  );
  expect((await olga.post(`${hrefOf('ana@teapot.example')}/removal`)).location).toBe('/settings/agents');

  expect((await ana.get('/tickets')).status).toBe(303);
  const assignees = desk.app.db.sql.prepare('SELECT assignee_id FROM tickets ORDER BY id').pluck().all();
  expect(assignees).toEqual([null, desk.ana.id]);
  expect(
    (await doors.stranger().post('/sign-in', { email: 'ana@teapot.example', password: PASSWORD, next: '' }))
      .status,
  ).toBe(422);
  const list = await olga.get('/settings/agents');
  expect(list.html).toContain('Removed');
  expect(list.html).toContain('Ana');
});

test('who left can be asked back under the same identity, with a new password', async () => {
  const olga = doors.as(desk.owner);
  await olga.post(`${hrefOf('ana@teapot.example')}/removal`);
  const answer = await olga.post(`${hrefOf('ana@teapot.example')}/invitation`, { how: 'link' });
  const path = /\/invite\/[\w-]{43}/.exec(answer.html)?.[0] ?? '';

  expect(
    (await doors.stranger().post('/sign-in', { email: 'ana@teapot.example', password: PASSWORD, next: '' }))
      .status,
  ).toBe(422);
  expect((await doors.stranger().post(path, JOINING)).status).toBe(303);
  expect(findAgentByEmail(desk.app.db, 'ana@teapot.example')).toMatchObject({
    id: desk.ana.id,
    state: 'active',
  });
});

test('AC-48: an admin does not become somebody who was an owner, by asking them back as an agent', async () => {
  const otto = desk.agent('Otto', 'owner');
  await doors.as(desk.owner).post(`${hrefOf(otto.email)}/removal`);
  const admin = doors.as(desk.agent('Adam', 'admin'));

  const again = { ...KIM, email: otto.email, how: 'link' };
  expect((await admin.post('/settings/agents', again)).status).toBe(403);
  expect(findAgentByEmail(desk.app.db, otto.email)).toMatchObject({
    name: 'Otto',
    role: 'owner',
    state: 'removed',
  });
  expect((await doors.as(desk.owner).post('/settings/agents', again)).status).toBe(200);
});

test('an admin signs somebody out everywhere', async () => {
  const ana = doors.as(desk.ana);
  expect((await doors.as(desk.owner).post(`${hrefOf('ana@teapot.example')}/sign-out`)).status).toBe(303);
  expect((await ana.get('/tickets')).status).toBe(303);
  expect(stateOf('ana@teapot.example')).toBe('active');
});

test('AC-49: none of it works from another website', async () => {
  const olga = doors.as(desk.owner);
  const base = hrefOf('ana@teapot.example');
  const ana = doors.as(desk.ana);
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: doors.url },
  ];
  for (const headers of foreign) {
    for (const path of [
      '/settings/agents',
      `${base}/role`,
      `${base}/removal`,
      `${base}/invitation`,
      `${base}/sign-out`,
    ]) {
      expect((await olga.post(path, { ...KIM, role: 'viewer' }, headers)).status).toBe(403);
    }
    for (const path of [
      '/settings/profile',
      '/settings/profile/email',
      '/settings/profile/password',
      '/settings/profile/sign-out-everywhere',
      '/sign-out',
    ]) {
      expect((await ana.post(path, {}, headers)).status).toBe(403);
    }
    expect(
      (
        await doors
          .stranger()
          .post('/sign-in', { email: 'ana@teapot.example', password: PASSWORD, next: '' }, headers)
      ).status,
    ).toBe(403);
  }
  expect((await ana.get('/tickets')).status).toBe(200);
  expect(desk.events().filter(({ name }) => name !== 'agent.signed-in')).toEqual([]);
});
