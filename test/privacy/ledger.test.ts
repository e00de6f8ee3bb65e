// The ledger reaches every place with copies, and is read for one installation only (P4).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY } from '../../server/lib/clock';
import { backupFolder, makeBackup, makeNightlyBackup } from '../../server/privacy/backups';
import { readLedger } from '../../server/privacy/ledger';
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

test('what a crash left in the folder of copies is cleared away', async () => {
  const left = join(backupFolder(place.data), '.restoring');
  mkdirSync(left);
  utimesSync(left, new Date(MORNING - 2 * DAY), new Date(MORNING - 2 * DAY));

  await makeNightlyBackup(place.app);

  expect(existsSync(left)).toBe(false);
});
