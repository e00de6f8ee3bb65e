// How long a session lasts, and what its end takes along.
import { findAgentById } from '../../server/agents';
import { removeAgent } from '../../server/agents/decide';
import { changeOwnPassword } from '../../server/agents/own-account';
import { checkSignIn, isStillRight } from '../../server/agents/sign-in';
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

const signIn = (email: string, password: string, next = '') => ({ email, password, next });

test('a session ends two weeks after the last visit, also on a server where nothing else happens', async () => {
  const ana = doors.as(desk.ana);
  expect((await ana.get('/settings/profile')).status).toBe(200);
  desk.clock.pass(14 * 24 * 3_600_000 + 1);
  expect((await ana.get('/settings/profile')).status).toBe(303);
});

test('whoever comes every few days stays signed in, in the browser too', async () => {
  const ana = doors.stranger();
  const { headers } = await ana.post('/sign-in', signIn('ana@teapot.example', PASSWORD));
  const [, seconds] = /hearthdesk=[^;]+; Max-Age=(\d+)/.exec(headers.getSetCookie().join('\n')) ?? [];
  for (let visits = 0; visits < 9; visits++) {
    desk.clock.pass(10 * 24 * 3_600_000);
    expect((await ana.get('/settings/profile')).status).toBe(200);
  }
  expect(Number(seconds)).toBeGreaterThan(90 * 24 * 3_600);
});

test('AC-38: signing in that was under way when the password changed or the person left opens nothing', async () => {
  const changes = [
    () => changeOwnPassword(desk.app, desk.ana, 'another hash', { shortIp: '', browser: '' }),
    () => removeAgent(desk.app, desk.owner, findAgentById(desk.app.db, desk.ana.id)!),
  ];
  for (const change of changes) {
    await givePassword(desk, desk.ana);
    const outcome = await checkSignIn(desk.app, 'ana@teapot.example', PASSWORD, '192.0.2.0');
    expect('agent' in outcome && isStillRight(desk.app, outcome)).toBe(true);
    desk.app.db.tx(() => void change());
    expect('agent' in outcome && isStillRight(desk.app, outcome)).toBe(false);
  }
});

test('signing out takes along what the browser has kept', async () => {
  for (const path of ['/sign-out', '/settings/profile/sign-out-everywhere'])
    expect((await doors.as(desk.ana).post(path)).headers.get('clear-site-data')).toBe('"cache"');
});
