// A mail in the wrong place: moved to another ticket or made one of its own, and what is filed after it (M6, W3).
import type { Agent } from '../../server/agents';
import { findAttachments } from '../../server/attachments';
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { countTickets } from '../../server/tickets';
import { type MoveOutcome, makeOwnTicket, moveMessage } from '../../server/tickets/move-message';
import { decideParticipant } from '../../server/tickets/participants';
import { findParticipant, findVisitorMessagesAfter } from '../../server/tickets/queries';
import { recipientsOf } from '../../server/tickets/recipients';
import { searchTickets } from '../../server/tickets/search';
import { factsOf, type MessageRow } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { file, type Letter, letter, receive } from '../support/letters';
import { mailOf, note, reply, tryReply, uploaded, words } from '../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
});
afterEach(() => desk.close());

const arrives = (given: Letter = {}, mailbox: { id: number } = support) =>
  receive(desk, letter(given), mailbox);
const move = (from: Ticket, message: MessageRow, to: Ticket, by: Agent = desk.ana): MoveOutcome =>
  desk.app.db.tx(() => moveMessage(desk.app, by, from, message, to));
const ownTicket = (from: Ticket, message: MessageRow, subject = 'On its own', by: Agent = desk.ana) => {
  const outcome = desk.app.db.tx(() => makeOwnTicket(desk.app, by, from, message, subject));
  if (!outcome.moved) throw new Error('somebody was quicker');
  return desk.ticketNow(outcome.to);
};
const wordsOn = (ticket: { id: number }) =>
  desk
    .messagesOf(ticket)
    .filter(({ kind }) => kind !== 'system')
    .map((message) => message.words);
const linesOn = (ticket: { id: number }) =>
  desk.messagesOf(ticket).flatMap((message) => factsOf(message).says?.key ?? []);
const whereIs = (message: { id: number }) =>
  desk.rows<{ ticket_id: number }>('SELECT ticket_id FROM messages WHERE id = ?', message.id)[0]?.ticket_id;

/** Carla's ticket with an answer, and a mail of hers on it that is about something else. */
function mixedUp() {
  const { ticket } = arrives({ messageId: 'first@mail.example', words: 'The kettle leaks' });
  const mail = mailOf(desk, reply(desk, ticket, 'Which model is it?'));
  const stray = arrives({
    messageId: 'stray@mail.example',
    inReplyTo: [mail.messageId],
    words: 'Also: where is my invoice?',
  });
  expect(stray.ticket.id).toBe(ticket.id);
  return {
    ticket: desk.ticketNow(ticket),
    stray: stray.message,
    ourId: mail.messageId,
    ourAddress: mail.replyTo ?? '',
  };
}

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

  const own = ownTicket(ticket, stray.message, 'Invoice');

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
  const { ticket, stray } = mixedUp();
  expect(ticket.awaits_us).toBe(1);

  ownTicket(ticket, stray);

  expect(desk.ticketNow(ticket)).toMatchObject({ awaits_us: 0, excerpt: 'Which model is it?' });
});

test('a mail moved to another ticket stands there last, opens it again, and holds a stale answer (W2)', () => {
  const { ticket, stray } = mixedUp();
  const other = desk.ticketFrom('Carla', 'Invoices', 'Hello', support);
  reply(desk, other, words('Here it is', { thenStatus: 'solved' }));
  const seen = desk.ticketNow(other).sequence;

  expect(move(ticket, stray, other)).toMatchObject({ moved: true });

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

  move(ticket, message, other);
  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'closed', excerpt: '', awaits_us: 0 });

  move(other, message, ticket);
  expect(desk.ticketNow(ticket)).toMatchObject({
    status: 'open',
    excerpt: 'A new mail about the old thing',
    awaits_us: 1,
  });
  expect(wordsOn(other)).toEqual(['Hello']);
});

test('counts and search follow', () => {
  const { ticket, stray } = mixedUp();
  const own = ownTicket(ticket, stray);
  desk.app.followers.catchUp();

  const found = (q: string) =>
    searchTickets(desk.app, desk.ana, q, { limit: 10 }).hits.map(({ number }) => number);
  expect(found('invoice')).toEqual([own.number]);
  expect(found('kettle')).toEqual([ticket.number]);
  expect(countTickets(desk.app, desk.owner).all).toBe(2);
  move(own, stray, ticket);
  desk.app.followers.catchUp();
  expect(found('invoice')).toEqual([ticket.number]);
  expect(countTickets(desk.app, desk.owner).all).toBe(1);
});

describe('M6: later answers follow the move', () => {
  test('an answer to the mail itself, although it bears our older marks', () => {
    const { ticket, stray, ourId, ourAddress } = mixedUp();
    const own = ownTicket(ticket, stray);

    const later = arrives({
      to: [ourAddress],
      inReplyTo: ['stray@mail.example'],
      references: ['first@mail.example', ourId, 'stray@mail.example'],
    });

    expect(later.ticket.id).toBe(own.id);
    expect(factsOf(later.message)).toMatchObject({
      rule: 'choice',
      evidence: { text: 'stray@mail.example', message: stray.id },
    });
  });

  test('what its sender sends in answer to the same mail of ours, also by the tagged address', () => {
    const { ticket, stray, ourId, ourAddress } = mixedUp();
    const own = ownTicket(ticket, stray);

    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(own.id);
    expect(arrives({ to: [ourAddress] }).ticket.id).toBe(own.id);
    expect(arrives({ markers: [ourId.split('@')[0] ?? ''] }).ticket.id).toBe(own.id);
  });

  test('what others send in answer to it stays, and so does what answers a newer mail of ours', () => {
    const { ticket, stray, ourId } = mixedUp();
    const own = ownTicket(ticket, stray);
    expect(arrives({ from: 'emil@mail.example', inReplyTo: [ourId] }).ticket.id).toBe(ticket.id);

    const newer = mailOf(desk, reply(desk, desk.ticketNow(ticket), 'Is it the blue one?')).messageId;
    const answer = arrives({
      inReplyTo: [newer],
      references: ['first@mail.example', ourId, 'stray@mail.example', newer],
    });
    expect(answer.ticket.id).toBe(ticket.id);
    const onOwn = mailOf(desk, reply(desk, own, 'Here is the invoice')).messageId;
    expect(arrives({ inReplyTo: [onOwn], references: [ourId, 'stray@mail.example', onOwn] }).ticket.id).toBe(
      own.id,
    );
  });

  test('a program that names one mail of its own for ever follows too', () => {
    const { ticket } = arrives({ messageId: 'root@shop.example', from: 'shop@shop.example' });
    const second = arrives({ from: 'shop@shop.example', references: ['root@shop.example'] });
    expect(second.ticket.id).toBe(ticket.id);
    const own = ownTicket(ticket, second.message);

    expect(arrives({ from: 'shop@shop.example', references: ['root@shop.example'] }).ticket.id).toBe(own.id);
  });

  test('the newest choice counts, and moving back takes it back', () => {
    const { ticket, stray, ourId } = mixedUp();
    const own = ownTicket(ticket, stray);
    const again = arrives({ inReplyTo: [ourId] });
    expect(again.ticket.id).toBe(own.id);
    const third = ownTicket(own, again.message);
    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(third.id);

    move(own, stray, ticket);
    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(ticket.id);
    expect(arrives({ inReplyTo: ['stray@mail.example'] }).ticket.id).toBe(ticket.id);
  });

  test('M7: a choice does not make a right sender', () => {
    const { ticket, stray } = mixedUp();
    const own = ownTicket(ticket, stray);

    const forged = arrives({
      inReplyTo: ['stray@mail.example'],
      authenticationResults: ['mx.teapot.example; dmarc=fail'],
    });
    expect(forged.ticket.id).not.toBe(own.id);
    expect(factsOf(forged.message).rule).toBe('not trusted');
    expect(
      arrives({ from: 'mallory@evil.example', inReplyTo: ['stray@mail.example'] }).message,
    ).toMatchObject({ ticket_id: own.id, sender_state: 'unverified' });
  });

  test('M3: the same mail by another of our mailboxes is not filed twice', () => {
    const sales = desk.mailbox('sales@teapot.example');
    const { ticket, stray, ourId } = mixedUp();
    ownTicket(ticket, stray);

    expect(file(desk, letter({ messageId: 'stray@mail.example', inReplyTo: [ourId] }), sales)).toEqual({
      notImported: 'duplicate',
    });
  });

  test('a choice of a ticket that is gone counts no more', () => {
    const { ticket, stray, ourId } = mixedUp();
    const own = ownTicket(ticket, stray);
    desk.app.db.tx(() =>
      desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(own.id),
    );

    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(ticket.id);
  });
});

describe('M7, AC-17: who wrote a moved mail', () => {
  test('is unverified where they are not known, and is not written to', () => {
    const { ticket, stray } = mixedUp();
    const doras = desk.ticketFrom('Dora', 'Other', 'Hello', support);

    move(ticket, stray, doras);

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
    const own = ownTicket(ticket, stranger.message);

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
    move(forged.ticket, forged.message, ticket);

    const moved = desk.messagesOf(ticket).find(({ id }) => id === forged.message.id);
    expect(factsOf(moved as MessageRow).authentication?.verdict).toBe('failed');
    expect(findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 10).map(({ id }) => id)).not.toContain(
      forged.message.id,
    );
  });
});

test('W3: of two agents who move it at once, one does, and the other is told who', () => {
  const { ticket, stray } = mixedUp();
  const one = desk.ticketFrom('Dora', 'One', 'Hello', support);
  const two = desk.ticketFrom('Emil', 'Two', 'Hello', support);
  // Both pages were made before anything was moved.
  const seenByBen = { ...ticket };

  expect(move(ticket, stray, one)).toMatchObject({ moved: true });
  expect(move(seenByBen, stray, two, desk.ben)).toEqual({ moved: false, by: desk.ana.id, ticketId: one.id });
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
  const { ticket } = mixedUp();
  const other = desk.ticketFrom('Carla', 'Other', 'Hello', support);
  const refused = expect.objectContaining({ code: 'invalid' });
  const written = [note(desk, ticket, 'A note'), reply(desk, desk.ticketNow(ticket), 'Bye')];
  const line = desk.messagesOf(ticket).find(({ kind }) => kind === 'system');
  const spoken = desk.customerWrites(other, 'In a chat');

  for (const message of [...written, ...(line ? [line] : [])])
    expect(() => move(ticket, message, other)).toThrow(refused);
  expect(() => move(other, spoken, ticket)).toThrow(refused);
  expect(() => move(ticket, desk.messagesOf(ticket)[0] as MessageRow, ticket)).toThrow(refused);
});

test('AC-47: a ticket made of a team’s mail is that team’s', () => {
  const team = desk.team('Kitchen', desk.ana);
  const { ticket, stray } = mixedUp();
  desk.giveToTeam(ticket, team);

  expect(ownTicket(desk.ticketNow(ticket), stray).team_id).toBe(team);
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
  const own = ownTicket(ticket, form.message);

  expect(recipientsOf(desk.app, own).all).toEqual(['dora@mail.example']);
});
