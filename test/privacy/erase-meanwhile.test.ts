// What happens around an erasure: exports of others, mail that comes meanwhile, evidence whose time is over.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../server/lib/clock';
import { deleteOldEvidence } from '../../server/privacy';
import { beginExport } from '../../server/privacy/exports';
import { ADDRESS, leaveEverywhere } from './everywhere';
import { letter, openPlace, type Place } from './place';
import { certificateOf, erase, knownBy } from './wishes';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

test('P3: an export that somebody else on her tickets got goes too, because nobody can look into it', async () => {
  await leaveEverywhere(place);
  const per = knownBy(place, 'per@mail.example');
  const inga = knownBy(place, 'inga@mail.example');
  const nothingWithheld = { notes: [], reason: '' };
  for (const customer of [per, inga]) {
    place.app.db.tx(() => beginExport(place.app, place.owner, customer, nothingWithheld));
  }
  await place.app.jobs.runDue();
  expect(readdirSync(join(place.data, 'exports'))).toHaveLength(3);

  await erase(place, ADDRESS);

  expect(place.rows('SELECT customer_id, state FROM exports')).toEqual([
    { customer_id: inga.id, state: 'done' },
  ]);
  expect(readdirSync(join(place.data, 'exports'))).toHaveLength(1);
});

test('P5: somebody who writes again while being erased is somebody new, and is not searched for', async () => {
  const from = 'Carla Jansone <carla.jansone@mail.example>';
  await place.arrives(letter({ from, body: 'The kettle whistles all night and my neighbours complain.' }));
  const { threads } = place.app;
  let searches = 0;
  place.app.threads = {
    ...threads,
    run: async (worker, payload, how) => {
      if (worker === 'byte-search' && ++searches === 1) {
        await place.arrives(letter({ from, body: 'One more thing.' }));
      }
      return threads.run(worker, payload, how);
    },
  };

  const facts = certificateOf(await erase(place, 'carla.jansone@mail.example'));

  expect(facts.kept).toMatchObject({ 'written-since': 1 });
  expect(knownBy(place, 'carla.jansone@mail.example').id).toBe(2);
  expect(place.hits('neighbours complain')).toEqual([]);
});

test('P12: who looked is forgotten after a year, that somebody was erased after three', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  place.app.db.sql
    .prepare("INSERT INTO read_log (at, agent_id, act) VALUES (?, 1, 'opened')")
    .run(place.clock.now());
  await erase(place, 'carla@mail.example');

  place.clock.pass(364 * DAY);
  expect(await deleteOldEvidence(place.app)).toBe(0);
  place.clock.pass(2 * DAY);
  expect(await deleteOldEvidence(place.app)).toBe(1);
  place.clock.pass(2 * 365 * DAY);
  expect(await deleteOldEvidence(place.app)).toBe(1);
  expect(place.rows('SELECT * FROM erasures')).toEqual([]);
});
