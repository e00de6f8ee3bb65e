// A reply can leave later; nothing that the customer has overtaken leaves by itself (W2).
import { randomId } from '../../server/lib/ids';
import { beginHandingOver } from '../../server/mail';
import { settleLater } from '../../server/mail/outbox';
import { findOutboxOfMessage, type OutboxRow } from '../../server/mail/queries';
import type { Ticket } from '../../server/tickets';
import { markSpam, moveTicket } from '../../server/tickets/change';
import { restoreTicket, trashTicket } from '../../server/tickets/trash/trash';
import { findDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';
import { reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = receive(desk, letter({ messageId: 'first@mail.example' })).ticket;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const page = async (who = ana) => (await who.get(at())).html;
const send = (more: Record<string, string>, words = 'Good morning') =>
  ana.post(at('/replies'), {
    clientId: randomId(),
    words,
    thenStatus: 'pending',
    seenSequence: String(desk.ticketNow(ticket).sequence),
    sendLater: '1',
    ...more,
  });
const LATER = { later: 'at', laterAt: '2027-01-07T08:30' };
const message = () =>
  desk.messagesOf(ticket).find((one) => one.author_kind === 'agent' && one.kind === 'reply') as {
    id: number;
  };
const press = (what: string, who = ana) => who.post(at(`/messages/${message().id}/${what}`));
const answer = (words: string) => letter({ inReplyTo: ['first@mail.example'], words });
const mail = () =>
  desk.rows<{ state: string; send_after: number }>('SELECT state, send_after FROM outbox')[0];
const state = () => mail()?.state;
const laterState = () =>
  desk.rows<{ state: string }>(
    "SELECT outbox.state FROM outbox JOIN messages ON messages.id = message_id WHERE words = 'Good morning'",
  )[0]?.state;

test('its mail waits for the time on the clock of whoever wrote it, and the ticket says when', async () => {
  desk.app.db.sql.prepare("UPDATE agents SET time_zone = 'Europe/Riga'").run();

  expect((await send(LATER)).status).toBe(303);

  expect(mail()).toEqual({ state: 'waiting', send_after: Date.parse('2027-01-07T06:30:00Z') });
  const html = await page();
  expect(html).toContain('Leaves <time datetime="2027-01-07T06:30:00.000Z">');
  expect(html).not.toContain('id="undo"');
  expect(desk.ticketNow(ticket).status).toBe('pending');
});

test('a time that is past is said in its field, and the words are kept', async () => {
  const { status, html } = await send({ later: 'at', laterAt: '2020-01-01T09:00' });

  expect(status).toBe(422);
  expect(html).toContain('Choose a time that is still to come');
  expect(html).toContain('value="2020-01-01T09:00"');
  expect(html).toContain('Good morning</textarea>');
  expect(desk.queuedMails()).toEqual([]);
});

test('W2: when the customer writes first it is held back, loudly, and whoever decides can send or change it', async () => {
  await send(LATER);
  receive(desk, answer('Never mind'));

  expect(state()).toBe('held');
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  expect(await page()).toContain('Somebody wrote in this conversation before its time had come.');
  desk.clock.pass(400 * 86_400_000);
  expect(state()).toBe('held');

  const ben = doors.as(desk.ben);
  expect((await press('undo', ben)).status).toBe(303);
  expect(findDraft(desk.app.db, desk.ben.id, ticket.id, 'reply')?.words).toBe('Good morning');
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
  expect(desk.queuedMails()).toEqual([]);
});

test('an automatic mail of the customer holds nothing back (M9)', async () => {
  await send(LATER);
  receive(desk, { ...answer('I am away'), automatic: 'auto-reply' });
  expect(state()).toBe('waiting');
});

test('held back, it leaves at once when somebody says so', async () => {
  await send(LATER);
  receive(desk, answer('Hello?'));

  expect((await press('resend')).status).toBe(303);
  expect(mail()).toEqual({ state: 'waiting', send_after: desk.app.clock.now() });
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
});

test('its time can be now', async () => {
  await send(LATER);
  expect((await press('now')).status).toBe(303);

  expect(mail()).toEqual({ state: 'waiting', send_after: desk.app.clock.now() });
  expect(await page()).not.toContain('Leaves <time');
  expect((await press('now')).status).toBe(409);
});

test('what a colleague has not seen yet is shown first, and it still leaves later when sent all the same (W2)', async () => {
  const seenSequence = String(desk.ticketNow(ticket).sequence);
  receive(desk, answer('One more thing'));
  const { status, html } = await send({ ...LATER, seenSequence });

  expect(status).toBe(409);
  expect(html).toContain('<input type="hidden" name="sendLater" value="1">');
  expect(html).toContain('name="laterAt" value="2027-01-07T08:30"');
  expect(html).toContain('Send later anyway');
});

describe('what else overtakes it (W2)', () => {
  test('a colleague who answers meanwhile, but not its own author', async () => {
    await send(LATER);
    reply(desk, ticket, 'By the way', desk.ana);
    expect(laterState()).toBe('waiting');

    reply(desk, ticket, 'We are open already', desk.ben);
    expect(laterState()).toBe('held');
  });

  test('the customer in the ticket that it was merged into; whoever takes it back writes on there', async () => {
    await send(LATER);
    const other = desk.ticketFrom('Carla', 'The same kettle', 'Still leaks');
    const owner = doors.as(desk.owner);
    const merged = await owner.post('/merge', {
      tickets: `${ticket.number},${other.number}`,
      into: String(other.number),
    });
    expect(merged.status).toBe(303);
    receive(desk, answer('Never mind'));
    expect(laterState()).toBe('held');

    const { location } = await press('undo');
    expect(location).toBe(`/tickets/${other.number}?mode=reply#composer`);
    expect(findDraft(desk.app.db, desk.ana.id, other.id, 'reply')?.words).toBe('Good morning');
  });

  test('a closed ticket whose customer begins a new one', async () => {
    desk.app.db.sql.prepare("UPDATE mailboxes SET reopen_closed = 'never'").run();
    await send(LATER);
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'closed'));
    const { ticket: linked } = receive(desk, answer('Me again'));

    expect(linked.id).not.toBe(ticket.id);
    expect(laterState()).toBe('held');
  });

  test('the trash, and being marked as spam: brought back, it is held for all to see', async () => {
    await send(LATER);
    desk.app.db.tx(() => trashTicket(desk.app, desk.ana, ticket));
    expect(laterState()).toBe('held');
    desk.app.db.tx(() => restoreTicket(desk.app, desk.ana, ticket));
    expect(await page()).toContain('Its ticket was thrown away or marked as spam before its time had come.');

    await press('resend');
    await send(LATER, 'Good evening');
    desk.app.db.tx(() => markSpam(desk.app, desk.ana, ticket, true));
    expect(desk.rows("SELECT 1 FROM outbox WHERE state = 'held'")).toHaveLength(1);
  });
});

test('what its server puts off when its time has come says so, and cannot be taken back any more (O4)', async () => {
  await send(LATER);
  desk.clock.pass(Date.parse('2027-01-07T07:31:00Z') - desk.app.clock.now());
  const row = () => findOutboxOfMessage(desk.app.db, message().id) as OutboxRow;
  desk.app.db.tx(() => {
    beginHandingOver(desk.app, row());
    settleLater(desk.app, row(), '451 try later');
  });
  expect(state()).toBe('waiting');

  const html = await page(doors.as(desk.ana));
  expect(html).not.toContain('Leaves <time');
  expect(html).toContain('451 try later');
  expect(html).not.toContain('Take back and edit');
});

test('the same words pressed twice, at once and for later, leave once and at once', async () => {
  const clientId = randomId();
  await ana.post(at('/replies'), { clientId, words: 'Twice', thenStatus: 'pending', seenSequence: '99' });
  const { location } = await send({ ...LATER, clientId, seenSequence: '99' }, 'Twice');

  expect((await ana.get(location ?? '')).html).not.toContain('It leaves at');
  expect(desk.queuedMails()).toHaveLength(1);
});
