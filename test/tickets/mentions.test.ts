// Colleagues named in a note: found by name, told, made to follow; never a way to what they may not see (AC-47).
import type { AgentRow } from '../../server/agents';
import { findActiveAgents } from '../../server/agents';
import { htmlFromText } from '../../server/mail';
import { findFollowing } from '../../server/tickets/follow-ticket';
import { mentionsIn } from '../../server/tickets/writing/mentions';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { note } from '../support/writing';

let desk: Desk;
let doors: Doors;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const followers = (ticket: { id: number }) => findFollowing(desk.app.db, ticket.id).map(({ name }) => name);
const told = (agent: { id: number }) => {
  desk.app.followers.catchUp();
  return desk
    .rows<{ kind: string }>('SELECT kind FROM notices WHERE agent_id = ? ORDER BY id', agent.id)
    .map(({ kind }) => kind);
};
const writeNote = (ticket: { number: number }, words: string, more = {}) =>
  doors
    .as(desk.ana)
    .post(`/tickets/${ticket.number}/notes`, { clientId: 'c'.repeat(32), words, seenSequence: '9', ...more });

test.each([
  ['@Ana Ozola, look', ['@Ana Ozola']],
  ['@ana ozola?', ['@ana ozola']],
  ['(@Ben)', ['@Ben']],
  ['@Bennett is no colleague', []],
  ['to ben@Ben.example and x@Ben', []],
  ['https://a.example/@Ben', []],
  ['@Anna Hansen', ['@Anna Hansen']],
  ['@Anna', []],
  ['@Anna Berg and @Ben, @Ben again', ['@Anna Berg', '@Ben']],
  ['@', []],
  ['nobody', []],
])('in %j are named %j', (words, expected) => {
  const people = ['Ana Ozola', 'Ben', 'Anna Hansen', 'Anna Berg'].map(
    (name, id) => ({ id, name }) as AgentRow,
  );

  expect(mentionsIn(words, people).map(({ as }) => as)).toEqual(expected);
});

test('whoever a note names is told and follows the ticket from then on; the writer is neither', () => {
  const ticket = desk.ticketFrom('Carla');
  note(desk, ticket, '@Ben can you look? @Ana');

  expect([told(desk.ben), told(desk.ana), told(desk.owner)]).toEqual([['mentioned'], [], []]);
  expect(followers(ticket)).toEqual(['Ben']);
  expect(desk.queuedMails()).toEqual([]);
});

test('a name stands out in the note as text, whatever it is made of', async () => {
  const ticket = desk.ticketFrom('Carla');
  note(desk, ticket, 'Dear @Ben, <i>look</i> at https://kettle.example/@Ben');
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);

  expect(html).toContain(
    '<p>Dear <b class="mention">@Ben</b>, &lt;i&gt;look&lt;/i&gt; at <a href="https://kettle.example/@Ben"',
  );
  const named = ['@<b>.*(', '@https://x.example', '@Ana', '@Ana-Maria O/x'];
  expect(htmlFromText('@<b>.*( and @https://x.example" @Ana-Maria O/x', { named })).toBe(
    '<p><b class="mention">@&lt;b&gt;.*(</b> and <b class="mention">@https://x.example</b>&quot; <b class="mention">@Ana-Maria O/x</b></p>',
  );
});

test('AC-47: who may not see the ticket is not told, does not follow, and the writer is told before it is saved', async () => {
  const ticket = desk.ticketFrom('Carla');
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ana));
  const before = desk.messagesOf(ticket).length;

  const first = await writeNote(ticket, '@Ben, look');
  expect(first.status).toBe(422);
  expect(first.html).toContain('Ben may not see this ticket and will not be told');
  expect(first.html).toContain('@Ben, look</textarea>');
  expect(desk.messagesOf(ticket)).toHaveLength(before);

  const inVain = /name="inVain" value="([^"]*)"/.exec(first.html)?.[1] as string;
  expect((await writeNote(ticket, '@Ben, look', { inVain })).status).toBe(303);
  expect(desk.messagesOf(ticket)).toHaveLength(before + 1);
  expect([told(desk.ben), followers(ticket)]).toEqual([[], []]);
  expect((await doors.as(desk.ben).get(`/tickets/${ticket.number}`)).status).toBe(404);
  // Somebody else in vain is said anew.
  desk.agent('Emma', 'agent');
  expect((await writeNote(ticket, '@Emma, look', { inVain, clientId: 'd'.repeat(32) })).status).toBe(422);
});

test('colleagues are offered by the beginning of a name, with a word about those who may not see the ticket', async () => {
  const ticket = desk.ticketFrom('Carla');
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ana));
  const offered = async (q: string) =>
    (await doors.as(desk.ana).get(`/tickets/${ticket.number}/mentions?q=${q}`)).html;

  expect(await offered('b')).toContain('data-name="Ben"');
  expect(await offered('b')).toContain('may not see this ticket');
  expect(await offered('ol')).toContain('data-name="Olga"');
  expect(await offered('ol')).not.toContain('may not see');
  expect(await offered('ana')).not.toContain('data-name');
  expect(findActiveAgents(desk.app.db)).toHaveLength(3);
});
