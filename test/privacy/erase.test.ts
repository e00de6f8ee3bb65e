// Erasing somebody: what goes, what stays whole, and what is told of it (P3, P5, P7, P10).
import { type CustomerRow, findCustomerByAddress } from '../../server/customers';
import { beginErasure, resumeInterrupted } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { claimantsOf, planFor } from '../../server/privacy/identity';
import { findErasure } from '../../server/privacy/queries';
import { surveyOf } from '../../server/privacy/survey';
import { searchTickets } from '../../server/tickets';
import { fits } from '../../server/tickets/rules/match';
import type { Condition } from '../../server/tickets/rules/rule';
import { ADDRESS, COMPLAINT, type Everywhere, leaveEverywhere, leaveInTray, MARK, NAME } from './everywhere';
import { openPlace, type Place } from './place';
import { certificateOf, erase, wishOf, wordsOn } from './wishes';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

describe('somebody who left something everywhere', () => {
  let left: Everywhere;

  beforeEach(async () => {
    left = await leaveEverywhere(place);
  });

  test('P3: what will go is shown first, item by item, and nothing has gone', async () => {
    const plan = planFor(place.app, [left.carla, ...claimantsOf(place.app, left.carla)], {
      othersFiles: 'remove',
    });
    const before = place.rows('SELECT count(*) AS n FROM messages');

    const survey = await surveyOf(place.app, plan, 'erase');

    expect(survey.own).toMatchObject({
      customers: 2,
      tickets: 3,
      attachments: 1,
      inbound_mails: 3,
      drafts: 1,
      chats: 1,
      visitors: 1,
      exports: 1,
    });
    expect(survey.elsewhere).toMatchObject({
      messages: 6,
      drafts: 1,
      tags: 1,
      rules: 1,
      failed_tries: 1,
      customer_notes: 1,
      outbox: 1,
    });
    expect(survey.jointTickets).toBe(1);
    expect(place.rows('SELECT count(*) AS n FROM messages')).toEqual(before);
    expect(place.hits(MARK).length).toBeGreaterThan(25);
  });

  test('P3: a rule that names them is told before, and asks for them no longer; emptied, it fits nobody', async () => {
    await erase(place, ADDRESS);

    const [rule] = place.rows<{ name: string; conditions: string }>('SELECT name, conditions FROM rules');
    expect(rule?.name).toBe('Mails by […]');
    expect(JSON.parse(rule?.conditions ?? '')).toEqual([
      { field: 'from', op: 'any', values: [] },
      { field: 'from', op: 'none', values: ['inga@mail.example'] },
      { field: 'subject', op: 'any', values: ['About […]'] },
    ]);
    const conditions = JSON.parse(rule?.conditions ?? '') as Condition[];
    const arrived = { subject: 'x', words: 'x', mailboxId: 1, channel: 'email', hasFiles: false } as const;
    const [first] = conditions;
    expect(fits({ matches: 'any', conditions: first ? [first] : [] }, { ...arrived, address: ADDRESS })).toBe(
      false,
    );
  });

  test('P3: the ticket of somebody else stays whole, its author a neutral label, her words and their quotes gone', async () => {
    await erase(place, ADDRESS);

    const messages = place.messagesOf(left.joint);
    expect(messages.map(({ sequence, author_name: author }) => [sequence, author])).toEqual([
      [1, 'Per Olsen'],
      [2, 'Erased person'],
      [3, 'Per Olsen'],
      [4, 'Per Olsen'],
      [5, 'Ana'],
    ]);
    expect(messages[0]?.words).toBe('We share one delivery, my colleague reads along.');
    expect(messages[1]).toMatchObject({ author_kind: 'customer', author_id: null, inbound_mail_id: null });
    expect(messages[1]?.words).toBe('This message was erased at the request of the person who wrote it.');
    expect(messages[2]?.words).toContain('I agree with her.');
    expect(messages[4]?.words).toBe('Dear both, we saw that […] wrote about […].');
    expect(place.ticketNow(left.joint)).toMatchObject({
      subject: 'Shared delivery',
      sequence: 5,
      excerpt: 'Dear both, we saw that […] wrote about […].',
    });
  });

  test('P3: an unsent reply still goes to the others, and to her no more', async () => {
    await erase(place, ADDRESS);

    expect(place.queuedMails().map((mail) => mail.recipients)).toEqual([['per@mail.example']]);
    const [row] = place.rows<{ mail: string }>('SELECT mail FROM outbox');
    expect(JSON.parse(row?.mail ?? '{}')).toMatchObject({ to: [{ address: 'per@mail.example' }], cc: [] });
  });

  test('P3: search finds her no more, and the others as before', async () => {
    await erase(place, ADDRESS);
    place.app.followers.catchUp();
    const numbers = (text: string) =>
      searchTickets(place.app, place.owner, text, { limit: 10 }).hits.map((hit) => hit.number);

    expect(numbers(MARK)).toEqual([]);
    expect(numbers('whistles')).toEqual([]);
    expect(numbers('delivery')).toEqual([left.joint.number]);
    expect(numbers('spouts')).toEqual([left.foreign.number]);
  });

  test('P3: the certificate says what was checked, kept and not searched, and names nobody', async () => {
    const row = await erase(place, ADDRESS);
    const facts = certificateOf(row);

    expect(facts).toMatchObject({
      kind: 'erase',
      removed: { tickets: 3, exports: 1 },
      checked: { found: 0 },
      exception: null,
    });
    expect(facts.checked.identifiers).toBeGreaterThan(5);
    expect(facts.checked.passages).toBeGreaterThan(10);
    expect(facts.notSearched).toEqual(expect.arrayContaining(['paper', 'mailboxes-of-others', 'compressed']));
    expect(row?.certificate?.toLowerCase()).not.toContain(MARK);
    expect(row?.certificate).not.toContain('carla');
  });

  test('P3: files of others in which she stands are kept by decision, and the certificate says on which ground', async () => {
    const facts = certificateOf(await erase(place, ADDRESS, { keepFiles: true }));

    expect(facts).toMatchObject({ kept: { 'kept-files': 1 }, exception: 'e' });
    expect(place.hits(MARK).map(({ file }) => file.split('/')[0])).toEqual(['files', 'files']);
    expect(place.rows("SELECT name FROM attachments WHERE name = 'delivery.csv'")).toHaveLength(1);
  });

  test('P3: de-identified, her tickets keep their words and lose every name, address, number, file and raw mail', async () => {
    const facts = certificateOf(await erase(place, ADDRESS, { kind: 'de-identify' }));

    expect(facts.kind).toBe('de-identify');
    expect(wordsOn(place, left.ticket)[0]).toContain('whistles the qzxmark tune all night');
    expect(place.messagesOf(left.ticket)[0]).toMatchObject({ author_name: 'Erased person', signature: '' });
    expect(place.rows('SELECT name FROM customers WHERE id = ?', left.carla.id)).toEqual([
      { name: 'Erased person' },
    ]);
    expect(place.hits(ADDRESS)).toEqual([]);
    expect(place.hits(NAME)).toEqual([]);
    expect(place.hits(`first-${MARK}@mail.example`)).toEqual([]);
    expect(place.rows("SELECT * FROM attachments WHERE name LIKE '%qzx%'")).toEqual([]);
    expect(findCustomerByAddress(place.app.db, ADDRESS)).toBeUndefined();
  });

  test('P3: a mail of hers that nobody could file goes too', async () => {
    await leaveInTray(place);

    await erase(place, ADDRESS);

    expect(place.rows("SELECT * FROM inbound_mails WHERE state = 'failed'")).toEqual([]);
    expect(place.hits(MARK)).toEqual([]);
  });

  test('C8: a visitor who only typed her address keeps their words when left alone, and goes when erased too', async () => {
    const [visitor] = claimantsOf(place.app, left.carla);
    const one = async (person: CustomerRow) => {
      const begun = await beginErasure(place.app, place.owner, [person], wishOf({}));
      await performErasure(place.app, begun.id);
    };

    await one(left.carla);
    expect(place.rows("SELECT words FROM messages WHERE channel = 'chat'")).toEqual([
      { words: `In the chat: ${COMPLAINT}` },
      { words: `And more of ${MARK}` },
    ]);
    expect(place.hits(ADDRESS)).toEqual([]);

    await one(visitor as CustomerRow);
    expect(place.hits(MARK)).toEqual([]);
  });

  test('P10: daily figures are the same before and after', async () => {
    place.app.followers.catchUp();
    const before = place.rows('SELECT * FROM daily_facts ORDER BY day, fact, channel');
    expect(before.length).toBeGreaterThan(1);

    await erase(place, ADDRESS);
    place.app.followers.catchUp();

    expect(place.rows('SELECT * FROM daily_facts ORDER BY day, fact, channel')).toEqual(before);
  });

  test('P7: a hold stops it, with nothing gone', async () => {
    place.app.db.sql
      .prepare(
        "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, '17(3)(e)', 'A lawsuit', 1, 1)",
      )
      .run(left.ticket.id);

    await expect(erase(place, ADDRESS)).rejects.toThrow('on hold');

    expect(place.rows('SELECT * FROM erasures')).toEqual([]);
    expect(wordsOn(place, left.ticket)[0]).toContain(COMPLAINT);
  });

  test('P3: interrupted after the rows went, it goes on later and still proves that nothing is left', async () => {
    const people = [left.carla, ...claimantsOf(place.app, left.carla)];
    const begun = await beginErasure(place.app, place.owner, people, wishOf({}));
    const { threads } = place.app;
    place.app.threads = { ...threads, run: () => Promise.reject(new Error('the power went')) };
    await expect(performErasure(place.app, begun.id)).rejects.toThrow('the power went');
    expect(findErasure(place.app.db, begun.id)).toMatchObject({
      state: 'failed',
      step: 'files',
      certificate: null,
    });
    expect(place.rows('SELECT * FROM customers WHERE id = ?', left.carla.id)).toEqual([]);

    place.app.threads = threads;
    await performErasure(place.app, begun.id);

    expect(findErasure(place.app.db, begun.id)).toMatchObject({ state: 'done', plan: null });
    expect(place.hits(MARK)).toEqual([]);
  });

  test('P3: what is found afterwards makes it fail, loudly and without a certificate', async () => {
    place.app.db.sql
      .prepare(
        "INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)",
      )
      .run(JSON.stringify(ADDRESS));

    await expect(erase(place, ADDRESS)).rejects.toThrow('still there');

    const [row] = place.rows<{ state: string; error: string; certificate: string | null; plan: Buffer }>(
      'SELECT * FROM erasures',
    );
    expect(row).toMatchObject({ state: 'failed', certificate: null });
    expect(JSON.parse(row?.error ?? '')).toMatchObject({
      why: 'found',
      places: expect.arrayContaining([{ place: 'jobs.payload', n: 1 }]),
    });
    expect(row?.plan).not.toBeNull();
  });

  test('P3: what failed is tried again at the next start and each night', async () => {
    const odd = place.app.db.sql
      .prepare(
        "INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)",
      )
      .run(JSON.stringify(ADDRESS));
    await expect(erase(place, ADDRESS)).rejects.toThrow('still there');
    place.app.db.sql.prepare('DELETE FROM jobs WHERE id = ?').run(odd.lastInsertRowid);

    await resumeInterrupted(place.app);
    await place.app.jobs.runDue();

    expect(place.rows('SELECT state FROM erasures')).toEqual([{ state: 'done' }]);
    expect(place.hits(MARK)).toEqual([]);
  });
});
