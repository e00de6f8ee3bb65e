// The folders of a mailbox on a real IMAP server: junk is spam, further folders are mail, moves are no second mails (M1, M3, M4, M5).
import { systemClock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { saveAnswers } from '../../server/mail/answers/answers';
import { beginCheck } from '../../server/mail/check-mailbox';
import type { CheckRow } from '../../server/mail/checks';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { countMailTrouble, findMailboxById } from '../../server/mail/queries';
import type { Ticket } from '../../server/tickets';
import { markSpam } from '../../server/tickets/change';
import { factsOf } from '../../server/tickets/ticket';
import { ON } from '../support/answering';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { onServer } from '../support/imap-desks';
import { until } from '../support/until';
import { reply } from '../support/writing';

const JUNK = 'Søppel';
const ORDERS = 'Orders';
const DAY = 86_400_000;
const PASSWORD = 'correct horse';
let dovecot: Dovecot;
let desk: Desk;
let row: MailboxRow;
let reader: MailboxReader | undefined;
let doors: Doors;
let olga: Person;
let box = -1;
let user = '';

beforeAll(async () => {
  const users = Array.from({ length: 20 }, (_, n) => ({ user: `in${n}@example.test`, password: PASSWORD }));
  dovecot = await startDovecot({ users, junkFolder: JUNK, sentFolder: 'Sent', folders: [ORDERS, 'Old'] });
});
afterAll(() => dovecot.remove());
beforeEach(async () => {
  box += 1;
  user = `in${box}@example.test`;
  desk = openDesk({ clock: systemClock });
  row = desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: PASSWORD },
    smtp: { port: 9 },
    firstFetchDays: 30,
  });
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await stop();
  await doors.close();
  await desk.close();
});

/** Maildir++ has its folders' names in modified UTF-7 (RFC 3501). */
const onDisk = (folder: string) => folder.replace('ø', '&APg-');
const arrives = (subject: string, folder = 'INBOX', at?: Date) =>
  dovecot.deliver(
    user,
    `From: Carla <carla@mail.example>\r\nTo: support@teapot.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '-')}@mail.example>\r\n\r\nHello\r\n`,
    onDisk(folder),
    at,
  );
const now = () => findMailboxById(desk.app.db, row.id) as MailboxRow;
const tickets = () => desk.rows<Ticket>('SELECT * FROM tickets ORDER BY id');
const ticket = (subject: string) => tickets().find((one) => one.subject === subject) as Ticket;
const stop = async () => {
  await reader?.stop();
  reader = undefined;
};
/** Reads every folder to its end once. */
async function read(): Promise<void> {
  await stop();
  const before = desk.app.db.epoch;
  reader = new MailboxReader(desk.app, row.id);
  reader.start();
  await until('all folders to be read', () => isRead() && desk.app.db.epoch > before);
  await stop();
  await desk.house.intake.settled();
}
/** As far as the server has come. */
const wanted: Record<string, number> = {};
const isRead = () =>
  Object.entries(wanted).every(
    ([folder, uid]) =>
      desk.rows<{ last_uid: number }>('SELECT last_uid FROM mail_cursors WHERE folder = ?', folder)[0]
        ?.last_uid === uid,
  );
beforeEach(() => {
  for (const folder of Object.keys(wanted)) delete wanted[folder];
  Object.assign(wanted, { INBOX: 0, [JUNK]: 0 });
});
const move = (uid: number, from: string, to: string) =>
  onServer(dovecot, user, async (client) => {
    await client.mailboxOpen(from);
    await client.messageMove(String(uid), to, { uid: true });
  });
const choose = (folders: string[], more: Record<string, string> = { readsJunk: 'on' }) =>
  olga.post(`/settings/mailboxes/${row.id}/folders`, [
    ...Object.entries({ junkFolder: '', ...more }),
    ...folders.map((name): [string, string] => ['folders', name]),
  ]);

describe('the folder for junk', () => {
  test('what lies there is spam and says why; it is in no list but Spam, and nothing answers it', async () => {
    desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, row, ON));
    arrives('Win', JUNK, new Date(Date.now() + 1_000));
    arrives('Kettle', 'INBOX', new Date(Date.now() + 1_000));
    Object.assign(wanted, { INBOX: 1, [JUNK]: 1 });
    await read();

    expect(ticket('Win').is_spam).toBe(1);
    expect(ticket('Kettle').is_spam).toBe(0);
    const [message] = desk.messagesOf(ticket('Win'));
    expect(factsOf(message as never).spam).toBe('folder');
    expect(desk.queuedMails().filter(({ kind }) => kind === 'answer')).toHaveLength(1);
    const ana = doors.as(desk.ana);
    expect((await ana.get('/tickets')).html).not.toContain('>Win<');
    expect((await ana.get('/tickets?view=spam')).html).toContain('Win');
    expect((await ana.get(`/tickets/${ticket('Win').number}`)).html).toContain(
      'it lay in the folder for spam',
    );
    expect(dovecot.flags(user, onDisk(JUNK))).toEqual(['']);
  });

  test('M3: a mail that is moved to the inbox is no second one, and its ticket is spam no longer', async () => {
    arrives('Wanted', JUNK);
    wanted[JUNK] = 1;
    await read();
    expect(ticket('Wanted').is_spam).toBe(1);
    await move(1, JUNK, 'INBOX');
    wanted['INBOX'] = 1;
    await read();

    expect(tickets()).toHaveLength(1);
    expect(desk.messagesOf(ticket('Wanted')).filter(({ kind }) => kind === 'reply')).toHaveLength(1);
    expect(ticket('Wanted').is_spam).toBe(0);
    expect(desk.rows('SELECT folder, is_junk FROM inbound_mails')).toEqual([{ folder: 'INBOX', is_junk: 0 }]);
    expect((await olga.get('/tickets')).html).toContain('Wanted');
    expect(desk.queuedMails()).toEqual([]);
  });

  test('and back: it is spam, unless somebody has answered it', async () => {
    arrives('One');
    arrives('Two');
    wanted['INBOX'] = 2;
    await read();
    reply(desk, ticket('Two'), 'Hello');
    for (const uid of [1, 2]) await move(uid, 'INBOX', JUNK);
    wanted[JUNK] = 2;
    await read();

    expect([ticket('One').is_spam, ticket('Two').is_spam]).toEqual([1, 0]);
    expect(tickets()).toHaveLength(2);
    expect(desk.rows('SELECT DISTINCT folder FROM inbound_mails')).toEqual([{ folder: JUNK }]);
  });

  test('what an agent says of it stands while it lies where it is', async () => {
    arrives('Offer', JUNK);
    wanted[JUNK] = 1;
    await read();
    desk.app.db.tx(() => markSpam(desk.app, desk.ana, ticket('Offer'), false));
    await read();
    expect(ticket('Offer').is_spam).toBe(0);
  });

  test('an answer that fell into it is on its ticket, which is no spam', async () => {
    arrives('Kettle');
    wanted['INBOX'] = 1;
    await read();
    dovecot.deliver(
      user,
      'From: Carla <carla@mail.example>\r\nSubject: Re: Kettle\r\nMessage-ID: <more@mail.example>\r\nIn-Reply-To: <Kettle@mail.example>\r\n\r\nAnd?\r\n',
      onDisk(JUNK),
    );
    wanted[JUNK] = 1;
    await read();
    expect(tickets()).toHaveLength(1);
    expect(ticket('Kettle').is_spam).toBe(0);
    expect(desk.messagesOf(ticket('Kettle'))).toHaveLength(2);
  });

  test('can be named, and left unread', async () => {
    arrives('Ordered', ORDERS);
    expect((await choose([], { readsJunk: 'on', junkFolder: ORDERS })).status).toBe(303);
    delete wanted[JUNK];
    wanted[ORDERS] = 1;
    await read();
    expect(ticket('Ordered').is_spam).toBe(1);

    await choose([], {});
    arrives('Later', ORDERS);
    arrives('Kettle');
    delete wanted[ORDERS];
    wanted['INBOX'] = 1;
    await read();
    expect(tickets().map(({ subject }) => subject)).toEqual(['Ordered', 'Kettle']);
  });
});

describe('further folders', () => {
  test('M1: each is read with a cursor of its own, numbered anew or not, and once', async () => {
    expect((await choose([ORDERS, 'Old'])).location).toBe(`/settings/mailboxes/${row.id}`);
    for (const n of [1, 2]) arrives(`Order ${n}`, ORDERS);
    arrives('Kettle');
    Object.assign(wanted, { INBOX: 1, [ORDERS]: 2, Old: 0 });
    await read();
    expect(tickets().map(({ subject }) => subject)).toEqual(['Kettle', 'Order 1', 'Order 2']);
    expect(tickets().every(({ is_spam }) => is_spam === 0)).toBe(true);

    await dovecot.changeUidValidity(user, ORDERS);
    arrives('Order 3', ORDERS);
    wanted[ORDERS] = 3;
    await read();
    expect(tickets()).toHaveLength(4);
    await move(1, 'INBOX', 'Old');
    wanted['Old'] = 1;
    await read();
    expect(tickets()).toHaveLength(4);
  });

  test('M5: one that is chosen later brings the days that were asked for, which nothing answers', async () => {
    desk.app.db.sql.prepare('UPDATE mailboxes SET created_at = ?').run(Date.now() - 300 * DAY);
    desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, row, ON));
    await read();
    arrives('Last year', ORDERS, new Date(Date.now() - 200 * DAY));
    arrives('Last week', ORDERS, new Date(Date.now() - 7 * DAY));
    await choose([ORDERS]);
    wanted[ORDERS] = 2;
    await read();
    expect(tickets().map(({ subject }) => subject)).toEqual(['Last week']);
    expect(desk.rows('SELECT is_old FROM inbound_mails')).toEqual([{ is_old: 1 }]);
    expect(desk.queuedMails()).toEqual([]);
  });

  test('one that is gone is said, and stops no other', async () => {
    await choose(['Old']);
    await onServer(dovecot, user, async (client) => {
      await client.mailboxDelete('Old').catch(() => undefined);
    });
    desk.app.db.sql.prepare(`UPDATE mailboxes SET folders = '["Gone"]'`).run();
    arrives('Kettle');
    wanted['INBOX'] = 1;
    await read();
    expect(tickets()).toHaveLength(1);
    expect(now().missing_folders).toBe('["Gone"]');
    expect(countMailTrouble(desk.app.db)).toBe(1);
    const { html } = await olga.get('/settings/mailboxes');
    expect(html).toContain('Folders cannot be read');
    expect(html).toContain('Gone');
    expect((await olga.get(`/settings/mailboxes/${row.id}/folders`)).html).toContain(
      'It is not on the server any more',
    );

    await choose([]);
    expect(countMailTrouble(desk.app.db)).toBe(0);
  });

  test('M4: the comparison covers each of them, and what was missed in one stays loud', async () => {
    await choose([ORDERS]);
    arrives('Kettle');
    arrives('Order 1', ORDERS);
    arrives('Win', JUNK);
    Object.assign(wanted, { INBOX: 1, [ORDERS]: 1, [JUNK]: 1 });
    await read();
    const { sql } = desk.app.db;
    for (const id of ['Order-1', 'Win']) {
      sql.prepare('UPDATE messages SET inbound_mail_id = NULL').run();
      sql.prepare('DELETE FROM inbound_mails WHERE header_message_id = ?').run(`${id}@mail.example`);
      sql.prepare('DELETE FROM tickets WHERE subject = ?').run(id.replace('-', ' '));
    }
    const check = async () => {
      const id = await desk.app.write(() => beginCheck(desk.app, row, null));
      await desk.app.hooks.checkMailbox(desk.app, id);
      await desk.house.intake.settled();
      return desk.rows<CheckRow>('SELECT * FROM mail_checks WHERE id >= ? ORDER BY id', id);
    };
    expect(await check()).toMatchObject([
      { folder: 'INBOX', on_server: 1, imported: 1, missed: 0, error: null },
      { folder: JUNK, on_server: 1, missed: 1, error: null },
      { folder: ORDERS, on_server: 1, missed: 1, error: null },
    ]);
    expect([ticket('Win').is_spam, ticket('Order 1').is_spam]).toEqual([1, 0]);
    expect(countMailTrouble(desk.app.db)).toBe(1);
    expect((await olga.get('/settings/mailboxes')).html).toContain('Mails had been missed');
    expect((await olga.get(`/settings/mailboxes/${row.id}/checks`)).html).toContain(ORDERS);
    await check();
    expect(countMailTrouble(desk.app.db)).toBe(0);
  });
});
