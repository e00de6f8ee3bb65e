// Where the answers to a mail go that an agent has moved (M6).
import type { MailboxRow } from '../../server/mail';
import { rememberTheirId } from '../../server/tickets/filing/thread';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { file, type Letter, letter, receive } from '../support/letters';
import { mixedUp, move, ownTicket } from '../support/moving';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
});
afterEach(() => desk.close());

const arrives = (given: Letter = {}) => receive(desk, letter(given), support);

describe('M6: later answers follow the move', () => {
  test('an answer to the mail itself, although it bears our older marks', () => {
    const { ticket, stray, ourId, ourAddress } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);

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
    const { ticket, stray, ourId, ourAddress } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);

    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(own.id);
    expect(arrives({ to: [ourAddress] }).ticket.id).toBe(own.id);
    expect(arrives({ markers: [ourId.split('@')[0] ?? ''] }).ticket.id).toBe(own.id);
  });

  test('what others send in answer to it stays, and so does what answers a newer mail of ours', () => {
    const { ticket, stray, ourId } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);
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
    const own = ownTicket(desk, ticket, second.message);

    expect(arrives({ from: 'shop@shop.example', references: ['root@shop.example'] }).ticket.id).toBe(own.id);
  });

  test('the newest choice counts, and moving back takes it back', () => {
    const { ticket, stray, ourId } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);
    const again = arrives({ inReplyTo: [ourId] });
    expect(again.ticket.id).toBe(own.id);
    const third = ownTicket(desk, own, again.message);
    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(third.id);

    move(desk, own, stray, ticket);
    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(ticket.id);
    expect(arrives({ inReplyTo: ['stray@mail.example'] }).ticket.id).toBe(ticket.id);
  });

  test('M7: a choice does not make a right sender', () => {
    const { ticket, stray } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);

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
    const { ticket, stray, ourId } = mixedUp(desk, support);
    ownTicket(desk, ticket, stray);

    expect(file(desk, letter({ messageId: 'stray@mail.example', inReplyTo: [ourId] }), sales)).toEqual({
      notImported: 'duplicate',
    });
  });

  test('M6: two copies of a mail, by two of our mailboxes, on one ticket each keep their answers', () => {
    const sales = desk.mailbox('sales@teapot.example');
    const { ticket, stray } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);
    const copy = letter({ messageId: 'stray@mail.example', subject: 'Once more' });
    desk.app.db.sql.prepare("DELETE FROM thread_keys WHERE kind = 'theirs' AND message_id = ?").run(stray.id);
    const second = receive(desk, { ...copy, messageId: 'second@mail.example' }, sales);
    for (const [message, mailbox] of [
      [stray, support],
      [second.message, sales],
    ] as const)
      desk.app.db.tx(() => rememberTheirId(desk.app, own, message.id, mailbox.id, 'both@mail.example'));

    expect(
      desk.rows(
        'SELECT mailbox_id FROM thread_keys WHERE ticket_id = ? AND message_id IN (?, ?)',
        own.id,
        stray.id,
        second.message.id,
      ),
    ).toEqual(expect.arrayContaining([{ mailbox_id: support.id }, { mailbox_id: sales.id }]));
    expect(arrives({ inReplyTo: ['both@mail.example'] }).ticket.id).toBe(own.id);
    expect(receive(desk, letter({ inReplyTo: ['both@mail.example'] }), sales).ticket.id).toBe(own.id);
  });

  test('a choice of a ticket that is gone counts no more', () => {
    const { ticket, stray, ourId } = mixedUp(desk, support);
    const own = ownTicket(desk, ticket, stray);
    desk.app.db.tx(() =>
      desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(own.id),
    );

    expect(arrives({ inReplyTo: [ourId] }).ticket.id).toBe(ticket.id);
  });
});
