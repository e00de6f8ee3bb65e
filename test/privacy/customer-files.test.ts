// A file of customers that is being looked at: whoever is erased is gone from it too, and is not made anew by it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCustomerByAddress } from '../../server/customers';
import { beginCustomerImport, findImport, readCustomers } from '../../server/tickets/customer-csv/import';
import { letter, openPlace, type Place } from './place';
import { erase } from './wishes';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
  await place.arrives(letter({ from: 'Carla Qvist-Bergersen <carla@mail.example>', body: 'Hello.' }));
});
afterEach(() => place.close());

async function read(text: string): Promise<number> {
  const path = join(place.data, 'customers.csv');
  writeFileSync(path, text);
  const id = await readCustomers(place.app, place.owner, path);
  writeFileSync(path, '');
  if (typeof id !== 'number') throw new Error(id.key);
  return id;
}

test('P3: the rows in which an erased person stands go whole, the others are imported as shown', async () => {
  const id = await read(
    [
      'name,email,company',
      'Carla Q,carla@mail.example,Fjord',
      'Dora,dora@mail.example,Carla Qvist-Bergersen',
      'Emil,emil@mail.example,Fjord',
    ].join('\n'),
  );
  await erase(place, 'carla@mail.example');

  expect(place.rows('SELECT line FROM customer_import_rows')).toEqual([{ line: 4 }]);
  expect(place.hits('carla@mail.example')).toEqual([]);
  const run = findImport(place.app.db, id);
  place.app.db.tx(() => run && beginCustomerImport(place.app, place.owner, run, true));
  await place.app.jobs.runDue();
  expect(findCustomerByAddress(place.app.db, 'emil@mail.example')?.name).toBe('Emil');
  expect(findCustomerByAddress(place.app.db, 'carla@mail.example')).toBeUndefined();
});

test('P5: a file that names somebody who was erased does not bring them back', async () => {
  await erase(place, 'carla@mail.example');
  await read('name,email\nCarla,carla@mail.example\nDora,dora@mail.example');

  expect(place.rows('SELECT outcome, why FROM customer_import_rows ORDER BY id')).toEqual([
    { outcome: 'refused', why: 'erased' },
    { outcome: 'new', why: null },
  ]);
});
