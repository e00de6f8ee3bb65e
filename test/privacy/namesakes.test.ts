// Two people of one name: where it stands in words of others is listed for a decision, not hidden and not guessed (P3).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomId } from '../../server/lib/ids';
import { checkCertificate } from '../../server/privacy/certificate';
import { findErasure } from '../../server/privacy/queries';
import { noteOnTicket, type Ticket } from '../../server/tickets';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, openPlace, type Place } from './place';
import { certificateOf, erase, wordsOn } from './wishes';

let place: Place;
let doors: Doors;
let olga: Person;
let others: Ticket;
let per: Ticket;

beforeEach(async () => {
  place = await openPlace();
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  doors = await openDoors(place);
  olga = doors.as(place.owner);
  await place.arrives(letter({ from: 'Anna Hansen <anna.one@mail.example>', body: 'The kettle whistles.' }));
  others = (await place.arrives(
    letter({ from: 'Anna Hansen <anna.two@mail.example>', body: 'Anna Hansen here, mine drips.' }),
  )) as Ticket;
  per = (await place.arrives(
    letter({ from: 'Per Olsen <per@mail.example>', body: 'My neighbour Anna Hansen told me of you.' }),
  )) as Ticket;
  note(others, 'Anna Hansen wants her spout back');
});
afterEach(async () => {
  await doors.close();
  await place.close();
});

const note = (ticket: Ticket, words: string) =>
  place.app.db.tx(() =>
    noteOnTicket(place.app, place.ana, place.ticketNow(ticket), { clientId: randomId(), words }),
  );

async function begun() {
  const row = await erase(place, 'anna.one@mail.example');
  return { id: row?.id ?? 0, address: `/privacy/erasures/${row?.public_id}`, row };
}

/** The value of the tick beside these words. */
const tickOf = (html: string, words: string) =>
  html
    .split('<div class="tick">')
    .find((part) => part.includes(words))
    ?.match(/value="([^"]+)"/)?.[1] ?? '';

async function decide(address: string, fields: Record<string, string>) {
  await olga.post(`${address}/decide`, fields);
  await place.app.jobs.runDue();
}

test('P3: each place is listed with its ticket and a few words; the namesake’s own words and name are not asked about', async () => {
  const { address, row } = await begun();
  const { html } = await olga.get(address);

  expect(row?.state).toBe('waiting');
  expect(certificateOf(row).kept).toMatchObject({ undecided: 2 });
  expect(html).toContain('stands in 2 places');
  expect(html).toContain(`href="/tickets/${per.number}"`);
  expect(html).toContain('My neighbour <mark>Anna Hansen</mark> told me of you.');
  expect(html).toContain('<mark>Anna Hansen</mark> wants her spout back');
  expect(html).not.toContain('mine drips');
  expect((await olga.get('/privacy')).html).toContain(
    'waits for your decision: the same name stands in 2 places',
  );
  expect(row?.certificate).not.toMatch(/anna|hansen/i);
  expect(place.rows<{ plan: Buffer }>('SELECT plan FROM erasures')[0]?.plan.toString('latin1')).not.toMatch(
    /hansen/i,
  );
});

test('P3: what is theirs too goes by the same means, what is somebody else’s stays and is counted as kept', async () => {
  const { address, id } = await begun();
  const { html } = await olga.get(address);

  await decide(address, { place: tickOf(html, 'My neighbour'), belongs: 'theirs' });
  expect(wordsOn(place, per)).toEqual(['My neighbour […] told me of you.']);
  expect(place.hits('my neighbour anna')).toEqual([]);
  expect(findErasure(place.app.db, id)?.state).toBe('waiting');
  expect((await olga.get(address)).html).not.toContain('My neighbour');

  await decide(address, { place: tickOf(html, 'spout'), belongs: 'others' });
  const done = findErasure(place.app.db, id);
  expect(done).toMatchObject({ state: 'done', plan: null });
  expect(wordsOn(place, others)).toContain('Anna Hansen wants her spout back');
  expect(certificateOf(done).kept).toMatchObject({ namesakes: 1 });
  expect(certificateOf(done).kept).not.toHaveProperty('undecided');
  expect(checkCertificate(place.app.key, done?.certificate ?? '')).toMatchObject({ good: true });
  expect((await olga.get('/privacy')).html).not.toContain('waits for your decision');
});

test('P3: all may be decided at once; nothing ticked decides nothing', async () => {
  const { address, id } = await begun();

  await decide(address, { belongs: 'theirs' });
  expect((await olga.get(address)).html).toContain('Nothing was ticked');
  expect(findErasure(place.app.db, id)?.state).toBe('waiting');

  await decide(address, { all: 'on', belongs: 'others' });
  expect(findErasure(place.app.db, id)).toMatchObject({ state: 'done', plan: null });
  expect(wordsOn(place, per)).toEqual(['My neighbour Anna Hansen told me of you.']);
});

test('P3: a place that went meanwhile needs no decision; words are shown as they are now', async () => {
  const { address, id } = await begun();
  place.app.db.sql.prepare('DELETE FROM messages WHERE ticket_id = ?').run(per.id);

  expect((await olga.get(address)).html).not.toContain('My neighbour');
  await olga.post(`${address}/again`);
  await place.app.jobs.runDue();

  expect(certificateOf(findErasure(place.app.db, id)).kept).toMatchObject({ undecided: 1 });
});

test('P3: an agent sees none of it', async () => {
  const { address } = await begun();

  expect((await doors.as(place.ana).get(address)).status).toBe(403);
  expect((await doors.as(place.ana).post(`${address}/decide`, { all: 'on', belongs: 'theirs' })).status).toBe(
    403,
  );
});
