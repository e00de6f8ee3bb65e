// Rules in the browser of an admin: written, tried, put in order, switched, removed; and what a ticket says about them.
import { createSite, newSite } from '../../server/chat';
import { startChat } from '../../server/chat/start-chat';
import { randomId, randomToken } from '../../server/lib/ids';
import { findTags } from '../../server/tickets/tags';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';

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

const RULES = '/settings/rules';
const form = {
  name: 'Invoices',
  isOn: 'on',
  match: 'all',
  fromOp: 'any',
  from: 'Carla@Mail.example',
  subjectOp: 'any',
  subject: 'invoice, faktura',
  doTag: 'billing',
};
const ids = () => desk.rows<{ id: number }>('SELECT id FROM rules ORDER BY place').map(({ id }) => id);
const names = () =>
  desk.rows<{ name: string }>('SELECT name FROM rules ORDER BY place').map(({ name }) => name);
const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('an admin writes a rule, reads it in words, changes it, and removes it after a question', async () => {
  expect((await olga.get(RULES)).html).toContain('No rules yet');
  expect((await olga.post(RULES, form)).location).toBe(RULES);
  const [id] = ids();
  const list = textOf((await olga.get(RULES)).html);
  expect(list).toContain(
    'the sender is “carla@mail.example” and the subject contains “invoice” or “faktura”',
  );
  expect(list).toContain('tag “billing”');
  expect(list).toContain('It has not run yet.');

  const page = (await olga.get(`${RULES}/${id}`)).html;
  expect(page).toContain('value="carla@mail.example"');
  expect(page).toContain('value="invoice, faktura"');
  await olga.post(`${RULES}/${id}`, { ...form, name: 'Bills', from: '', doSpam: 'on' });
  expect(textOf((await olga.get(RULES)).html)).toContain('tag “billing” · marked as spam');

  expect((await olga.get(`${RULES}/${id}/removal`)).html).toContain('Remove the rule Bills?');
  await olga.post(`${RULES}/${id}/removal`);
  expect(ids()).toEqual([]);
  expect((await olga.get(`${RULES}/${id}`)).status).toBe(404);
  expect(desk.events('rule.%').map(({ name }) => name)).toEqual([
    'rule.created',
    'rule.changed',
    'rule.removed',
  ]);
});

test.each([
  [{ from: 'not an address' }, 'Write addresses such as'],
  [{ domain: 'nonsense' }, 'Write domains such as'],
  [{ subject: 'x'.repeat(201) }, 'at most 20 phrases'],
  [{ from: '', subject: '' }, 'choose at least one condition'],
  [{ doTag: '' }, 'choose at least one thing'],
])('%j is refused in place, and what was typed is kept', async (wrong, words) => {
  const answer = await olga.post(RULES, { ...form, ...wrong });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain(words);
  expect(answer.html).toContain('value="Invoices"');
  expect(ids()).toEqual([]);
});

test('before it is saved, it is tried on the newest tickets', async () => {
  const { ticket } = receive(desk, letter({ subject: 'My Invoice', from: 'Carla <carla@mail.example>' }));
  receive(desk, letter({ subject: 'My Invoice', from: 'Dora <dora@mail.example>' }));
  receive(desk, letter({ subject: 'A question' }));

  const tried = await olga.post(`${RULES}/trial`, { ...form, name: '' });
  expect(textOf(tried.html)).toContain('Of the newest 3 tickets it would have run for one:');
  expect(tried.html).toContain(`href="/tickets/${ticket.number}"`);
  expect(tried.html).toContain('value="invoice, faktura"');
  expect(ids()).toEqual([]);

  await olga.post(RULES, form);
  const again = await olga.post(`${RULES}/${ids()[0]}/trial`, { ...form, from: '' });
  expect(textOf(again.html)).toContain('it would have run for 2:');
  expect((await olga.post(`${RULES}/trial`, { ...form, from: '', subject: '' })).status).toBe(422);
});

test('buttons move rules and switch them', async () => {
  for (const name of ['One', 'Two', 'Three']) await olga.post(RULES, { ...form, name });
  const [one, , three] = ids();
  await olga.post(`${RULES}/${three}/place`, { to: 'up' });
  expect(names()).toEqual(['One', 'Three', 'Two']);
  await olga.post(`${RULES}/${one}/place`, { to: 'down' });
  expect(names()).toEqual(['Three', 'One', 'Two']);
  await olga.post(`${RULES}/${three}/place`, { to: 'up' });
  expect(names()).toEqual(['Three', 'One', 'Two']);

  await olga.post(`${RULES}/${three}/switch`, { on: '0' });
  expect(desk.rows('SELECT name FROM rules WHERE is_on = 0')).toEqual([{ name: 'Three' }]);
  expect((await olga.get(RULES)).html).toContain('>off<');
  await olga.post(`${RULES}/${three}/switch`, { on: '1' });
  expect(desk.rows('SELECT name FROM rules WHERE is_on = 0')).toEqual([]);
});

test('M6: the ticket says what a rule did, and why it is as it is; the rule says how often it ran', async () => {
  await olga.post(RULES, { ...form, doPriority: 'high' });
  const { ticket } = receive(desk, letter({ subject: 'Invoice 17' }));
  const page = textOf((await doors.as(desk.ana).get(`/tickets/${ticket.number}`)).html);
  expect(page).toContain('Rule “Invoices” added the tag “billing”');
  expect(page).toContain('Rule “Invoices” set the priority to high');
  expect(page).toContain('Rule that ran “Invoices”');
  expect(textOf((await olga.get(RULES)).html)).toContain('It ran once. Last:');
  expect(textOf((await olga.get(`${RULES}/${ids()[0]}`)).html)).toContain('It ran once.');
});

test('what a rule names and is gone is said where the rule stands', async () => {
  const team = desk.team('Billing');
  const mailbox = desk.mailbox('bills@teapot.example');
  const more = {
    mailboxOp: 'any',
    mailbox: String(mailbox.id),
    doTeam: String(team),
    doAssignee: String(desk.ben.id),
  };
  await olga.post(RULES, { ...form, ...more });
  expect((await olga.get(RULES)).html).not.toContain('does nothing');
  desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
  desk.app.db.sql.prepare('DELETE FROM teams WHERE id = ?').run(team);
  desk.app.db.sql.prepare('UPDATE mailboxes SET deleted_at = 1 WHERE id = ?').run(mailbox.id);
  for (const address of [RULES, `${RULES}/${ids()[0]}`]) {
    const page = textOf((await olga.get(address)).html);
    expect(page).toContain('“Assign to” does nothing: Ben can’t answer tickets any more.');
    expect(page).toContain('“Give to the team” does nothing: the team (removed) was removed.');
    expect(page).toContain('does nothing for bills@teapot.example: this mailbox was removed.');
  }
});

test('a chat is tagged when it begins, and taken by whoever is there', async () => {
  await olga.post(RULES, {
    ...form,
    from: '',
    subject: '',
    channel: 'chat',
    doAssignee: String(desk.ben.id),
    doStatus: 'solved',
  });
  const { app } = desk;
  const site = app.db.tx(() =>
    createSite(app, desk.owner, { ...newSite(app), origins: ['https://teapot.example'] }),
  );
  const { ticket } = app.db.tx(() =>
    startChat(
      app,
      site,
      { token: randomToken(), clientId: randomId(), name: 'Vic', email: '', words: 'Hello', page: '' },
      true,
    ),
  );
  expect(findTags(app.db, ticket.id).map(({ name }) => name)).toEqual(['billing']);
  expect(desk.ticketNow(ticket)).toMatchObject({ assignee_id: null, status: 'new', chat_state: 'queued' });
});

test('only admins see or change rules', async () => {
  const ana = doors.as(desk.ana);
  expect((await ana.get(RULES)).status).toBe(403);
  expect((await ana.post(RULES, form)).status).toBe(403);
  expect(ids()).toEqual([]);
});
