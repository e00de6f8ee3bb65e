// O4: a reply can be taken back until it begins to leave.

import type { Agent } from '../../server/agents';
import { findAttachments } from '../../server/attachments';
import { openDatabase } from '../../server/db';
import { SECOND } from '../../server/lib/clock';
import { beginHandingOver } from '../../server/mail';
import { findOutboxOfMessage, type OutboxRow } from '../../server/mail/queries';
import type { Ticket } from '../../server/tickets';
import { assignTicket, moveTicket } from '../../server/tickets/change';
import { findMessage, findWaitingReply } from '../../server/tickets/queries';
import type { MessageRow } from '../../server/tickets/ticket';
import { findDraft, keepDraft } from '../../server/tickets/writing/drafts';
import { undoReply } from '../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { reply, uploaded } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const undo = (ticket: Ticket, message: MessageRow, by: Agent = desk.ana) =>
  desk.app.db.tx(() => undoReply(desk.app, by, ticket, message));
const outboxOf = (message: MessageRow) => findOutboxOfMessage(desk.app.db, message.id) as OutboxRow;
const draftOf = (agent: Agent, ticket: Ticket) => findDraft(desk.app.db, agent.id, ticket.id, 'reply');

test('O4: undo brings words and files back to the draft, and nothing leaves', async () => {
  const ticket = desk.ticketFrom('Carla');
  const before = desk.ticketNow(ticket);
  const file = await uploaded(desk, 'manual.txt', 'turn it on');
  const message = reply(desk, ticket, 'See the manual', desk.ana, [file]);
  desk.signals();

  expect(undo(ticket, message)).toBe('undone');

  const draft = draftOf(desk.ana, ticket);
  expect(draft?.words).toBe('See the manual');
  expect(findAttachments(desk.app.db, 'draft', draft?.id ?? 0)).toMatchObject([
    { name: 'manual.txt', disk_name: file.file.diskName },
  ]);
  expect(desk.queuedMails()).toEqual([]);
  expect(findMessage(desk.app.db, message.id)).toBeUndefined();
  expect(desk.rows('SELECT 1 FROM thread_keys')).toEqual([]);
  const {
    changed_sequence: changed,
    sequence,
    visitor_sequence: forVisitors,
    ...now
  } = desk.ticketNow(ticket);
  expect(now).toEqual(
    expect.objectContaining({
      status: 'new',
      awaits_us: 1,
      excerpt: before.excerpt,
      activity_at: before.activity_at,
    }),
  );
  expect(changed).toBeGreaterThan(before.changed_sequence);
  expect([sequence, forVisitors]).toEqual([before.sequence + 1, before.visitor_sequence + 1]);
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
});

test('O4: it waits the mailbox’s own time, ten seconds unless set', () => {
  const usual = reply(desk, desk.ticketFrom('Carla'), 'Hello');
  const patient = desk.mailbox('slow@teapot.example', { undoSeconds: 60 });
  const hasty = desk.mailbox('fast@teapot.example', { undoSeconds: 0 });
  const slow = reply(desk, receive(desk, letter({ from: 'dora@mail.example' }), patient).ticket, 'Hello');
  const fast = reply(desk, receive(desk, letter({ from: 'emil@mail.example' }), hasty).ticket, 'Hello');

  const now = desk.clock.now();
  expect([usual, slow, fast].map((message) => outboxOf(message).send_after - now)).toEqual([
    10 * SECOND,
    60 * SECOND,
    0,
  ]);
  expect(usual.send_after).toBe(now + 10 * SECOND);
});

test('O4: once the mail is being handed over it is too late, and the message stays', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'It has gone');
  expect(desk.app.db.tx(() => beginHandingOver(desk.app, outboxOf(message)))).toBe(true);

  expect(undo(ticket, message)).toBe('too-late');

  expect(findMessage(desk.app.db, message.id)?.words).toBe('It has gone');
  expect(draftOf(desk.ana, ticket)).toBeUndefined();
  expect(outboxOf(message).state).toBe('handing over');
});

test('O4: the undo is quicker than the handing over, and then nothing can be handed over', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'Wait');
  const mail = outboxOf(message);

  expect(undo(ticket, message)).toBe('undone');

  expect(desk.app.db.tx(() => beginHandingOver(desk.app, mail))).toBe(false);
});

test('O4: a second undo of the same reply does nothing', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'Once');
  undo(ticket, message);

  expect(undo(ticket, message)).toBe('too-late');
  expect(draftOf(desk.ana, ticket)?.words).toBe('Once');
});

test('nobody takes back a colleague’s reply, or what the customer wrote', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'By Ana');
  const [question] = desk.messagesOf(ticket);

  expect(undo(ticket, message, desk.ben)).toBe('too-late');
  expect(undo(ticket, message, desk.owner)).toBe('too-late');
  expect(undo(ticket, question as MessageRow)).toBe('too-late');
  expect(desk.messagesOf(ticket)).toHaveLength(2);
  expect(desk.queuedMails()).toHaveLength(1);
});

test('W4: what was begun since the reply is not lost by taking it back', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'First thought');
  desk.app.db.tx(() => keepDraft(desk.app, desk.ana, ticket, 'reply', 'Second thought'));

  undo(ticket, message);

  expect(draftOf(desk.ana, ticket)?.words).toBe('First thought\n\nSecond thought');
});

test.each(['open', 'on hold', 'solved'] as const)(
  'the ticket is %s again, as it was before the reply',
  (status) => {
    const ticket = desk.ticketFrom('Carla');
    desk.app.db.tx(() => moveTicket(desk.app, desk.ben, ticket, status));
    const message = reply(desk, ticket, 'Hello');
    expect(desk.ticketNow(ticket).status).toBe('pending');

    undo(ticket, message);

    expect(desk.ticketNow(ticket).status).toBe(status);
  },
);

test('a status that somebody set after the reply stays', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'Hello');
  desk.app.db.tx(() => moveTicket(desk.app, desk.ben, ticket, 'on hold'));

  undo(ticket, message);

  expect(desk.ticketNow(ticket).status).toBe('on hold');
});

test('the undo is offered to the author alone, while it waits, whatever else happens on the ticket', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'Hello');
  const offered = (agent: Agent) => findWaitingReply(desk.app.db, ticket.id, agent.id, desk.clock.now())?.id;
  desk.app.db.tx(() => assignTicket(desk.app, desk.ben, ticket, desk.ben, null));
  desk.customerWrites(ticket, 'Never mind');

  expect(offered(desk.ana)).toBe(message.id);
  expect(offered(desk.ben)).toBeUndefined();

  desk.clock.pass(10 * SECOND);
  expect(offered(desk.ana)).toBeUndefined();
});

test('O4: the waiting survives a restart, and so does the undo', async () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'Written before the restart');
  const copy = openDatabase(desk.app.db.sql.serialize());
  const restarted = openDesk({ db: copy });

  const { app } = restarted;
  const mail = findOutboxOfMessage(copy, message.id) as OutboxRow;
  expect(mail).toMatchObject({ state: 'waiting', send_after: message.send_after });
  expect(app.db.tx(() => undoReply(app, desk.ana, ticket, message))).toBe('undone');
  expect(findDraft(copy, desk.ana.id, ticket.id, 'reply')?.words).toBe('Written before the restart');

  await restarted.close();
  copy.close();
});
