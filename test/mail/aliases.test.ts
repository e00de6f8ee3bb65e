// Further addresses of a mailbox: where their mail goes, as whom their tickets are answered, and that they are nobody's.
import { SECOND } from '../../server/lib/clock';
import { deliver, isOwnAddress, type MailboxRow } from '../../server/mail';
import { addAlias, findAliases, removeAlias } from '../../server/mail/aliases';
import { saveAnswers } from '../../server/mail/answers/answers';
import { isAddressTaken } from '../../server/mail/save-mailbox';
import { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { createTicket } from '../../server/tickets/create';
import { makeOwnTicket } from '../../server/tickets/filing/move-message';
import { ON } from '../support/answering';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { forward } from '../support/forwarding';
import { letter, receive } from '../support/letters';
import { type Smtp, startSmtp } from '../support/smtp';
import { mailOf, reply } from '../support/writing';

const SALES = 'sales@teapot.example';
const OTHER = 'info@kettle.example';
let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  for (const address of [SALES, OTHER]) add(address);
});
afterEach(() => desk.close());

const add = (address: string, mailbox = support) =>
  desk.app.db.tx(() => addAlias(desk.app, desk.owner, mailbox, address));
const remove = (address: string) =>
  desk.app.db.tx(() => {
    const alias = findAliases(desk.app.db, support.id).find((one) => one.address === address);
    if (alias) removeAlias(desk.app, desk.owner, support, alias);
  });
const raw = (to: string, id: string) =>
  Buffer.from(
    `From: Carla <carla@mail.example>\r\nTo: ${to}\r\nMessage-ID: <${id}@mail.example>\r\nSubject: Tea\r\n\r\nHello\r\n`,
  );
const newest = () => desk.rows<Ticket>('SELECT * FROM tickets ORDER BY id DESC')[0] as Ticket;
const addressOf = ({ alias_id: id }: Ticket) =>
  desk.rows<{ address: string }>('SELECT address FROM mailbox_aliases WHERE id = ?', id)[0]?.address;

describe('mail to an alias', () => {
  test.each([
    ['in To', `Teapot <${SALES}>`, {}],
    ['named by whoever delivers', 'undisclosed-recipients:;', { mailbox: SALES }],
    ['with a tag', 'Sales+spring@teapot.example', {}],
  ])('is its mailbox’s when delivered, %s', async (_, to, values) => {
    desk.mailbox('first@teapot.example');
    const { exit } = await deliver(desk.app, values, raw(to, 'one'));
    await desk.house.intake.settled();

    expect(exit).toBe(0);
    expect(newest().mailbox_id).toBe(support.id);
  });

  test('the ticket says which address was written to, and answers bear it', async () => {
    await deliver(desk.app, {}, raw(SALES, 'one'));
    await desk.house.intake.settled();
    const ticket = newest();
    const doors = await openDoors(desk);
    const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);
    await doors.close();

    expect(html).toContain(`by e-mail to ${SALES}`);
    const mail = mailOf(desk, reply(desk, ticket, 'Hello Carla'));
    expect(mail.from).toEqual({ name: 'Ana, Teapot', address: SALES });
    expect(mail.messageId).toMatch(/@teapot\.example$/);
  });

  test('what its sender wrote comes before what servers noted on the way', () => {
    const both = letter({ to: [`T <${SALES}>`], deliveredTo: [support.address] });
    expect(addressOf(receive(desk, both, support).ticket)).toBe(SALES);
    const own = letter({ to: [support.address, SALES] });
    expect(receive(desk, own, support).ticket.alias_id).toBeNull();
    const blind = letter({ to: ['carla@mail.example'], deliveredTo: [OTHER] });
    expect(addressOf(receive(desk, blind, support).ticket)).toBe(OTHER);
  });

  test('an alias of another mailbox is not how this one is answered', () => {
    const first = desk.mailbox('first@teapot.example', { smtp: { port: 25 } });
    const { ticket } = receive(desk, letter({ to: [SALES] }), first);
    expect(mailOf(desk, reply(desk, ticket, 'Hi')).from.address).toBe('first@teapot.example');
  });

  test('a mail that is made a ticket of its own is answered as the address that it was written to', () => {
    const { ticket } = receive(desk, letter({ messageId: 'one@mail.example' }), support);
    const { message } = receive(desk, letter({ inReplyTo: ['one@mail.example'], to: [SALES] }), support);
    desk.app.db.tx(() => makeOwnTicket(desk.app, desk.ana, ticket, message, 'Another matter'));
    expect(addressOf(newest())).toBe(SALES);
  });

  test('to: finds it by that address, and not by another', async () => {
    receive(desk, letter({ to: [SALES], subject: 'Offer for tea' }), support);
    desk.app.followers.catchUp();
    const doors = await openDoors(desk);
    const found = await doors.as(desk.ana).get(`/search?q=${encodeURIComponent(`to:${SALES}`)}`);
    const other = await doors.as(desk.ana).get(`/search?q=${encodeURIComponent(`to:${OTHER}`)}`);
    await doors.close();

    expect(found.html).toContain('Offer for tea');
    expect(other.html).not.toContain('Offer for tea');
  });
});

describe('AC-23: an alias is nobody', () => {
  test('no customer, no recipient, no suggestion; with a tag neither', () => {
    for (const address of [SALES, OTHER, 'Sales+x@Teapot.Example'])
      expect(isOwnAddress(desk.app, address)).toBe(true);
    const { ticket } = receive(desk, letter({ to: [SALES, 'per@other.example'], cc: [OTHER] }), support);
    expect(desk.rows("SELECT address FROM participants WHERE state = 'suggested'")).toEqual([
      { address: 'per@other.example' },
    ]);
    expect(mailOf(desk, reply(desk, ticket, 'Hi')).to).toEqual([
      { name: 'Carla', address: 'carla@mail.example' },
    ]);
  });

  test('M11: a mail from it is a loop', () => {
    expect(() => receive(desk, letter({ from: `Teapot <${SALES}>` }), support)).toThrow('loop');
  });

  test('M9: its domain is ours, so a form there writes for a person', () => {
    const form = letter({
      from: 'web@kettle.example',
      replyTo: ['Dora <dora@mail.example>'],
      formSender: true,
      automatic: undefined,
    });
    receive(desk, form, support);
    expect(desk.rows('SELECT address FROM participants')).toEqual([{ address: 'dora@mail.example' }]);
  });
});

describe('what leaves', () => {
  test('forwards and automatic answers bear it, with the mailbox’s name', async () => {
    desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, support, ON));
    const { ticket } = receive(desk, letter({ to: [OTHER] }), support);
    const answer = desk.rows<{ mail: string }>("SELECT mail FROM outbox WHERE kind = 'answer'")[0];
    expect(JSON.parse(answer?.mail ?? '{}').from).toEqual({ name: 'Teapot', address: OTHER });
    expect(JSON.parse(answer?.mail ?? '{}').messageId).toMatch(/@kettle\.example$/);

    const forwarded = forward(desk, ticket);
    expect(mailOf(desk, forwarded).from.address).toBe(OTHER);
  });

  test('O2: the tagged reply address is the alias in the mailbox’s own domain; in another one, answers come to the alias', () => {
    desk.app.db.sql.prepare('UPDATE mailboxes SET plus_addresses = 1').run();
    const sales = mailOf(desk, reply(desk, receive(desk, letter({ to: [SALES] }), support).ticket, 'Hi'));
    expect(sales.replyTo).toBe(`sales+${sales.messageId.split('@')[0]}@teapot.example`);
    const other = mailOf(desk, reply(desk, receive(desk, letter({ to: [OTHER] }), support).ticket, 'Hi'));
    expect(other.replyTo).toBeUndefined();
    const back = letter({ to: [sales.replyTo ?? ''], from: 'carla@mail.example' });
    expect(receive(desk, back, support).message.facts).toContain('reply address');
  });

  test('an agent who writes first chooses among mailboxes and aliases', () => {
    const alias = findAliases(desk.app.db, support.id).find(({ address }) => address === OTHER);
    const ticket = desk.app.db.tx(() =>
      createTicket(desk.app, desk.ana, {
        clientId: 'a'.repeat(32),
        name: 'Dora',
        email: 'dora@mail.example',
        subject: 'Your order',
        words: 'It has come.',
        mailbox: `${support.id}-${alias?.id}`,
      }),
    );
    expect(ticket).toMatchObject({ mailbox_id: support.id, alias_id: alias?.id });
    const [first] = desk.messagesOf(ticket);
    expect(mailOf(desk, first as { id: number }).from.address).toBe(OTHER);
  });

  describe('by a real server', () => {
    let smtp: Smtp;
    let sender: Sender;
    beforeEach(async () => {
      smtp = await startSmtp();
      desk.app.db.sql.prepare("UPDATE mailboxes SET smtp = json_set(smtp, '$.port', ?)").run(smtp.port);
      sender = new Sender(() => desk.app);
    });
    afterEach(async () => {
      await sender.stop();
      await smtp.stop();
    });
    const send = async () => {
      desk.clock.pass(10 * SECOND);
      await sender.sendDue();
    };

    test('it is in From and in the envelope', async () => {
      reply(desk, receive(desk, letter({ to: [SALES] }), support).ticket, 'Hi');
      await send();
      expect(smtp.mails[0]?.envelope.from).toBe(SALES);
      expect(smtp.mails[0]?.header('from')).toContain(`<${SALES}>`);
    });

    test('of an alias that was removed meanwhile it leaves as the mailbox’s own address, and so do later answers', async () => {
      desk.app.db.sql.prepare('UPDATE mailboxes SET plus_addresses = 1').run();
      const { ticket } = receive(desk, letter({ to: [OTHER] }), support);
      reply(desk, ticket, 'Hi');
      remove(OTHER);
      reply(desk, ticket, 'Hi again');
      await send();
      for (const mail of smtp.mails) {
        expect(mail.envelope.from).toBe('support@teapot.example');
        expect(mail.header('from')).toContain('<support@teapot.example>');
        expect(mail.header('reply-to')).toMatch(/^<?support\+hd-[0-9a-f]{32}@teapot\.example>?$/);
      }
      expect(smtp.mails).toHaveLength(2);

      add(OTHER);
      expect(mailOf(desk, reply(desk, ticket, 'Once more')).from.address).toBe(OTHER);
    });
  });
});

describe('on the mailbox’s page', () => {
  let doors: Doors;
  let olga: Person;
  const at = () => `/settings/mailboxes/${support.id}`;
  beforeEach(async () => {
    doors = await openDoors(desk);
    olga = doors.as(desk.owner);
  });
  afterEach(() => doors.close());

  test('one is added, and removed with undo', async () => {
    const added = await olga.post(`${at()}/aliases`, { alias: 'Orders@teapot.example' });
    expect(added.location).toBe(at());
    expect((await olga.get(at())).html).toContain('Orders@teapot.example');
    const { id = 0 } =
      findAliases(desk.app.db, support.id).find(
        ({ address_key }) => address_key === 'orders@teapot.example',
      ) ?? {};
    await olga.post(`${at()}/aliases/${id}/removal`, {});
    const { html } = await olga.get(at());
    expect(html).toContain('was removed');
    expect(html).toContain('Undo');
    expect(findAliases(desk.app.db, support.id).map(({ address }) => address)).toEqual([OTHER, SALES]);
    await olga.post(`${at()}/aliases`, { alias: 'Orders@teapot.example' });
    expect(findAliases(desk.app.db, support.id).some((alias) => alias.id === id)).toBe(true);
  });

  test.each([
    ['no address', 'sales', 'not a complete e-mail address'],
    ['the mailbox’s own', 'support@teapot.example', 'takes mail for a mailbox here already'],
    ['another mailbox’s', 'first@teapot.example', 'takes mail for a mailbox here already'],
    ['an alias', SALES.toUpperCase(), 'takes mail for a mailbox here already'],
  ])('422: %s is refused in one sentence, and kept in the field', async (_, typed, says) => {
    desk.mailbox('first@teapot.example');
    const { status, html } = await olga.post(`${at()}/aliases`, { alias: typed });
    expect(status).toBe(422);
    expect(html).toContain(says);
    expect(html).toContain(`value="${typed}"`);
    expect(findAliases(desk.app.db, support.id)).toHaveLength(2);
  });

  test('another mailbox cannot take its address, until it is gone with its mailbox', async () => {
    const first = desk.mailbox('first@teapot.example');
    expect(isAddressTaken(desk.app, SALES, first)).toBe(true);
    expect(isAddressTaken(desk.app, SALES, support)).toBe(true);
    await olga.post(`${at()}/removal`, {});
    expect(isOwnAddress(desk.app, SALES)).toBe(false);
    expect(isAddressTaken(desk.app, SALES, first)).toBe(false);
  });
});
