// How long solved tickets are kept (P6, P10).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { attach, storeBytes } from '../../server/attachments';
import { DAY, HOUR } from '../../server/lib/clock';
import { resumeInterrupted } from '../../server/privacy';
import { keptUntil, lastRuns, previewRule, runRules } from '../../server/privacy/retention';
import { findRule, keepRetentionRule } from '../../server/privacy/rules';
import { addMessage, moveTicket, searchTickets, type Ticket } from '../../server/tickets';
import { letter, openPlace, type Place } from './place';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const rule = (days: number, on = true) =>
  place.app.db.tx(() => keepRetentionRule(place.app, place.owner, { kind: 'solved-tickets', days, on }));

const solve = (ticket: Ticket, status: 'solved' | 'closed' = 'solved') =>
  place.app.db.tx(() => moveTicket(place.app, place.ana, place.ticketNow(ticket), status));

async function solved(name: string, status: 'solved' | 'closed' = 'solved'): Promise<Ticket> {
  const ticket = (await place.arrives(
    letter({
      from: `${name} <${name.toLowerCase()}@mail.example>`,
      subject: `From ${name}`,
      body: `The words of ${name}.`,
    }),
  )) as Ticket;
  solve(ticket, status);
  return ticket;
}

const numbersLeft = () =>
  place.rows<{ number: number }>('SELECT number FROM tickets ORDER BY number').map(({ number }) => number);

test('P6: solved and closed tickets go so many days after their last message, open ones never', async () => {
  await solved('Carla');
  await solved('Inga', 'closed');
  await place.arrives(letter({ from: 'Per <per@mail.example>', body: 'Still open.' }));
  rule(30);

  place.clock.pass(30 * DAY);
  expect(await runRules(place.app)).toMatchObject({ tickets: 0 });
  expect(numbersLeft()).toEqual([1001, 1002, 1003]);

  place.clock.pass(HOUR);
  expect(await runRules(place.app)).toMatchObject({ tickets: 2, kept: 0 });
  expect(numbersLeft()).toEqual([1003]);
});

test('P6: a later message begins the days anew', async () => {
  const ticket = await solved('Carla');
  rule(30);
  place.clock.pass(20 * DAY);
  const author = { kind: 'agent' as const, id: place.ana.id, name: 'Ana' };
  place.app.db.tx(() =>
    addMessage(place.app, place.ticketNow(ticket), {
      kind: 'note',
      author,
      channel: 'email',
      words: 'Looked at it again.',
    }),
  );
  place.clock.pass(15 * DAY);

  await runRules(place.app);
  expect(numbersLeft()).toEqual([1001]);

  place.clock.pass(16 * DAY);
  await runRules(place.app);
  expect(numbersLeft()).toEqual([]);
});

test('P6: nothing is deleted by a rule that nobody switched on', async () => {
  await solved('Carla');
  rule(1, false);
  place.clock.pass(400 * DAY);

  expect(await runRules(place.app)).toEqual({});

  expect(numbersLeft()).toEqual([1001]);
  expect(lastRuns(place.app)).toEqual([]);
});

test('P6: with a ticket go its messages, files, raw mails and words in the search, and customers stay', async () => {
  await solved('Carla');
  rule(1);
  place.clock.pass(3 * DAY);

  await runRules(place.app);
  place.app.followers.catchUp();

  expect(place.rows('SELECT * FROM messages')).toEqual([]);
  expect(place.rows('SELECT * FROM thread_keys')).toEqual([]);
  expect(place.rows('SELECT disk_name, header_message_id, ticket_id FROM inbound_mails')).toEqual([
    { disk_name: null, header_message_id: null, ticket_id: null },
  ]);
  expect(
    readdirSync(join(place.data, 'mail'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ),
  ).toEqual([]);
  expect(searchTickets(place.app, place.owner, 'words', { limit: 5 }).hits).toEqual([]);
  expect(place.rows('SELECT name FROM customers')).toEqual([{ name: 'Carla' }]);
  expect(place.rows('SELECT n FROM ticket_counts WHERE n <> 0')).toEqual([]);
});

test('P6: a mail whose ticket went is not taken in again when the server sends it once more (M3)', async () => {
  const raw = letter({ from: 'Carla <carla@mail.example>', id: 'once@mail.example', body: 'Hello.' });
  solve((await place.arrives(raw)) as Ticket);
  rule(1);
  place.clock.pass(3 * DAY);
  await runRules(place.app);

  expect(await place.arrives(raw)).toBeUndefined();
  expect(numbersLeft()).toEqual([]);
});

test('P6: tickets on hold and of restricted customers stay and are counted', async () => {
  const held = await solved('Carla');
  await solved('Inga');
  await solved('Per');
  place.app.db.sql
    .prepare(
      "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, 'e', 'A lawsuit', 1, 1)",
    )
    .run(held.id);
  place.app.db.sql.prepare("UPDATE customers SET restricted_at = 1 WHERE name = 'Inga'").run();
  rule(1);
  place.clock.pass(3 * DAY);

  expect(previewRule(place.app, 1)).toMatchObject({ now: 1, kept: 2 });
  expect(await runRules(place.app)).toMatchObject({ tickets: 1, kept: 2 });
  expect(numbersLeft()).toEqual([1001, 1002]);
});

test('P6: the preview says what goes now, what within 30 days, and shows some of it', async () => {
  await solved('Carla');
  place.clock.pass(20 * DAY);
  await solved('Inga');

  const preview = previewRule(place.app, 10);

  expect(preview).toMatchObject({
    now: 1,
    soon: 1,
    kept: 0,
    samples: [{ number: 1001, subject: 'From Carla' }],
  });
  expect(numbersLeft()).toEqual([1001, 1002]);
});

test('P6: many tickets go in small steps, between which others are served', async () => {
  for (let i = 0; i < 45; i++) solve(place.ticketFrom(`Person${i}`));
  rule(1);
  place.clock.pass(3 * DAY);
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);

  const counts = await runRules(place.app);

  clearInterval(ticking);
  expect(counts).toMatchObject({ tickets: 45, messages: expect.any(Number) });
  expect(turns).toBeGreaterThan(2);
});

test('P6: each run is listed with who began it and what it counted, a failed one with its error', async () => {
  await solved('Carla');
  rule(1);
  place.clock.pass(3 * DAY);
  await runRules(place.app, place.owner);
  await solved('Inga');
  place.clock.pass(3 * DAY);
  const { write } = place.app;
  let writes = 0;
  place.app.write = (work) => (++writes === 2 ? Promise.reject(new RangeError('no room')) : write(work));
  await expect(runRules(place.app)).rejects.toThrow('no room');
  place.app.write = write;

  const [failed, done] = lastRuns(place.app);
  expect(done).toMatchObject({ started_by: place.owner.id, error: null });
  expect(JSON.parse(done?.counts ?? '')).toMatchObject({ tickets: 1 });
  expect(failed).toMatchObject({ started_by: null, error: 'RangeError' });
});

test('P6: a run that a crash broke off is listed as failed at the next start, and the next run does what it had left', async () => {
  const ticket = await solved('Carla');
  rule(30);
  place.clock.pass(31 * DAY);
  const [message] = place.messagesOf(ticket);
  const file = await storeBytes(place.app, Buffer.from('a picture'));
  place.app.db.tx(() =>
    attach(
      place.app,
      { kind: 'message', id: message?.id ?? 0 },
      { file, name: 'kettle.png', declaredType: 'image/png', type: 'image/png' },
    ),
  );
  const { write } = place.app;
  place.app.write = async (work) => {
    const result = await write(work);
    if (numbersLeft().length === 0) return new Promise(() => undefined);
    return result;
  };
  void runRules(place.app);
  while (numbersLeft().length > 0) await new Promise((resolve) => setImmediate(resolve));
  const next = await openPlace(place.data);
  await resumeInterrupted(next.app);

  expect(lastRuns(next.app)).toMatchObject([{ error: 'interrupted', ended_at: expect.any(Number) }]);
  expect(next.rows('SELECT id FROM files')).toHaveLength(1);
  await runRules(next.app);
  expect(next.rows('SELECT id FROM files')).toEqual([]);
  await next.house.close();
});

test('P10: daily figures are the same before and after', async () => {
  await solved('Carla');
  rule(1);
  place.app.followers.catchUp();
  const figures = () => place.rows('SELECT * FROM daily_facts ORDER BY day, fact');
  const before = figures();
  expect(before.length).toBeGreaterThan(0);
  place.clock.pass(3 * DAY);

  await runRules(place.app);
  place.app.followers.catchUp();

  expect(figures()).toEqual(before);
});

test('P10: what happened just before is counted although its ticket goes at once', async () => {
  const ticket = place.ticketFrom('Carla');
  solve(ticket);
  rule(1);
  place.clock.pass(3 * DAY);

  await runRules(place.app);

  expect(place.rows("SELECT fact, mailbox_id, n FROM daily_facts WHERE fact = 'ticket.solved'")).toEqual([
    { fact: 'ticket.solved', mailbox_id: ticket.mailbox_id, n: 1 },
  ]);
});

test("a ticket's page says until when it is kept", async () => {
  const ticket = await solved('Carla');
  const now = () => keptUntil(place.app, place.ticketNow(ticket));
  expect(now()).toBeUndefined();

  rule(30);
  expect(now()).toBe(place.ticketNow(ticket).activity_at + 30 * DAY);

  place.app.db.tx(() => moveTicket(place.app, place.ana, place.ticketNow(ticket), 'open'));
  expect(now()).toBeUndefined();
});

test('a rule that is kept again changes, and remembers when it was switched', () => {
  rule(30, false);
  place.clock.pass(DAY);
  rule(60);

  expect(findRule(place.app.db, 'solved-tickets')).toMatchObject({
    days: 60,
    is_on: 1,
    switched_at: place.clock.now(),
  });
  expect(place.rows('SELECT count(*) AS n FROM retention_rules')).toEqual([{ n: 1 }]);
  expect(place.events('retention.changed')).toHaveLength(2);
});
