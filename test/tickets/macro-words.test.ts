// The words of macros: a closed list of placeholders, filled in for one ticket, and nothing that a stranger's name could do with them.
import { changeCustomer, findCustomerById } from '../../server/customers';
import { filledIn, PLACEHOLDERS, unknownIn } from '../../server/tickets/macros/words';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const filled = (words: string, name = 'Carla', subject = 'Broken kettle') => {
  const ticket = desk.ticketFrom('Carla', subject);
  const customer = findCustomerById(desk.app.db, ticket.customer_id)!;
  desk.app.db.tx(() => changeCustomer(desk.app, desk.ana, customer, { name, language: null }));
  return filledIn(words, { app: desk.app, agent: { ...desk.ana, name: 'Ana Bērziņa' }, ticket });
};

test('every placeholder is filled in for the ticket, the customer and whoever writes', () => {
  expect(filled(PLACEHOLDERS.map((name) => `{{${name}}}`).join('|'), 'Carla de Vries')).toBe(
    'Carla de Vries|Carla|carla@mail.example|#1001|Broken kettle|Ana Bērziņa|Ana|Teapot',
  );
});

test.each([
  ['{{ customer.first name }}', 'Carla'],
  ['{{customer.first  name}}', 'Carla'],
  ['{{Customer.First Name}}', 'Carla'],
  ['Dear {{customer.name}}, dear {{customer.name}}', 'Dear Carla, dear Carla'],
  ['{customer.name} { } a{b}c', '{customer.name} { } a{b}c'],
])('%j becomes %j', (words, expected) => {
  expect(unknownIn(words)).toBeUndefined();
  expect(filled(words)).toBe(expected);
});

test.each([
  ['Hello {{customer.nam}}', '{{customer.nam}}'],
  ['{{customer}}', '{{customer}}'],
  ['{{}}', '{{}}'],
  ['{{customer.name}} {{#if x}}', '{{#if x}}'],
  ['{{customer.name', '{{customer.name'],
  ['a }} b', '}} b'],
  ['{{constructor}}', '{{constructor}}'],
  ['{{__proto__}}', '{{__proto__}}'],
  ['{{toString}}', '{{toString}}'],
  ['{{customer.password_hash}}', '{{customer.password_hash}}'],
])('%j is refused, by name', (words, name) => {
  expect(unknownIn(words)).toBe(name);
});

test('AC-31: a name that brings lines, directions or placeholders of its own stays one line of text', () => {
  expect(filled('Hello {{customer.name}}.', 'Eve\n\n-- \nTeapot\u2028\u202Eagent')).toBe(
    'Hello Eve -- Teapot agent.',
  );
  expect(filled('Hello {{customer.name}}.', '{{agent.name}} {{firm.name}}')).toBe(
    'Hello {{agent.name}} {{firm.name}}.',
  );
  expect(filled('Hello {{customer.name}}.', "$& $1 $' $`")).toBe("Hello $& $1 $' $`.");
});
