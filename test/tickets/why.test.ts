// "Why is this message here?" and where else it may belong, as agents see and use it (M6, M7, AC-15, AC-46, AC-47, W3).
import type { MailboxRow } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Letter, letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let support: MailboxRow;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 }, plusAddresses: true });
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const arrives = (given: Letter = {}) => receive(desk, letter(given), support);
const pageOf = async (ticket: Ticket, who = ana) => (await who.get(`/tickets/${ticket.number}`)).html;
/** What the disclosure of one message says, without its markup. */
async function whyOf(ticket: Ticket, message: { id: number }, who = ana): Promise<string> {
  const page = await pageOf(ticket, who);
  const article = page.slice(page.indexOf(`id="message-${message.id}"`));
  const why = article.slice(article.indexOf('Why is this message here?'), article.indexOf('</article>'));
  return why.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

test('M6: each rule is told with what it went by; our marks only with their beginning', async () => {
  const { ticket, message: first } = arrives({ messageId: 'first@mail.example' });
  const answer = reply(desk, ticket, 'Which model?');
  const { messageId, replyTo = '' } = mailOf(desk, answer);
  const mark = messageId.split('@')[0] ?? '';
  const by = (given: Letter) => arrives(given).message;

  expect(await whyOf(ticket, first)).toContain('it began a new conversation');
  const told: [Letter, string, string][] = [
    [
      { to: [replyTo] },
      'it was sent to this ticket’s own reply address',
      `support+${mark.slice(0, 11)}…@teapot.example`,
    ],
    [{ inReplyTo: [messageId] }, 'it answers a mail that we sent', `${mark.slice(0, 11)}…@teapot.example`],
    [{ markers: [mark] }, 'it quotes a mail that we sent', `${mark.slice(0, 11)}…`],
    [
      { references: ['first@mail.example'] },
      'it continues an earlier mail of this conversation',
      'first@mail.example',
    ],
    [
      { subject: `Re: #${ticket.number}` },
      'its subject names this ticket, and its sender is on it',
      `#${ticket.number}`,
    ],
  ];
  for (const [given, rule, evidence] of told) {
    const message = by(given);
    const why = await whyOf(ticket, message);
    expect(why).toContain(rule);
    expect(why).toContain(evidence);
    expect(why).not.toContain(mark);
  }
  const page = await pageOf(ticket);
  expect(page).toContain(`href="#message-${answer.id}"`);
  expect(page).toContain(`href="#message-${first.id}"`);
});

test('M7: a mail that did not join says which ticket it named, by a link for those who may see it', async () => {
  const { ticket } = arrives({ messageId: 'first@mail.example' });
  const forged = arrives({
    inReplyTo: ['first@mail.example'],
    authenticationResults: ['mx.teapot.example; spf=fail; dmarc=fail'],
  });

  const why = await whyOf(forged.ticket, forged.message);
  expect(why).toContain('its sender failed the checks');
  expect(why).toContain('first@mail.example');
  expect(why).toContain('mx.teapot.example found: SPF fail, DMARC fail.');
  const page = await pageOf(forged.ticket);
  expect(page).toContain(`continues #${ticket.number}`);
  expect(page).toContain('Sender check failed');
});

test('AC-15: verified, unverified and failed are words beside the author, with who said so', async () => {
  const verified = arrives({
    authenticationResults: ['mx.teapot.example; dkim=pass; dmarc=pass header.from=mail.example'],
  });
  const unknown = arrives({});

  expect(await pageOf(verified.ticket)).toContain('Sender verified');
  expect(await whyOf(verified.ticket, verified.message)).toContain(
    'mx.teapot.example found: DKIM pass, DMARC pass. The address in From is at mail.example.',
  );
  expect(await pageOf(unknown.ticket)).toContain('Sender not verified');
  expect(await whyOf(unknown.ticket, unknown.message)).toContain('Not known');
  desk.app.db.sql.prepare("UPDATE mailboxes SET authentication = 'none'").run();
  expect(await pageOf(arrives({ from: 'dora@mail.example' }).ticket)).not.toContain('Sender not verified');
});

describe('moving it', () => {
  function mixedUp() {
    const { ticket } = arrives({ messageId: 'first@mail.example' });
    const { message } = arrives({ inReplyTo: ['first@mail.example'], words: 'My invoice' });
    const place = `/tickets/${ticket.number}/messages/${message.id}`;
    return { ticket: desk.ticketNow(ticket), message, place };
  }
  const whereIs = ({ id }: { id: number }) =>
    desk.rows<{ number: number }>(
      'SELECT number FROM tickets JOIN messages ON ticket_id = tickets.id WHERE messages.id = ?',
      id,
    )[0]?.number;

  test('to another ticket, said on both with links, and undone from there', async () => {
    const { ticket, message, place } = mixedUp();
    const other = desk.ticketFrom('Carla', 'Invoices', 'Hello', support);
    expect(await whyOf(ticket, message)).toContain('Move it elsewhere');
    const form = (await ana.get(`${place}/place`)).html;
    expect(form).toContain('My invoice');
    expect(form).toContain('Invoices');

    const moved = await ana.post(`${place}/place`, { ticket: `#${other.number}` });

    expect(moved.location).toBe(`/tickets/${other.number}#message-${message.id}`);
    expect(whereIs(message)).toBe(other.number);
    const page = await pageOf(other);
    expect(page).toContain(`The message is in #${other.number} now`);
    expect(page).toContain(`messages came from #${ticket.number}`);
    expect(page).toContain('Ana moved a message by Carla here from another ticket');
    expect(await pageOf(ticket)).toContain(`messages went to #${other.number}`);
    expect(await whyOf(other, message)).toContain('Ana moved it here');

    await ana.post(`/tickets/${other.number}/messages/${message.id}/place`, {
      ticket: String(ticket.number),
    });
    expect(whereIs(message)).toBe(ticket.number);
    expect(await pageOf(other)).not.toContain('messages came from');
  });

  test('to a ticket of its own', async () => {
    const { ticket, message, place } = mixedUp();
    const empty = await ana.post(`${place}/own-ticket`, { subject: ' ' });
    expect(empty.status).toBe(422);

    const made = await ana.post(`${place}/own-ticket`, { subject: 'An invoice' });

    const number = whereIs(message);
    expect(made.location).toBe(`/tickets/${number}#message-${message.id}`);
    const [own] = desk.rows<Ticket>('SELECT * FROM tickets WHERE number = ?', number ?? 0);
    expect(await pageOf(own as Ticket)).toContain('An invoice');
    expect(await pageOf(ticket)).toContain(`messages went to #${number}`);
  });

  test('AC-46, AC-47: not to a ticket that is not theirs to see, which is told like one that is not there', async () => {
    const { ticket, message, place } = mixedUp();
    const secret = desk.ticketFrom('Dora', 'Secret matter', 'Hello', support);
    desk.giveToTeam(secret, desk.team('Others', desk.ben));

    for (const typed of [String(secret.number), '999999', 'x', '0', '-1', '1e3'])
      expect(await ana.post(`${place}/place`, { ticket: typed })).toMatchObject({
        status: 422,
        html: expect.stringContaining('it is not yours to see'),
      });
    expect((await ana.post(`${place}/place`, { ticket: String(ticket.number) })).html).toContain(
      'on this ticket already',
    );
    expect((await ana.get(`${place}/place`)).html).not.toContain('Secret matter');
    expect(whereIs(message)).toBe(ticket.number);

    const ben = doors.as(desk.ben);
    await ben.post(`${place}/place`, { ticket: String(secret.number) });
    expect(whereIs(message)).toBe(secret.number);
    expect(await pageOf(ticket)).not.toContain(String(secret.number));
    expect(await pageOf(ticket, ben)).toContain(`messages went to #${secret.number}`);
    const late = await ana.post(`${place}/place`, { ticket: String(secret.number) });
    expect(late.location).toBe(`/tickets/${ticket.number}`);
    expect(await pageOf(ticket)).toContain('Ben has moved this message already');
  });

  test('W3: two agents at once: one of them, and the other is told who and where', async () => {
    const { ticket, message, place } = mixedUp();
    const one = desk.ticketFrom('Dora', 'One', 'Hello', support);
    const two = desk.ticketFrom('Emil', 'Two', 'Hello', support);
    const ben = doors.as(desk.ben);

    const [a, b] = await Promise.all([
      ana.post(`${place}/place`, { ticket: String(one.number) }),
      ben.post(`${place}/place`, { ticket: String(two.number) }),
    ]);

    const winner = whereIs(message);
    expect([one.number, two.number]).toContain(winner);
    expect([a.location, b.location].sort()).toEqual(
      [`/tickets/${ticket.number}`, `/tickets/${winner}#message-${message.id}`].sort(),
    );
    const loser = winner === one.number ? ben : ana;
    const name = winner === one.number ? 'Ana' : 'Ben';
    expect(await pageOf(ticket, loser)).toContain(`${name} has moved this message to #${winner} already`);
    expect(desk.rows('SELECT count(*) AS n FROM messages WHERE words = ?', 'My invoice')).toEqual([{ n: 1 }]);
  });

  test('readers are offered none of it; nothing but mail has such a page', async () => {
    const { ticket, message, place } = mixedUp();
    const vera = doors.as(desk.agent('Vera', 'viewer'));
    expect(await whyOf(ticket, message, vera)).not.toContain('Move it elsewhere');
    expect((await vera.get(`${place}/place`)).status).toBe(403);
    const answer = reply(desk, ticket, 'Hello');
    expect((await ana.get(`/tickets/${ticket.number}/messages/${answer.id}/place`)).status).toBe(404);
    expect((await ana.get(`/tickets/${ticket.number}/messages/999/place`)).status).toBe(404);
  });
});
