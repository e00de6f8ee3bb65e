// Organizations and the people who belong to them: told in an export, left whole by an erasure, without a name in their notes.
import { join } from 'node:path';
import { type CustomerRow, findCustomerByAddress, saveOrganization } from '../../server/customers';
import { NOTHING_WITHHELD } from '../../server/privacy/export-zip';
import { exportTo } from '../../server/privacy/exports';
import { letter, openPlace, type Place } from './place';
import { erase } from './wishes';
import { readZip } from './zip';

const NAME = 'Carla Qvist-Bergersen';
const ADDRESS = 'carla@fjord.example';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
  const notes = `Pays by invoice. Ask for ${NAME}, ${ADDRESS}, or for Dora.`;
  const input = { name: 'Fjord Engineering', domains: ['fjord.example'], notes };
  place.app.db.tx(() => saveOrganization(place.app, place.ana, undefined, input));
  await place.arrives(letter({ from: `${NAME} <${ADDRESS}>`, body: 'The kettle is broken.' }));
  await place.arrives(letter({ from: 'Dora <dora@fjord.example>', body: 'The lid is lost.' }));
});
afterEach(() => place.close());

const known = (address: string) => findCustomerByAddress(place.app.db, address) as CustomerRow;

test('P2: an export says whom the person belongs to, and not what is noted about the firm', async () => {
  const out = join(place.data, 'export.zip');
  await exportTo(place.app, known(ADDRESS), out, NOTHING_WITHHELD);
  const data = readZip(out).get('data.json')?.toString('utf8') ?? '';

  expect(data).toContain('Fjord Engineering');
  expect(data).not.toContain('Pays by invoice');
});

test('P3: erasing somebody leaves the organization and its other people, and takes the name out of its note', async () => {
  await erase(place, ADDRESS);

  expect(place.rows('SELECT name FROM organizations')).toEqual([{ name: 'Fjord Engineering' }]);
  expect(place.rows('SELECT domain FROM organization_domains')).toEqual([{ domain: 'fjord.example' }]);
  expect(known('dora@fjord.example').organization_id).not.toBeNull();
  const [{ notes } = { notes: '' }] = place.rows<{ notes: string }>('SELECT notes FROM organizations');
  expect(notes).toContain('Pays by invoice.');
  expect(notes).toContain('or for Dora.');
  expect(notes).not.toContain('Qvist');
  expect(place.hits(ADDRESS)).toEqual([]);
});
