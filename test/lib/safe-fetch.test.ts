// The guarded fetch: nothing on this machine or network is reached, whatever the address looks like.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import { isPublicAddress } from '../../server/lib/public-address';
import { safeFetch } from '../../server/lib/safe-fetch';

let canary: Server;
let port: number;
let requests: string[];

beforeAll(async () => {
  canary = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/moved')
      return response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    if (request.url === '/large') return response.end(Buffer.alloc(2_000_000));
    if (request.url === '/bomb') {
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
    }
    if (request.url === '/slow') return response.write('…');
    response.end('I am inside');
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  port = (canary.address() as AddressInfo).port;
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  canary.closeAllConnections();
  return new Promise((resolve) => canary.close(resolve));
});

const names: Record<string, string[]> = {
  'localhost.': ['127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  'inside.example.com': ['10.0.0.5'],
  'half.example.com': ['93.184.216.34', '127.0.0.1'],
  'six.example.com': ['::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nat64.example.com': ['64:ff9b::7f00:1'],
  'metadata.google.internal': ['169.254.169.254'],
  'nothing.example.com': [],
};
const resolve = async (host: string) => names[host] ?? [];

test.each([
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://127.0.1:PORT/',
  'http://0x7f000001:PORT/',
  'http://0x7f.0.0.1:PORT/',
  'http://2130706433:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://017700000001:PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://127。0。0。1:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://127.255.255.254:PORT/',
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://[::]:PORT/',
  'http://[::1]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[64:ff9b::7f00:1]:PORT/',
  'http://[64:ff9b:1::7f00:1]:PORT/',
  'http://[2002:7f00:1::]:PORT/',
  'http://[2001:0:7f00:1::]:PORT/',
  'http://[fe80::1]:PORT/',
  'http://[fd00::1]:PORT/',
  'http://[fec0::1]:PORT/',
  'http://[2001:db8::1]:PORT/',
  'http://10.0.0.1:PORT/',
  'http://172.16.0.1:PORT/',
  'http://192.168.1.1:PORT/',
  'http://100.64.0.1:PORT/',
  'http://169.254.169.254:PORT/latest/meta-data/',
  'http://192.0.0.1:PORT/',
  'http://198.18.0.1:PORT/',
  'http://224.0.0.1:PORT/',
  'http://255.255.255.255:PORT/',
  'http://localhost:PORT/',
  'http://localhost.:PORT/',
  'http://LOCALHOST:PORT/',
  'http://127.0.0.1.nip.io:PORT/',
  'http://inside.example.com:PORT/',
  'http://half.example.com:PORT/',
  'http://six.example.com:PORT/',
  'http://mapped.example.com:PORT/',
  'http://nat64.example.com:PORT/',
  'http://metadata.google.internal:PORT/',
  'http://nothing.example.com:PORT/',
  'http://example.com@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT#@example.com/',
  'http:127.0.0.1:PORT/',
  '//127.0.0.1:PORT/',
  'file:///etc/passwd',
  'ftp://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/',
  'data:text/plain,hello',
  'javascript:1',
  'http://',
  '',
])('AC-33: %s is not fetched, and nothing is said about why', async (form) => {
  const url = form.replace('PORT', String(port));

  expect(await safeFetch(url, { allowedPorts: [port], resolve, timeoutMs: 1_000 })).toEqual({ ok: false });
  expect(requests).toEqual([]);
});

test('AC-33: a port that is not one of the web is not tried, wherever it is', async () => {
  const asked: string[] = [];
  const spy = async (host: string) => {
    asked.push(host);
    return ['127.0.0.1'];
  };

  expect(
    await safeFetch(`http://example.com:${port}/`, { resolve: spy, allowedNetworks: ['127.0.0.0/8'] }),
  ).toEqual({ ok: false });
  expect(asked).toEqual([]);
  expect(requests).toEqual([]);
});

test('AC-33: the address that was checked is the address that is used, when the name changes in between', async () => {
  const elsewhere = createServer((_request, response) => response.end('the checked one'));
  await new Promise<void>((ready) => elsewhere.listen(port, '127.0.0.2', ready));
  const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1']];
  let asked = 0;
  const rebinding = async () => answers[asked++] ?? [];

  const result = await safeFetch(`http://rebind.example.com:${port}/`, {
    allowedPorts: [port],
    allowedNetworks: ['127.0.0.2/32'],
    resolve: rebinding,
  });

  expect(result).toMatchObject({ ok: true, body: Buffer.from('the checked one') });
  expect(asked).toBe(1);
  expect(requests).toEqual([]);
  await new Promise((closed) => elsewhere.close(closed));
});

const lan = () => ({
  allowedPorts: [port],
  allowedNetworks: ['127.0.0.1/32'],
  resolve: async () => ['127.0.0.1'],
});

test('AC-33: what an admin allows is fetched, by name and by address', async () => {
  expect(await safeFetch(`http://intranet:${port}/a`, lan())).toMatchObject({ ok: true, status: 200 });
  expect(await safeFetch(`http://127.0.0.1:${port}/b`, lan())).toMatchObject({ ok: true, status: 200 });
  expect(requests).toEqual(['/a', '/b']);
});

test('AC-33: a redirect comes back as it is and is not followed', async () => {
  const result = await safeFetch(`http://intranet:${port}/moved`, lan());

  expect(result).toMatchObject({ ok: true, status: 302, headers: { location: 'http://169.254.169.254/' } });
  expect(requests).toEqual(['/moved']);
});

test('AC-33: more than a megabyte is not taken, packed or not', async () => {
  expect(await safeFetch(`http://intranet:${port}/large`, lan())).toEqual({ ok: false });
  expect(await safeFetch(`http://intranet:${port}/bomb`, lan())).toEqual({ ok: false });
});

test('AC-33: a server that never finishes, one that speaks no HTTP and a closed port give the same answer', async () => {
  const silent = createTcp((socket) => socket.write('220 smtp.example.com ESMTP\r\n'));
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
  const silentPort = (silent.address() as AddressInfo).port;
  const quick = { ...lan(), allowedPorts: [port, silentPort, 9], timeoutMs: 300 };

  expect(await safeFetch(`http://intranet:${port}/slow`, quick)).toEqual({ ok: false });
  expect(await safeFetch(`http://intranet:${silentPort}/`, quick)).toEqual({ ok: false });
  expect(await safeFetch('http://intranet:9/', quick)).toEqual({ ok: false });
  silent.close();
});

test.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '2a01:5b40::1'])(
  'AC-33: %s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);
