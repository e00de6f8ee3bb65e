// A customer with many tickets is different now: their documents are written some a turn, each once, and nobody waits for it.
import type { App } from '../../server/app';
import { type CustomerRow, changeCustomer, findCustomerById, noteOnCustomer } from '../../server/customers';
import { followOnce } from '../../server/events';
import { indexEverything, searchFollower } from '../../server/tickets/search/write-index';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
let customer: CustomerRow;
const count = (word: string) =>
  desk.rows<{ n: number }>('SELECT count(*) AS n FROM ticket_index WHERE ticket_index MATCH ?', word)[0]?.n;
const rename = (name: string) =>
  desk.app.db.tx(() =>
    changeCustomer(desk.app, desk.ana, findCustomerById(desk.app.db, customer.id)!, {
      name,
      language: null,
    }),
  );
const turn = (follower = searchFollower) => followOnce(desk.app, follower);

beforeEach(async () => {
  desk = openDesk();
  customer = desk.customer('Carla');
  desk.rows(
    `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120)
     INSERT INTO tickets (number, subject, status, channel, customer_id, created_at, activity_at)
     SELECT 5000 + n, 'Kettle', 'open', 'email', ?, 1, 1 FROM n RETURNING id`,
    customer.id,
  );
  await indexEverything(desk.app);
  desk.app.followers.catchUp();
});
afterEach(() => desk.close());

test('a new name is indexed some tickets a turn, the newest first, and new words of others do not wait for it', () => {
  rename('Zelda');
  expect(turn()).toBe(true);
  expect(count('zelda')).toBe(50);
  expect(
    desk.rows(
      "SELECT number FROM ticket_index JOIN tickets ON tickets.id = ticket_index.rowid WHERE ticket_index MATCH 'zelda' AND number < 5071",
    ),
  ).toEqual([]);

  desk.ticketFrom('Dora', 'Teapot');
  expect(turn()).toBe(true);
  expect([count('teapot'), count('zelda')]).toEqual([1, 100]);
  expect(turn()).toBe(false);
  expect(count('zelda')).toBe(120);
});

test('what a crash breaks off is done once the server is there again, each once', async () => {
  rename('Zelda');
  turn();
  const died = {
    ...searchFollower,
    goOn: (app: App) => {
      searchFollower.goOn?.(app);
      throw new Error('died');
    },
  };
  expect(() => turn(died)).toThrow('died');
  expect(count('zelda')).toBe(50);
  const again = openDesk({ db: desk.app.db, data: desk.data });

  again.app.followers.catchUp();
  expect(count('zelda')).toBe(120);
  expect(desk.rows('SELECT * FROM index_changes')).toEqual([]);
});

test('nothing is written where nothing changed that they are found by', () => {
  desk.app.db.sql.prepare('DELETE FROM ticket_index').run();
  desk.app.db.tx(() => noteOnCustomer(desk.app, desk.ana, customer, 'Calls on Mondays'));
  desk.app.db.tx(() => changeCustomer(desk.app, desk.ana, customer, { name: 'Carla', language: 'nb' }));
  while (turn());
  expect(count('carla')).toBe(0);

  rename('Zelda');
  while (turn());
  expect(count('zelda')).toBe(120);
});
