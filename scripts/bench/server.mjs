// A desk to measure: filled once per size, served by the built executable, asked over HTTP and its control socket.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PASSWORD = 'a password for measuring';

/** Fills `folder` with `tickets` tickets unless it is filled already, on this schema; returns how long that took, in seconds. */
export function fillFolder(executable, folder, tickets) {
  const mark = join(folder, 'filled');
  const filledAs = `${tickets} tickets, schema ${schema()}`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === filledAs) return undefined;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const secret = join(folder, 'password');
  writeFileSync(secret, PASSWORD);
  const owner = [
    '--owner-name',
    'Olga Owner',
    '--owner-email',
    'owner@teapot.example',
    '--owner-password-file',
    secret,
  ];
  run(executable, ['setup', '--data', folder, '--company', 'Teapot', ...owner]);
  const begun = performance.now();
  run(executable, ['demo', '--data', folder, '--tickets', String(tickets)]);
  const seconds = (performance.now() - begun) / 1000;
  writeFileSync(mark, filledAs);
  return seconds;
}

/** Until a release the schema is changed in place, so its version does not tell. */
function schema() {
  const folder = join(import.meta.dirname, '..', '..', 'migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

function run(executable, args) {
  const { status, stderr } = spawnSync(executable, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`hearthdesk ${args[0]} failed: ${stderr}`);
}

/** Starts the server; `startMs` is the time from its start to its first answer. */
export async function startServer(executable, folder) {
  const begun = performance.now();
  const child = spawn(
    executable,
    ['serve', '--data', folder, '--port', '0', '--host', '127.0.0.1', '--trust-proxy', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const origin = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /Hearthdesk is at (\S+)/.exec(said);
      if (found) resolve(found[1].replace('localhost', '127.0.0.1'));
    });
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)));
  });
  const first = await fetch(`${origin}/sign-in`);
  if (first.status !== 200) throw new Error(`the first page answered ${first.status}`);
  await first.text();
  const startMs = performance.now() - begun;
  return {
    origin,
    startMs,
    pid: child.pid,
    folder,
    memoryMb: () => readMemory(child.pid),
    async stop() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

function readMemory(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
}

/** The session cookie of the owner. */
export async function signIn(origin) {
  const body = new URLSearchParams({ email: 'owner@teapot.example', password: PASSWORD });
  const answer = await fetch(`${origin}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`);
  return answer.headers.get('set-cookie').split(';')[0];
}

/** One mail over the control socket, as `hearthdesk deliver` hands it over. Resolves once it is stored. */
export function deliver(folder, mail) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(join(folder, 'control.sock'));
    let said = '';
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.once('end', () => (JSON.parse(said).exit === 0 ? resolve() : reject(new Error(said))));
    socket.write(`${JSON.stringify({ command: 'deliver', values: {}, bytes: mail.length })}\n`);
    socket.write(mail);
  });
}

/** Numbers of the newest tickets that wait for us, some hundred of them. */
export async function openTickets(origin, cookie) {
  const numbers = [];
  for (let page = '/tickets/list?view=all'; page && numbers.length < 300; ) {
    const html = await (await fetch(origin + page, { headers: { cookie } })).text();
    numbers.push(...[...html.matchAll(/href="\/tickets\/(\d+)/g)].map((found) => found[1]));
    page = /\/tickets\/list\?view=all&(?:amp;)?after=[\d-]+/.exec(html)?.[0].replace('&amp;', '&');
  }
  return [...new Set(numbers)];
}

/** Waits until a search finds a word; the time is the caller's to measure. */
export async function untilFound(origin, cookie, word) {
  for (let tries = 0; tries < 600; tries++) {
    const page = await (await fetch(`${origin}/search?q=${word}`, { headers: { cookie } })).text();
    if (/href="\/tickets\/\d+/.test(page)) return;
    await pause(50);
  }
  throw new Error(`"${word}" was not found within 30 s`);
}
