// What happens around an erasure: exports of others, mail that comes meanwhile, evidence whose time is over.
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../server/lib/clock';
import { deleteOldEvidence } from '../../server/privacy';
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { beginExport } from '../../server/privacy/exports';
import { readLedger } from '../../server/privacy/ledger-file';
import type { Ticket } from '../../server/tickets';
import { ADDRESS, leaveEverywhere } from './everywhere';
import { letter, openPlace, type Place } from './place';
import { certificateOf, erase, knownBy, wishOf } from './wishes';

const CARLA = 'carla.jansone@mail.example';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

test('P3: an export that somebody else on her tickets got goes too, because nobody can look into it', async () => {
  await leaveEverywhere(place);
  const per = knownBy(place, 'per@mail.example');
  const inga = knownBy(place, 'inga@mail.example');
  await place.arrives(letter({ from: 'Ola <ola@mail.example>', body: 'Nothing to do with anybody.' }));
  const ola = knownBy(place, 'ola@mail.example');
  const nothingWithheld = { notes: [], reason: '' };
  for (const customer of [per, inga, ola]) {
    place.app.db.tx(() => beginExport(place.app, place.owner, customer, nothingWithheld));
  }
  await place.app.jobs.runDue();
  expect(readdirSync(join(place.data, 'exports'))).toHaveLength(4);

  await erase(place, ADDRESS);

  // Inga never met her, but a colleague quoted her on Inga's ticket.
  expect(place.rows('SELECT customer_id, state FROM exports')).toEqual([
    { customer_id: ola.id, state: 'done' },
  ]);
  expect(readdirSync(join(place.data, 'exports'))).toHaveLength(1);
});

test('P3: what a crash left half-written goes: an export, a mail and an upload that no row names', async () => {
  await place.arrives(letter({ from: `Carla <${CARLA}>`, body: 'The kettle whistles.' }));
  const left = ['exports', 'mail/ab', 'files/ab', 'files/incoming'].map((folder, n) => {
    mkdirSync(join(place.data, folder), { recursive: true });
    const file = join(place.data, folder, `ab${'0'.repeat(29)}${n}`);
    writeFileSync(file, folder === 'exports' ? 'compressed' : `From: ${CARLA}`);
    const before = new Date(performance.timeOrigin - 1_000);
    utimesSync(file, before, before);
    return file;
  });

  await erase(place, CARLA);

  expect(left.filter(existsSync)).toEqual([]);
});

test('P3: a mail in the tray whose sender only has a longer address is not taken for theirs', async () => {
  await place.arrives(letter({ from: 'Anna Berg <anna@mail.example>', body: 'Hello.' }));
  await place.arrives(letter({ from: 'Hanna Dahl <hanna@mail.example>', body: 'Ask anna@mail.example.' }));
  place.app.db.sql.prepare("UPDATE inbound_mails SET state = 'failed', ticket_id = NULL WHERE id = 2").run();

  await erase(place, 'anna@mail.example');

  expect(place.rows('SELECT id, state, reason FROM inbound_mails')).toEqual([
    { id: 2, state: 'not_imported', reason: 'erased' },
  ]);
});

/** Does something once, at the first look through the files: rows are gone by then, the check is to come. */
function meanwhile(what: () => Promise<unknown>): void {
  const { threads } = place.app;
  let searches = 0;
  place.app.threads = {
    ...threads,
    run: async (worker, payload, how) => {
      if (worker === 'byte-search' && ++searches === 1) await what();
      return threads.run(worker, payload, how);
    },
  };
}

test('P5: a mail that comes while its sender is being erased stays whole: address, words, file and raw mail', async () => {
  const from = `Carla Jansone <${CARLA}>`;
  const old = 'The kettle whistles all night and my neighbours complain about it.';
  await place.arrives(letter({ from: 'Per <per@mail.example>', body: `${CARLA} told me so.` }));
  await place.arrives(letter({ from, body: old }));
  let ticket: Ticket | undefined;
  const { write } = place.app;
  let isEnded = false;
  place.app.write = async (work) => {
    const result = await write(work);
    const [row] = place.rows<{ step: string }>('SELECT step FROM erasures');
    if (row?.step === 'elsewhere' && !isEnded) {
      isEnded = true;
      ticket = await place.arrives(
        letter({ from, subject: 'Again', body: `It is me, ${from}.\n\n> ${old}` }),
      );
    }
    return result;
  };

  const facts = certificateOf(await erase(place, CARLA));

  expect(facts.kept).toMatchObject({ 'written-since': 1 });
  expect(
    place.rows(
      'SELECT address, name FROM participants WHERE ticket_id = ? ORDER BY id LIMIT 1',
      ticket?.id ?? 0,
    ),
  ).toEqual([{ address: CARLA, name: 'Carla Jansone' }]);
  expect(place.messagesOf(ticket as Ticket)[0]).toMatchObject({
    author_name: 'Carla Jansone',
    words: `It is me, ${from}.`,
  });
  const [mail] = place.rows<{ disk_name: string }>(
    'SELECT disk_name FROM inbound_mails WHERE ticket_id = ?',
    ticket?.id ?? 0,
  );
  expect(existsSync(join(place.data, 'mail', mail?.disk_name.slice(0, 2) ?? '', mail?.disk_name ?? ''))).toBe(
    true,
  );
  expect(place.rows("SELECT words FROM messages WHERE author_name = 'Per'")).toEqual([
    { words: '[…] told me so.' },
  ]);
});

test('P5: an erasure that is tried again spares whoever has come back since, in the ledger too', async () => {
  const from = `Carla Jansone <${CARLA}>`;
  await place.arrives(letter({ from, body: 'The kettle whistles.' }));
  const begun = await beginErasure(place.app, place.owner, [knownBy(place, CARLA)], wishOf({}));
  const { threads } = place.app;
  place.app.threads = { ...threads, run: () => Promise.reject(new Error('the power went')) };
  await expect(performErasure(place.app, begun.id)).rejects.toThrow('the power went');
  place.app.threads = threads;
  const entered = readLedger(join(place.data, 'erasures.log'));
  place.clock.pass(DAY);
  const ticket = await place.arrives(letter({ from, body: 'Me again.' }));

  await performErasure(place.app, begun.id);

  expect(knownBy(place, CARLA).name).toBe('Carla Jansone');
  expect(
    place.rows('SELECT address FROM participants WHERE ticket_id = ? ORDER BY id LIMIT 1', ticket?.id ?? 0),
  ).toEqual([{ address: CARLA }]);
  expect(readLedger(join(place.data, 'erasures.log'))).toEqual(entered);
});

test('P3: whoever is put in copy while being erased is taken out again', async () => {
  await place.arrives(letter({ from: `Carla Jansone <${CARLA}>`, body: 'The kettle whistles.' }));
  meanwhile(() =>
    place.arrives(letter({ from: 'Per <per@mail.example>', cc: CARLA, body: 'She reads along.' })),
  );

  await erase(place, CARLA);

  expect(place.hits(CARLA)).toEqual([]);
  expect(place.rows("SELECT words FROM messages WHERE author_name = 'Per'")).toEqual([
    { words: 'She reads along.' },
  ]);
});

test('P5: somebody who writes again while being erased is somebody new, and is not searched for', async () => {
  const from = 'Carla Jansone <carla.jansone@mail.example>';
  await place.arrives(letter({ from, body: 'The kettle whistles all night and my neighbours complain.' }));
  meanwhile(() => place.arrives(letter({ from, body: 'One more thing.' })));

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
