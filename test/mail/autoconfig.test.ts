// What domains publish for mail programs.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { safeFetch } from '../../server/lib/safe-fetch';
import { readAutoconfig } from '../../server/mail/autoconfig';
import { type Net, suggestSettings } from '../../server/mail/suggest-settings';

const ANA = 'ana@firm.test';

const server = (kind: 'incoming' | 'outgoing', type: string, fields: Record<string, string>) =>
  `<${kind}Server type="${type}">${Object.entries(fields)
    .map(([name, text]) => `\n  <${name}>${text}</${name}>`)
    .join('')}\n</${kind}Server>`;
const imap = {
  hostname: 'imap.firm.test',
  port: '993',
  socketType: 'SSL',
  authentication: 'password-cleartext',
  username: '%EMAILADDRESS%',
};
const smtp = { ...imap, hostname: 'smtp.firm.test', port: '587', socketType: 'STARTTLS' };
const config = (...servers: string[]) =>
  `<?xml version="1.0"?>\n<clientConfig version="1.1"><emailProvider id="firm.test"><displayName>Firm mail</displayName>${servers.join('\n')}</emailProvider></clientConfig>`;
const good = config(server('incoming', 'imap', imap), server('outgoing', 'smtp', smtp));

const expected = {
  imap: { host: 'imap.firm.test', port: 993, security: 'tls', user: ANA },
  smtp: { host: 'smtp.firm.test', port: 587, security: 'starttls', user: ANA },
  provider: 'Firm mail',
};

test('host, port, security and user name are read', () => {
  expect(readAutoconfig(good, ANA)).toEqual(expected);
});

test('placeholders are filled in, also in host names', () => {
  const xml = config(
    server('incoming', 'imap', { ...imap, hostname: 'mail.%EMAILDOMAIN%', username: '%EMAILLOCALPART%' }),
    server('outgoing', 'smtp', { ...smtp, username: '%EMAILLOCALPART%.%EMAILDOMAIN%' }),
  );

  expect(readAutoconfig(xml, ANA)).toMatchObject({
    imap: { host: 'mail.firm.test', user: 'ana' },
    smtp: { user: 'ana.firm.test' },
  });
});

test('of several servers the secured ones that take passwords are taken; POP and comments are passed over', () => {
  const xml = config(
    server('incoming', 'pop3', { ...imap, hostname: 'pop.firm.test' }),
    `<!-- ${server('incoming', 'imap', { ...imap, hostname: 'commented-out.firm.test' })} -->`,
    server('incoming', 'imap', { ...imap, hostname: 'plain.firm.test', port: '143', socketType: 'plain' }),
    server('incoming', 'imap', { ...imap, hostname: 'oauth.firm.test', authentication: 'OAuth2' }),
    server('incoming', 'imap', { ...imap, hostname: 'starttls.firm.test', socketType: 'STARTTLS' }),
    server('incoming', 'imap', imap),
    server('outgoing', 'smtp', smtp),
  );

  expect(readAutoconfig(xml, ANA)).toEqual(expected);
});

test.each([
  ['an empty file', ''],
  ['a web page', '<!doctype html><title>Welcome</title><p>incomingServer'],
  ['no sending server', config(server('incoming', 'imap', imap))],
  [
    'only plain servers',
    config(server('incoming', 'imap', { ...imap, socketType: 'plain' }), server('outgoing', 'smtp', smtp)),
  ],
  [
    'only OAuth',
    config(
      server('incoming', 'imap', { ...imap, authentication: 'OAuth2' }),
      server('outgoing', 'smtp', smtp),
    ),
  ],
  [
    'an address for a host',
    config(server('incoming', 'imap', { ...imap, hostname: '127.0.0.1' }), server('outgoing', 'smtp', smtp)),
  ],
  [
    'a host with more to it',
    config(server('incoming', 'imap', { ...imap, hostname: 'a.test/x?y' }), server('outgoing', 'smtp', smtp)),
  ],
  [
    'a port that is none',
    config(server('incoming', 'imap', { ...imap, port: '99999' }), server('outgoing', 'smtp', smtp)),
  ],
  ['a file cut short', good.slice(0, 300)],
])('%s says nothing', (_what, xml) => {
  expect(readAutoconfig(xml, ANA)).toBeUndefined();
});

test('AC-25: hostile files say nothing', () => {
  for (const piece of [
    '<incomingServer type="imap">',
    '<hostname>',
    '<!--',
    '<',
    ' ',
    '<incomingServer type=imap><hostname>',
    '</incomingServer>',
  ]) {
    expect(readAutoconfig(piece.repeat(65_536 / piece.length), ANA)).toBeUndefined();
  }
});

describe('over the network', () => {
  let web: Server;
  let asked: string[];
  let answers: Record<string, [status: number, body: string, location?: string]>;
  let net: Net;

  beforeAll(async () => {
    web = createServer((request, response) => {
      const url = `${request.headers.host?.split(':')[0]}${request.url}`;
      asked.push(url);
      const [status, body, location] = answers[url.split('?')[0] ?? ''] ?? [404, 'not here'];
      response.writeHead(status, location ? { location } : {}).end(body);
    });
    await new Promise<void>((ready) => web.listen(0, '127.0.0.1', ready));
    const { port } = web.address() as AddressInfo;
    const nowhere = async () => {
      throw new Error('nothing');
    };
    net = {
      mx: nowhere,
      srv: nowhere,
      fetch: (url, options) => {
        expect(url).toMatch(/^https:/);
        const here = new URL(url);
        const inside = {
          allowedPorts: [port],
          allowedNetworks: ['127.0.0.1/32'],
          resolve: async () => ['127.0.0.1'],
        };
        return safeFetch(`http://${here.hostname}:${port}${here.pathname}${here.search}`, {
          ...options,
          ...inside,
        });
      },
    };
  });
  beforeEach(() => {
    asked = [];
    answers = {};
  });
  afterAll(() => web.close());

  test("the domain's own autoconfig host is asked, over https", async () => {
    answers['autoconfig.firm.test/mail/config-v1.1.xml'] = [200, good];

    expect(await suggestSettings(ANA, net)).toEqual({
      source: 'autoconfig',
      passwordKind: 'ordinary',
      ...expected,
    });
    expect(asked).toContain('autoconfig.firm.test/mail/config-v1.1.xml?emailaddress=ana%40firm.test');
  });

  test('so is the well-known place at the domain itself', async () => {
    answers['firm.test/.well-known/autoconfig/mail/config-v1.1.xml'] = [200, good];

    expect(await suggestSettings(ANA, net)).toMatchObject({ source: 'autoconfig', imap: expected.imap });
  });

  test('AC-33: redirects, errors and floods lead to the guess', async () => {
    const place = 'autoconfig.firm.test/mail/config-v1.1.xml';
    for (const answer of [
      [302, '', 'http://169.254.169.254/'],
      [500, good],
      [200, good + ' '.repeat(100_000)],
    ] as [number, string, string?][]) {
      answers[place] = answer;
      expect(await suggestSettings(ANA, net)).toMatchObject({ source: 'guess' });
    }
    expect(asked.filter((url) => url.startsWith('169.254'))).toEqual([]);
  });
});
