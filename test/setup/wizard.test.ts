// The setup wizard, as a new owner lives it.
import { findAgentByEmail } from '../../server/agents';
import { firmOf, publicUrlOf } from '../../server/settings';
import { offerSetup } from '../../server/setup';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let key: string;

/** A desk as it is before anybody has set it up. */
beforeEach(async () => {
  desk = openDesk();
  desk.app.db.tx(() => {
    desk.app.db.sql.exec('DELETE FROM agents; DELETE FROM settings');
  });
  doors = await openDoors(desk);
  key = new URL((await offerSetup(desk.app, doors.url)) ?? '').search;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const FIRM = {
  company: 'Tējkanna SIA',
  language: 'lv',
  timeZone: 'Europe/Riga',
  name: 'Olga Bērziņa',
  email: 'olga@tejkanna.lv',
  password: 'a kettle for two',
  publicUrl: 'https://desk.tejkanna.lv',
};

async function withKey(): Promise<Person> {
  const olga = doors.stranger();
  const answer = await olga.get(`/setup${key}`);
  expect(answer).toMatchObject({ status: 303, location: '/setup' });
  return olga;
}

async function setUp(): Promise<Person> {
  const olga = await withKey();
  expect(await olga.post('/setup', FIRM)).toMatchObject({ status: 303, location: '/welcome/mailbox' });
  return olga;
}

test('the key leaves the address bar for a cookie that scripts cannot read', async () => {
  const answer = await doors.stranger().get(`/setup${key}`);
  expect(answer.location).toBe('/setup');
  const cookie = answer.headers.getSetCookie().join();
  expect(cookie).toMatch(/hearthdesk-setup=[\w-]{43}; Max-Age=3600; Path=\/setup; .*HttpOnly; SameSite=Lax/);
});

test('AC-37: the link once more, and the form sent twice, find nothing to set up and say where to sign in', async () => {
  const olga = await withKey();
  const [first, second] = await Promise.all([olga.post('/setup', FIRM), olga.post('/setup', FIRM)]);
  expect([first.status, second.status].sort()).toEqual([303, 404]);
  expect(`${first.html}${second.html}`).toContain('Hearthdesk is set up already');
  expect(desk.rows('SELECT count(*) AS n FROM agents')).toEqual([{ n: 1 }]);

  const again = await doors.stranger().get(`/setup${key}`);
  expect(again.status).toBe(404);
  expect(again.html).toContain('href="/sign-in"');
});

test('one page makes the firm and its owner, who is signed in at once', async () => {
  const olga = await withKey();
  const page = await olga.get('/setup');
  expect(page.html).toContain('Set up Hearthdesk');
  expect(page.html).toContain('aria-current="step"');
  expect(await olga.post('/setup', FIRM)).toMatchObject({ status: 303, location: '/welcome/mailbox' });

  expect(firmOf(desk.app)).toEqual({ company: 'Tējkanna SIA', language: 'lv', timeZone: 'Europe/Riga' });
  expect(publicUrlOf(desk.app)).toBe('https://desk.tejkanna.lv');
  expect(findAgentByEmail(desk.app.db, 'olga@tejkanna.lv')).toMatchObject({
    role: 'owner',
    state: 'active',
    language: 'lv',
  });
  expect((await olga.get('/welcome/mailbox')).html).toContain('lang="lv"');
  expect((await olga.get('/tickets')).status).toBe(200);
  expect(olga.cookies.has('hearthdesk-setup')).toBe(false);
  expect(
    (await doors.stranger().post('/sign-in', { email: FIRM.email, password: FIRM.password, next: '' }))
      .status,
  ).toBe(303);
});

test('what was typed is kept when something is wrong, but the password', async () => {
  const olga = await withKey();
  const answer = await olga.post('/setup', { ...FIRM, email: 'olga', password: 'short', publicUrl: 'desk' });
  expect(answer.status).toBe(422);
  for (const field of ['email', 'password', 'publicUrl'])
    expect(answer.html).toContain(`id="field-${field}-error"`);
  for (const typed of ['Tējkanna SIA', 'Olga Bērziņa', 'value="olga"', 'value="desk"'])
    expect(answer.html).toContain(typed);
  expect(answer.html).toContain('<option value="Europe/Riga" selected>');
  expect(answer.html).not.toContain('value="short"');
  expect(findAgentByEmail(desk.app.db, 'olga')).toBeUndefined();
});

test('AC-37: without the key, with a wrong one and with an old one there is no form', async () => {
  const old = key;
  key = new URL((await offerSetup(desk.app, doors.url)) ?? '').search;
  for (const query of ['', '?key=', '?key=x', '?key[]=x', old, `${key}x`]) {
    const answer = await doors.stranger().get(`/setup${query}`);
    expect(answer.status).toBe(404);
    expect(answer.html).toContain('Setup needs its link');
    expect(answer.html).not.toContain('<form');
  }
  const thief = doors.stranger();
  thief.cookies.set('hearthdesk-setup', 'x');
  expect((await thief.post('/setup', FIRM)).status).toBe(404);
  expect((await doors.stranger().post('/setup', FIRM)).status).toBe(404);
  expect(findAgentByEmail(desk.app.db, FIRM.email)).toBeUndefined();
});

test('AC-37: a page that was open when the server started anew is told where the new link is', async () => {
  const olga = await withKey();
  await offerSetup(desk.app, doors.url);

  const answer = await olga.post('/setup', FIRM);
  expect(answer.status).toBe(404);
  expect(answer.html).toContain('Setup needs its link');
  expect(findAgentByEmail(desk.app.db, FIRM.email)).toBeUndefined();
});

test('AC-37: once an owner exists, setup is closed for ever: for the key, the cookie and the owner', async () => {
  const late = await withKey();
  const olga = await setUp();
  for (const person of [late, olga, doors.stranger()]) {
    for (const path of ['/setup', `/setup${key}`]) expect((await person.get(path)).status).toBe(404);
    expect((await person.post('/setup', { ...FIRM, email: 'thief@evil.example' })).status).toBe(404);
  }
  expect(await offerSetup(desk.app, doors.url)).toBeUndefined();
  expect(desk.app.db.sql.prepare('SELECT count(*) FROM agents').pluck().get()).toBe(1);
});

test('AC-37: of two who send the page at once, one is the owner', async () => {
  const people = await Promise.all([withKey(), withKey(), withKey()]);
  const answers = await Promise.all(
    people.map((person, n) => person.post('/setup', { ...FIRM, email: `olga${n}@tejkanna.lv` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404]);
  expect(desk.app.db.sql.prepare("SELECT count(*) FROM agents WHERE role = 'owner'").pluck().get()).toBe(1);
});

test('AC-48: nothing but the fields of the page', async () => {
  const olga = await withKey();
  for (const field of ['role', 'state', 'id', 'tokenHash', 'public_id']) {
    expect((await olga.post('/setup', { ...FIRM, [field]: 'viewer' })).status).toBe(422);
  }
});

test('AC-49: another website can not set up', async () => {
  const olga = await withKey();
  expect((await olga.post('/setup', FIRM, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect(findAgentByEmail(desk.app.db, FIRM.email)).toBeUndefined();
});

test('before setup, the door says where the link is', async () => {
  expect((await doors.stranger().get('/sign-in')).html).toContain('This Hearthdesk is not set up yet.');
});

test('the guess of the language and its time zone comes from the browser', async () => {
  const olga = await withKey();
  const page = await olga.get('/setup', { 'accept-language': 'nn-NO,nb;q=0.8' });
  expect(page.html).toContain('lang="nb"');
  expect(page.html).toContain('<option value="nb" selected>');
  expect(page.html).toContain('<option value="Europe/Oslo" selected>');
  expect(page.html).toContain('data-controller="zone"');
});

test('every step after the first can be skipped, and leads back', async () => {
  const olga = await setUp();
  expect((await olga.get('/welcome/mailbox')).html).toContain('href="/welcome/website"');
  const website = await olga.get('/welcome/website');
  expect(website.html).toContain('href="/welcome/mailbox"');
  expect(website.html).toContain('href="/welcome/retention"');
  expect((await olga.get('/welcome/retention')).html).toContain('href="/welcome/done"');
  expect((await olga.get('/welcome/done')).html).toContain('href="/settings/agents/new"');
  expect(desk.app.db.sql.prepare('SELECT count(*) FROM mailboxes').pluck().get()).toBe(0);
  expect(desk.app.db.sql.prepare('SELECT count(*) FROM sites').pluck().get()).toBe(0);
});

test('the mailbox: first the address, then the servers, then on to the website', async () => {
  const olga = await setUp();
  const suggested = await olga.post('/welcome/mailbox/suggestion', { address: 'tejkanna@gmail.com' });
  expect(suggested.html).toContain('action="/welcome/mailbox"');
  expect(suggested.html).toContain('formaction="/welcome/mailbox/test#result"');
  expect(suggested.html).toContain('value="imap.gmail.com"');
  const fields = Object.fromEntries(
    [...suggested.html.matchAll(/name="(\w+)" type="[a-z]+" value="([^"]*)"/g)].map(([, name, value]) => [
      String(name),
      String(value),
    ]),
  );
  const choices = {
    usesImap: 'on',
    usesSmtp: 'on',
    smtpSameLogin: 'on',
    imapSecurity: 'tls',
    smtpSecurity: 'tls',
    firstFetch: 'days',
    reopenClosed: 'days',
  };
  const wrong = await olga.post('/welcome/mailbox', { ...fields, ...choices });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('id="field-imapPassword-error"');
  expect(wrong.html).toContain('aria-current="step"');

  const saved = await olga.post('/welcome/mailbox', {
    ...fields,
    ...choices,
    imapPassword: 'abcd efgh ijkl mnop',
  });
  expect(saved).toMatchObject({ status: 303, location: '/welcome/website' });
  expect(desk.app.db.sql.prepare('SELECT address, first_fetch_days FROM mailboxes').all()).toEqual([
    { address: 'tejkanna@gmail.com', first_fetch_days: 30 },
  ]);
});

test('the website: its line to copy and the chat to try', async () => {
  const olga = await setUp();
  const form = await olga.get('/welcome/website');
  expect(form.html).toContain('src="/settings/sites/preview"');
  const fields = {
    name: 'Tējkanna',
    colour: '#ad4219',
    language: 'lv',
    greeting: 'Sveiki',
    privacyNotice: 'Paldies',
    mailbox: '',
  };
  const wrong = await olga.post('/welcome/website', { ...fields, origins: 'http://www.tejkanna.lv' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="http://www.tejkanna.lv"');

  expect(await olga.post('/welcome/website', { ...fields, origins: 'www.tejkanna.lv' })).toMatchObject({
    status: 303,
    location: '/welcome/website',
  });
  const page = await olga.get('/welcome/website');
  expect(page.html).toMatch(
    /&lt;script async src=&quot;https:\/\/desk\.tejkanna\.lv\/widget\.js&quot; data-site=&quot;[0-9a-f]{32}&quot;&gt;/,
  );
  expect(page.html).toMatch(/\/chat\/[0-9a-f]{32}/);
});

test('P6: retention is proposed with its reasons, and nothing is switched on without the owner’s choice', async () => {
  const olga = await setUp();
  const rules = () => desk.app.db.sql.prepare('SELECT kind, days, is_on FROM retention_rules').all();
  const page = await olga.get('/welcome/retention', { 'accept-language': 'en' });
  expect(page.html).toMatch(/value="on" checked/);
  expect(page.html).toContain('value="730"');
  expect(page.html).toContain('Norvēģija: attaisnojuma dokumenti piecus gadus');
  expect(page.html).toContain('Latvija: attaisnojuma dokumenti piecus gadus, gada pārskati desmit');
  expect(rules()).toEqual([]);

  expect(await olga.post('/welcome/retention', { choice: 'later', days: '730' })).toMatchObject({
    status: 303,
    location: '/welcome/done',
  });
  expect(rules()).toEqual([]);
  expect((await olga.get('/welcome/done')).html).toContain('Nekas netiek dzēsts pats no sevis');

  const wrong = await olga.post('/welcome/retention', { choice: 'on', days: 'two years' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="two years"');
  expect((await olga.post('/welcome/retention', { choice: 'on', days: '365' })).location).toBe(
    '/welcome/done',
  );
  expect(rules()).toEqual([{ kind: 'solved-tickets', days: 365, is_on: 1 }]);
});

test('every way on from the last page leads somewhere', async () => {
  const olga = await setUp();
  const { html } = await olga.get('/welcome/done');
  const ways = [...html.matchAll(/<a class="button[^"]*" href="([^"]+)"/g)].map(([, href]) => String(href));
  expect(ways.length).toBeGreaterThan(4);
  for (const way of ways) expect({ way, status: (await olga.get(way)).status }).toEqual({ way, status: 200 });
});

test('the steps after the first are for the owner, not for the world', async () => {
  await setUp();
  for (const step of ['mailbox', 'website', 'retention', 'done']) {
    expect((await doors.stranger().get(`/welcome/${step}`)).location).toContain('/sign-in');
    expect((await doors.as(desk.agent('Vera', 'viewer')).get(`/welcome/${step}`)).status).toBe(403);
    expect(
      (await doors.as(desk.agent(`Ana${step}`, 'agent')).post(`/welcome/${step}`)).status,
    ).toBeGreaterThanOrEqual(403);
  }
});
