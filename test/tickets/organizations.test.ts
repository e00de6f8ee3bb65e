// Organizations as agents use them: the page with all tickets they may see, the panel, the search, who may change what.
import {
  type CustomerRow,
  findCustomerById,
  findCustomersOf,
  findOrganizationByPublicId,
  placeCustomer,
  saveOrganization,
} from '../../server/customers';
import { searchTickets, type Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { plansOf } from '../support/plans';

let desk: Desk;
let doors: Doors;
let ana: Person;
let fjord: { id: number; publicId: string };

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  const input = { name: 'Fjord Engineering', domains: [], notes: 'Pays by invoice' };
  const saved = desk.app.db.tx(() => saveOrganization(desk.app, desk.ana, undefined, input));
  if (!('publicId' in saved)) throw new Error('refused');
  fjord = saved;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const customerOf = (ticket: Ticket) => findCustomerById(desk.app.db, ticket.customer_id) as CustomerRow;
function belonging(name: string, subject: string): Ticket {
  const ticket = desk.app.db.tx(() => desk.ticketFrom(name, subject));
  desk.app.db.tx(() => placeCustomer(desk.app, desk.ana, customerOf(ticket), fjord.id));
  return ticket;
}
const show = (who: Person = ana) => who.get(`/organizations/${fjord.publicId}`);

test('its page has its customers, all their tickets, its note; not those of others', async () => {
  belonging('Carla', 'Broken kettle');
  belonging('Dora', 'Late invoice');
  desk.app.db.tx(() => desk.ticketFrom('Emil', 'A stranger asks'));

  const { html } = await show();
  for (const text of ['Carla', 'Dora', 'Broken kettle', 'Late invoice', 'Pays by invoice'])
    expect(html).toContain(text);
  expect(html).not.toContain('A stranger asks');
});

test('the list counts the customers of each up to a thousand, and beyond says that there are more', async () => {
  const come = (from: number, to: number) =>
    desk.rows<{ id: number }>(
      `WITH RECURSIVE n(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM n WHERE n < ?)
       INSERT INTO customers (public_id, name, organization_id, created_at, updated_at)
       SELECT 'c' || n, 'Customer ' || n, ?, 1, 1 FROM n RETURNING id`,
      from,
      to,
      fjord.id,
    );
  const [gone] = come(1, 1000);
  desk.rows('UPDATE customers SET deleted_at = 1 WHERE id = ? RETURNING id', gone?.id ?? 0);
  expect((await ana.get('/organizations')).html).toContain('999 customers');

  come(1001, 1003);
  expect((await ana.get('/organizations')).html).toContain('more than 1,000 customers');
});

test('a page of its customers is read in their order, not sorted out of all of them', () => {
  const plans = plansOf(desk, (app) => findCustomersOf(app.db, fjord.id, ''));
  expect(plans).toContainEqual(expect.stringContaining('customers_by_organization'));
  // The one is of the few addresses of each.
  expect(plans.filter((step) => step === 'USE TEMP B-TREE FOR ORDER BY')).toHaveLength(1);
});

test('AC-47: tickets of a team that the reader is not in are not on it, for its member they are', async () => {
  const secret = belonging('Carla', 'A secret complaint');
  const open = belonging('Carla', 'Broken kettle');
  desk.giveToTeam(secret, desk.team('Complaints', desk.ben));

  expect((await show()).html).not.toContain('A secret complaint');
  expect((await show()).html).toContain(`/tickets/${open.number}`);
  expect((await show(doors.as(desk.ben))).html).toContain('A secret complaint');
});

test('the ticket says whom its customer belongs to, and leads there', async () => {
  const ticket = belonging('Carla', 'Broken kettle');

  expect((await ana.get(`/tickets/${ticket.number}`)).html).toMatch(
    new RegExp(`href="/organizations/${fjord.publicId}"[^>]*>Fjord Engineering<`),
  );
});

test('“org:” finds the tickets of its customers, also after they have moved', async () => {
  const ticket = belonging('Carla', 'Broken kettle');
  desk.app.db.tx(() => desk.ticketFrom('Emil', 'Fjord Engineering is mentioned'));
  const found = (q: string) => {
    desk.app.followers.catchUp();
    return searchTickets(desk.app, desk.ana, q, { limit: 10 }).hits.map(({ subject }) => subject);
  };

  expect(found('org:fjord')).toEqual(['Broken kettle']);
  expect(found('-org:"Fjord Engineering"')).toEqual(['Fjord Engineering is mentioned']);
  desk.app.db.tx(() => placeCustomer(desk.app, desk.ana, customerOf(ticket), null));
  expect(found('org:fjord')).toEqual([]);
});

test('by hand: a name on the customer’s page, in any capitals; nothing of what was typed is lost when there is none', async () => {
  const ticket = desk.app.db.tx(() => desk.ticketFrom('Carla'));
  const path = `/customers/${customerOf(ticket).public_id}`;
  const fields = { name: 'Carla Berg', language: '' };
  const organizationNow = () => customerOf(ticket).organization_id;

  const refused = await ana.post(path, { ...fields, organization: 'Fjords' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('There is no organization of this name.');
  expect(refused.html).toContain('value="Fjords"');
  expect(customerOf(ticket).name).toBe('Carla');

  await ana.post(path, { ...fields, organization: 'fjord engineering' });
  expect(organizationNow()).toBe(fjord.id);
  expect((await ana.get(path)).html).toContain(`href="/organizations/${fjord.publicId}"`);
  await ana.post(path, fields);
  expect(organizationNow()).toBe(fjord.id);
  await ana.post(path, { ...fields, organization: '' });
  expect(organizationNow()).toBeNull();
});

test('a domain that is open to anybody, or another’s, is refused in a sentence, with the form as it was', async () => {
  const fields = { name: 'Hill', domains: 'hill.example\ngmail.com', notes: 'Kept' };
  const refused = await ana.post('/organizations', fields);
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('Anybody can have an address at gmail.com');
  for (const kept of ['value="Hill"', 'hill.example', 'Kept']) expect(refused.html).toContain(kept);

  await ana.post(`/organizations/${fjord.publicId}`, { name: 'Fjord', domains: 'fjord.example', notes: '' });
  const taken = await ana.post('/organizations', { ...fields, domains: 'fjord.example' });
  expect(taken.html).toContain('fjord.example belongs to Fjord already.');
  expect((await ana.post('/organizations', { ...fields, domains: 'no domain' })).status).toBe(422);
});

test('a domain added later offers those who are known by it, with their number, and takes them in when asked', async () => {
  for (const name of ['Carla', 'Dora', 'Emil']) desk.app.db.tx(() => desk.customer(name));
  const path = `/organizations/${fjord.publicId}`;
  expect((await show()).html).not.toContain('Take');
  await ana.post(path, { name: 'Fjord', domains: 'mail.example', notes: '' });

  expect((await show()).html).toContain('Take 3 customers in');
  expect((await show(doors.as(desk.agent('Vera', 'viewer')))).html).not.toContain('Take 3');
  expect((await ana.post(`${path}/members`)).status).toBe(303);
  const { html } = await show();
  expect(html).not.toContain('Take');
  for (const name of ['Carla', 'Dora', 'Emil']) expect(html).toContain(name);
});

test('removing asks first; then its customers and their tickets are still there', async () => {
  const ticket = belonging('Carla', 'Broken kettle');
  const path = `/organizations/${fjord.publicId}/removal`;
  expect((await ana.get(path)).html).toContain('1 customer belongs to it');
  expect(findOrganizationByPublicId(desk.app.db, fjord.publicId)).toBeDefined();

  expect((await ana.post(path)).location).toBe('/organizations');
  expect((await show()).status).toBe(404);
  expect((await ana.get(`/tickets/${ticket.number}`)).status).toBe(200);
  expect(customerOf(ticket).organization_id).toBeNull();
});

test('viewers read, and change nothing', async () => {
  const vera = doors.as(desk.agent('Vera', 'viewer'));
  expect((await show(vera)).html).not.toMatch(/<form[^>]*action="\/organizations\/[0-9a-f]/);
  expect((await vera.post(`/organizations/${fjord.publicId}/removal`)).status).toBe(403);
  expect((await vera.get('/organizations/new')).status).toBe(403);
});
