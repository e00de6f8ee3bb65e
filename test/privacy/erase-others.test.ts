// Erasing somebody leaves others whole: names, addresses and words that are not only theirs (P3, P5).
import { createCustomer, findCustomerByAddress } from '../../server/customers';
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { planFor } from '../../server/privacy/identity';
import { surveyOf } from '../../server/privacy/survey';
import type { Ticket } from '../../server/tickets';
import { decideParticipant } from '../../server/tickets/participants';
import { letter, openPlace, type Place } from './place';
import { certificateOf, erase, knownBy, wishOf, wordsOn } from './wishes';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

test('P5: the erased mail is not taken in again, a new one by the same person opens a new customer', async () => {
  const raw = letter({
    from: 'Carla Jansone <carla@mail.example>',
    id: 'once@mail.example',
    body: 'The kettle whistles.',
  });
  await place.arrives(raw);
  const before = knownBy(place, 'carla@mail.example');
  await erase(place, 'carla@mail.example');

  expect(await place.arrives(raw)).toBeUndefined();
  expect(findCustomerByAddress(place.app.db, 'carla@mail.example')).toBeUndefined();

  const ticket = await place.arrives(
    letter({ from: 'Carla Jansone <carla@mail.example>', body: 'Hello again.' }),
  );

  expect(ticket?.number).toBe(1002);
  expect(knownBy(place, 'carla@mail.example').public_id).not.toBe(before.public_id);
});

test("P3: two people of the same name: the other one's stays, and the page says that it was not searched for", async () => {
  await place.arrives(
    letter({ from: 'Anna Hansen <anna.one@mail.example>', body: 'The first Anna writes.' }),
  );
  const other = await place.arrives(
    letter({ from: 'Anna Hansen <anna.two@mail.example>', body: 'Anna Hansen here, the second.' }),
  );
  const survey = await surveyOf(
    place.app,
    planFor(place.app, [knownBy(place, 'anna.one@mail.example')], { othersFiles: 'remove' }),
    'erase',
  );
  expect(survey.shared).toEqual({ addresses: 0, names: 1 });

  const facts = certificateOf(await erase(place, 'anna.one@mail.example'));

  expect(facts.kept).toMatchObject({ 'ordinary-names': 1 });
  expect(place.messagesOf(other as { id: number })[0]).toMatchObject({
    author_name: 'Anna Hansen',
    words: 'Anna Hansen here, the second.',
  });
  expect(place.hits('anna.one@')).toEqual([]);
});

test("P3: an address that is part of another one's is told apart", async () => {
  await place.arrives(letter({ from: 'Anna Berg <anna@mail.example>', body: 'Anna writes something.' }));
  const hanna = await place.arrives(
    letter({ from: 'Hanna Berg <hanna@mail.example>', body: 'Hanna writes something.' }),
  );

  const facts = certificateOf(await erase(place, 'anna@mail.example'));

  expect(facts.kept).toMatchObject({ lookalikes: expect.any(Number) });
  expect(knownBy(place, 'hanna@mail.example').name).toBe('Hanna Berg');
  expect(place.messagesOf(hanna as { id: number })[0]?.facts).toContain('"hanna@mail.example"');
});

test('P3: words that somebody else wrote too are theirs as much, and stay', async () => {
  const words = 'Thank you very much in advance, I am looking forward to hearing from you very soon.';
  await place.arrives(
    letter({
      from: 'Carla Jansone <carla@mail.example>',
      body: `My kettle is broken in three places and I am sad. ${words}`,
    }),
  );
  const per = await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', body: words }));

  const facts = certificateOf(await erase(place, 'carla@mail.example'));

  expect(wordsOn(place, per as { id: number })).toEqual([words]);
  expect(facts.kept.common).toBeGreaterThan(0);
  expect(place.hits('broken in three places')).toEqual([]);
});

test('P3: a visitor without an address is erased by name', async () => {
  const visitor = place.app.db.tx(() =>
    createCustomer(place.app, place.owner, { name: 'Visitor 7', language: 'en' }),
  );
  const begun = await beginErasure(place.app, place.owner, [visitor], wishOf({}));

  await performErasure(place.app, begun.id);

  expect(place.rows('SELECT * FROM customers')).toEqual([]);
});

test('P3: an agent who writes to us as a customer does not lose the account', async () => {
  await place.arrives(
    letter({ from: 'Ana Bērziņa <ana@teapot.example>', body: 'Just trying how it feels.' }),
  );

  const facts = certificateOf(await erase(place, 'ana@teapot.example'));

  expect(facts.kept).toMatchObject({ 'shared-addresses': 1 });
  expect(place.rows("SELECT state FROM agents WHERE email = 'ana@teapot.example'")).toEqual([
    { state: 'active' },
  ]);
});

test("P3: an address that is the firm's own too stays in the settings, and the certificate says so", async () => {
  await place.arrives(
    letter({ from: 'Olga Berg <olga.berg@mail.example>', body: 'Only trying how it feels.' }),
  );
  const site = JSON.stringify({ contact: 'olga.berg@mail.example' });
  place.app.db.sql.prepare("INSERT INTO settings (key, value) VALUES ('contact', ?)").run(site);

  const facts = certificateOf(await erase(place, 'olga.berg@mail.example'));

  expect(facts.kept.common).toBeGreaterThan(0);
  expect(place.rows("SELECT value FROM settings WHERE key = 'contact'")).toEqual([{ value: site }]);
  expect(place.rows('SELECT * FROM customers')).toEqual([]);
});

test('P3: what the system noted about somebody on a ticket of others loses a first name too', async () => {
  const ticket = (await place.arrives(
    letter({ from: 'Per Olsen <per@mail.example>', id: 'per@mail.example', body: 'My friend will write.' }),
  )) as Ticket;
  await place.arrives(
    letter({
      from: 'Anna <anna@mail.example>',
      inReplyTo: 'per@mail.example',
      subject: 'Re: Hello',
      body: 'Here I am.',
    }),
  );
  const [anna] = place.rows<{ id: number }>(
    "SELECT id FROM participants WHERE address_key = 'anna@mail.example'",
  );
  place.app.db.tx(() =>
    decideParticipant(place.app, place.ana, place.ticketNow(ticket), anna?.id ?? 0, true),
  );
  expect(place.hits('"whom":"Anna"')).not.toEqual([]);

  await erase(place, 'anna@mail.example');

  expect(place.hits('"whom":"Anna"')).toEqual([]);
});
