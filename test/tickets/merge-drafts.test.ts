// What agents had begun to write on a ticket that is merged: it goes where the conversation does, for whoever may go there.
import type { Ticket } from '../../server/tickets';
import { mergeTickets, unmergeTicket } from '../../server/tickets/merging/merge';
import { deedsOfDraft, findDraft, keepDeeds, keepDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';

let desk: Desk;
let older: Ticket;
let newer: Ticket;

beforeEach(() => {
  desk = openDesk();
  older = receive(desk, letter({ messageId: 'older@mail.example', subject: 'Kettle' })).ticket;
  newer = receive(desk, letter({ messageId: 'newer@mail.example', subject: 'Kettle again' })).ticket;
});
afterEach(() => desk.close());

const merge = (tickets: Ticket[], into: Ticket) =>
  desk.app.db.tx(() => mergeTickets(desk.app, desk.ana, tickets, into));
const unmerge = (ticket: Ticket) => desk.app.db.tx(() => unmergeTicket(desk.app, desk.ana, ticket));

test('what agents had begun to write goes on in the other one, below what they had begun there', () => {
  desk.app.db.tx(() => {
    keepDraft(desk.app, desk.ana, older, 'reply', 'Dear Carla');
    keepDraft(desk.app, desk.ana, newer, 'reply', 'I am looking into it');
    keepDraft(desk.app, desk.ben, newer, 'note', 'She phoned');
  });
  merge([newer], older);

  expect(findDraft(desk.app.db, desk.ana.id, older.id, 'reply')?.words).toBe(
    'Dear Carla\n\nI am looking into it',
  );
  expect(findDraft(desk.app.db, desk.ben.id, older.id, 'note')?.words).toBe('She phoned');
  expect(desk.rows('SELECT 1 FROM drafts WHERE ticket_id = ?', newer.id)).toEqual([]);
});

test('what sending was to do besides comes along', () => {
  desk.app.db.tx(() => {
    keepDraft(desk.app, desk.ana, newer, 'reply', 'I send you a new one');
    keepDeeds(desk.app, desk.ana, newer, { status: 'solved', tag: 'warranty' });
  });
  merge([newer], older);

  expect(deedsOfDraft(findDraft(desk.app.db, desk.ana.id, older.id, 'reply'))).toEqual({
    status: 'solved',
    tag: 'warranty',
  });
});

test('AC-46: who may not see where it goes on keeps their words where they are, and can read them', async () => {
  desk.giveToTeam(older, desk.team('Secret', desk.ana));
  desk.app.db.tx(() => keepDraft(desk.app, desk.ben, newer, 'reply', 'I am looking into it'));
  merge([newer], older);

  expect(findDraft(desk.app.db, desk.ben.id, newer.id, 'reply')?.words).toBe('I am looking into it');
  expect(findDraft(desk.app.db, desk.ben.id, older.id, 'reply')).toBeUndefined();
  const doors = await openDoors(desk);
  const { html } = await doors.as(desk.ben).get(`/tickets/${newer.number}`);
  await doors.close();
  expect(html).toContain('I am looking into it');
  expect(html).not.toContain(`/tickets/${older.number}"`);
  expect(unmerge(newer)).toBe('undone');
  expect(findDraft(desk.app.db, desk.ben.id, newer.id, 'reply')?.words).toBe('I am looking into it');
});
