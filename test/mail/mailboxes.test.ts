// Keeping mailboxes in the browser: adding, changing, removing, and how each is doing.
import { formSendersOf, imapSettingsOf, smtpSettingsOf } from '../../server/mail';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import {
  mailboxFields as form,
  MAIL_PASSWORD,
  MAIL_USER,
  mailboxesOf,
  without,
} from '../support/mailbox-fields';

let desk: Desk;
let doors: Doors;
let olga: Person;
let wakened: number;

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

const only = () => mailboxesOf(desk)[0]!;

test('saving stores both passwords sealed, wakes the readers and leads to the list', async () => {
  expect(await olga.post('/settings/mailboxes', form())).toMatchObject({
    status: 303,
    location: '/settings/mailboxes',
  });
  expect(wakened).toBe(1);
  const row = only();
  expect(row).toMatchObject({ address: MAIL_USER, sender_name: 'Teapot support', first_fetch_days: 0 });
  expect(
    `${row.imap} ${row.smtp} ${row.imap_secret?.toString('latin1')} ${row.smtp_secret?.toString('latin1')}`,
  ).not.toContain(MAIL_PASSWORD);
  const list = await olga.get('/settings/mailboxes');
  expect(list.html).toContain(MAIL_USER);
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
  expect(mailboxesOf(desk)).toHaveLength(1);
});

test('M5: once the mailbox was read, the question is gone and its answer stays', async () => {
  await olga.post('/settings/mailboxes', form({ firstFetch: 'days', firstFetchDays: '90' }));
  const { id } = only();
  desk.app.db.sql
    .prepare(
      "INSERT INTO mail_cursors (mailbox_id, folder, uid_validity, last_uid, since_at) VALUES (?, 'INBOX', 7, 12, 0)",
    )
    .run(id);
  expect((await olga.get(`/settings/mailboxes/${id}`)).html).not.toContain('name="firstFetch"');
  await olga.post(`/settings/mailboxes/${id}`, form({ firstFetch: 'now' }));
  expect(only().first_fetch_days).toBe(90);
});

test('the form of a stored mailbox never shows a password, and an empty field keeps it', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  const page = await olga.get(`/settings/mailboxes/${id}`);
  expect(page.html).not.toContain(MAIL_PASSWORD);
  expect(page.html).toContain('Known already. Leave it empty to keep it.');
  expect(
    (await olga.post(`/settings/mailboxes/${id}`, form({ senderName: 'Help', imapPassword: '' }))).status,
  ).toBe(303);
  expect(only().sender_name).toBe('Help');
  expect(imapSettingsOf(desk.app, only())?.password).toBe(MAIL_PASSWORD);
  expect(smtpSettingsOf(desk.app, only())?.password).toBe(MAIL_PASSWORD);
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
  expect(imapSettingsOf(desk.app, only())?.host).toBe('imap.example.test');
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
    form({ imapHost: '', imapPort: '', imapPassword: '', smtpUser: MAIL_USER, smtpPassword: MAIL_PASSWORD }),
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
  expect(mailboxesOf(desk)).toEqual([]);
});

test('one address is one mailbox', async () => {
  await olga.post('/settings/mailboxes', form());
  const page = await olga.post('/settings/mailboxes', form({ address: 'DESK@example.test' }));
  expect(page.status).toBe(422);
  expect(page.html).toContain('This address is a mailbox here already.');
  expect((await olga.post('/settings/mailboxes/suggestion', { address: 'Desk@example.test' })).status).toBe(
    422,
  );
  expect(mailboxesOf(desk)).toHaveLength(1);
});

test('removing asks first, deletes both passwords and keeps the tickets; added again it begins anew', async () => {
  await olga.post('/settings/mailboxes', form());
  const { id } = only();
  desk.app.db.sql
    .prepare(
      "INSERT INTO mail_cursors (mailbox_id, folder, uid_validity, last_uid, since_at) VALUES (?, 'INBOX', 7, 12, 0)",
    )
    .run(id);
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
  const [, help] = mailboxesOf(desk);
  expect((await olga.post(`/settings/mailboxes/${help?.id}`, form())).status).toBe(303);
  expect(mailboxesOf(desk)[1]).toMatchObject({ address: MAIL_USER, deleted_at: null });
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

test('O5: a mailbox whose server takes no mail does not count as working, and says what the server said', async () => {
  await olga.post('/settings/mailboxes', form());
  desk.app.db.tx(() =>
    desk.app.db.sql
      .prepare(
        `INSERT INTO outbox (mailbox_id, kind, header_message_id, recipients, state, send_after, attempts, last_answer, created_at)
         VALUES (?, 'account', 'x@teapot.example', '[]', 'waiting', 0, 2, '421 too busy today', 0)`,
      )
      .run(only().id),
  );

  const { html } = await olga.get('/settings/mailboxes');

  expect(html).toContain('Not sending');
  expect(html).toContain('421 too busy today');
  expect(html).toContain('1 mail waits to be sent.');
  expect(html).not.toContain('Working');
});

test('AC-39: tests have a pace', async () => {
  const quick = without(form(), 'usesImap', 'usesSmtp');
  for (let n = 0; n < 20; n++) expect((await olga.post('/settings/mailboxes/test', quick)).status).toBe(200);
  const page = await olga.post('/settings/mailboxes/test', quick);
  expect(page.status).toBe(429);
  expect(page.html).toContain('Those were many tests.');
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
  expect(mailboxesOf(desk)).toEqual([]);
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

test('M9: forms that write for people are listed beside the mailboxes, one wrong address is told and nothing typed is lost', async () => {
  desk.mailbox('support@teapot.example');
  const list = (formSenders: string) => olga.post('/settings/mailboxes/form-senders', { formSenders });
  expect(await list('Form@Service.example, other@forms.example')).toMatchObject({
    status: 303,
    location: '/settings/mailboxes',
  });
  expect((await olga.get('/settings/mailboxes')).html).toContain(
    'value="form@service.example, other@forms.example"',
  );

  const wrong = await list('form@service.example, nobody');
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="form@service.example, nobody"');
  expect(wrong.html).toContain('id="field-formSenders-error"');
  expect((await list('')).status).toBe(303);
  expect(formSendersOf(desk.app)).toEqual([]);
});
