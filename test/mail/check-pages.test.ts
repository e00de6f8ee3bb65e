// The comparisons as an admin asks for them and looks at them (M4).
import { DAY } from '../../server/lib/clock';
import { beginCheck } from '../../server/mail/check-mailbox';
import { type CheckRow, deleteOldChecks, findCheck } from '../../server/mail/checks';
import { countMailTrouble } from '../../server/mail/queries';
import { useCompared } from '../support/compared';
import { until } from '../support/until';

const place = useCompared();

test('M4: a server that cannot be asked is told in its words, stops no other mailbox, and says nothing about differences', async () => {
  const bad = place.desk.mailbox('bad@teapot.example', {
    imap: { port: place.dovecot.port, user: place.user, password: 'wrong' },
  });
  const row = place.mailbox();
  await place.read(row);
  await place.stopReading();

  expect(await place.desk.app.hooks.checkMailboxes(place.desk.app)).toEqual({
    mailboxes: 2,
    missed: 0,
    failed: 1,
  });
  const [failed] = place.desk.rows<CheckRow>('SELECT * FROM mail_checks WHERE mailbox_id = ?', bad.id);
  expect(failed?.error).toContain('NO [AUTHENTICATIONFAILED]');
  expect((await place.olga.get(`/settings/mailboxes/${bad.id}/checks`)).html).toContain('Not finished');
  expect(countMailTrouble(place.desk.app.db)).toBe(0);
});

test('M4: “check now” compares in the queue, shows how far it is, and asked for twice it runs once', async () => {
  const row = place.mailbox();
  await place.read(row);
  place.arrives('One');
  await until('the ticket', () => place.subjects().length === 1);
  await place.stopReading();
  const path = `/settings/mailboxes/${row.id}/checks`;
  const first = await place.olga.post(path);
  expect(await place.olga.post(path)).toMatchObject({ status: 303, location: first.location });
  const running = await place.olga.get(first.location ?? '');
  expect(running.headers.get('refresh')).toBe('2');
  expect(running.html).toContain('<progress');
  expect((await place.olga.get(`/settings/mailboxes/${row.id}`)).html).toContain('Being compared');

  await place.desk.app.jobs.runDue();
  const done = await place.olga.get(first.location ?? '');
  expect(done.headers.get('refresh')).toBeNull();
  expect(done.html).toContain('Every mail on the server is accounted for.');
  expect(place.desk.rows('SELECT id FROM mail_checks')).toHaveLength(1);
  expect(place.desk.events('mailbox.checked')).toHaveLength(1);
});

test('M4: the history is kept for 90 days, and what a stop broke off says so', async () => {
  const row = place.mailbox();
  await place.read(row);
  await place.stopReading();
  await place.check(row);
  place.desk.app.db.sql.prepare('UPDATE mail_checks SET started_at = ?').run(Date.now() - 91 * DAY);
  await place.check(row);
  expect(deleteOldChecks(place.desk.app)).toBe(1);
  expect(place.desk.rows('SELECT id FROM mail_checks')).toHaveLength(1);

  const id = await place.desk.app.write(() => beginCheck(place.desk.app, row, null));
  await place.desk.house.traffic.stop();
  await place.desk.app.hooks.checkMailbox(place.desk.app, id);
  expect(findCheck(place.desk.app.db, id)).toMatchObject({
    error: 'broken-off',
    ended_at: expect.any(Number),
  });
});

test('AC-46: comparisons are the admins’, and those of another mailbox are not found under this one', async () => {
  const row = place.mailbox();
  const id = await place.desk.app.write(() => beginCheck(place.desk.app, row, null));
  const other = place.desk.mailbox('other@teapot.example');
  expect((await place.olga.get(`/settings/mailboxes/${other.id}/checks/${id}`)).status).toBe(404);
  expect((await place.olga.post(`/settings/mailboxes/${other.id}/checks`)).status).toBe(404);
  expect(
    (await place.doors.as(place.desk.ana).get(`/settings/mailboxes/${row.id}/checks/${id}`)).status,
  ).toBe(403);
});

test('AC-06: the head of a missed mail is shown as text', async () => {
  const row = place.mailbox();
  await place.read(row);
  place.dovecot.deliver(
    place.user,
    'From: "<script>alert(1)</script>" <x@y.example>\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\nx\r\n',
  );
  await until('the ticket', () => place.subjects().length === 1);
  await place.stopReading();
  place.desk.app.db.sql.prepare('UPDATE messages SET inbound_mail_id = NULL').run();
  place.desk.app.db.sql.prepare('DELETE FROM inbound_mails').run();
  const { id } = await place.check(row);
  const { html } = await place.olga.get(`/settings/mailboxes/${row.id}/checks/${id}`);
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toContain('<script>alert');
});
