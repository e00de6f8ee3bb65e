// Customers: found or made by their addresses, which name somebody only once they have proved themselves (C8).
import {
  changeCustomer,
  claimAddress,
  createCustomer,
  findAddresses,
  findCustomerByAddress,
  findCustomersLike,
  knowCustomerByMail,
  proveAddress,
} from '../../server/customers';
import { cleanName } from '../../server/customers/customer';
import { SYSTEM } from '../../server/events';
import { MINUTE } from '../../server/lib/clock';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const know = (name: string, address: string) =>
  desk.app.db.tx(() => knowCustomerByMail(desk.app, SYSTEM, { name, address }));

test('an address in any capitals is one customer, a tag makes another', () => {
  const carla = know('Carla', 'carla@mail.example');

  expect(know('C', 'CARLA@mail.example').id).toBe(carla.id);
  expect(know('Carla', 'carla+shop@mail.example').id).not.toBe(carla.id);
  expect(desk.events('customer.created')).toHaveLength(2);
});

test('a customer’s public id is random and stays', () => {
  const carla = know('Carla', 'carla@mail.example');
  desk.app.db.tx(() => changeCustomer(desk.app, desk.ana, carla, { name: 'Carla Berg', language: 'nb' }));

  const [row] = findCustomersLike(desk.app.db, { q: 'carla', after: '' }).rows;
  expect(row).toMatchObject({
    public_id: carla.public_id,
    name: 'Carla Berg',
    language: 'nb',
  });
  expect(carla.public_id).toMatch(/^[0-9a-f]{32}$/);
});

describe('C8: an address that was typed', () => {
  const visitor = () =>
    desk.app.db.tx(() => createCustomer(desk.app, SYSTEM, { name: 'Visitor', language: null }));

  test('names nobody, however often it is claimed', () => {
    const [one, two] = [visitor(), visitor()];
    for (const claimant of [one, two, one])
      desk.app.db.tx(() => claimAddress(desk.app, claimant, 'carla@mail.example'));

    expect(findCustomerByAddress(desk.app.db, 'carla@mail.example')).toBeUndefined();
    expect(findAddresses(desk.app.db, one.id)).toHaveLength(1);
    expect(know('Carla', 'carla@mail.example').id).not.toBe(one.id);
  });

  test('becomes theirs when a mail comes from it, once', () => {
    const one = visitor();
    desk.app.db.tx(() => claimAddress(desk.app, one, 'carla@mail.example'));
    desk.clock.pass(MINUTE);

    expect(desk.app.db.tx(() => proveAddress(desk.app, SYSTEM, one, 'Carla@mail.example', 'mail'))).toBe(
      true,
    );
    expect(desk.app.db.tx(() => proveAddress(desk.app, SYSTEM, one, 'carla@mail.example', 'mail'))).toBe(
      true,
    );

    expect(findCustomerByAddress(desk.app.db, 'carla@mail.example')?.id).toBe(one.id);
    expect(findAddresses(desk.app.db, one.id)).toMatchObject([
      { verified_at: desk.clock.now(), verified_how: 'mail' },
    ]);
    expect(desk.events('customer.address-verified')).toHaveLength(1);
  });

  test('stays claimed when it is somebody else’s', () => {
    const carla = know('Carla', 'carla@mail.example');
    const one = visitor();
    desk.app.db.tx(() => claimAddress(desk.app, one, 'carla@mail.example'));

    expect(desk.app.db.tx(() => proveAddress(desk.app, SYSTEM, one, 'carla@mail.example', 'mail'))).toBe(
      false,
    );
    expect(findCustomerByAddress(desk.app.db, 'carla@mail.example')?.id).toBe(carla.id);
  });

  test('proves nothing for somebody who never claimed it', () => {
    expect(
      desk.app.db.tx(() => proveAddress(desk.app, SYSTEM, visitor(), 'nobody@mail.example', 'mail')),
    ).toBe(false);
    expect(findCustomerByAddress(desk.app.db, 'nobody@mail.example')).toBeUndefined();
  });
});

describe('the list', () => {
  const all = () => {
    const seen: string[] = [];
    let after: string | undefined = '';
    while (after !== undefined) {
      const page = findCustomersLike(desk.app.db, { q: '', after });
      seen.push(...page.rows.map(({ name }) => name));
      after = page.next;
    }
    return seen;
  };

  test('shows everybody once, by name, also when many have the same', () => {
    for (let n = 0; n < 250; n++)
      know(n % 3 === 0 ? 'anna' : `Person ${String(n).padStart(3, '0')}`, `p${n}@mail.example`);
    const seen = all();

    expect(seen).toHaveLength(250);
    expect(seen.slice(0, 84)).toEqual(Array.from({ length: 84 }, () => 'anna'));
    expect(seen.slice(84)).toEqual(seen.slice(84).toSorted());
  });

  test('finds by the beginning of a name or an address, with nothing of LIKE in it', () => {
    know('Anna Hansen', 'hansen@mail.example');
    know('Bernt', 'anna.b@mail.example');
    know('100% Cotton', 'cotton@mail.example');
    const found = (q: string) =>
      findCustomersLike(desk.app.db, { q, after: '' }).rows.map(({ name }) => name);

    expect(found('anna')).toEqual(['Anna Hansen', 'Bernt']);
    expect(found('ANNA H')).toEqual(['Anna Hansen']);
    expect(found('hansen@mail')).toEqual(['Anna Hansen']);
    expect(found('%')).toEqual([]);
    expect(found('_nna')).toEqual([]);
    expect(found('100%')).toEqual(['100% Cotton']);
    expect(found("'; DROP TABLE customers; --")).toEqual([]);
    expect(found('nobody')).toEqual([]);
  });

  test('shows the address that proved itself before one that was claimed', () => {
    const carla = know('Carla', 'carla@mail.example');
    desk.app.db.tx(() => claimAddress(desk.app, carla, 'aaa@mail.example'));

    expect(findCustomersLike(desk.app.db, { q: '', after: '' }).rows[0]?.email).toBe('carla@mail.example');
  });
});

test.each([
  ['  Carla \t Berg ', 'Carla Berg'],
  ['', 'carla@mail.example'],
  ['\u202E\u200B', 'carla@mail.example'],
  ['Carla\r\nBcc: v@evil.example', 'Carla Bcc: v@evil.example'],
  ['\u202Egnp.exe', 'gnp.exe'],
  ['x'.repeat(500), 'x'.repeat(200)],
  ['Jānis Bērziņš', 'Jānis Bērziņš'],
])('AC-06: the name %j is shown as %j', (name, shown) => {
  expect(cleanName(name, 'carla@mail.example')).toBe(shown);
});
