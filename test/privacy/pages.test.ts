// The pages of privacy as a browser without script uses them: what they show, what they do, and to whom they are closed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCustomerByAddress } from '../../server/customers';
import { DAY } from '../../server/lib/clock';
import { randomId } from '../../server/lib/ids';
import { checkCertificate } from '../../server/privacy/certificate';
import { noteOnTicket, type Ticket } from '../../server/tickets';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, openPlace, type Place } from './place';
import { readZip } from './zip';

let place: Place;
let doors: Doors;
let olga: Person;
let ticket: Ticket;
let page: string;

beforeEach(async () => {
  place = await openPlace();
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  doors = await openDoors(place);
  olga = doors.as(place.owner);
  ticket = (await place.arrives(
    letter({ from: 'Carla Jansone <carla@mail.example>', subject: 'Kettle', body: 'It whistles.' }),
  )) as Ticket;
  page = `/customers/${findCustomerByAddress(place.app.db, 'carla@mail.example')?.public_id}`;
});
afterEach(async () => {
  await doors.close();
  await place.close();
});

const LAW = 'Hearthdesk keeps the clock; you decide. This is not legal advice.';

test('the overview shows the last exports, erasures and rules, and the way to the map', async () => {
  const { status, html } = await olga.get('/privacy');

  expect(status).toBe(200);
  expect(html).toContain(LAW);
  expect(html).toContain('Nobody has asked for an export yet.');
  expect(html).toContain('href="/privacy/map"');
  expect(html).toContain('aria-current="page"');
});

test('P1: the map shows each table with its columns, why and for how long', async () => {
  const { html } = await olga.get('/privacy/map');

  for (const name of [
    '<code>customers</code>',
    '<code>messages</code>',
    'author_name',
    'As long as its ticket',
    'To answer questions',
  ]) {
    expect(html).toContain(name);
  }
});

test("P2: the customer's page leads to the export; it is made in the queue, shown and taken along", async () => {
  expect((await olga.get(page)).html).toContain(`href="${page}/export"`);
  expect((await olga.get(`${page}/export`)).html).toContain('There are no internal notes about this person.');

  const begun = await olga.post(`${page}/export`);
  expect(begun.status).toBe(303);
  const address = begun.location as string;
  const waiting = await olga.get(address);
  expect(waiting.headers.get('refresh')).toBe('2');
  expect(waiting.html).toContain('The export is being made.');

  await place.app.jobs.runDue();
  const ready = await olga.get(address);
  expect(ready.headers.get('refresh')).toBeNull();
  const file = await fetch(`${doors.url}${address}/file`, {
    headers: { cookie: [...olga.cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
  });
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="export-[0-9a-f]{8}\.zip"/);
  const out = join(place.data, 'taken.zip');
  writeFileSync(out, Buffer.from(await file.arrayBuffer()));
  expect(readZip(out).get('tickets/1001.html')?.toString()).toContain('It whistles.');
  expect(place.rows('SELECT agent_id, act FROM read_log')).toEqual([
    { agent_id: place.owner.id, act: 'exported' },
  ]);
});

test('P2: leaving a note out needs a reason; what was ticked is kept', async () => {
  const note = place.app.db.tx(() =>
    noteOnTicket(place.app, place.ana, ticket, { clientId: randomId(), words: 'Somebody told on her.' }),
  );
  expect((await olga.get(`${page}/export`)).html).toContain('Somebody told on her.');

  const refused = await olga.post(`${page}/export`, { withhold: String(note.id), reason: '' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('Say why notes are left out.');
  expect(refused.html).toMatch(new RegExp(`value="${note.id}" checked`));
  expect(place.rows('SELECT * FROM exports')).toEqual([]);

  const done = await olga.post(`${page}/export`, {
    withhold: String(note.id),
    reason: 'It protects who told.',
  });
  expect(done.status).toBe(303);
  expect(
    place.rows<{ withheld: string }>('SELECT withheld FROM exports').map((row) => JSON.parse(row.withheld)),
  ).toEqual([{ notes: [note.id], reason: 'It protects who told.' }]);
});

const wish = (typed: string) => ({ kind: 'erase', othersFiles: 'remove', ground: 'b', typed });

test('P3: the erasure shows what goes, asks for the address, runs, and ends with a certificate', async () => {
  const asked = await olga.get(`${page}/erase`);
  expect(asked.html).toContain('carla@mail.example');
  expect(asked.html).toMatch(/Messages and notes<\/dt><dd[^>]*>1</);

  const refused = await olga.post(`${page}/erase`, wish('carla@mail.exampel'));
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('This is not what stands above.');
  expect(refused.html).toContain('value="carla@mail.exampel"');
  expect(place.rows('SELECT * FROM erasures')).toEqual([]);

  const begun = await olga.post(`${page}/erase`, wish('Carla@mail.example'));
  expect(begun.status).toBe(303);
  const address = begun.location as string;
  const waiting = await olga.get(address);
  expect(waiting.headers.get('refresh')).toBe('2');
  expect(waiting.html).toContain('Read every byte');

  await place.app.jobs.runDue();
  const done = await olga.get(address);
  expect(done.html).toContain('Certificate of erasure');
  expect(done.html).toContain('nothing found');
  expect(done.html).not.toContain('carla');
  const certificate = await olga.get(`${address}/certificate`);
  expect(checkCertificate(place.app.key, certificate.html)).toMatchObject({ good: true });
  expect(place.hits('carla')).toEqual([]);
  expect((await olga.get(page)).status).toBe(404);
  expect((await olga.get('/privacy')).html).toContain(address);
});

test('P7: what is on hold is shown with its reason, and there is no form', async () => {
  place.app.db.sql
    .prepare(
      "INSERT INTO holds (ticket_id, ground, reason, review_at, created_at) VALUES (?, '17(3)(e)', 'A lawsuit is going on', 1795165200000, 1)",
    )
    .run(ticket.id);

  const { html } = await olga.get(`${page}/erase`);

  expect(html).toContain('A lawsuit is going on');
  expect(html).not.toContain('name="typed"');
  expect((await olga.post(`${page}/erase`, wish('carla@mail.example'))).status).toBe(409);
});

test('P3: a failed erasure says what was found and can be tried again', async () => {
  place.app.db.sql
    .prepare("INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('odd', ?, 'failed', 0, 0)")
    .run('"carla@mail.example"');
  const { location } = await olga.post(`${page}/erase`, wish('carla@mail.example'));
  await place.app.jobs.runDue();

  const failed = await olga.get(location as string);
  expect(failed.html).toContain('Something of them is still there');
  expect(failed.html).toContain('jobs.payload: 1');
  expect((await olga.get(`${location}/certificate`)).status).toBe(404);

  place.app.db.sql.prepare("DELETE FROM jobs WHERE kind = 'odd'").run();
  place.clock.pass(DAY);
  expect((await olga.post(`${location}/again`)).status).toBe(303);
  await place.app.jobs.runDue();
  expect((await olga.get(location as string)).html).toContain('Certificate of erasure');
});

test('P6: the rule is previewed, switched on, run, and its run listed', async () => {
  place.app.db.sql
    .prepare("UPDATE tickets SET status = 'solved', activity_at = activity_at - ?")
    .run(40 * DAY);
  const looked = await olga.get('/privacy/retention?days=30');
  expect(looked.html).toMatch(/Would go now<\/dt><dd[^>]*>1</);
  expect(looked.html).toContain('Kettle');
  expect(looked.html).not.toContain('/privacy/retention/run');
  const none = await olga.get('/privacy/retention?days=0&on=on');
  expect(none.html).toMatch(/name="days"[^>]* value="0"[^>]* aria-invalid="true"/);
  const wrong = await olga.post('/privacy/retention', { days: 'soon', on: 'on' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="soon"');
  expect((await olga.post('/privacy/retention', { days: '30', on: 'on' })).status).toBe(303);
  expect((await olga.get('/privacy/retention')).html).toContain('Saved. The rule is on.');
  expect((await olga.post('/privacy/retention/run')).status).toBe(303);
  await place.app.jobs.runDue();
  expect(place.rows('SELECT * FROM tickets')).toEqual([]);
  expect((await olga.get('/privacy/retention')).html).toContain('An admin');
});

test('P4: a backup is made now, and listed', async () => {
  expect((await olga.get('/settings/backups')).html).toContain('There is no backup yet.');

  expect((await olga.post('/settings/backups')).status).toBe(303);
  await place.app.jobs.runDue();

  const { html } = await olga.get('/settings/backups');
  expect(html).toContain('The last backup went well.');
  expect(html).toContain('hearthdesk-20261120-090000.tar.gz');
});

test('a backup that failed is loud', async () => {
  place.app.db.sql
    .prepare(
      "INSERT INTO job_runs (name, started_at, ended_at, outcome, error) VALUES ('backup', 1, 2, 'failed', 'The disk has no room for a copy.')",
    )
    .run();

  expect((await olga.get('/settings/backups')).html).toContain(
    'The last backup failed: The disk has no room for a copy.',
  );
});

test('AC-46: agents, viewers and strangers see none of it and can do none of it', async () => {
  const paths = [
    '/privacy',
    '/privacy/map',
    '/privacy/retention',
    '/settings/backups',
    `${page}/export`,
    `${page}/erase`,
    '/privacy/exports/x',
    '/privacy/exports/x/file',
    '/privacy/erasures/x',
    '/privacy/erasures/x/certificate',
    '/privacy/erasures',
    '/privacy/copied',
    '/privacy/copied/1',
    '/privacy/copied/1/export',
    '/privacy/copied/1/erase',
  ];
  const posts = [
    `${page}/export`,
    `${page}/erase`,
    '/privacy/retention',
    '/privacy/retention/run',
    '/settings/backups',
    '/privacy/erasures/x/again',
    '/privacy/erasures/x/decide',
    '/privacy/erasures/x/leave-mails',
    '/privacy/erasures/x/place-gone',
    '/settings/backups/gone',
    '/privacy',
    '/privacy/copied/1/export',
    '/privacy/copied/1/erase',
  ];
  const viewer = doors.as(place.agent('Vita', 'viewer'));

  for (const person of [doors.as(place.ana), viewer]) {
    for (const path of paths)
      expect({ path, status: (await person.get(path)).status }).toEqual({ path, status: 403 });
    for (const path of posts)
      expect({ path, status: (await person.post(path, wish('carla@mail.example'))).status }).toEqual({
        path,
        status: 403,
      });
    expect((await person.get(page)).html).not.toContain(`${page}/erase`);
  }
  for (const path of paths) expect((await doors.stranger().get(path)).location).toMatch(/^\/sign-in/);
  expect(place.rows('SELECT * FROM jobs')).toEqual([]);
});

test('addresses that lead nowhere are not found', async () => {
  for (const path of [
    '/customers/nobody/export',
    '/customers/nobody/erase',
    '/privacy/exports/nothing',
    '/privacy/exports/nothing/file',
    '/privacy/erasures/nothing',
  ]) {
    expect({ path, status: (await olga.get(path)).status }).toEqual({ path, status: 404 });
  }
});

test.each(['nb', 'lv'])('every page speaks %s', async (language) => {
  place.app.db.sql.prepare('UPDATE agents SET language = ?').run(language);
  const reader = doors.as({ ...place.owner, language: language as 'nb' });
  await reader.post(`${page}/export`);
  await reader.post(`${page}/erase`, wish('carla@mail.example'));
  await place.app.jobs.runDue();
  const [exports, erasures] = ['exports', 'erasures'].map(
    (table) => place.rows<{ public_id: string }>(`SELECT public_id FROM ${table}`)[0]?.public_id,
  );
  expect(exports).toBeUndefined();

  for (const path of [
    '/privacy',
    '/privacy/map',
    '/privacy/retention',
    '/settings/backups',
    `/privacy/erasures/${erasures}`,
  ]) {
    const { status, html } = await reader.get(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(html).toContain(`<html lang="${language}"`);
  }
});
