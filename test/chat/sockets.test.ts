// The live line on a real server: nothing lost, nothing twice, nobody where they do not belong.
import { request } from 'node:http';
import type { SiteRow } from '../../server/chat';
import { randomId, randomToken } from '../../server/lib/ids';
import { findTicketByNumber, noteOnTicket, replyToTicket, type Ticket } from '../../server/tickets';
import { type Line, openAgent, openSite, openVisitor, question } from '../support/chatting';
import { type House, openHouse } from '../support/serving';
import { until } from '../support/until';
import { words } from '../support/writing';

let house: House;
let site: SiteRow;
const lines: Line[] = [];

beforeAll(async () => {
  house = await openHouse();
  site = openSite({ app: house.serving.app, owner: house.owner });
});
afterEach(() => {
  for (const line of lines.splice(0)) line.close();
});
afterAll(() => house.remove());

async function visit(token?: string, options: Parameters<typeof openVisitor>[2] = {}): Promise<Line> {
  const line = await openVisitor(house.url, { site: site.public_id, ...(token ? { token } : {}) }, options);
  lines.push(line);
  return line;
}

async function asAgent(name: string): Promise<Line> {
  const line = await openAgent(house.url, house.signIn(house.agent(name)));
  lines.push(line);
  return line;
}

async function begin(options: Parameters<typeof openVisitor>[2] = {}) {
  const line = await visit(undefined, options);
  const input = question();
  const answer = await line.ask('chat:start', input);
  expect(answer.ok).toBe(true);
  return { line, token: input.token, ticket: newestTicket() };
}

const app = () => house.serving.app;
const newestTicket = () =>
  app().db.sql.prepare('SELECT * FROM tickets ORDER BY id DESC LIMIT 1').get() as Ticket;
const say = (line: Line, text: string, clientId = randomId()) =>
  line.ask('message:send', { clientId, words: text });
const wordsOf = (answer: object) =>
  (answer as { messages: { words: string }[] }).messages.map((message) => message.words);

function agentReplies(ticket: Ticket, text: string) {
  const agent = house.owner;
  const now = findTicketByNumber(app().db, ticket.number) as Ticket;
  return app().write(() => replyToTicket(app(), agent, now, words(text)));
}

test('C2: an acknowledgement carries the place of what is committed', async () => {
  const { line, ticket } = await begin();

  expect(await say(line, 'Before Friday?')).toEqual({ ok: true, sequence: 2 });

  const stored = app()
    .db.sql.prepare(
      'SELECT words, visitor_sequence FROM messages WHERE ticket_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(ticket.id);
  expect(stored).toEqual({ words: 'Before Friday?', visitor_sequence: 2 });
});

test('C1: sending the same message twice, also over two connections, stores it once', async () => {
  const { line, token } = await begin();
  const other = await visit(token);
  const clientId = randomId();

  const answers = await Promise.all([
    say(line, 'Once', clientId),
    say(other, 'Once', clientId),
    say(line, 'Once', clientId),
  ]);

  expect(answers).toEqual([2, 2, 2].map((sequence) => ({ ok: true, sequence })));
  expect(wordsOf(await line.ask('messages:after', { sequence: 0 }))).toEqual([
    'Do you ship to Svalbard?',
    'Once',
  ]);
});

test('C1: after a break all after n is told, whatever happened meanwhile and however long it took', async () => {
  const { line, token, ticket } = await begin();
  line.close();
  await agentReplies(ticket, 'Yes');
  await agentReplies(ticket, 'To Longyearbyen');

  const back = await visit(token);

  expect(wordsOf(await back.ask('messages:after', { sequence: 1 }))).toEqual(['Yes', 'To Longyearbyen']);
});

test('C2: the server stops and starts in the middle; nothing acknowledged is lost and the same connection goes on', async () => {
  const { line, token } = await begin({ reconnects: true });
  line.socket.auth = { site: site.public_id, token };
  const back = new Promise<void>((resolve) => {
    line.socket.on('connect', () => resolve());
    line.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') line.socket.connect();
    });
  });
  const lost = randomId();
  await say(line, 'Before the restart');

  await house.stop();
  const unanswered = line.socket
    .timeout(50)
    .emitWithAck('message:send', { clientId: lost, words: 'In between' });
  await expect(unanswered).rejects.toThrow();
  await house.start();
  await back;
  expect((await say(line, 'In between', lost)).ok).toBe(true);

  expect(wordsOf(await line.ask('messages:after', { sequence: 0 }))).toEqual([
    'Do you ship to Svalbard?',
    'Before the restart',
    'In between',
  ]);
});

test('C5: everything works over long polling alone', async () => {
  const { line, ticket } = await begin({ transports: ['polling'] });
  expect(line.socket.io.engine.transport.name).toBe('polling');

  await agentReplies(ticket, 'By polling');

  await line.next('chat:changed', ({ sequence }) => sequence === 2);
  expect(wordsOf(await line.ask('messages:after', { sequence: 1 }))).toEqual(['By polling']);
});

test('both sides hear that the other writes, and what the other has seen', async () => {
  const { line, ticket } = await begin();
  const ana = await asAgent('Ana Signs');
  const { number } = ticket;

  await line.ask('typing:set', { on: true });
  expect(await ana.next('typing:changed')).toEqual({ number, on: true });
  await ana.ask('typing:set', { number, on: true });
  expect(await line.next('typing:changed')).toEqual({ who: 'Ana', on: true });

  await ana.ask('messages:seen', { number, sequence: 1 });
  expect(await line.next('seen:changed')).toEqual({ sequence: 1 });
  await agentReplies(ticket, 'Yes');
  await line.ask('messages:seen', { sequence: 2 });
  const seen = await ana.next('seen:changed');
  expect(seen['number']).toBe(number);
  expect(seen['sequence']).toBeGreaterThanOrEqual(2);
});

test('agents hear of a waiting chat at once, also those of other conversations', async () => {
  const ana = await asAgent('Ana Waits');
  const { ticket } = await begin();

  expect(await ana.next('chat:waiting')).toEqual({ number: ticket.number, waits: true });
});

test('AC-47: neither a note nor anything about it reaches the visitor', async () => {
  const { line, ticket } = await begin();

  await app().write(() =>
    noteOnTicket(app(), house.owner, ticket, { clientId: randomId(), words: 'The secret margin' }),
  );
  await agentReplies(ticket, 'In public');
  await line.next('chat:changed', ({ sequence }) => sequence === 2);

  const answer = await line.ask('messages:after', { sequence: 0 });
  expect(wordsOf(answer)).toEqual(['Do you ship to Svalbard?', 'In public']);
  expect(JSON.stringify([answer, line.heard])).not.toContain('margin');
});

test('AC-46, AC-53: another visitor’s token opens the other’s chat only, a made-up one nothing, no one’s nothing', async () => {
  const carla = await begin();
  const per = await begin();
  await say(carla.line, 'Carla’s own words');

  expect(JSON.stringify(await per.line.ask('messages:after', { sequence: 0 }))).not.toContain('Carla’s own');
  await expect(visit(randomToken())).rejects.toThrow('not-allowed');
  await expect(visit('')).resolves.toBeDefined();
  await expect(openVisitor(house.url, { site: 'f'.repeat(32), token: carla.token })).rejects.toThrow(
    'not-found',
  );
  const nobody = await visit();
  for (const [event, data] of [
    ['message:send', { clientId: randomId(), words: 'As somebody' }],
    ['messages:after', { sequence: 0 }],
    ['messages:seen', { sequence: 1 }],
    ['typing:set', { on: true }],
    ['chat:end', {}],
  ] as const) {
    expect(await nobody.ask(event, data)).toEqual({ ok: false, error: 'not-found' });
  }
});

test('AC-53: a connection with a conversation cannot begin another under a new token', async () => {
  const { line } = await begin();

  expect(await line.ask('chat:start', question())).toEqual({ ok: false, error: 'not-allowed' });
});

const WRONG = [
  undefined,
  null,
  1,
  'x',
  [],
  ['x'],
  {},
  { sequence: '1' },
  { sequence: -1 },
  { sequence: 1.5 },
  { sequence: [1] },
];

test('AC-45: values of the wrong type are refused by every event, and nothing happens', async () => {
  const { line, ticket } = await begin();
  const before = app().db.sql.prepare('SELECT count(*) AS n FROM events').get();

  for (const wrong of WRONG) {
    expect(await line.ask('messages:after', wrong)).toEqual({ ok: false, error: 'invalid' });
  }
  for (const wrong of [
    { words: 'x' },
    { clientId: 'x', words: 'x' },
    { clientId: randomId(), words: ['x'] },
    { clientId: randomId(), words: ' ' },
    { clientId: randomId(), words: 'x', ticket_id: 1 },
  ]) {
    expect(await line.ask('message:send', wrong)).toEqual({ ok: false, error: 'invalid' });
  }
  for (const wrong of [{}, { ...question(), token: 'short' }, { ...question(), token: [randomToken()] }]) {
    expect(await line.ask('chat:start', wrong)).toEqual({ ok: false, error: 'invalid' });
  }
  await expect(openVisitor(house.url, { site: [site.public_id] })).rejects.toThrow('not-found');
  await expect(openVisitor(house.url, { site: site.public_id, token: { $ne: null } })).rejects.toThrow(
    'not-found',
  );

  expect(app().db.sql.prepare('SELECT count(*) AS n FROM events').get()).toEqual(before);
  expect((findTicketByNumber(app().db, ticket.number) as Ticket).sequence).toBe(1);
});

test('AC-54: a message has at most 4,000 characters', async () => {
  const { line } = await begin();

  expect(await say(line, 'x'.repeat(4_001))).toEqual({ ok: false, error: 'invalid' });
  expect(await say(line, 'x'.repeat(4_000))).toMatchObject({ ok: true });
});

test('C9: a connection that writes too fast is told so, and agents are not flooded', async () => {
  const { line, ticket } = await begin();

  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => say(line, `Message ${i}`)));

  expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  expect(answers.filter(({ error }) => error === 'too-many')).toHaveLength(20);
  expect((findTicketByNumber(app().db, ticket.number) as Ticket).visitor_sequence).toBe(11);
});

test('AC-52: a client that names rooms hears nothing of them', async () => {
  const { ticket } = await begin();
  const mallory = await visit();

  for (const room of [
    'agents',
    'admins',
    'agent:1',
    `visitor-ticket:${ticket.id}`,
    'visitor-ticket:*',
    '%',
    `ticket:${ticket.id}`,
  ]) {
    for (const event of ['join', 'subscribe', 'room', 'chat:join']) {
      mallory.socket.emit(event, room);
      mallory.socket.emit(event, { room });
    }
  }
  await agentReplies(ticket, 'For Carla only');
  // Asked afterwards on the same line, so whatever was meant for it has come.
  await mallory.ask('messages:after', { sequence: 0 });

  expect(mallory.heard).toEqual([]);
});

test('AC-51: a visitor is nobody on the agents’ namespace, and an agent’s cookie opens no visitor’s chat', async () => {
  const { token } = await begin();
  await expect(openAgent(house.url, new Map([['hearthdesk', token]]))).rejects.toThrow('not-signed-in');
  await expect(openAgent(house.url, new Map())).rejects.toThrow('not-signed-in');

  const line = await visit(undefined, {
    headers: { cookie: `hearthdesk=${house.signIn(house.agent('Ana Cookie')).get('hearthdesk')}` },
  });
  expect(await line.ask('messages:after', { sequence: 0 })).toEqual({ ok: false, error: 'not-found' });
});

test.each(['websocket', 'polling'] as const)(
  'AC-51: over %s, foreign and missing origins are refused before anything is read',
  async (transport) => {
    const status = (headers: Record<string, string>) => knock(transport, headers);
    // Engine.IO has one word for every upgrade that it refuses.
    const refused = transport === 'polling' ? 403 : 400;

    expect(await status({ origin: 'https://evil.example' })).toBe(refused);
    expect(await status({ origin: `${house.url}.evil.example` })).toBe(refused);
    expect(await status({ origin: 'null' })).toBe(refused);
    expect(await status({})).toBe(refused);
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(refused);
    expect(await status({ origin: house.url })).toBe(transport === 'polling' ? 200 : 101);
    expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(transport === 'polling' ? 200 : 101);
  },
);

/** The bare request that opens a connection; its status. */
function knock(transport: 'websocket' | 'polling', headers: Record<string, string>): Promise<number> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${house.url}/socket.io/?EIO=4&transport=${transport}`, {
      headers: { ...(transport === 'websocket' ? upgrade : {}), ...headers },
    });
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('AC-46: agents’ signs about a chat need the role and a ticket that is theirs to see', async () => {
  const { line, ticket } = await begin();
  const vera = await openAgent(house.url, house.signIn(house.agent('Vera', 'viewer')));
  lines.push(vera);
  const ana = await asAgent('Ana Nosy');

  expect(await vera.ask('typing:set', { number: ticket.number, on: true })).toEqual({
    ok: false,
    error: 'not-allowed',
  });
  expect(await vera.ask('messages:seen', { number: ticket.number, sequence: 1 })).toEqual({
    ok: false,
    error: 'not-allowed',
  });
  app().db.tx(() => {
    app().db.sql.prepare("INSERT INTO teams (name, created_at) VALUES ('Others', 0)").run();
    app()
      .db.sql.prepare('UPDATE tickets SET team_id = (SELECT max(id) FROM teams) WHERE id = ?')
      .run(ticket.id);
  });
  expect(await ana.ask('typing:set', { number: ticket.number, on: true })).toEqual({
    ok: false,
    error: 'not-found',
  });
  expect(await ana.ask('messages:seen', { number: ticket.number, sequence: 1 })).toEqual({
    ok: false,
    error: 'not-found',
  });
  expect(line.heard.map(({ event }) => event)).not.toContain('typing:changed');
});

test('a conversation that was erased is gone for connections that are open, too', async () => {
  const { line, token, ticket } = await begin();

  app().db.tx(() => app().db.sql.prepare('DELETE FROM chats WHERE ticket_id = ?').run(ticket.id));

  expect(await line.ask('messages:after', { sequence: 0 })).toEqual({ ok: false, error: 'not-found' });
  await expect(visit(token)).rejects.toThrow('not-allowed');
});

test('a visitor with two windows is there until the last is gone', async () => {
  const { line, token, ticket } = await begin();
  const gone = () =>
    (
      app().db.sql.prepare('SELECT visitor_gone_at FROM chats WHERE ticket_id = ?').get(ticket.id) as {
        visitor_gone_at: number | null;
      }
    ).visitor_gone_at;
  expect(gone()).toBeNull();

  const second = await visit(token);
  line.close();
  await second.ask('messages:after', { sequence: 0 });
  expect(gone()).toBeNull();

  second.close();
  await until('the visitor has left', () => gone() !== null);
});
