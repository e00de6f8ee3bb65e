// Two customers who are one person: everything of one goes to the other, and back within an hour (merge, undo, refusals, pages).
import { join } from 'node:path';
import {
  type CustomerRow,
  findAddresses,
  findCustomerByAddress,
  findCustomerById,
  findCustomersLike,
  findNotesOn,
  mergeCustomers,
  noteOnCustomer,
  placeCustomer,
  saveOrganization,
  unmergeCustomer,
} from '../../server/customers';
import { HOUR, MINUTE } from '../../server/lib/clock';
import { beginErasure } from '../../server/privacy/erase';
import { NOTHING_WITHHELD } from '../../server/privacy/export-zip';
import { beginExport, exportTo } from '../../server/privacy/exports';
import { letter, openPlace, type Place } from '../privacy/place';
import { erase } from '../privacy/wishes';
import { readZip } from '../privacy/zip';
import { type Doors, openDoors, type Person } from '../support/doors';

const HOME = 'carla@home.example';
const WORK = 'c.berg@work.example';

let place: Place;
let doors: Doors;
let ana: Person;
let home: CustomerRow;
let work: CustomerRow;

beforeEach(async () => {
  place = await openPlace();
  doors = await openDoors(place);
  ana = doors.as(place.ana);
  await place.arrives(
    letter({ from: `Carla Homestead <${HOME}>`, subject: 'Kettle', body: 'It is broken.' }),
  );
  await place.arrives(letter({ from: `Carla Workshop <${WORK}>`, subject: 'Invoice', body: 'It is late.' }));
  await place.arrives(
    letter({ from: 'Dora <dora@work.example>', cc: WORK, subject: 'Shared', body: 'Both of us ask.' }),
  );
  home = known(HOME);
  work = known(WORK);
  run(
    "INSERT INTO consents (customer_id, purpose, wording, wording_version, language, page, given_at) VALUES (?, 'news', 'Yes', 1, 'en', '/', 1)",
    work.id,
  );
  place.app.db.tx(() => noteOnCustomer(place.app, place.ana, work, 'Calls on Mondays'));
});
afterEach(async () => {
  await doors.close();
  await place.close();
});

const known = (address: string) => findCustomerByAddress(place.app.db, address) as CustomerRow;
const run = (sql: string, ...values: (string | number)[]) => place.app.db.sql.prepare(sql).run(...values);
const now = ({ id }: CustomerRow) => findCustomerById(place.app.db, id) as CustomerRow;
const merge = () => mergeCustomers(place.app, place.ana, now(work), now(home));
const unmerge = async () => (await unmergeCustomer(place.app, place.ana, now(work))).outcome;

/** Whatever leads to a customer, as rows in one order. */
const belongings = () =>
  [
    'SELECT id, customer_id FROM customer_addresses',
    'SELECT id, customer_id FROM tickets',
    "SELECT id, author_id FROM messages WHERE author_kind = 'customer'",
    'SELECT id, customer_id FROM participants',
    'SELECT id, customer_id FROM consents',
    'SELECT id, customer_id FROM holds',
    'SELECT id, customer_id FROM exports',
    'SELECT id, merged_into_id FROM customers',
    'SELECT id, name, language, organization_id FROM customers',
    'SELECT id, customer_id FROM customer_notes',
  ].map((sql) => place.rows(`${sql} ORDER BY id`));
const notesOn = ({ id }: CustomerRow) => findNotesOn(place.app.db, id).map(({ words }) => words);
const subjectsOf = ({ id }: CustomerRow) =>
  place
    .rows<{ subject: string }>('SELECT subject FROM tickets WHERE customer_id = ? ORDER BY id', id)
    .map(({ subject }) => subject);

async function exported(customer: CustomerRow): Promise<string> {
  const out = join(place.data, `export-${customer.id}-${place.clock.now()}.zip`);
  await exportTo(place.app, now(customer), out, NOTHING_WITHHELD);
  return [...readZip(out).values()].map(String).join('\n');
}

test('everything of one goes to the other; lists, addresses and new mail know only the one that stays', async () => {
  expect(await merge()).toHaveProperty('moved');

  expect(subjectsOf(home)).toEqual(['Kettle', 'Invoice']);
  expect(findAddresses(place.app.db, home.id).map(({ address }) => address)).toEqual([HOME, WORK]);
  expect(known(WORK).id).toBe(home.id);
  expect(place.rows('SELECT 1 FROM consents WHERE customer_id = ?', home.id)).toHaveLength(1);
  expect(notesOn(home)).toEqual(['Calls on Mondays']);
  expect(findCustomersLike(place.app.db, { q: 'Carla', after: '' }).rows.map(({ id }) => id)).toEqual([
    home.id,
  ]);

  const ticket = await place.arrives(letter({ from: WORK, subject: 'Again', body: 'One more thing.' }));
  expect(ticket?.customer_id).toBe(home.id);
  expect(place.events('customer.%').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['customer.merged', 'customer.took-in']),
  );
});

test('undone, every row is back where it was', async () => {
  const before = belongings();
  await merge();
  expect(belongings()).not.toEqual(before);
  place.clock.pass(HOUR - 1);

  expect(await unmerge()).toBe('undone');
  expect(belongings()).toEqual(before);
});

test('what came since stays, but a message on a ticket that goes back is its writer’s', async () => {
  await merge();
  place.clock.pass(MINUTE);
  const [invoice] = place.rows<{ id: number; header: string }>(
    "SELECT ticket_id AS id, header_message_id AS header FROM inbound_mails WHERE ticket_id IN (SELECT id FROM tickets WHERE subject = 'Invoice')",
  );
  await place.arrives(
    letter({ from: WORK, subject: 'Re: Invoice', inReplyTo: invoice?.header, body: 'Thanks.' }),
  );
  await place.arrives(letter({ from: WORK, subject: 'New question', body: 'Is it blue?' }));
  place.app.db.tx(() => noteOnCustomer(place.app, place.ana, home, 'And on Fridays'));

  expect(await unmerge()).toBe('undone');
  expect(subjectsOf(work)).toEqual(['Invoice']);
  expect(subjectsOf(home)).toEqual(['Kettle', 'New question']);
  const authors = place.rows('SELECT DISTINCT author_id FROM messages WHERE ticket_id = ?', invoice?.id ?? 0);
  expect(authors).toEqual([{ author_id: work.id }]);
  expect([notesOn(home), notesOn(work)]).toEqual([['And on Fridays'], ['Calls on Mondays']]);
});

test('P2: a copy of everything is of both while they are one, and of each alone after undo', async () => {
  await merge();
  const both = await exported(home);
  for (const text of ['It is broken.', 'It is late.', HOME, WORK, 'Workshop']) expect(both).toContain(text);

  await unmerge();
  place.clock.pass(MINUTE);
  const [one, other] = [await exported(home), await exported(work)];
  expect(one).toContain('It is broken.');
  expect(one).not.toContain('It is late.');
  expect(one).not.toContain(WORK);
  expect(other).toContain('It is late.');
  expect(other).not.toContain('It is broken.');
});

test('P3: erasing the one that stays leaves nothing of either, under both names and addresses', async () => {
  await merge();
  await erase(place, HOME);

  expect(place.rows('SELECT 1 FROM customers WHERE id IN (?, ?)', home.id, work.id)).toEqual([]);
  for (const text of [HOME, WORK, 'Homestead', 'Workshop', work.public_id, home.public_id])
    expect({ text, hits: place.hits(text) }).toEqual({ text, hits: [] });
  expect(place.rows('SELECT 1 FROM customer_merges')).toEqual([]);
});

test('P3: after undo, erasing one leaves the other whole', async () => {
  await merge();
  await unmerge();
  await erase(place, HOME);

  expect(known(WORK).id).toBe(work.id);
  expect(subjectsOf(work)).toEqual(['Invoice']);
});

describe('refused, in a sentence, with nothing changed', () => {
  const path = () => `/customers/${work.public_id}/merge`;
  const post = () => ana.post(path(), { with: home.public_id, into: home.public_id });
  const hold = ({ id }: CustomerRow) =>
    run(
      "INSERT INTO holds (customer_id, ground, reason, review_at, created_at) VALUES (?, 'e', 'Court', 1, ?)",
      id,
      place.clock.now(),
    );
  const refused = async (sentence: string) => {
    const before = belongings();
    const { status, html } = await post();
    expect(status).toBe(409);
    expect(html).toContain(sentence);
    expect(belongings()).toEqual(before);
  };

  test('P7: while one is on hold and the other is not; both on hold may be', async () => {
    hold(work);
    await refused('One of the two is on hold and the other is not');
    hold(home);
    expect((await post()).status).toBe(303);
  });

  test('P14: while use of one’s data is restricted', async () => {
    run('UPDATE customers SET restricted_at = 1 WHERE id = ?', work.id);
    await refused('restricted');
  });

  test('P3: while one of them is being erased', async () => {
    await beginErasure(place.app, place.owner, [home], {
      kind: 'erase',
      decision: { othersFiles: 'remove' },
    });
    await refused('being erased');
  });

  test('P2: while a copy of one is being made', async () => {
    place.app.db.tx(() => beginExport(place.app, place.owner, work, NOTHING_WITHHELD));
    await refused('is being made');
  });

  test('with oneself, or with nobody', async () => {
    expect((await ana.post(path(), { with: work.public_id, into: work.public_id })).status).toBe(409);
    expect((await ana.post(path(), { with: 'x', into: 'x' })).status).toBe(422);
  });

  test('P7: undo, when a hold was set since', async () => {
    await merge();
    place.clock.pass(MINUTE);
    hold(home);
    expect(await unmerge()).toBe('hold');
    expect(subjectsOf(home)).toEqual(['Kettle', 'Invoice']);
  });

  test('undo, after an hour, and twice', async () => {
    await merge();
    place.clock.pass(HOUR);
    expect(await unmerge()).toBe('too-late');
    place.clock.pass(-MINUTE);
    expect(await unmerge()).toBe('undone');
    expect(await unmerge()).toBe('too-late');
  });
});

test('three become one, and come apart again in the other order', async () => {
  const dora = known('dora@work.example');
  await merge();
  expect(await mergeCustomers(place.app, place.ana, now(home), now(dora))).toHaveProperty('moved');
  expect(subjectsOf(dora)).toEqual(['Kettle', 'Invoice', 'Shared']);
  expect((await ana.get(`/customers/${work.public_id}`)).location).toBe(`/customers/${dora.public_id}`);
  expect(await exported(dora)).toContain('Workshop');
  expect(await unmerge()).toBe('too-late');

  expect((await unmergeCustomer(place.app, place.ana, now(home))).outcome).toBe('undone');
  expect(subjectsOf(home)).toEqual(['Kettle', 'Invoice']);
  expect(await unmerge()).toBe('undone');
  expect(subjectsOf(work)).toEqual(['Invoice']);
});

test('what the one that stays lacks it gets, and loses again with undo', async () => {
  const saved = place.app.db.tx(() =>
    saveOrganization(place.app, place.ana, undefined, { name: 'Work', domains: [], notes: '' }),
  );
  const organization = 'id' in saved ? saved.id : 0;
  place.app.db.tx(() => placeCustomer(place.app, place.ana, work, organization));
  await merge();
  expect(now(home).organization_id).toBe(organization);
  await unmerge();
  expect(now(home).organization_id).toBeNull();
  expect(now(work).organization_id).toBe(organization);
});

test('the page offers who could be meant, shows both with what goes along, and says how to undo', async () => {
  const path = `/customers/${work.public_id}`;
  expect((await ana.get(path)).html).toContain(`href="${path}/merge"`);
  expect((await ana.get(`${path}/merge`)).html).toContain('Nobody else has this name.');
  const found = await ana.get(`${path}/merge?q=carla`);
  expect(found.html).toContain(`href="${path}/merge?with=${home.public_id}"`);
  const preview = await ana.get(`${path}/merge?with=${home.public_id}`);
  for (const text of [HOME, WORK, '1 ticket, 1 consent']) expect(preview.html).toContain(text);

  const done = await ana.post(`${path}/merge`, { with: home.public_id, into: home.public_id });
  expect(done.location).toBe(`/customers/${home.public_id}`);
  const page = await ana.get(done.location as string);
  expect(page.html).toContain('Carla Workshop was merged into this customer.');
  expect(page.html).toContain(`action="${path}/unmerge"`);
  expect((await ana.get(path)).location).toBe(`/customers/${home.public_id}`);
  const late = await ana.post(path, { name: 'Overwritten', language: '' });
  expect(late.location).toBe(`/customers/${home.public_id}`);
  expect(now(home).name).toBe('Carla Homestead');

  expect((await ana.post(`${path}/unmerge`)).location).toBe(path);
  expect((await ana.get(path)).status).toBe(200);
});

test('AC-47: merging shows nobody a ticket that was not theirs to see', async () => {
  const [ticket] = place.rows<{ id: number }>("SELECT id FROM tickets WHERE subject = 'Invoice'");
  place.giveToTeam(place.ticketNow(ticket as { id: number }), place.team('Money', place.ben));
  await merge();

  expect((await ana.get(`/customers/${home.public_id}`)).html).not.toContain('Invoice');
  expect((await doors.as(place.ben).get(`/customers/${home.public_id}`)).html).toContain('Invoice');
  expect(
    (await doors.as(place.agent('Vera', 'viewer')).get(`/customers/${home.public_id}/merge`)).status,
  ).toBe(403);
});
