// The ledger reaches every place with copies, and is read for one installation only (P4).
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach, storeBytes } from '../../server/attachments';
import { DAY } from '../../server/lib/clock';
import { makeBackup, makeNightlyBackup } from '../../server/privacy/backups';
import { backupFolder, backupPlaces, listBackups } from '../../server/privacy/copies';
import { prepareLedger } from '../../server/privacy/ledger';
import { readLedger } from '../../server/privacy/ledger-file';
import type { Ticket } from '../../server/tickets';
import { MORNING } from '../support/desk';
import { hitsIn, letter, openPlace, type Place } from './place';
import { restore } from './restoring';
import { certificateOf, erase } from './wishes';

const CARLA = 'carla.jansone@mail.example';

let place: Place;
let outside: string;

beforeEach(async () => {
  place = await openPlace();
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  await place.arrives(letter({ from: `Carla Jansone <${CARLA}>`, body: 'Hello to all of you.' }));
});
afterEach(async () => {
  await place.close();
  rmSync(outside, { recursive: true, force: true });
});

test('P4: it holds keyed hashes of the customer, the addresses and the mails, and nothing that can be read', async () => {
  await erase(place, CARLA);

  const entries = readLedger(join(place.data, 'erasures.log'));
  expect(entries.map(({ kind, how }) => [kind, how])).toEqual([
    ['customer', 'erase'],
    ['address', undefined],
    ['mail', undefined],
  ]);
  expect(new Set(entries.map(({ hash }) => hash)).size).toBe(3);
  expect(place.rows('SELECT key_hash FROM erased_keys')).toHaveLength(3);
  expect(readFileSync(join(place.data, 'erasures.log'), 'utf8')).not.toContain('jansone');
});

test('P4: a line that is no entry is an error, never half understood', () => {
  const file = join(outside, 'erasures.log');
  writeFileSync(file, '{"at":1,"key":"0123456789abcdef","kind":"customer","hash":"abc"}\n');

  expect(() => readLedger(file)).toThrow('line 1');
});

test('P4: it reaches the nightly copies and every folder that a backup was put into', async () => {
  await makeNightlyBackup(place.app);
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));

  const facts = certificateOf(await erase(place, CARLA));

  const own = readFileSync(join(place.data, 'erasures.log'), 'utf8');
  expect(readFileSync(join(backupFolder(place.data), 'erasures.log'), 'utf8')).toBe(own);
  expect(readFileSync(join(outside, 'erasures.log'), 'utf8')).toBe(own);
  expect(facts).toMatchObject({
    lastCopyGone: '2026-11-28',
    ledger: { entries: 3, placesNotReached: 0 },
  });
});

test('P4: a place that was out of reach hears of it on the next night that it is there', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  const away = `${outside}-away`;
  renameSync(outside, away);
  await erase(place, CARLA);
  expect(await makeNightlyBackup(place.app)).toMatchObject({ unreached: 1 });
  place.clock.pass(DAY);
  renameSync(away, outside);

  expect(await makeNightlyBackup(place.app)).toMatchObject({ unreached: 0 });

  expect(readLedger(join(outside, 'erasures.log'))).toHaveLength(3);
});

test('P4: a ledger that was lost is made anew at the next start, of its copy and of what the database knows', async () => {
  await makeNightlyBackup(place.app);
  await erase(place, CARLA, { kind: 'de-identify' });
  const ledger = join(place.data, 'erasures.log');
  const before = readLedger(ledger);

  rmSync(ledger);
  await prepareLedger(place.app);
  expect(readLedger(ledger)).toEqual(before);

  rmSync(ledger);
  rmSync(join(backupFolder(place.data), 'erasures.log'));
  await prepareLedger(place.app);
  expect(new Set(readLedger(ledger).map(({ hash, at }) => `${hash} ${at}`))).toEqual(
    new Set(before.map(({ hash, at }) => `${hash} ${at}`)),
  );
});

test('P4: the empty ledger of a folder that was just begun is none for a backup from elsewhere', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  const data = mkdtempSync(join(tmpdir(), 'restored-'));
  const alone = join(data, 'copy.tar.gz');
  cpSync(join(outside, 'copy.tar.gz'), alone);
  const begun = await openPlace();
  begun.app.key.fill(9);
  await prepareLedger(begun.app);
  cpSync(join(begun.data, 'erasures.log'), join(data, 'erasures.log'));
  await begun.close();

  await expect(restore(data, alone)).rejects.toThrow(/no ledger of erasures of the installation that made/);
  expect(existsSync(join(data, 'hearthdesk.db'))).toBe(false);

  expect(await restore(data, alone, join(outside, 'erasures.log'))).toMatchObject({ tickets: 1 });
  rmSync(data, { recursive: true, force: true });
});

test('P3: files of others that were kept on a named ground are kept in a restore too', async () => {
  const per = (await place.arrives(
    letter({ from: 'Per Olsen <per@mail.example>', body: 'See the file.' }),
  )) as Ticket;
  const [message] = place.messagesOf(per);
  const file = await storeBytes(place.app, Buffer.from(`Received from ${CARLA}.`));
  place.app.db.tx(() =>
    attach(
      place.app,
      { kind: 'message', id: message?.id ?? 0 },
      { file, name: 'receipt.txt', declaredType: 'text/plain', type: 'text/plain' },
    ),
  );
  const copy = join(outside, 'copy.tar.gz');
  await makeBackup(place.app, copy);
  await erase(place, CARLA, { keepFiles: true });
  const data = mkdtempSync(join(tmpdir(), 'restored-'));

  expect(await restore(data, copy)).toMatchObject({ erasedAgain: 1 });

  expect(hitsIn(data, CARLA).map(({ file: name }) => name.split('/')[0])).toEqual(['files']);
  rmSync(data, { recursive: true, force: true });
});

test('P4: a place outside that is gone is told on the certificate and stops nothing', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  rmSync(outside, { recursive: true });

  const facts = certificateOf(await erase(place, CARLA));

  expect(facts.ledger).toMatchObject({ placesNotReached: 1 });
});

test('P4: two installations may keep their copies in one folder', async () => {
  const copy = join(outside, 'copy.tar.gz');
  await makeBackup(place.app, copy);
  await erase(place, CARLA);
  const beside = join(outside, 'erasures.log');
  const own = readFileSync(beside, 'utf8');
  const foreign = own.replace(/"key":"[0-9a-f]{16}"/g, '"key":"0123456789abcdef"');
  writeFileSync(beside, foreign + own);
  const data = mkdtempSync(join(tmpdir(), 'restored-'));

  expect(await restore(data, copy)).toMatchObject({ erasedAgain: 1 });

  expect(readFileSync(join(data, 'erasures.log'), 'utf8')).toBe(own);
  expect(hitsIn(data, 'jansone')).toEqual([]);
  rmSync(data, { recursive: true, force: true });
});

test('P4: a backup that fails is beside a ledger, and its place is not remembered', async () => {
  const { threads } = place.app;
  place.app.threads = { ...threads, run: () => Promise.reject(new Error('the power went')) };

  await expect(makeBackup(place.app, join(outside, 'copy.tar.gz'))).rejects.toThrow('the power went');

  expect(readdirSync(outside)).toEqual(['erasures.log']);
  expect(backupPlaces(place.app)).toEqual([]);
});

test('P4: while a backup is written its place is remembered already, so that a crash leaves no copy nobody knows of', async () => {
  const { threads } = place.app;
  let remembered: string[] = [];
  place.app.threads = {
    ...threads,
    run: (worker, payload, how) => {
      remembered = backupPlaces(place.app);
      return threads.run(worker, payload, how);
    },
  };

  await makeBackup(place.app, join(outside, 'copy.tar.gz'));

  expect(remembered).toEqual([outside]);
});

test('what a crash left where copies are put is cleared away: half a copy is a copy of everybody', async () => {
  const before = new Date(MORNING - 2 * DAY);
  const left = [
    join(backupFolder(place.data), '.restoring'),
    join(backupFolder(place.data), '.verifying-a1B2c3'),
    join(outside, '.backup-a1B2c3'),
  ];
  const others = join(outside, '.backup-of-my-own-holiday');
  for (const folder of [...left, others]) {
    mkdirSync(folder);
    utimesSync(folder, before, before);
  }

  await makeNightlyBackup(place.app);
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));

  expect(left.filter(existsSync)).toEqual([]);
  expect(existsSync(others)).toBe(true);
});

test('a copy from before an upgrade goes after a week, and the certificate counts with it', async () => {
  const copy = join(backupFolder(place.data), 'before-schema-2-from-1-20261119-090000.db');
  writeFileSync(copy, 'everybody');
  utimesSync(copy, new Date(MORNING - DAY), new Date(MORNING - DAY));

  expect(certificateOf(await erase(place, CARLA))).toMatchObject({ lastCopyGone: '2026-11-27' });
  await makeNightlyBackup(place.app);
  expect(existsSync(copy)).toBe(true);

  place.clock.pass(7 * DAY);
  await makeNightlyBackup(place.app);
  expect(existsSync(copy)).toBe(false);
});

test('copies that are too old go even when no new one can be made, all but the newest', async () => {
  for (const day of ['01', '02', '03'])
    writeFileSync(join(backupFolder(place.data), `hearthdesk-202611${day}-040000.tar.gz`), 'old');
  const { threads } = place.app;
  place.app.threads = { ...threads, run: () => Promise.reject(new Error('no space left')) };

  await expect(makeNightlyBackup(place.app)).rejects.toThrow('no space left');

  expect(listBackups(place.data).map(({ name }) => name)).toEqual(['hearthdesk-20261103-040000.tar.gz']);
});
