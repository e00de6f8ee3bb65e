// What this machine can do at all, so that figures of different machines, and of the same one on a busy day, can be compared:
// a page of the list's size from bare node:http, and commits of one short row to a database as durable as ours.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { load } from './load.mjs';

/** Of a list with fifty rows. */
const PAGE_BYTES = 23_000;
const SERVER = `
  const body = Buffer.alloc(${PAGE_BYTES}, 'a');
  require('node:http')
    .createServer((req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': body.length });
      res.end(body);
    })
    .listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/** Requests a second at 1 and 8 connections, and commits a second; `folder` lies on the disk that is measured. */
export async function yardstick(folder, seconds) {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise((resolve) => child.stdout.once('data', (line) => resolve(Number(line))));
    const origin = `http://127.0.0.1:${port}`;
    const ask = () => ({ path: '/', method: 'GET', headers: {} });
    const bare = {};
    for (const connections of [1, 8])
      bare[connections] = (await load(origin, { connections, seconds, ask, expect: 200 })).perSecond;
    return { bareHttp: bare, commits: commitsIn(folder, seconds) };
  } finally {
    child.kill();
  }
}

function commitsIn(parent, seconds) {
  const folder = mkdtempSync(join(parent, 'yardstick-'));
  const db = new Sqlite(join(folder, 'db'));
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, words TEXT)');
    const insert = db.prepare('INSERT INTO rows (words) VALUES (?)');
    const until = performance.now() + seconds * 1000;
    let n = 0;
    while (performance.now() < until) n += insert.run('a short row').changes;
    return Math.round(n / seconds);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
