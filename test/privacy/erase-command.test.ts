// Export and erasure as they are typed, where something is odd: nobody's customer, a folder that is not there, a crash before.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
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

test('P3, P4: what an erasure waits for is said, decided and tried again by command too', async () => {
  const from = (name: string) => `Anna Hansen <${name}@mail.example>`;
  await deliver(letter({ from: from('anna.one'), body: 'The kettle whistles.' }));
  await deliver(letter({ from: from('anna.two'), body: 'Mine drips.' }));
  await deliver(letter({ from: 'Per Olsen <per@mail.example>', body: 'Anna Hansen told me of you.' }));
  await deliver(letter({ from: 'Ida Lie <ida@mail.example>', body: 'So did Anna Hansen to me.' }));
  mkdirSync(inFolder('outside'));
  await hearthdesk('backup', '--out', inFolder('outside/copy.tar.gz'));
  rmSync(inFolder('outside'), { recursive: true });

  const erased = await hearthdesk('privacy', 'erase', '--customer', 'anna.one@mail.example', '--yes');
  expect(erased.exit).toBe(0);
  expect(erased.out).toContain(`the ledger of erasures has not reached ${inFolder('outside')}`);
  const [perPlace = ''] = /messages \d+(?=, ticket #1003: Anna Hansen told me)/.exec(erased.out) ?? [];
  const [number = ''] = /(?<=certificate )[0-9a-f]{32}/.exec(erased.out) ?? [];

  const settle = ['privacy', 'settle'];
  expectSentence(await hearthdesk(...settle, '--theirs', 'all'), /needs --erasure/);
  expectSentence(await hearthdesk(...settle, '--gone', '/nowhere'), /No backup was ever put/);
  expect((await hearthdesk(...settle, '--erasure', number, '--theirs', perPlace)).out).toContain('waiting');
  expect(hitsIn(data, 'hansen told me')).toEqual([]);
  expect((await hearthdesk(...settle, '--erasure', number, '--others', 'all')).out).toContain(
    'has not reached',
  );
  expect((await hearthdesk(...settle, '--gone', inFolder('outside'))).out).toContain('done');

  expect(hitsIn(data, 'so did anna hansen').length).toBeGreaterThan(0);
  expect((await hearthdesk(...settle)).out).toBe('No erasure waits for anything.');
});
