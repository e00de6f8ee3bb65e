// Mail that nobody can be answered on becomes a ticket all the same (M13).
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { factsOf } from '../../server/tickets/ticket';
import { recipientsOf } from '../../server/tickets/writing/recipients';
import { replyToTicket } from '../../server/tickets/writing/reply';
import { type Desk, openDesk } from '../support/desk';
import { type Letter, letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
});
afterEach(() => desk.close());

function answered(): { ticket: Ticket; ourId: string } {
  const { ticket } = receive(desk, letter(), support);
  return { ticket, ourId: mailOf(desk, reply(desk, ticket, 'Which model is it?')).messageId };
}

const replyOutcome = (ticket: Ticket) =>
  desk.app.db.tx(() =>
    replyToTicket(desk.app, desk.ana, desk.ticketNow(ticket), {
      clientId: 'a'.repeat(32),
      words: 'Hello',
      seenSequence: 100,
      thenStatus: 'pending',
      sendAnyway: false,
    }),
  );

describe('M13: a sender whose address cannot be used', () => {
  const nameless = (given: Letter = {}) =>
    receive(desk, { ...letter(given), from: undefined, fromText: 'Kåre <kåre@mail.example>' }, support);

  test('is a ticket that says so, and nobody is written to', () => {
    const { ticket, message } = nameless();

    expect(message).toMatchObject({ words: 'Do you sell spouts?', author_name: 'Kåre <kåre@mail.example>' });
    expect(factsOf(message).unreadable).toBe('no-sender');
    expect(recipientsOf(desk.app, ticket).all).toEqual([]);
    expect(replyOutcome(ticket)).toMatchObject({ held: true, because: 'no-address' });
    expect(receive(desk, { ...letter(), from: undefined }, support).message.author_name).toBe('Somebody');
  });

  test('joins no ticket, and names the one that it answers', () => {
    const { ticket, ourId } = answered();
    const before = desk.messagesOf(ticket).length;
    const other = nameless({ inReplyTo: [ourId] });

    expect(other.ticket).toMatchObject({ linked_ticket_id: ticket.id });
    expect(desk.messagesOf(ticket)).toHaveLength(before);
  });
});
