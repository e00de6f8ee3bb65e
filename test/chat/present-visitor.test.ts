// What a visitor sees of a conversation, and what never.
import { endChat } from '../../server/chat/end-chat';
import { findShownFile, showAfter } from '../../server/chat/present-visitor';
import { visitorSaw } from '../../server/chat/seen';
import { takeChat } from '../../server/chat/take-chat';
import { SECOND } from '../../server/lib/clock';
import { addMessage, moveTicket } from '../../server/tickets';
import { type Asked, ask, openSite, say } from '../support/chatting';
import { type Desk, openDesk } from '../support/desk';
import { note, reply, uploaded, words } from '../support/writing';

let desk: Desk;
let carla: Asked;

beforeEach(() => {
  desk = openDesk();
  carla = ask(desk, openSite(desk));
});
afterEach(() => desk.close());

const shown = (after = 0) => showAfter(desk.app, carla.now(), after);
const texts = (after = 0) => shown(after).messages.map((message) => message.words);

test('AC-47: notes and system lines have no place in the visitor’s counting and are never shown', () => {
  note(desk, carla.ticket, 'She sounds upset');
  desk.app.db.tx(() => takeChat(desk.app, desk.ana, carla.ticket));
  note(desk, carla.ticket, 'I take it');
  reply(desk, carla.ticket, 'Yes, to Longyearbyen');
  desk.app.db.tx(() => endChat(desk.app, desk.ana, carla.ticket));

  expect(texts()).toEqual(['Do you ship to Svalbard?', 'Yes, to Longyearbyen']);
  expect(shown().messages.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(shown().upTo).toBe(2);
});

test('C1: asking for all after n answers with all after n, a hundred at a time, and says when there is more', () => {
  for (let i = 1; i <= 150; i += 1) say(desk, carla, `Message ${i}`);

  const first = shown(0);
  const second = shown(first.upTo);

  expect(first.messages).toHaveLength(100);
  expect(first.more).toBe(true);
  expect(second.messages).toHaveLength(51);
  expect(second.more).toBe(false);
  expect([...first.messages, ...second.messages].map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 151 }, (_, i) => i + 1),
  );
  expect(shown(second.upTo).messages).toEqual([]);
});

test('only the agent’s first name is told, and only while the agent has the chat', () => {
  desk.app.db.tx(() => takeChat(desk.app, { ...desk.ana, name: 'Ana' }, carla.ticket));
  reply(desk, carla.ticket, 'Good morning', { ...desk.ana, name: 'Ana Bērziņa' });

  expect(shown().messages[1]?.by).toMatchObject({ name: 'Ana', initials: 'AB' });
  expect(shown().chat.agent).toMatchObject({ name: 'Ana' });
  reply(desk, carla.ticket, 'And good evening', { ...desk.ana, name: 'ana@teapot.example' });
  expect(shown().messages[2]?.by?.name).toBe('ana');
  expect(JSON.stringify(shown())).not.toContain('Bērziņa');
  expect(JSON.stringify(shown())).not.toContain('@teapot.example');

  desk.app.db.tx(() => endChat(desk.app, desk.ana, carla.ticket));
  expect(shown().chat).toMatchObject({ state: 'ended' });
  expect(shown().chat.agent).toBeUndefined();
});

test('a mailed reply that can still be taken back is not shown, and nothing behind it, until it cannot', () => {
  const per = ask(desk, carla.site, { email: 'per@mail.example', name: 'Per' });
  const seen = (after: number) => showAfter(desk.app, per.now(), after);
  desk.app.db.tx(() => desk.app.db.sql.prepare('UPDATE chats SET visitor_gone_at = 1').run());
  reply(desk, per.ticket, 'By mail');
  say(desk, per, 'I am back');

  expect(seen(0).messages.map((message) => message.words)).toEqual(['Do you ship to Svalbard?']);
  expect(seen(0).upTo).toBe(1);

  desk.clock.pass(11 * SECOND);
  expect(seen(1).messages.map((message) => message.words)).toEqual(['By mail', 'I am back']);
});

test('what is not shown yet is not seen, whatever the browser says', () => {
  const per = ask(desk, carla.site, { email: 'per@mail.example', name: 'Per' });
  const saw = () => desk.app.db.tx(() => visitorSaw(desk.app, per.now(), 1_000));
  desk.app.db.tx(() => desk.app.db.sql.prepare('UPDATE chats SET visitor_gone_at = 1').run());
  reply(desk, per.ticket, 'By mail');

  saw();
  expect(per.now().chat.visitor_seen).toBe(1);

  desk.clock.pass(11 * SECOND);
  saw();
  expect(per.now().chat.visitor_seen).toBe(2);
  expect(showAfter(desk.app, per.now(), 0).chat.visitorSeen).toBe(2);
});

test('M7: what a stranger mailed into the conversation is not shown', () => {
  const stranger = desk.customer('Mallory');
  const author = { kind: 'customer' as const, id: stranger.id, name: 'Mallory' };
  const asMail = {
    kind: 'reply' as const,
    author,
    channel: 'email' as const,
    senderState: 'unverified' as const,
  };
  desk.app.db.tx(() =>
    addMessage(desk.app, desk.ticketNow(carla.ticket), { ...asMail, words: 'Send me her data' }),
  );
  say(desk, carla, 'Anybody?');

  expect(texts()).toEqual(['Do you ship to Svalbard?', 'Anybody?']);
});

test('somebody whom an agent accepted is shown by name, not as the visitor', () => {
  const per = desk.customer('Per');
  const author = { kind: 'customer' as const, id: per.id, name: 'Per' };
  const accepted = { kind: 'reply' as const, author, channel: 'email' as const, words: 'I can bring it' };
  desk.app.db.tx(() => addMessage(desk.app, desk.ticketNow(carla.ticket), accepted));

  expect(shown().messages[1]).toMatchObject({ mine: false, words: 'I can bring it', by: { name: 'Per' } });
});

test('a closed ticket says so', () => {
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(carla.ticket), 'closed'));

  expect(shown().chat.state).toBe('closed');
});

test('AC-46: a file is there for its own visitor only, never a note’s and never one of another message', async () => {
  const file = await uploaded(desk, 'kettle.txt', 'blue');
  const secret = await uploaded(desk, 'margin.txt', '80 %');
  const message = reply(desk, carla.ticket, words('Here it is'), desk.ana, [file]);
  desk.app.db.tx(() => note(desk, carla.ticket, 'Our margin'));
  desk.app.db.sql
    .prepare(
      "INSERT INTO attachments (file_id, owner_kind, owner_id, name, type, size, created_at) SELECT id, 'message', ?, 'margin.txt', 'text/plain', 4, 0 FROM files WHERE sha256 = ?",
    )
    .run(desk.messagesOf(carla.ticket).at(-1)?.id, secret.file.sha256);
  const per = ask(desk, carla.site, { name: 'Per' });
  const sequence = message.visitor_sequence as number;
  const [{ id = 0 } = {}, { id: secretId = 0 } = {}] = desk.rows<{ id: number }>(
    'SELECT id FROM attachments ORDER BY id',
  );

  expect(shown().messages[1]?.files).toMatchObject([{ name: 'kettle.txt', size: 4 }]);
  expect(findShownFile(desk.app, carla.now(), sequence, id)?.name).toBe('kettle.txt');
  expect(findShownFile(desk.app, per.now(), sequence, id)).toBeUndefined();
  expect(findShownFile(desk.app, per.now(), 1, id)).toBeUndefined();
  expect(findShownFile(desk.app, carla.now(), 1, id)).toBeUndefined();
  for (const place of [0, 1, 2, 3])
    expect(findShownFile(desk.app, carla.now(), place, secretId)).toBeUndefined();
});
