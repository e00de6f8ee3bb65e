// A mailbox is removed while mails wait to leave from it: they wait for a person (O5).
import { mailNotice } from '../../server/agents/account-mail';
import type { MailboxRow } from '../../server/mail';
import { removeMailbox } from '../../server/mail/save-mailbox';
import { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';
import { letter, receive } from '../support/letters';
import { type Smtp, startSmtp } from '../support/smtp';
import { reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let smtp: Smtp;
let sender: Sender;
let support: MailboxRow;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  smtp = await startSmtp();
  sender = new Sender(() => desk.app);
  support = desk.mailbox('support@teapot.example', { smtp: { port: smtp.port }, plusAddresses: true });
  ticket = receive(desk, letter(), support).ticket;
});
afterEach(async () => {
  await sender.stop();
  await doors.close();
  await desk.close();
  await smtp.stop();
});

const remove = () => desk.app.db.tx(() => removeMailbox(desk.app, { kind: 'system', id: null }, support));
const sales = (plusAddresses = false) =>
  desk.mailbox('sales@shop.example', { smtp: { port: smtp.port }, plusAddresses });
async function send() {
  desk.clock.pass(60_000);
  await sender.sendDue();
  return smtp.mails;
}
const resend = (message: { id: number }) =>
  doors.as(desk.ana).post(`/tickets/${ticket.number}/messages/${message.id}/resend`);

test('O5: what waits does not leave through another mailbox; it is held, loud, and says why', async () => {
  sales();
  const message = reply(desk, ticket, 'It is on its way');
  remove();

  expect(await send()).toEqual([]);
  expect(desk.queuedMails()).toMatchObject([{ state: 'held' }]);
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  const { html } = await doors.as(desk.ana).get(`/tickets/${ticket.number}`);
  expect(html).toContain('The mailbox that it was to leave from was removed');
  expect(html).not.toContain('backup was restored');
  expect(html).not.toContain(`/messages/${message.id}/arrived`);
});

test('O5: sent on a person’s word it leaves from the first that can send, under that one’s address', async () => {
  sales(true);
  const message = reply(desk, ticket, 'It is on its way');
  remove();
  expect((await resend(message)).status).toBe(303);

  const [mail] = await send();
  expect(mail?.envelope).toEqual({ from: 'sales@shop.example', to: ['carla@mail.example'] });
  expect(mail?.header('From')).toContain('<sales@shop.example>');
  expect(mail?.header('Reply-To')).toMatch(/^sales\+hd-[0-9a-f]{32}@shop\.example$/);
  expect(String(mail?.raw)).not.toContain('support');
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
  expect(desk.messagesOf(ticket).at(-1)?.state).toBe('sent');
});

test('O5: without any other mailbox it waits for one, once a person has decided', async () => {
  const message = reply(desk, ticket, 'It is on its way');
  remove();
  await resend(message);
  expect(await send()).toEqual([]);
  expect(desk.queuedMails()).toMatchObject([{ state: 'waiting' }]);

  sales();
  const [mail] = await send();
  expect(mail?.envelope.from).toBe('sales@shop.example');
  expect(mail?.header('Reply-To')).toBeUndefined();
});

test('a reply composed afterwards leaves from the first that can send, under that one’s address', async () => {
  sales();
  remove();
  reply(desk, ticket, 'It is on its way');

  const [mail] = await send();
  expect(mail?.envelope.from).toBe('sales@shop.example');
  expect(mail?.header('From')).toContain('<sales@shop.example>');
});

test('a reply composed before there was any mailbox leaves under the address of the first one', async () => {
  const early = desk.ticketFrom('Carla');
  desk.app.db.sql.prepare('UPDATE mailboxes SET smtp = NULL').run();
  reply(desk, early, 'We are here');
  desk.app.db.tx(() => removeMailbox(desk.app, { kind: 'system', id: null }, support));
  sales();

  const [mail] = await send();
  expect(mail?.header('From')).toContain('<sales@shop.example>');
});

test('O5: one that was being tried when its mailbox went is held as well', async () => {
  sales();
  reply(desk, ticket, 'It is on its way');
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'handing over'").run();
  remove();
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'waiting'").run();

  expect(await send()).toEqual([]);
  expect(desk.queuedMails()).toMatchObject([{ state: 'held' }]);
});

test('O5: a notice to an agent is listed with the same reason', async () => {
  desk.app.db.tx(() => mailNotice(desk.app, desk.ana, 'passwordChanged', 'ana@home.example'));
  remove();
  const { html } = await doors.as(desk.owner).get('/outbox?show=held');
  expect(html).toContain('It was held back when its mailbox was removed.');
});
