// An agent answers: what is stored, what leaves, what is held, and what never happens.

import { randomId } from '../../server/lib/ids';
import type { Ticket } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { findMessagesBefore, findVisitorMessagesAfter } from '../../server/tickets/queries';
import { noteOnTicket, replyToTicket } from '../../server/tickets/writing/reply';
import { type Desk, openDesk } from '../support/desk';
import { note, reply, tryReply, words } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const publicReplies = (ticket: Ticket) =>
  desk.messagesOf(ticket).filter(({ kind, author_kind }) => kind === 'reply' && author_kind === 'agent');

test('O1: the reply, its mail, the event and the new status are one transaction', () => {
  const ticket = desk.ticketFrom('Carla');

  const message = reply(desk, ticket, words('Have you tried descaling it?'));

  expect(message).toMatchObject({
    kind: 'reply',
    author_kind: 'agent',
    author_id: desk.ana.id,
    state: 'waiting',
    words: 'Have you tried descaling it?',
  });
  expect(desk.queuedMails()).toEqual([
    { recipients: ['carla@mail.example'], state: 'waiting', kind: 'reply' },
  ]);
  expect(desk.ticketNow(ticket)).toMatchObject({
    status: 'pending',
    awaits_us: 0,
    excerpt: 'Have you tried descaling it?',
  });
  expect(desk.events('ticket.replied')).toHaveLength(1);
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
});

test('O1: a throw later in the same transaction leaves neither reply nor mail, and nobody is told', () => {
  const ticket = desk.ticketFrom('Carla');
  const before = desk.ticketNow(ticket);

  expect(() =>
    desk.app.db.tx(() => {
      replyToTicket(desk.app, desk.ana, ticket, words('This must not leave'));
      throw new Error('the power went out');
    }),
  ).toThrow('the power went out');

  expect(publicReplies(ticket)).toEqual([]);
  expect(desk.queuedMails()).toEqual([]);
  expect(desk.rows('SELECT 1 FROM thread_keys')).toEqual([]);
  expect(desk.events('ticket.replied')).toEqual([]);
  expect(desk.signals()).toEqual([]);
  expect(desk.ticketNow(ticket)).toEqual(before);
});

test('O1: the same words under the same client id are one reply and one mail', () => {
  const ticket = desk.ticketFrom('Carla');
  const input = words('Only once, please');

  const first = reply(desk, ticket, input);
  const second = reply(desk, ticket, input);

  expect(second.id).toBe(first.id);
  expect(publicReplies(ticket)).toHaveLength(1);
  expect(desk.queuedMails()).toHaveLength(1);
  expect(desk.events('ticket.replied')).toHaveLength(1);
});

test('other words under the same client id come from a second window: they are kept, and also only once', () => {
  const ticket = desk.ticketFrom('Carla');
  const clientId = randomId();
  const first = reply(desk, ticket, words('From the first window', { clientId }));

  const second = reply(desk, ticket, words('From the second window', { clientId }));
  const again = reply(desk, ticket, words('From the second window', { clientId }));

  expect(second.id).not.toBe(first.id);
  expect(again.id).toBe(second.id);
  expect(publicReplies(ticket).map((message) => message.words)).toEqual([
    'From the first window',
    'From the second window',
  ]);
  expect(desk.queuedMails()).toHaveLength(2);
});

test('W2: a reply is held when the customer wrote meanwhile', () => {
  const ticket = desk.ticketFrom('Carla');
  const seen = ticket.sequence;
  desk.customerWrites(ticket, 'Never mind, it works again');
  desk.signals();

  const outcome = tryReply(desk, ticket, words('Try turning it off', { seenSequence: seen }));

  expect(outcome).toMatchObject({
    held: true,
    because: 'unseen',
    unseen: [{ words: 'Never mind, it works again' }],
  });
  expect(publicReplies(ticket)).toEqual([]);
  expect(desk.queuedMails()).toEqual([]);
  expect(desk.signals()).toEqual([]);
  expect(desk.ticketNow(ticket).status).toBe('new');
});

test('W2: a reply is held when a colleague answered meanwhile, and not by one’s own words or by a note', () => {
  const ticket = desk.ticketFrom('Carla');
  const seen = ticket.sequence;
  note(desk, ticket, 'She is a good customer', desk.ben);
  reply(desk, ticket, words('One moment, please', { seenSequence: seen }));
  reply(desk, ticket, words('Here is how', { seenSequence: seen }));

  const outcome = tryReply(
    desk,
    ticket,
    words('Here is how, in other words', { seenSequence: seen }),
    desk.ben,
  );

  expect(outcome).toMatchObject({
    held: true,
    because: 'unseen',
    unseen: [{ words: 'One moment, please' }, { words: 'Here is how' }],
  });
  expect(desk.queuedMails()).toHaveLength(2);
});

test('W2: "send anyway" sends what was held', () => {
  const ticket = desk.ticketFrom('Carla');
  const seen = ticket.sequence;
  desk.customerWrites(ticket, 'Never mind');
  const input = words('Still, please descale it', { seenSequence: seen });
  expect(tryReply(desk, ticket, input).held).toBe(true);

  const message = reply(desk, ticket, { ...input, sendAnyway: true });

  expect(message.words).toBe('Still, please descale it');
  expect(desk.queuedMails()).toHaveLength(1);
});

test('W2: what the writer has seen does not hold the reply', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.customerWrites(ticket, 'And the lid is loose');

  expect(tryReply(desk, ticket, words('We send you a new one', { seenSequence: ticket.sequence })).held).toBe(
    false,
  );
});

test('a reply to a ticket that was closed meanwhile is held, not lost and not sent', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.tx(() => moveTicket(desk.app, desk.ben, desk.ticketNow(ticket), 'closed'));

  expect(tryReply(desk, ticket, words('One more thing'))).toEqual({
    held: true,
    because: 'closed',
    unseen: [],
  });
  expect(desk.queuedMails()).toEqual([]);
  expect(desk.ticketNow(ticket).status).toBe('closed');
});

test('a reply with nobody to go to is held', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.sql.prepare("UPDATE participants SET state = 'removed' WHERE ticket_id = ?").run(ticket.id);

  expect(tryReply(desk, ticket, words('Hello?'))).toEqual({ held: true, because: 'no-address', unseen: [] });
  expect(desk.queuedMails()).toEqual([]);
});

test('a reply to a ticket that was deleted since the page was opened is not found', () => {
  const ticket = desk.ticketFrom('Carla');
  desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id);

  expect(() => tryReply(desk, ticket, words('Hello?'))).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  expect(desk.queuedMails()).toEqual([]);
});

test('what a page had not seen of a ticket is not written back over it', () => {
  const ticket = desk.ticketFrom('Carla');
  const stale = { ...desk.ticketNow(ticket) };
  reply(desk, ticket, words('Try descaling it'));
  desk.customerWrites(ticket, 'It helped, but now it leaks');

  desk.app.db.tx(() =>
    noteOnTicket(
      desk.app,
      desk.ben,
      { ...stale, awaits_us: 0, excerpt: 'old' },
      { clientId: randomId(), words: 'I know this leak' },
    ),
  );
  desk.app.db.tx(() => moveTicket(desk.app, desk.ben, stale, 'on hold'));

  expect(desk.ticketNow(ticket)).toMatchObject({
    awaits_us: 1,
    excerpt: 'I know this leak',
    status: 'on hold',
  });
});

test('a note is in no mail, in no visitor’s messages, and raises no visitor’s counter', () => {
  const ticket = desk.ticketFrom('Carla');
  const before = desk.ticketNow(ticket);

  const written = note(desk, ticket, 'Watch out, she is a lawyer', desk.ana);
  reply(desk, ticket, words('We are looking into it'));

  const now = desk.ticketNow(ticket);
  expect(written).toMatchObject({ kind: 'note', visitor_sequence: null, state: 'sent' });
  expect(now.visitor_sequence).toBe(before.visitor_sequence + 1);
  expect(now.status).toBe('pending');
  expect(
    findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 100).map((message) => message.words),
  ).not.toContain('Watch out, she is a lawyer');
  const outbox = desk.rows<{ mail: string }>('SELECT mail FROM outbox');
  expect(outbox).toHaveLength(1);
  expect(outbox[0]?.mail).not.toContain('lawyer');
});

test('a note sent twice is one note, and it changes no status', () => {
  const ticket = desk.ticketFrom('Carla');
  const input = { clientId: randomId(), words: 'Called her, no answer' };

  const first = desk.app.db.tx(() => noteOnTicket(desk.app, desk.ana, ticket, input));
  const second = desk.app.db.tx(() => noteOnTicket(desk.app, desk.ana, ticket, input));

  expect(second.id).toBe(first.id);
  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'new', awaits_us: 1 });
  expect(desk.queuedMails()).toEqual([]);
});

test('the newest messages come newest first, and a ticket’s sequence has no gap and no double', () => {
  const ticket = desk.ticketFrom('Carla');
  for (let n = 0; n < 5; n++) {
    reply(desk, ticket, words(`Answer ${n}`, { sendAnyway: true }));
    desk.customerWrites(ticket, `Question ${n}`);
  }

  expect(desk.messagesOf(ticket).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 11 }, (_, n) => n + 1),
  );
  expect(findMessagesBefore(desk.app.db, ticket.id, 4, 2).map(({ sequence }) => sequence)).toEqual([3, 2]);
});
