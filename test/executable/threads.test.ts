// What an executable's own threads do to the database, shown with a small one made by the same build.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../server/lib/assets';

const server = join(projectFolder(), 'server');
const parts = join(projectFolder(), 'scripts/build');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthdesk-threads-'));
  mkdirSync(join(folder, 'server'));
  symlinkSync(join(projectFolder(), 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'server/read-worker.ts'), reader);
  writeFileSync(join(folder, 'server/main.ts'), main);
  execFileSync(process.execPath, ['--input-type=module', '--eval', build], { cwd: folder, stdio: 'pipe' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a worker thread of an executable that closes its database leaves the locks of the main thread', () => {
  const said = execFileSync(join(folder, 'small'), { cwd: folder, env: {}, encoding: 'utf8' });

  expect(said.trim().split('\n')).toEqual(['worker read 1', 'another process: database is locked']);
});

const reader = `
  import { parentPort } from 'node:worker_threads';
  import { openDatabase } from '${server}/db/database';
  const db = openDatabase('desk.db', { readonly: true });
  const { count } = db.sql.prepare('SELECT count(*) AS count FROM tickets').get() as { count: number };
  db.close();
  parentPort?.postMessage(count);`;

const main = `
  import { execFileSync } from 'node:child_process';
  import { once } from 'node:events';
  import { Worker } from 'node:worker_threads';
  import Sqlite from 'better-sqlite3';
  import { openDatabase } from '${server}/db/database';
  import { readAsset } from '${server}/lib/assets';

  async function first() {
    const db = openDatabase('desk.db');
    db.sql.exec('CREATE TABLE tickets (id INTEGER); INSERT INTO tickets VALUES (1); BEGIN IMMEDIATE');
    const worker = new Worker(readAsset('workers/read.js').toString(), { eval: true });
    const [count] = await once(worker, 'message');
    await once(worker, 'exit');
    console.log('worker read', count);
    console.log(execFileSync(process.execPath, ['another'], { encoding: 'utf8' }));
  }

  function another() {
    try {
      new Sqlite('desk.db', { timeout: 0 }).exec('INSERT INTO tickets VALUES (2)');
      console.log('another process: wrote');
    } catch (error) {
      console.log('another process:', (error as Error).message);
    }
  }

  if (process.argv[2] === 'another') another(); else void first();`;

const build = `
  import { join } from 'node:path';
  import { buildAssets } from '${parts}/assets.mjs';
  import { makeExecutable } from '${parts}/executable.mjs';
  import { bundleForNode } from '${parts}/node-bundle.mjs';
  const root = process.cwd();
  const { folder, names } = await buildAssets({ root });
  const { code } = await bundleForNode({ root, entry: join(root, 'server/main.ts') });
  const assets = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
  await makeExecutable({ code, assets, target: join(root, 'small'), cache: join(root, '.cache'), say: console.log });`;
