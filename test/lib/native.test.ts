// The compiled addons under tests and in development: both load, and every thread gets the same copy.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { projectFolder } from '../../server/lib/assets';
import { loadNative } from '../../server/lib/native';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthdesk-native-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('better-sqlite3 works on the loaded addon, and asking again gives the same one', () => {
  const native = loadNative('better_sqlite3');
  const db = new Sqlite(':memory:', { nativeBinding: native as never });

  expect(db.prepare('SELECT 40 + 2 AS answer').get()).toEqual({ answer: 42 });
  expect(loadNative('better_sqlite3')).toBe(native);
  db.close();
});

test('argon2 loads', () => {
  expect(loadNative('argon2')).toHaveProperty('hash', expect.any(Function));
});

test('a worker thread made from text reads the database with the same copy of SQLite', async () => {
  const file = join(folder, 'desk.db');
  const db = new Sqlite(file, { nativeBinding: loadNative('better_sqlite3') as never });
  db.exec(
    `PRAGMA journal_mode = WAL; CREATE TABLE tickets (subject TEXT); INSERT INTO tickets VALUES ('Rēķins')`,
  );

  const answer = await ask(workerCode(), file);

  expect(answer).toEqual([{ subject: 'Rēķins' }]);
  expect(copiesOfSqlite()).toBe(1);
  db.close();
});

/** Bundled by the same build as the real workers; the thread has no file and no folder of its own. */
function workerCode(): string {
  mkdirSync(join(folder, 'server'));
  writeFileSync(
    join(folder, 'server/read-worker.ts'),
    `import { parentPort, workerData } from 'node:worker_threads';
     import Sqlite from 'better-sqlite3';
     import { loadNative } from '${projectFolder()}/server/lib/native';
     const db = new Sqlite(workerData, { readonly: true, nativeBinding: loadNative('better_sqlite3') as never });
     parentPort?.postMessage(db.prepare('SELECT subject FROM tickets').all());
     db.close();`,
  );
  symlinkSync(join(projectFolder(), 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, [join(projectFolder(), 'scripts/build/assets.mjs'), '--root', folder], {
    stdio: 'pipe',
  });
  return readFileSync(join(folder, '.cache/assets/workers/read.js'), 'utf8');
}

function ask(code: string, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: file });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Two copies in one process would drop each other's locks on the database. */
function copiesOfSqlite(): number {
  const mapped = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes('better-sqlite3'));
  return new Set(mapped.map((line) => line.trim().split(/\s+/)[4])).size;
}
