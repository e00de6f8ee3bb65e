// Setting up mailboxes in the browser, against a real IMAP and a real SMTP server.
import { createServer } from 'node:net';
import { imapSettingsOf, smtpSettingsOf } from '../../server/mail';
import { type ImapSettings, openImap } from '../../server/mail/imap';
import type { MailboxRow } from '../../server/mail/mailbox';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { type Smtp, startSmtp } from '../support/smtp';

const PASSWORD = 'correct horse';
const USER = 'desk@example.test';
let dovecot: Dovecot;
let smtp: Smtp;
let desk: Desk;
let doors: Doors;
let olga: Person;
let wakened: number;

beforeAll(async () => {
  dovecot = await startDovecot();
  smtp = await startSmtp({ auth: { user: USER, password: PASSWORD }, tls: true });
});
afterAll(async () => {
  await dovecot.remove();
  await smtp.stop();
});
beforeEach(async () => {
  wakened = 0;
  const mailboxesChanged = async () => {
    wakened += 1;
  };
  desk = openDesk({ hooks: { mailboxesChanged } });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

/** As the page sends it when everything is right. */
const form = (more: Record<string, string> = {}): Record<string, string> => ({
  address: USER,
  senderName: 'Teapot support',
  usesImap: 'on',
  imapHost: dovecot.host,
  imapPort: String(dovecot.tlsPort),
  imapSecurity: 'tls',
  imapUser: '',
  imapPassword: PASSWORD,
  imapFingerprint: dovecot.certificate.fingerprint,
  imapFolder: '',
  usesSmtp: 'on',
  smtpSameLogin: 'on',
  smtpHost: smtp.host,
  smtpPort: String(smtp.port),
  smtpSecurity: 'tls',
  smtpUser: '',
  smtpPassword: '',
  smtpFingerprint: smtp.certificate.fingerprint,
  firstFetch: 'now',
  firstFetchDays: '30',
  reopenClosed: 'days',
  reopenDays: '30',
  undoSeconds: '10',
  ...more,
});

const mailboxes = () =>
  desk.app.db.sql.prepare('SELECT * FROM mailboxes WHERE is_local = 0 ORDER BY id').all() as MailboxRow[];
const only = () => mailboxes()[0] as MailboxRow;
const sealedIn = (html: string, name = 'imapTyped') =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
const without = (fields: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

test('from an address at Gmail come its servers, and the word about app passwords', async () => {
  const page = await olga.post('/settings/mailboxes/suggestion', { address: 'teapot.firm@gmail.com' });
  expect(page.status).toBe(200);
  expect(page.html).toContain('value="imap.gmail.com"');
  expect(page.html).toContain('value="smtp.gmail.com"');
  expect(page.html).toContain('app password');
  expect(page.html).toContain('App passwords');
  expect(mailboxes()).toEqual([]);
});

test('Microsoft 365 gets an honest word', async () => {
  const page = await olga.post('/settings/mailboxes/suggestion', { address: 'desk@teapot.onmicrosoft.com' });
  expect(page.html).toContain('Microsoft 365 takes no passwords from programs any more');
  expect(page.html).toContain('let Microsoft 365 forward this address');
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
  expect(page.html).not.toContain(PASSWORD);
  expect(mailboxes()).toEqual([]);

  const sealed = { imapTyped: sealedIn(page.html), smtpTyped: sealedIn(page.html, 'smtpTyped') };
  expect((await olga.post('/settings/mailboxes', form({ imapPassword: '', ...sealed }))).status).toBe(303);
  expect(imapSettingsOf(desk.app, only())).toMatchObject({ user: USER, password: PASSWORD });
  expect(smtpSettingsOf(desk.app, only())).toMatchObject({ user: USER, password: PASSWORD });
});

test('a wrong password shows the server’s literal answer, at the server that said it', async () => {
  const page = await olga.post('/settings/mailboxes/test', form({ imapPassword: 'not it' }));
  expect(page.html).toContain('It does not work yet.');
  expect(page.html).toContain('Signing in: The server refused.');
  expect(page.html).toContain('NO [AUTHENTICATIONFAILED] Authentication failed.');
  expect(page.html).toContain(`value="${USER}"`);
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

test('saving stores both passwords sealed, wakes the readers and leads to the list', async () => {
  expect(await olga.post('/settings/mailboxes', form())).toMatchObject({
    status: 303,
    location: '/settings/mailboxes',
  });
  expect(wakened).toBe(1);
  const row = only();
  expect(row).toMatchObject({ address: USER, sender_name: 'Teapot support', first_fetch_days: 0 });
  expect(
    `${row.imap} ${row.smtp} ${row.imap_secret?.toString('latin1')} ${row.smtp_secret?.toString('latin1')}`,
  ).not.toContain(PASSWORD);
  const list = await olga.get('/settings/mailboxes');
  expect(list.html).toContain(USER);
  expect(list.html).toContain('Not fetched yet');
  expect(desk.events('mailbox.added')).toHaveLength(1);
  expect(JSON.stringify(desk.events())).not.toContain('example.test');
});

test('M5: the first connection is asked about: from now on, or the last days', async () => {
  await olga.post('/settings/mailboxes', form({ firstFetch: 'days', firstFetchDays: '90' }));
  expect(only().first_fetch_days).toBe(90);
  const wrong = await olga.post(
    '/settings/mailboxes',
    form({ address: 'two@example.test', firstFetch: 'days', firstFetchDays: 'many' }),
  );
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('id="field-firstFetchDays-error"');
  expect(mailboxes()).toHaveLength(1);
});

test('M5: once the mailbox was read, the question is gone and its answer stays', async () => {
  await olga.post('/settings/mailboxes', form({ firstFetch: 'days', firstFetchDays: '90' }));
  const { id } = only();
  desk.app.db.sql.prepare("INSERT INTO mail_cursors VALUES (?, 'INBOX', 7, 12, 0)").run(id);
  expect((await olga.get(`/settings/mailboxes/${id}`)).html).not.toContain('name="firstFetch"');
  await olga.post(`/settings/mailboxes/${id}`, form({ firstFetch: 'now' }));
  expect(only().first_fetch_days).toBe(90);
});

test('the form of a stored mailbox never shows a password, and an empty field keeps it', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  const page = await olga.get(`/settings/mailboxes/${id}`);
  expect(page.html).not.toContain(PASSWORD);
  expect(page.html).toContain('Known already. Leave it empty to keep it.');
  expect(
    (await olga.post(`/settings/mailboxes/${id}`, form({ senderName: 'Help', imapPassword: '' }))).status,
  ).toBe(303);
  expect(only().sender_name).toBe('Help');
  expect(imapSettingsOf(desk.app, only())?.password).toBe(PASSWORD);
  expect(smtpSettingsOf(desk.app, only())?.password).toBe(PASSWORD);
});

test('a stored password goes to no other server and no other user name', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  const elsewhere: Record<string, string>[] = [
    { imapHost: 'imap.evil.example' },
    { imapUser: 'other@example.test' },
  ];
  for (const more of elsewhere) {
    for (const path of [`/settings/mailboxes/${id}/test`, `/settings/mailboxes/${id}`]) {
      const page = await olga.post(path, form({ imapPassword: '', ...more }));
      expect(page.status).toBe(422);
      expect(page.html).toContain('Server or user name changed, so type the password again.');
    }
  }
  expect(imapSettingsOf(desk.app, only())?.host).toBe(dovecot.host);
});

test('a password sealed for a test opens only for the same agent, server and hour', async () => {
  const tested = await olga.post('/settings/mailboxes/test', form());
  const again = (more: Record<string, string>) =>
    form({ imapPassword: '', imapTyped: sealedIn(tested.html), ...more });
  const save = (person: Person, more: Record<string, string> = {}) =>
    person.post('/settings/mailboxes', again(more));

  expect((await save(olga, { imapHost: 'imap.evil.example' })).status).toBe(422);
  expect((await save(doors.as(desk.agent('Adam', 'admin')))).status).toBe(422);
  expect((await save(olga, { imapTyped: `${sealedIn(tested.html).slice(0, -1)}0` })).status).toBe(422);
  expect((await save(olga, { imapTyped: 'x' })).status).toBe(422);
  desk.clock.pass(3_600_000);
  expect((await save(olga)).status).toBe(422);
  expect(mailboxes()).toEqual([]);
});

test('wrong fields come back together, each with its error, and everything typed is kept', async () => {
  const page = await olga.post(
    '/settings/mailboxes',
    form({ imapHost: 'imap..example', imapPort: '99999', smtpHost: '', imapPassword: '' }),
  );
  expect(page.status).toBe(422);
  for (const field of ['imapHost', 'imapPort', 'smtpHost', 'imapPassword'])
    expect(page.html).toContain(`id="field-${field}-error"`);
  expect(page.html).toContain('value="imap..example"');
  expect(page.html).toContain('value="99999"');
});

test('a server that is not used may stay empty', async () => {
  const fields = without(
    form({ imapHost: '', imapPort: '', imapPassword: '', smtpUser: USER, smtpPassword: PASSWORD }),
    'usesImap',
    'smtpSameLogin',
  );
  expect((await olga.post('/settings/mailboxes', fields)).status).toBe(303);
  expect(only()).toMatchObject({ imap: null, imap_secret: null });
  expect((await olga.get('/settings/mailboxes')).html).toContain('Sends only');
});

test('AC-31: no field takes a line end', async () => {
  for (const field of ['senderName', 'imapHost', 'imapUser', 'imapFolder', 'smtpUser']) {
    const page = await olga.post('/settings/mailboxes', form({ [field]: 'x\r\nBcc: v@evil.example' }));
    expect(page.status).toBe(422);
  }
  expect(mailboxes()).toEqual([]);
});

test('one address is one mailbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const page = await olga.post('/settings/mailboxes', form({ address: 'DESK@example.test' }));
  expect(page.status).toBe(422);
  expect(page.html).toContain('This address is a mailbox here already.');
  expect((await olga.post('/settings/mailboxes/suggestion', { address: 'Desk@example.test' })).status).toBe(
    422,
  );
  expect(mailboxes()).toHaveLength(1);
});

test('removing asks first, deletes both passwords and keeps the tickets; added again it begins anew', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  desk.app.db.sql.prepare("INSERT INTO mail_cursors VALUES (?, 'INBOX', 7, 12, 0)").run(id);
  expect((await olga.get(`/settings/mailboxes/${id}/removal`)).html).toContain('Tickets and messages stay.');
  expect((await olga.post(`/settings/mailboxes/${id}/removal`)).location).toBe('/settings/mailboxes');
  expect(only()).toMatchObject({ imap: null, imap_secret: null, smtp: null, smtp_secret: null });
  expect((await olga.get(`/settings/mailboxes/${id}`)).status).toBe(404);
  expect((await olga.get('/settings/mailboxes')).html).toContain('No mailbox yet');

  await olga.post('/settings/mailboxes', form({ firstFetch: 'days', firstFetchDays: '7' }));
  expect(only()).toMatchObject({ id, deleted_at: null, first_fetch_days: 7 });
  expect(desk.app.db.sql.prepare('SELECT count(*) FROM mail_cursors').pluck().get()).toBe(0);
  expect(wakened).toBe(3);
});

test('a mailbox can take over the address of one that was removed', async () => {
  await olga.post('/settings/mailboxes', form());
  await olga.post(`/settings/mailboxes/${only().id}/removal`);
  await olga.post('/settings/mailboxes', form({ address: 'help@example.test' }));
  const [, help] = mailboxes();
  expect((await olga.post(`/settings/mailboxes/${help?.id}`, form())).status).toBe(303);
  expect(mailboxes()[1]).toMatchObject({ address: USER, deleted_at: null });
});

test('how a mailbox is doing stands in the list: since when it fails, in the server’s words', async () => {
  await olga.post('/settings/mailboxes', form());
  const now = desk.clock.now();
  desk.app.db.sql
    .prepare('UPDATE mailboxes SET failing_since = ?, last_error = ?')
    .run(now, 'NO [AUTHENTICATIONFAILED] <b>Go away</b>');
  const page = await olga.get('/settings/mailboxes');
  expect(page.html).toContain('Failing');
  expect(page.html).toContain('NO [AUTHENTICATIONFAILED] &lt;b&gt;Go away&lt;/b&gt;');
  expect(page.html).toContain(new Date(now).toISOString());
  desk.app.db.sql.prepare("UPDATE mailboxes SET last_error = 'no-such-host'").run();
  desk.app.db.tx(() => undefined);
  expect((await olga.get('/settings/mailboxes')).html).toContain('There is no server of this name.');
});

test('AC-39: tests have a pace', async () => {
  const quick = without(form(), 'usesImap', 'usesSmtp');
  for (let n = 0; n < 20; n++) expect((await olga.post('/settings/mailboxes/test', quick)).status).toBe(200);
  const page = await olga.post('/settings/mailboxes/test', quick);
  expect(page.status).toBe(429);
  expect(page.html).toContain('That were many tests.');
});

test('AC-46: agents and viewers neither see nor change mailboxes and the tray', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  for (const person of [doors.as(desk.ana), doors.as(desk.agent('Vera', 'viewer'))]) {
    for (const path of [
      '/settings/mailboxes',
      `/settings/mailboxes/${id}`,
      '/settings/mailboxes/new',
      '/settings/mail-tray',
    ]) {
      expect((await person.get(path)).status).toBe(403);
    }
    for (const path of ['', '/test', '/suggestion', `/${id}`, `/${id}/test`, `/${id}/removal`]) {
      expect((await person.post(`/settings/mailboxes${path}`, form())).status).toBe(403);
    }
  }
  expect(only().deleted_at).toBeNull();
});

test('AC-48: every column of mailboxes added to the form changes nothing', async () => {
  const columns = desk.app.db.sql
    .prepare("SELECT name FROM pragma_table_info('mailboxes')")
    .pluck()
    .all() as string[];
  for (const column of columns.filter((name) => name !== 'address')) {
    expect((await olga.post('/settings/mailboxes', form({ [column]: '1' }))).status).toBe(422);
  }
  expect(mailboxes()).toEqual([]);
});

test('AC-49: no other website sets up, tests or removes a mailbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  for (const path of ['', '/test', '/suggestion', `/${id}`, `/${id}/test`, `/${id}/removal`]) {
    expect(
      (await olga.post(`/settings/mailboxes${path}`, form(), { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403);
  }
  expect(only().deleted_at).toBeNull();
});

test('the built-in mailbox of `deliver` is named, and cannot be changed', async () => {
  desk.ticketFrom('Carla');
  const id = desk.app.db.sql.prepare('SELECT id FROM mailboxes WHERE is_local = 1').pluck().get();
  expect((await olga.get('/settings/mailboxes')).html).toContain('hearthdesk deliver');
  expect((await olga.get(`/settings/mailboxes/${id}`)).status).toBe(404);
  expect((await olga.post(`/settings/mailboxes/${id}/removal`)).status).toBe(404);
});

test('the settings that are stored open the mailbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const settings = imapSettingsOf(desk.app, only()) as ImapSettings;
  const opened = await openImap(settings);
  expect(opened.ok).toBe(true);
  if (opened.ok) await opened.imap.close();
});
