// The comparison with a real IMAP server: every mail is imported, listed, or fetched now and named (M4).
import { DAY } from '../../server/lib/clock';
import { type CheckRow, findDifferences } from '../../server/mail/checks';
import { countMailTrouble, updateInboundState } from '../../server/mail/queries';
import { mailOf, useCompared } from '../support/compared';
import { onServer } from '../support/imap-desks';
import { until } from '../support/until';

const place = useCompared();
const differences = ({ id }: CheckRow) => findDifferences(place.desk.app.db, id, 10);

test('M4: when nothing was missed it counts what is imported, listed and older than asked for, and is quiet', async () => {
  place.arrives('Old');
  const row = place.mailbox();
  await place.read(row);
  place.arrives('One');
  place.arrives('Two');
  place.dovecot.deliver(place.user, mailOf('Loop', 'support@teapot.example'));
  await until('three mails', () => place.desk.rows('SELECT 1 FROM inbound_mails').length === 3);
  await place.stopReading();
  await place.desk.house.intake.settled();

  expect(await place.check(row)).toMatchObject({
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
  expect(countMailTrouble(place.desk.app.db)).toBe(0);
  expect(place.dovecot.flags(place.user)).toEqual(['', '', '', '']);
});

test('M4: a mail that was skipped is fetched at once, named, and loud until a comparison finds nothing', async () => {
  const row = place.mailbox();
  await place.read(row);
  for (const subject of ['One', 'Skipped', 'Three']) place.arrives(subject);
  await until('the tickets', () => place.subjects().length === 3);
  await place.stopReading();
  place.skip('Skipped');

  const found = await place.check(row);
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
  expect(place.subjects()).toEqual(['One', 'Three', 'Skipped']);
  expect(countMailTrouble(place.desk.app.db)).toBe(1);
  expect((await place.olga.get('/settings/mailboxes')).html).toContain('Mails had been missed');
  const page = (await place.olga.get(`/settings/mailboxes/${row.id}/checks/${found.id}`)).html;
  for (const words of ['Skipped@mail.example', '1 mail had been missed', 'fetched'])
    expect(page).toContain(words);

  expect(await place.check(row)).toMatchObject({ imported: 3, missed: 0 });
  expect(countMailTrouble(place.desk.app.db)).toBe(0);
  expect((await place.olga.get('/settings/mailboxes')).html).not.toContain('Mails had been missed');
  expect((await place.olga.get(`/settings/mailboxes/${row.id}/checks`)).html).toContain('Mails missed');
});

test('M4: one that somebody deleted on the server is no difference', async () => {
  const row = place.mailbox();
  await place.read(row);
  place.arrives('Kept');
  place.arrives('Deleted');
  await until('the tickets', () => place.subjects().length === 2);
  await place.stopReading();
  await onServer(place.dovecot, place.user, async (client) => {
    await client.messageDelete('2');
  });

  expect(await place.check(row)).toMatchObject({ on_server: 1, imported: 1, missed: 0, gone: 1 });
});

test('M4, M3: a folder that was numbered anew is compared mail by mail, before and after it is read again', async () => {
  const row = place.mailbox(30);
  for (const subject of ['One', 'Two', 'Skipped']) place.arrives(subject);
  await place.readUntil(row, 3);
  place.skip('Skipped');
  await place.dovecot.changeUidValidity(place.user);

  const before = await place.check(row);
  expect(before).toMatchObject({ on_server: 3, imported: 2, missed: 1 });
  expect(differences(before)).toMatchObject([{ subject: 'Skipped' }]);
  await place.readUntil(row, 3);
  expect(await place.check(row)).toMatchObject({
    on_server: 3,
    imported: 3,
    missed: 0,
    not_wanted: 0,
    gone: 0,
  });
  expect(place.subjects()).toEqual(['One', 'Two', 'Skipped']);
  expect(
    new Set(place.desk.rows<{ v: number }>('SELECT uid_validity AS v FROM inbound_mails').map(({ v }) => v))
      .size,
  ).toBe(1);
});

test('M5: what is older than the days asked for is not wanted; what was moved in later is, whatever its date', async () => {
  place.arrives('Last year', new Date(Date.now() - 300 * DAY));
  place.arrives('Last week', new Date(Date.now() - 6 * DAY));
  const row = place.mailbox(7);
  await place.read(row);
  place.arrives('Moved', new Date(Date.now() - 200 * DAY));
  await until('the tickets', () => place.subjects().length === 2);
  await place.stopReading();
  expect(await place.check(row)).toMatchObject({ on_server: 3, imported: 2, not_wanted: 1, missed: 0 });

  place.skip('Moved');
  expect(await place.check(row)).toMatchObject({ imported: 1, not_wanted: 1, missed: 1 });
});

test('M4: a mail without a Message-ID, a second copy, and one with the same id and other words are told apart', async () => {
  const row = place.mailbox();
  await place.read(row);
  const nameless = 'From: carla@mail.example\r\nSubject: Nameless\r\n\r\nHello\r\n';
  place.dovecot.deliver(place.user, nameless);
  place.arrives('Twice');
  place.arrives('Twice');
  await until('the tickets', () => place.subjects().length === 2);
  await place.stopReading();
  expect(await place.check(row)).toMatchObject({ on_server: 3, imported: 3, missed: 0 });

  place.dovecot.deliver(place.user, mailOf('Twice').replace('Hello', 'Something else'));
  await place.read(row);
  await until(
    'the other words',
    () => place.desk.rows("SELECT 1 FROM inbound_mails WHERE reason = 'other-words'").length === 1,
  );
  await place.stopReading();
  expect(await place.check(row)).toMatchObject({ on_server: 4, imported: 3, not_imported: 1, missed: 0 });
  place.desk.app.db.sql.prepare("DELETE FROM inbound_mails WHERE reason = 'other-words'").run();
  const found = await place.check(row);
  expect(found).toMatchObject({ imported: 3, missed: 1 });
  expect(differences(found)).toMatchObject([{ outcome: 'listed', subject: 'Twice' }]);
});

test('P5: a mail that was erased is neither missed nor fetched again', async () => {
  const row = place.mailbox();
  await place.read(row);
  place.arrives('Erased');
  await until('the ticket', () => place.subjects().length === 1);
  await place.stopReading();
  place.skip('Erased');
  jest.spyOn(place.desk.app.hooks, 'wasErased').mockReturnValue(true);

  expect(await place.check(row)).toMatchObject({ on_server: 1, not_wanted: 1, missed: 0 });
  expect(place.subjects()).toEqual([]);
});

test('M4: what arrived since the last fetch is the reader’s, and no difference', async () => {
  const row = place.mailbox();
  await place.read(row);
  await place.stopReading();
  place.arrives('Just now');

  expect(await place.check(row)).toMatchObject({ on_server: 1, newer: 1, missed: 0, looked_at: 1 });
  expect(place.subjects()).toEqual([]);
});

test('M4: a mail in the tray counts as listed, one that waits to be filed as waiting', async () => {
  const row = place.mailbox();
  await place.read(row);
  for (const subject of ['Failed', 'Waits']) place.arrives(subject);
  await until('the tickets', () => place.subjects().length === 2);
  await place.stopReading();
  const { app } = place.desk;
  const idOf = (subject: string) =>
    place.desk.rows<{ id: number }>(
      'SELECT id FROM inbound_mails WHERE header_message_id = ?',
      `${subject}@mail.example`,
    )[0]?.id as number;
  await app.write(() => {
    updateInboundState(app.db, 'failed', 'Error', app.clock.now(), idOf('Failed'));
    updateInboundState(app.db, 'stored', null, app.clock.now(), idOf('Waits'));
  });

  expect(await place.check(row)).toMatchObject({
    on_server: 2,
    imported: 0,
    waiting: 1,
    not_imported: 1,
    missed: 0,
  });
});
