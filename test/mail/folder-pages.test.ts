// The page on which the folders of a mailbox are chosen, of those that a real IMAP server has.
import type { MailboxRow } from '../../server/mail';
import { findMailboxById } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';

const JUNK = 'Søppel';
const ORDERS = 'Orders';
let dovecot: Dovecot;
let desk: Desk;
let row: MailboxRow;
let doors: Doors;
let olga: Person;

beforeAll(async () => {
  dovecot = await startDovecot({ junkFolder: JUNK, sentFolder: 'Sent', folders: [ORDERS, 'Old'] });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  desk = openDesk();
  const { port, user, password } = dovecot;
  row = desk.mailbox('support@teapot.example', { imap: { port, user, password } });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const now = () => findMailboxById(desk.app.db, row.id) as MailboxRow;
const choose = (folders: string[], more: Record<string, string> = { readsJunk: 'on' }) =>
  olga.post(`/settings/mailboxes/${row.id}/folders`, [
    ...Object.entries({ junkFolder: '', ...more }),
    ...folders.map((name): [string, string] => ['folders', name]),
  ]);

test('lists what is on the server, without sent mail and the inbox, and what is chosen', async () => {
  await choose([ORDERS]);
  const { html } = await olga.get(`/settings/mailboxes/${row.id}/folders`);
  expect(html).toContain(`As the server marks it: ${JUNK}`);
  expect(
    [...html.matchAll(/name="folders" value="([^"]*)"( checked)?/g)].map(([, name, on]) => [name, on]),
  ).toEqual(
    expect.arrayContaining([
      [ORDERS, ' checked'],
      ['Old', undefined],
    ]),
  );
  expect(html).not.toContain('value="Sent"');
  expect((await olga.get(`/settings/mailboxes/${row.id}`)).html).toContain(
    'INBOX, the folder for junk and 1 further folder are read.',
  );
});

test.each([
  [['Nowhere'], {}, 'aria-describedby="folders-error"'],
  [['INBOX'], {}, 'aria-describedby="folders-error"'],
  [Array.from({ length: 11 }, (_, n) => `F${n}`), {}, 'At most ten further folders are read'],
  [[ORDERS], { junkFolder: ORDERS }, 'is not read for other mail'],
])('422: %p with %p is said in place', async (folders, more, says) => {
  const { status, html } = await choose(folders, { readsJunk: 'on', ...more });
  expect(status).toBe(422);
  expect(html).toContain(says);
  expect(now().folders).toBe('[]');
});

test('when the server does not answer it says so, and nothing is changed', async () => {
  desk.app.db.sql.prepare("UPDATE mailboxes SET imap = json_set(imap, '$.port', 9)").run();
  const shown = await olga.get(`/settings/mailboxes/${row.id}/folders`);
  expect(shown.status).toBe(200);
  expect(shown.html).toContain('could not be asked which folders there are');
  const { status, html } = await choose([ORDERS]);
  expect(status).toBe(422);
  expect(html).toContain('Nothing was changed');
  expect(now().folders).toBe('[]');
});
