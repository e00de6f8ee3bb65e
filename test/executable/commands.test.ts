// The commands of the executable as people and programs type them: help, JSON, what is wrong, and beside a running server.
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../server/cli';
import { makePlace, type Place, run, serve } from './place';

let place: Place;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(place.folder, name), content, { mode: 0o644 });
  return name;
};
const setUp = () => [
  'setup',
  '--company=Teapot',
  '--owner-name=Olga',
  '--owner-email=olga@teapot.example',
  `--owner-password-file=${file('password', 'a kettle for two\n')}`,
];

test('every command has a page of help that names its options and variables, and leaves nothing behind', async () => {
  for (const [name, page] of Object.entries(COMMANDS)) {
    for (const typed of [
      [...name.split(' '), '--help'],
      ['help', ...name.split(' ')],
    ]) {
      const said = await run(place, typed);
      expect([name, said.exit, said.errors]).toEqual([name, 0, '']);
      expect(said.output).toContain(page.says);
      for (const option of Object.keys(page.options)) {
        expect(said.output).toMatch(new RegExp(`^  --${option}( \\S+)?  +\\w.*\\.$`, 'm'));
        expect(said.output).toContain(`HEARTHDESK_${option.toUpperCase().replaceAll('-', '_')}`);
      }
    }
  }
  expect(readdirSync(place.folder)).toEqual([]);
}, 240_000);

test('every command fails in one sentence, and says the same to a program on standard output', async () => {
  for (const name of Object.keys(COMMANDS)) {
    const said = await run(place, [...name.split(' '), '--json', '--nonsense']);
    expect(said.exit).not.toBe(0);
    expect(said.errors).toMatch(new RegExp(`^hearthdesk ${name}: Unknown option '--nonsense'. .*\n$`));
    expect(JSON.parse(said.output)).toEqual({ ok: false, error: said.errors.trim() });
  }
});

test('serve tells a program its address and the link of setup, in one line of JSON', async () => {
  const server = await serve(place, {}, '"ok":true', ['--json']);
  const { address, setup } = JSON.parse(server.said) as { address: string; setup: string };
  expect(address).toBe(server.address);
  expect((await fetch(setup, { redirect: 'manual' })).headers.get('location')).toBe('/setup');
  await server.stop();
});

test('setup works while the server runs, and closes its link', async () => {
  const server = await serve(place, {}, 'Set it up here');
  const [link = ''] = /http:\S+/.exec(server.said) ?? [];

  const said = await run(place, setUp());

  expect(said).toEqual({ exit: 0, output: 'Teapot is set up; Olga can sign in.\n', errors: '' });
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
  const signedIn = await fetch(`${server.address}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email: 'olga@teapot.example', password: 'a kettle for two' }),
  });
  expect(signedIn.headers.get('location')).toBe('/tickets');
  expect(await run(place, setUp())).toMatchObject({
    exit: 1,
    errors: expect.stringContaining('is set up already'),
  });
  await server.stop();
});

const BROKEN: [what: string, break_: () => void, sentence: RegExp][] = [
  [
    'a database that is none',
    () => file('data/hearthdesk.db', 'x'.repeat(9_000)),
    /hearthdesk\.db is damaged or no database/,
  ],
  ['a key that is none', () => file('data/secret.key', 'short'), /secret\.key is not a key of Hearthdesk/],
  [
    'a folder in place of the database',
    () => mkdirSync(join(place.folder, 'data/hearthdesk.db')),
    /cannot be written by this user/,
  ],
];
test.each(BROKEN)('R2: %s stops the start with one sentence', async (_what, break_, sentence) => {
  mkdirSync(join(place.folder, 'data'));
  break_();
  for (const name of ['', ...readdirSync(join(place.folder, 'data'))])
    chmodSync(join(place.folder, 'data', name), 0o777);
  const said = await run(place, ['serve', '--port=0', `--data=${join(place.folder, 'data')}`]);
  expect(said).toMatchObject({ exit: 1, output: '' });
  expect(said.errors).toMatch(sentence);
  expect(said.errors.trim().split('\n')).toHaveLength(1);
});

test('R2: a file in place of the data folder is said', async () => {
  const said = await run(place, ['serve', '--port=0', `--data=${file('data', '')}`]);
  expect(said).toMatchObject({
    exit: 1,
    output: '',
    errors: expect.stringMatching(/^The data folder .* cannot be used \(EEXIST\)\.\n$/),
  });
});

test('R2: a data folder where none can be made is said', async () => {
  const said = await run(place, ['serve', '--port=0', '--data=/proc/hearthdesk/data']);
  expect(said).toEqual({
    exit: 1,
    output: '',
    errors: 'The data folder /proc/hearthdesk/data cannot be used (ENOENT).\n',
  });
});

test('a bad certificate, and a key of another, stop the start with one sentence', async () => {
  const said = await run(place, [
    'serve',
    '--port=0',
    '--tls-cert',
    file('c.pem', 'x'),
    '--tls-key',
    file('k.pem', 'x'),
  ]);
  expect(said).toEqual({
    exit: 1,
    output: '',
    errors: '--tls-cert names c.pem, which is not a certificate in PEM form.\n',
  });
});
