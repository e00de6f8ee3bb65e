// Undoing an import: what only it has brought goes to the last byte, what people have done since stays and is said.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formats } from '../../../server/i18n';
import { DAY } from '../../../server/lib/clock';
import type { MailboxRow } from '../../../server/mail';
import { noteOnTicket, type Ticket } from '../../../server/tickets';
import { undoImport } from '../../../server/tickets/moving-in/change';
import { mayUndo } from '../../../server/tickets/moving-in/import';
import { importPage } from '../../../server/tickets/moving-in/present';
import { sweepImports } from '../../../server/tickets/moving-in/sweep';
import { undoSome } from '../../../server/tickets/moving-in/undo';
import type { Reader } from '../../../server/web';
import { gmailTakeout, type OldMail } from '../../support/archives';
import { type Desk, openDesk } from '../../support/desk';
import { imported, outcomes, runNow, tagsOf, ticketsOf, undone } from '../../support/importing';
import { letter, receive } from '../../support/letters';
import { ordinaryMail } from '../../support/mails';
import { move } from '../../support/moving';
import { plansOf } from '../../support/plans';
import { words } from '../../support/writing';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
});
afterEach(() => desk.close());

const ago = (days: number) => desk.clock.now() - days * DAY;
const bring = (files: Record<string, Buffer | string>) => imported(desk, files, { mailbox: support });
const mail = (n: number, more: Partial<OldMail> = {}): OldMail => ({
  id: `u${n}@x.example`,
  at: ago(100 - n),
  from: `Person ${n} <u${n}@mail.example>`,
  words: `Zanzibar ${n}`,
  headers: { 'X-Gmail-Labels': 'Inbox,Returns' },
  ...more,
});
const filesIn = (folder: string) =>
  readdirSync(join(desk.data, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(desk.data, folder, name)).isFile(),
  );

/** Everything that tells one desk from another, but the log and what counts up. */
const NOT_COMPARED = [
  'events',
  'followers',
  'import_runs',
  'import_files',
  'import_mails',
  'jobs',
  'ticket_numbers',
  'sqlite_sequence',
  'view_changes',
];
function everything(): Record<string, unknown[]> {
  const tables = desk
    .rows<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'ticket_index%'",
    )
    .map(({ name }) => name);
  const read = tables
    .filter((name) => !NOT_COMPARED.includes(name))
    .map((name) => {
      const rows = desk.rows<Record<string, unknown>>(`SELECT * FROM ${name}`);
      return [name, name === 'ticket_counts' ? rows.filter((row) => row['n'] !== 0) : rows] as const;
    });
  return Object.fromEntries(read);
}

test('moving in: undone, an import leaves nothing: no ticket, customer, tag, file, original, or word in the search', async () => {
  const before = everything();
  const id = await bring({
    'a.mbox': gmailTakeout([
      mail(1),
      mail(2, { cc: 'copied@mail.example' }),
      mail(3, {
        id: 'a@t.example',
        from: 'support@teapot.example',
        to: 'u1@mail.example',
        answers: ['u1@x.example'],
      }),
      mail(4, { from: 'support@teapot.example', to: 'support@teapot.example' }),
    ]),
    'one/with-files.eml': ordinaryMail(),
  });
  desk.app.followers.catchUp();
  expect(filesIn('mail')).toHaveLength(5);
  expect(filesIn('files')).toHaveLength(2);

  expect(await undone(desk, id)).toMatchObject({ state: 'undone', problem: null });
  desk.app.followers.catchUp();
  expect(everything()).toEqual(before);
  expect([...filesIn('mail'), ...filesIn('files'), ...filesIn('imports')]).toEqual([]);
  const index = desk
    .rows<{ block: Buffer }>('SELECT block FROM ticket_index_data')
    .map(({ block }) => block.toString('latin1'));
  expect(index.join('')).not.toContain('zanzibar');
  expect(desk.events('ticket.import-undone')).toHaveLength(3);

  // And the same file can be brought again.
  const again = await bring({ 'a.mbox': gmailTakeout([mail(1), mail(2)]) });
  expect(outcomes(desk, again)).toMatchObject({ filed: 2, known: 0 });
});

test('moving in: what was changed since is kept whole and named, with its customer', async () => {
  const id = await bring({ 'a.mbox': gmailTakeout([mail(1), mail(2), mail(3)]) });
  const [noted, answered, untouched] = ticketsOf(desk);
  desk.app.db.tx(() => noteOnTicket(desk.app, desk.ana, noted!, words('Remember this one')));
  // The old one is closed for good, so the answer begins another that is linked to it (M8).
  const next = receive(desk, letter({ from: 'u2@mail.example', inReplyTo: ['u2@x.example'] }), support);
  await undone(desk, id);

  expect(ticketsOf(desk).map((ticket) => ticket.id)).toEqual([noted!.id, answered!.id, next.ticket.id]);
  expect(desk.messagesOf(noted!).map((message) => message.words)).toEqual([
    'Zanzibar 1',
    'Remember this one',
  ]);
  expect(
    desk.rows('SELECT thing_id, kept FROM import_things WHERE kind = ? ORDER BY thing_id', 'ticket'),
  ).toEqual(
    [noted!.id, answered!.id].sort((a, b) => a - b).map((thing) => ({ thing_id: thing, kept: 'changed' })),
  );
  expect(desk.rows('SELECT name FROM customers ORDER BY name')).toEqual([
    { name: 'Person 1' },
    { name: 'Person 2' },
  ]);
  expect(untouched).toBeDefined();
});

test('P7: what a hold keeps is kept and named', async () => {
  const id = await bring({ 'a.mbox': gmailTakeout([mail(1)]) });
  const [ticket] = ticketsOf(desk);
  desk.app.db.sql
    .prepare(
      "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, '17(3)(e)', 'claim', 0, 0)",
    )
    .run(ticket!.id);
  await undone(desk, id);
  expect(desk.rows('SELECT kept FROM import_things WHERE kind = ?', 'ticket')).toEqual([{ kept: 'held' }]);
  expect(ticketsOf(desk)).toHaveLength(1);
});

test('P7, P14: mail that joined a ticket on hold or of somebody restricted is kept, and so is what an agent has moved', async () => {
  const living = ['held', 'restricted', 'moved'].map((name) => {
    const first = letter({ messageId: `${name}@mail.example`, from: `${name}@mail.example` });
    return receive(desk, first, support).ticket;
  });
  const [held, restricted, moved] = living as [Ticket, Ticket, Ticket];
  const joins = (n: number, name: string) =>
    mail(n, { answers: [`${name}@mail.example`], from: `${name}@mail.example` });
  const id = await bring({
    'a.mbox': gmailTakeout([joins(1, 'held'), joins(2, 'restricted'), mail(3), joins(4, 'moved')]),
  });
  const { sql } = desk.app.db;
  sql
    .prepare(
      "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, '17(3)(e)', 'claim', 0, 0)",
    )
    .run(held.id);
  sql.prepare('UPDATE customers SET restricted_at = 1 WHERE id = ?').run(restricted.customer_id);
  const brought = ticketsOf(desk).find(({ id: one }) => !living.some((ticket) => ticket.id === one))!;
  move(desk, brought, desk.messagesOf(brought)[0]!, desk.ticketNow(moved));
  await undone(desk, id);

  const wordsOf = (ticket: Ticket) => desk.messagesOf(ticket).map(({ words: text }) => text);
  expect(wordsOf(held)).toContain('Zanzibar 1');
  expect(wordsOf(restricted)).toContain('Zanzibar 2');
  expect(wordsOf(moved)).toContain('Zanzibar 3');
  expect(wordsOf(moved)).not.toContain('Zanzibar 4');
  const t = desk.app.catalogues.en;
  const reader: Reader = { locale: 'en', zone: 'UTC', t, format: formats()('en', 'UTC') };
  expect(importPage(desk.app, reader, runNow(desk, id)).kept?.tickets.map(({ text }) => text)).toEqual([
    `#${held.number}: its imported mail stays, on hold or restricted`,
    `#${restricted.number}: its imported mail stays, on hold or restricted`,
    `#${moved.number}: a mail that somebody has moved stays`,
    `#${brought.number}: changed since`,
  ]);
});

test('moving in: a ticket that was there before gets no tags, and loses nobody but the author of what goes', async () => {
  const { ticket } = receive(desk, letter({ messageId: 'living@mail.example' }), support);
  desk.app.db.sql
    .prepare(
      `INSERT INTO participants (ticket_id, customer_id, address, address_key, name, role, state, created_at)
       SELECT ticket_id, customer_id, 'asked@mail.example', 'asked@mail.example', 'Asked', 'copy', 'unverified', 0 FROM participants LIMIT 1`,
    )
    .run();
  const asked = receive(
    desk,
    letter({ messageId: 'asked@mail.example', from: 'asked@mail.example' }),
    support,
  );
  desk.app.db.sql
    .prepare("UPDATE participants SET customer_id = ? WHERE name = 'Asked'")
    .run(asked.ticket.customer_id);
  const id = await bring({ 'a.mbox': gmailTakeout([mail(1, { answers: ['living@mail.example'] })]) });
  expect(tagsOf(desk, ticket)).toEqual([]);
  const names = () =>
    desk
      .rows<{ name: string }>('SELECT name FROM participants WHERE ticket_id = ? ORDER BY id', ticket.id)
      .map(({ name }) => name);
  expect(names()).toEqual(['Carla', 'Asked', 'Person 1']);
  await undone(desk, id);
  expect(names()).toEqual(['Carla', 'Asked']);
});

test('moving in: an undo looks at nothing twice, however much of it stays', async () => {
  receive(desk, letter({ messageId: 'living@mail.example' }), support);
  const many = Array.from({ length: 45 }, (_, n) =>
    mail(n, n % 9 === 0 ? { answers: ['living@mail.example'] } : {}),
  );
  const id = await bring({ 'a.mbox': gmailTakeout(many) });
  for (const ticket of ticketsOf(desk).slice(5))
    desk.app.db.tx(() => noteOnTicket(desk.app, desk.ana, desk.ticketNow(ticket), words('Remember')));
  await desk.app.write(() => undoImport(desk.app, desk.owner, runNow(desk, id)));
  const asked: string[] = [];
  while (await undoSome(desk.app, runNow(desk, id))) {
    const { undo_step: step, undo_after: after } = runNow(desk, id);
    asked.push(`${step} ${after}`);
  }
  // The last steps take ids away, which leave nothing.
  const steps = asked.slice(0, asked.findIndex((one) => one.startsWith('5 ')) + 1);
  expect(new Set(steps).size).toBe(steps.length);
  const plans = plansOf(desk, (app) =>
    app.db.tx(
      () =>
        void undoSome({ ...app, write: (work: () => unknown) => work() } as never, {
          ...runNow(desk, id),
          undo_step: 0,
          undo_after: 0,
        }),
    ),
  );
  expect(plans[0]).toContain('USING INDEX import_mails_by_run (run_id=? AND id>?)');
});

test('moving in: on a ticket that was there before, only what the import added is taken away again', async () => {
  const { ticket } = receive(desk, letter({ messageId: 'living@mail.example' }), support);
  const [before, people, messages] = [
    desk.ticketNow(ticket),
    desk.rows('SELECT * FROM participants'),
    desk.messagesOf(ticket),
  ];
  const id = await bring({
    'a.mbox': gmailTakeout([mail(1, { answers: ['living@mail.example'], words: 'Of old' })]),
  });
  expect(desk.messagesOf(ticket).map((message) => message.words)).toEqual(['Of old', 'Do you sell spouts?']);
  await undone(desk, id);

  expect(desk.messagesOf(ticket).map(({ sequence: _, ...rest }) => rest)).toEqual(
    messages.map(({ sequence: _, ...rest }) => rest),
  );
  expect(desk.rows('SELECT * FROM participants')).toEqual(people);
  const {
    changed_sequence: _now,
    sequence: _sequence,
    visitor_sequence: _visitor,
    ...after
  } = desk.ticketNow(ticket);
  expect(before).toMatchObject(after);
  expect(desk.rows('SELECT name FROM customers')).toHaveLength(1);
});

test('moving in: a second import that joined a ticket of the first keeps it, and its own mail goes alone', async () => {
  const first = await bring({ 'a.mbox': gmailTakeout([mail(1)]) });
  const second = await bring({
    'b.mbox': gmailTakeout([mail(2, { answers: ['u1@x.example'], from: 'u1@mail.example' })]),
  });
  await undone(desk, first);
  expect(ticketsOf(desk)).toHaveLength(1);
  await undone(desk, second);
  expect(desk.messagesOf(ticketsOf(desk)[0]!).map((message) => message.words)).toEqual(['Zanzibar 1']);
});

test('moving in: for 30 days it can be undone; then what it brought is like everything else, and its rows go', async () => {
  const id = await bring({ 'a.mbox': gmailTakeout([mail(1)]) });
  expect(mayUndo(runNow(desk, id), desk.clock.now() + 29 * DAY)).toBe(true);
  desk.clock.pass(31 * DAY);
  expect(mayUndo(runNow(desk, id), desk.clock.now())).toBe(false);
  expect(await sweepImports(desk.app)).toBe(1);
  expect(desk.rows('SELECT * FROM import_mails UNION ALL SELECT * FROM import_mails')).toEqual([]);
  expect(desk.rows('SELECT * FROM import_things')).toEqual([]);
  expect(runNow(desk, id)).toMatchObject({ state: 'done', counts: expect.stringContaining('"filed":1') });
  expect(ticketsOf(desk)).toHaveLength(1);
});
