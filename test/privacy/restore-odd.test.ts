// Restores under odd circumstances: copies on a disk of their own, an erasure under way in the copy, another key.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBackup } from '../../server/privacy/backups';
import { beginErasure } from '../../server/privacy/erase';
import { readLedger } from '../../server/privacy/ledger-file';
import { hitsIn, letter, openPlace, type Place } from './place';
import { freshFolder, restore } from './restoring';
import { knownBy, wishOf } from './wishes';

const CARLA = 'carla.jansone@mail.example';

let place: Place;
let outside: string;
let data: string;

beforeEach(async () => {
  place = await openPlace();
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'), { mode: 0o600 });
  await place.arrives(
    letter({ from: `Carla Jansone <${CARLA}>`, body: 'The kettle whistles the old tune all night.' }),
  );
  await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', body: 'Mine does not.' }));
  outside = freshFolder();
  data = freshFolder();
});
afterEach(async () => {
  await place.close();
  for (const folder of [outside, data]) rmSync(folder, { recursive: true, force: true });
});

const MEMORY = '/dev/shm';
const isOtherDisk = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev;

if (isOtherDisk)
  test('P4: backups/ may lie on a disk of its own', async () => {
    const copy = join(outside, 'copy.tar.gz');
    await makeBackup(place.app, copy);
    const disk = mkdtempSync(join(MEMORY, 'copies-'));
    symlinkSync(disk, join(data, 'backups'));

    expect(await restore(data, copy)).toMatchObject({ tickets: 2 });

    expect(hitsIn(data, 'olsen').length).toBeGreaterThan(0);
    expect(readdirSync(data).filter((name) => name.includes('restoring'))).toEqual([]);
    expect(readdirSync(disk)).toEqual([]);
    rmSync(disk, { recursive: true, force: true });
  });

test.each([
  ["the copy's own key", undefined],
  ['another key that the folder has', 'ab'.repeat(32)],
])(
  'P4: an erasure that was under way in the copy comes to its end before anybody is let in, with %s',
  async (_, key) => {
    await beginErasure(place.app, place.owner, [knownBy(place, CARLA)], wishOf({}));
    const copy = join(outside, 'copy.tar.gz');
    await makeBackup(place.app, copy);
    if (key) writeFileSync(join(data, 'secret.key'), key, { mode: 0o600 });

    await restore(data, copy);

    expect(hitsIn(data, 'jansone')).toEqual([]);
    expect(hitsIn(data, 'olsen').length).toBeGreaterThan(0);
    expect(readLedger(join(data, 'erasures.log')).map(({ kind }) => kind)).toEqual([
      'customer',
      'address',
      'mail',
    ]);
  },
);
