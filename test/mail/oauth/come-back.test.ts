// Coming back from a provider: what has to be the same as when one was sent there, and everything that is refused.
import { type MailHouse, type OAuthDesk, openMailHouse, openOAuthDesk } from '../../support/oauth-desk';
import { OAUTH_FIELDS } from '../../support/oauth-fields';

let house: MailHouse;
let desk: OAuthDesk;

beforeAll(async () => {
  house = await openMailHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  desk = await openOAuthDesk(house);
});
afterEach(async () => {
  house.authority.ways = { life: 3_600 };
  await desk.close();
});

let mailboxes = 0;
/** An address that no test has used, which this account opens. */
function opened(account?: string): string {
  mailboxes += 1;
  const address = `desk${mailboxes}@firm.test`;
  house.authority.accounts.set(account ?? address, address);
  return address;
}

const LIST = '/settings/mailboxes';

/** An address to come back to, of a sign-in that somebody began and ended well. */
async function begun() {
  const address = opened();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  return { address, mailbox, back: await house.authority.signIn(await desk.sentTo(mailbox), address) };
}
const grants = () => desk.rows('SELECT mailbox_id FROM mail_grants');
/** Sent to the list, with the sentence that it was begun elsewhere, and nothing changed. */
async function isStrange(answer: { status: number; location: string | null }, person = desk.olga) {
  expect(answer).toMatchObject({ status: 303, location: LIST });
  expect((await person.get(LIST)).html).toContain('begun in another window');
  expect(grants()).toEqual([]);
}

test('coming back with another state, or none, is not coming back from this sign-in', async () => {
  const { back } = await begun();
  await isStrange(await desk.comeBack(back.replace(/state=[\w-]+/, 'state=guessed')));
  const { back: another } = await begun();
  await isStrange(await desk.comeBack(another.replace(/&?state=[\w-]+/, '')));
  await isStrange(await desk.olga.get('/settings/mailboxes/signed-in'));
});

test('coming back in another session, even of the same agent, is not either', async () => {
  const { back } = await begun();
  const elsewhere = desk.doors.as(desk.owner);
  const name = 'hearthdesk-mail-sign-in';
  elsewhere.cookies.set(name, desk.olga.cookies.get(name) ?? '');
  await isStrange(await desk.comeBack(back, elsewhere), elsewhere);
});

test('coming back without the cookie, with a changed one, or a second time is not either', async () => {
  const { back } = await begun();
  const name = 'hearthdesk-mail-sign-in';
  const cookie = desk.olga.cookies.get(name) ?? '';
  for (const other of ['', 'x', `${cookie.slice(0, -1)}${cookie.endsWith('0') ? '1' : '0'}`]) {
    desk.olga.cookies.set(name, other);
    await isStrange(await desk.comeBack(back));
  }
  desk.olga.cookies.set(name, cookie);
  expect((await desk.comeBack(back)).location).toMatch(/mailboxes\/\d+$/);
  expect(desk.olga.cookies.has(name)).toBe(false);
  expect((await desk.comeBack(back)).location).toBe(LIST);
});

test('coming back after a quarter of an hour is too late', async () => {
  const { back } = await begun();
  desk.clock.pass(15 * 60_000);
  await isStrange(await desk.comeBack(back));
});

test('coming back with a code that is used already leaves everything as it was', async () => {
  const { back, mailbox } = await begun();
  const cookie = desk.olga.cookies.get('hearthdesk-mail-sign-in') ?? '';
  await desk.comeBack(back);
  const before = desk.rows('SELECT * FROM mail_grants');
  desk.olga.cookies.set('hearthdesk-mail-sign-in', cookie);

  const again = await desk.comeBack(back);

  expect(again.status).toBe(422);
  expect(again.html).toContain('invalid_grant: AADSTS70000');
  expect(desk.rows('SELECT * FROM mail_grants')).toEqual(before);
  expect((await desk.olga.get(`${LIST}/${mailbox.id}`)).html).not.toContain('came to nothing');
});

test('coming back with an error that we know says what it means, with the provider’s own words beneath', async () => {
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(opened());
  const refusals: [error: string, description: string | undefined, sentence: string][] = [
    ['access_denied', 'The user said no.', 'The sign-in was declined'],
    ['access_denied', 'AADSTS65004: User declined to consent.', 'The sign-in was declined'],
    ['invalid_request', 'AADSTS65001: No consent.\r\nTrace ID: 5', 'Nobody has allowed the application'],
    ['admin_policy_enforced', undefined, 'Your Google Workspace administrator blocks this application.'],
  ];
  for (const [error, description, sentence] of refusals) {
    const back = house.authority.decline(await desk.sentTo(mailbox), error, description);
    const { status, html } = await desk.comeBack(back);
    expect(status).toBe(422);
    expect(html).toContain(sentence);
    if (description) expect(html).toContain(`${error}: ${description.split('\r')[0]}`);
    expect(html).not.toContain('Trace ID');
  }
  expect(grants()).toEqual([]);
});

test('coming back with one that nobody has explained yet shows it as it came, and does nothing else with it', async () => {
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(opened());
  const words = 'AADSTS1234567: <script>alert(1)</script> something new';
  const { html } = await desk.comeBack(
    house.authority.decline(await desk.sentTo(mailbox), 'invalid_grant', words),
  );
  expect(html).toContain('invalid_grant: AADSTS1234567: &lt;script&gt;alert(1)&lt;/script&gt; something new');
  expect(html).not.toContain('<script>alert');
});

test('coming back as somebody else than the mailbox’s user name is refused, in words that say what to do', async () => {
  const address = opened();
  opened('other@firm.test');
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  const { status, html } = await desk.signIn(mailbox, 'other@firm.test');
  expect(status).toBe(422);
  expect(html).toContain(`other@firm.test signed in, but the mailbox’s user name is ${address}.`);
  expect(html).toContain('tick “A shared mailbox”');
  expect(grants()).toEqual([]);

  await desk.olga.post(`${LIST}/${mailbox.id}/oauth`, { ...OAUTH_FIELDS, address, user: 'Other@firm.test' });
  expect((await desk.signIn(mailbox, 'other@firm.test')).status).toBe(303);
});

test('coming back from a Google project in Testing is refused with the reason: it would end after a week', async () => {
  const address = opened();
  await desk.enterApplication('google');
  const mailbox = await desk.addMailbox(address, { provider: 'google' });
  house.authority.ways.refreshLife = 604_799;
  const { status, html } = await desk.signIn(mailbox, address);
  expect(status).toBe(422);
  expect(html).toContain('The Google project is in Testing, where every sign-in ends after seven days.');
  expect(grants()).toEqual([]);

  house.authority.ways.refreshLife = 90 * 86_400;
  expect((await desk.signIn(mailbox, address)).status).toBe(303);
});

test('coming back without a refresh token, or without the permission to read and send, is refused with the reason', async () => {
  const address = opened();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  house.authority.ways = { life: 3_600, withoutRefreshToken: true };
  expect((await desk.signIn(mailbox, address)).html).toContain('gave permission for an hour only');
  house.authority.ways = { life: 3_600, scopes: 'openid https://outlook.office.com/IMAP.AccessAsUser.All' };
  expect((await desk.signIn(mailbox, address)).html).toContain('Reading and sending mail was not allowed.');
  expect(grants()).toEqual([]);

  house.authority.ways = { life: 3_600, scopes: 'openid IMAP.AccessAsUser.All smtp.send' };
  expect((await desk.signIn(mailbox, address)).status).toBe(303);
});

test.each([
  [
    'a page instead of an answer',
    { status: 200, body: '<html>Sign in to the hotel’s network</html>' },
    'could not be understood',
  ],
  [
    'tokens for another application',
    {
      status: 200,
      body: JSON.stringify({
        access_token: 'x',
        refresh_token: 'y',
        id_token: `e30.${Buffer.from('{"aud":"another","email":"x@y.example"}').toString('base64url')}.`,
      }),
    },
    'could not be understood',
  ],
  ['trouble of the provider’s own', { status: 503, body: 'busy' }, 'trouble of its own'],
])('coming back to %s stores nothing', async (_, nextAnswer, sentence) => {
  const { back } = await begun();
  house.authority.ways.nextAnswer = nextAnswer;
  const { status, html } = await desk.comeBack(back);
  expect(status).toBe(422);
  expect(html).toContain(sentence);
  expect(grants()).toEqual([]);
});
