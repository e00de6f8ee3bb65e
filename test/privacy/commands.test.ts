// The commands about privacy and copies, as they are typed: while a server serves the folder, and while none does.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { openLog } from '../../server/lib/log';
import { toldOfDisk } from '../../server/privacy/out-file';
import { hitsIn, letter } from './place';
import { carla, expectSentence, openTyped, type Typed } from './typed';
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

test('P2: privacy export writes the ZIP; somebody unknown, a file that is there and a missing option fail', async () => {
  await deliver(carla());

  expect(
    await hearthdesk('privacy', 'export', '--customer', 'Carla@mail.example', '--out', inFolder('carla.zip')),
  ).toMatchObject({ exit: 0 });
  expect(readZip(inFolder('carla.zip')).get('tickets/1001.html')?.toString()).toContain('whistles');
  expect(statSync(inFolder('carla.zip')).mode & 0o077).toBe(0);

  expectSentence(
    await hearthdesk('privacy', 'export', '--customer', 'nobody@mail.example', '--out', inFolder('x.zip')),
    /No customer is known/,
  );
  expectSentence(
    await hearthdesk('privacy', 'export', '--customer', 'carla@mail.example', '--out', inFolder('carla.zip')),
    /is there already/,
  );
  expectSentence(await hearthdesk('privacy', 'export', '--customer', 'carla@mail.example'), /needs --out/);
  expectSentence(await hearthdesk('privacy', 'export', '--out', inFolder('x.zip')), /needs --customer/);
  expect(existsSync(inFolder('x.zip'))).toBe(false);
});

test('P3: privacy erase shows, insists on --yes, erases, and its certificate verifies', async () => {
  await deliver(carla());
  const shown = await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--dry-run');
  expect(shown).toMatchObject({ exit: 0 });
  expect(shown.out).toContain('tickets: 1');

  expectSentence(await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example'), /needs --yes/);
  expectSentence(
    await hearthdesk('privacy', 'erase', '--customer', 'nobody@mail.example', '--yes'),
    /No customer is known/,
  );
  expect(hitsIn(data, 'jansone').length).toBeGreaterThan(0);

  const certificate = inFolder('certificate.json');
  expect(
    await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--yes', '--out', certificate),
  ).toMatchObject({ exit: 0 });
  expect(hitsIn(data, 'jansone')).toEqual([]);
  expect(hitsIn(data, 'carla')).toEqual([]);
  expect(await hearthdesk('verify', certificate)).toMatchObject({ exit: 0 });
  writeFileSync(certificate, readFileSync(certificate, 'utf8').replace('"tickets": 1', '"tickets": 2'));
  expectSentence(await hearthdesk('verify', certificate), /something in it was changed/);
  expectSentence(
    await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--yes'),
    /No customer is known/,
  );
});

test('P3: --json says the same to programs', async () => {
  await deliver(carla());

  const { out } = await hearthdesk(
    'privacy',
    'erase',
    '--customer',
    'carla@mail.example',
    '--de-identify',
    '--yes',
    '--json',
  );

  expect(JSON.parse(out)).toMatchObject({ ok: true, facts: { kind: 'de-identify', checked: { found: 0 } } });
});

test('P4: backup, verify and restore into an empty folder; erased since is erased again', async () => {
  await deliver(carla());
  await deliver(letter({ from: 'Per Olsen <per@mail.example>', body: 'Mine drips.' }));
  const copy = inFolder('copy.tar.gz');
  expect(await hearthdesk('backup', '--out', copy)).toMatchObject({ exit: 0 });
  expect(await hearthdesk('verify', copy)).toMatchObject({
    exit: 0,
    out: expect.stringContaining('2 tickets'),
  });
  await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--yes');
  const fresh = inFolder('fresh');

  expect(await hearthdesk('restore', '--data', fresh, '--from', copy)).toMatchObject({
    exit: 0,
    out: expect.stringContaining('Tickets: 1; people erased again: 1'),
  });

  expect(hitsIn(fresh, 'jansone')).toEqual([]);
  expect(hitsIn(fresh, 'olsen').length).toBeGreaterThan(0);
  expectSentence(
    await hearthdesk('restore', '--data', fresh, '--from', copy),
    /There is a Hearthdesk in .* already/,
  );
  expectSentence(
    await hearthdesk('restore', '--data', inFolder('other'), '--from', inFolder('nothing')),
    /cannot be read/,
  );
  expectSentence(await hearthdesk('restore', '--data', inFolder('other')), /needs --from/);
  expectSentence(await hearthdesk('verify', inFolder('nothing')), /There is no file/);
  expectSentence(await hearthdesk('verify', inFolder('password')), /neither a backup nor a certificate/);
});

test('P6: retention says what it would do, and does it', async () => {
  expect(await hearthdesk('retention')).toMatchObject({
    exit: 0,
    out: expect.stringContaining('No retention rule is switched on'),
  });
});

test('migrate and doctor look after the folder', async () => {
  expect(await hearthdesk('migrate')).toMatchObject({
    exit: 0,
    out: expect.stringContaining('newest schema already'),
  });
  const healthy = await hearthdesk('doctor', '--json');
  const { findings } = JSON.parse(healthy.out) as { findings: { what: string; good: boolean }[] };
  expect(findings.filter(({ good, what }) => !good && what !== 'disk')).toEqual([]);
  expectSentence(await hearthdesk('migrate', '--data', inFolder('nowhere')), /There is no Hearthdesk/);
  expect((await hearthdesk('doctor', '--data', inFolder('nowhere'))).exit).toBe(1);
  expect(existsSync(inFolder('nowhere'))).toBe(false);
});

test('R2: a folder whose lock cannot be taken is said in a sentence, and doctor still looks', async () => {
  rmSync(join(data, 'lock'), { force: true });
  mkdirSync(join(data, 'lock'));

  expectSentence(await hearthdesk('migrate'), /cannot be written by this user/);
  expect((await hearthdesk('doctor')).out).toContain('The database is sound.');
});

test.each([
  ['SQLITE_FULL', 'The disk of the data folder is full.'],
  ['ENOSPC', 'The disk of /there is full; copy.tar.gz was not written.'],
  ['EROFS', '/there/copy.tar.gz cannot be written (EROFS).'],
])('R2: %s is said in a sentence, also by a server', async (code, sentence) => {
  const work = () => Promise.reject(Object.assign(new Error('no'), { code }));

  await expect(toldOfDisk('/there/copy.tar.gz', work)).rejects.toThrow(sentence);
});

describe('while a server serves the folder', () => {
  let stop: () => Promise<void>;

  beforeEach(async () => {
    const serving = await serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), {
      log: openLog('silent'),
    });
    stop = serving.stop;
  });
  afterEach(() => stop());

  test('P2, P3, P4: the server does it, and files land where they were asked for', async () => {
    await deliver(carla());
    const [copy, zip, certificate] = ['copy.tar.gz', 'carla.zip', 'certificate.json'].map(inFolder) as [
      string,
      string,
      string,
    ];

    expect(await hearthdesk('backup', '--out', copy)).toMatchObject({ exit: 0 });
    expect(
      await hearthdesk('privacy', 'export', '--customer', 'carla@mail.example', '--out', zip),
    ).toMatchObject({ exit: 0 });
    expect(
      await hearthdesk('privacy', 'erase', '--customer', 'carla@mail.example', '--yes', '--out', certificate),
    ).toMatchObject({ exit: 0 });

    expect(await hearthdesk('verify', copy)).toMatchObject({ exit: 0 });
    expect(await hearthdesk('verify', certificate)).toMatchObject({ exit: 0 });
    expect(readZip(zip).has('index.html')).toBe(true);
    expect(hitsIn(data, 'jansone')).toEqual([]);
    expect(readdirSync(data)).toContain('control.sock');
  });

  test('restore and migrate refuse, doctor looks', async () => {
    expectSentence(
      await hearthdesk('restore', '--from', inFolder('copy.tar.gz')),
      /Another Hearthdesk is using/,
    );
    expectSentence(await hearthdesk('migrate'), /Another Hearthdesk is using/);
    expect((await hearthdesk('doctor')).out).toContain('A server uses the data folder.');
    expectSentence(
      await hearthdesk('privacy', 'erase', '--customer', 'nobody@mail.example', '--yes'),
      /No customer is known/,
    );
  });
});
