// The tray: what could not be filed waits with its reason, its bytes and a "try again" (M2).
import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { keepMail, localMailbox, rawPath } from '../../server/mail';
import { findInboundMail, updateInboundState } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const MAIL = [
  'From: =?utf-8?Q?B=C3=A6rit?= <baerit@mail.example>',
  'Subject: =?utf-8?Q?Kjelen_g=C3=A5r_ikke?=',
  'Message-ID: <one@mail.example>',
  'To: desk@teapot.example',
  '',
  'It does not boil.',
].join('\r\n');

/** A mail that is in the tray for a reason. */
async function waits(raw = MAIL, reason = 'failed-repeatedly', state = 'failed'): Promise<number> {
  const { app } = desk;
  const arrived = { mailboxId: localMailbox(app).id, source: 'deliver' as const, raw: Buffer.from(raw) };
  // Kept without anybody being told, so that nothing files it.
  const kept = await keepMail({ ...app, hooks: { ...app.hooks, mailStored: () => undefined } }, arrived);
  if ('erased' in kept) throw new Error('the mail was erased');
  await app.write(() => updateInboundState(app.db, state, reason, app.clock.now(), kept.id));
  return kept.id;
}

const stateOf = (id: number) => findInboundMail(desk.app.db, id)?.state;

test('an empty tray says that every mail was filed', async () => {
  expect((await olga.get('/settings/mail-tray')).html).toContain('Every mail was filed');
});

test('M2: a mail in the tray shows who, what about, why, and gives out its bytes as they came', async () => {
  const id = await waits();
  const page = await olga.get('/settings/mail-tray');
  expect(page.html).toContain('Kjelen går ikke');
  expect(page.html).toContain('Bærit &lt;baerit@mail.example&gt;');
  expect(page.html).toContain('It could not be read, however often it was tried.');

  const raw = await olga.get(`/settings/mail-tray/${id}/raw`);
  expect(raw.html).toBe(MAIL);
  expect(raw.headers.get('content-disposition')).toContain(`attachment; filename="mail-${id}.eml"`);
  expect(raw.headers.get('content-security-policy')).toContain('sandbox');
  expect(raw.headers.get('content-type')).toContain('application/octet-stream');
});

test('M2: “try again” files it, once', async () => {
  const id = await waits();
  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).location).toBe('/settings/mail-tray');
  await desk.house.intake.settled();
  expect(stateOf(id)).toBe('done');
  expect((await olga.get('/settings/mail-tray')).html).toContain('Every mail was filed');
  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(404);
  expect(desk.app.db.sql.prepare('SELECT count(*) FROM tickets').pluck().get()).toBe(1);
});

test('M2: what fails again comes back with its reason', async () => {
  const id = await waits();
  const path = rawPath(desk.data, findInboundMail(desk.app.db, id)?.disk_name ?? '');
  expect(existsSync(path)).toBe(true);
  await unlink(path);
  await olga.post(`/settings/mail-tray/${id}/filing`);
  await desk.house.intake.settled();
  expect(stateOf(id)).toBe('failed');
});

test('a mail whose bytes are gone is still listed', async () => {
  const id = await waits();
  await unlink(rawPath(desk.data, findInboundMail(desk.app.db, id)?.disk_name ?? ''));
  const page = await olga.get('/settings/mail-tray');
  expect(page.status).toBe(200);
  expect(page.html).toContain('It could not be read, however often it was tried.');
  for (const what of ['raw', 'filing']) expect(page.html).not.toContain(`/settings/mail-tray/${id}/${what}`);
  expect((await olga.get(`/settings/mail-tray/${id}/raw`)).status).toBe(404);
});

test('M4: a mail that was left out on purpose says why, and is imported after all on wish, past the reason', async () => {
  desk.mailbox('support@teapot.example');
  const { app } = desk;
  const raw = MAIL.replace('baerit@mail.example', 'support@teapot.example');
  const kept = await keepMail(app, {
    mailboxId: localMailbox(app).id,
    source: 'deliver',
    raw: Buffer.from(raw),
  });
  const id = 'id' in kept ? kept.id : 0;
  await desk.house.intake.settled();
  expect(findInboundMail(app.db, id)).toMatchObject({ state: 'not_imported', reason: 'loop' });
  const page = await olga.get('/settings/mail-tray');
  expect(page.html).toContain('It came from one of your own mailboxes');
  expect(page.html).toContain('Import it after all');

  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(303);
  await desk.house.intake.settled();
  expect(stateOf(id)).toBe('done');
  expect(desk.rows('SELECT subject FROM tickets')).toEqual([{ subject: 'Kjelen går ikke' }]);
});

test('M4: so is one that its ticket has already, and one of which only the head came', async () => {
  const { app } = desk;
  const duplicate = await waits(MAIL, 'duplicate', 'not_imported');
  const kept = await keepMail(app, {
    mailboxId: localMailbox(app).id,
    source: 'imap',
    raw: Buffer.from('From: carla@mail.example\r\nSubject: My film\r\n\r\n'),
    place: { folder: 'INBOX', uidValidity: 7, uid: 12 },
    missing: 'too-big',
  });
  const big = 'id' in kept ? kept.id : 0;
  for (const id of [duplicate, big]) await olga.post(`/settings/mail-tray/${id}/filing`);
  await desk.house.intake.settled();

  expect([duplicate, big].map(stateOf)).toEqual(['done', 'done']);
  const film = desk.rows<{ number: number }>("SELECT number FROM tickets WHERE subject = 'My film'")[0];
  expect((await olga.get(`/tickets/${film?.number}`)).html).toContain(
    'Only the head of this mail was fetched',
  );
});

test('P5: a mail that was erased cannot be imported after all', async () => {
  const id = await waits(MAIL, 'erased', 'not_imported');
  expect((await olga.get('/settings/mail-tray')).html).not.toContain(`/settings/mail-tray/${id}/filing`);
  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(404);
});

test('M4: the tray is filtered by reason and mailbox, and paged without losing or repeating a mail', async () => {
  const many = 30;
  for (let n = 0; n < many; n++) await waits(MAIL.replace('one@', `loop${n}@`), 'loop', 'not_imported');
  const failed = await waits();
  const other = desk.mailbox('other@teapot.example');
  desk.app.db.sql.prepare('UPDATE inbound_mails SET mailbox_id = ? WHERE id = ?').run(other.id, failed);

  const seen: string[] = [];
  let next: string | undefined = '/settings/mail-tray';
  while (next) {
    const { html } = await olga.get(next);
    seen.push(...[...html.matchAll(/id="mail-(\d+)"/g)].map(([, id]) => id as string));
    next = /href="(\/settings\/mail-tray\?[^"]*after=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen[0]).toBe(String(failed));
  expect(seen).toHaveLength(many + 1);
  expect(new Set(seen).size).toBe(many + 1);

  const first = (await olga.get('/settings/mail-tray')).html;
  expect(first).toContain(`From your own mailbox (${many})`);
  expect(first).toContain('Failed again and again (1)');
  const byReason = (await olga.get('/settings/mail-tray?reason=failed-repeatedly')).html;
  expect([...byReason.matchAll(/id="mail-(\d+)"/g)].map(([, id]) => id)).toEqual([String(failed)]);
  const byMailbox = (await olga.get(`/settings/mail-tray?mailbox=${other.id}`)).html;
  expect([...byMailbox.matchAll(/id="mail-(\d+)"/g)].map(([, id]) => id)).toEqual([String(failed)]);
  const neither = (await olga.get(`/settings/mail-tray?mailbox=${other.id}&reason=loop`)).html;
  expect(neither).not.toMatch(/id="mail-\d+"/);
  expect((await olga.get('/settings/mail-tray?reason=1%27&mailbox=x&after=y')).status).toBe(200);
});

test('AC-06: the source of a mail is shown as text that can do nothing, and the beginning only when it is long', async () => {
  const id = await waits(`${MAIL}\r\n<script>alert(1)</script>\u0000\u001b[31m${'x'.repeat(300_000)}`);
  const page = await olga.get(`/settings/mail-tray/${id}/source`);
  expect(page.status).toBe(200);
  expect(page.html).toContain('Message-ID: &lt;one@mail.example&gt;');
  expect(page.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;··[31mxxx');
  expect(page.html).not.toContain('<script>alert');
  expect(page.html).toContain('Only the first 204.8 kB are shown');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const done = await waits(MAIL.replace('one@', 'two@'), '', 'done');
  expect((await olga.get(`/settings/mail-tray/${done}/source`)).status).toBe(404);
});

test('M4: a mail with the Message-ID of another and other words says so, and is imported after all on wish, on the same ticket too', async () => {
  const { app } = desk;
  const send = async (...lines: string[]) => {
    const kept = await keepMail(app, {
      mailboxId: localMailbox(app).id,
      source: 'deliver',
      raw: Buffer.from(['From: carla@mail.example', 'Subject: Kettle', ...lines].join('\r\n')),
    });
    await desk.house.intake.settled();
    return kept;
  };
  await send('Message-ID: <first@mail.example>', '', 'It does not boil.');
  const answer = ['Message-ID: <one@mail.example>', 'In-Reply-To: <first@mail.example>', ''];
  await send(...answer, 'It is the blue one.');
  const kept = await send(...answer, 'It is the red one.');
  const id = 'id' in kept ? kept.id : 0;
  await desk.house.intake.settled();

  const page = await olga.get('/settings/mail-tray');
  expect(page.html).toContain('Duplicate: another mail with the same Message-ID is here already');
  expect(page.html).toContain('Import it after all');
  const words = () =>
    desk.rows<{ words: string }>("SELECT words FROM messages WHERE kind = 'reply' ORDER BY id");
  expect(words()).toHaveLength(2);

  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(303);
  await desk.house.intake.settled();

  expect(stateOf(id)).toBe('done');
  expect(words().map((row) => row.words)).toEqual([
    'It does not boil.',
    'It is the blue one.',
    'It is the red one.',
  ]);
  expect(desk.rows('SELECT id FROM tickets')).toHaveLength(1);
});

test('M2: what waits is counted on every page of an admin until somebody decides, and may be filed after all', async () => {
  const counted = async (who: Person) =>
    /<a[^>]*href="\/settings"[^>]*>[\s\S]*?<\/a>/.exec((await who.get('/tickets')).html)?.[0] ?? '';
  const calm = await counted(olga);
  const id = await waits();
  desk.app.db.sql.prepare('UPDATE inbound_mails SET attempts = 10').run();
  expect(await counted(olga)).not.toBe(calm);
  expect(await counted(olga)).toMatch(/>\s*1\s*</);
  expect(await counted(doors.as(desk.ana))).not.toMatch(/>\s*1\s*</);

  expect((await olga.post(`/settings/mail-tray/${id}/removal`)).status).toBe(303);
  expect(await counted(olga)).toBe(calm);
  expect((await olga.post(`/settings/mail-tray/${id}/removal`)).status).toBe(404);
  expect((await olga.get('/settings/mail-tray')).html).toContain('Somebody decided to leave it.');
  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(303);
  await desk.house.intake.settled();
  expect(stateOf(id)).toBe('done');
});

test('M2: a mail that its server would not give out can be asked for again, and the mailbox is read at once', async () => {
  const { app } = desk;
  const mailboxesChanged = jest.spyOn(app.hooks, 'mailboxesChanged');
  const kept = await keepMail(app, {
    mailboxId: localMailbox(app).id,
    source: 'imap',
    raw: Buffer.alloc(0),
    place: { folder: 'INBOX', uidValidity: 7, uid: 12 },
    missing: 'unreadable',
  });
  const id = 'id' in kept ? kept.id : 0;
  app.db.sql.prepare('UPDATE inbound_mails SET attempts = 12').run();

  const page = await olga.get('/settings/mail-tray');
  expect(page.html).toContain('Its server would not give it out.');
  expect(page.html).not.toContain(`/settings/mail-tray/${id}/raw`);
  expect((await olga.post(`/settings/mail-tray/${id}/filing`)).status).toBe(303);

  expect(findInboundMail(app.db, id)).toMatchObject({ state: 'not_imported', attempts: 0 });
  expect(mailboxesChanged).toHaveBeenCalledTimes(1);
});

test('AC-06: a hostile head is shown as text', async () => {
  await waits(
    'From: "<script>alert(1)</script>" <x@y.example>\r\nSubject: </h2><img src=x onerror=alert(1)>\r\n\r\n',
  );
  await waits('\u0000\u0001not a mail at all');
  const page = await olga.get('/settings/mail-tray');
  expect(page.html).not.toContain('<script>alert');
  expect(page.html).not.toContain('<img src=x');
  expect(page.html).toContain('No subject');
});

test('AC-46: a mail that was filed is not given out here, and ids are numbers only', async () => {
  const id = await waits(MAIL, '', 'done');
  for (const wrong of [String(id), '0', '-1', '1e3', '1%20', '..%2f..%2fsecret.key', '9'.repeat(30)]) {
    expect((await olga.get(`/settings/mail-tray/${wrong}/raw`)).status).toBe(404);
  }
  expect(
    (await olga.post(`/settings/mail-tray/${id}/filing`, {}, { 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403);
});
