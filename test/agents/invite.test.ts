// Inviting, joining, other roles, leaving.
import { findAgentByEmail } from '../../server/agents';
import { agentOfLink, makeLink } from '../../server/agents/links';
import { writeSetting } from '../../server/settings';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { giveMailbox, givePassword, mailsOf, pathIn } from './people';

let desk: Desk;
let doors: Doors;

async function open() {
  desk = openDesk();
  await givePassword(desk, desk.owner, desk.ana);
  doors = await openDoors(desk);
}
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const KIM = { name: 'Kim Bērziņa', email: 'kim@teapot.example', role: 'agent', how: 'mail' };
const JOINING = { name: 'Kim', password: 'three cups of tea', language: 'lv', timeZone: 'Europe/Riga' };

const stateOf = (email: string) => findAgentByEmail(desk.app.db, email)?.state;
const hrefOf = (email: string) => `/settings/agents/${findAgentByEmail(desk.app.db, email)?.public_id}`;

describe('with a mailbox and a public address', () => {
  beforeEach(async () => {
    await open();
    writeSetting(desk.app, 'address', { publicUrl: 'https://desk.teapot.example' });
    giveMailbox(desk);
  });

  test('the owner invites Kim by mail; Kim sets a password and is in', async () => {
    const asked = await doors.as(desk.owner).post('/settings/agents', KIM);
    expect(asked).toMatchObject({ status: 303, location: '/settings/agents' });

    const [mail] = mailsOf(desk);
    expect(mail).toMatchObject({ to: 'kim@teapot.example', automatic: true });
    expect(mail?.text).toContain('https://desk.teapot.example/invite/');
    expect(mail?.html).toContain('https://desk.teapot.example/invite/');
    expect(asked.html).not.toContain('/invite/');

    const kim = doors.stranger();
    const page = await kim.get(pathIn(mail));
    expect(page.status).toBe(200);
    expect(page.html).toContain('kim@teapot.example');
    const joined = await kim.post(pathIn(mail), JOINING);
    expect(joined).toMatchObject({ status: 303, location: '/tickets' });
    expect((await kim.get('/settings/profile')).html).toContain('lang="lv"');
    expect(findAgentByEmail(desk.app.db, 'kim@teapot.example')).toMatchObject({
      name: 'Kim',
      role: 'agent',
      state: 'active',
      time_zone: 'Europe/Riga',
    });
    expect(
      (
        await doors
          .stranger()
          .post('/sign-in', { email: 'kim@teapot.example', password: 'three cups of tea', next: '' })
      ).status,
    ).toBe(303);
  });

  test('AC-38: joining in a browser where somebody is signed in ends that session', async () => {
    const browser = doors.as(desk.owner);
    const before = browser.cookies.get('hearthdesk') ?? '';
    await browser.post('/settings/agents', KIM);
    await browser.post(pathIn(mailsOf(desk)[0]), JOINING);
    expect((await browser.get('/settings/agents')).status).toBe(403);
    const thief = doors.stranger();
    thief.cookies.set('hearthdesk', before);
    expect((await thief.get('/tickets')).status).toBe(303);
  });

  test('AC-41: an invitation works once', async () => {
    await doors.as(desk.owner).post('/settings/agents', KIM);
    const path = pathIn(mailsOf(desk)[0]);
    await doors.stranger().post(path, JOINING);

    const again = await doors.stranger().post(path, { ...JOINING, password: 'somebody else’s tea' });
    expect(again.status).toBe(404);
    expect((await doors.stranger().get(path)).status).toBe(404);
    expect(
      (
        await doors
          .stranger()
          .post('/sign-in', { email: KIM.email, password: 'somebody else’s tea', next: '' })
      ).status,
    ).toBe(422);
  });

  test('AC-41: of two people who accept at once, one is in', async () => {
    await doors.as(desk.owner).post('/settings/agents', KIM);
    const path = pathIn(mailsOf(desk)[0]);
    const answers = await Promise.all(
      [1, 2, 3].map((n) => doors.stranger().post(path, { ...JOINING, password: `my own password ${n}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404]);
  });

  test('AC-41: an invitation ends after 72 hours, and with a newer one', async () => {
    const olga = doors.as(desk.owner);
    await olga.post('/settings/agents', KIM);
    const first = pathIn(mailsOf(desk)[0]);
    await olga.post(`${hrefOf(KIM.email)}/invitation`, { how: 'mail' });
    const second = pathIn(mailsOf(desk)[1]);
    expect((await doors.stranger().get(first)).status).toBe(404);
    expect((await doors.stranger().get(second)).status).toBe(200);

    desk.clock.pass(72 * 3_600_000 - 1);
    expect((await doors.stranger().get(second)).status).toBe(200);
    desk.clock.pass(1);
    expect((await doors.stranger().get(second)).status).toBe(404);
    expect((await doors.as(desk.owner).get('/settings/agents')).html).toContain('Invitation ran out');
  });

  test('AC-41: neither empty, array, prefix nor a link for another purpose joins', async () => {
    await doors.as(desk.owner).post('/settings/agents', KIM);
    const token = pathIn(mailsOf(desk)[0]).slice('/invite/'.length);
    for (const wrong of [
      '',
      '%00',
      token.slice(0, -1),
      `${token}x`,
      `${token}%00`,
      'null',
      'undefined',
      '[]',
      token.toUpperCase(),
    ]) {
      expect((await doors.stranger().post(`/invite/${wrong}`, JOINING)).status).toBe(404);
    }
    expect((await doors.stranger().get(`/reset-password/${token}`)).status).toBe(404);
    for (const wrong of [[token], { token }, null, 0, ''])
      expect(agentOfLink(desk.app, wrong, 'invite')).toBeUndefined();
    const reset = desk.app.db
      .tx(() => makeLink(desk.app, desk.ana.id, 'reset'))
      .slice('/reset-password/'.length);
    expect((await doors.stranger().get(`/invite/${reset}`)).status).toBe(404);
    expect(stateOf(KIM.email)).toBe('invited');
  });

  test('AC-41: only the hash of a link is stored', async () => {
    await doors.as(desk.owner).post('/settings/agents', KIM);
    const token = pathIn(mailsOf(desk)[0]).slice('/invite/'.length);
    const rows = desk.app.db.sql.prepare('SELECT hex(token_hash) AS hash FROM agent_tokens').all();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex').toUpperCase());
    expect(JSON.stringify(desk.events())).not.toContain(token);
  });

  test('AC-40: inviting an address that is known says so to the admin, and mails nobody', async () => {
    const answer = await doors
      .as(desk.owner)
      .post('/settings/agents', { ...KIM, email: 'Ana@teapot.example' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('Somebody already uses this address here.');
    expect(answer.html).toContain('value="Kim Bērziņa"');
    expect(mailsOf(desk)).toEqual([]);
  });

  test('AC-31: a name with line ends makes no header of its own', async () => {
    const answer = await doors
      .as(desk.owner)
      .post('/settings/agents', { ...KIM, name: 'Kim\r\nBcc: victim@evil.example' });
    expect(answer.status).toBe(422);
    expect(mailsOf(desk)).toEqual([]);
  });

  test('AC-10: what people are called is text in the mail, whatever it looks like', async () => {
    const name = '{link} <%= process.env %> ${1+1} {{constructor}} <b>Kim</b>';
    expect((await doors.as(desk.owner).post('/settings/agents', { ...KIM, name })).status).toBe(303);
    const [mail] = mailsOf(desk);
    expect(mail?.text).toContain(`Hello ${name},`);
    expect(mail?.html).not.toContain('<b>Kim</b>');
    expect(mail?.html).toContain('&lt;%= process.env %&gt;');
  });

  test('an owner can have the link made instead, and hand it over', async () => {
    const answer = await doors.as(desk.owner).post('/settings/agents', { ...KIM, how: 'link' });
    expect(answer.status).toBe(200);
    expect(answer.html).toContain('https://desk.teapot.example/invite/');
    expect(mailsOf(desk)).toEqual([]);
  });
});

describe('without a way to mail links', () => {
  beforeEach(open);

  test('the page shows the link once, and says why, and where that is mended', async () => {
    const olga = doors.as(desk.owner);
    expect((await olga.get('/settings/agents/new')).html).toContain(
      'The invitation will be a link that you hand over yourself.',
    );
    expect((await olga.get('/settings/agents/new')).html).toContain('href="/settings/mailboxes">Mailboxes');
    giveMailbox(desk);
    expect((await olga.get('/settings/agents/new')).html).toContain('href="/settings/firm">Firm');
    const answer = await olga.post('/settings/agents', KIM);
    const path = /\/invite\/[\w-]{43}/.exec(answer.html)?.[0] ?? '';
    expect(answer.html).toContain(`${doors.url}${path}`);
    expect((await olga.get('/settings/agents')).html).not.toContain('/invite/');
    expect((await doors.stranger().post(path, JOINING)).status).toBe(303);
  });
});
