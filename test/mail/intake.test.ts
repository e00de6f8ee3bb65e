// Store first, then file (M2): nothing that a mail does loses it, doubles it, or stops the next one.
import { existsSync, readdirSync } from 'node:fs';
import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hooks } from '../../server/app';
import {
  deliver,
  type Filed,
  fileStoredMail,
  Intake,
  keepMail,
  localMailbox,
  rawPath,
} from '../../server/mail';
import { findInboundMail, type InboundMailRow } from '../../server/mail/queries';
import { findTray, tryAgain } from '../../server/mail/tray';
import { receiveMail } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let bad: (subject: string) => void;

/** Files as usual, unless a test says that a mail with this subject throws. */
const fileMail: Hooks['fileMail'] = (app, inbound, mail, files): Filed => {
  bad(mail.subject);
  return receiveMail(app, inbound, mail, files);
};

beforeEach(() => {
  bad = () => undefined;
  desk = openDesk({ hooks: { fileMail } });
});
afterEach(() => desk.close());

const raw = (subject: string, more: { id?: string; body?: string } = {}) =>
  Buffer.from(
    [
      'From: Carla <carla@mail.example>',
      'To: support@teapot.example',
      `Subject: ${subject}`,
      ...(more.id === ''
        ? []
        : [`Message-ID: <${more.id ?? `${subject.replaceAll(' ', '-')}@mail.example`}>`]),
      'Content-Type: text/plain; charset=utf-8',
      '',
      more.body ?? 'Do you sell spouts?',
    ].join('\r\n'),
  );
const keep = (bytes: Buffer, mailbox = localMailbox(desk.app)) =>
  keepMail(desk.app, { mailboxId: mailbox.id, source: 'deliver', raw: bytes });
const deliverNow = (bytes: Buffer, values: Record<string, string> = {}) => deliver(desk.app, values, bytes);
const settled = () => desk.house.intake.settled();
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);
const states = () =>
  desk.rows<{ state: string; reason: string | null }>('SELECT state, reason FROM inbound_mails ORDER BY id');
const filesIn = (folder: string) =>
  readdirSync(join(desk.data, folder), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
const idOf = (kept: Awaited<ReturnType<typeof keep>>) => ('id' in kept ? kept.id : 0);

test('M2: the bytes are on disk and recorded before anything looks into them', async () => {
  const seen: unknown[] = [];
  bad = () => {
    const [row] = desk.rows<{ id: number; disk_name: string; state: string }>(
      'SELECT id, disk_name, state FROM inbound_mails',
    );
    seen.push(row?.state, existsSync(rawPath(desk.data, row?.disk_name ?? '')));
  };
  const bytes = raw('A question');
  expect((await deliverNow(bytes)).exit).toBe(0);
  await settled();

  expect(seen).toEqual(['stored', true]);
  const row = findInboundMail(desk.app.db, 1) as InboundMailRow;
  expect(await readFile(rawPath(desk.data, row.disk_name as string))).toEqual(bytes);
  expect(row).toMatchObject({
    state: 'done',
    ticket_id: 1,
    message_id: 1,
    header_message_id: 'A-question@mail.example',
  });
});

test('M2: a mail that can’t be filed waits with its reason, leaves nothing half done, and the next is filed', async () => {
  bad = (subject) => {
    if (subject === 'Poison') {
      desk.customer('Somebody');
      throw new RangeError('of carla@mail.example');
    }
  };
  for (const subject of ['Before', 'Poison', 'After']) await deliverNow(raw(subject));
  await settled();

  expect(subjects()).toEqual(['Before', 'After']);
  expect(states()).toEqual([
    { state: 'done', reason: null },
    { state: 'failed', reason: 'RangeError' },
    { state: 'done', reason: null },
  ]);
  expect(desk.rows("SELECT 1 FROM customers WHERE name = 'Somebody'")).toEqual([]);
  const [waiting] = findTray(desk.app.db, null, null, null, null, '', '', 0, 10);
  expect(existsSync(rawPath(desk.data, waiting?.disk_name ?? ''))).toBe(true);
});

test('M2: "try again" files it, once', async () => {
  bad = () => {
    throw new Error('no');
  };
  await deliverNow(raw('Poison'));
  await settled();
  bad = () => undefined;

  expect(await desk.app.write(() => tryAgain(desk.app, desk.owner, 1))).toBe(true);
  expect(await desk.app.write(() => tryAgain(desk.app, desk.owner, 1))).toBe(false);
  await settled();

  expect(subjects()).toEqual(['Poison']);
  expect(states()).toEqual([{ state: 'done', reason: null }]);
});

test('a mail whose bytes are gone from the disk waits in the tray and stops nothing', async () => {
  desk.house.intake.stop();
  const id = idOf(await keep(raw('Lost')));
  const row = findInboundMail(desk.app.db, id);
  await unlink(rawPath(desk.data, row?.disk_name ?? ''));

  await fileStoredMail(desk.app, id);

  expect(states()).toEqual([{ state: 'failed', reason: 'Error' }]);
});

test('AC-30: a mail that was in hand at ten crashes is put aside unread', async () => {
  await desk.house.intake.stop();
  const id = idOf(await keep(raw('Bomb')));
  desk.app.db.sql.prepare('UPDATE inbound_mails SET attempts = 10').run();
  let looked = false;
  bad = () => {
    looked = true;
  };

  await fileStoredMail(desk.app, id);

  expect(looked).toBe(false);
  expect(states()).toEqual([{ state: 'failed', reason: 'failed-repeatedly' }]);
});

test('AC-30: each try is counted before the mail is looked at', async () => {
  const counts: number[] = [];
  bad = () =>
    counts.push(desk.rows<{ attempts: number }>('SELECT attempts FROM inbound_mails')[0]?.attempts ?? 0);
  await deliverNow(raw('Once'));
  await settled();

  expect(counts).toEqual([1]);
});

test('M2: what a crash left stored is taken up at the next start, in order, each once', async () => {
  await desk.house.intake.stop();
  for (const subject of ['One', 'Two', 'Three']) await keep(raw(subject));
  expect(subjects()).toEqual([]);

  const next = new Intake(() => desk.app);
  next.start();
  await next.settled();
  const again = new Intake(() => desk.app);
  again.start();
  await again.settled();

  expect(subjects()).toEqual(['One', 'Two', 'Three']);
});

test('M3: the same mail, put in twice at once, is filed once', async () => {
  await desk.house.intake.stop();
  const id = idOf(await keep(raw('Twice')));

  await Promise.all([fileStoredMail(desk.app, id), fileStoredMail(desk.app, id)]);

  expect(desk.rows('SELECT count(*) AS n FROM messages')).toEqual([{ n: 1 }]);
});

test('mails are filed in the order they came, however long each takes to read', async () => {
  const long = 'word '.repeat(60_000);
  await desk.house.intake.stop();
  for (let n = 0; n < 8; n++) await keep(raw(`Mail ${n}`, { body: n % 2 === 0 ? long : 'short' }));

  const next = new Intake(() => desk.app);
  next.start();
  await next.settled();

  expect(subjects()).toEqual(Array.from({ length: 8 }, (_, n) => `Mail ${n}`));
});

describe('M3: the same mail', () => {
  test('by its Message-ID to the same mailbox, whatever else differs; M4: what says something else is listed, once', async () => {
    await deliverNow(raw('One', { id: 'same@mail.example' }));
    const other = raw('Two', { id: 'same@mail.example', body: 'other words' });
    const second = await deliverNow(other);
    await deliverNow(other);
    await settled();

    expect(second).toMatchObject({ exit: 0, facts: { duplicate: true } });
    expect(subjects()).toEqual(['One']);
    expect(states()).toEqual([
      { state: 'done', reason: null },
      { state: 'not_imported', reason: 'other-words' },
    ]);
    expect(filesIn('mail')).toHaveLength(2);
  });

  test('by its bytes when it has no Message-ID', async () => {
    for (let n = 0; n < 2; n++) await deliverNow(raw('No id', { id: '' }));
    await deliverNow(raw('No id', { id: '', body: 'one letter more' }));
    await settled();

    expect(subjects()).toEqual(['No id', 'No id']);
  });

  test('both at once', async () => {
    await Promise.all([deliverNow(raw('Race')), deliverNow(raw('Race'))]);
    await settled();

    expect(subjects()).toEqual(['Race']);
    expect(filesIn('mail')).toHaveLength(1);
  });

  test('to two mailboxes is two linked tickets', async () => {
    const [sales, support] = [desk.mailbox('sales@teapot.example'), desk.mailbox('support@teapot.example')];
    await keep(raw('Both'), sales);
    await keep(raw('Both'), support);
    await settled();

    expect(desk.rows('SELECT id, mailbox_id, linked_ticket_id FROM tickets')).toEqual([
      { id: 1, mailbox_id: sales.id, linked_ticket_id: null },
      { id: 2, mailbox_id: support.id, linked_ticket_id: 1 },
    ]);
  });

  test('by its place on the server, also when the server reads it out differently the second time', async () => {
    const place = { folder: 'INBOX', uidValidity: 7, uid: 12 };
    const mailboxId = localMailbox(desk.app).id;
    const first = await keepMail(desk.app, {
      mailboxId,
      source: 'imap',
      raw: raw('Head only', { id: '', body: '' }),
      place,
      missing: 'unreadable',
    });
    const second = await keepMail(desk.app, {
      mailboxId,
      source: 'imap',
      raw: raw('Whole', { id: '' }),
      place,
    });
    await settled();

    expect(second).toEqual({ id: idOf(first), duplicate: true });
    expect(states()).toEqual([{ state: 'not_imported', reason: 'unreadable' }]);
  });
});

test('P5: what was erased is not taken in again, and not written to disk', async () => {
  await desk.close();
  desk = openDesk({ hooks: { wasErased: (_app, _key, messageId) => messageId === 'gone@mail.example' } });

  expect(await deliverNow(raw('Erased', { id: 'gone@mail.example' }))).toMatchObject({
    exit: 0,
    facts: { kept: false, reason: 'erased' },
  });
  await settled();

  expect(subjects()).toEqual([]);
  expect(filesIn('mail')).toEqual([]);
});

test('P11: a raw mail in which a card number stood is not kept', async () => {
  await deliverNow(raw('My card', { body: 'It is 4111 1111 1111 1111, thank you' }));
  await settled();

  expect(filesIn('mail')).toEqual([]);
  expect(desk.rows('SELECT disk_name, state FROM inbound_mails')).toEqual([
    { disk_name: null, state: 'done' },
  ]);
  expect(desk.rows<{ words: string }>('SELECT words FROM messages')[0]?.words).not.toContain(
    '4111 1111 1111 1111',
  );
});
