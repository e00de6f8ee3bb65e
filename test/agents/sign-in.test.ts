// Signing in and out.
import { hashPassword, passwordMatches } from '../../server/agents/passwords';
import { safePath } from '../../server/agents/safe-path';
import { checkSignIn } from '../../server/agents/sign-in';
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

test('Ana signs in with address and password and is led to the inbox', async () => {
  const ana = doors.stranger();
  const answer = await ana.post('/sign-in', signIn('Ana@Teapot.example ', PASSWORD));

  expect(answer.status).toBe(303);
  expect(answer.location).toBe('/tickets');
  expect((await ana.get('/tickets')).status).toBe(200);
  expect(desk.events('agent.signed-in')).toHaveLength(1);
});

test('where she wanted to go is kept, through a mistake too', async () => {
  const ana = doors.stranger();
  const first = await ana.get('/settings/agents');
  expect(first.location).toBe('/sign-in?next=%2Fsettings%2Fagents');

  const wrong = await ana.post(
    '/sign-in',
    signIn('ana@teapot.example', 'not it at all', '/settings/profile'),
  );
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="ana@teapot.example"');
  expect(wrong.html).toContain('value="/settings/profile"');
  expect(wrong.html).not.toContain('not it at all');

  const right = await ana.post('/sign-in', signIn('ana@teapot.example', PASSWORD, '/settings/profile'));
  expect(right.location).toBe('/settings/profile');
});

test('AC-40: a stranger, a wrong password, an invited and a removed agent get the same page', async () => {
  const { db } = desk.app;
  db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
  db.sql
    .prepare("UPDATE agents SET state = 'invited', password_hash = NULL WHERE id = ?")
    .run(desk.agent('Ida', 'agent').id);
  const pages = [];
  for (const name of ['nobody', 'ana', 'ben', 'ida']) {
    const email = `${name}@teapot.example`;
    const answer = await doors.stranger().post('/sign-in', signIn(email, 'not the password'));
    pages.push({
      status: answer.status,
      html: answer.html.replaceAll(email, 'X'),
      cookies: answer.headers.getSetCookie(),
    });
  }
  expect(new Set(pages.map((page) => JSON.stringify(page))).size).toBe(1);
  expect(pages[0]?.status).toBe(422);
});

test('AC-40: comparing with nobody’s password takes the work of a real comparison', async () => {
  const real = await hashPassword(PASSWORD);
  const times: Record<'nobody' | 'somebody', number[]> = { nobody: [], somebody: [] };
  for (let round = 0; round < 15; round++) {
    for (const who of ['nobody', 'somebody'] as const) {
      const before = performance.now();
      expect(await passwordMatches(who === 'nobody' ? undefined : real, 'something else')).toBe(false);
      times[who].push(performance.now() - before);
    }
  }
  const median = (list: number[]) => list.toSorted((a, b) => a - b)[7] as number;
  // A hash that argon2 refuses at once would take a thousandth.
  expect(median(times.nobody)).toBeGreaterThan(median(times.somebody) / 3);
});

test('AC-39: of 1,000 tries at once from one network five are checked', async () => {
  const tries = Array.from({ length: 1_000 }, (_, n) =>
    checkSignIn(desk.app, 'olga@teapot.example', `guess number ${n}`, '203.0.113.0'),
  );
  const outcomes = await Promise.all(tries);
  expect(outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'wrong')).toHaveLength(5);
  expect(outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'too-many')).toHaveLength(
    995,
  );
});

test('AC-39: of 1,000 tries at once from 1,000 networks twenty are checked', async () => {
  const tries = Array.from({ length: 1_000 }, (_, n) =>
    checkSignIn(desk.app, 'olga@teapot.example', 'a guess', `net ${n}`),
  );
  const outcomes = await Promise.all(tries);
  expect(outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'wrong')).toHaveLength(20);
});

test('AC-39: one network that tries many addresses is slowed down too', async () => {
  const tries = Array.from({ length: 200 }, (_, n) =>
    checkSignIn(desk.app, `person${n}@teapot.example`, 'a guess', '203.0.113.0'),
  );
  const outcomes = await Promise.all(tries);
  expect(outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'wrong')).toHaveLength(30);
});

test('AC-39: the last owner is never locked out: not where she is signed in, and after a pause nowhere', async () => {
  doors.as(desk.owner, { shortIp: '198.51.100.0' });
  for (let n = 0; n < 40; n++) await checkSignIn(desk.app, 'olga@teapot.example', 'a guess', `net ${n}`);

  expect(await checkSignIn(desk.app, 'olga@teapot.example', PASSWORD, 'elsewhere')).toEqual({
    refused: 'too-many',
  });
  expect(await checkSignIn(desk.app, 'olga@teapot.example', PASSWORD, '198.51.100.0')).toHaveProperty(
    'agent',
  );
  for (let n = 0; n < 40; n++)
    await checkSignIn(desk.app, 'olga@teapot.example', 'a guess', `net ${n + 100}`);
  desk.clock.pass(61_000);
  expect(await checkSignIn(desk.app, 'olga@teapot.example', PASSWORD, 'elsewhere')).toHaveProperty('agent');
});

test('AC-39: the counters hold no address', async () => {
  await checkSignIn(desk.app, 'olga@teapot.example', 'a guess', '203.0.113.0');
  const keys = desk.app.db.sql.prepare('SELECT group_concat(key) FROM failed_tries').pluck().get() as string;
  expect(keys).not.toContain('olga');
});

test('AC-38: a cookie planted before signing in is worth nothing afterwards', async () => {
  const ana = doors.stranger();
  ana.cookies.set('hearthdesk', 'planted-by-somebody-else-planted-by-somebody');
  await ana.post('/sign-in', signIn('ana@teapot.example', PASSWORD));
  expect(ana.cookies.get('hearthdesk')).toMatch(/^[A-Za-z0-9_-]{43}$/);

  const thief = doors.stranger();
  thief.cookies.set('hearthdesk', 'planted-by-somebody-else-planted-by-somebody');
  expect((await thief.get('/tickets')).status).toBe(303);
});

test('AC-38: signing in again in the same browser ends the session that was there', async () => {
  const ana = doors.as(desk.ana);
  const before = ana.cookies.get('hearthdesk') as string;
  await ana.post('/sign-in', signIn('olga@teapot.example', PASSWORD));

  const old = doors.stranger();
  old.cookies.set('hearthdesk', before);
  expect((await old.get('/tickets')).location).toContain('/sign-in');
  expect((await ana.get('/settings/agents')).status).toBe(200);
});

test('signing out ends the session on the server, and its open pages', async () => {
  const ana = doors.as(desk.ana);
  const token = ana.cookies.get('hearthdesk') as string;
  desk.signals();
  expect((await ana.post('/sign-out')).location).toBe('/sign-in');
  expect(ana.cookies.has('hearthdesk')).toBe(false);
  expect(desk.signals()).toEqual([{ room: expect.stringMatching(/^session:\d+$/), event: 'session:ended' }]);

  const thief = doors.stranger();
  thief.cookies.set('hearthdesk', token);
  expect((await thief.get('/tickets')).status).toBe(303);
});

test('a removed agent is out at the next click', async () => {
  const ana = doors.as(desk.ana);
  desk.app.db.tx(() =>
    desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ana.id),
  );
  expect((await ana.get('/tickets')).status).toBe(303);
});

const LED_ASTRAY = [
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '\\/evil.example',
  'https://evil.example',
  'http:evil.example',
  'https:evil.example',
  'HTTPS://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/%2e%2e//evil.example',
  '/./\\evil.example',
  'evil.example',
  '@evil.example',
  '.evil.example',
  ':80',
  '',
  'tickets',
];

test.each(LED_ASTRAY)('AC-36: after signing in, %j leads to the inbox', (next) => {
  expect(safePath(next)).toBe('/tickets');
});

test('AC-36: a path of ours is kept with its question', () => {
  expect(safePath('/tickets/42?view=mine#message-3')).toBe('/tickets/42?view=mine');
  expect(safePath('/search?q=https://evil.example')).toBe('/search?q=https://evil.example');
});

test('AC-36: whoever is signed in already, in another window, is led on at once, and nowhere else', async () => {
  const ana = doors.as(desk.ana);
  expect((await ana.get('/sign-in?next=%2Ftickets%2F42')).location).toBe('/tickets/42');
  for (const next of ['%2F%2Fevil.example', 'https://evil.example', '%2Ftickets&next=%2Fsearch'])
    expect((await ana.get(`/sign-in?next=${next}`)).location).toBe('/tickets');
});

test('AC-36: what the browser is told is what was checked', async () => {
  for (const next of ['/.//evil.example', '//evil.example', '/\\evil.example']) {
    const answer = await doors.stranger().post('/sign-in', signIn('ana@teapot.example', PASSWORD, next));
    expect(answer.location).toBe('/tickets');
  }
});

test('AC-45: arrays, objects and unknown fields are refused, never with an error of ours', async () => {
  const forms: [string, string][][] = [
    [
      ['email', 'ana@teapot.example'],
      ['email', 'olga@teapot.example'],
      ['password', PASSWORD],
    ],
    [
      ['email[]', 'ana@teapot.example'],
      ['password', PASSWORD],
    ],
    [
      ['email', 'ana@teapot.example'],
      ['password', PASSWORD],
      ['password', 'x'],
    ],
    [
      ['email', 'ana@teapot.example'],
      ['password', PASSWORD],
      ['role', 'owner'],
    ],
    [
      ['email', 'ana@teapot.example'],
      ['password', PASSWORD],
      ['constructor', 'x'],
    ],
    [
      ['email', '\u0000'],
      ['password', PASSWORD],
    ],
  ];
  for (const fields of forms) expect((await doors.stranger().post('/sign-in', fields)).status).toBe(422);
});
