// AC-60: whoever is erased is in no byte of the data folder, wherever they left something.
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { claimantsOf } from '../../server/privacy/identity';
import { findErasure } from '../../server/privacy/queries';
import { type Everywhere, leaveEverywhere, MARK } from './everywhere';
import { openPlace, type Place } from './place';

let place: Place;
let left: Everywhere;

beforeEach(async () => {
  place = await openPlace();
  left = await leaveEverywhere(place);
});
afterEach(() => place.close());

async function erase(kind: 'erase' | 'de-identify' = 'erase') {
  const people = [left.carla, ...claimantsOf(place.app, left.carla)];
  const begun = await beginErasure(place.app, place.owner, people, {
    kind,
    decision: { othersFiles: 'remove' },
  });
  await performErasure(place.app, begun.id).catch((error) => {
    throw new Error(`${error.message} ${findErasure(place.app.db, begun.id)?.error}`);
  });
  return findErasure(place.app.db, begun.id);
}

test('AC-60: a marker left in every place is in no byte afterwards', async () => {
  expect(place.hits(MARK).length).toBeGreaterThan(25);

  const erasure = await erase();

  expect(erasure).toMatchObject({ state: 'done', plan: null, error: null });
  expect(place.hits(MARK)).toEqual([]);
});
