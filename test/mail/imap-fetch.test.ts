// Fetching, against a real Dovecot: everything once, whole, in order, and without a trace on the server.
import { openImap } from '../../server/mail/imap';
import { type Cursor, type FetchedMail, fetchSince } from '../../server/mail/imap-fetch';
import { startDovecot } from '../support/dovecot';
import { cursorOf, fetchAll, mail, QUICK, subjects, useDesks } from '../support/imap-desks';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const desks = useDesks();

test('M1: every new mail comes whole and in order, and its flags stay as they were', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  const eightBit = Buffer.from('Subject: three\r\n\r\n\xe6\xf8\xe5 end\r\n', 'latin1');
  desks.dovecot.deliver(settings.user, mail('one'));
  desks.dovecot.deliver(settings.user, mail('two'));
  desks.dovecot.deliver(settings.user, eightBit);

  const { mails, end } = await fetchAll(imap, before);

  expect(subjects(mails)).toEqual(['one', 'two', 'three']);
  expect(mails[2]?.raw.equals(eightBit)).toBe(true);
  expect(mails.map(({ uid }) => uid)).toEqual([1, 2, 3]);
  expect(mails[0]?.arrivedAt).toBeGreaterThan(Date.now() - HOUR);
  expect(end).toEqual({ kind: 'done', cursor: { ...before, lastUid: 3 }, fetched: 3 });
  expect(desks.dovecot.flags(settings.user)).toEqual(['', '', '']);
});

test('M1: mails that somebody has read elsewhere are fetched all the same', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  desks.dovecot.deliver(settings.user, mail('read on the phone'));
  await imap.client.mailboxOpen('INBOX');
  await imap.client.messageFlagsAdd('1:*', ['\\Seen']);

  const { mails } = await fetchAll(imap, before);

  expect(subjects(mails)).toEqual(['read on the phone']);
  expect(desks.dovecot.flags(settings.user)).toEqual(['S']);
});

test('M1: after a week of downtime everything is there, in many batches', async () => {
  const settings = desks.desk();
  const first = await desks.connected(settings);
  desks.dovecot.deliver(settings.user, mail('before'));
  const { end } = await fetchAll(first, await cursorOf(first));
  await first.close();
  for (let i = 0; i < 230; i++)
    desks.dovecot.deliver(settings.user, mail(`while away ${i}`, 'x'.repeat(i % 50 === 0 ? 900_000 : 50)));

  const { mails } = await fetchAll(await desks.connected(settings), (end as { cursor: Cursor }).cursor);

  expect(subjects(mails)).toEqual(Array.from({ length: 230 }, (_, i) => `while away ${i}`));
});

test('M1: nothing new gives nothing, not the last mail again', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  desks.dovecot.deliver(settings.user, mail('one'));
  const { end } = await fetchAll(imap, { ...(await cursorOf(imap)), lastUid: 0 });

  expect(await fetchAll(imap, (end as { cursor: Cursor }).cursor)).toEqual({
    mails: [],
    end: { ...end, fetched: 0 },
  });
  expect(await fetchAll(imap, { ...(end as { cursor: Cursor }).cursor, lastUid: 99 })).toMatchObject({
    mails: [],
  });
});

test('M1: another UIDVALIDITY is told, and nothing is fetched under the old numbers', async () => {
  const server = await startDovecot();
  const settings = desks.desk(server);
  const imap = await desks.connected(settings);
  server.deliver(settings.user, mail('one'));
  server.deliver(settings.user, mail('two'));
  const { end } = await fetchAll(imap, { ...(await cursorOf(imap)), lastUid: 0 });
  const before = (end as { cursor: Cursor }).cursor;
  await server.changeUidValidity(settings.user);

  const again = await desks.connected(settings);
  const renumbered = await fetchAll(again, before);

  expect(renumbered.mails).toEqual([]);
  expect(renumbered.end).toEqual({
    kind: 'renumbered',
    cursor: { uidValidity: before.uidValidity + 1000, lastUid: 0 },
    messages: 2,
  });
  const { mails } = await fetchAll(again, (renumbered.end as { cursor: Cursor }).cursor);
  expect(subjects(mails)).toEqual(['one', 'two']);
  await server.remove();
});

test('M1: the next mail is fetched when the last one is safe, and none is taken after a failure', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  for (const subject of ['one', 'two', 'three']) desks.dovecot.deliver(settings.user, mail(subject));
  const taken: string[] = [];
  const diskIsFull = fetchSince(imap, 'INBOX', before, async ({ raw }) => {
    taken.push('starts');
    await new Promise((resolve) => setImmediate(resolve));
    if (raw.includes('two')) throw new Error('ENOSPC');
    taken.push('ends');
  });

  await expect(diskIsFull).rejects.toThrow('ENOSPC');
  expect(taken).toEqual(['starts', 'ends', 'starts']);
  const { mails } = await fetchAll(imap, { ...before, lastUid: 1 });
  expect(subjects(mails)).toEqual(['two', 'three']);
});

test('M1: a lost connection is a value, with the cursor that was reached', async () => {
  const server = await startDovecot();
  const settings = desks.desk(server);
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  for (let i = 0; i < 60; i++) server.deliver(settings.user, mail(`${i}`));
  const mails: FetchedMail[] = [];
  const end = await fetchSince(imap, 'INBOX', before, async (one) => {
    mails.push(one);
    if (mails.length === 50) await server.stop();
  });

  expect(end).toEqual({ kind: 'lost', cursor: { ...before, lastUid: 50 } });
  await imap.gone;
  expect(await fetchAll(imap, before)).toMatchObject({ mails: [], end: { kind: 'lost' } });
  expect(await openImap(settings, QUICK)).toMatchObject({ ok: false, code: 'no-mail-server' });
  await server.start();
  const { mails: rest } = await fetchAll(await desks.connected(settings), { ...before, lastUid: 50 });
  expect(rest).toHaveLength(10);
  await server.remove();
});

test('M1: a mail that was deleted meanwhile leaves no gap in the others', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  for (const subject of ['one', 'two', 'three']) desks.dovecot.deliver(settings.user, mail(subject));
  await imap.client.mailboxOpen('INBOX');
  await imap.client.messageDelete('2', { uid: true });

  const { mails, end } = await fetchAll(imap, before);

  expect(subjects(mails)).toEqual(['one', 'three']);
  expect(end).toMatchObject({ kind: 'done', fetched: 2, cursor: { lastUid: 3 } });
});

test("M1: a folder that does not exist is the server's no, and the connection lives on", async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const end = await fetchSince(imap, 'Nowhere', { uidValidity: 1, lastUid: 0 }, async () => {});

  expect(end).toMatchObject({
    kind: 'refused',
    answer: expect.stringContaining("Mailbox doesn't exist: Nowhere"),
  });
  expect(await fetchAll(imap, await cursorOf(imap))).toMatchObject({ end: { kind: 'done' } });
});
test('AC-25: a mail over the limit is measured first and comes as headers only', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  const before = await cursorOf(imap);
  desks.dovecot.deliver(settings.user, mail('small'));
  desks.dovecot.deliver(settings.user, mail('huge', 'x'.repeat(200_000)));
  desks.dovecot.deliver(settings.user, mail('after'));

  const { mails } = await fetchAll(imap, before, 100_000);

  expect(subjects(mails)).toEqual(['small', 'huge', 'after']);
  expect(mails.map(({ missing }) => missing)).toEqual([undefined, 'too-big', undefined]);
  expect(mails[1]?.raw.length).toBeLessThan(100);
  expect(mails[1]?.size).toBeGreaterThan(200_000);
});

test('M5: a new mailbox begins now, or with the mails of the last days', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  await imap.client.append('INBOX', mail('old'), [], new Date(Date.now() - 40 * DAY));
  await imap.client.append('INBOX', mail('last week'), [], new Date(Date.now() - 5 * DAY));
  await imap.client.append('INBOX', mail('today'), []);

  expect(await cursorOf(imap)).toMatchObject({ lastUid: 3 });
  expect(subjects((await fetchAll(imap, await cursorOf(imap, 10))).mails)).toEqual(['last week', 'today']);
  expect(subjects((await fetchAll(imap, await cursorOf(imap, 90))).mails)).toEqual([
    'old',
    'last week',
    'today',
  ]);
});
