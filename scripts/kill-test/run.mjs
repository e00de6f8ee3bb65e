// npm run kill-test -- [--kills 20] [--mails 300] [--seed 1]
// Kills the server (kill -9) at random moments while mails come in, replies go out by a real SMTP server and two chats run.
// Afterwards every acknowledged mail and chat message has to be there exactly once, and no reply may have gone out twice:
// what a crash left open has to stand as `uncertain`.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { io } from 'socket.io-client';
import { openSite } from '../open-site.mjs';
import { openDesk, startSmtp } from './desk.mjs';
import { judge } from './judge.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    mails: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
});
const KILLS = Number(values.kills);
const MAILS = Number(values.mails);
const root = join(import.meta.dirname, '..', '..');
const executable = process.env.KILL_TEST_EXECUTABLE ?? join(root, 'dist', 'hearthdesk');
const data = mkdtempSync(join(tmpdir(), 'kill-test-'));
const port = 20_000 + (process.pid % 20_000);
const desk = openDesk({ executable, data, port });
const { origin, ask, deliver } = desk;

let chance = Number(values.seed) >>> 0;
const random = () => {
  chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
  return chance / 4_294_967_296;
};
const hex = () => randomBytes(16).toString('hex');

const smtp = await startSmtp(random);
desk.prepareFolder();
const facts = {
  kills: 0,
  uncertainSeen: [],
  acknowledgedMails: 0,
  acknowledgedReplies: 0,
  acknowledgedChats: 0,
};
const words = { mails: [], replies: [], chats: [] };
let server;
process.on('exit', () => server?.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
server = await desk.startServer();
const cookie = await desk.signIn();
await desk.openMailbox(cookie, smtp.port);
const site = await openSite(origin, cookie);
let running = true;

const killer = kill();
await Promise.all([mailsComeIn(), ...[0, 1].map((who) => chatGoesOn(who)), repliesGoOut(), killer]);
await settle();
await stopServer();
report(judge({ ask, words, facts, received: smtp.received }));

// What happens at the same time ----------------------------------------------------------------------------------

async function kill() {
  while (facts.kills < KILLS) {
    await pause(400 + random() * 2_200);
    server.kill('SIGKILL');
    await new Promise((resolve) =>
      server.exitCode === null && server.signalCode === null ? server.once('exit', resolve) : resolve(),
    );
    facts.kills += 1;
    server = await desk.startServer();
    facts.uncertainSeen.push(desk.countUncertain());
  }
  running = false;
}

/** A mail server that tries again until it is told "kept". */
async function mailsComeIn() {
  const pace = (KILLS * 1_800) / MAILS;
  for (let i = 0; i < MAILS; i++) {
    const word = `mail${hex()}`;
    const mail = `From: Customer ${i} <customer.${i}@mail.example>\r\nTo: support@teapot.example\r\nSubject: Question ${i}\r\nMessage-ID: <${word}@mail.example>\r\n\r\nWhere is my order? ${word}\r\n`;
    await insist(() => deliver(mail));
    words.mails.push(word);
    facts.acknowledgedMails += 1;
    await pause(pace * random() * 2);
  }
}

async function repliesGoOut() {
  let number = 1001;
  while (running) {
    await pause(120 + random() * 200);
    if (facts.acknowledgedMails < number - 1000) continue;
    const word = `reply${hex()}`;
    const clientId = hex();
    const sent = await insist(async () => {
      const body = new URLSearchParams({
        clientId,
        seenSequence: '1000000',
        words: `Here it comes. ${word}`,
        thenStatus: 'pending',
      });
      const answer = await fetch(`${origin}/tickets/${number}/replies`, {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
        body,
        redirect: 'manual',
      });
      if (answer.status === 303) return true;
      if (answer.status === 404) return false;
      throw new Error(`a reply was answered with ${answer.status}`);
    });
    if (sent) {
      words.replies.push(word);
      facts.acknowledgedReplies += 1;
    }
    number += 1;
  }
}

/** A visitor whose browser asks again with the same client id until the server has said "stored". */
async function chatGoesOn(who) {
  const token = randomBytes(32).toString('base64url');
  const socket = io(`${origin}/visitor`, {
    auth: { site },
    extraHeaders: { origin },
    transports: ['websocket'],
    reconnectionDelay: 100,
    reconnectionDelayMax: 400,
  });
  const first = `chat${who}${hex()}`;
  const start = { token, clientId: hex(), name: `Visitor ${who}`, email: '', words: first, page: '' };
  await insist(() => acknowledged(socket, 'chat:start', start));
  socket.auth = { site, token };
  words.chats.push({ who, word: first });
  while (running) {
    const word = `chat${who}${hex()}`;
    const message = { clientId: hex(), words: word };
    await insist(() => acknowledged(socket, 'message:send', message));
    words.chats.push({ who, word });
    facts.acknowledgedChats += 1;
    await pause(150 + random() * 1_600);
  }
  socket.close();
}

async function acknowledged(socket, event, input) {
  const answer = await socket.timeout(1_500).emitWithAck(event, input);
  if (!answer.ok) throw new Error(`${event} was answered with ${answer.error}`);
  return true;
}

/** Tries until it works: whoever is not told that something is stored has to ask again. */
async function insist(work) {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 300) throw error;
      await pause(100);
    }
  }
}

/** Waits until all is filed and everything that can leave has left. */
async function settle() {
  for (let tries = 0; tries < 600; tries++) {
    const open = ask((db) => ({
      stored: db.prepare("SELECT count(*) FROM inbound_mails WHERE state = 'stored'").pluck().get(),
      waiting: db
        .prepare("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'handing over')")
        .pluck()
        .get(),
    }));
    if (open.stored === 0 && open.waiting === 0) return;
    await pause(100);
  }
  throw new Error('after a minute something is still on its way');
}

function report(result) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(join(root, '.cache', 'kill-test.json'), JSON.stringify(result, null, 2));
  console.log(JSON.stringify(result, null, 2));
  console.log(
    result.wrong.length === 0
      ? 'Nothing was lost, nothing came twice.'
      : `${result.wrong.length} things went wrong; the data folder is ${data}.`,
  );
  smtp.close();
  if (result.wrong.length === 0) rmSync(data, { recursive: true, force: true });
  process.exit(result.wrong.length === 0 ? 0 : 1);
}

async function stopServer() {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
}
