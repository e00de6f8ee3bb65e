// Tokens while the server runs: renewed in time, by one caller at a time, kept before they are used, and loud when they are over.
import { unseal } from '../../../server/lib/secret-box';
import { countMailTrouble, refreshEndingTokens } from '../../../server/mail';
import { testImap } from '../../../server/mail/imap';
import { accessTokenOf } from '../../../server/mail/oauth/access-token';
import { isSignInRefused, withToken } from '../../../server/mail/oauth/with-token';
import { Sender } from '../../../server/mail/sender';
import { type MailHouse, type OAuthDesk, openMailHouse, openOAuthDesk } from '../../support/oauth-desk';
import { OAUTH_FIELDS } from '../../support/oauth-fields';
import { until } from '../../support/until';
import { reply } from '../../support/writing';

const MINUTE = 60_000;
const ADDRESS = 'support@firm.test';

let house: MailHouse;
let desk: OAuthDesk;
let id: number;

beforeAll(async () => {
  house = await openMailHouse();
  house.authority.accounts.set(ADDRESS, ADDRESS);
});
afterAll(() => house.close());
beforeEach(async () => {
  desk = await openOAuthDesk(house);
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(ADDRESS);
  await desk.signIn(mailbox, ADDRESS);
  id = mailbox.id;
  house.authority.asked.length = 0;
});
afterEach(async () => {
  house.authority.ways = { life: 3_600 };
  await desk.close();
});

const mailbox = () => desk.now({ id });
const token = () => accessTokenOf(desk.app, mailbox());
const asked = () => house.authority.asked.length;
const stored = () => {
  const [grant] = desk.rows<{ refresh_token: Buffer; access_token: Buffer; problem: string | null }>(
    'SELECT * FROM mail_grants',
  );
  return {
    refresh: unseal(desk.app.key, grant!.refresh_token),
    access: unseal(desk.app.key, grant!.access_token),
    problem: grant!.problem,
  };
};
const reads = () => {
  const { imap } = house.providers.microsoft;
  const settings = { ...imap, user: ADDRESS, password: '' };
  return withToken(desk.app, mailbox(), settings, (ready) => testImap(ready), isSignInRefused);
};
const shown = async () => (await desk.olga.get('/settings/mailboxes')).html;

test('a token that lasts is used as it is; one that soon ends is renewed first', async () => {
  const first = stored().access;
  desk.clock.pass(50 * MINUTE);
  expect(await token()).toEqual({ ok: true, accessToken: first });
  expect(asked()).toBe(0);

  desk.clock.pass(6 * MINUTE);
  const next = await token();
  expect(next).toEqual({ ok: true, accessToken: stored().access });
  expect(next).not.toEqual({ ok: true, accessToken: first });
  expect(house.authority.asked).toMatchObject([{ grant_type: 'refresh_token' }]);
});

test('the refresh token that comes back takes the place of the one that was used up, again and again', async () => {
  const seen = new Set([stored().refresh]);
  for (let n = 0; n < 3; n++) {
    desk.clock.pass(59 * MINUTE);
    expect(await token()).toMatchObject({ ok: true });
    seen.add(stored().refresh);
  }
  expect(seen.size).toBe(4);
  expect(house.authority.asked.map((fields) => fields['refresh_token'])).toEqual([...seen].slice(0, 3));
});

test('whoever needs one at the same time waits for the same answer', async () => {
  desk.clock.pass(59 * MINUTE);
  let release = () => {};
  house.authority.ways.hold = new Promise((resolve) => {
    release = resolve;
  });
  const all = [token(), token(), reads(), token(), refreshEndingTokens(desk.app)];
  release();
  const [first, second, read, third] = await Promise.all(all);

  expect(asked()).toBe(1);
  expect(first).toMatchObject({ ok: true });
  expect([second, third]).toEqual([first, first]);
  expect(read).toMatchObject({ ok: true });
});

test('the clock renews before anybody needs it, and leaves alone what lasts or is over', async () => {
  expect(await refreshEndingTokens(desk.app)).toBe(0);
  desk.clock.pass(46 * MINUTE);
  expect(await refreshEndingTokens(desk.app)).toBe(1);
  expect(asked()).toBe(1);
  expect(await refreshEndingTokens(desk.app)).toBe(0);

  house.authority.revoke(ADDRESS);
  desk.clock.pass(46 * MINUTE);
  await refreshEndingTokens(desk.app);
  await refreshEndingTokens(desk.app);
  expect(asked()).toBe(2);
});

test('a token that the mail server refuses although it lasts is renewed once, and the mailbox is read', async () => {
  house.authority.forgetAccessTokens();
  expect(await reads()).toMatchObject({ ok: true });
  expect(asked()).toBe(1);
});

test('so it is when a mail is sent, and it leaves once', async () => {
  const ticket = desk.ticketFrom('Carla', 'Broken', 'Hello', mailbox());
  reply(desk, ticket, 'It will be mended.');
  house.authority.forgetAccessTokens();

  await new Sender(() => desk.app).sendDue();

  expect(asked()).toBe(1);
  expect(house.smtp.mails.splice(0)).toHaveLength(1);
  expect(desk.queuedMails()).toMatchObject([{ state: 'sent' }]);
});

test('a mail server that refuses the new one too is not asked a third time', async () => {
  house.authority.accounts.set(ADDRESS, 'another@firm.test');
  const result = await reads();
  house.authority.accounts.set(ADDRESS, ADDRESS);

  expect(result).toMatchObject({ ok: false, stage: 'sign-in', code: 'refused' });
  expect(JSON.stringify(result)).not.toContain(stored().access);
  expect(asked()).toBe(1);
});

test('a permission that was withdrawn shows at once, with the way to sign in again; signing in again mends it', async () => {
  house.authority.revoke(ADDRESS);
  expect(await reads()).toMatchObject({ ok: false, code: 'no-token', answer: 'AADSTS50173' });

  expect(countMailTrouble(desk.app.db)).toBe(1);
  const html = await shown();
  expect(html).toContain('Failing');
  expect(html).toContain('password was changed or its sign-ins were ended. Sign in again.');
  expect(html).toContain(`href="${desk.doors.url}/settings/mailboxes/${id}/sign-in"`);
  expect((await desk.olga.get('/settings/mailboxes')).html).toContain('Sign in again at Microsoft');
  await reads();
  expect(asked()).toBe(1);

  await desk.signIn({ id }, ADDRESS);
  expect(await reads()).toMatchObject({ ok: true });
  expect(await shown()).not.toContain('Failing');
  expect(countMailTrouble(desk.app.db)).toBe(0);
});

test('O1: a reply that has no permission to leave with waits, says why, and leaves after somebody signed in', async () => {
  const ticket = desk.ticketFrom('Carla', 'Broken', 'Hello', mailbox());
  house.authority.revoke(ADDRESS);
  reply(desk, ticket, 'It will be mended.');
  await new Sender(() => desk.app).sendDue();

  expect(house.smtp.mails).toEqual([]);
  expect(desk.queuedMails()).toMatchObject([{ state: 'waiting' }]);
  expect(desk.rows('SELECT outcome, answer FROM outbox_attempts')).toEqual([
    { outcome: 'unreachable', answer: 'AADSTS50173' },
  ]);

  await desk.signIn({ id }, ADDRESS);
  desk.clock.pass(30 * MINUTE);
  await new Sender(() => desk.app).sendDue();
  expect(house.smtp.mails.splice(0)).toHaveLength(1);
});

test('trouble of the provider’s own ends nothing: the token at hand is used while it lasts, then it is tried again', async () => {
  const busy = { status: 503, body: '{"error":"temporarily_unavailable"}' };
  const { access } = stored();
  desk.clock.pass(57 * MINUTE);
  house.authority.ways.nextAnswer = busy;
  expect(await token()).toEqual({ ok: true, accessToken: access });

  desk.clock.pass(5 * MINUTE);
  house.authority.ways.nextAnswer = busy;
  expect(await token()).toMatchObject({ ok: false, code: 'no-token', answer: 'temporarily_unavailable' });
  expect(stored().problem).toBeNull();
  expect(await token()).toMatchObject({ ok: true });
});

test('a client secret that has ended is said, ends no permission, and is mended by a new one', async () => {
  const ended = {
    error: 'invalid_client',
    error_description: 'AADSTS7000222: The provided client secret keys are expired.',
  };
  house.authority.ways.nextAnswer = { status: 401, body: JSON.stringify(ended) };
  desk.clock.pass(61 * MINUTE);
  const refused = await token();
  expect(refused).toMatchObject({ ok: false, answer: 'AADSTS7000222' });
  desk.app.db.sql.prepare("UPDATE mailboxes SET last_error = 'AADSTS7000222', failing_since = 1").run();

  const html = await shown();
  expect(html).toContain('The client secret has ended. Make a new one there and enter it here.');
  expect(html).toContain(`href="/settings/mailboxes/applications/microsoft?mailbox=${id}"`);
  expect(stored().problem).toBeNull();
  await desk.enterApplication();
  expect(await token()).toMatchObject({ ok: true });
});

test('another application, or another directory, makes a new sign-in necessary; another secret does not', async () => {
  await desk.enterApplication('microsoft', { clientSecret: '' });
  expect(stored().problem).toBeNull();
  await desk.enterApplication('microsoft', { tenant: 'other.test' });
  expect(stored().problem).toBe('application-changed');
  expect(await token()).toMatchObject({ ok: false, answer: 'application-changed' });
  expect(await shown()).toContain('The application was changed, so somebody has to sign in again.');
  expect(asked()).toBe(0);
});

test('an answer that comes after somebody signed in anew changes nothing of the new permission', async () => {
  desk.clock.pass(59 * MINUTE);
  let release = () => {};
  house.authority.ways.hold = new Promise((resolve) => {
    release = resolve;
  });
  const late = token();
  await until('the provider was asked', () => asked() === 1);
  delete house.authority.ways.hold;
  expect((await desk.signIn({ id }, ADDRESS)).status).toBe(303);
  house.authority.ways.nextAnswer = { status: 400, body: '{"error":"invalid_grant"}' };
  release();

  expect(await late).toEqual({ ok: true, accessToken: stored().access });
  expect(stored().problem).toBeNull();
});

test('AC-33: the mailbox of a provider cannot be pointed at another server by any form', async () => {
  const page = `/settings/mailboxes/${id}/oauth`;
  const before = mailbox();
  for (const field of ['imapHost', 'smtpHost', 'host', 'tokenUrl', 'trustedFingerprint']) {
    const answer = await desk.olga.post(page, { ...OAUTH_FIELDS, [field]: 'evil.example' });
    expect(answer.status).toBe(422);
  }
  expect(mailbox()).toEqual(before);
});
