// Export and erasure as they are typed, where something is odd: nobody's customer, a folder that is not there, a crash before.
import { symlinkSync } from 'node:fs';
import { withHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { type CustomerRow, findCustomerByAddress } from '../../server/customers';
import { SYSTEM } from '../../server/events';
import { beginErasure } from '../../server/privacy/erase';
import { hitsIn, letter } from './place';
import { carla, expectSentence, openTyped, type Typed } from './typed';
import { wishOf } from './wishes';
import { readZip } from './zip';

let typed: Typed;
let data: string;

beforeEach(async () => {
  typed = await openTyped();
  data = typed.data;
});
afterEach(() => typed.close());

const hearthdesk = (...argv: string[]) => typed.hearthdesk(...argv);
const deliver = (mail: string) => typed.deliver(mail);
const inFolder = (name: string) => typed.inFolder(name);

test('P2, P3: somebody who was only ever copied is exported and erased too', async () => {
  const cc = 'Carla Jansone <carla.jansone@mail.example>';
  await deliver(letter({ from: 'Per Olsen <per@mail.example>', cc, body: 'Carla Jansone reads along.' }));

  expect(
    await hearthdesk(
      'privacy',
      'export',
      '--customer',
      'carla.jansone@mail.example',
      '--out',
      inFolder('carla.zip'),
    ),
  ).toMatchObject({ exit: 0 });
  const zip = readZip(inFolder('carla.zip'));
  expect(zip.get('tickets/1001.html')?.toString()).toContain('reads along');
  expect(zip.get('index.html')?.toString()).toContain('carla.jansone@mail.example');

  const erase = ['privacy', 'erase', '--customer', 'carla.jansone@mail.example'];
  expect((await hearthdesk(...erase, '--dry-run')).out).toContain('participants: 1');
  expect(await hearthdesk(...erase, '--yes')).toMatchObject({ exit: 0 });
  expect(hitsIn(data, 'jansone')).toEqual([]);
  expect(hitsIn(data, 'olsen').length).toBeGreaterThan(0);
  expectSentence(await hearthdesk(...erase, '--yes'), /No customer is known/);
});

test('P3: where the certificate could not be put, nobody is erased', async () => {
  await deliver(carla());
  const erase = ['privacy', 'erase', '--customer', 'carla@mail.example', '--yes', '--out'];
  symlinkSync(inFolder('nothing'), inFolder('dangling'));

  expectSentence(await hearthdesk(...erase, inFolder('nowhere/certificate.json')), /There is no folder/);
  expectSentence(await hearthdesk(...erase, inFolder('dangling')), /is there already/);

  expect(hitsIn(data, 'jansone').length).toBeGreaterThan(0);
});

test('P3: an erasure that was broken off comes to its end with the next one, and doctor says so before', async () => {
  await deliver(carla());
  await deliver(letter({ from: 'Per Olsen <per@mail.example>', body: 'Mine drips.' }));
  await withHouse(readConfig({ data }), (app) =>
    beginErasure(
      app,
      SYSTEM,
      [findCustomerByAddress(app.db, 'carla@mail.example') as CustomerRow],
      wishOf({}),
    ),
  );
  expect((await hearthdesk('doctor')).out).toContain('1 erasure did not come to the end');

  expect(await hearthdesk('privacy', 'erase', '--customer', 'per@mail.example', '--yes')).toMatchObject({
    exit: 0,
  });

  expect(hitsIn(data, 'jansone')).toEqual([]);
  expect((await hearthdesk('doctor')).out).toContain('No erasure is unfinished');
});

test('P3: what is still found is said in one sentence that names the place', async () => {
  await deliver(carla());
  await withHouse(readConfig({ data }), async (app) =>
    app.db.sql
      .prepare(
        "INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)",
      )
      .run(JSON.stringify('carla@mail.example')),
  );

  expectSentence(
    await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--yes'),
    /is not finished: something of the person still stands in .*jobs\.payload \(1\)/,
  );
});
