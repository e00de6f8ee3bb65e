// AC-51: what happens to open pages when their session ends, seen from outside with real sockets.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { Agent } from '../../server/agents';
import { closeAllSessions, hashPassword, openSession } from '../../server/agents';
import { closeSession, sessionOf } from '../../server/agents/sessions';
import { type Serving, serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { openLog } from '../../server/lib/log';
import { setUpFirm } from '../../server/setup';

let data: string;
let serving: Serving;
let olga: Agent;
const sockets: Socket[] = [];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'sessions-'));
  serving = await serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), { log: openLog('silent') });
  const passwordHash = await hashPassword('a kettle for two');
  const owner = { name: 'Olga', email: 'olga@teapot.example', passwordHash };
  olga = await serving.app.write(() =>
    setUpFirm(serving.app, { company: 'Teapot', language: 'en', timeZone: 'UTC', owner }),
  );
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await serving.stop();
  rmSync(data, { recursive: true, force: true });
});

const signedIn = () =>
  serving.app.write(() => openSession(serving.app, olga, { shortIp: '192.0.2.0', browser: '' }));

/** An open page of the desk; resolves once it is connected, or with the refusal. */
function openPage(token: string, transport: 'websocket' | 'polling' = 'websocket'): Promise<Socket | string> {
  const url = `http://127.0.0.1:${serving.port}`;
  const socket = io(`${url}/agent`, {
    transports: [transport],
    reconnection: false,
    extraHeaders: { cookie: `hearthdesk=${token}`, origin: url },
  });
  sockets.push(socket);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => resolve(error.message));
  });
}

const hungUp = (socket: Socket) =>
  new Promise<string>((resolve) => socket.once('disconnect', (reason) => resolve(reason)));

test.each(['websocket', 'polling'] as const)(
  'AC-51: ending a session hangs up its open page over %s, and only its own',
  async (transport) => {
    const [phone, laptop] = [await signedIn(), await signedIn()];
    const onPhone = (await openPage(phone, transport)) as Socket;
    const onLaptop = (await openPage(laptop, transport)) as Socket;
    const told = new Promise((resolve) => onPhone.once('session:ended', resolve));
    const gone = hungUp(onPhone);

    const session = sessionOf(serving.app, phone);
    await serving.app.write(() => closeSession(serving.app, olga, session?.sessionId ?? 0));

    await Promise.all([told, gone]);
    expect(onLaptop.connected).toBe(true);
    expect(await openPage(phone, transport)).toBe('not-signed-in');
  },
);

test('AC-51: signing out everywhere hangs up every page', async () => {
  const pages = [(await openPage(await signedIn())) as Socket, (await openPage(await signedIn())) as Socket];
  const gone = pages.map(hungUp);
  await serving.app.write(() => closeAllSessions(serving.app, olga, olga.id));
  await Promise.all(gone);
  expect(pages.map(({ connected }) => connected)).toEqual([false, false]);
});
