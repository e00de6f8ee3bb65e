// Moving in as an admin does it on the page: choosing files, following, deciding, undoing.
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DAY } from '../../../server/lib/clock';
import type { MailboxRow } from '../../../server/mail';
import { noteOnTicket } from '../../../server/tickets';
import { gmailTakeout, oldMail } from '../../support/archives';
import { type Desk, openDesk } from '../../support/desk';
import { type Doors, openDoors, type Person } from '../../support/doors';
import { outcomes, ticketsOf, toItsEnd } from '../../support/importing';
import { words } from '../../support/writing';

let desk: Desk;
let doors: Doors;
let olga: Person;
let support: MailboxRow;

beforeEach(async () => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example');
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const LIST = '/settings/moving-in';
const ago = (days: number) => desk.clock.now() - days * DAY;
const archive = () =>
  gmailTakeout([
    { id: 'p1@x.example', at: ago(90), from: 'One <one@mail.example>' },
    { id: 'p2@x.example', at: ago(3), from: 'Two <two@mail.example>' },
    { id: 'p3@x.example', at: ago(2), headers: { 'X-Gmail-Labels': 'Spam' } },
  ]);
const fields = () => ({ mailbox: String(support.id), openDays: '30', ownAddresses: '' });
const file = (name: string, bytes: Uint8Array) => ({ name, type: 'application/mbox', bytes });

test('moving in: several files come at once, the page follows them, and says what came of each mail', async () => {
  expect((await olga.get(LIST)).html).toContain('Nothing is ever sent');
  const eml = Buffer.from(oldMail({ id: 'p4@x.example', at: ago(80), from: 'Four <four@mail.example>' }));
  const sent = await olga.upload(LIST, fields(), [file('All mail.mbox', archive()), file('four.eml', eml)]);
  expect(sent.status).toBe(303);
  const page = sent.location ?? '';

  const running = await olga.get(page);
  expect(running.headers.get('refresh')).toBe('2');
  expect(running.html).toContain('<progress');
  expect(running.html).toContain('All mail.mbox, four.eml');
  const id = Number(page.split('/').at(-1));
  await toItsEnd(desk, id);
  const done = await olga.get(page);
  expect(done.headers.get('refresh')).toBeNull();
  expect(done.html).toContain('The import is done.');
  expect(done.html).toContain('Left out: spam');
  expect(outcomes(desk, id)).toMatchObject({ found: 4, filed: 3, left: 1 });
  expect(ticketsOf(desk).every((ticket) => ticket.mailbox_id === support.id)).toBe(true);
  expect((await olga.get(LIST)).html).toContain(page);
  expect(readdirSync(join(desk.data, 'imports'))).toEqual([]);
});

test.each([
  ['nothing', [], 'Choose at least one file.'],
  ['an empty file', [['empty.mbox', '']], 'empty.mbox is empty.'],
  ['a picture', [['photo.mbox', '\u0089PNG\u0000']], 'photo.mbox is neither an mbox nor a mail.'],
  [
    'a mail and a letter',
    [
      ['a.eml', 'Subject: x\r\n\r\nx'],
      ['b.txt', 'Dear Sir'],
    ],
    'b.txt is neither an mbox nor a mail.',
  ],
] as [string, [string, string][], string][])(
  'moving in: %s is refused in one sentence, and what was typed stays',
  async (_, files, sentence) => {
    const typed = { ...fields(), openDays: '77', ownAddresses: 'old@teapot.example' };
    const refused = await olga.upload(
      LIST,
      typed,
      files.map(([name, text]) => file(name, Buffer.from(text))),
    );
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(sentence);
    expect(refused.html).toContain('value="77"');
    expect(refused.html).toContain('old@teapot.example');
    expect(desk.rows('SELECT * FROM import_runs')).toEqual([]);
  },
);

test('moving in: days and addresses that cannot be are refused at their field', async () => {
  const bad = { ...fields(), openDays: 'soon', ownAddresses: 'not an address' };
  const refused = await olga.upload(LIST, bad, [file('a.mbox', archive())]);
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('field-openDays-error');
  expect(refused.html).toContain('field-ownAddresses-error');
  expect((await olga.upload(LIST, { ...fields(), mailbox: '999' }, [file('a.mbox', archive())])).status).toBe(
    422,
  );
});

test('AC-29: what the disk has no room for is refused before it is sent', async () => {
  const head = { 'content-type': 'multipart/form-data; boundary=x', 'sec-fetch-site': 'same-origin' };
  const refused = await new Promise<number>((resolve, reject) => {
    const cookie = [...olga.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = request(`${doors.url}${LIST}`, {
      method: 'POST',
      headers: { ...head, cookie, 'content-length': '900000000000000' },
    });
    asked.on('response', (answer) => {
      resolve(answer.statusCode ?? 0);
      asked.destroy();
    });
    asked.on('error', reject);
    asked.flushHeaders();
  });
  expect(refused).toBe(503);
});

test('moving in: paused, continued, cancelled and undone by buttons, each once, with a question before what destroys', async () => {
  const { location } = await olga.upload(LIST, fields(), [file('a.mbox', archive())]);
  const page = location ?? '';
  const id = Number(page.split('/').at(-1));
  await olga.post(`${page}/pause`);
  const paused = await olga.get(page);
  expect(paused.headers.get('refresh')).toBeNull();
  expect(paused.html).toContain('The import is paused.');
  await olga.post(`${page}/pause`);
  expect((await olga.get(page)).html).toContain('That was decided already.');
  await olga.post(`${page}/continue`);
  expect((await olga.get(`${page}/undo`)).location).toBe(page);
  await toItsEnd(desk, id);

  const [changed] = ticketsOf(desk);
  desk.app.db.tx(() => noteOnTicket(desk.app, desk.ana, changed!, words('Mine')));
  const question = await olga.get(`${page}/undo`);
  expect(question.html).toContain('2 tickets and 2 customers');
  await olga.post(`${page}/undo`);
  expect((await olga.get(page)).headers.get('refresh')).toBe('2');
  await toItsEnd(desk, id);
  const undone = await olga.get(page);
  expect(undone.html).toContain('One ticket was kept, or mail on it');
  expect(undone.html).toContain(`href="/tickets/${changed!.number}"`);
  expect(ticketsOf(desk)).toHaveLength(1);

  const again = (await olga.upload(LIST, fields(), [file('b.mbox', archive())])).location ?? '';
  await olga.post(`${again}/cancel`);
  expect((await olga.get(again)).html).toContain('The import was cancelled.');
});

test('moving in: admins find it where mail is missing; agents may not', async () => {
  expect((await olga.get('/tickets')).html).toContain(`href="${LIST}"`);
  expect((await olga.get('/settings/mailboxes')).html).toContain(`href="${LIST}"`);
  const ana = doors.as(desk.ana);
  expect((await ana.get('/tickets')).html).not.toContain(LIST);
  expect((await ana.get(LIST)).status).toBe(403);
});

test('moving in: every page of it speaks every language', async () => {
  const { location } = await olga.upload(LIST, fields(), [file('a.mbox', archive())]);
  for (const language of ['nb', 'lv']) {
    desk.app.db.sql.prepare('UPDATE agents SET language = ?').run(language);
    const person = doors.as({ ...desk.owner, language: language as 'nb' });
    for (const path of [LIST, location ?? ''])
      expect((await person.get(path)).html).toContain(`lang="${language}"`);
  }
});
