// From an address to its servers.
import type { SafeFetch } from '../../server/lib/safe-fetch';
import { type Net, suggestSettings } from '../../server/mail/suggest-settings';

const nowhere = async () => {
  throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
};
const nothing: SafeFetch = async () => ({ ok: false });
const offline: Net = { mx: nowhere, srv: nowhere, fetch: nothing };
const withMx = (...hosts: string[]): Net => ({ ...offline, mx: async () => hosts });

const at = (host: string, port: number, security: string) => ({ host, port, security });

test.each([
  [
    'ana@gmail.com',
    'Gmail',
    at('imap.gmail.com', 993, 'tls'),
    at('smtp.gmail.com', 465, 'tls'),
    'app-password',
  ],
  [
    'ana@googlemail.com',
    'Gmail',
    at('imap.gmail.com', 993, 'tls'),
    at('smtp.gmail.com', 465, 'tls'),
    'app-password',
  ],
  [
    'ana@icloud.com',
    'iCloud',
    at('imap.mail.me.com', 993, 'tls'),
    at('smtp.mail.me.com', 587, 'starttls'),
    'app-password',
  ],
  [
    'ana@fastmail.com',
    'Fastmail',
    at('imap.fastmail.com', 993, 'tls'),
    at('smtp.fastmail.com', 465, 'tls'),
    'app-password',
  ],
  [
    'ana@yahoo.no',
    'Yahoo',
    at('imap.mail.yahoo.com', 993, 'tls'),
    at('smtp.mail.yahoo.com', 465, 'tls'),
    'app-password',
  ],
  ['ana@gmx.net', 'GMX', at('imap.gmx.net', 993, 'tls'), at('mail.gmx.net', 465, 'tls'), 'ordinary'],
  ['ana@gmx.com', 'GMX', at('imap.gmx.com', 993, 'tls'), at('mail.gmx.com', 465, 'tls'), 'ordinary'],
  ['ana@web.de', 'WEB.DE', at('imap.web.de', 993, 'tls'), at('smtp.web.de', 465, 'tls'), 'ordinary'],
  [
    'ana@inbox.lv',
    'Inbox.lv',
    at('mail.inbox.lv', 993, 'tls'),
    at('mail.inbox.lv', 465, 'tls'),
    'app-password',
  ],
  [
    'ana@proton.me',
    'Proton',
    at('127.0.0.1', 1143, 'starttls'),
    at('127.0.0.1', 1025, 'starttls'),
    'app-password',
  ],
])('%s is %s, without asking the network', async (address, provider, imap, smtp, passwordKind) => {
  const mx = jest.fn(nowhere);

  expect(await suggestSettings(address, { ...offline, mx })).toMatchObject({
    source: 'table',
    provider,
    imap: { ...imap, user: address },
    smtp: { ...smtp, user: address },
    passwordKind,
    hint: expect.any(String),
  });
  expect(mx).not.toHaveBeenCalled();
});

test.each([
  [['aspmx.l.google.com', 'alt1.aspmx.l.google.com'], 'Google Workspace', at('imap.gmail.com', 993, 'tls')],
  [['SMTP.GOOGLE.COM.'], 'Google Workspace', at('imap.gmail.com', 993, 'tls')],
  [['mx01.mail.icloud.com'], 'iCloud', at('imap.mail.me.com', 993, 'tls')],
  [['in1-smtp.messagingengine.com'], 'Fastmail', at('imap.fastmail.com', 993, 'tls')],
  [['mx1.pub.mailpod9-cph3.one.com'], 'one.com', at('imap.one.com', 993, 'tls')],
  [['mx.domeneshop.no'], 'Domeneshop', at('imap.domeneshop.no', 993, 'tls')],
  [['mx00.ionos.de', 'mx01.ionos.de'], 'IONOS', at('imap.ionos.de', 993, 'tls')],
  [['mx00.kundenserver.de'], 'IONOS', at('imap.ionos.de', 993, 'tls')],
  [['mx00.1and1.co.uk'], 'IONOS', at('imap.ionos.co.uk', 993, 'tls')],
  [['mx1.zoho.eu', 'mx.zoho.eu'], 'Zoho', at('imappro.zoho.eu', 993, 'tls')],
  [['mailcluster.loopia.se', 'mx2.loopia.se'], 'Loopia', at('mailcluster.loopia.se', 993, 'tls')],
  [['mx.simply.com'], 'Simply.com', at('imap.simply.com', 993, 'tls')],
  [['mx1.hostinger.com'], 'Hostinger', at('imap.hostinger.com', 993, 'tls')],
  [['mail.protonmail.ch'], 'Proton', at('127.0.0.1', 1143, 'starttls')],
])("a domain of one's own whose mail goes to %j is at %s", async (hosts, provider, imap) => {
  expect(await suggestSettings('post@firm.test', withMx(...hosts))).toMatchObject({
    source: 'mx',
    provider,
    imap,
  });
});

test.each([
  'google.com.evil.test',
  'notgoogle.com',
  'ionos.de.evil.test',
  'fakeone.com',
  'xkundenserver.de',
  'mxionosxde',
])('a host called %s is nobody that we know', async (host) => {
  expect(await suggestSettings('post@firm.test', withMx(host))).toMatchObject({ source: 'guess' });
});

test.each(['ana@outlook.com', 'ana@hotmail.co.uk', 'ana@live.no', 'ana@msn.com', 'ana@firm.onmicrosoft.com'])(
  '%s signs in at Microsoft, which takes no passwords any more',
  async (address) => {
    expect(await suggestSettings(address, offline)).toMatchObject({
      source: 'table',
      oauth: 'microsoft',
      passwordKind: 'none',
    });
  },
);

test('so does a firm at Microsoft 365; at Google it is a choice, and elsewhere there is none', async () => {
  expect(
    await suggestSettings('post@firm.test', withMx('firm-test.mail.protection.outlook.com')),
  ).toMatchObject({ provider: 'Microsoft 365', oauth: 'microsoft', passwordKind: 'none' });
  expect(await suggestSettings('ana@gmail.com', offline)).toMatchObject({
    oauth: 'google',
    passwordKind: 'app-password',
  });
  expect(await suggestSettings('ana@fastmail.com', offline)).not.toHaveProperty('oauth');
});

test("where a password for programs is made is told in the provider's own words", async () => {
  expect(await suggestSettings('post@firm.test', withMx('aspmx.l.google.com'))).toMatchObject({
    passwordKind: 'app-password',
    hint: 'app-password',
    where: 'Google Account › Security › 2-Step Verification › App passwords',
  });
});

test('a provider that gives out user names of its own is not guessed at', async () => {
  const { imap, smtp, hint } = await suggestSettings('post@firm.test', withMx('mx.domeneshop.no'));

  expect([imap.user, smtp.user, hint]).toEqual([undefined, undefined, 'own-user-name']);
});

test('SRV records of the domain are used, best first, secured before STARTTLS', async () => {
  const records: Record<string, { host: string; port: number }[]> = {
    '_imap._tcp.firm.test': [{ host: 'old.firm.test', port: 143 }],
    '_imaps._tcp.firm.test': [
      { host: 'imap.firm.test.', port: 993 },
      { host: 'spare.firm.test', port: 993 },
    ],
    '_submission._tcp.firm.test': [{ host: 'smtp.firm.test', port: 587 }],
  };
  const srv = async (name: string) => records[name] ?? nowhere();

  expect(await suggestSettings('post@firm.test', { ...offline, srv })).toEqual({
    source: 'srv',
    imap: { ...at('imap.firm.test', 993, 'tls'), user: 'post@firm.test' },
    smtp: { ...at('smtp.firm.test', 587, 'starttls'), user: 'post@firm.test' },
    passwordKind: 'ordinary',
  });
});

test('an SRV record that says "not offered", or names an address, is none', async () => {
  for (const host of ['.', '', '127.0.0.1', 'localhost', 'a b.test']) {
    expect(
      await suggestSettings('post@firm.test', { ...offline, srv: async () => [{ host, port: 993 }] }),
    ).toMatchObject({ source: 'guess' });
  }
});

test('without a network, or with one that never answers, it is the usual guess, in time', async () => {
  const expected = {
    source: 'guess',
    imap: { ...at('mail.firm.test', 993, 'tls'), user: 'post@firm.test' },
    smtp: { ...at('mail.firm.test', 465, 'tls'), user: 'post@firm.test' },
    passwordKind: 'ordinary',
  };
  const never = () => new Promise<never>(() => {});
  expect(await suggestSettings('post@firm.test', offline)).toEqual(expected);
  expect(await suggestSettings('post@firm.test', { mx: never, srv: never, fetch: never }, 100)).toEqual(
    expected,
  );
});
