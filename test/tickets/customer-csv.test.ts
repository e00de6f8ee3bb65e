// Customers and organizations as files: everybody once, nothing a spreadsheet would calculate, noted, for admins only.
import {
  type CustomerRow,
  claimAddress,
  findCustomerByAddress,
  placeCustomer,
  saveOrganization,
} from '../../server/customers';
import { csvRows } from '../../server/lib/csv';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

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

const known = (address: string) => findCustomerByAddress(desk.app.db, address) as CustomerRow;
const cellsOf = async (path: string) => [...csvRows((await olga.post(path)).html)].map(({ cells }) => cells);

test('everybody stands in it once, with addresses that proved themselves, organization and number of tickets', async () => {
  desk.app.db.tx(() => desk.ticketFrom('Carla'));
  desk.app.db.tx(() => desk.ticketFrom('Carla'));
  const carla = known('carla@mail.example');
  desk.app.db.tx(() => claimAddress(desk.app, carla, 'boss@firm.example'));
  for (let n = 0; n < 600; n++) desk.app.db.tx(() => desk.customer(`P${n}`));
  const input = { name: '=Fjord', domains: ['fjord.example'], notes: '+47 22' };
  const saved = desk.app.db.tx(() => saveOrganization(desk.app, desk.owner, undefined, input));
  desk.app.db.tx(() => placeCustomer(desk.app, desk.owner, carla, 'id' in saved ? saved.id : 0));

  const [head, ...rows] = await cellsOf('/customers.csv');
  expect(head).toEqual(['name', 'addresses', 'organization', 'language', 'time_zone', 'created', 'tickets']);
  expect(rows).toHaveLength(601);
  expect(rows[0]).toEqual(['Carla', 'carla@mail.example', '=Fjord', '', '', '2026-11-20', '2']);
  expect(await cellsOf('/organizations.csv')).toEqual([
    ['name', 'domains', 'customers', 'created', 'note'],
    ['=Fjord', 'fjord.example', '1', '2026-11-20', '+47 22'],
  ]);
});

test('AC-58: a name that a stranger chose is no formula, in UTF-8 that spreadsheets recognise', async () => {
  desk.app.db.tx(() => desk.ticketFrom('Carla'));
  desk.rows("UPDATE customers SET name = '=HYPERLINK(1)' RETURNING id");
  const answer = await fetch(`${doors.url}/customers.csv`, {
    method: 'POST',
    headers: {
      'sec-fetch-site': 'same-origin',
      cookie: [...olga.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());

  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(bytes.toString('utf8')).toContain(`\r\n"'=HYPERLINK(1)","carla@mail.example",`);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="customers-2026-11-20.csv"');
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('P12: whose data was taken along is noted, and by whom', async () => {
  desk.app.db.tx(() => desk.ticketFrom('Carla'));
  await olga.post('/customers.csv');
  await olga.post('/organizations.csv');

  expect(desk.rows("SELECT agent_id, customer_id FROM read_log WHERE act = 'exported'")).toEqual([
    { agent_id: desk.owner.id, customer_id: known('carla@mail.example').id },
  ]);
  expect(desk.events('%.exported').map(({ name }) => name)).toEqual([
    'customers.exported',
    'organizations.exported',
  ]);
});

test('only those who may export get it, and only they are offered it', async () => {
  desk.app.db.tx(() => desk.ticketFrom('Carla'));
  expect((await olga.get('/customers')).html).toContain('action="/customers.csv"');
  const ana = doors.as(desk.ana);
  expect((await ana.get('/customers')).html).not.toContain('customers.csv');
  for (const path of ['/customers.csv', '/organizations.csv'])
    expect((await ana.post(path)).status).toBe(403);
  expect(desk.events('%.exported')).toEqual([]);
});
