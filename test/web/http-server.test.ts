// The server around the application, asked as no browser asks, and told to end while somebody holds on to it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Serving, serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { record, SYSTEM } from '../../server/events';
import { HOUR } from '../../server/lib/clock';
import { openLog } from '../../server/lib/log';
import { selfSigned } from '../support/certificates';

let data: string;
let serving: Serving | undefined;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'server-'));
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  rmSync(data, { recursive: true, force: true });
});

async function serve(values: Record<string, string> = {}): Promise<Serving> {
  const config = readConfig({ data, port: '0', host: '127.0.0.1', ...values });
  serving = await serveHouse(config, { log: openLog('silent') });
  return serving;
}

const connect = (where: number | string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = typeof where === 'number' ? createConnection(where, '127.0.0.1') : createConnection(where);
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });

/** Sends bytes as they are; everything that comes back until the server closes. */
async function raw(port: number, sent: string): Promise<string> {
  const socket = await connect(port);
  socket.end(sent);
  return Buffer.concat(await socket.toArray()).toString('latin1');
}

const lines = (...said: string[]) => {
  const wish = said.some((line) => line.startsWith('Upgrade')) ? 'close, Upgrade' : 'close';
  return `${[...said, `Connection: ${wish}`].join('\r\n')}\r\n\r\n`;
};

const ODD: [what: string, status: number, sent: string][] = [
  ['what is no HTTP', 400, 'HELO desk\r\n\r\n'],
  ['an unknown method', 400, lines('MAKE /sign-in HTTP/1.1', 'Host: desk')],
  ['two lengths', 400, lines('POST / HTTP/1.1', 'Host: desk', 'Content-Length: 1', 'Content-Length: 2')],
  ['no host', 422, lines('GET /sign-in HTTP/1.1')],
  ['an address of 20,000 letters', 431, lines(`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: desk')],
  [
    '20,000 letters of cookies',
    431,
    lines('GET / HTTP/1.1', 'Host: desk', `Cookie: ${'a=b;'.repeat(5_000)}`),
  ],
  ['an expectation nobody knows', 200, lines('GET /sign-in HTTP/1.1', 'Host: desk', 'Expect: a miracle')],
  [
    'a live connection from nowhere',
    403,
    lines('GET /socket.io/?EIO=4&transport=polling HTTP/1.1', 'Host: desk'),
  ],
  ['a live connection of an unknown kind', 400, lines('GET /socket.io/?EIO=4 HTTP/1.1', 'Host: desk')],
  [
    'a wish for HTTP/2',
    200,
    lines('GET /sign-in HTTP/1.1', 'Host: desk', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
  ],
  ['HTTP/1.0 without a host', 200, lines('GET /sign-in HTTP/1.0')],
];

test('every answer carries the security headers: to what is no request, and from beside the application, too', async () => {
  const { port } = await serve();
  const wrong: string[] = [];
  for (const [what, status, sent] of ODD) {
    const answer = await raw(port, sent);
    const [head = ''] = answer.split('\r\n\r\n');
    if (!head.startsWith(`HTTP/1.1 ${status} `)) wrong.push(`${what}: ${head.split('\r\n')[0]}`);
    for (const header of [
      "content-security-policy: default-src 'self'",
      'x-content-type-options: nosniff',
      'cross-origin-opener-policy: same-origin',
    ])
      if (!head.toLowerCase().includes(header)) wrong.push(`${what}: no ${header}`);
  }
  expect(wrong).toEqual([]);
});

test('whoever sends too much reads why', async () => {
  const { port } = await serve();
  const answer = await raw(port, lines(`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: desk'));
  expect(answer.split('\r\n\r\n')[1]).toBe(
    'That request is too long: its address, or the cookies that came with it.',
  );
});

const policyFor = async (port: number, host: string) =>
  /referrer-policy: (\S+)/i.exec(
    await raw(port, lines('GET /reset-password/x HTTP/1.1', `Host: ${host}`)),
  )?.[1];

test('AC-41: no address is told to another site; where browsers name the sender by Origin only, our own may read it', async () => {
  const { port } = await serve();
  for (const near of ['localhost', `localhost:${port}`, '127.0.0.1', '[::1]:3000'])
    expect([near, await policyFor(port, near)]).toEqual([near, 'no-referrer']);
  for (const far of ['office.test', '192.0.2.7:3000', 'localhost.evil.example', '127.0.0.1.evil.example'])
    expect([far, await policyFor(port, far)]).toEqual([far, 'same-origin']);
});

test('AC-34: a configured name is known with its usual port and in capitals, and no other is', async () => {
  const { port } = await serve({ 'public-url': 'https://desk.example.com' });
  const answerTo = async (host: string) =>
    (await raw(port, lines('GET /sign-in HTTP/1.1', `Host: ${host}`))).split(' ')[1];
  for (const ours of ['desk.example.com', 'desk.example.com:443', 'DESK.example.com'])
    expect([ours, await answerTo(ours)]).toEqual([ours, '200']);
  for (const other of [
    'desk.example.com:80',
    'desk.example.com.evil.example',
    'desk.example.com/x',
    'a@desk.example.com',
  ])
    expect([other, await answerTo(other)]).toEqual([other, '421']);
});

test('over HTTPS these answers say to stay with it', async () => {
  const { port } = await serve({ 'public-url': 'https://desk.example.com' });
  expect((await raw(port, 'HELO desk\r\n\r\n')).toLowerCase()).toContain('strict-transport-security');
});

const HELD: [what: string, values: () => Record<string, string>, sent: string][] = [
  ['says nothing', () => ({}), ''],
  [
    'stops in the middle of a form',
    () => ({}),
    'POST /sign-in HTTP/1.1\r\nHost: desk\r\nContent-Length: 9\r\n\r\nema',
  ],
  [
    'asks for another protocol',
    () => ({}),
    'GET /socket.iota HTTP/1.1\r\nHost: desk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
  ['stops in the middle of TLS', tlsFiles, '\x16\x03\x01'],
];

function tlsFiles(): Record<string, string> {
  const { certFile, keyFile } = selfSigned();
  return { 'tls-cert': certFile, 'tls-key': keyFile };
}

test.each(HELD)('the server ends although somebody %s', async (_what, values, sent) => {
  const { port, stop } = await serve(values());
  const socket = await connect(port);
  socket.on('error', () => undefined);
  const cut = new Promise((resolve) => socket.once('close', resolve));
  socket.write(sent);
  socket.resume();

  await Promise.all([stop(), cut]);
});

test('the server ends although somebody holds on to the socket of commands', async () => {
  const { stop } = await serve();
  const [silent, half] = [
    await connect(join(data, 'control.sock')),
    await connect(join(data, 'control.sock')),
  ];
  const cut = [silent, half].map(
    (socket) => new Promise((resolve) => socket.resume().once('close', resolve)),
  );
  half.write('{"command":"ret');

  await Promise.all([stop(), ...cut]);
});

test('R2: a start that fails leaves nothing open behind it: the next one finds folder and lock free', async () => {
  const { port } = await serve();
  const other = mkdtempSync(join(tmpdir(), 'server-'));
  const config = (at: number) => readConfig({ data: other, port: String(at), host: '127.0.0.1' });

  await expect(serveHouse(config(port), { log: openLog('silent') })).rejects.toThrow(
    `Port ${port} is in use by another program; choose one with --port.`,
  );

  const second = await serveHouse(config(0), { log: openLog('silent') });
  await second.stop();
  rmSync(other, { recursive: true, force: true });
});

test('R2: a clock that cannot be right stops the start with one sentence, before anything is written', async () => {
  const config = readConfig({ data: join(data, 'new'), port: '0', host: '127.0.0.1' });

  await expect(serveHouse(config, { log: openLog('silent'), clock: { now: () => 0 } })).rejects.toThrow(
    /^The clock of this machine says 1970-01-01T00:00:00\.000Z, which cannot be: set it and start again\.$/,
  );
  expect(existsSync(config.data)).toBe(false);
});

test('R2: a clock that went back is said at the start', async () => {
  const said: unknown[] = [];
  const log = Object.assign(openLog('silent'), {
    warn: (_facts: unknown, words: string) => said.push(words),
  });
  const config = readConfig({ data, port: '0', host: '127.0.0.1' });
  const start = (now: number) => serveHouse(config, { log, clock: { now: () => now } });
  const first = await start(Date.now());
  await first.app.write(() => record(first.app, 'ticket.opened', SYSTEM, { id: 1 }));
  await first.stop();
  expect(said).toEqual([]);

  serving = await start(Date.now() - 2 * HOUR);

  expect(said).toEqual(['things were noted in the future: the clock was wrong, or is']);
});
