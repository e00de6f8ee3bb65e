// The live line on a real server: nobody where they do not belong.
import { request } from 'node:http';
import { randomId, randomToken } from '../../server/lib/ids';
import { noteOnTicket } from '../../server/tickets';
import { sends, useChatLines, wordsOf } from '../support/chat-lines';
import { openAgent, openVisitor, question } from '../support/chatting';

const desk = useChatLines();
const app = () => desk.house.serving.app;

test('AC-47: neither a note nor anything about it reaches the visitor', async () => {
  const { line, ticket } = await desk.begin();

  await app().write(() =>
    noteOnTicket(app(), desk.house.owner, ticket, { clientId: randomId(), words: 'The secret margin' }),
  );
  await desk.agentReplies(ticket, 'In public');
  await line.next('chat:changed', ({ sequence }) => sequence === 2);

  const answer = await line.ask('messages:after', { sequence: 0 });
  expect(wordsOf(answer)).toEqual(['Do you ship to Svalbard?', 'In public']);
  expect(JSON.stringify([answer, line.heard])).not.toContain('margin');
});

test('AC-46, AC-53: another visitor’s token opens the other’s chat only, a made-up one nothing, no one’s nothing', async () => {
  const carla = await desk.begin();
  const per = await desk.begin();
  await sends(carla.line, 'Carla’s own words');

  expect(JSON.stringify(await per.line.ask('messages:after', { sequence: 0 }))).not.toContain('Carla’s own');
  await expect(desk.visit(randomToken())).rejects.toThrow('not-allowed');
  await expect(desk.visit('')).resolves.toBeDefined();
  await expect(openVisitor(desk.house.url, { site: 'f'.repeat(32), token: carla.token })).rejects.toThrow(
    'not-found',
  );
  const nobody = await desk.visit();
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
  const { line } = await desk.begin();

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
  const { line, ticket } = await desk.begin();
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
  await expect(openVisitor(desk.house.url, { site: [desk.site.public_id] })).rejects.toThrow('not-found');
  await expect(
    openVisitor(desk.house.url, { site: desk.site.public_id, token: { $ne: null } }),
  ).rejects.toThrow('not-found');

  expect(app().db.sql.prepare('SELECT count(*) AS n FROM events').get()).toEqual(before);
  expect(desk.ticketNow(ticket).sequence).toBe(1);
});

test('AC-54: a message has at most 4,000 characters', async () => {
  const { line } = await desk.begin();

  expect(await sends(line, 'x'.repeat(4_001))).toEqual({ ok: false, error: 'invalid' });
  expect(await sends(line, 'x'.repeat(4_000))).toMatchObject({ ok: true });
});

test('C9: a connection that writes too fast is told so, and agents are not flooded', async () => {
  const { line, ticket } = await desk.begin();

  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => sends(line, `Message ${i}`)));

  expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
  expect(answers.filter(({ error }) => error === 'too-many')).toHaveLength(20);
  expect(desk.ticketNow(ticket).visitor_sequence).toBe(11);
});

test('C9: signs of writing over many connections of one visitor do not flood the agents', async () => {
  const { line, token } = await desk.begin();
  const lines = [line, await desk.visit(token), await desk.visit(token)];

  const answers = await Promise.all(
    lines.flatMap((one) => Array.from({ length: 20 }, () => one.ask('typing:set', { on: true }))),
  );

  expect(answers.filter(({ ok }) => ok)).toHaveLength(40);
});

test('a page whose address is endless is no reason not to ask', async () => {
  const line = await desk.visit();

  expect(
    await line.ask('chat:start', question({ page: `https://teapot.example/${'x'.repeat(3_000)}` })),
  ).toMatchObject({ ok: true });
});

test('AC-52: a client that names rooms hears nothing of them', async () => {
  const { ticket } = await desk.begin();
  const mallory = await desk.visit();

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
  await desk.agentReplies(ticket, 'For Carla only');
  // Asked afterwards on the same line, so whatever was meant for it has come.
  await mallory.ask('messages:after', { sequence: 0 });

  expect(mallory.heard).toEqual([]);
});

test('AC-51: a visitor is nobody on the agents’ namespace, and an agent’s cookie opens no visitor’s chat', async () => {
  const { token } = await desk.begin();
  await expect(openAgent(desk.house.url, new Map([['hearthdesk', token]]))).rejects.toThrow('not-signed-in');
  await expect(openAgent(desk.house.url, new Map())).rejects.toThrow('not-signed-in');

  const line = await desk.visit(undefined, {
    headers: { cookie: `hearthdesk=${desk.house.signIn(desk.house.agent('Ana Cookie')).get('hearthdesk')}` },
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
    expect(await status({ origin: `${desk.house.url}.evil.example` })).toBe(refused);
    expect(await status({ origin: 'null' })).toBe(refused);
    expect(await status({})).toBe(refused);
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(refused);
    expect(await status({ origin: desk.house.url })).toBe(transport === 'polling' ? 200 : 101);
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
    const asked = request(`${desk.house.url}/socket.io/?EIO=4&transport=${transport}`, {
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
  const { line, ticket } = await desk.begin();
  const vera = await desk.asAgent('Vera', 'viewer');
  const ana = await desk.asAgent('Ana Nosy');

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
