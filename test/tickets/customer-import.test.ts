// Customers from a file: shown first, then exactly that is done; repeated without doubles, in steps, for admins only.
import {
  type CustomerRow,
  findAddresses,
  findCustomerByAddress,
  findOrganizationById,
  knowCustomerByMail,
} from '../../server/customers';
import { SYSTEM } from '../../server/events';
import { DAY } from '../../server/lib/clock';
import { customersCsv } from '../../server/tickets/customer-csv/export';
import { forgetHalfReadImports, sweepCustomerImports } from '../../server/tickets/customer-csv/import';
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

const send = (text: string | Uint8Array, who: Person = olga) =>
  who.upload('/customer-imports', {}, [
    { name: 'customers.csv', type: 'text/csv', bytes: Buffer.from(text) },
  ]);
/** Returns the address of its preview. */
async function read(text: string): Promise<string> {
  const answer = await send(text);
  expect(answer.status).toBe(303);
  return answer.location as string;
}
const outcomes = () =>
  desk
    .rows<{ line: number; outcome: string; why: string | null }>(
      'SELECT line, outcome, why FROM customer_import_rows WHERE import_id = (SELECT max(id) FROM customer_imports) ORDER BY id',
    )
    .map(({ line, outcome, why }) => [line, outcome, why]);
async function carryOut(path: string, fields: Record<string, string> = {}): Promise<void> {
  expect((await olga.post(`${path}/begin`, fields)).location).toBe(path);
  while (desk.rows("SELECT 1 FROM jobs WHERE state = 'waiting' AND kind = 'import customers'").length > 0)
    await desk.app.jobs.runDue();
}
const known = (address: string) => findCustomerByAddress(desk.app.db, address) as CustomerRow;
const count = () => desk.rows('SELECT 1 FROM customers').length;
const organizationOf = (address: string) =>
  findOrganizationById(desk.app.db, known(address).organization_id ?? 0)?.name;

const FILE = [
  'Full name;E-mail;Company;Language;Time_zone;Shoe size',
  'Dora Kalniņa;dora@club.example, d.k@club.example;Club;lv;Europe/Riga;38',
  'Carla Berg;carla@mail.example;Club;nb;;39',
  'Emil;;;;;40',
  'Emil;emil@;;;;40',
  'Frida;frida@mail.example;;de;;41',
  'Gustav;gustav@mail.example;;;Europe/Atlantis;42',
  'Dora again;DORA@club.example;;;;43',
].join('\r\n');

test('what would become of each row is shown, and nothing has changed', async () => {
  desk.app.db.tx(() => desk.customer('Carla'));
  const before = desk.rows('SELECT * FROM customers');
  const path = await read(FILE);

  expect(outcomes()).toEqual([
    [2, 'new', null],
    [3, 'changed', null],
    [4, 'refused', 'noAddress'],
    [5, 'refused', 'address'],
    [6, 'refused', 'language'],
    [7, 'refused', 'zone'],
    [8, 'refused', 'twice'],
  ]);
  expect((await olga.get(path)).html).toContain('Dora Kalniņa · dora@club.example, d.k@club.example');
  const changed = await olga.get(`${path}?show=changed`);
  for (const text of ['Line 3', 'Name: Carla → Carla Berg', 'Organization: Club', 'Language: nb'])
    expect(changed.html).toContain(text);
  expect((await olga.get(`${path}?show=refused`)).html).toContain('An earlier row has one of its addresses.');
  expect(desk.rows('SELECT * FROM customers')).toEqual(before);
  expect(desk.rows('SELECT * FROM organizations')).toEqual([]);
});

test('the new are made, those known already are changed only where that was wished', async () => {
  desk.app.db.tx(() => desk.customer('Carla'));
  await carryOut(await read(FILE));
  const dora = known('dora@club.example');
  expect(dora).toMatchObject({ name: 'Dora Kalniņa', language: 'lv', time_zone: 'Europe/Riga' });
  expect(known('d.k@club.example').id).toBe(dora.id);
  expect(organizationOf('dora@club.example')).toBe('Club');
  expect(known('carla@mail.example').name).toBe('Carla');

  await carryOut(await read(FILE), { changes: 'on' });
  expect(known('carla@mail.example')).toMatchObject({ name: 'Carla Berg', language: 'nb' });
  expect(organizationOf('carla@mail.example')).toBe('Club');
  expect(desk.rows('SELECT name FROM organizations')).toEqual([{ name: 'Club' }]);
  expect(desk.events('customers.imported')).toHaveLength(2);
});

test('the same file again makes nobody twice, and an empty cell takes nothing away', async () => {
  await carryOut(await read(FILE));
  const before = desk.rows('SELECT * FROM customers');
  await carryOut(await read(FILE), { changes: 'on' }).catch(() => undefined);
  await read('name,email\n,dora@club.example');

  expect(outcomes()).toEqual([[2, 'same', null]]);
  expect(desk.rows('SELECT * FROM customers')).toEqual(before);
});

test('what somebody changed after it was shown is not overwritten', async () => {
  desk.app.db.tx(() => desk.customer('Carla'));
  const path = await read('name,email\nCarla Berg,carla@mail.example\nDora,dora@mail.example');
  desk.rows("UPDATE customers SET name = 'Carla Holm' RETURNING id");
  desk.app.db.tx(() => desk.customer('Dora'));
  await carryOut(path, { changes: 'on' });

  expect(known('carla@mail.example').name).toBe('Carla Holm');
  expect(outcomes()).toEqual([
    [2, 'refused', 'meanwhile'],
    [3, 'same', null],
  ]);
});

test('an address of two customers, of ours, or of somebody who was erased or restricted is refused', async () => {
  for (const name of ['Carla', 'Dora', 'Rita']) desk.app.db.tx(() => desk.customer(name));
  desk.rows("UPDATE customers SET restricted_at = 1 WHERE name = 'Rita' RETURNING id");
  desk.mailbox('support@teapot.example');
  desk.app.hooks.erasedAt = (_app, address) => (address === 'gone@mail.example' ? 1 : undefined);
  await read(
    [
      'name,email',
      'Both,carla@mail.example; dora@mail.example',
      'We,support@teapot.example',
      'Gone,gone@mail.example',
      'Rita B,rita@mail.example',
    ].join('\n'),
  );
  expect(outcomes().map(([, outcome, why]) => [outcome, why])).toEqual([
    ['refused', 'several'],
    ['refused', 'own'],
    ['refused', 'erased'],
    ['refused', 'restricted'],
  ]);
});

test('AC-32: a domain in letters is the one that mail writes in punycode', async () => {
  const sender = { name: 'Kari', address: 'kari@xn--blbr-roah.no' };
  desk.app.db.tx(() => knowCustomerByMail(desk.app, SYSTEM, sender));
  desk.mailbox('support@xn--teek-toa.example');
  desk.app.hooks.erasedAt = (_app, address) => (address === 'gone@xn--blbr-roah.no' ? 1 : undefined);
  const path = await read(
    [
      'name,email',
      'Kari,kari@blåbær.no',
      'We,support@teekå.example',
      'Gone,GONE@blåbær.no',
      'Dora,dora@blåbær.no; Dora@xn--blbr-roah.no',
    ].join('\n'),
  );
  expect(outcomes().map(([, outcome, why]) => [outcome, why])).toEqual([
    ['same', null],
    ['refused', 'own'],
    ['refused', 'erased'],
    ['new', null],
  ]);
  await carryOut(path);
  expect(desk.rows('SELECT address FROM customer_addresses')).toEqual([
    { address: 'kari@xn--blbr-roah.no' },
    { address: 'dora@xn--blbr-roah.no' },
  ]);
});

test('what went out as a file comes in again as it is', async () => {
  await carryOut(await read(FILE));
  desk.rows("UPDATE customers SET name = '=1+1' WHERE id = 1 RETURNING id");
  let text = '';
  for await (const part of customersCsv(desk.app, desk.owner)) text += part;
  await read(text);
  expect(outcomes().map(([, outcome]) => outcome)).toEqual(['same', 'same']);
});

test.each([
  ['', 'Choose a file that is not empty.'],
  ['name,email\n', 'There is no row below the headings.'],
  ['name,phone\nAnna,1', 'No heading is “addresses” or “email”'],
  ['name,email\n"Anna,1', 'A quote that begins on line 2 is never closed.'],
  [Buffer.from([0x6e, 0x2c, 0xe6, 0x0a]), 'The file is not in UTF-8.'],
  [`email\n${'a@b.example\n'.repeat(20_001)}`, 'There are more than 20,000 rows.'],
  [`email\n${'a@b.example\n'.repeat(20_001)}"`, 'There are more than 20,000 rows.'],
  [`email\na@b.example${','.repeat(100)}`, 'The row on line 2 has more than 100 columns'],
  [`email\na@b.example,${'x'.repeat(100_000)}`, 'The row on line 2 has more than 100 columns'],
])('a file that cannot be read is refused in a sentence (%#)', async (text, sentence) => {
  const { status, html } = await send(text);
  expect(status).toBe(422);
  expect(html).toContain(sentence);
  expect(desk.rows('SELECT 1 FROM customer_imports')).toEqual([]);
});

test('10,000 rows are done in steps, with progress; whatever interrupts them neither loses nor repeats one', async () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => `Person ${n},p${n}@mail.example`);
  const path = await read(`name,email\n${rows.join('\n')}`);
  await olga.post(`${path}/begin`);
  await olga.post(`${path}/begin`);
  expect((await olga.get(path)).html).toContain('0 of 10,000 rows');
  while (desk.rows("SELECT 1 FROM jobs WHERE state = 'waiting' AND kind = 'import customers'").length > 0)
    await desk.app.jobs.runDue();

  expect(count()).toBe(10_000);
  expect((await olga.get(path)).html).toContain('It is done.');
  expect(findAddresses(desk.app.db, known('p9999@mail.example').id)).toHaveLength(1);
}, 120_000);

test('until its last row is there a file can neither be begun nor forgotten', async () => {
  const { app } = desk;
  const { write } = app;
  const seen: { state: string; begin: boolean; forget: boolean }[] = [];
  const look = async () => {
    const [run] = desk.rows<{ id: number; state: string }>('SELECT id, state FROM customer_imports');
    if (!run) return;
    const { html } = await olga.get(`/customer-imports/${run.id}`);
    const [begin, forget] = ['begin', 'removal'].map((what) => html.includes(`/${run.id}/${what}"`));
    seen.push({ state: run.state, begin: begin === true, forget: forget === true });
    if (run.state === 'reading')
      for (const what of ['begin', 'removal']) await olga.post(`/customer-imports/${run.id}/${what}`);
  };
  app.write = async (work) => {
    const done = await write(work);
    app.write = write;
    await look();
    app.write = again;
    return done;
  };
  const again = app.write;
  await read(`email\n${Array.from({ length: 120 }, (_, n) => `p${n}@mail.example`).join('\n')}`);

  const half = { state: 'reading', begin: false, forget: false };
  expect(seen).toEqual([half, half, half, { state: 'ready', begin: true, forget: true }]);
  expect(outcomes()).toHaveLength(120);
});

test('what was half read when the power went is gone after the start', async () => {
  const whole = await read(FILE);
  const half = await read('email\nanna@mail.example');
  desk.rows("UPDATE customer_imports SET state = 'reading' WHERE id = 2 RETURNING id");
  await forgetHalfReadImports(desk.app);
  expect((await olga.get(half)).status).toBe(404);
  expect((await olga.get(whole)).status).toBe(200);
  expect(desk.rows('SELECT DISTINCT import_id FROM customer_import_rows')).toEqual([{ import_id: 1 }]);
});

test('what was read can be forgotten, and is by itself after a week', async () => {
  const path = await read(FILE);
  expect((await olga.get('/customer-imports')).html).toContain(`href="${path}"`);
  expect((await olga.post(`${path}/removal`)).location).toBe('/customers');
  expect(desk.rows('SELECT 1 FROM customer_import_rows')).toEqual([]);
  expect((await olga.get(path)).status).toBe(404);

  const later = await read(FILE);
  desk.clock.pass(7 * DAY);
  expect(await sweepCustomerImports(desk.app)).toBe(0);
  desk.clock.pass(1);
  expect(await sweepCustomerImports(desk.app)).toBe(1);
  expect((await olga.get(later)).status).toBe(404);
});

test('agents may not, and are not offered it', async () => {
  const ana = doors.as(desk.ana);
  expect((await ana.get('/customers')).html).not.toContain('/customer-imports');
  expect((await send(FILE, ana)).status).toBe(403);
  expect((await olga.get('/customers')).html).toContain('href="/customer-imports"');
});
