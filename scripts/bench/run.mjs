// npm run bench -- [--sizes 1000,20000,100000] [--seconds 5] [--rounds 3]
// Measures the built executable over HTTP, full answers without conditional headers, and prints a table and writes JSON.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chatRounds } from './chat.mjs';
import { imported } from './import.mjs';
import { figures, load } from './load.mjs';
import { deliver, fillFolder, openTickets, signIn, startServer, untilFound } from './server.mjs';
import { FINDABLE, reading, writing } from './works.mjs';
import { yardstick } from './yardstick.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,20000,100000' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const root = join(import.meta.dirname, '..', '..');
const executable = join(root, 'dist', 'hearthdesk');
const folderOf = (tickets) => join(root, '.cache', 'bench', String(tickets));

mkdirSync(join(root, '.cache', 'bench'), { recursive: true });
const results = {
  machine: `${cpus().length} x ${cpus()[0].model.trim()}`,
  node: process.version,
  executableMb: Math.round(statSync(executable).size / 1e6),
  yardstick: await yardstick(join(root, '.cache', 'bench'), seconds),
  sizes: {},
};
for (const tickets of values.sizes.split(',').map(Number)) results.sizes[tickets] = await measure(tickets);
const file = join(root, '.cache', 'bench', 'result.json');
writeFileSync(file, JSON.stringify(results, null, 2));
printTable(results);
console.log(`\nWritten to ${file}`);

async function measure(tickets) {
  const filled = folderOf(tickets);
  const fillSeconds = fillFolder(executable, filled, tickets);
  // What one run writes must not slow the next one down.
  const folder = folderOf('measured');
  rmSync(folder, { recursive: true, force: true });
  cpSync(filled, folder, { recursive: true });
  const starts = [];
  for (let i = 0; i < 5; i++) {
    const server = await startServer(executable, folder);
    starts.push(server.startMs);
    await server.stop();
  }
  const server = await startServer(executable, folder);
  try {
    const cookie = await signIn(server.origin);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const result = { fillSeconds, startMs: Math.round(median(starts)), idleMb: server.memoryMb() };
    for (let i = 0; i < FINDABLE.hits; i++) await deliver(server.folder, mail(i, FINDABLE.word));
    await untilFound(server.origin, cookie, FINDABLE.word);
    const open = await openTickets(server.origin, cookie);
    const works = { ...reading(tickets, cookie), ...writing(cookie, open) };
    for (const [name, work] of Object.entries(works)) result[name] = await both(server, tickets, name, work);
    result.mail = await mails(server, tickets, cookie);
    result.import = await imported({ executable, folder: server.folder }, tickets);
    result.chat = await chatRounds(server, cookie);
    result.loadedMb = server.memoryMb();
    return result;
  } finally {
    await server.stop();
  }
}

/** Several rounds at one and at eight connections; the median round is kept. */
async function both(server, tickets, name, work) {
  const result = {};
  for (const connections of [1, 8]) {
    const runs = [];
    for (let round = 0; round < rounds; round++)
      runs.push(await load(server.origin, { connections, seconds, ...work }));
    runs.sort((a, b) => a.perSecond - b.perSecond);
    result[connections] = runs[Math.floor(runs.length / 2)];
  }
  console.error(`${tickets} ${name}: ${result[1].perSecond} / ${result[8].perSecond} a second`);
  return result;
}

/** Mails handed over by eight at once: how many a second are stored, and how many are filed and found. */
async function mails(server, tickets, cookie) {
  const count = 500;
  const word = `zq${randomBytes(6).toString('hex')}`;
  const times = [];
  const begun = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) {
      const i = next++;
      const started = performance.now();
      await deliver(server.folder, mail(i, i === count - 1 ? word : ''));
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  const stored = figures(times, (performance.now() - begun) / 1000);
  await untilFound(server.origin, cookie, word);
  const filed = Math.round(count / ((performance.now() - begun) / 1000));
  console.error(`${tickets} mail: ${stored.perSecond} stored, ${filed} filed and found a second`);
  return { stored, filedPerSecond: filed };
}

function mail(i, word) {
  return Buffer.from(
    [
      `From: Mail Customer <mail.${i % 100}@mail.example>`,
      'To: support@teapot.example',
      `Subject: Question ${i}`,
      `Message-ID: <${randomBytes(12).toString('hex')}@mail.example>`,
      'Date: Fri, 20 Nov 2026 10:00:00 +0000',
      'Content-Type: text/plain; charset=utf-8',
      '',
      `Hello,\r\n\r\nwhere is my order ${i}? It should have been here on Monday. ${word}\r\n\r\nOn Thu, 19 Nov 2026 at 10:00, Teapot wrote:\r\n> Your order has left our house.`,
    ].join('\r\n'),
  );
}

function median(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
}

function printTable({ sizes, executableMb, machine, yardstick: { bareHttp, commits } }) {
  const columns = Object.keys(sizes);
  console.log(`${machine}; executable ${executableMb} MB; a second at 1 / 8 connections, (p50/p95 ms at 8)`);
  console.log(
    `This machine at this hour: bare node:http ${bareHttp[1]} / ${bareHttp[8]} pages, ${commits} commits of one row a second\n`,
  );
  console.log(['', ...columns].map((text) => text.padEnd(30)).join(''));
  for (const name of Object.keys({ ...reading(0, ''), ...writing('') })) {
    const cells = columns.map((size) => {
      const { 1: one, 8: eight } = sizes[size][name];
      return `${one.perSecond} / ${eight.perSecond} (${eight.p50}/${eight.p95})`;
    });
    console.log([name, ...cells].map((text) => text.padEnd(30)).join(''));
  }
  const line = (name, cell) =>
    console.log(
      [name, ...columns.map((size) => String(cell(sizes[size])))].map((text) => text.padEnd(30)).join(''),
    );
  line(
    'mails stored, filed',
    ({ mail: { stored, filedPerSecond } }) => `${stored.perSecond}, ${filedPerSecond}`,
  );
  line('import, mails', ({ import: { perSecond } }) => perSecond);
  line('chat, 100 visitors p50/p99', ({ chat }) => `${chat.p50}/${chat.p99} ms, ${chat.lost} lost`);
  line('start, ms', (size) => size.startMs);
  line('memory idle, loaded, MB', (size) => `${size.idleMb}, ${size.loadedMb}`);
  line('filling, s', (size) => (size.fillSeconds === undefined ? 'was filled' : size.fillSeconds.toFixed(1)));
}
