// The live line on a real server: nothing lost, nothing twice.
import { randomId } from '../../server/lib/ids';
import { sends, useChatLines, wordsOf } from '../support/chat-lines';
import { until } from '../support/until';

const desk = useChatLines();
const app = () => desk.house.serving.app;

test('C2: an acknowledgement carries the place of what is committed', async () => {
  const { line, ticket } = await desk.begin();

  expect(await sends(line, 'Before Friday?')).toEqual({ ok: true, sequence: 2 });

  const stored = app()
    .db.sql.prepare(
      'SELECT words, visitor_sequence FROM messages WHERE ticket_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(ticket.id);
  expect(stored).toEqual({ words: 'Before Friday?', visitor_sequence: 2 });
});

test('C1: sending the same message twice, also over two connections, stores it once', async () => {
  const { line, token } = await desk.begin();
  const other = await desk.visit(token);
  const clientId = randomId();

  const answers = await Promise.all([
    sends(line, 'Once', clientId),
    sends(other, 'Once', clientId),
    sends(line, 'Once', clientId),
  ]);

  expect(answers).toEqual([2, 2, 2].map((sequence) => ({ ok: true, sequence })));
  expect(wordsOf(await line.ask('messages:after', { sequence: 0 }))).toEqual([
    'Do you ship to Svalbard?',
    'Once',
  ]);
});

test('C1: after a break all after n is told, whatever happened meanwhile and however long it took', async () => {
  const { line, token, ticket } = await desk.begin();
  line.close();
  await desk.agentReplies(ticket, 'Yes');
  await desk.agentReplies(ticket, 'To Longyearbyen');

  const back = await desk.visit(token);

  expect(wordsOf(await back.ask('messages:after', { sequence: 1 }))).toEqual(['Yes', 'To Longyearbyen']);
});

test('C2: the server stops and starts in the middle; nothing acknowledged is lost and the same connection goes on', async () => {
  const { line, token } = await desk.begin({ reconnects: true });
  line.socket.auth = { site: desk.site.public_id, token };
  const back = new Promise<void>((resolve) => {
    line.socket.on('connect', () => resolve());
    line.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') line.socket.connect();
    });
  });
  const lost = randomId();
  await sends(line, 'Before the restart');

  await desk.house.stop();
  const unanswered = line.socket
    .timeout(50)
    .emitWithAck('message:send', { clientId: lost, words: 'In between' });
  await expect(unanswered).rejects.toThrow();
  await desk.house.start();
  await back;
  expect((await sends(line, 'In between', lost)).ok).toBe(true);

  expect(wordsOf(await line.ask('messages:after', { sequence: 0 }))).toEqual([
    'Do you ship to Svalbard?',
    'Before the restart',
    'In between',
  ]);
});

test.each(['websocket', 'polling'] as const)(
  'C2: a server that stops writes down who was there over %s, and no error',
  async (transport) => {
    const { ticket } = await desk.begin({ transports: [transport] });
    const wrong = jest.spyOn(app().log, 'error');

    await desk.house.stop();
    await desk.house.start();

    expect(wrong).not.toHaveBeenCalled();
    const { n } = app()
      .db.sql.prepare("SELECT count(*) AS n FROM jobs WHERE kind = 'chat.visitor-left'")
      .get() as { n: number };
    expect(n).toBeGreaterThan(0);
    expect(desk.ticketNow(ticket).chat_state).toBe('queued');
  },
);

test('C5: everything works over long polling alone', async () => {
  const { line, ticket } = await desk.begin({ transports: ['polling'] });
  expect(line.socket.io.engine.transport.name).toBe('polling');

  await desk.agentReplies(ticket, 'By polling');

  await line.next('chat:changed', ({ sequence }) => sequence === 2);
  expect(wordsOf(await line.ask('messages:after', { sequence: 1 }))).toEqual(['By polling']);
});

test('both sides hear that the other writes, and what the other has seen', async () => {
  const { line, ticket } = await desk.begin();
  const ana = await desk.asAgent('Ana Signs');
  const { number } = ticket;

  await line.ask('typing:set', { on: true });
  expect(await ana.next('typing:changed')).toEqual({ number, on: true });
  await ana.ask('typing:set', { number, on: true });
  expect(await line.next('typing:changed')).toEqual({ who: 'Ana', on: true });

  await ana.ask('messages:seen', { number, sequence: 1 });
  expect(await line.next('seen:changed')).toEqual({ sequence: 1 });
  await desk.agentReplies(ticket, 'Yes');
  await line.ask('messages:seen', { sequence: 2 });
  const seen = await ana.next('seen:changed');
  expect(seen['number']).toBe(number);
  expect(seen['sequence']).toBeGreaterThanOrEqual(2);
});

test('agents hear of a waiting chat at once, also those of other conversations', async () => {
  const ana = await desk.asAgent('Ana Waits');
  const { ticket } = await desk.begin();

  expect(await ana.next('chat:waiting')).toEqual({ number: ticket.number, waits: true });
});

test('a conversation that was erased is gone for connections that are open, too', async () => {
  const { line, token, ticket } = await desk.begin();

  app().db.tx(() => app().db.sql.prepare('DELETE FROM chats WHERE ticket_id = ?').run(ticket.id));

  expect(await line.ask('messages:after', { sequence: 0 })).toEqual({ ok: false, error: 'not-found' });
  await expect(desk.visit(token)).rejects.toThrow('not-allowed');
});

test('a visitor with two windows is there until the last is gone', async () => {
  const { line, token, ticket } = await desk.begin();
  const gone = () =>
    (
      app().db.sql.prepare('SELECT visitor_gone_at FROM chats WHERE ticket_id = ?').get(ticket.id) as {
        visitor_gone_at: number | null;
      }
    ).visitor_gone_at;
  expect(gone()).toBeNull();

  const second = await desk.visit(token);
  line.close();
  await second.ask('messages:after', { sequence: 0 });
  expect(gone()).toBeNull();

  second.close();
  await until('the visitor has left', () => gone() !== null);
});
