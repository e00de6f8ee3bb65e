// A visitor leaves: when agents see it, what follows by e-mail, and how the answer comes back (C7).
import { nobodyIsThere, visitorIsThere } from '../../server/chat';
import { endChat } from '../../server/chat/end-chat';
import { visitorCame, visitorLeft } from '../../server/chat/presence';
import { showAfter } from '../../server/chat/present-visitor';
import { visitorSaw } from '../../server/chat/seen';
import { takeChat } from '../../server/chat/take-chat';
import { MINUTE, SECOND } from '../../server/lib/clock';
import { findMailboxById, type MailboxRow } from '../../server/mail';
import { type Asked, ask, openSite, say } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { mailOf, note, reply } from '../support/writing';

let desk: Desk;
let mailbox: MailboxRow;
let carla: Asked;

beforeEach(() => {
  desk = openDesk();
  mailbox = desk.mailbox('help@teapot.example', { smtp: { port: 2525 } });
  carla = ask(desk, openSite(desk, { mailboxId: mailbox.id }), { email: 'carla@mail.example' });
  desk.app.db.tx(() => takeChat(desk.app, desk.ana, carla.ticket));
});
afterEach(() => desk.close());

const leave = (asked = carla) => desk.app.db.tx(() => visitorLeft(desk.app, asked.now().chat));
const come = () => desk.app.db.tx(() => visitorCame(desk.app, carla.now()));
const seesAll = () => desk.app.db.tx(() => visitorSaw(desk.app, carla.now(), 1_000));
const isThere = () => visitorIsThere(desk.app, desk.ticketNow(carla.ticket));

/** Time passes, and whatever is due is done. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30 * SECOND) {
    desk.clock.pass(Math.min(left, 30 * SECOND));
    await desk.app.jobs.runDue();
  }
}

test('a visitor who is connected, or was a minute ago, is there; then agents’ pages are told', async () => {
  expect(isThere()).toBe(true);
  leave();
  expect(isThere()).toBe(true);
  desk.signals();

  await pass(61 * SECOND);

  expect(isThere()).toBe(false);
  expect(desk.signals()).toContainEqual({ room: 'agents', event: 'ticket:changed' });
});

test('C7: whoever has ended the chat reads nothing in it any more: replies go by e-mail at once, also while the page stays open', async () => {
  desk.app.db.tx(() => endChat(desk.app, undefined, carla.ticket));
  expect(isThere()).toBe(false);

  const message = reply(desk, carla.ticket, 'One more thing');
  expect(mailOf(desk, message)?.to).toMatchObject([{ address: 'carla@mail.example' }]);

  leave();
  expect(isThere()).toBe(false);
});

test('a visitor who goes from page to page is not told about', async () => {
  leave();
  await pass(20 * SECOND);
  desk.signals();
  const before = desk.ticketNow(carla.ticket).changed_sequence;

  come();
  await pass(2 * MINUTE);

  expect(isThere()).toBe(true);
  expect(desk.signals()).toEqual([]);
  expect(desk.ticketNow(carla.ticket).changed_sequence).toBe(before);
});

test('while the visitor is there a reply goes by chat at once; afterwards it is a mail that can be taken back', async () => {
  expect(reply(desk, carla.ticket, 'In the chat')).toMatchObject({ channel: 'chat', state: 'sent' });
  seesAll();
  leave();
  await pass(2 * MINUTE);

  expect(reply(desk, carla.ticket, 'By mail')).toMatchObject({ channel: 'email', state: 'waiting' });
  expect(desk.queuedMails()).toEqual([
    { recipients: ['carla@mail.example'], state: 'waiting', kind: 'reply' },
  ]);
});

test('C7: a window that is open but not looked at gets its unseen reply by mail after ten minutes, once', async () => {
  reply(desk, carla.ticket, 'Yes, we ship to Svalbard.');
  desk.app.followers.catchUp();
  await pass(9 * MINUTE);
  expect(desk.queuedMails()).toEqual([]);

  await pass(2 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(1);
  expect(carla.now().chat.state).toBe('active');

  await pass(60 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(1);
});

test('C7: what was seen in time is not mailed, also while the window stays open', async () => {
  reply(desk, carla.ticket, 'Yes, we ship to Svalbard.');
  desk.app.followers.catchUp();
  await pass(9 * MINUTE);
  seesAll();

  await pass(60 * MINUTE);

  expect(desk.queuedMails()).toEqual([]);
});

test('C7: ten minutes after leaving, unseen replies follow in one mail, once', async () => {
  reply(desk, carla.ticket, 'Yes, we ship to Svalbard.');
  seesAll();
  reply(desk, carla.ticket, 'It takes two weeks.');
  note(desk, carla.ticket, 'Or three, but do not say so');
  const last = reply(desk, carla.ticket, 'Shall I order it?');
  leave();

  await pass(9 * MINUTE);
  expect(desk.queuedMails()).toEqual([]);
  await pass(2 * MINUTE);

  expect(desk.queuedMails()).toEqual([
    { recipients: ['carla@mail.example'], state: 'waiting', kind: 'reply' },
  ]);
  const mail = mailOf(desk, last);
  expect(mail.text).toContain('It takes two weeks.\n\nShall I order it?');
  expect(mail.text).toContain('You left the chat on Teapot before you saw this.');
  expect(mail.text).not.toContain('Yes, we ship');
  expect(mail.text).not.toContain('do not say so');
  await pass(60 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(1);
});

test('C7: whoever comes back in time, or has seen everything, gets no mail', async () => {
  reply(desk, carla.ticket, 'Yes');
  leave();
  await pass(5 * MINUTE);
  come();
  await pass(20 * MINUTE);
  expect(desk.queuedMails()).toEqual([]);

  seesAll();
  leave();
  await pass(20 * MINUTE);
  expect(desk.queuedMails()).toEqual([]);
});

test('C7: at most one mail in fifteen minutes', async () => {
  reply(desk, carla.ticket, 'First');
  leave();
  await pass(11 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(1);
  come();
  reply(desk, carla.ticket, 'Second');
  leave();

  await pass(13 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(1);
  await pass(3 * MINUTE);
  expect(desk.queuedMails()).toHaveLength(2);
});

test('C7: without an address nothing can follow, and nothing fails', async () => {
  const per = ask(desk, carla.site, { name: 'Per' });
  reply(desk, per.ticket, 'Yes');
  leave(per);

  await pass(20 * MINUTE);

  expect(desk.queuedMails()).toEqual([]);
  expect(desk.rows("SELECT 1 FROM jobs WHERE state = 'failed' OR attempts > 0")).toEqual([]);
});

test('C7, C8: the answer by mail joins the same ticket, shows in the widget, and proves the address', async () => {
  const last = reply(desk, carla.ticket, 'Shall I order it?');
  leave();
  await pass(11 * MINUTE);
  const { messageId } = mailOf(desk, last);

  const answered = receive(
    desk,
    letter({ from: 'Carla <carla@mail.example>', inReplyTo: [messageId], words: 'Yes please' }),
    findMailboxById(desk.app.db, mailbox.id) as MailboxRow,
  );

  expect(answered.ticket?.id).toBe(carla.ticket.id);
  expect(showAfter(desk.app, carla.now(), 0).messages.at(-1)).toMatchObject({
    mine: true,
    words: 'Yes please',
  });
  expect(
    desk.rows<{ verified_how: string }>(
      'SELECT verified_how FROM customer_addresses WHERE customer_id = ?',
      carla.ticket.customer_id,
    ),
  ).toEqual([{ verified_how: 'mail' }]);
});

test('a chat that an agent has is over when the visitor stays away, and writing again queues it', async () => {
  leave();
  await pass(11 * MINUTE);

  expect(carla.now().chat.state).toBe('ended');
  expect(desk.ticketNow(carla.ticket)).toMatchObject({ chat_state: 'ended', assignee_id: desk.ana.id });
  expect(desk.events('chat.missed')).toEqual([]);

  say(desk, carla, 'Sorry, lunch');
  expect(carla.now().chat.state).toBe('queued');
});

test('a chat that nobody took while the visitor waited counts as missed, and writing again queues it', async () => {
  const per = ask(desk, carla.site, { name: 'Per', email: 'per@mail.example' });
  leave(per);
  await pass(11 * MINUTE);

  expect(per.now().chat.state).toBe('missed');
  expect(desk.ticketNow(per.ticket).chat_state).toBe('missed');
  expect(desk.events('chat.missed')).toHaveLength(1);
  expect(carla.now().chat.state).toBe('active');

  say(desk, per, 'Still there?');
  expect(per.now().chat.state).toBe('queued');
});

test('C2: after a crash nobody is there until they connect again, and their leaving is followed', async () => {
  reply(desk, carla.ticket, 'Yes');

  desk.app.db.tx(() => nobodyIsThere(desk.app));
  expect(carla.now().chat.visitor_gone_at).toBe(desk.clock.now());
  await pass(11 * MINUTE);

  expect(desk.queuedMails()).toHaveLength(1);
});

test('a chat that was erased in the meantime is left alone', async () => {
  reply(desk, carla.ticket, 'Yes');
  leave();
  desk.app.db.sql.prepare('DELETE FROM chats').run();

  await pass(20 * MINUTE);

  expect(desk.queuedMails()).toEqual([]);
  expect(desk.rows('SELECT 1 FROM jobs')).toEqual([]);
});
