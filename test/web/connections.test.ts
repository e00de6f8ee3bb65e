// What is believed of a connection that Express has not seen: from which network it comes, and whether a page of ours opens it.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../../server/config';
import { cameFromOwnPage, shortIpOf } from '../../server/web';

/** Asks a real server with these headers; what `answer` made of the request. */
async function asked(
  answer: (req: Parameters<typeof shortIpOf>[0]) => unknown,
  headers: Record<string, string>,
): Promise<string> {
  const server = createServer((req, res) => res.end(String(answer(req))));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const text = await new Promise<string>((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, headers: { host: `desk.example:${port}`, ...headers }, agent: false },
      async (res) => {
        resolve(Buffer.concat(await res.toArray()).toString());
      },
    )
      .on('error', reject)
      .end();
  });
  await new Promise((closed) => server.close(closed));
  return text;
}

test.each([
  ['nobody is believed', [], '203.0.113.9', '127.0.0.0/24'],
  ['the proxy beside us is', ['127.0.0.1'], '203.0.113.9', '203.0.113.0/24'],
  ['what a stranger put before it is not', ['127.0.0.1'], '198.51.100.7, 203.0.113.9', '203.0.113.0/24'],
  ['a second proxy, too', ['127.0.0.1', '10.0.0.0/8'], '203.0.113.9, 10.0.0.5', '203.0.113.0/24'],
  ['a network of another is not', ['192.0.2.0/24'], '203.0.113.9', '127.0.0.0/24'],
  ['no address at all', ['127.0.0.1'], '<script>', ''],
] as const)('AC-35: %s', async (_name, proxies, named, network) => {
  expect(await asked((req) => shortIpOf(req, [...proxies]), { 'x-forwarded-for': named })).toBe(network);
});

test('AC-35: without a word about others it is the connection’s own', async () => {
  expect(await asked((req) => shortIpOf(req, ['127.0.0.1']), {})).toBe('127.0.0.0/24');
});

const config = readConfig({ data: '/nowhere', 'public-url': 'https://desk.example' });

test.each([
  [{ origin: 'https://desk.example' }, true],
  [{ origin: 'http://desk.example' }, false],
  [{ origin: 'https://desk.example.evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin', 'x-hearthdesk-page': '1' }, false],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', 'x-hearthdesk-page': '1' }, false],
  [{ 'x-hearthdesk-page': '1' }, true],
  [{}, false],
] as const)('AC-51: a connection with %j is of our own page: %s', async (headers, isOurs) => {
  expect(await asked((req) => cameFromOwnPage(req, config), headers as Record<string, string>)).toBe(
    String(isOurs),
  );
});

test.each([
  [{ origin: 'https://desk.example', host: 'desk.example' }, true],
  [{ origin: 'http://192.168.1.20:3000', host: '192.168.1.20:3000' }, true],
  [{ origin: 'https://help.example', host: 'localhost:3000' }, true],
  [{ origin: 'https://evil.example', host: 'desk.example' }, false],
  [{ origin: 'https://desk.example:8443', host: 'desk.example' }, false],
  [{ origin: 'null', host: 'null' }, false],
] as const)(
  'AC-51: where no address is configured, a connection with %j is of our own page: %s',
  async (headers, isOurs) => {
    const open = readConfig({ data: '/nowhere' });
    const answer = (req: Parameters<typeof shortIpOf>[0]) =>
      cameFromOwnPage(req, open, 'https://help.example');
    expect(await asked(answer, headers)).toBe(String(isOurs));
  },
);
