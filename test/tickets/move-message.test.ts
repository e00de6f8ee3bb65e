// A mail in the wrong place: moved to another ticket or made one of its own (W3).
import { findAttachments } from '../../server/attachments';
import type { MailboxRow } from '../../server/mail';
import { countTickets } from '../../server/tickets';
import { ticketFor } from '../../server/tickets/access';
import { makeOwnTicket } from '../../server/tickets/filing/move-message';
import { decideParticipant } from '../../server/tickets/participants';
import { findParticipant, findVisitorMessagesAfter } from '../../server/tickets/queries';
import { searchTickets } from '../../server/tickets/search/search';
import { factsOf, type MessageRow } from '../../server/tickets/ticket';
import { recipientsOf } from '../../server/tickets/writing/recipients';
import { type Desk, openDesk } from '../support/desk';
import { type Letter, letter, receive } from '../support/letters';
import { mixedUp, move, ownTicket } from '../support/moving';
import { note, reply, tryReply, uploaded, words } from '../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
});
afterEach(() => desk.close());

const arrives = (given: Letter = {}, mailbox: { id: number } = support) =>
  receive(desk, letter(given), mailbox);
const wordsOn = (ticket: { id: number }) =>
  desk
    .messagesOf(ticket)
    .filter(({ kind }) => kind !== 'system')
    .map((message) => message.words);
const linesOn = (ticket: { id: number }) =>
  desk.messagesOf(ticket).flatMap((message) => factsOf(message).says?.key ?? []);
const whereIs = (message: { id: number }) =>
  desk.rows<{ ticket_id: number }>('SELECT ticket_id FROM messages WHERE id = ?', message.id)[0]?.ticket_id;

test('M6: a mail made its own ticket takes its files and its original along, and both tickets say so', async () => {
  const { ticket } = arrives({ messageId: 'first@mail.example', words: 'The kettle leaks' });
  const { file: stored } = await uploaded(desk, 'invoice.txt', 'an invoice');
  const attachment = {
    name: 'invoice.txt',
    declaredType: 'text/plain',
    type: '',
    inline: false,
    content: Buffer.from('an invoice'),
    size: 10,
  };
  const stray = receive(
    desk,
    letter({ inReplyTo: ['first@mail.example'], words: 'My invoice', attachments: [attachment] }),
    support,
    [stored],
  );
  desk.clock.pass(60_000);
  desk.signals();

  const own = ownTicket(desk, ticket, stray.message, 'Invoice');

  expect(own).toMatchObject({
    subject: 'Invoice',
    status: 'new',
    channel: 'email',
    customer_id: ticket.customer_id,
    mailbox_id: support.id,
    awaits_us: 1,
    excerpt: 'My invoice',
    sequence: 2,
    visitor_sequence: 1,
  });
  expect(wordsOn(own)).toEqual(['My invoice']);
  expect(wordsOn(ticket)).toEqual(['The kettle leaks']);
  expect(linesOn(own)).toEqual(['tickets.says.movedHere']);
  expect(linesOn(ticket)).toEqual(['tickets.says.movedAway']);
  expect(findAttachments(desk.app.db, 'message', stray.message.id)).toHaveLength(1);
  expect(
    desk.rows('SELECT ticket_id FROM inbound_mails WHERE id = ?', stray.message.inbound_mail_id),
  ).toEqual([{ ticket_id: own.id }]);
  expect(findParticipant(desk.app.db, own.id, 'carla@mail.example')).toMatchObject({
    role: 'requester',
    state: 'accepted',
  });
  expect(desk.ticketNow(ticket)).toMatchObject({ excerpt: 'The kettle leaks', awaits_us: 1, status: 'new' });
  expect(desk.events('ticket.message-%').map(({ name, subject_id }) => [name, subject_id])).toEqual([
    ['ticket.message-moved-away', ticket.id],
    ['ticket.message-moved-here', own.id],
  ]);
  expect(
    desk.signals().filter(({ event, room }) => event === 'ticket:changed' && room === 'agents').length,
  ).toBeGreaterThanOrEqual(2);
  expect(desk.queuedMails()).toEqual([]);
});

test('the ticket that is left shows its newest word, and is not read as unanswered for one that is gone', () => {
  const { ticket, stray } = mixedUp(desk, support);
  expect(ticket.awaits_us).toBe(1);

  ownTicket(desk, ticket, stray);

  expect(desk.ticketNow(ticket)).toMatchObject({ awaits_us: 0, excerpt: 'Which model is it?' });
});

test('a mail moved to another ticket stands there last, opens it again, and holds a stale answer (W2)', () => {
  const { ticket, stray } = mixedUp(desk, support);
  const other = desk.ticketFrom('Carla', 'Invoices', 'Hello', support);
  reply(desk, other, words('Here it is', { thenStatus: 'solved' }));
  const seen = desk.ticketNow(other).sequence;

  expect(move(desk, ticket, stray, other)).toMatchObject({ moved: true });

  expect(desk.ticketNow(other)).toMatchObject({
    status: 'open',
    awaits_us: 1,
    excerpt: 'Also: where is my invoice?',
  });
  expect(wordsOn(other)).toEqual(['Hello', 'Here it is', 'Also: where is my invoice?']);
  expect(tryReply(desk, desk.ticketNow(other), words('Bye', { seenSequence: seen }))).toMatchObject({
    held: true,
  });
  expect(desk.messagesOf(other).map(({ sequence }) => sequence)).toEqual(
    desk.messagesOf(other).map((_, place) => place + 1),
  );
});

test('a ticket that is left empty is closed; moving the mail back opens it again', () => {
  const { ticket, message } = arrives({ words: 'A new mail about the old thing' });
  const other = desk.ticketFrom('Carla', 'The old thing', 'Hello', support);

  move(desk, ticket, message, other);
  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'closed', excerpt: '', awaits_us: 0 });

  move(desk, other, message, ticket);
  expect(desk.ticketNow(ticket)).toMatchObject({
    status: 'open',
    excerpt: 'A new mail about the old thing',
    awaits_us: 1,
  });
  expect(wordsOn(other)).toEqual(['Hello']);
});

test('counts and search follow', () => {
  const { ticket, stray } = mixedUp(desk, support);
  const own = ownTicket(desk, ticket, stray);
  desk.app.followers.catchUp();

  const found = (q: string) =>
    searchTickets(desk.app, desk.ana, q, { limit: 10 }).hits.map(({ number }) => number);
  expect(found('invoice')).toEqual([own.number]);
  expect(found('kettle')).toEqual([ticket.number]);
  expect(countTickets(desk.app, desk.owner).all).toBe(2);
  move(desk, own, stray, ticket);
  desk.app.followers.catchUp();
  expect(found('invoice')).toEqual([ticket.number]);
  expect(countTickets(desk.app, desk.owner).all).toBe(1);
});

describe('M7, AC-17: who wrote a moved mail', () => {
  test('is unverified where they are not known, and is not written to', () => {
    const { ticket, stray } = mixedUp(desk, support);
    const doras = desk.ticketFrom('Dora', 'Other', 'Hello', support);

    move(desk, ticket, stray, doras);

    expect(desk.messagesOf(doras).find(({ id }) => id === stray.id)).toMatchObject({
      sender_state: 'unverified',
      visitor_sequence: null,
    });
    expect(findParticipant(desk.app.db, doras.id, 'carla@mail.example')).toMatchObject({
      state: 'unverified',
      role: 'copy',
      customer_id: ticket.customer_id,
    });
    expect(recipientsOf(desk.app, doras).all).toEqual(['dora@mail.example']);
    const person = findParticipant(desk.app.db, doras.id, 'carla@mail.example');
    desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, doras, person?.id ?? 0, true));
    expect(recipientsOf(desk.app, doras).all).toEqual(['dora@mail.example', 'carla@mail.example']);
  });

  test('leaves the ticket with their only mail, when nobody had accepted them', () => {
    const { ticket } = arrives({ messageId: 'first@mail.example' });
    const stranger = arrives({ from: 'Emil <emil@mail.example>', inReplyTo: ['first@mail.example'] });
    const own = ownTicket(desk, ticket, stranger.message);

    expect(findParticipant(desk.app.db, ticket.id, 'emil@mail.example')).toBeUndefined();
    expect(findParticipant(desk.app.db, own.id, 'emil@mail.example')).toMatchObject({
      role: 'requester',
      state: 'accepted',
    });
    expect(desk.messagesOf(own)[0]).toMatchObject({ sender_state: 'accepted' });
    expect(recipientsOf(desk.app, own).all).toEqual(['emil@mail.example']);
  });

  test('AC-15: a mail that failed the sender check keeps its mark, and no visitor sees it', () => {
    const { ticket } = arrives({ messageId: 'first@mail.example' });
    const forged = arrives({
      inReplyTo: ['first@mail.example'],
      authenticationResults: ['mx.teapot.example; dmarc=fail'],
    });
    move(desk, forged.ticket, forged.message, ticket);

    const moved = desk.messagesOf(ticket).find(({ id }) => id === forged.message.id);
    expect(factsOf(moved as MessageRow).authentication?.verdict).toBe('failed');
    expect(findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 10).map(({ id }) => id)).not.toContain(
      forged.message.id,
    );
  });
});

test('W3: of two agents who move it at once, one does, and the other is told who', () => {
  const { ticket, stray } = mixedUp(desk, support);
  const one = desk.ticketFrom('Dora', 'One', 'Hello', support);
  const two = desk.ticketFrom('Emil', 'Two', 'Hello', support);
  // Both pages were made before anything was moved.
  const seenByBen = { ...ticket };

  expect(move(desk, ticket, stray, one)).toMatchObject({ moved: true });
  expect(move(desk, seenByBen, stray, two, desk.ben)).toEqual({
    moved: false,
    by: desk.ana.id,
    ticketId: one.id,
  });
  expect(desk.app.db.tx(() => makeOwnTicket(desk.app, desk.ben, seenByBen, stray, 'Mine'))).toEqual({
    moved: false,
    by: desk.ana.id,
    ticketId: one.id,
  });

  expect(whereIs(stray)).toBe(one.id);
  expect(desk.rows('SELECT count(*) AS n FROM tickets')).toEqual([{ n: 3 }]);
  expect(desk.rows('SELECT count(*) AS n FROM messages WHERE words LIKE ?', '%invoice%')).toEqual([{ n: 1 }]);
});

test('what agents wrote, chats and notes stay where they are', () => {
  const { ticket } = mixedUp(desk, support);
  const other = desk.ticketFrom('Carla', 'Other', 'Hello', support);
  const refused = expect.objectContaining({ code: 'invalid' });
  const written = [note(desk, ticket, 'A note'), reply(desk, desk.ticketNow(ticket), 'Bye')];
  const line = desk.messagesOf(ticket).find(({ kind }) => kind === 'system');
  const spoken = desk.customerWrites(other, 'In a chat');

  for (const message of [...written, ...(line ? [line] : [])])
    expect(() => move(desk, ticket, message, other)).toThrow(refused);
  expect(() => move(desk, other, spoken, ticket)).toThrow(refused);
  expect(() => move(desk, ticket, desk.messagesOf(ticket)[0] as MessageRow, ticket)).toThrow(refused);
});

test('AC-47: whoever saw the ticket only because it was given to them, or because they follow it, sees the new one', () => {
  const others = desk.team('Kitchen', desk.ben);
  const { ticket, stray } = mixedUp(desk, support);
  desk.giveToTeam(ticket, others);
  desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(desk.ana.id, ticket.id);
  const own = ownTicket(desk, desk.ticketNow(ticket), stray);
  expect(own).toMatchObject({ team_id: others, assignee_id: desk.ana.id });
  expect(ticketFor(desk.app, desk.ana, own.number).id).toBe(own.id);

  move(desk, own, stray, desk.ticketNow(ticket));
  desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = NULL WHERE id = ?').run(ticket.id);
  desk.app.db.sql.prepare('INSERT INTO ticket_followers VALUES (?, ?)').run(ticket.id, desk.ana.id);
  const second = ownTicket(desk, desk.ticketNow(ticket), stray);
  expect(second.assignee_id).toBeNull();
  expect(ticketFor(desk.app, desk.ana, second.number).id).toBe(second.id);
});

test('somebody who was in copy there can be accepted like anybody else', () => {
  const { ticket, stray } = mixedUp(desk, support);
  const other = arrives({ from: 'dora@mail.example', cc: ['Carla <carla@mail.example>'] }).ticket;
  move(desk, ticket, stray, other);

  const person = findParticipant(desk.app.db, other.id, 'carla@mail.example');
  expect(person).toMatchObject({ state: 'unverified', customer_id: ticket.customer_id });
  desk.app.db.tx(() => decideParticipant(desk.app, desk.ana, other, person?.id ?? 0, true));
  expect(desk.messagesOf(other).find(({ id }) => id === stray.id)?.sender_state).toBe('accepted');
});

test('AC-47: a ticket made of a team’s mail is that team’s', () => {
  const team = desk.team('Kitchen', desk.ana);
  const { ticket, stray } = mixedUp(desk, support);
  desk.giveToTeam(ticket, team);

  expect(ownTicket(desk, desk.ticketNow(ticket), stray).team_id).toBe(team);
});

test('M9: a form’s mail is moved with the person it was written for', () => {
  const { ticket } = arrives({ messageId: 'first@mail.example', from: 'emil@mail.example' });
  const form = arrives({
    from: 'form@teapot.example',
    replyTo: ['Dora <dora@mail.example>'],
    formSender: true,
    automatic: 'auto-submitted',
    inReplyTo: ['first@mail.example'],
  });
  const own = ownTicket(desk, ticket, form.message);

  expect(recipientsOf(desk.app, own).all).toEqual(['dora@mail.example']);
});
