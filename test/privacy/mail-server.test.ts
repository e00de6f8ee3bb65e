// On request the old mails of somebody who is erased go from the mail server too, and nothing else there (P5).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../server/lib/clock';
import { dedupeKey, type MailboxRow } from '../../server/mail';
import { removeMails } from '../../server/mail/imap-remove';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import { checkCertificate } from '../../server/privacy/certificate';
import { beginErasure, tryErasuresAgain } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { findErasure } from '../../server/privacy/queries';
import { openDoors } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { onServer, useConnections } from '../support/imap-desks';
import { until } from '../support/until';
import { letter, openPlace, type Place } from './place';
import { certificateOf, knownBy, wishOf } from './wishes';

const PASSWORD = 'correct horse';
const USERS = 8;

let dovecot: Dovecot;
let place: Place;
let user = '';
let box = 0;

beforeAll(async () => {
  const users = Array.from({ length: USERS }, (_, n) => ({
    user: `box${n}@example.test`,
    password: PASSWORD,
  }));
  dovecot = await startDovecot({ users });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  place = await openPlace(undefined, systemClock);
  user = `box${box++}@example.test`;
});
afterEach(() => place.close());

const mailbox = (): MailboxRow =>
  place.mailbox('desk@teapot.example', { imap: { port: dovecot.port, user, password: PASSWORD } });

const crlf = (mail: string) => mail.replaceAll('\n', '\r\n');
const fromCarla = (id: string, body: string) =>
  crlf(letter({ from: 'Carla Jansone <carla@mail.example>', subject: `About ${id}`, id, body }));
const fromPer = (id: string, headers = '') =>
  crlf(
    letter({
      from: 'Per Olsen <per@mail.example>',
      subject: `Per’s ${id}`,
      id,
      body: 'Mine drips.',
      headers,
    }),
  );

/** Reads the folder until so many mails are known here. */
async function takeIn(row: MailboxRow, mails: string[]): Promise<void> {
  place.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  const reader = new MailboxReader(place.app, row.id);
  reader.start();
  await until('the first reading', () => findMailboxById(place.app.db, row.id)?.last_fetch_at !== null);
  for (const mail of mails) dovecot.deliver(user, mail);
  await until(
    'the mails to be filed',
    () => place.rows("SELECT 1 FROM inbound_mails WHERE state = 'done'").length === mails.length,
  );
  await reader.stop();
  await place.house.intake.settled();
}

async function eraseCarla(alsoOnServer: boolean) {
  const wish = { ...wishOf({}), alsoOnServer };
  const begun = await beginErasure(place.app, place.owner, [knownBy(place, 'carla@mail.example')], wish);
  await performErasure(place.app, begun.id);
  return findErasure(place.app.db, begun.id);
}

const there = () => onServer(dovecot, user);

test('P5: on request their mails go from the server, other people’s stay, and the certificate counts them', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.'), fromPer('per@x'), fromCarla('two@x', 'It howls.')]);

  const erased = await eraseCarla(true);

  expect(await there()).toEqual(['Per’s per@x']);
  expect(erased).toMatchObject({ state: 'done', plan: null });
  expect(certificateOf(erased)).toMatchObject({
    mailServer: { removed: 2, marked: 0, notFound: 0, notReached: 0 },
    notSearched: expect.arrayContaining(['mail-folders']),
  });
  expect(checkCertificate(place.app.key, erased?.certificate ?? '')).toMatchObject({ good: true });
});

test('P5: without the request nothing is touched there', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.')]);

  const erased = await eraseCarla(false);

  expect(await there()).toEqual(['About one@x']);
  expect(dovecot.flags(user)).toEqual(['']);
  expect(certificateOf(erased).mailServer).toBeUndefined();
  expect(certificateOf(erased).notSearched).toContain('mail-server');
});

test('P5: in a folder that was numbered anew a mail is found by its Message-ID, and only that one', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.')]);
  await dovecot.changeUidValidity(user);
  // Has the UID that hers had, and an id that hers is a part of.
  dovecot.deliver(user, fromPer('someone@x'));

  expect(certificateOf(await eraseCarla(true))).toMatchObject({ mailServer: { removed: 1, notFound: 0 } });

  expect(await there()).toEqual(['Per’s someone@x']);
});

test('P5: a mail that somebody moved away is counted as not found, and another one’s flag \\Deleted is left to them', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.'), fromPer('per@x')]);
  await onServer(dovecot, user, async (client) => {
    await client.messageFlagsAdd('2', ['\\Deleted']);
    await client.mailboxCreate('Elsewhere');
    await client.messageMove('1', 'Elsewhere');
  });

  expect(certificateOf(await eraseCarla(true))).toMatchObject({ mailServer: { removed: 0, notFound: 1 } });

  expect(await there()).toEqual(['Per’s per@x']);
});

test('P5: while the server is out of reach the erasure waits, says so on its page, and ends by itself when it is back', async () => {
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.')]);
  await dovecot.stop();

  const waiting = await eraseCarla(true);

  expect(waiting).toMatchObject({ state: 'waiting', step: 'outside' });
  expect(certificateOf(waiting)).toMatchObject({ mailServer: { removed: 0, notReached: 1 } });
  expect(place.hits('carla')).toEqual([]);
  expect(place.hits('one@x')).toEqual([]);
  const doors = await openDoors(place);
  const olga = doors.as(place.owner);
  const { html } = await olga.get(`/privacy/erasures/${waiting?.public_id}`);
  expect(html).toContain('1 mail could not be removed yet');
  expect((await olga.get('/privacy')).html).toContain('Not done yet');
  await doors.close();

  await dovecot.start();
  await tryErasuresAgain(place.app);
  await place.app.jobs.runDue();

  const done = findErasure(place.app.db, waiting?.id ?? 0);
  expect(done).toMatchObject({ state: 'done', plan: null });
  expect(certificateOf(done)).toMatchObject({ mailServer: { removed: 1, notReached: 0 } });
  expect(checkCertificate(place.app.key, done?.certificate ?? '')).toMatchObject({ good: true });
  expect(await there()).toEqual([]);
});

test('P5: mails that cannot be removed may be left there by decision; a mailbox that is gone is not waited for', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.')]);
  await dovecot.stop();
  const waiting = await eraseCarla(true);
  const doors = await openDoors(place);
  const olga = doors.as(place.owner);
  await olga.post(`/privacy/erasures/${waiting?.public_id}/leave-mails`);
  await place.app.jobs.runDue();
  await doors.close();
  await dovecot.start();

  expect(findErasure(place.app.db, waiting?.id ?? 0)).toMatchObject({ state: 'done', plan: null });
  expect(certificateOf(findErasure(place.app.db, waiting?.id ?? 0))).toMatchObject({
    mailServer: { removed: 0, notReached: 1 },
  });

  await takeIn(row, [fromCarla('two@x', 'It howls.')]);
  place.app.db.sql.prepare('UPDATE mailboxes SET deleted_at = 1 WHERE id = ?').run(row.id);
  expect(await eraseCarla(true)).toMatchObject({ state: 'done' });
});

test('P5: a mail of theirs that stood in the tray goes from the server too, and is not taken in again', async () => {
  const row = mailbox();
  await takeIn(row, [fromCarla('one@x', 'It whistles.'), fromCarla('tray@x', 'It cannot be filed.')]);
  place.app.db.sql
    .prepare(
      "UPDATE inbound_mails SET state = 'failed', reason = 'Error', ticket_id = NULL, message_id = NULL WHERE header_message_id = 'tray@x'",
    )
    .run();
  place.app.db.sql.prepare("DELETE FROM tickets WHERE subject = 'About tray@x'").run();

  expect(certificateOf(await eraseCarla(true))).toMatchObject({ mailServer: { removed: 2 } });

  expect(await there()).toEqual([]);
  expect(await place.arrives(fromCarla('tray@x', 'It cannot be filed.'))).toBeUndefined();
  expect(place.rows('SELECT 1 FROM inbound_mails')).toEqual([]);
});

/** A server that has no UID EXPUNGE: RFC 3501 alone. */
describe('a server without UIDPLUS', () => {
  let old: Dovecot;
  beforeAll(async () => {
    old = await startDovecot({ capability: 'IMAP4rev1' });
  });
  afterAll(() => old.remove());

  const known = (uid: number, messageId: string) => [{ uidValidity: 0, uid, messageId, dedupeKey: '' }];
  const connected = useConnections();
  const inbox = () =>
    connected({ host: old.host, port: old.port, security: 'none', user: old.user, password: old.password });

  test('P5: what is flagged there by others is not expunged along with it; alone it is', async () => {
    old.deliver(old.user, fromCarla('one@x', 'It whistles.'));
    old.deliver(old.user, fromPer('per@x'));
    await onServer(old, old.user, (client) => client.messageFlagsAdd('2', ['\\Deleted']));
    const imap = await inbox();

    expect(await removeMails(imap, 'INBOX', known(1, 'one@x'))).toEqual({
      kind: 'done',
      removals: ['marked'],
    });
    expect(await onServer(old, old.user)).toEqual(['About one@x', 'Per’s per@x']);

    await onServer(old, old.user, (client) => client.messageFlagsRemove('2', ['\\Deleted']));
    expect(await removeMails(imap, 'INBOX', known(1, 'one@x'))).toEqual({
      kind: 'done',
      removals: ['removed'],
    });
    expect(await onServer(old, old.user)).toEqual(['Per’s per@x']);
  });

  test('P5: a mail without a Message-ID is known by its bytes, and what stands at its UID is left when it is another', async () => {
    const bare = crlf('From: Carla <carla@mail.example>\nSubject: Bare\n\nIt whistles.\n');
    old.deliver(old.user, bare);
    const imap = await inbox();
    const place = await imap.client.mailboxOpen('INBOX');
    const mail = {
      uidValidity: Number(place.uidValidity),
      uid: (place.uidNext ?? 0) - 1,
      messageId: null,
      dedupeKey: dedupeKey(Buffer.from('other')),
    };

    expect(await removeMails(imap, 'INBOX', [mail])).toEqual({ kind: 'done', removals: ['missing'] });
    expect(await onServer(old, old.user)).toContain('Bare');
    const exact = { ...mail, dedupeKey: dedupeKey(Buffer.from(bare)) };
    expect(await removeMails(imap, 'INBOX', [exact])).toEqual({ kind: 'done', removals: ['removed'] });
    expect(await onServer(old, old.user)).not.toContain('Bare');
  });

  test('P5: a folder that is not there any more holds nothing', async () => {
    expect(await removeMails(await inbox(), 'Old', known(1, 'one@x'))).toEqual({ kind: 'no-folder' });
  });
});
