// Chat under load: visitors on sockets of their own, and how long until an agent's page hears of what they wrote.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { openSite } from '../open-site.mjs';
import { figures } from './load.mjs';

const VISITORS = 100;
const MESSAGES_EACH = 10;
/** Between two messages of one visitor: a hundred visitors write fifty messages a second. */
const EVERY_MS = 2_000;

/** The server has to believe X-Forwarded-For from 127.0.0.1, so that every visitor has a network of their own. */
export async function chatRounds(server, cookie) {
  const site = await openSite(server.origin, cookie);
  const agent = await connected(io(`${server.origin}/agent`, options({ origin: server.origin, cookie })));
  const heard = new Map();
  agent.on('ticket:changed', ({ number, sequence }) => {
    heard.get(number)?.(sequence);
    newest = Math.max(newest, number);
  });
  let newest = 0;

  const visitors = [];
  for (let i = 0; i < VISITORS; i++) {
    const before = newest;
    const socket = await connected(
      io(`${server.origin}/visitor`, {
        ...options({ origin: server.origin, 'x-forwarded-for': `10.${i}.1.1` }),
        auth: { site },
      }),
    );
    const answer = await ask(socket, 'chat:start', {
      token: randomBytes(32).toString('base64url'),
      clientId: hex(),
      name: `Visitor ${i}`,
      email: '',
      words: 'Hello, is anybody there?',
      page: '',
    });
    if (!answer.ok) throw new Error(`a chat could not begin: ${answer.error}`);
    while (newest === before) await pause(2);
    visitors.push({ socket, number: newest });
  }

  const acknowledged = [];
  const seen = [];
  let lost = 0;
  const begun = performance.now();
  await Promise.all(
    visitors.map(async ({ socket, number }, place) => {
      await pause((place * EVERY_MS) / VISITORS);
      for (let i = 0; i < MESSAGES_EACH; i++) {
        const started = performance.now();
        const arrives = new Promise((resolve) =>
          heard.set(number, () => resolve(performance.now() - started)),
        );
        const answer = await ask(socket, 'message:send', {
          clientId: hex(),
          words: `Message ${i} of visitor ${place}`,
        });
        acknowledged.push(performance.now() - started);
        const time = answer.ok ? await Promise.race([arrives, pause(5_000)]) : undefined;
        if (time === undefined) lost += 1;
        else seen.push(time);
        await pause(Math.max(0, EVERY_MS - (performance.now() - started)));
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  for (const { socket } of visitors) socket.close();
  agent.close();
  const result = { ...figures(seen, seconds), acknowledged: figures(acknowledged, seconds), lost };
  console.error(`chat: p50 ${result.p50} ms, p99 ${result.p99} ms, ${lost} lost`);
  return result;
}

const hex = () => randomBytes(16).toString('hex');

const options = (headers) => ({
  transports: ['websocket'],
  extraHeaders: headers,
  reconnection: false,
  forceNew: true,
});

const ask = (socket, event, data) => socket.timeout(10_000).emitWithAck(event, data);

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}
