// The event log is append-only, and its followers miss nothing and read nothing twice.
import { type EventRow, type Follower, Followers, followOnce, record, SYSTEM } from '../../server/events';
import { DAY, HOUR } from '../../server/lib/clock';
import { factsFollower } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { searchTickets } from '../../server/tickets/search/search';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { until } from '../support/until';
import { reply } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const sql = (text: string) => desk.app.db.sql.exec(text);

describe('AC-50: the log', () => {
  beforeEach(() => void desk.ticketFrom('Carla'));

  test.each([
    "UPDATE events SET name = 'nothing.happened'",
    'UPDATE events SET actor_id = NULL',
    'UPDATE OR REPLACE events SET id = id + 1',
  ])('is not changed: %s', (statement) => {
    const before = desk.events();

    expect(() => sql(statement)).toThrow('append-only');
    expect(desk.events()).toEqual(before);
  });

  test.each(['DELETE FROM events', 'DELETE FROM events WHERE id = 1'])(
    'is not deleted from: %s',
    (statement) => {
      const before = desk.events();

      expect(() => sql(statement)).toThrow('append-only');
      expect(desk.events()).toEqual(before);
    },
  );

  test('is not written over', () => {
    const before = desk.events();

    expect(() =>
      sql(
        "INSERT OR REPLACE INTO events (id, at, name, actor_kind, subject_kind, subject_id) VALUES (1, 1, 'x.y', 'system', 'x', 1)",
      ),
    ).toThrow('append-only');
    expect(desk.events()).toEqual(before);
  });

  test('lets the one retention function delete what is old, and still lets nobody change it', () => {
    sql('INSERT INTO event_retention_open VALUES (1)');
    expect(() => sql("UPDATE events SET name = 'x.y'")).toThrow('append-only');
    sql('DELETE FROM events WHERE id = 1');
    sql('DELETE FROM event_retention_open');

    expect(desk.rows('SELECT id FROM events WHERE id = 1')).toEqual([]);
    expect(() => sql('DELETE FROM events')).toThrow('append-only');
  });

  test('never gives a number out twice, so that no follower passes over an event', () => {
    const last = desk.rows<{ id: number }>('SELECT max(id) AS id FROM events')[0]?.id ?? 0;
    sql('INSERT INTO event_retention_open VALUES (1)');
    sql('DELETE FROM events');
    sql('DELETE FROM event_retention_open');

    expect(record(desk.app, 'ticket.replied', SYSTEM, { id: 1 })).toBe(last + 1);
  });

  test('P11: holds ids and small facts, never an address or a word that somebody wrote', () => {
    const { ticket } = receive(
      desk,
      letter({
        from: 'Zacharias <zacharias@mail.example>',
        subject: 'Unmistakable',
        words: 'confidential',
        cc: ['dora@copy.example'],
      }),
    );
    reply(desk, ticket, 'discreet');

    const log = JSON.stringify(desk.rows('SELECT * FROM events'));
    for (const secret of ['achari', 'mail.example', 'Unmistakable', 'confidential', 'dora', 'discreet'])
      expect(log).not.toContain(secret);
  });
});

describe('a follower', () => {
  const seen: number[] = [];
  let failing = false;

  beforeEach(() => {
    seen.length = 0;
    failing = false;
  });

  /** Writes down what it reads, as real followers do, and can break off after its work and before the cursor moves. */
  const follower: Follower = {
    name: 'test',
    batch: 3,
    read(app, events: EventRow[]) {
      for (const event of events)
        app.db.sql.prepare('INSERT INTO settings VALUES (?, ?)').run(`event ${event.id}`, event.name);
      if (failing) throw new Error('the power went out');
      seen.push(...events.map(({ id }) => id));
    },
  };
  const noted = () =>
    desk
      .rows<{ key: string }>(
        "SELECT key FROM settings WHERE key LIKE 'event %' ORDER BY cast(substr(key, 7) AS INTEGER)",
      )
      .map(({ key }) => Number(key.slice(6)));
  const happen = (times: number) =>
    Array.from({ length: times }, () => record(desk.app, 'ticket.tagged', SYSTEM, { id: 1 }));

  test('reads all events in order, a batch at a time, each once', () => {
    const ids = happen(8);

    expect(followOnce(desk.app, follower)).toBe(true);
    expect(followOnce(desk.app, follower)).toBe(true);
    expect(followOnce(desk.app, follower)).toBe(false);
    expect(followOnce(desk.app, follower)).toBe(false);

    expect(seen).toEqual(ids);
    expect(noted()).toEqual(ids);
  });

  test('that breaks off between its work and its cursor has done nothing, and then does all of it once', () => {
    const ids = happen(4);
    failing = true;
    expect(() => followOnce(desk.app, follower)).toThrow('the power went out');
    expect(noted()).toEqual([]);

    failing = false;
    while (followOnce(desk.app, follower));

    expect(noted()).toEqual(ids);
  });

  test('does not see events whose transaction is undone', () => {
    const before = happen(1);
    expect(() =>
      desk.app.db.tx(() => {
        happen(2);
        throw new Error('no');
      }),
    ).toThrow('no');
    const after = happen(1);
    while (followOnce(desk.app, follower));

    expect(noted()).toEqual([...before, ...after]);
  });

  test('that fails does not keep the others from theirs', async () => {
    const other: Follower = {
      ...follower,
      name: 'other',
      read: (_app, events) => void seen.push(...events.map(({ id }) => id)),
    };
    failing = true;
    const followers = new Followers(() => desk.app, [follower, other]);
    const ids = happen(2);
    const done = new Promise<void>((resolve) => {
      const { read } = other;
      other.read = (app, events) => {
        read(app, events);
        resolve();
      };
    });
    followers.wake();
    await done;
    followers.stop();

    expect(seen).toEqual(ids);
    expect(noted()).toEqual([]);
  });

  test('that fails holds nobody up: the others read on at once, however much there is', async () => {
    const other: Follower = {
      ...follower,
      name: 'other',
      batch: 1,
      read: (_app, events) => void seen.push(...events.map(({ id }) => id)),
    };
    failing = true;
    const followers = new Followers(() => desk.app, [follower, other]);
    happen(1);
    followers.wake();
    await until('the first turn', () => seen.length === 1);
    const start = performance.now();
    happen(20);
    followers.wake();
    await until('all of it', () => seen.length === 21);
    followers.stop();

    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

test('a ticket is found within a second of its commit, and not before', async () => {
  const ticket = desk.ticketFrom('Carla', 'Kettle', 'whistling');
  expect(searchTickets(desk.app, desk.ana, 'whistling', { limit: 1 }).hits).toEqual([]);

  const start = performance.now();
  while (searchTickets(desk.app, desk.ana, 'whistling', { limit: 1 }).hits.length === 0)
    await new Promise((resolve) => setImmediate(resolve));

  expect(performance.now() - start).toBeLessThan(1_000);
  expect(ticket.number).toBe(1001);
});

describe('P10: daily facts', () => {
  const facts = () =>
    desk.rows<{ day: string; fact: string; n: number }>(
      'SELECT day, fact, n FROM daily_facts ORDER BY day, fact',
    );

  test('count what happened by the firm’s own day, and survive the ticket', () => {
    const { ticket } = receive(desk, letter({ messageId: 'one@mail.example' }));
    reply(desk, ticket, 'Hello');
    desk.app.db.tx(() => moveTicket(desk.app, desk.ana, ticket, 'solved'));
    // 23:30 UTC is the next day in Oslo.
    desk.clock.pass(14 * HOUR + HOUR / 2);
    receive(desk, letter({ inReplyTo: ['one@mail.example'] }));
    desk.app.followers.catchUp();
    const before = facts();

    desk.app.db.sql.prepare('DELETE FROM tickets').run();
    desk.clock.pass(DAY);
    desk.app.followers.catchUp();

    expect(before).toEqual([
      { day: '2026-11-20', fact: 'ticket.opened', n: 1 },
      { day: '2026-11-20', fact: 'ticket.replied', n: 1 },
      { day: '2026-11-20', fact: 'ticket.solved', n: 1 },
      { day: '2026-11-21', fact: 'ticket.customer-wrote', n: 1 },
      { day: '2026-11-21', fact: 'ticket.reopened', n: 1 },
    ]);
    expect(facts()).toEqual(before);
  });

  test('count a first mail as one opening, whatever made it a ticket of its own', () => {
    const { ticket } = receive(desk, letter({ messageId: 'one@mail.example' }));
    receive(desk, letter({ inReplyTo: ['one@mail.example'], authenticationResults: ['mx; dmarc=fail'] }));
    desk.app.followers.catchUp();

    expect(facts()).toEqual([{ day: '2026-11-20', fact: 'ticket.opened', n: 2 }]);
    expect(ticket.number).toBe(1001);
  });

  test('name no person', () => {
    const columns = desk
      .rows<{ name: string }>("SELECT name FROM pragma_table_info('daily_facts')")
      .map(({ name }) => name);

    expect(columns).toEqual(['day', 'fact', 'channel', 'mailbox_id', 'team_id', 'n']);
    expect(factsFollower.name).toBe('daily facts');
  });
});
