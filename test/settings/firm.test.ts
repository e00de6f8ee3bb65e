// The firm's own page.
import { firmOf, publicUrlOf } from '../../server/settings';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors } from '../support/doors';

let desk: Desk;
let doors: Doors;

async function open(values: Record<string, string> = {}) {
  desk = openDesk({ values });
  doors = await openDoors(desk);
}
beforeEach(() => open());
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const FIRM = {
  company: 'Tējkanna SIA',
  language: 'lv',
  timeZone: 'Europe/Riga',
  publicUrl: 'https://desk.tejkanna.lv/',
};

test('an admin says who the firm is and where it is reached', async () => {
  const adam = doors.as(desk.agent('Adam', 'admin'));
  expect(await adam.post('/settings/firm', FIRM)).toMatchObject({ status: 303, location: '/settings/firm' });
  expect(firmOf(desk.app)).toEqual({ company: 'Tējkanna SIA', language: 'lv', timeZone: 'Europe/Riga' });
  expect(publicUrlOf(desk.app)).toBe('https://desk.tejkanna.lv');
  const page = await adam.get('/settings/firm');
  expect(page.html).toContain('value="Tējkanna SIA"');
  expect(page.html).toContain('Saved');
  expect(desk.events('firm.changed')).toHaveLength(1);
});

test('an empty address takes it back', async () => {
  const olga = doors.as(desk.owner);
  await olga.post('/settings/firm', FIRM);
  await olga.post('/settings/firm', { ...FIRM, publicUrl: '' });
  expect(publicUrlOf(desk.app)).toBeUndefined();
});

test('what is wrong stands at its field, and what was typed is kept', async () => {
  const page = await doors.as(desk.owner).post('/settings/firm', {
    company: ' ',
    language: 'lv',
    timeZone: 'Mars',
    publicUrl: 'desk.tejkanna.lv',
  });
  expect(page.status).toBe(422);
  for (const field of ['company', 'timeZone', 'publicUrl'])
    expect(page.html).toContain(`id="field-${field}-error"`);
  expect(page.html).toContain('value="desk.tejkanna.lv"');
  expect(firmOf(desk.app).company).toBe('Teapot');
});

test('AC-34: what the command line says stands, and no form changes it', async () => {
  await doors.close();
  await desk.close();
  await open({ 'public-url': 'http://127.0.0.1:1' });
  expect(publicUrlOf(desk.app)).toBe('http://127.0.0.1:1');
  expect((await doors.as(desk.owner).post('/settings/firm', FIRM)).status).toBe(421);
});

test('AC-48: every other setting added to the form changes nothing', async () => {
  const olga = doors.as(desk.owner);
  for (const field of ['setup', 'tokenHash', 'address', 'backups', 'key', 'value']) {
    expect((await olga.post('/settings/firm', { ...FIRM, [field]: 'x' })).status).toBe(422);
  }
  expect(firmOf(desk.app).company).toBe('Teapot');
});

test('AC-46: agents and viewers neither see nor change the firm', async () => {
  for (const person of [desk.ana, desk.agent('Vera', 'viewer')]) {
    expect((await doors.as(person).get('/settings/firm')).status).toBe(403);
    expect((await doors.as(person).post('/settings/firm', FIRM)).status).toBe(403);
  }
  expect(
    (await doors.as(desk.owner).post('/settings/firm', FIRM, { 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403);
  expect(firmOf(desk.app).company).toBe('Teapot');
});

test('everybody’s settings begin with their own account; subjects are those that the role may open', async () => {
  const subjects = (html: string) =>
    [...html.matchAll(/class="subject" href="([^"]+)"/g)].map(([, href]) => href);
  expect((await doors.as(desk.ana).get('/settings')).location).toBe('/settings/profile');
  expect(subjects((await doors.as(desk.ana).get('/settings/profile')).html)).toEqual([
    '/settings/profile',
    '/settings/notices',
    '/settings/macros',
  ]);

  const olga = doors.as(desk.owner);
  const hers = subjects((await olga.get('/settings/profile')).html);
  expect(hers).toEqual(
    expect.arrayContaining([
      '/settings/firm',
      '/settings/agents',
      '/settings/mailboxes',
      '/settings/mail-tray',
      '/settings/roles',
    ]),
  );
  for (const href of hers) expect((await olga.get(String(href))).status).toBe(200);
});
