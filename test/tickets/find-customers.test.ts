// Customers are found by any word of their own: the family name, without its marks, the domain.
import { findCustomers } from '../../server/tickets/find-customers';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
  desk.ticketFrom('Ilze Bērziņa', 'Kettle', 'Hansen told me about you');
  desk.ticketFrom('Per Olav Hansen', 'Invoice', 'It is about Berzina');
  desk.app.followers.catchUp();
});
afterEach(() => desk.close());

const found = (q: string) => findCustomers(desk.app, { q, after: '' }).rows.map(({ name }) => name);

test.each([
  ['ilze', ['Ilze Bērziņa']],
  ['Bērziņa', ['Ilze Bērziņa']],
  ['berzina', ['Ilze Bērziņa']],
  ['berzin', ['Ilze Bērziņa']],
  ['hansen', ['Per Olav Hansen']],
  ['hansen olav', ['Per Olav Hansen']],
  ['mail.example', ['Ilze Bērziņa', 'Per Olav Hansen']],
  ['kettle', []],
  ['%', []],
  ['"', []],
])('%s', (q, names) => {
  expect(found(q)).toEqual(names);
});

test('who was erased is not found', () => {
  desk.app.db.sql.prepare('UPDATE customers SET deleted_at = 1').run();

  expect(found('hansen')).toEqual([]);
});

test('says when there are more than it shows', () => {
  for (let n = 0; n < 120; n++) desk.ticketFrom(`Anna Number${n}`);
  desk.app.followers.catchUp();

  expect(findCustomers(desk.app, { q: 'anna', after: '' })).toMatchObject({ isCut: true });
  expect(findCustomers(desk.app, { q: 'hansen', after: '' })).toMatchObject({ isCut: false });
});
