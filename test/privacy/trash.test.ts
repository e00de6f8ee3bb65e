// The trash is emptied: after thirty days what was thrown away is in no byte, and what somebody has to keep is kept.
import { DAY, HOUR } from '../../server/lib/clock';
import { emptyTrash } from '../../server/privacy';
import { runRules } from '../../server/privacy/retention';
import { keepRetentionRule } from '../../server/privacy/rules';
import { moveTicket, type Ticket } from '../../server/tickets';
import { mergeTickets } from '../../server/tickets/merging/merge';
import { restoreTicket, trashedFor, trashTicket } from '../../server/tickets/trash/trash';
import { letter, openPlace, type Place } from './place';

const MARK = 'qzxrubbish';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const arrive = async (name: string, body: string) =>
  (await place.arrives(
    letter({ from: `${name} <${name.toLowerCase()}@mail.example>`, subject: `From ${name} ${body}`, body }),
  )) as Ticket;
const throwAway = (ticket: Ticket) =>
  place.app.db.tx(() => trashTicket(place.app, place.ana, place.ticketNow(ticket)));
const merge = (ticket: Ticket, into: Ticket) =>
  place.app.db.tx(() => mergeTickets(place.app, place.ana, [place.ticketNow(ticket)], place.ticketNow(into)));
const numbersLeft = () =>
  place.rows<{ number: number }>('SELECT number FROM tickets ORDER BY number').map(({ number }) => number);

test('P6: thirty days after it was thrown away a ticket is deleted, to the last byte; not an hour sooner', async () => {
  await arrive('Per', 'Keep this');
  throwAway(await arrive('Carla', MARK));
  place.app.followers.catchUp();
  expect(place.hits(MARK).length).toBeGreaterThan(0);

  place.clock.pass(30 * DAY);
  expect(await emptyTrash(place.app)).toMatchObject({ tickets: 0 });
  expect(numbersLeft()).toEqual([1001, 1002]);

  place.clock.pass(HOUR);
  expect(await emptyTrash(place.app)).toMatchObject({ tickets: 1 });
  place.app.followers.catchUp();
  expect(numbersLeft()).toEqual([1001]);
  expect(place.hits(MARK)).toEqual([]);
});

test('P6: what was brought back in time stays', async () => {
  const ticket = await arrive('Carla', MARK);
  throwAway(ticket);
  place.clock.pass(29 * DAY);
  place.app.db.tx(() => restoreTicket(place.app, place.ana, trashedFor(place.app, place.ana, ticket.number)));
  place.clock.pass(30 * DAY);

  expect(await emptyTrash(place.app)).toMatchObject({ tickets: 0 });
  expect(numbersLeft()).toEqual([ticket.number]);
});

test('P7: what is on hold, and whatever is about somebody restricted, stays in the trash', async () => {
  const held = await arrive('Carla', 'one');
  const restricted = await arrive('Inga', 'two');
  throwAway(held);
  throwAway(restricted);
  place.app.db.sql
    .prepare(
      "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, 'e', 'Suit', 1, 1)",
    )
    .run(held.id);
  place.app.db.sql.prepare('UPDATE customers SET restricted_at = 1 WHERE id = ?').run(restricted.customer_id);
  place.clock.pass(40 * DAY);

  expect(await emptyTrash(place.app)).toMatchObject({ tickets: 0 });
  expect(numbersLeft()).toEqual([held.number, restricted.number]);
});

test('what was merged into it goes with it, and does not come back to the lists', async () => {
  const [into, merged, first] = [
    await arrive('Carla', 'a'),
    await arrive('Carla', MARK),
    await arrive('Carla', 'c'),
  ];
  merge(first, merged);
  merge(merged, into);
  throwAway(into);
  place.clock.pass(31 * DAY);

  expect(await emptyTrash(place.app)).toMatchObject({ tickets: 3 });
  expect(numbersLeft()).toEqual([]);
  expect(place.hits(MARK)).toEqual([]);
});

test('P6: a rule for solved tickets takes what was merged along as well', async () => {
  const [into, merged] = [await arrive('Carla', 'a'), await arrive('Carla', MARK)];
  merge(merged, into);
  place.app.db.tx(() => moveTicket(place.app, place.ana, place.ticketNow(into), 'solved'));
  place.app.db.tx(() =>
    keepRetentionRule(place.app, place.owner, { kind: 'solved-tickets', days: 30, on: true }),
  );
  place.clock.pass(31 * DAY);

  expect(await runRules(place.app)).toMatchObject({ tickets: 2 });
  expect(numbersLeft()).toEqual([]);
});
