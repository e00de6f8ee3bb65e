// Finding the servers of a mailbox and testing them, against a real IMAP and a real SMTP server.
import { createServer } from 'node:net';
import { imapSettingsOf, smtpSettingsOf } from '../../server/mail';
import { type ImapSettings, openImap } from '../../server/mail/imap';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { MAIL_PASSWORD, MAIL_USER, mailboxesOf, realMailboxFields, without } from '../support/mailbox-fields';
import { type Smtp, startSmtp } from '../support/smtp';

let dovecot: Dovecot;
let smtp: Smtp;
let desk: Desk;
let doors: Doors;
let olga: Person;

beforeAll(async () => {
  dovecot = await startDovecot();
  smtp = await startSmtp({ auth: { user: MAIL_USER, password: MAIL_PASSWORD }, tls: true });
});
afterAll(async () => {
  await dovecot.remove();
  await smtp.stop();
});
beforeEach(async () => {
  desk = openDesk({ hooks: { mailboxesChanged: async () => undefined } });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const form = (more: Record<string, string> = {}) => realMailboxFields(dovecot, smtp, more);
const only = () => mailboxesOf(desk)[0]!;
const sealedIn = (html: string, name = 'imapTyped') =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';

test('from an address at Gmail come its servers, and the word about app passwords', async () => {
  const page = await olga.post('/settings/mailboxes/suggestion', { address: 'teapot.firm@gmail.com' });
  expect(page.status).toBe(200);
  expect(page.html).toContain('value="imap.gmail.com"');
  expect(page.html).toContain('value="smtp.gmail.com"');
  expect(page.html).toContain('app password');
  expect(page.html).toContain('App passwords');
  expect(mailboxesOf(desk)).toEqual([]);
});

test('an address at Microsoft 365 asks for neither servers nor a password: it is signed in there', async () => {
  const page = await olga.post('/settings/mailboxes/suggestion', { address: 'desk@teapot.onmicrosoft.com' });
  expect(page.html).toContain('Microsoft lets programs in without a password');
  expect(page.html).toContain('value="desk@teapot.onmicrosoft.com"');
  expect(page.html).not.toMatch(/name="(imapHost|imapPassword)"/);
});

test('at Google there is the choice: a password for programs, or signing in there', async () => {
  const address = 'teapot.firm@gmail.com';
  const page = await olga.post('/settings/mailboxes/suggestion', { address });
  expect(page.html).toContain('Sign in at Gmail instead of a password');
  const other = await olga.post('/settings/mailboxes/suggestion', { address, by: 'oauth' });
  expect(other.html).toContain('name="provider" value="google"');
  expect(other.html).not.toContain('name="shared"');
});

test('an address that is no address stays in its field', async () => {
  const page = await olga.post('/settings/mailboxes/suggestion', { address: 'desk@' });
  expect(page.status).toBe(422);
  expect(page.html).toContain('value="desk@"');
  expect(page.html).toContain('This is not a complete e-mail address.');
});

test('Test shows what both servers really say, stores nothing, and keeps the typed password without showing it', async () => {
  const page = await olga.post('/settings/mailboxes/test', form());
  expect(page.status).toBe(200);
  expect(page.html).toContain('Both ways work.');
  expect(page.html).toContain('Dovecot');
  expect(page.html).toContain('ready');
  expect(page.html).not.toContain(MAIL_PASSWORD);
  expect(mailboxesOf(desk)).toEqual([]);

  const sealed = { imapTyped: sealedIn(page.html), smtpTyped: sealedIn(page.html, 'smtpTyped') };
  expect((await olga.post('/settings/mailboxes', form({ imapPassword: '', ...sealed }))).status).toBe(303);
  expect(imapSettingsOf(desk.app, only())).toMatchObject({ user: MAIL_USER, password: MAIL_PASSWORD });
  expect(smtpSettingsOf(desk.app, only())).toMatchObject({ user: MAIL_USER, password: MAIL_PASSWORD });
});

test('a wrong password shows the server’s literal answer, at the server that said it', async () => {
  const page = await olga.post('/settings/mailboxes/test', form({ imapPassword: 'not it' }));
  expect(page.html).toContain('It does not work yet.');
  expect(page.html).toContain('Signing in: The server refused.');
  expect(page.html).toContain('Check user name and password.');
  expect(page.html).toContain('NO [AUTHENTICATIONFAILED] Authentication failed.');
  expect(page.html).toContain(`value="${MAIL_USER}"`);
});

test('a certificate that nobody vouches for shows its fingerprint and can be trusted', async () => {
  const page = await olga.post('/settings/mailboxes/test', without(form(), 'imapFingerprint'));
  expect(page.html).toContain('The server’s certificate is not trusted.');
  expect(page.html).toMatch(
    new RegExp(`name="imapFingerprint" value="${dovecot.certificate.fingerprint}"(?! checked)`),
  );
  await olga.post('/settings/mailboxes', form());
  expect(JSON.parse(only().imap ?? '{}')).toMatchObject({
    trustedFingerprint: dovecot.certificate.fingerprint,
  });
});

test('AC-33: where no mail server greets, every host and port gets the same answer', async () => {
  const talker = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nsecret of the house'));
  await new Promise<void>((ready) => talker.listen(0, '127.0.0.1', ready));
  const open = (talker.address() as { port: number }).port;
  const answers = [];
  for (const imapPort of [String(open), '1']) {
    const page = await olga.post(
      '/settings/mailboxes/test',
      form({ imapPort, imapSecurity: 'none', usesSmtp: 'on' }),
    );
    expect(page.html).not.toContain('secret of the house');
    answers.push(/notice--error notice--slim[\s\S]*?<p>([^<]*)</.exec(page.html)?.[1]?.replace(/^\w+: /, ''));
  }
  talker.close();
  expect(answers).toEqual(Array(2).fill('No mail server answers there. Check server, port and encryption.'));
});

test('a password sealed for a test opens only for the same agent, server and hour', async () => {
  const tested = await olga.post('/settings/mailboxes/test', form());
  const again = (more: Record<string, string>) =>
    form({ imapPassword: '', imapTyped: sealedIn(tested.html), ...more });
  const save = (person: Person, more: Record<string, string> = {}) =>
    person.post('/settings/mailboxes', again(more));

  expect((await save(olga, { imapHost: 'imap.evil.example' })).status).toBe(422);
  expect((await save(doors.as(desk.agent('Adam', 'admin')))).status).toBe(422);
  const typed = sealedIn(tested.html);
  const changed = typed.slice(0, -1) + (typed.endsWith('0') ? '1' : '0');
  expect((await save(olga, { imapTyped: changed })).status).toBe(422);
  expect((await save(olga, { imapTyped: 'x' })).status).toBe(422);
  desk.clock.pass(3_600_000);
  expect((await save(olga)).status).toBe(422);
  expect(mailboxesOf(desk)).toEqual([]);
});

test('the settings that are stored open the mailbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const settings = imapSettingsOf(desk.app, only()) as ImapSettings;
  const opened = await openImap(settings);
  expect(opened.ok).toBe(true);
  if (opened.ok) await opened.imap.close();
});
