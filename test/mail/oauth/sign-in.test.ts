// Signing a mailbox in at its provider: the way there and back, real mail servers that take the token, and every refusal.
import { systemClock } from '../../../server/lib/clock';
import { unseal } from '../../../server/lib/secret-box';
import { imapSettingsOf } from '../../../server/mail';
import { MailboxReader } from '../../../server/mail/mailbox-reader';
import { Sender } from '../../../server/mail/sender';
import { CLIENT } from '../../support/authority';
import { mailboxFields } from '../../support/mailbox-fields';
import { type MailHouse, type OAuthDesk, openMailHouse, openOAuthDesk } from '../../support/oauth-desk';
import { OAUTH_FIELDS } from '../../support/oauth-fields';
import { until } from '../../support/until';
import { reply } from '../../support/writing';

let house: MailHouse;
let desk: OAuthDesk;
let reader: MailboxReader | undefined;

beforeAll(async () => {
  house = await openMailHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  desk = await openOAuthDesk(house, { clock: systemClock });
});
afterEach(async () => {
  await reader?.stop();
  reader = undefined;
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

const mail = (to: string, subject: string) =>
  `From: Carla <carla@mail.example>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}.${to}>\r\n\r\nHello\r\n`;

test('a mailbox without a password: somebody signs in once, and mails come in and answers go out', async () => {
  const address = opened();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  expect((await desk.olga.get(`/settings/mailboxes/${mailbox.id}`)).html).toContain('Not signed in yet');

  const back = await desk.signIn(mailbox, address);

  expect(back).toMatchObject({ status: 303, location: `/settings/mailboxes/${mailbox.id}` });
  expect((await desk.olga.get(`/settings/mailboxes/${mailbox.id}`)).html).toContain(
    `Signed in as ${address}`,
  );
  expect(desk.events('mailbox.signed-in')).toHaveLength(1);

  reader = new MailboxReader(desk.app, mailbox.id);
  reader.start();
  await until('the mailbox is read', () => desk.now(mailbox).last_fetch_at !== null);
  house.dovecot.deliver(address, mail(address, 'Broken'));
  await until('the mail is a ticket', () => desk.rows('SELECT id FROM tickets').length === 1);
  const [ticket] = desk.rows<{ id: number }>('SELECT id FROM tickets');
  reply(desk, desk.ticketNow(ticket!), 'It will be mended.');
  await new Sender(() => desk.app).sendDue();

  const [sent] = house.smtp.mails.splice(0);
  expect(sent?.envelope).toEqual({ from: address, to: ['carla@mail.example'] });
  expect(desk.queuedMails()).toMatchObject([{ state: 'sent' }]);
  expect(imapSettingsOf(desk.app, desk.now(mailbox))?.password).toBe('');
});

test('a shared mailbox: somebody signs in under a name of their own, and the mailbox is opened under its own', async () => {
  const address = opened('boss@firm.test');
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address, { shared: 'on' });
  const asked = new URL(await desk.sentTo(mailbox)).searchParams;
  expect([asked.get('prompt'), asked.get('login_hint')]).toEqual(['select_account', null]);

  await desk.signIn(mailbox, 'boss@firm.test');

  const { html } = await desk.olga.post(`/settings/mailboxes/${mailbox.id}/oauth/test`);
  expect(html).toContain('Both ways work.');
  expect(html).toContain('Signed in as boss@firm.test');
});

test('whoever is sent there brings the firm’s application, exact permissions, PKCE, and the address to come back to', async () => {
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(opened());
  const address = new URL(await desk.sentTo(mailbox));

  expect(address.pathname).toBe('/firm.test/authorize');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: 'desk-application',
    response_type: 'code',
    redirect_uri: `${desk.doors.url}/settings/mailboxes/signed-in`,
    scope:
      'openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send',
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    login_hint: mailbox.address,
  });
  await desk.enterApplication('google');
  const gmail = await desk.addMailbox(opened(), { provider: 'google' });
  expect(Object.fromEntries(new URL(await desk.sentTo(gmail)).searchParams)).toMatchObject({
    scope: 'openid email https://mail.google.com/',
    access_type: 'offline',
    prompt: 'consent',
  });
});

const fieldsOf = (address: string) => ({ ...OAUTH_FIELDS, address });

test('AC-46: agents and viewers neither begin nor end a sign-in, nor see the application', async () => {
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(opened());
  for (const person of [desk.doors.as(desk.ana), desk.doors.as(desk.agent('Vera', 'viewer'))]) {
    for (const path of [
      'applications/microsoft',
      `${mailbox.id}/sign-in`,
      `${mailbox.id}/oauth`,
      'signed-in?state=x',
    ])
      expect((await person.get(`/settings/mailboxes/${path}`)).status).toBe(403);
    for (const path of ['applications/microsoft', 'oauth', `${mailbox.id}/oauth`, `${mailbox.id}/oauth/test`])
      expect((await person.post(`/settings/mailboxes/${path}`, OAUTH_FIELDS)).status).toBe(403);
  }
});

test('P11: neither secrets nor tokens are in any page, address, log, event, or readable in the database', async () => {
  const lines: string[] = [];
  const capture = (facts: object, message: string) => void lines.push(JSON.stringify({ facts, message }));
  desk.app.log = { info: capture, warn: capture, error: capture };
  const address = opened();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  const back = await house.authority.signIn(await desk.sentTo(mailbox), address);
  const cookie = desk.olga.cookies.get('hearthdesk-mail-sign-in') ?? '';
  await desk.comeBack(back);
  await desk.olga.post(`/settings/mailboxes/${mailbox.id}/oauth/test`);
  const { refresh_token, access_token } = desk.rows<{ refresh_token: Buffer; access_token: Buffer }>(
    'SELECT * FROM mail_grants',
  )[0]!;
  const secrets = [
    CLIENT.clientSecret,
    unseal(desk.app.key, refresh_token),
    unseal(desk.app.key, access_token),
    house.authority.asked.at(-1)?.['code_verifier'] ?? '',
  ];
  expect(secrets.every((secret) => secret.length > 20)).toBe(true);

  const pages = await Promise.all(
    [
      '/settings/mailboxes',
      `/settings/mailboxes/${mailbox.id}`,
      '/settings/mailboxes/applications/microsoft',
    ].map((path) => desk.olga.get(path)),
  );
  const seen = [
    ...pages.map(({ html }) => html),
    Buffer.from(desk.app.db.sql.serialize()).toString('latin1'),
    lines.join('\n'),
    JSON.stringify(desk.events()),
    back,
    cookie,
  ];
  for (const secret of secrets) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
});

test('removing the mailbox, or giving it a password, ends the permission here', async () => {
  const address = opened();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(address);
  await desk.signIn(mailbox, address);
  const grants = () => desk.rows('SELECT mailbox_id FROM mail_grants');
  const page = `/settings/mailboxes/${mailbox.id}`;
  await desk.olga.post(`${page}/oauth`, { ...fieldsOf(address), senderName: 'Somebody else' });
  expect(grants()).toHaveLength(1);

  await desk.olga.post(page, mailboxFields({ address }));
  expect(desk.now(mailbox).oauth).toBeNull();
  expect(grants()).toEqual([]);

  await desk.olga.post(`${page}/oauth`, fieldsOf(address));
  await desk.signIn(mailbox, address);
  expect(grants()).toHaveLength(1);
  await desk.olga.post(`${page}/removal`);
  expect(grants()).toEqual([]);
});
