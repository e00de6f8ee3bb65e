// Two tickets become one: answers to the merged one arrive in the other, both can be read, and for an hour it can be undone.
import { HOUR } from '../../server/lib/clock';
import type { Ticket } from '../../server/tickets';
import { countTickets } from '../../server/tickets/counts';
import { FIRST, listTickets } from '../../server/tickets/list';
import { type MergeRefusal, mergeTickets, unmergeTicket } from '../../server/tickets/merging/merge';
import { decideParticipant } from '../../server/tickets/participants';
import { findParticipants } from '../../server/tickets/queries';
import { searchTickets } from '../../server/tickets/search/search';
import { findDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';
import { reply, tryReply, words } from '../support/writing';

let desk: Desk;
/** Carla's older one and her newer one, by another address of hers when a test says so; Dora's. */
let older: Ticket;
let newer: Ticket;
let doras: Ticket;

beforeEach(() => {
  desk = openDesk();
  older = receive(desk, letter({ messageId: 'older@mail.example', subject: 'Kettle' })).ticket;
  newer = receive(desk, letter({ messageId: 'newer@mail.example', subject: 'Kettle again' })).ticket;
  doras = receive(desk, letter({ from: 'Dora <dora@mail.example>', messageId: 'dora@mail.example' })).ticket;
});
afterEach(() => desk.close());

const merge = (tickets: Ticket[], into: Ticket): MergeRefusal | undefined =>
  desk.app.db.tx(() => mergeTickets(desk.app, desk.ana, tickets, into));
const unmerge = (ticket: Ticket) => desk.app.db.tx(() => unmergeTicket(desk.app, desk.ana, ticket));
const said = (ticket: Ticket) =>
  desk.messagesOf(ticket).flatMap(({ facts }) => JSON.parse(facts).says?.key ?? []) as string[];
const listed = () => listTickets(desk.app, desk.ana, 'all', FIRST, 50).rows.map(([id]) => id);
const wordsOf = (ticket: Ticket) => desk.messagesOf(ticket).map((message) => message.words);

test('answers to the merged ticket arrive in the other one, by our mark as by theirs', () => {
  const sent = reply(desk, newer, 'Did you descale it?');
  expect(merge([newer], older)).toBeUndefined();

  const [out] = desk.rows<{ header_message_id: string }>(
    'SELECT header_message_id FROM outbox WHERE message_id = ?',
    sent.id,
  );
  const byOurs = receive(desk, letter({ inReplyTo: [out?.header_message_id ?? ''], words: 'I did' }));
  const byTheirs = receive(desk, letter({ inReplyTo: ['newer@mail.example'], words: 'Twice' }));
  const byNumber = receive(desk, letter({ subject: `Re: Kettle #${newer.number}`, words: 'Thrice' }));

  for (const { ticket, message } of [byOurs, byTheirs, byNumber])
    expect([ticket.id, message.sender_state]).toEqual([older.id, 'accepted']);
  expect(wordsOf(desk.ticketNow(older))).toEqual(expect.arrayContaining(['I did', 'Twice', 'Thrice']));
});

test('the merged one leaves the lists and counts, is still read and found, and both say what happened', async () => {
  const doors = await openDoors(desk);
  const before = countTickets(desk.app, desk.ana).all;
  merge([newer], older);
  desk.app.followers.catchUp();

  expect(listed()).toEqual(expect.not.arrayContaining([newer.id]));
  expect(countTickets(desk.app, desk.ana).all).toBe(before - 1);
  expect(searchTickets(desk.app, desk.ana, 'again', { limit: 5 }).hits.map(({ id }) => id)).toEqual([
    newer.id,
  ]);
  expect(said(newer)).toEqual(['tickets.says.mergedInto']);
  expect(said(older)).toEqual(['tickets.says.tookIn']);
  const ana = doors.as(desk.ana);
  const merged = (await ana.get(`/tickets/${newer.number}`)).html;
  expect(merged).toContain(`The conversation goes on in #${older.number}`);
  expect(merged).toContain('Do you sell spouts?');
  expect(merged).not.toContain('id="reply-words"');
  expect((await ana.get(`/tickets/${older.number}`)).html).toContain(`took in #${newer.number}`);
  expect(desk.events('ticket.merged').map(({ subject_id }) => subject_id)).toEqual([newer.id]);
  await doors.close();
});

test('nothing is written or changed where the conversation does not go on', () => {
  merge([newer], older);

  expect(() => tryReply(desk, newer, words('Too late'))).toThrow('merged into another one');
  expect(desk.queuedMails()).toEqual([]);
});

test('M7: another customer’s people come as suggestions, are not written to, and their answer waits for an agent’s word', () => {
  merge([doras], older);

  const person = findParticipants(desk.app.db, older.id).find(
    ({ address }) => address === 'dora@mail.example',
  );
  expect(person).toMatchObject({ role: 'copy', state: 'suggested' });
  reply(desk, desk.ticketNow(older), 'Only for Carla');
  expect(desk.queuedMails().at(-1)?.recipients).toEqual(['carla@mail.example']);
  const answer = receive(
    desk,
    letter({ from: 'Dora <dora@mail.example>', inReplyTo: ['dora@mail.example'] }),
  );
  expect(answer.ticket.id).toBe(older.id);
  expect(answer.message.sender_state).toBe('unverified');
});

describe('it is undone', () => {
  test('within an hour: both are as they were, whatever came meanwhile stays where it came, and mail finds its own again', () => {
    const before = desk.ticketNow(doras);
    merge([doras], older);
    receive(desk, letter({ inReplyTo: ['older@mail.example'], words: 'Meanwhile' }));
    desk.clock.pass(HOUR - 1);
    expect(unmerge(doras)).toBe('undone');

    expect(desk.ticketNow(doras)).toMatchObject({ merged_into_id: null, status: before.status });
    expect(listed()).toContain(doras.id);
    expect(findParticipants(desk.app.db, older.id).map(({ address }) => address)).toEqual([
      'carla@mail.example',
    ]);
    expect(wordsOf(older)).toContain('Meanwhile');
    expect(said(doras)).toEqual(['tickets.says.mergedInto', 'tickets.says.unmerged']);
    expect(said(older)).toEqual(['tickets.says.tookIn', 'tickets.says.gaveBack']);
    const answer = receive(
      desk,
      letter({ from: 'Dora <dora@mail.example>', inReplyTo: ['dora@mail.example'] }),
    );
    expect(answer.ticket.id).toBe(doras.id);
    expect(answer.message.sender_state).toBe('accepted');
  });

  test('not after an hour, and not twice', () => {
    merge([newer], older);
    desk.clock.pass(HOUR);
    expect(unmerge(newer)).toBe('too-late');
    expect(desk.ticketNow(newer).merged_into_id).toBe(older.id);

    merge([doras], older);
    expect(unmerge(doras)).toBe('undone');
    expect(unmerge(doras)).toBe('too-late');
  });

  test('AC-47: only by who sees where the conversation goes on', () => {
    merge([doras], older);
    const ben = desk.agent('Berta', 'agent');
    desk.giveToTeam(older, desk.team('Secret', desk.ana));

    expect(desk.app.db.tx(() => unmergeTicket(desk.app, ben, desk.ticketNow(doras)))).toBe('too-late');
    expect(unmerge(doras)).toBe('undone');
  });

  test('M7: somebody whom an agent let in since stays on it', () => {
    merge([doras], older);
    const dora = findParticipants(desk.app.db, older.id).find(({ role }) => role === 'copy');
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, desk.ticketNow(older), dora?.id ?? 0, true));
    unmerge(doras);

    expect(findParticipants(desk.app.db, older.id).map(({ address }) => address)).toContain(
      'dora@mail.example',
    );
  });

  test('somebody who wrote in the other one since stays on it', () => {
    merge([doras], older);
    receive(desk, letter({ from: 'Dora <dora@mail.example>', inReplyTo: ['dora@mail.example'] }));
    unmerge(doras);

    expect(findParticipants(desk.app.db, older.id).map(({ address }) => address)).toContain(
      'dora@mail.example',
    );
  });
});

test('merges are followed to where the conversation goes on now', () => {
  merge([newer], older);
  merge([older], doras);
  const answer = receive(desk, letter({ inReplyTo: ['newer@mail.example'] }));

  expect(answer.ticket.id).toBe(doras.id);
});

test.each<[string, (at: { chat: Ticket }) => [Ticket[], Ticket], MergeRefusal]>([
  ['a ticket into itself', () => [[older], older], 'same'],
  ['a ticket that was merged already', () => [[newer], doras], 'merged'],
  ['a ticket into one that was merged', () => [[doras], newer], 'merged'],
  ['a chat into another ticket', ({ chat }) => [[chat], older], 'chat'],
  ['several of which one cannot be', ({ chat }) => [[doras, chat], older], 'chat'],
])('%s is refused, and nothing is changed', (_, given, because) => {
  merge([newer], older);
  desk.app.db.sql.prepare("UPDATE tickets SET channel = 'chat' WHERE id = ?").run(desk.ticketFrom('Vic').id);
  const [chat] = desk.rows<Ticket>("SELECT * FROM tickets WHERE channel = 'chat'");
  const before = desk.rows('SELECT id, merged_into_id, sequence FROM tickets');

  expect(merge(...given({ chat: chat! }))).toBe(because);
  expect(desk.rows('SELECT id, merged_into_id, sequence FROM tickets')).toEqual(before);
});

describe('whoever still has the merged one open', () => {
  test('W4: keeps writing where the conversation goes on, and what they send is kept there', async () => {
    const doors = await openDoors(desk);
    const ana = doors.as(desk.ana);
    merge([newer], older);
    await ana.post(`/tickets/${newer.number}/draft`, { kind: 'reply', words: 'Typed after' });
    expect(findDraft(desk.app.db, desk.ana.id, older.id, 'reply')?.words).toBe('Typed after');

    const { clientId } = words('x');
    const form = { clientId, seenSequence: '1000', words: 'Sent after', thenStatus: 'pending' };
    const answer = await ana.upload(`/tickets/${newer.number}/replies`, form, []);
    expect(answer.location).toBe(`/tickets/${older.number}?mode=reply#composer`);
    const noted = await ana.upload(`/tickets/${newer.number}/notes`, { clientId, words: 'A note' }, []);
    expect(noted.location).toBe(`/tickets/${older.number}?mode=note#composer`);
    const page = (await ana.get(`/tickets/${older.number}?mode=reply`)).html;
    expect(page).toContain('Sent after</textarea>');
    expect(page).toContain('A note</textarea>');
    expect(page).toContain('Your words are kept here');
    expect(desk.queuedMails()).toEqual([]);
    await doors.close();
  });
});

describe('the page', () => {
  let doors: Doors;
  let ana: Person;
  beforeEach(async () => {
    doors = await openDoors(desk);
    ana = doors.as(desk.ana);
  });
  afterEach(() => doors.close());

  test('offers the same customer’s tickets, asks which stays, merges, and undoes from the page that follows', async () => {
    expect((await ana.get(`/tickets/${newer.number}`)).html).toContain(
      `href="/merge?tickets=${newer.number}"`,
    );
    const first = (await ana.get(`/merge?tickets=${newer.number}`)).html;
    expect(first).toContain(`/merge?tickets=${newer.number}&amp;add=${older.number}`);
    const second = (await ana.get(`/merge?tickets=${newer.number}&add=%23${older.number}`)).html;
    expect(second).toMatch(new RegExp(`value="${older.number}" checked`));
    const tickets = `${newer.number},${older.number}`;
    const done = await ana.post('/merge', { tickets, into: String(older.number) });
    expect(done.location).toBe(`/tickets/${older.number}`);
    expect((await ana.get(`/tickets/${older.number}`)).html).toContain(
      `#${newer.number} merged into #${older.number}.`,
    );
    const undone = await ana.post('/unmerge', { tickets: String(newer.number) });
    expect(undone.location).toBe(`/tickets/${newer.number}`);
    expect(desk.ticketNow(newer).merged_into_id).toBeNull();
  });

  test('says what it does not find and what cannot be, with everything kept', async () => {
    const missing = await ana.get(`/merge?tickets=${newer.number}&add=99999`);
    expect(missing.status).toBe(422);
    expect(missing.html).toContain('There is no ticket “99999”, or it is not yours to see.');
    expect(missing.html).toContain('value="99999"');
    const alone = await ana.post('/merge', { tickets: String(newer.number), into: String(newer.number) });
    expect(alone.html).toContain('It takes two tickets.');
    expect((await ana.get(`/merge?tickets=${newer.number},${doras.number}`)).html).toContain(
      'different customers',
    );
  });

  test('AC-46: a ticket that is not the asker’s to see is neither shown nor merged nor named', async () => {
    desk.giveToTeam(doras, desk.team('Repairs', desk.ben));
    const page = await ana.get(`/merge?tickets=${newer.number}&add=${doras.number}`);
    expect(page.status).toBe(422);
    expect(page.html).not.toContain('Dora');
    const tickets = `${newer.number},${doras.number}`;
    expect((await ana.post('/merge', { tickets, into: String(newer.number) })).status).toBe(422);
    expect(desk.ticketNow(doras).merged_into_id).toBeNull();
    desk.app.db.tx(() => mergeTickets(desk.app, desk.ben, [newer], doras));
    const merged = (await ana.get(`/tickets/${newer.number}`)).html;
    expect(merged).toContain('a ticket that is not yours to see');
    expect(merged).not.toContain(`#${doras.number}<`);
  });

  test('from the list, those that are chosen', async () => {
    const fields: [string, string][] = [
      ['ticket', String(newer.number)],
      ['ticket', String(older.number)],
      ['list', 'all'],
      ['change', 'merge'],
      ['tag', ''],
    ];
    const answer = await ana.post('/tickets/bulk', fields);
    expect(answer.location).toBe(`/merge?tickets=${newer.number},${older.number}`);
    const few = await ana.post('/tickets/bulk', fields.slice(1));
    expect([few.status, few.html.includes('Choose 2 to 20 tickets')]).toEqual([422, true]);
  });
});
