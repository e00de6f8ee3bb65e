// A mailbox's page: who looks at who wrote its mails, and what is marked as spam (AC-15, AC-19).
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { mailboxFields as form, mailboxesOf, without } from '../support/mailbox-fields';

let desk: Desk;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  desk = openDesk({ hooks: { mailboxesChanged: async () => undefined } });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const LIST = '/settings/mailboxes';
const only = () => mailboxesOf(desk)[0]!;
const stored = () => {
  const { authentication, authserv_id, spam_by_header, spam_by_failure } = only();
  return { authentication, authserv_id, spam_by_header, spam_by_failure };
};
const AT_FIRST = { authentication: 'server', authserv_id: null, spam_by_header: 0, spam_by_failure: 0 };

test('AC-15: a mailbox believes its own server without any setting, and no spam header', async () => {
  await olga.post(LIST, form());
  expect(stored()).toEqual(AT_FIRST);
  await olga.post(`${LIST}/${only().id}`, without(form(), 'authentication', 'authservId'));
  expect(stored()).toEqual(AT_FIRST);
});

test('every choice is stored, and shown again', async () => {
  await olga.post(LIST, form());
  const path = `${LIST}/${only().id}`;
  await olga.post(
    path,
    form({ authentication: 'own', authservId: 'MX.Example.TEST', spamByHeader: 'on', spamByFailure: 'on' }),
  );

  expect(stored()).toEqual({
    authentication: 'own',
    authserv_id: 'mx.example.test',
    spam_by_header: 1,
    spam_by_failure: 1,
  });
  const page = (await olga.get(path)).html;
  expect(page).toContain('<option value="own" selected>');
  expect(page).toContain('value="mx.example.test"');
  expect(page).toMatch(/name="spamByHeader" checked/);
  expect(page).toMatch(/name="spamByFailure" checked/);
  await olga.post(path, form({ authentication: 'none' }));
  expect(stored()).toEqual({ ...AT_FIRST, authentication: 'none' });
});

test('what is wrong is said beside its field, with everything that was typed', async () => {
  await olga.post(LIST, form());
  const path = `${LIST}/${only().id}`;
  const wrong = await olga.post(path, form({ authservId: 'not a server', spamByHeader: 'on' }));
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('id="field-authservId-error"');
  expect(wrong.html).toContain('value="not a server"');
  expect(wrong.html).toMatch(/name="spamByHeader" checked/);
  expect((await olga.post(path, form({ authentication: 'everybody' }))).status).toBe(422);
  expect(stored()).toEqual(AT_FIRST);
});

test('a server that was learnt is shown by name', async () => {
  await olga.post(LIST, form());
  const path = `${LIST}/${only().id}`;
  const seen = { server: 'mx7.hoster.example', mails: 20, days: 3, lastDay: 20_000 };
  desk.app.db.tx(() =>
    desk.app.db.sql.prepare('UPDATE mailboxes SET authserv_seen = ?').run(JSON.stringify(seen)),
  );

  expect((await olga.get(path)).html).toContain('results by mx7.hoster.example are believed');
  const returned = await olga.post(path, form({ undoSeconds: 'many' }));
  expect(returned.html).toContain('results by mx7.hoster.example are believed');
});
