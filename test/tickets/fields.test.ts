// Fields of the firm's own: made by admins, filled in beside a ticket and on a customer, asked for before a ticket is solved.
import { randomId } from '../../server/lib/ids';
import type { Ticket } from '../../server/tickets';
import { beginRun, runAtOnce } from '../../server/tickets/bulk/run';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let ana: Person;
let owner: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  owner = doors.as(desk.owner);
  ticket = desk.ticketFrom('Carla', 'Broken kettle', 'It leaks');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const make = (name: string, type: string, more: Record<string, string> = {}) =>
  owner.post('/settings/fields', { name, type, subject: 'ticket', choices: '', ...more });
const fill = (values: Record<string, string>, who = ana) => who.post(at('/fields'), values);
const shown = async () => (await ana.get(at())).html;
const stored = () =>
  desk.rows('SELECT field_id, text_value, number_value FROM custom_field_values ORDER BY field_id');
const status = () => desk.ticketNow(ticket).status;
const solve = (more: Record<string, string> = {}) => ana.post(at('/status'), { status: 'solved', ...more });

describe('the settings', () => {
  test('an admin makes one of each kind, in an order, and agents may not', async () => {
    expect((await owner.get('/settings/fields')).html).toContain('No fields of your own yet');
    await make('Order number', 'text');
    await make('Reason', 'choice', { choices: 'Broken\nLost\n\nBroken' });

    const { html } = await owner.get('/settings/fields');
    expect(html.indexOf('Order number')).toBeLessThan(html.indexOf('Reason'));
    expect(html).toContain('One of a few · Broken · Lost');
    await owner.post('/settings/fields/2/place', { to: 'up' });
    const turned = (await owner.get('/settings/fields')).html;
    expect(turned.indexOf('Reason')).toBeLessThan(turned.indexOf('Order number'));
    expect((await ana.get('/settings/fields')).status).toBe(403);
  });

  test('what is missing or there already is said at its place, and the input kept', async () => {
    const without = await make('Reason', 'choice');
    expect(without.status).toBe(422);
    expect(without.html).toContain('Write at least one line');
    expect(without.html).toContain('value="Reason"');

    await make('Order number', 'text');
    const again = await make('order NUMBER', 'number');
    expect(again.status).toBe(409);
    expect(again.html).toContain('There is a field of this name already.');
    expect((await make('Order number', 'text', { subject: 'customer' })).status).toBe(303);
  });

  test('removing one says how much goes with it', async () => {
    await make('Order number', 'text');
    await fill({ f1: '20417', was1: '' });

    expect((await owner.get('/settings/fields/1/removal')).html).toContain(
      'What is filled in once goes with it',
    );
    await owner.post('/settings/fields/1/removal');
    expect(stored()).toEqual([]);
    expect(await shown()).not.toContain('name="f1"');
  });
});

describe('filling in', () => {
  beforeEach(async () => {
    await make('Order number', 'text');
    await make('Pieces', 'number');
    await make('Bought on', 'date');
    await make('Reason', 'choice', { choices: 'Broken\nLost' });
    await make('Guarantee', 'checkbox');
  });

  test('a ticket shows what was written, one line tells colleagues, and what was not touched stays', async () => {
    const { status: answered } = await fill({
      ...{ f1: 'A-20417', was1: '', f2: '3,5', was2: '', f3: '2026-02-28', was3: '' },
      ...{ f4: 'Lost', was4: '', f5: 'on', was5: '' },
    });

    expect(answered).toBe(303);
    expect(stored()).toEqual([
      { field_id: 1, text_value: 'A-20417', number_value: null },
      { field_id: 2, text_value: null, number_value: 3.5 },
      { field_id: 3, text_value: '2026-02-28', number_value: null },
      { field_id: 4, text_value: 'Lost', number_value: null },
      { field_id: 5, text_value: null, number_value: 1 },
    ]);
    const html = await shown();
    expect(html).toContain('name="was1" value="A-20417"');
    expect(html).toContain('filled in Order number, Pieces, Bought on, Reason, Guarantee');

    await fill({ f1: '', was1: 'A-20417', was5: '1' });
    expect(stored()).toMatchObject([{ field_id: 2 }, { field_id: 3 }, { field_id: 4 }]);
  });

  test('422: what is no number, no day or no choice is said at its field, everything typed is kept, nothing is stored', async () => {
    const { status: answered, html } = await fill({
      ...{ f1: 'A-1', was1: '', f2: 'many', was2: '', f3: '2026-02-30', was3: '', f4: 'Eaten', was4: '' },
    });

    expect(answered).toBe(422);
    for (const words of ['Write a number', 'Write a day that there is', 'Choose one of the list'])
      expect(html).toContain(words);
    for (const typed of ['A-1', 'many', '2026-02-30']) expect(html).toContain(`value="${typed}"`);
    expect(stored()).toEqual([]);
  });

  test('what may be a thousand or a fraction is asked about, not guessed', async () => {
    for (const typed of ['12,500', '12.500']) {
      const { status: answered, html } = await fill({ f2: typed, was2: '' });
      expect([answered, html.includes('whether this is a thousand')]).toEqual([422, true]);
    }
    for (const [typed, kept] of [
      ['12500', 12_500],
      ['0,125', 0.125],
      ['12 500,5', 12_500.5],
    ] as const) {
      const [row] = desk.rows<{ number_value: number }>('SELECT number_value FROM custom_field_values');
      await fill({ f2: typed, was2: row ? String(row.number_value) : '' });
      expect(stored()).toEqual([{ field_id: 2, text_value: null, number_value: kept }]);
    }
  });

  test('W3: of two who fill in the same field the first wins and the other is told; other fields of both are kept', async () => {
    await fill({ f1: 'A-1', was1: '' });
    const ben = doors.as(desk.ben);
    const { location } = await fill({ f1: 'B-2', was1: '', f2: '7', was2: '' }, ben);

    expect((await ben.get(location ?? '')).html).toContain('A colleague filled in Order number meanwhile');
    expect(stored()).toEqual([
      { field_id: 1, text_value: 'A-1', number_value: null },
      { field_id: 2, text_value: null, number_value: 7 },
    ]);
  });

  test('a choice that is offered no more stays where it was chosen, and nowhere else', async () => {
    await fill({ f4: 'Lost', was4: '' });
    await owner.post('/settings/fields/4', { name: 'Reason', choices: 'Broken' });

    expect(await shown()).toMatch(/<option value="Lost" selected>/);
    expect((await fill({ f4: 'Lost', was4: 'Broken' })).status).toBe(303);
    const other = desk.ticketFrom('Dana', 'Another', 'Hello');
    expect((await ana.post(`/tickets/${other.number}/fields`, { f4: 'Lost', was4: '' })).status).toBe(422);
  });

  test('a viewer reads and does not write', async () => {
    await fill({ f1: 'A-1', was1: '' });
    const vera = doors.as(desk.agent('Vera', 'viewer'));
    const { html } = await vera.get(at());
    expect(html).toMatch(/<dt dir="auto">Order number<\/dt><dd dir="auto">A-1<\/dd>/);
    expect(html).not.toContain('name="f1"');
    expect((await fill({ f1: 'x', was1: 'A-1' }, vera)).status).toBe(403);
  });

  test('a customer has fields too', async () => {
    await make('Customer number', 'text', { subject: 'customer' });
    const [{ public_id: id }] = desk.rows<{ public_id: string }>('SELECT public_id FROM customers') as [
      { public_id: string },
    ];

    await ana.post(`/customers/${id}/fields`, { f6: 'K-77', was6: '' });
    expect((await ana.get(`/customers/${id}`)).html).toContain('value="K-77"');
    expect(await shown()).not.toContain('K-77');
  });
});

describe('needed to solve', () => {
  beforeEach(async () => {
    await make('Reason', 'text', { isNeeded: 'on' });
  });

  test('an agent is asked for it first; filled in, the ticket is solved', async () => {
    const { status: answered, html } = await solve();
    expect([answered, status()]).toEqual([409, 'new']);
    expect(html).toContain('fill in this field first: Reason');

    await fill({ f1: 'A leak', was1: '' });
    expect((await solve()).status).toBe(303);
    expect(status()).toBe('solved');
  });

  test('a reply that would solve it is kept as it was written', async () => {
    const { status: answered, html } = await ana.post(at('/replies'), {
      clientId: randomId(),
      words: 'Here is a new one',
      thenStatus: 'solved',
      seenSequence: String(desk.ticketNow(ticket).sequence),
    });

    expect([answered, status()]).toEqual([409, 'new']);
    expect(html).toContain('Here is a new one</textarea>');
    expect(html).toContain('fill in this field first: Reason');
    expect(desk.queuedMails()).toEqual([]);
  });

  test('of many, those that lack it are left and named', async () => {
    const other = desk.ticketFrom('Dana', 'Another', 'Hello');
    await ana.post(`/tickets/${other.number}/fields`, { f1: 'Broken', was1: '' });
    const run = desk.app.db.tx(() =>
      beginRun(desk.app, desk.ana, { kind: 'status', to: 'solved' }, { tickets: [ticket.id, other.id] }),
    );
    await runAtOnce(desk.app, run);

    expect([status(), desk.ticketNow(other).status]).toEqual(['new', 'solved']);
    expect((await ana.get(`/bulk/${run}`)).html).toContain('a field that a solved ticket needs is empty');
  });
});
