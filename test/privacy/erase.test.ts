// Erasing somebody: their rows, their files, their words in other people's tickets, and the bytes they leave behind.
import { findCustomerByAddress } from '../../server/customers';
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { findErasure } from '../../server/privacy/queries';
import { letter, openPlace, type Place } from './place';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

async function erase(address: string, kind: 'erase' | 'de-identify' = 'erase') {
  const customer = findCustomerByAddress(place.app.db, address);
  if (!customer) throw new Error(`nobody is known by ${address}`);
  const begun = await beginErasure(place.app, place.owner, customer, {
    kind,
    decision: { othersFiles: 'remove' },
  });
  await performErasure(place.app, begun.id);
  return findErasure(place.app.db, begun.id);
}

const WORDS = 'The kettle whistles Qzxmarker in the night and my neighbours complain about it.';

test('P3: own tickets go with everything on them', async () => {
  const ticket = await place.arrives(
    letter({ from: 'Carla Qzxname <carla.qzx@mail.example>', subject: 'Qzxsubject kettle', body: WORDS }),
  );
  expect(ticket).toBeDefined();
  expect(place.hits('qzx').length).toBeGreaterThan(5);

  const erasure = await erase('carla.qzx@mail.example');

  expect(erasure).toMatchObject({ state: 'done', plan: null });
  expect(place.hits('qzx')).toEqual([]);
  expect(place.rows('SELECT * FROM tickets')).toEqual([]);
});
