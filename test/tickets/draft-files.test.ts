// Files of a draft: kept as soon as they are chosen, before a word was written, and the writer's own (W4).
import { TooLarge } from '../../server/lib/errors';
import type { Ticket } from '../../server/tickets';
import { addDraftFiles, findDraft, keepDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { uploaded } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const text = (name: string) => ({ name, type: 'text/plain', bytes: Buffer.from(name) });

test('W4: files stay with the draft and its words, are shown at the next visit, and to nobody else', async () => {
  desk.app.db.tx(() => keepDraft(desk.app, desk.ana, ticket, 'reply', 'See below'));
  const { status, html } = await ana.upload(at('/draft/reply/files'), {}, [text('one.txt'), text('two.txt')]);

  expect(status).toBe(200);
  expect(html).toContain('one.txt');
  expect(html).toContain(at('/draft/reply/files/'));
  expect((await ana.get(at())).html).toContain('two.txt');
  expect((await doors.as(desk.ben).get(at())).html).not.toContain('two.txt');
  expect(findDraft(desk.app.db, desk.ana.id, ticket.id, 'reply')?.words).toBe('See below');
});

test('a file chosen before any word begins the draft', async () => {
  await ana.upload(at('/draft/note/files'), {}, [text('one.txt')]);

  expect(findDraft(desk.app.db, desk.ana.id, ticket.id, 'note')).toMatchObject({ words: '' });
  expect(desk.rows('SELECT name FROM attachments')).toEqual([{ name: 'one.txt' }]);
});

test('a draft takes no more files than a form', async () => {
  const { file } = await uploaded(desk, 'x', 'x');
  const files = (n: number) =>
    Array.from({ length: n }, () => ({ file, name: 'x', declaredType: '', type: '' }));
  desk.app.db.tx(() => addDraftFiles(desk.app, desk.ana, ticket, 'reply', files(20)));

  expect(() => desk.app.db.tx(() => addDraftFiles(desk.app, desk.ana, ticket, 'reply', files(1)))).toThrow(
    TooLarge('A message may have 20 files.'),
  );
});

test('AC-46: nobody adds files to a ticket that is not theirs to see', async () => {
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));

  expect((await ana.upload(at('/draft/reply/files'), {}, [text('one.txt')])).status).toBe(404);
  expect(desk.rows('SELECT * FROM drafts')).toEqual([]);
});
