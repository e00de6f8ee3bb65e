// The comparison with a real IMAP server: every mail is imported, listed, or fetched now and named (M4).
import { systemClock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { beginCheck } from '../../server/mail/check-mailbox';
import { type CheckRow, deleteOldChecks, findCheck, findDifferences } from '../../server/mail/checks';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { countMailTrouble, findMailboxById, updateInboundState } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { onServer } from '../support/imap-desks';
import { until } from '../support/until';

const DAY = 86_400_000;
let dovecot: Dovecot;
let desk: Desk;
let doors: Doors;
let olga: Person;
let reader: MailboxReader | undefined;
let box = -1;
let user = '';

beforeAll(async () => {
  const users = Array.from({ length: 14 }, (_, n) => ({
    user: `box${n}@example.test`,
    password: 'correct horse',
  }));
  dovecot = await startDovecot({ users });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  box += 1;
  user = `box${box}@example.test`;
  desk = openDesk({ clock: systemClock });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await reader?.stop();
  await doors.close();
  await desk.close();
});

const mailbox = (firstFetchDays = 0) =>
  desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: 'correct horse' },
    firstFetchDays,
  });
const mail = (subject: string, from = 'carla@mail.example') =>
  `From: Carla <${from}>\r\nTo: support@teapot.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@mail.example>\r\n\r\nHello\r\n`;
const arrives = (subject: string, at?: Date) => dovecot.deliver(user, mail(subject), undefined, at);
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);
const now = (row: MailboxRow) => findMailboxById(desk.app.db, row.id) as MailboxRow;

async function read(row: MailboxRow): Promise<void> {
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await until('the first reading of the mailbox', () => now(row).last_fetch_at !== null);
  await desk.house.intake.settled();
}
/** So many tickets are there, and the reader has been told to stop. */
async function readUntil(row: MailboxRow, tickets: number): Promise<void> {
  await read(row);
  await until('the tickets', () => subjects().length === tickets);
  await reader?.stop();
}
async function check(row: MailboxRow): Promise<CheckRow> {
  const id = await desk.app.write(() => beginCheck(desk.app, row, null));
  await desk.app.hooks.checkMailbox(desk.app, id);
  await desk.house.intake.settled();
  return findCheck(desk.app.db, id) as CheckRow;
}
const differences = ({ id }: CheckRow) => findDifferences(desk.app.db, id, 10);
/** Forgets that a mail was ever stored, as if it had been skipped. */
function skip(subject: string): void {
  const { sql } = desk.app.db;
  sql.prepare('UPDATE messages SET inbound_mail_id = NULL').run();
  sql.prepare('DELETE FROM inbound_mails WHERE header_message_id = ?').run(`${subject}@mail.example`);
  sql.prepare('DELETE FROM tickets WHERE subject = ?').run(subject);
}

test('M4: when nothing was missed it counts what is imported, listed and older than asked for, and is quiet', async () => {
  arrives('Old');
  const row = mailbox();
  await read(row);
  arrives('One');
  arrives('Two');
  dovecot.deliver(user, mail('Loop', 'support@teapot.example'));
  await until('three mails', () => desk.rows('SELECT 1 FROM inbound_mails').length === 3);
  await reader?.stop();
  await desk.house.intake.settled();

  expect(await check(row)).toMatchObject({
    on_server: 4,
    looked_at: 4,
    imported: 2,
    not_imported: 1,
    not_wanted: 1,
    missed: 0,
    newer: 0,
    gone: 0,
    error: null,
  });
  expect(countMailTrouble(desk.app.db)).toBe(0);
  expect(dovecot.flags(user)).toEqual(['', '', '', '']);
});

test('M4: a mail that was skipped is fetched at once, named, and loud until a comparison finds nothing', async () => {
  const row = mailbox();
  await read(row);
  for (const subject of ['One', 'Skipped', 'Three']) arrives(subject);
  await until('the tickets', () => subjects().length === 3);
  await reader?.stop();
  skip('Skipped');

  const found = await check(row);
  expect(found).toMatchObject({ on_server: 3, imported: 2, missed: 1, not_wanted: 0, gone: 0 });
  expect(differences(found)).toMatchObject([
    {
      header_message_id: 'Skipped@mail.example',
      subject: 'Skipped',
      sender: 'Carla <carla@mail.example>',
      outcome: 'fetched',
      arrived_at: expect.any(Number),
    },
  ]);
  expect(subjects()).toEqual(['One', 'Three', 'Skipped']);
  expect(countMailTrouble(desk.app.db)).toBe(1);
  expect((await olga.get('/settings/mailboxes')).html).toContain('Mails had been missed');
  const page = (await olga.get(`/settings/mailboxes/${row.id}/checks/${found.id}`)).html;
  for (const words of ['Skipped@mail.example', '1 mail had been missed', 'fetched'])
    expect(page).toContain(words);

  expect(await check(row)).toMatchObject({ imported: 3, missed: 0 });
  expect(countMailTrouble(desk.app.db)).toBe(0);
  expect((await olga.get('/settings/mailboxes')).html).not.toContain('Mails had been missed');
  expect((await olga.get(`/settings/mailboxes/${row.id}/checks`)).html).toContain('Mails missed');
});

test('M4: one that somebody deleted on the server is no difference', async () => {
  const row = mailbox();
  await read(row);
  arrives('Kept');
  arrives('Deleted');
  await until('the tickets', () => subjects().length === 2);
  await reader?.stop();
  await onServer(dovecot, user, async (client) => {
    await client.messageDelete('2');
  });

  expect(await check(row)).toMatchObject({ on_server: 1, imported: 1, missed: 0, gone: 1 });
});

test('M4, M3: a folder that was numbered anew is compared mail by mail, before and after it is read again', async () => {
  const row = mailbox(30);
  for (const subject of ['One', 'Two', 'Skipped']) arrives(subject);
  await readUntil(row, 3);
  skip('Skipped');
  await dovecot.changeUidValidity(user);

  const before = await check(row);
  expect(before).toMatchObject({ on_server: 3, imported: 2, missed: 1 });
  expect(differences(before)).toMatchObject([{ subject: 'Skipped' }]);
  await readUntil(row, 3);
  expect(await check(row)).toMatchObject({ on_server: 3, imported: 3, missed: 0, not_wanted: 0, gone: 0 });
  expect(subjects()).toEqual(['One', 'Two', 'Skipped']);
  expect(
    new Set(desk.rows<{ v: number }>('SELECT uid_validity AS v FROM inbound_mails').map(({ v }) => v)).size,
  ).toBe(1);
});

test('M5: what is older than the days asked for is not wanted; what was moved in later is, whatever its date', async () => {
  arrives('Last year', new Date(Date.now() - 300 * DAY));
  arrives('Last week', new Date(Date.now() - 6 * DAY));
  const row = mailbox(7);
  await read(row);
  arrives('Moved', new Date(Date.now() - 200 * DAY));
  await until('the tickets', () => subjects().length === 2);
  await reader?.stop();
  expect(await check(row)).toMatchObject({ on_server: 3, imported: 2, not_wanted: 1, missed: 0 });

  skip('Moved');
  expect(await check(row)).toMatchObject({ imported: 1, not_wanted: 1, missed: 1 });
});

test('M4: a mail without a Message-ID, a second copy, and one with the same id and other words are told apart', async () => {
  const row = mailbox();
  await read(row);
  const nameless = 'From: carla@mail.example\r\nSubject: Nameless\r\n\r\nHello\r\n';
  dovecot.deliver(user, nameless);
  arrives('Twice');
  arrives('Twice');
  await until('the tickets', () => subjects().length === 2);
  await reader?.stop();
  expect(await check(row)).toMatchObject({ on_server: 3, imported: 3, missed: 0 });

  dovecot.deliver(user, mail('Twice').replace('Hello', 'Something else'));
  await read(row);
  await until(
    'the other words',
    () => desk.rows("SELECT 1 FROM inbound_mails WHERE reason = 'other-words'").length === 1,
  );
  await reader?.stop();
  expect(await check(row)).toMatchObject({ on_server: 4, imported: 3, not_imported: 1, missed: 0 });
  desk.app.db.sql.prepare("DELETE FROM inbound_mails WHERE reason = 'other-words'").run();
  const found = await check(row);
  expect(found).toMatchObject({ imported: 3, missed: 1 });
  expect(differences(found)).toMatchObject([{ outcome: 'listed', subject: 'Twice' }]);
});

test('P5: a mail that was erased is neither missed nor fetched again', async () => {
  const row = mailbox();
  await read(row);
  arrives('Erased');
  await until('the ticket', () => subjects().length === 1);
  await reader?.stop();
  skip('Erased');
  jest.spyOn(desk.app.hooks, 'wasErased').mockReturnValue(true);

  expect(await check(row)).toMatchObject({ on_server: 1, not_wanted: 1, missed: 0 });
  expect(subjects()).toEqual([]);
});

test('M4: what arrived since the last fetch is the reader’s, and no difference', async () => {
  const row = mailbox();
  await read(row);
  await reader?.stop();
  arrives('Just now');

  expect(await check(row)).toMatchObject({ on_server: 1, newer: 1, missed: 0, looked_at: 1 });
  expect(subjects()).toEqual([]);
});

test('M4: a mail in the tray counts as listed, one that waits to be filed as waiting', async () => {
  const row = mailbox();
  await read(row);
  for (const subject of ['Failed', 'Waits']) arrives(subject);
  await until('the tickets', () => subjects().length === 2);
  await reader?.stop();
  const { app } = desk;
  const idOf = (subject: string) =>
    desk.rows<{ id: number }>(
      'SELECT id FROM inbound_mails WHERE header_message_id = ?',
      `${subject}@mail.example`,
    )[0]?.id as number;
  await app.write(() => {
    updateInboundState(app.db, 'failed', 'Error', app.clock.now(), idOf('Failed'));
    updateInboundState(app.db, 'stored', null, app.clock.now(), idOf('Waits'));
  });

  expect(await check(row)).toMatchObject({
    on_server: 2,
    imported: 0,
    waiting: 1,
    not_imported: 1,
    missed: 0,
  });
});

test('M4: a server that cannot be asked is told in its words, stops no other mailbox, and says nothing about differences', async () => {
  const bad = desk.mailbox('bad@teapot.example', {
    imap: { port: dovecot.port, user, password: 'wrong' },
  });
  const row = mailbox();
  await read(row);
  await reader?.stop();

  expect(await desk.app.hooks.checkMailboxes(desk.app)).toEqual({ mailboxes: 2, missed: 0, failed: 1 });
  const [failed] = desk.rows<CheckRow>('SELECT * FROM mail_checks WHERE mailbox_id = ?', bad.id);
  expect(failed?.error).toContain('NO [AUTHENTICATIONFAILED]');
  expect((await olga.get(`/settings/mailboxes/${bad.id}/checks`)).html).toContain('Not finished');
  expect(countMailTrouble(desk.app.db)).toBe(0);
});

test('M4: “check now” compares in the queue, shows how far it is, and asked for twice it runs once', async () => {
  const row = mailbox();
  await read(row);
  arrives('One');
  await until('the ticket', () => subjects().length === 1);
  await reader?.stop();
  const path = `/settings/mailboxes/${row.id}/checks`;
  const first = await olga.post(path);
  expect(await olga.post(path)).toMatchObject({ status: 303, location: first.location });
  const running = await olga.get(first.location ?? '');
  expect(running.headers.get('refresh')).toBe('2');
  expect(running.html).toContain('<progress');
  expect((await olga.get(`/settings/mailboxes/${row.id}`)).html).toContain('Being compared');

  await desk.app.jobs.runDue();
  const done = await olga.get(first.location ?? '');
  expect(done.headers.get('refresh')).toBeNull();
  expect(done.html).toContain('Every mail on the server is accounted for.');
  expect(desk.rows('SELECT id FROM mail_checks')).toHaveLength(1);
  expect(desk.events('mailbox.checked')).toHaveLength(1);
});

test('M4: the history is kept for 90 days, and what a stop broke off says so', async () => {
  const row = mailbox();
  await read(row);
  await reader?.stop();
  await check(row);
  desk.app.db.sql.prepare('UPDATE mail_checks SET started_at = ?').run(Date.now() - 91 * DAY);
  await check(row);
  expect(deleteOldChecks(desk.app)).toBe(1);
  expect(desk.rows('SELECT id FROM mail_checks')).toHaveLength(1);

  const id = await desk.app.write(() => beginCheck(desk.app, row, null));
  await desk.house.traffic.stop();
  await desk.app.hooks.checkMailbox(desk.app, id);
  expect(findCheck(desk.app.db, id)).toMatchObject({ error: 'broken-off', ended_at: expect.any(Number) });
});

test('AC-46: comparisons are the admins’, and those of another mailbox are not found under this one', async () => {
  const row = mailbox();
  const id = await desk.app.write(() => beginCheck(desk.app, row, null));
  const other = desk.mailbox('other@teapot.example');
  expect((await olga.get(`/settings/mailboxes/${other.id}/checks/${id}`)).status).toBe(404);
  expect((await olga.post(`/settings/mailboxes/${other.id}/checks`)).status).toBe(404);
  expect((await doors.as(desk.ana).get(`/settings/mailboxes/${row.id}/checks/${id}`)).status).toBe(403);
});

test('AC-06: the head of a missed mail is shown as text', async () => {
  const row = mailbox();
  await read(row);
  dovecot.deliver(
    user,
    'From: "<script>alert(1)</script>" <x@y.example>\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\nx\r\n',
  );
  await until('the ticket', () => subjects().length === 1);
  await reader?.stop();
  desk.app.db.sql.prepare('UPDATE messages SET inbound_mail_id = NULL').run();
  desk.app.db.sql.prepare('DELETE FROM inbound_mails').run();
  const { id } = await check(row);
  const { html } = await olga.get(`/settings/mailboxes/${row.id}/checks/${id}`);
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toContain('<script>alert');
});
