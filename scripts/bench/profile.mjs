// npm run profile -- [--work ticket] [--size 20000] [--connections 8] [--seconds 8] [--most 30]
// Where the server's time goes: serves the sources under V8's profiler, has one kind of work done as the benchmark does, and
// prints the functions that took most of the time by themselves.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildAssets } from '../build/assets.mjs';
import { nodeBundle } from '../build/node-bundle.mjs';
import { load } from './load.mjs';
import { fillFolder, openTickets, signIn, startServer } from './server.mjs';
import { reading, writing } from './works.mjs';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: 'ticket' },
    size: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '8' },
    most: { type: 'string', default: '30' },
  },
});
const root = join(import.meta.dirname, '..', '..');
const size = Number(values.size);
const filled = join(root, '.cache', 'bench', values.size);
const place = mkdtempSync(join(tmpdir(), 'profile-'));
const folder = join(place, 'data');
const bundle = join(root, '.cache', 'dev', 'profiled.cjs');

try {
  fillFolder(join(root, 'dist', 'hearthdesk'), filled, size);
  cpSync(filled, folder, { recursive: true });
  const entry = join(root, 'server', 'main.ts');
  const readable = { minifyWhitespace: false, minifySyntax: false };
  await Promise.all([buildAssets(), build({ ...nodeBundle({ root, entry, outfile: bundle }), ...readable })]);
  const started = join(place, 'serve');
  const profiled = `exec "${process.execPath}" --cpu-prof --cpu-prof-dir "${place}" "${bundle}" "$@"`;
  writeFileSync(started, `#!/bin/sh\ncd "${root}" && ${profiled}\n`, { mode: 0o755 });
  const server = await startServer(started, folder);
  const cookie = await signIn(server.origin);
  const open = await openTickets(server.origin, cookie);
  const work = { ...reading(size, cookie), ...writing(cookie, open) }[values.work];
  if (!work) throw new Error(`there is no work called ${values.work}`);
  const { connections, seconds } = values;
  const asked = await load(server.origin, {
    connections: Number(connections),
    seconds: Number(seconds),
    ...work,
  });
  await server.stop();
  console.log(`${values.work}, ${size} tickets, ${connections} connections: ${asked.perSecond} a second\n`);
  const file = readdirSync(place).find((name) => name.endsWith('.cpuprofile'));
  printTop(JSON.parse(readFileSync(join(place, file), 'utf8')), Number(values.most), asked.n);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** The share of the time that was spent in each function itself, and how much that is for each request. */
function printTop({ nodes, samples, timeDeltas }, most, requests) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const spent = new Map();
  let all = 0;
  for (const [at, id] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === '(idle)') continue;
    const name = `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`;
    spent.set(name, (spent.get(name) ?? 0) + timeDeltas[at]);
    all += timeDeltas[at];
  }
  const top = [...spent].toSorted((a, b) => b[1] - a[1]).slice(0, most);
  for (const [name, time] of top) {
    const share = ((100 * time) / all).toFixed(1).padStart(5);
    console.log(`${share} %  ${(time / requests).toFixed(1).padStart(7)} µs  ${name}`);
  }
}
