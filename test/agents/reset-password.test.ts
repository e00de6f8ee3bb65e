// A forgotten password: by mail, and by the command line.
import { request } from 'node:http';
import { findAgentByEmail, findAgentById } from '../../server/agents';
import { handedCommands } from '../../server/commands';
import { writeSetting } from '../../server/settings';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { giveMailbox, givePassword, mailsOf, PASSWORD, pathIn } from './people';

const ADDRESS = 'https://desk.teapot.example';
const NEW = 'another kettle entirely';
let desk: Desk;
let doors: Doors;

async function open(values: Record<string, string> = {}) {
  desk = openDesk({ values });
  await givePassword(desk, desk.owner, desk.ana);
  writeSetting(desk.app, 'address', { publicUrl: ADDRESS });
  giveMailbox(desk);
  doors = await openDoors(desk);
}
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const signIn = (password: string) =>
  doors.stranger().post('/sign-in', { email: 'ana@teapot.example', password, next: '' });
const forget = async (email: string, headers = {}) => {
  const answer = await doors.stranger().post('/forgot-password', { email }, headers);
  await desk.app.jobs.runDue();
  return answer;
};

describe('by mail', () => {
  beforeEach(() => open());

  test('Ana asks, gets a link, sets a password and is in; her other devices are out', async () => {
    const phone = doors.as(desk.ana);
    await forget(' Ana@Teapot.example ');
    const [mail] = mailsOf(desk);
    expect(mail).toMatchObject({ to: 'ana@teapot.example', automatic: true });

    const laptop = doors.stranger();
    expect((await laptop.get(pathIn(mail))).html).toContain('ana@teapot.example');
    const answer = await laptop.post(pathIn(mail), { password: NEW });
    expect(answer).toMatchObject({ status: 303, location: '/tickets' });
    expect((await laptop.get('/tickets')).html).toContain('Your new password is set.');
    expect((await phone.get('/tickets')).status).toBe(303);
    expect((await signIn(PASSWORD)).status).toBe(422);
    expect((await signIn(NEW)).status).toBe(303);
    expect(mailsOf(desk)[1]).toMatchObject({
      to: 'ana@teapot.example',
      subject: expect.stringContaining('was changed'),
    });
  });

  test('AC-40: known, unknown, invited and removed addresses get the same answer, and only the known one a mail', async () => {
    desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
    desk.app.db.sql
      .prepare("UPDATE agents SET state = 'invited' WHERE id = ?")
      .run(desk.agent('Ida', 'agent').id);
    const answers = [];
    for (const name of ['ana', 'nobody', 'ben', 'ida']) {
      const { status, html } = await forget(`${name}@teapot.example`);
      answers.push({ status, html });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.html).not.toContain('ana@');
    expect(mailsOf(desk).map(({ to }) => to)).toEqual(['ana@teapot.example']);
  });

  test('AC-40: nothing is looked up or written about a person before the answer', async () => {
    const answer = await doors.stranger().post('/forgot-password', { email: 'ana@teapot.example' });
    expect(answer.status).toBe(200);
    expect(mailsOf(desk)).toEqual([]);
    expect(desk.events().filter(({ name }) => name.startsWith('agent.'))).toEqual([]);
    await desk.app.jobs.runDue();
    expect(mailsOf(desk)).toHaveLength(1);
  });

  test('AC-39: the sixth question of a network waits, whatever the address', async () => {
    for (let n = 0; n < 5; n++) expect((await forget(`person${n}@teapot.example`)).status).toBe(200);
    const answer = await forget('ana@teapot.example');
    expect(answer.status).toBe(429);
    expect(answer.html).toContain('Too many tries');
    expect(mailsOf(desk)).toEqual([]);
  });

  test('AC-41: a link works once, and for an hour; using one makes all others void', async () => {
    await forget('ana@teapot.example');
    await forget('ana@teapot.example');
    const [first = '', second = ''] = mailsOf(desk).map(pathIn);
    expect((await doors.stranger().get(second)).status).toBe(200);
    expect((await doors.stranger().post(first, { password: NEW })).status).toBe(303);
    expect((await doors.stranger().post(first, { password: 'a third kettle' })).status).toBe(404);
    expect((await doors.stranger().post(second, { password: 'a third kettle' })).status).toBe(404);

    await forget('ana@teapot.example');
    const third = pathIn(mailsOf(desk).at(-1));
    desk.clock.pass(60 * 60_000);
    expect((await doors.stranger().post(third, { password: 'a third kettle' })).status).toBe(404);
    expect((await signIn(NEW)).status).toBe(303);
  });

  test('AC-39: whoever keeps asking fills nobody’s mailbox, and voids no link that is on its way', async () => {
    for (let n = 0; n < 20; n++) {
      desk.app.db.sql.exec('DELETE FROM failed_tries');
      await forget('ana@teapot.example');
    }
    expect(mailsOf(desk)).toHaveLength(3);
    expect((await doors.stranger().get(pathIn(mailsOf(desk)[0]))).status).toBe(200);
    desk.clock.pass(60 * 60_000);
    await forget('ana@teapot.example');
    expect(mailsOf(desk)).toHaveLength(4);
  });

  test('AC-41: a link is void once the password or the address was changed', async () => {
    for (const change of ['password', 'email'] as const) {
      await forget('ana@teapot.example');
      const path = pathIn(mailsOf(desk).findLast(({ text }) => text.includes('/reset-password/')));
      const fields: Record<string, string> =
        change === 'password' ? { password: PASSWORD } : { email: 'ana@teapot.example' };
      await doors.as(desk.ana).post(`/settings/profile/${change}`, { currentPassword: PASSWORD, ...fields });
      expect((await doors.stranger().get(path)).status).toBe(404);
    }
  });

  test('AC-41: no address of a page with a link leaves by a Referer', async () => {
    await forget('ana@teapot.example');
    const page = await doors.stranger().get(pathIn(mailsOf(desk)[0]));
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('a password that is too short comes back to the page, and the link still works', async () => {
    await forget('ana@teapot.example');
    const path = pathIn(mailsOf(desk)[0]);
    const answer = await doors.stranger().post(path, { password: 'tea' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('Use at least 10 characters.');
    expect((await doors.stranger().post(path, { password: NEW })).status).toBe(303);
  });

  const HOSTS: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'desk.teapot.example:evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-host': 'evil.example', 'x-forwarded-server': 'evil.example' },
    {
      'x-original-url': 'https://evil.example/forgot-password',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '666',
    },
  ];
  test.each(HOSTS)(
    'AC-34: the link in the mail leads to the configured address when asked with %j',
    async (headers) => {
      await ask('/forgot-password', headers);
      await desk.app.jobs.runDue();
      const links = mailsOf(desk).flatMap(({ text, html }) =>
        [...`${text} ${html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(([link]) => link),
      );
      expect(links.length).toBeGreaterThan(0);
      for (const link of links)
        expect(link).toMatch(/^https:\/\/desk\.teapot\.example\/reset-password\/[\w-]{43}$/);
    },
  );

  test('AC-34: an absolute address in the request line changes nothing either', async () => {
    await ask('http://evil.example/forgot-password', {});
    await desk.app.jobs.runDue();
    for (const { text } of mailsOf(desk)) expect(text).not.toContain('evil');
  });
});

test('AC-34: with --public-url, requests for any other host are turned away', async () => {
  await open({ 'public-url': ADDRESS });
  expect(await ask('/forgot-password', { host: 'evil.example' })).toBe(421);
  expect(
    await ask('/forgot-password', { host: 'desk.teapot.example', 'x-forwarded-host': 'evil.example' }),
  ).toBe(200);
  await desk.app.jobs.runDue();
  expect(mailsOf(desk)).toHaveLength(1);
});

test('without a mailbox that sends, the page says who can help', async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  const page = await doors.stranger().get('/forgot-password');
  expect(page.html).toContain('hearthdesk reset-password --email');
  expect(page.html).not.toContain('<form class="form" method="post" action="/forgot-password"');
});

describe('by the command line', () => {
  beforeEach(() => open());
  const run = (values: Record<string, string>) =>
    handedCommands['reset-password']!.work(desk.app, values, Buffer.alloc(0));

  test('the command prints a link with which Ana sets a password', async () => {
    const { lines, facts } = await run({ email: 'ANA@teapot.example' });
    expect(lines.at(-1)).toBe(facts['link']);
    const path = new URL(String(facts['link'])).pathname;
    expect(String(facts['link']).startsWith(`${ADDRESS}/reset-password/`)).toBe(true);
    expect((await doors.stranger().post(path, { password: NEW })).status).toBe(303);
    expect((await signIn(NEW)).status).toBe(303);
  });

  test('AC-39: it opens the door although the counters are full', async () => {
    for (let n = 0; n < 30; n++)
      await doors
        .stranger()
        .post('/sign-in', { email: 'olga@teapot.example', password: 'a guess', next: '' });
    const { facts } = await run({ email: 'olga@teapot.example' });
    const olga = doors.stranger();
    await olga.post(new URL(String(facts['link'])).pathname, { password: NEW });
    expect((await olga.get('/settings/agents')).status).toBe(200);
  });

  test('somebody who was invited gets the link to join', async () => {
    await doors
      .as(desk.owner)
      .post('/settings/agents', { name: 'Kim', email: 'kim@teapot.example', role: 'agent', how: 'mail' });
    const { facts } = await run({ email: 'kim@teapot.example', 'public-url': 'https://other.example' });
    expect(facts['link']).toMatch(/^https:\/\/other\.example\/invite\//);
  });

  test('R2: what is missing or wrong is said in one sentence', async () => {
    await expect(run({})).rejects.toThrow(
      'hearthdesk reset-password needs --email, the address of an agent.',
    );
    await expect(run({ email: 'nobody@x.example' })).rejects.toThrow(
      '--email is "nobody@x.example", but no agent signs in with that address.',
    );
    await expect(run({ email: 'ana@teapot.example', 'public-url': 'desk' })).rejects.toThrow(
      '--public-url is "desk"',
    );
    desk.app.db.sql.prepare("DELETE FROM settings WHERE key = 'address'").run();
    await expect(run({ email: 'ana@teapot.example' })).rejects.toThrow('add --public-url');
    expect(findAgentById(desk.app.db, desk.ana.id)?.password_hash).toBe(
      findAgentByEmail(desk.app.db, 'olga@teapot.example')?.password_hash,
    );
  });
});

/** Sends the form with headers that a browser would not let a page set; answers with the status. */
function ask(path: string, headers: Record<string, string>): Promise<number> {
  const body = new URLSearchParams({ email: 'ana@teapot.example' }).toString();
  const { hostname, port } = new URL(doors.url);
  const form = {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
    'content-length': String(body.length),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method: 'POST', headers: { ...form, ...headers } },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on('error', reject).end(body);
  });
}
