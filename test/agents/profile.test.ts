// One's own account: profile, address, password, sessions.
import { findAgentById } from '../../server/agents';
import { browserName } from '../../server/agents/browser-name';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { giveMailbox, givePassword, mailsOf, PASSWORD } from './people';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  await givePassword(desk, desk.owner, desk.ana);
  giveMailbox(desk);
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const PROFILE = { name: 'Ana Bērziņa', language: 'lv', timeZone: 'Europe/Riga', signature: 'Ana\r\nTeapot' };
const row = (id: number) => findAgentById(desk.app.db, id);
const signIn = (email: string, password: string) =>
  doors.stranger().post('/sign-in', { email, password, next: '' });

test('Ana changes her name, language, time zone, signature and list; the page says so in her new language', async () => {
  const ana = doors.as(desk.ana);
  expect((await ana.post('/settings/profile', { ...PROFILE, compactList: 'on' })).status).toBe(303);
  const page = await ana.get('/settings/profile');
  expect(page.html).toContain('lang="lv"');
  expect(page.html).toContain('Saglabāts');
  expect((await ana.get('/settings/profile')).html).not.toContain('class="toast"');
  expect(row(desk.ana.id)).toMatchObject({
    name: 'Ana Bērziņa',
    time_zone: 'Europe/Riga',
    signature: 'Ana\nTeapot',
    compact_list: 1,
  });
});

test('a mistake comes back at its field, with what was typed', async () => {
  const answer = await doors.as(desk.ana).post('/settings/profile', {
    ...PROFILE,
    name: '',
    signature: 'My <b>signature</b>',
    timeZone: 'Mars/Olympus',
  });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain('My &lt;b&gt;signature&lt;/b&gt;');
  expect(answer.html).toContain('id="field-name-error"');
  expect(answer.html).toContain('id="field-timeZone-error"');
  expect(row(desk.ana.id)?.name).toBe('Ana');
});

test('AC-43: the address needs the current password; the old address is told, other devices are out', async () => {
  const phone = doors.as(desk.ana);
  const laptop = doors.as(desk.ana);
  const wrong = await laptop.post('/settings/profile/email', {
    email: 'ana@new.example',
    currentPassword: 'a guess',
  });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('This is not your current password.');
  expect(wrong.html).toContain('value="ana@new.example"');

  expect(
    (await laptop.post('/settings/profile/email', { email: 'ana@new.example', currentPassword: PASSWORD }))
      .status,
  ).toBe(303);
  expect((await laptop.get('/tickets')).status).toBe(200);
  expect((await phone.get('/tickets')).status).toBe(303);
  expect(mailsOf(desk).map(({ to, subject }) => ({ to, subject }))).toEqual([
    { to: 'ana@teapot.example', subject: 'Your address at Teapot was changed' },
  ]);
  expect((await signIn('ana@new.example', PASSWORD)).status).toBe(303);
  expect((await signIn('ana@teapot.example', PASSWORD)).status).toBe(422);
});

test('somebody else’s address is not taken over', async () => {
  const answer = await doors
    .as(desk.ana)
    .post('/settings/profile/email', { email: 'OLGA@teapot.example', currentPassword: PASSWORD });
  expect(answer.status).toBe(422);
  expect(row(desk.ana.id)?.email).toBe('ana@teapot.example');
  expect(mailsOf(desk)).toEqual([]);
});

test('AC-43: the password needs the current one; a new session begins, all others end', async () => {
  const phone = doors.as(desk.ana);
  const laptop = doors.as(desk.ana);
  const before = laptop.cookies.get('hearthdesk');
  expect(
    (
      await laptop.post('/settings/profile/password', {
        currentPassword: 'a guess',
        password: 'another kettle',
      })
    ).status,
  ).toBe(422);
  expect(
    (await laptop.post('/settings/profile/password', { currentPassword: PASSWORD, password: 'short' }))
      .status,
  ).toBe(422);
  expect((await laptop.post('/settings/profile/password', { password: 'another kettle' })).status).toBe(422);

  expect(
    (
      await laptop.post('/settings/profile/password', {
        currentPassword: PASSWORD,
        password: 'another kettle',
      })
    ).status,
  ).toBe(303);
  expect(laptop.cookies.get('hearthdesk')).not.toBe(before);
  expect((await laptop.get('/tickets')).status).toBe(200);
  expect((await phone.get('/tickets')).status).toBe(303);
  expect((await signIn('ana@teapot.example', 'another kettle')).status).toBe(303);
  expect(mailsOf(desk).map(({ subject }) => subject)).toEqual(['Your password at Teapot was changed']);
});

test('AC-39: guessing the current password makes a pause', async () => {
  const ana = doors.as(desk.ana);
  for (let n = 0; n < 5; n++)
    await ana.post('/settings/profile/password', {
      currentPassword: `guess ${n}`,
      password: 'another kettle',
    });
  const answer = await ana.post('/settings/profile/password', {
    currentPassword: PASSWORD,
    password: 'another kettle',
  });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain('Too many wrong passwords.');
});

test('Ana sees where she is signed in and ends one session', async () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
  const phone = doors.as(desk.ana, { shortIp: '198.51.100.0', browser: firefox });
  const laptop = doors.as(desk.ana, { browser: '<script>alert(1)</script>' });
  const page = await laptop.get('/settings/profile');
  expect(page.html).toContain('Firefox, Linux');
  expect(page.html).toContain('198.51.100.0');
  expect(page.html).not.toContain('<script>alert');
  const session = /name="session" value="(\d+)"/.exec(page.html)?.[1] ?? '';

  desk.signals();
  expect((await laptop.post('/settings/profile/sessions/end', { session })).status).toBe(303);
  expect(desk.signals()).toEqual([{ room: `session:${session}`, event: 'session:ended' }]);
  expect((await phone.get('/tickets')).status).toBe(303);
  expect((await laptop.get('/tickets')).status).toBe(200);
});

test('AC-46: somebody else’s session cannot be ended', async () => {
  const olga = doors.as(desk.owner);
  const session = String(desk.app.db.sql.prepare('SELECT id FROM sessions').pluck().get());
  expect((await doors.as(desk.ana).post('/settings/profile/sessions/end', { session })).status).toBe(404);
  expect((await olga.get('/tickets')).status).toBe(200);
});

test('AC-51: signing out everywhere ends every session and every open page', async () => {
  const phone = doors.as(desk.ana);
  const laptop = doors.as(desk.ana);
  desk.signals();
  const answer = await laptop.post('/settings/profile/sign-out-everywhere');
  expect(answer.location).toBe('/sign-in');
  expect((await laptop.get('/sign-in')).html).toContain('You are signed out everywhere.');
  for (const device of [phone, laptop]) expect((await device.get('/tickets')).status).toBe(303);
  expect(desk.signals()).toEqual([{ room: `agent:${desk.ana.id}`, event: 'session:ended' }]);
});

test('AC-48: every column of agents added to every form changes nothing', async () => {
  const columns = desk.app.db.sql
    .prepare("SELECT name FROM pragma_table_info('agents')")
    .pluck()
    .all() as string[];
  const extra = [
    ...columns.filter((name) => !['name', 'language', 'signature', 'email'].includes(name)),
    'id',
    'isAdmin',
    '__proto__',
    'constructor',
  ];
  const before = row(desk.ana.id);
  const forms: [string, Record<string, string>][] = [
    ['/settings/profile', PROFILE],
    ['/settings/profile/email', { email: 'ana@new.example', currentPassword: PASSWORD }],
    ['/settings/profile/password', { currentPassword: PASSWORD, password: 'another kettle' }],
  ];
  for (const [path, fields] of forms) {
    for (const column of extra.filter((name) => !name.startsWith('__'))) {
      expect((await doors.as(desk.ana).post(path, { ...fields, [column]: 'owner' })).status).toBe(422);
    }
  }
  const { last_seen_at: _then, ...kept } = before ?? { last_seen_at: 0 };
  expect(row(desk.ana.id)).toMatchObject(kept);
});

test('AC-48: a prototype in the form reaches nobody', async () => {
  const ana = doors.as(desk.ana);
  await ana.post('/settings/profile', { ...PROFILE, __proto__: 'x', '__proto__[role]': 'owner' } as Record<
    string,
    string
  >);
  expect(row(desk.ana.id)?.role).toBe('agent');
  expect(({} as { role?: string }).role).toBeUndefined();
});

const BROWSERS: [string, string][] = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Chrome, Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari, macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    'Samsung Internet, Android',
  ],
  ['curl/8.9.1', ''],
  ['<img src=x onerror=alert(1)>', ''],
];
test.each(BROWSERS)('AC-06: %s is called “%s”', (header, name) => expect(browserName(header)).toBe(name));
