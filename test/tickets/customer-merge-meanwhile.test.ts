// Two customers are merged, and at the same moment something else begins on one of them: an erasure, an export, or somebody saves.
import {
  type CustomerRow,
  findCustomerByAddress,
  findCustomerById,
  findNotesOn,
  mergeCustomers,
  noteOnCustomer,
  unmergeCustomer,
} from '../../server/customers';
import { beginErasure } from '../../server/privacy/erase';
import { NOTHING_WITHHELD } from '../../server/privacy/export-zip';
import { beginExport } from '../../server/privacy/exports';
import { letter, openPlace, type Place } from '../privacy/place';
import { type Doors, openDoors, type Person } from '../support/doors';

let place: Place;
let doors: Doors;
let ana: Person;
let home: CustomerRow;
let work: CustomerRow;

beforeEach(async () => {
  place = await openPlace();
  doors = await openDoors(place);
  ana = doors.as(place.ana);
  await place.arrives(letter({ from: 'Carla Homestead <carla@home.example>', body: 'It is broken.' }));
  await place.arrives(letter({ from: 'Carla Workshop <c.berg@work.example>', body: 'It is late.' }));
  home = known('carla@home.example');
  work = known('c.berg@work.example');
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
const notesOn = ({ id }: CustomerRow) => findNotesOn(place.app.db, id).map(({ words }) => words);

describe('what begins while it is looked whether anything is at work', () => {
  const WISH = { kind: 'erase', decision: { othersFiles: 'remove' } } as const;
  const erasing = (who: CustomerRow) => beginErasure(place.app, place.owner, [who], WISH);
  const exporting = async (who: CustomerRow) =>
    place.app.write(() => beginExport(place.app, place.owner, who, NOTHING_WITHHELD));
  /** Once, between looking and writing. */
  function meanwhile(act: () => Promise<unknown>): void {
    const { atWorkOn } = place.app.hooks;
    place.app.hooks.atWorkOn = async (app, customers) => {
      place.app.hooks.atWorkOn = atWorkOn;
      const seen = await atWorkOn(app, customers);
      await act();
      return seen;
    };
  }

  test.each([
    ['P3: an erasure', 'meanwhile', erasing],
    ['P2: an export', 'export', exporting],
  ] as const)('%s stops a merge, and undoing one', async (_what, refused, begin) => {
    meanwhile(() => begin(work));
    const before = place.rows('SELECT id, merged_into_id FROM customers');
    expect(await merge()).toEqual({ refused });
    expect(place.rows('SELECT id, merged_into_id FROM customers')).toEqual(before);

    run("UPDATE exports SET state = 'failed'");
    run("UPDATE erasures SET state = 'done'");
    expect(await merge()).toHaveProperty('moved');
    meanwhile(() => begin(home));
    expect(await unmerge()).toBe(refused);
    expect(now(work).merged_into_id).toBe(home.id);
  });

  test('P3: somebody who goes stops a merge', async () => {
    meanwhile(async () => run('UPDATE customers SET deleted_at = 1 WHERE id = ?', home.id));
    expect(await merge()).toEqual({ refused: 'gone' });
  });

  test('P3: an erasure of one, or of the one that stays, does not begin when they are merged in that moment', async () => {
    for (const who of [home, work]) {
      const begun = erasing(now(who));
      const merged = merge();
      await expect(begun).rejects.toThrow('This customer was merged or taken out again meanwhile');
      expect(await merged).toHaveProperty('moved');
      expect(place.rows('SELECT 1 FROM erasures')).toEqual([]);
      expect(await unmerge()).toBe('undone');
    }
  });

  test('P2: a copy is not made of somebody who was merged in that moment', async () => {
    const before = now(work);
    await merge();
    await expect(exporting(before)).rejects.toThrow('This customer was merged with another meanwhile');
    expect(place.rows('SELECT 1 FROM exports')).toEqual([]);
  });
});

test.each([
  ['details', '', { name: 'Lost', language: '' }],
  ['own fields', '/fields', {}],
  ['a note', '/notes', { words: 'Lost' }],
])(
  'what is saved on a customer who is merged in that moment is refused, not lost: %s',
  async (_what, path, fields) => {
    const { app } = place;
    const { write } = app;
    app.write = async (work) => {
      app.write = write;
      await merge();
      return write(work);
    };
    const { status, html } = await ana.post(`/customers/${work.public_id}${path}`, fields);

    expect(status).toBe(409);
    expect(html).toContain('Somebody was quicker');
    expect(now(work)).toMatchObject({ merged_into_id: home.id, name: 'Carla Workshop' });
    expect([...notesOn(home), ...notesOn(work)]).toEqual(['Calls on Mondays']);
  },
);
