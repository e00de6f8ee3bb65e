// Entries of the ledger go with the last copy and the last mail on a server that are older; whatever is not known keeps them (P4).
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../server/events';
import { DAY, MINUTE } from '../../server/lib/clock';
import { makeBackup, makeNightlyBackup } from '../../server/privacy/backups';
import { checkCertificate } from '../../server/privacy/certificate';
import { backupFolder, copyPlaces, forgetCopies } from '../../server/privacy/copies';
import { beginErasure, tryErasuresAgain } from '../../server/privacy/erase';
import { expireLedger } from '../../server/privacy/expire-ledger';
import { readLedger } from '../../server/privacy/ledger-file';
import { findErasure } from '../../server/privacy/queries';
import { writeSetting } from '../../server/settings';
import { openDoors } from '../support/doors';
import { hitsIn, letter, openPlace, type Place } from './place';
import { restore } from './restoring';
import { certificateOf, erase, knownBy, wishOf } from './wishes';

const CARLA = 'carla@mail.example';

let place: Place;
let outside: string;

beforeEach(async () => {
  place = await openPlace();
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  await place.arrives(letter({ from: `Carla Jansone <${CARLA}>`, body: 'The kettle whistles.' }));
});
afterEach(async () => {
  await place.close();
  rmSync(outside, { recursive: true, force: true });
});

const kinds = (folder = place.data) => readLedger(join(folder, 'erasures.log')).map(({ kind }) => kind);
const known = () =>
  place
    .rows<{ kind: string }>('SELECT kind FROM erased_keys')
    .map(({ kind }) => kind)
    .sort();

async function nights(n: number): Promise<void> {
  for (let night = 0; night < n; night++) {
    place.clock.pass(DAY);
    await expireLedger(place.app);
    await makeNightlyBackup(place.app);
  }
}

test('P4: an entry goes with the last nightly copy that is older than it, from the ledger, its copies and the database', async () => {
  await makeNightlyBackup(place.app);
  place.clock.pass(MINUTE);
  await erase(place, CARLA);

  await nights(7);
  expect(kinds()).toEqual(['customer', 'address', 'mail']);

  await nights(2);
  expect(kinds()).toEqual([]);
  expect(kinds(backupFolder(place.data))).toEqual([]);
  expect(known()).toEqual([]);
});

test('P4: while a mailbox is read, a mail’s entry stays until the mail was seen to go from its server', async () => {
  place.mailbox('desk@teapot.example', { imap: { port: 1 } });
  await erase(place, CARLA);
  place.clock.pass(MINUTE);
  await expireLedger(place.app);
  expect([kinds(), known()]).toEqual([['mail'], ['mail']]);

  place.app.db.sql.prepare('UPDATE erased_keys SET off_server = 1').run();
  await expireLedger(place.app);
  expect([kinds(), known()]).toEqual([[], []]);
});

test('P4: a copy outside keeps the entries, also when it is not where it was put, until somebody says that it is gone', async () => {
  const copy = join(outside, 'copy.tar.gz');
  await makeBackup(place.app, copy);
  place.clock.pass(MINUTE);
  await erase(place, CARLA);
  unlinkSync(copy);
  place.clock.pass(400 * DAY);
  await expireLedger(place.app);
  expect(kinds()).toHaveLength(3);
  expect(copyPlaces(place.app)).toEqual([{ place: outside, reachable: true, copies: 1, missing: 1 }]);

  const doors = await openDoors(place);
  const olga = doors.as(place.owner);
  expect((await olga.get('/settings/backups')).html).toContain(
    'it counts as existing until you say otherwise',
  );
  await olga.post('/settings/backups/gone', { place: outside, which: 'missing' });
  expect((await olga.get('/settings/backups')).html).not.toContain(outside);
  await doors.close();

  await expireLedger(place.app);
  expect(kinds()).toEqual([]);
});

test('P4: a place of which nobody knows what is in it, and a strange archive among the copies, keep every entry', async () => {
  await erase(place, CARLA);
  place.clock.pass(400 * DAY);
  const write = (places: string[]) => place.app.write(() => writeSetting(place.app, 'backups', { places }));
  await write(['/mnt/old']);
  await expireLedger(place.app);
  expect(kinds()).toHaveLength(3);

  await write([]);
  writeFileSync(join(backupFolder(place.data), 'moved-here.tar.gz'), '');
  await expireLedger(place.app);
  expect(kinds()).toHaveLength(3);

  unlinkSync(join(backupFolder(place.data), 'moved-here.tar.gz'));
  await expireLedger(place.app);
  expect(kinds()).toEqual([]);
});

test('P4: an erasure that is not done keeps its entries, and a copy made meanwhile counts from when it was begun', async () => {
  place.app.db.sql
    .prepare("INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)")
    .run(`"${CARLA}"`);
  await expect(erase(place, CARLA)).rejects.toThrow();
  place.clock.pass(DAY);
  await makeNightlyBackup(place.app);
  await expireLedger(place.app);
  expect(kinds()).toHaveLength(3);

  place.app.db.sql.prepare("DELETE FROM jobs WHERE kind = 'odd'").run();
  place.clock.pass(MINUTE);
  await tryErasuresAgain(place.app);
  await place.app.jobs.runDue();
  expect(findErasure(place.app.db, 1)?.state).toBe('done');
  await expireLedger(place.app);
  expect(kinds()).toHaveLength(3);

  await nights(9);
  expect(kinds()).toEqual([]);
});

test('P4: it is not done before its entries reached every place; the page says so, and a place may be said to be gone', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  const away = `${outside}-away`;
  renameSync(outside, away);
  const waiting = await erase(place, CARLA);
  const address = `/privacy/erasures/${waiting?.public_id}`;
  const doors = await openDoors(place);
  const olga = doors.as(place.owner);

  expect(waiting).toMatchObject({ state: 'waiting', plan: null });
  expect((await olga.get(address)).html).toContain(`>${outside}</code>`);
  expect((await olga.get('/privacy')).html).toContain('An erasure is not done yet');

  await olga.post(`${address}/place-gone`, { place: outside });
  await place.app.jobs.runDue();
  const done = findErasure(place.app.db, waiting?.id ?? 0);
  expect(done?.state).toBe('done');
  expect(certificateOf(done).ledger).toEqual({ entries: 3, placesNotReached: 0, placesGone: 1 });
  expect(checkCertificate(place.app.key, done?.certificate ?? '')).toMatchObject({ good: true });
  expect((await olga.get(address)).html).toContain('said to be gone for good');
  await doors.close();
  rmSync(away, { recursive: true });
});

test('P4: the empty folder of a disk that was taken out is no place that was reached', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  const away = `${outside}-away`;
  renameSync(outside, away);
  mkdirSync(outside);

  expect(await erase(place, CARLA)).toMatchObject({ state: 'waiting', waits_for: JSON.stringify([outside]) });

  expect(readdirSync(outside)).toEqual([]);
  rmSync(away, { recursive: true });
});

test('P4: a place that comes back is reached by itself, and then the erasure is done', async () => {
  await makeBackup(place.app, join(outside, 'copy.tar.gz'));
  const away = `${outside}-away`;
  renameSync(outside, away);
  const waiting = await erase(place, CARLA);
  renameSync(away, outside);

  await tryErasuresAgain(place.app);
  await place.app.jobs.runDue();

  expect(findErasure(place.app.db, waiting?.id ?? 0)).toMatchObject({ state: 'done', waits_for: null });
  expect(kinds(outside)).toHaveLength(3);
});

test('P4: a ledger that is older than the backup is recognised by it; one whose entries expired rightly is not', async () => {
  const before = join(outside, 'before.log');
  await makeBackup(place.app, join(outside, 'first.tar.gz'));
  renameSync(join(outside, 'erasures.log'), before);
  await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', body: 'Mine drips.' }));
  place.clock.pass(MINUTE);
  await erase(place, CARLA);
  rmSync(join(outside, 'erasures.log'));
  const alone = mkdtempSync(join(tmpdir(), 'alone-'));
  const copy = join(alone, 'second.tar.gz');
  place.clock.pass(MINUTE);
  await makeBackup(place.app, copy);
  rmSync(join(alone, 'erasures.log'));
  const data = mkdtempSync(join(tmpdir(), 'restored-'));

  await expect(restore(data, copy, before)).rejects.toThrow(/older than the backup: it lacks 3 entries/);
  expect(await restore(data, copy, 'none: the disk with it broke')).toMatchObject({ tickets: 1 });

  await place.app.write(() => forgetCopies(place.app, SYSTEM, outside, 'all'));
  await expireLedger(place.app);
  expect(kinds()).toEqual([]);
  const again = mkdtempSync(join(tmpdir(), 'restored-'));
  expect(await restore(again, copy, join(place.data, 'erasures.log'))).toMatchObject({ tickets: 1 });
  expect(hitsIn(again, 'jansone')).toEqual([]);
  for (const folder of [alone, data, again]) rmSync(folder, { recursive: true });
});

test('P4: the copy that a folder was restored from is known there to exist', async () => {
  const copy = join(outside, 'copy.tar.gz');
  await makeBackup(place.app, copy);
  place.clock.pass(MINUTE);
  const begun = await beginErasure(place.app, place.owner, [knownBy(place, CARLA)], wishOf({}));
  expect(begun.id).toBe(1);
  const data = mkdtempSync(join(tmpdir(), 'restored-'));
  await restore(data, copy);
  const restored = await openPlace(data);

  expect(copyPlaces(restored.app).map(({ place: folder }) => folder)).toEqual([outside]);
  await restored.close();
});
