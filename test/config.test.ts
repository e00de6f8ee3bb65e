// The options of `serve`: each wrong one stops the start with one sentence (R2).
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publicUrlIn, readConfig, readSwitches, readValues } from '../server/config';
import { selfSigned } from './support/certificates';

const WRONG: [values: Record<string, string>, sentence: string][] = [
  [{ port: 'many' }, '--port is "many", but a port is a number from 0 to 65535.'],
  [{ port: '65536' }, '--port is "65536", but a port is a number from 0 to 65535.'],
  [{ port: '-1' }, '--port is "-1", but a port is a number from 0 to 65535.'],
  [{ port: '3e3' }, '--port is "3e3", but a port is a number from 0 to 65535.'],
  [{ port: '' }, '--port is "", but a port is a number from 0 to 65535.'],
  [
    { 'public-url': 'desk.example' },
    '--public-url is "desk.example", but it has to look like https://desk.example.com, without a path.',
  ],
  [{ 'public-url': 'https://desk.example/path' }, '--public-url is "https://desk.example/path", but'],
  [{ 'public-url': 'https://desk.example?x' }, '--public-url is "https://desk.example?x", but'],
  [{ 'public-url': 'https://me@desk.example' }, '--public-url is "https://me@desk.example", but'],
  [{ 'public-url': 'ftp://desk.example' }, '--public-url is "ftp://desk.example", but'],
  [{ 'public-url': 'javascript:alert(1)' }, '--public-url is "javascript:alert(1)", but'],
  [{ 'tls-cert': 'a.pem' }, '--tls-cert and --tls-key belong together: give both files or neither.'],
  [{ 'tls-key': 'a.pem' }, '--tls-cert and --tls-key belong together: give both files or neither.'],
  [
    { 'tls-cert': '/nowhere/a.pem', 'tls-key': '/nowhere/b.pem' },
    '--tls-cert names /nowhere/a.pem, which cannot be read (ENOENT).',
  ],
  [
    { 'trust-proxy': 'nginx' },
    '--trust-proxy has "nginx", but it takes addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas.',
  ],
  [{ data: '' }, '--data is empty, but it has to name a folder.'],
  [
    { data: `/${'x'.repeat(95)}` },
    `--data is /${'x'.repeat(95)}, but the path of a data folder may have at most 94 bytes.`,
  ],
  [{ 'trust-proxy': '10.0.0.0/33' }, '--trust-proxy has "10.0.0.0/33", but'],
  [{ 'trust-proxy': '10.0.0.1, true' }, '--trust-proxy has "true", but'],
  [{ 'trust-proxy': '1' }, '--trust-proxy has "1", but'],
  [{ 'trust-proxy': '::1/129' }, '--trust-proxy has "::1/129", but'],
];
test.each(WRONG)('R2: %j is refused in one sentence', (values, sentence) => {
  let message = '';
  try {
    readConfig(values);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(sentence);
  expect(message).not.toContain('\n');
});

test('what is not said has its usual value', () => {
  expect(readConfig({})).toEqual({
    data: resolve('data'),
    host: '0.0.0.0',
    port: 3000,
    publicUrl: undefined,
    tls: undefined,
    trustedProxies: [],
  });
});

test('options come from the command line first, then from the environment', () => {
  const before = process.env['HEARTHDESK_PORT'];
  process.env['HEARTHDESK_PORT'] = '4000';
  try {
    expect(readValues({}, ['port'])).toEqual({ port: '4000' });
    expect(readValues({ port: '5000' }, ['port'])).toEqual({ port: '5000' });
    expect(readValues({}, ['host'])).toEqual({});
  } finally {
    if (before === undefined) delete process.env['HEARTHDESK_PORT'];
    else process.env['HEARTHDESK_PORT'] = before;
  }
});

test('proxies are addresses and networks of both families', () => {
  expect(readConfig({ 'trust-proxy': '127.0.0.1, 10.0.0.0/8 ,::1,fd00::/8' }).trustedProxies).toEqual([
    '127.0.0.1',
    '10.0.0.0/8',
    '::1',
    'fd00::/8',
  ]);
});

test('R2: a folder in place of a certificate is said too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  expect(() => readConfig({ 'tls-cert': folder, 'tls-key': folder })).toThrow(
    `--tls-cert names ${folder}, which cannot be read (EISDIR).`,
  );
  rmSync(folder, { recursive: true });
});

test('AC-34: an address is kept as its origin, in one spelling', () => {
  expect(publicUrlIn('HTTPS://Desk.Example:443/')).toBe('https://desk.example');
  expect(publicUrlIn('http://192.168.1.20:3000')).toBe('http://192.168.1.20:3000');
});

describe('R2: a certificate that nobody could use stops the start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const { certFile, keyFile } = selfSigned();
  const other = selfSigned();
  const junk = join(folder, 'junk.pem');
  const locked = join(folder, 'locked.pem');
  writeFileSync(junk, 'no certificate and no key');
  const secret = createPrivateKey(other.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  writeFileSync(locked, secret);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    [junk, keyFile, `--tls-cert names ${junk}, which is not a certificate in PEM form.`],
    [keyFile, keyFile, `--tls-cert names ${keyFile}, which is not a certificate in PEM form.`],
    [certFile, junk, `--tls-key names ${junk}, which is not a private key in PEM form without a passphrase.`],
    [
      certFile,
      locked,
      `--tls-key names ${locked}, which is not a private key in PEM form without a passphrase.`,
    ],
    [
      certFile,
      other.keyFile,
      `--tls-key names ${other.keyFile}, which is not the key of the certificate in ${certFile}.`,
    ],
  ])('%s with %s', (cert, key, sentence) => {
    expect(() => readConfig({ 'tls-cert': cert, 'tls-key': key })).toThrow(sentence);
  });

  test('and a good one is taken', () => {
    expect(readConfig({ 'tls-cert': certFile, 'tls-key': keyFile }).tls?.cert.toString()).toContain('BEGIN');
  });
});

describe('the environment', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('says nothing with an empty value', () => {
    process.env['HEARTHDESK_PORT'] = '';
    expect(readValues({}, ['port'])).toEqual({});
  });

  test('turns a switch on with yes and leaves it off with no; anything else is refused by name', () => {
    const ofDryRun = (value: string) => {
      process.env['HEARTHDESK_DRY_RUN'] = value;
      return readSwitches({}, ['dry-run']);
    };
    expect(['yes', 'TRUE', '1'].map(ofDryRun)).toEqual(Array(3).fill({ 'dry-run': 'yes' }));
    expect(['no', 'false', '0', ''].map(ofDryRun)).toEqual(Array(4).fill({}));
    expect(() => ofDryRun('perhaps')).toThrow('HEARTHDESK_DRY_RUN is "perhaps", but it has to be yes or no.');
    process.env['HEARTHDESK_DRY_RUN'] = 'no';
    expect(readSwitches({ 'dry-run': true }, ['dry-run'])).toEqual({ 'dry-run': 'yes' });
  });
});
