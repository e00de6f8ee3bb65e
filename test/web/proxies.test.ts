// What headers of proxies change (AC-35), and HTTPS with a certificate of one's own.

import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword } from '../../server/agents';
import { serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { openLog } from '../../server/lib/log';
import { setUpFirm } from '../../server/setup';
import { givePassword, PASSWORD } from '../agents/people';
import { selfSigned } from '../support/certificates';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

let desk: Desk;
let doors: Doors;

async function open(values: Record<string, string> = {}) {
  desk = openDesk({ values });
  await givePassword(desk, desk.owner, desk.ana);
  doors = await openDoors(desk);
}

const signIn = (headers: Record<string, string>, password = PASSWORD) =>
  doors.stranger().post('/sign-in', { email: 'ana@teapot.example', password, next: '' }, headers);
const networks = () => desk.app.db.sql.prepare('SELECT DISTINCT short_ip FROM sessions').pluck().all();

const CLAIMS: Record<string, string>[] = [
  { 'x-forwarded-for': '203.0.113.9' },
  { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' },
  { forwarded: 'for=203.0.113.9;proto=https;host=evil.example' },
  { 'x-real-ip': '203.0.113.9' },
  { 'cf-connecting-ip': '<script>alert(1)</script>' },
  { 'true-client-ip': '203.0.113.9', 'x-client-ip': '203.0.113.9', 'x-cluster-client-ip': '203.0.113.9' },
  { 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'on', 'front-end-https': 'on' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-port': '443' },
];

const IMPOSTORS: Record<string, string>[] = [
  { 'x-remote-user': 'olga@teapot.example' },
  { 'remote-user': 'olga@teapot.example', 'x-auth-request-email': 'olga@teapot.example' },
  { 'x-forwarded-user': 'olga', 'x-authenticated-user': 'olga', authorization: 'Basic b2xnYTpvbGdh' },
];

describe('directly', () => {
  beforeEach(() => open());
  afterEach(async () => {
    await doors.close();
    await desk.close();
  });

  test.each(CLAIMS)('AC-35: %j changes nothing', async (headers) => {
    const answer = await signIn(headers);
    expect(answer).toMatchObject({ status: 303, location: '/tickets' });
    expect(answer.headers.getSetCookie().join()).toMatch(/^hearthdesk=/);
    expect(answer.headers.getSetCookie().join()).not.toContain('Secure');
    expect(networks()).toEqual(['127.0.0.0/24']);
  });

  test.each(IMPOSTORS)('AC-35: nobody is signed in by %j', async (headers) => {
    expect((await doors.stranger().get('/settings/agents', headers)).location).toContain('/sign-in');
  });

  test('AC-35: another claimed address for each try does not get around the limit', async () => {
    const statuses = [];
    for (let n = 0; n < 8; n++)
      statuses.push((await signIn({ 'x-forwarded-for': `203.0.${n}.9` }, 'a guess')).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  });
});

describe('behind a proxy that is believed', () => {
  beforeEach(() => open({ 'trust-proxy': '127.0.0.1,10.0.0.0/8' }));
  afterEach(async () => {
    await doors.close();
    await desk.close();
  });

  test('AC-35: its word counts for address and encryption, and the cookie becomes a __Host- one', async () => {
    const answer = await signIn({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' });
    const cookie = answer.headers.getSetCookie().join();
    expect(cookie).toMatch(/^__Host-hearthdesk=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax/);
    expect(networks()).toEqual(['203.0.113.0/24']);
  });

  test('AC-35: what stands before the last believed proxy is not believed', async () => {
    await signIn({ 'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.1.2.3' });
    expect(networks()).toEqual(['203.0.113.0/24']);
  });

  test('AC-35: the ordinary cookie is not taken over HTTPS, so nobody can plant one from beside', async () => {
    const ana = doors.as(desk.ana);
    expect((await ana.get('/tickets')).status).toBe(200);
    expect((await ana.get('/tickets', { 'x-forwarded-proto': 'https' })).status).toBe(303);
  });

  test('AC-34: the host that the proxy claims is not used for links', async () => {
    const answer = await doors
      .as(desk.owner)
      .post(
        '/settings/agents',
        { name: 'Kim', email: 'kim@teapot.example', role: 'agent', how: 'link' },
        { 'x-forwarded-host': 'evil.example' },
      );
    expect(answer.html).toContain(`${doors.url}/invite/`);
    expect(answer.html).not.toContain('evil.example');
  });
});

test('with a certificate: HTTPS, the __Host- cookie, and browsers are told to stay with it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'https-'));
  const { certFile, keyFile, cert } = selfSigned();
  const config = readConfig({ data, port: '0', host: '127.0.0.1', 'tls-cert': certFile, 'tls-key': keyFile });
  const serving = await serveHouse(config, { log: openLog('silent') });
  const passwordHash = await hashPassword(PASSWORD);
  const owner = { name: 'Olga', email: 'olga@teapot.example', passwordHash };
  await serving.app.write(() =>
    setUpFirm(serving.app, { company: 'Teapot', language: 'en', timeZone: 'UTC', owner }),
  );

  const body = new URLSearchParams({ email: 'olga@teapot.example', password: PASSWORD, next: '' }).toString();
  const answer = await new Promise<{ status?: number; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: serving.port,
        path: '/sign-in',
        method: 'POST',
        ca: cert,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          'content-length': body.length,
        },
      };
      request(options, (res) =>
        res.resume().on('end', () => resolve({ status: res.statusCode, headers: res.headers })),
      )
        .on('error', reject)
        .end(body);
    },
  );
  await serving.stop();
  rmSync(data, { recursive: true, force: true });

  expect(answer.status).toBe(303);
  expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-hearthdesk=[\w-]{43};.*Secure/);
  expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
});
