// What was looked at is remembered, and still nobody is shown what is not so any more: whatever changes, the page says so.
import type { Ticket } from '../../server/tickets';
import { decideParticipant } from '../../server/tickets/participants';
import { removeTag } from '../../server/tickets/tags';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';
import { mailOf, reply, words } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = receive(desk, letter({ subject: 'Leaking spout', words: 'It leaks.' })).ticket;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const page = async () => (await ana.get(`/tickets/${ticket.number}`)).html;
/** Straight in the database, as erasure and retention do it, without any command of tickets. */
const run = (sql: string) => desk.app.db.tx(() => desk.app.db.sql.exec(sql));

test('a message that somebody else writes is on the next page', async () => {
  await page();

  reply(desk, ticket, words('Which model is it?'));

  expect(await page()).toContain('Which model is it?');
});

test('O5: what became of a reply is on the next page', async () => {
  const message = reply(desk, ticket, words('Which model is it?'));
  expect(await page()).not.toContain('550 no such user');

  run(`UPDATE messages SET state = 'failed', delivery_answer = '550 no such user' WHERE id = ${message.id}`);

  expect(await page()).toContain('550 no such user');
});

test('P3: words, senders’ names and files that were taken out are on no page any more', async () => {
  run(`INSERT INTO files (id, disk_name, sha256, size, created_at) VALUES (99, 'x', '-', 1, 0);
    INSERT INTO attachments (file_id, owner_kind, owner_id, name, type, size, created_at)
    SELECT 99, 'message', id, 'spout.pdf', 'application/pdf', 1, 0 FROM messages`);
  expect(await page()).toContain('spout.pdf');

  run(`DELETE FROM attachments; UPDATE messages SET words = 'Taken out.', author_name = ''`);

  const html = await page();
  expect(html).toContain('Taken out.');
  expect(html).not.toContain('spout.pdf');
  expect(html).not.toContain('It leaks.');
});

test('M7: an unknown sender who was accepted is on the next page, and gets the next reply', async () => {
  const { messageId } = mailOf(desk, reply(desk, ticket, words('Which model is it?')));
  receive(
    desk,
    letter({
      from: 'Dora <dora@mail.example>',
      inReplyTo: [messageId],
      words: 'The blue one.',
    }),
  );
  expect(await page()).toContain('is not part of this conversation');

  const [dora] = desk.rows<{ id: number }>("SELECT id FROM participants WHERE address = 'dora@mail.example'");
  desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, ticket, dora?.id ?? 0, true));

  const html = await page();
  expect(html).not.toContain('is not part of this conversation');
  expect(html).toMatch(/name="cc" value="[^"]*dora@mail\.example/);
});

test('tags come and go', async () => {
  await page();
  await ana.post(`/tickets/${ticket.number}/tags`, { tag: 'warranty' });
  expect(await page()).toContain('>warranty<');

  desk.app.db.tx(() => removeTag(desk.app, desk.ben, ticket, 'warranty'));

  expect(await page()).not.toContain('class="chip__text">warranty<');
});

test('each reader has their own language, and only those who may decide are offered to', async () => {
  const message = reply(desk, ticket, words('Which model is it?'));
  run(`UPDATE messages SET state = 'uncertain' WHERE id = ${message.id}`);
  expect(await page()).toContain(`/messages/${message.id}/arrived`);

  const vera = doors.as({ ...desk.agent('Vera', 'viewer') });
  const html = (await vera.get(`/tickets/${ticket.number}`)).html;

  expect(html).toContain('Which model is it?');
  expect(html).not.toContain(`/messages/${message.id}/arrived`);
});
