// Organizations: whom customers belong to, by hand or by the domain of an address that proved itself.
import {
  type CustomerRow,
  claimAddress,
  countUnplaced,
  createCustomer,
  findCustomerById,
  findDomainsOf,
  findOrganizationByPublicId,
  findOrganizationsLike,
  knowCustomerByMail,
  type OrganizationRow,
  placeCustomer,
  proveAddress,
  removeOrganization,
  saveOrganization,
  takeInSome,
  typedDomains,
} from '../../server/customers';
import { SYSTEM } from '../../server/events';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const tx = <T>(work: () => T) => desk.app.db.tx(work);
const save = (name: string, domains: string[] = [], known?: OrganizationRow) =>
  tx(() => saveOrganization(desk.app, desk.ana, known, { name, domains, notes: '' }));
function found(name: string, ...domains: string[]): OrganizationRow {
  const saved = save(name, domains);
  if (!('publicId' in saved)) throw new Error(`${name} was refused: ${JSON.stringify(saved)}`);
  return findOrganizationByPublicId(desk.app.db, saved.publicId) as OrganizationRow;
}
const know = (address: string) => tx(() => knowCustomerByMail(desk.app, SYSTEM, { name: 'Carla', address }));
const placeOf = (customer: CustomerRow) => findCustomerById(desk.app.db, customer.id)?.organization_id;

test('whoever writes from its domain for the first time belongs to it; from below it, or from elsewhere, nobody does', () => {
  const fjord = found('Fjord', 'fjord.example');

  expect(placeOf(know('carla@Fjord.example'))).toBe(fjord.id);
  expect(placeOf(know('carla@mail.fjord.example'))).toBeNull();
  expect(placeOf(know('carla@notfjord.example'))).toBeNull();
});

test('C8: an address that was only typed leads to no organization until it has proved itself', () => {
  const fjord = found('Fjord', 'fjord.example');
  const visitor = tx(() => createCustomer(desk.app, SYSTEM, { name: 'Visitor', language: null }));
  tx(() => claimAddress(desk.app, visitor, 'boss@fjord.example'));
  expect(placeOf(visitor)).toBeNull();
  expect(countUnplaced(desk.app.db, fjord.id)).toBe(0);

  tx(() => proveAddress(desk.app, SYSTEM, visitor, 'boss@fjord.example', 'mail'));
  expect(placeOf(visitor)).toBe(fjord.id);
});

test('who was put somewhere by hand is not moved by another address', () => {
  const [fjord, hill] = [found('Fjord', 'fjord.example'), found('Hill', 'hill.example')];
  const carla = know('carla@fjord.example');
  tx(() => claimAddress(desk.app, carla, 'carla@hill.example'));
  tx(() => proveAddress(desk.app, SYSTEM, carla, 'carla@hill.example', 'mail'));
  expect(placeOf(carla)).toBe(fjord.id);

  tx(() => placeCustomer(desk.app, desk.ana, carla, hill.id));
  expect(placeOf(carla)).toBe(hill.id);
  expect(desk.events('customer.placed').map(({ facts }) => JSON.parse(facts))).toEqual([
    { organization: fjord.id },
    { organization: hill.id },
  ]);
});

test.each(['gmail.com', 'outlook.com', 'icloud.com', 'inbox.lv', 'online.no'])(
  'a domain at which anybody can have an address is refused: %s',
  (domain) => {
    expect(save('Everybody', ['fjord.example', domain])).toEqual({
      key: 'organizations.domains.open',
      domain,
    });
    expect(findOrganizationsLike(desk.app.db, { q: '', after: '' }).rows).toEqual([]);
  },
);

test('a domain belongs to one organization, and so does a name', () => {
  const fjord = found('Fjord', 'fjord.example');

  expect(save('Other', ['fjord.example'])).toEqual({
    key: 'organizations.domains.taken',
    domain: 'fjord.example',
    organization: 'Fjord',
  });
  expect(save('FJORD')).toEqual({ taken: true });
  expect(save('Fjord', ['fjord.example', 'fjord.no'], fjord)).toMatchObject({ id: fjord.id });
  expect(findDomainsOf(desk.app.db, fjord.id)).toEqual(['fjord.example', 'fjord.no']);
  save('Fjord', [], fjord);
  expect(save('Other', ['fjord.example'])).toHaveProperty('publicId');
});

test('a domain that comes later takes in, on wish, those who are known by it and belong nowhere', () => {
  const early = Array.from({ length: 120 }, (_, n) => know(`p${n}@fjord.example`));
  const hill = found('Hill');
  tx(() => placeCustomer(desk.app, desk.ana, early[0] as CustomerRow, hill.id));
  const fjord = found('Fjord', 'fjord.example');
  expect(countUnplaced(desk.app.db, fjord.id)).toBe(119);
  expect(placeOf(early[1] as CustomerRow)).toBeNull();

  while (tx(() => takeInSome(desk.app, desk.ana, fjord.id)));
  expect(countUnplaced(desk.app.db, fjord.id)).toBe(0);
  expect(early.map(placeOf)).toEqual([hill.id, ...Array.from({ length: 119 }, () => fjord.id)]);
});

test('removing one leaves its customers, who belong nowhere then; its domains are free', () => {
  const fjord = found('Fjord', 'fjord.example');
  const carla = know('carla@fjord.example');
  tx(() => removeOrganization(desk.app, desk.ana, fjord));

  expect(placeOf(carla)).toBeNull();
  expect(found('Fjord again', 'fjord.example').id).toBeGreaterThan(fjord.id);
});

test('the list shows each once, by name, page by page, and finds by name or domain', () => {
  for (let n = 0; n < 230; n++) found(`Firm ${String(n).padStart(3, '0')}`, `firm${n}.example`);
  const seen: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = findOrganizationsLike(desk.app.db, { q: '', after });
    seen.push(...page.rows.map(({ name }) => name));
    after = page.next;
  }
  expect(seen).toHaveLength(230);
  expect(seen).toEqual(seen.toSorted());

  const names = (q: string) =>
    findOrganizationsLike(desk.app.db, { q, after: '' }).rows.map(({ name }) => name);
  expect(names('firm 22')).toEqual(Array.from({ length: 10 }, (_, n) => `Firm 22${n}`));
  expect(names('@firm7.')).toEqual(['Firm 007']);
  expect(names('%')).toEqual([]);
});

test.each([
  ['Firm.example, @other.example\nanna@third.example', ['firm.example', 'other.example', 'third.example']],
  ['firm.example FIRM.example', ['firm.example']],
  ['bücher.example', ['xn--bcher-kva.example']],
  ['', []],
  ['firm', undefined],
  ['127.0.0.1', undefined],
  ['firm.example/x', undefined],
])('the domains typed as %j are %j', (text, domains) => {
  expect(typedDomains(text)).toEqual(domains);
});
