// Somebody who was only ever in copy is found by an address, exported and erased from pages too (P2, P3).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCustomerByAddress } from '../../server/customers';
import { exportPath } from '../../server/privacy/export-files';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, openPlace, type Place } from './place';
import { erase } from './wishes';
import { readZip } from './zip';

const CARLA = 'carla.jansone@mail.example';

let place: Place;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  place = await openPlace();
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  doors = await openDoors(place);
  olga = doors.as(place.owner);
  await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      cc: `Carla Jansone <${CARLA}>`,
      subject: 'Our kettle',
      body: 'Carla Jansone reads along.',
    }),
  );
});
afterEach(async () => {
  await doors.close();
  await place.close();
});

const found = async (address: string) => (await olga.post('/privacy', { address })).location ?? '';

test('P2: the overview finds whoever is only in copy, under an address without an e-mail address, and exports them', async () => {
  expect((await olga.get('/privacy')).html).toContain('name="address"');
  const page = await found(` ${CARLA.toUpperCase()}`);
  expect(page).toMatch(/^\/privacy\/copied\/\d+$/);
  expect((await olga.get(page)).html).toContain('Our kettle');

  const { location } = await olga.post(`${page}/export`);
  await place.app.jobs.runDue();
  const { html } = await olga.get(location as string);
  expect(html).toContain('Take it along');
  expect(html).toContain(`href="${page}"`);
  const [row] = place.rows<{ disk_name: string }>('SELECT disk_name FROM exports');
  const zip = readZip(exportPath(place.data, row?.disk_name ?? ''));
  expect(zip.get('tickets/1001.html')?.toString()).toContain('reads along');
  expect((await olga.get('/privacy')).html).toContain('Carla Jansone');
});

test('P3: they are erased from the page, their export with them, and others stay whole', async () => {
  const page = await found(CARLA);
  await olga.post(`${page}/export`);
  await place.app.jobs.runDue();
  const asked = await olga.get(`${page}/erase`);
  expect(asked.html).toContain(`<b dir="auto">${CARLA}</b>`);
  const wish = { kind: 'erase', othersFiles: 'remove', ground: 'b' };
  expect((await olga.post(`${page}/erase`, { ...wish, typed: 'carla' })).status).toBe(422);

  const { location } = await olga.post(`${page}/erase`, { ...wish, typed: CARLA });
  await place.app.jobs.runDue();

  expect((await olga.get(location as string)).html).toContain('Certificate of erasure');
  expect(place.hits('jansone')).toEqual([]);
  expect(place.rows('SELECT * FROM exports')).toEqual([]);
  expect((await olga.get(page)).status).toBe(404);
  expect(findCustomerByAddress(place.app.db, 'per@mail.example')?.name).toBe('Per Olsen');
});

test('P3: an export of somebody who was copied goes when it may hold something of whoever is erased', async () => {
  await olga.post(`${await found(CARLA)}/export`);
  await place.app.jobs.runDue();

  await erase(place, 'per@mail.example');

  expect(place.rows('SELECT * FROM exports')).toEqual([]);
});

test('a customer is led to their own page; nobody, an agent and a mailbox are not found, and the address is kept', async () => {
  const per = findCustomerByAddress(place.app.db, 'per@mail.example');
  expect(await found('per@mail.example')).toBe(`/customers/${per?.public_id}`);
  for (const address of ['nobody@mail.example', 'ana@teapot.example', 'no address']) {
    const refused = await olga.post('/privacy', { address });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('Nobody is known by this address.');
    expect(refused.html).toContain(`value="${address}"`);
  }
  for (const path of [
    '/privacy/copied/0',
    '/privacy/copied/999',
    '/privacy/copied/x',
    '/privacy/copied/1/erase',
  ])
    expect((await olga.get(path)).status).toBe(404);
  expect((await doors.as(place.ana).post('/privacy', { address: CARLA })).status).toBe(403);
});
