// npm run kill-test -- [--kills 20] [--mails 300] [--seed 1]
// Kills the server (kill -9) at random moments while mails come in, replies go out by a real SMTP server and two chats run.
// Afterwards every acknowledged mail and chat message has to be there exactly once, and no reply may have gone out twice:
// what a crash left open has to stand as `uncertain`.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { SMTPServer } from 'smtp-server';
import { io } from 'socket.io-client';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '20' }, mails: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const KILLS = Number(values.kills);
const MAILS = Number(values.mails);
const PASSWORD = 'a password for killing';
const root = join(import.meta.dirname, '..');
const executable = process.env.KILL_TEST_EXECUTABLE ?? join(root, 'dist', 'hearthdesk');
const data = mkdtempSync(join(tmpdir(), 'kill-test-'));
const port = 20_000 + (process.pid % 20_000);
const origin = `http://127.0.0.1:${port}`;

let chance = Number(values.seed) >>> 0;
const random = () => {
  chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
  return chance / 4_294_967_296;
};
const hex = () => randomBytes(16).toString('hex');

const smtp = await startSmtp();
prepareFolder();
const facts = { kills: 0, uncertainSeen: [], acknowledgedMails: 0, acknowledgedReplies: 0, acknowledgedChats: 0 };
const words = { mails: [], replies: [], chats: [] };
let server;
process.on('exit', () => server?.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
server = await startServer();
let cookie = await signIn();
await openMailbox();
const site = await openSite();
let running = true;

const killer = kill();
await Promise.all([mailsComeIn(), ...[0, 1].map((who) => chatGoesOn(who)), repliesGoOut(), killer]);
await settle();
await stopServer();
report(judge());

// What happens at the same time ----------------------------------------------------------------------------------

async function kill() {
  while (facts.kills < KILLS) {
    await pause(400 + random() * 2_200);
    server.kill('SIGKILL');
    await new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.once('exit', resolve) : resolve()));
    facts.kills += 1;
    server = await startServer();
    facts.uncertainSeen.push(countUncertain());
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
      const body = new URLSearchParams({ clientId, seenSequence: '1000000', words: `Here it comes. ${word}`, thenStatus: 'pending' });
      const answer = await fetch(`${origin}/tickets/${number}/replies`, { method: 'POST', headers: { cookie, 'sec-fetch-site': 'same-origin' }, body, redirect: 'manual' });
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
  const socket = io(`${origin}/visitor`, { auth: { site }, extraHeaders: { origin }, transports: ['websocket'], reconnectionDelay: 100, reconnectionDelayMax: 400 });
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

// Judging --------------------------------------------------------------------------------------------------------

/** Waits until all is filed and everything that can leave has left. */
async function settle() {
  for (let tries = 0; tries < 600; tries++) {
    const open = ask((db) => ({
      stored: db.prepare("SELECT count(*) FROM inbound_mails WHERE state = 'stored'").pluck().get(),
      waiting: db.prepare("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'handing over')").pluck().get(),
    }));
    if (open.stored === 0 && open.waiting === 0) return;
    await pause(100);
  }
  throw new Error('after a minute something is still on its way');
}

function judge() {
  return ask((db) => {
    const all = db.prepare("SELECT words, ticket_id, sequence FROM messages WHERE kind = 'reply' ORDER BY ticket_id, sequence").all();
    const times = (word) => all.filter((message) => message.words.includes(word)).length;
    const wrong = [];
    for (const word of words.mails) if (times(word) !== 1) wrong.push(`a mail stands ${times(word)} times`);
    for (const word of words.replies) if (times(word) !== 1) wrong.push(`a reply stands ${times(word)} times`);
    for (const { word } of words.chats) if (times(word) !== 1) wrong.push(`a chat message stands ${times(word)} times`);
    for (const who of [0, 1]) {
      const said = words.chats.filter((chat) => chat.who === who).map((chat) => all.findIndex((message) => message.words.includes(chat.word)));
      if (said.some((place, i) => i > 0 && place < said[i - 1])) wrong.push(`chat ${who} is out of order`);
    }
    const states = db.prepare('SELECT outbox.state, messages.words FROM outbox JOIN messages ON messages.id = outbox.message_id').all();
    const outcome = { sent: 0, uncertain: 0, 'uncertain, had arrived': 0 };
    for (const { state, words: text } of states) {
      const arrived = smtp.received.filter((mail) => mail.includes(/reply[0-9a-f]{32}/.exec(text)?.[0] ?? 'none')).length;
      if (arrived > 1) wrong.push(`a reply went out ${arrived} times`);
      if (state === 'sent' && arrived !== 1) wrong.push(`a reply that is called sent arrived ${arrived} times`);
      if (state !== 'sent' && state !== 'uncertain') wrong.push(`a reply is left as ${state}`);
      if (state === 'sent') outcome.sent += 1;
      if (state === 'uncertain') outcome[arrived ? 'uncertain, had arrived' : 'uncertain'] += 1;
    }
    const loud = db.prepare('SELECT coalesce(sum(undelivered), 0) FROM tickets').pluck().get();
    if (loud !== outcome.uncertain + outcome['uncertain, had arrived']) wrong.push(`${loud} uncertain replies are shown on tickets`);
    const integrity = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') wrong.push(`the database says ${integrity}`);
    return { ...facts, outcome, wrong };
  });
}

function report(result) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(join(root, '.cache', 'kill-test.json'), JSON.stringify(result, null, 2));
  console.log(JSON.stringify(result, null, 2));
  console.log(result.wrong.length === 0 ? 'Nothing was lost, nothing came twice.' : `${result.wrong.length} things went wrong; the data folder is ${data}.`);
  smtp.close();
  if (result.wrong.length === 0) rmSync(data, { recursive: true, force: true });
  process.exit(result.wrong.length === 0 ? 0 : 1);
}

// The parts ------------------------------------------------------------------------------------------------------

function startSmtp() {
  const received = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'support' }),
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let mail = '';
      stream.on('data', (chunk) => {
        mail += chunk;
      });
      stream.on('end', () => {
        received.push(mail.replaceAll('=\r\n', ''));
        setTimeout(() => done(null, 'kept for testing'), random() * 60);
      });
    },
  });
  // A server that is killed breaks its connections off; that is what is tested here.
  server.on('error', (error) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
  });
  return new Promise((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve({ received, port: listening.address().port, close: () => server.close() }));
  });
}

function prepareFolder() {
  const secret = join(data, 'password.txt');
  writeFileSync(secret, PASSWORD);
  const options = ['--company', 'Teapot', '--owner-name', 'Olga Owner', '--owner-email', 'owner@teapot.example', '--owner-password-file', secret];
  const { status, stderr } = spawnSync(executable, ['setup', '--data', data, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** A mailbox that sends through our SMTP server, one second after a reply was written. */
async function openMailbox() {
  const server = (name, host, port) => ({
    [`${name}Host`]: host, [`${name}Port`]: String(port), [`${name}Security`]: 'none', [`${name}User`]: 'support', [`${name}Password`]: 'secret',
  });
  const form = {
    address: 'support@teapot.example', senderName: 'Teapot', ...server('imap', '', 143), imapFolder: '', usesSmtp: 'on', ...server('smtp', '127.0.0.1', smtp.port),
    firstFetch: 'now', reopenClosed: 'days', reopenDays: '30', undoSeconds: '1',
  };
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const answer = await fetch(`${origin}/settings/mailboxes`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`the mailbox could not be added: ${answer.status}`);
}

async function startServer() {
  const child = spawn(executable, ['serve', '--data', data, '--port', String(port), '--host', '127.0.0.1'], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error('the server did not start again');
    const answer = await fetch(`${origin}/health`).catch(() => undefined);
    if (answer?.ok) return child;
    await pause(30);
  }
  throw new Error('the server does not answer');
}

async function stopServer() {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
}

async function signIn() {
  const body = new URLSearchParams({ email: 'owner@teapot.example', password: PASSWORD });
  const answer = await fetch(`${origin}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  return answer.headers.get('set-cookie').split(';')[0];
}

async function openSite() {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const form = { name: 'Shop', origins: 'https://shop.example', colour: '#aa4400', language: 'en', greeting: '', privacyNotice: '', mailbox: '' };
  const answer = await fetch(`${origin}/settings/sites`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });
  const page = await (await fetch(new URL(answer.headers.get('location'), origin), { headers })).text();
  return /data-site=(?:"|&#34;|&quot;)([0-9a-f]+)/.exec(page)[1];
}

function deliver(mail) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(join(data, 'control.sock'));
    let said = '';
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.once('close', () => {
      if (said && JSON.parse(said).exit === 0) resolve(true);
      else reject(new Error('not kept'));
    });
    socket.write(`${JSON.stringify({ command: 'deliver', values: {}, bytes: mail.length })}\n${mail}`);
  });
}

function ask(question, options = { readonly: true }) {
  const db = new Sqlite(join(data, 'hearthdesk.db'), options);
  try {
    return question(db);
  } finally {
    db.close();
  }
}

function countUncertain() {
  return ask((db) => db.prepare("SELECT count(*) FROM outbox WHERE state = 'uncertain'").pluck().get());
}
