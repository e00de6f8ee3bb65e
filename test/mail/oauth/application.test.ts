// The firm's own application at a provider: led through step by step, entered once, and its secret never seen again.

import { applicationAt } from '../../../server/mail/oauth/application';
import { writeSetting } from '../../../server/settings';
import { CLIENT } from '../../support/authority';
import { type Desk, openDesk } from '../../support/desk';
import { type Doors, openDoors, type Person } from '../../support/doors';

const MICROSOFT = '/settings/mailboxes/applications/microsoft';
const GOOGLE = '/settings/mailboxes/applications/google';

let desk: Desk;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const reachedAt = (publicUrl: string) =>
  desk.app.db.tx(() => writeSetting(desk.app, 'address', { publicUrl }));
const enter = (more: Record<string, string> = {}, path = MICROSOFT) =>
  olga.post(path, { ...CLIENT, tenant: '', ...more });

test('the page tells every step, with the redirect address to copy, from the public address and nothing else', async () => {
  reachedAt('https://desk.teapot.example');
  for (const [page, permissions] of [
    [MICROSOFT, ['IMAP.AccessAsUser.All', 'SMTP.Send', 'offline_access']],
    [GOOGLE, ['https://mail.google.com/']],
  ] as const) {
    const { html } = await olga.get(page);
    expect(html).toContain('https://desk.teapot.example/settings/mailboxes/signed-in');
    expect(html).not.toContain(`${doors.url}/settings`);
    for (const permission of permissions) expect(html).toContain(permission);
  }
});

test('where nobody has said the public address, or it is not encrypted, that comes first', async () => {
  expect((await olga.get(MICROSOFT)).html).toContain('under your public address, which nobody has said yet');
  reachedAt('http://desk.teapot.example');
  expect((await olga.get(MICROSOFT)).html).toContain('Microsoft takes only addresses that begin with https.');
  reachedAt('http://localhost:3000');
  expect((await olga.get(MICROSOFT)).html).not.toContain('takes only addresses');
});

test('it is entered once for all mailboxes there; the secret is sealed and never shown', async () => {
  expect(await enter({ tenant: 'Teapot.onmicrosoft.com' })).toMatchObject({
    status: 303,
    location: '/settings/mailboxes',
  });
  expect(applicationAt(desk.app, 'microsoft')).toEqual({ ...CLIENT, tenant: 'teapot.onmicrosoft.com' });
  expect(applicationAt(desk.app, 'google')).toBeUndefined();
  expect(Buffer.from(desk.app.db.sql.serialize()).includes(CLIENT.clientSecret)).toBe(false);

  const { html } = await olga.get(MICROSOFT);
  expect(html).toContain(`value="${CLIENT.clientId}"`);
  expect(html).toContain('Known already. Leave it empty to keep it.');
  expect(html).not.toContain(CLIENT.clientSecret);
  expect(desk.events('application.changed')).toMatchObject([{ facts: '{"provider":"microsoft"}' }]);
});

test('a secret left empty stays, but goes with no other client ID', async () => {
  expect((await enter({ clientSecret: '' })).status).toBe(422);
  await enter();
  expect((await enter({ clientSecret: '', tenant: 'teapot.example' })).status).toBe(303);
  expect(applicationAt(desk.app, 'microsoft')).toEqual({ ...CLIENT, tenant: 'teapot.example' });

  const other = await enter({ clientSecret: '', clientId: 'another' });
  expect(other.status).toBe(422);
  expect(other.html).toContain('The client ID changed, so type its secret.');
  expect(other.html).toContain('value="another"');
  expect(applicationAt(desk.app, 'microsoft')).toMatchObject(CLIENT);
});

test.each([
  ['evil.example/x?', ''],
  ['../common', ''],
  ['a b', ''],
  ['@evil.example', ''],
  ['72f988bf-86f1-41af-91ab-2d7cd011db47', '72f988bf-86f1-41af-91ab-2d7cd011db47'],
  ['consumers', 'consumers'],
])('AC-33: “%s” as directory can only be part of the provider’s own address', async (tenant, kept) => {
  expect((await enter({ tenant })).status).toBe(kept ? 303 : 422);
  expect(applicationAt(desk.app, 'microsoft')?.tenant ?? '').toBe(kept);
});

test('no other provider has a page, and Google asks for no directory', async () => {
  for (const name of ['evil', 'constructor', 'Microsoft'])
    expect((await olga.get(`/settings/mailboxes/applications/${name}`)).status).toBe(404);
  expect((await olga.get(GOOGLE)).html).not.toContain('name="tenant"');
});

test('what providers say when they refuse stands beside the steps, each with one sentence', async () => {
  const { html } = await olga.get(MICROSOFT);
  for (const code of [
    'AADSTS50011',
    'AADSTS65001',
    'AADSTS700016',
    'AADSTS7000215',
    'AADSTS7000222',
    'AADSTS50020',
  ])
    expect(html).toContain(code);
  expect(html).not.toContain('org_internal');
  const google = (await olga.get(GOOGLE)).html;
  for (const code of [
    'redirect_uri_mismatch',
    'org_internal',
    'admin_policy_enforced',
    'invalid_client',
    'access_denied',
  ])
    expect(google).toContain(code);
  expect(google).not.toContain('AADSTS');
});
