// What is left of somebody whose mail was moved to another's ticket, and who was blocked (P1, P3).
import { blockSender } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { moveMessage } from '../../server/tickets/filing/move-message';
import { letter, openPlace, type Place } from './place';
import { erase } from './wishes';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const MARK = 'qzxmoved';
const count = (table: string) => place.app.db.sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

test('P3: a mail that was moved to somebody else’s ticket goes with its writer, and the ticket stays', async () => {
  const { app, ana } = place;
  const pers = (await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      id: 'per-1@mail.example',
      body: 'We share one delivery.',
    }),
  )) as Ticket;
  const carlas = (await place.arrives(
    letter({
      from: `Carla ${MARK} <carla.${MARK}@mail.example>`,
      subject: `About ${MARK}`,
      id: `first-${MARK}@mail.example`,
      body: `The kettle whistles the ${MARK} tune all night and my neighbours knock at the wall about it.`,
    }),
  )) as Ticket;
  const [mail] = place.messagesOf(carlas);
  await app.write(() => moveMessage(app, ana, carlas, mail!, pers));
  await app.write(() => blockSender(app, ana, { kind: 'address', value: `carla.${MARK}@mail.example` }));
  // Per answers her mail there: his own keeps no trace of hers.
  await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      id: 'per-2@mail.example',
      inReplyTo: `first-${MARK}@mail.example`,
      body: 'I hear it too.',
    }),
  );
  expect(place.messagesOf(pers).filter(({ kind }) => kind === 'reply')).toHaveLength(3);

  await erase(place, `carla.${MARK}@mail.example`);

  expect(place.hits(MARK)).toEqual([]);
  expect(count('blocked_senders')).toBe(0);
  expect(count("thread_keys WHERE kind = 'choice'")).toBe(0);
  expect(place.messagesOf(pers).map(({ words }) => words)).toEqual(
    expect.arrayContaining(['We share one delivery.', 'I hear it too.']),
  );
});
