// Moving in with the executable itself: alone, beside a running server, killed in the middle, and with a file larger than memory.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { gmailTakeout, type OldMail } from '../support/archives';
import { until } from '../support/until';
import { makePlace, type Place, run, serve } from './place';

let place: Place;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const NOW = Date.now();
const DAY = 86_400_000;
const many = (n: number): OldMail[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `e${i}@x.example`,
    at: NOW - 300 * DAY + i * 60_000,
    from: `e${i % 40}@mail.example`,
    words: `Mail ${i}`,
  }));
const archive = (name: string, mails: OldMail[]) => {
  const path = join(place.folder, name);
  writeFileSync(path, gmailTakeout(mails), { mode: 0o644 });
  return path;
};

/** What the database says, opened anew each time, as another process would. */
function ask<Value>(sql: string): Value | undefined {
  const db = new Sqlite(join(place.folder, 'data/hearthdesk.db'), { readonly: true, fileMustExist: true });
  try {
    return db.prepare(sql).pluck().get() as Value | undefined;
  } finally {
    db.close();
  }
}

test('moving in: the command brings a folder in where nothing serves, and beside a server; nothing comes twice', async () => {
  const server = await serve(place);
  await server.stop();
  archive('old.mbox', many(12));
  const alone = await run(place, ['import', '--from', 'old.mbox', '--json']);
  expect(alone).toMatchObject({ exit: 0, errors: '' });
  expect(JSON.parse(alone.output)).toMatchObject({ ok: true, state: 'done', found: 12, filed: 12 });

  const again = await serve(place);
  archive('more.mbox', [...many(12), { id: 'more@x.example', at: NOW - DAY }]);
  const served = await run(place, ['import', '--from', 'more.mbox']);
  expect(served).toMatchObject({ exit: 0, errors: '' });
  expect(served.output).toContain('Mails found: 13; imported: 1, on 1 new tickets; here already: 12;');
  const refused = await run(place, ['import', '--from', 'nothing.mbox']);
  expect(refused).toMatchObject({ exit: 1, output: '' });
  expect(refused.errors).toMatch(/^--from names .*nothing\.mbox, which cannot be read \(ENOENT\)\.\n$/);
  expect((await run(place, ['import'])).errors).toBe(
    'hearthdesk import needs --from with the name of an mbox file or a folder.\n',
  );
  expect(await again.stop()).toMatchObject({ exit: 0 });
}, 60_000);

test('moving in: killed in the middle, it goes on by itself at the next start, and nothing is lost or twice', async () => {
  const first = await serve(place);
  await first.stop();
  archive('old.mbox', many(400));
  const broken = run(place, ['import', '--from', 'old.mbox']);
  const filed = () => ask<number>("SELECT count(*) FROM import_mails WHERE outcome = 'filed'") ?? 0;
  await until('some mails to be filed', () => filed() > 20, 30_000);
  place.started.at(-1)?.kill('SIGKILL');
  await broken;
  expect(filed()).toBeLessThan(400);

  // And once more, this time the server.
  await serve(place);
  const before = filed();
  await until('more mails to be filed', () => filed() > before + 20, 30_000);
  place.started.at(-1)?.kill('SIGKILL');
  const last = await serve(place);
  await until('the import to be done', () => ask('SELECT state FROM import_runs') === 'done', 60_000);
  expect(ask("SELECT count(*) FROM import_mails WHERE outcome <> 'filed'")).toBe(0);
  expect(ask('SELECT count(*) FROM messages')).toBe(400);
  expect(ask('SELECT count(DISTINCT words) FROM messages')).toBe(400);
  expect(ask("SELECT count(*) FROM inbound_mails WHERE state <> 'done'")).toBe(0);
  expect(await last.stop()).toMatchObject({ exit: 0 });
}, 120_000);

test('moving in: an archive of half a gigabyte needs no more memory than a small one', async () => {
  const server = await serve(place);
  const path = join(place.folder, 'large.mbox');
  const file = openSync(path, 'w', 0o644);
  const words = `${'x'.repeat(76)}\r\n`.repeat(26_000);
  const large = many(250).map((mail) => ({ ...mail, words, headers: { 'X-Gmail-Labels': 'Spam' } }));
  for (const mail of large) writeSync(file, gmailTakeout([mail]));
  writeSync(file, gmailTakeout(many(3)));
  closeSync(file);

  const { pid } = place.started.at(-1)!;
  const said = await run(place, ['import', '--from', 'large.mbox', '--json']);
  expect(JSON.parse(said.output)).toMatchObject({ ok: true, found: 253, filed: 3, 'left.spam': 250 });
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  expect(Number(peak)).toBeLessThan(330_000);
  expect(await server.stop()).toMatchObject({ exit: 0 });
}, 120_000);
