// Mails that a server would not give out: none is lost, and none holds up the next (M1, M2).
import { MINUTE } from '../../server/lib/clock';
import { deliver, type MailboxRow } from '../../server/mail';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { type Desk, openDesk } from '../support/desk';
import { mail } from '../support/imap-desks';
import { type OddImap, type OddOptions, startOddImap } from '../support/odd-imap';
import { until } from '../support/until';

let desk: Desk;
let odd: OddImap;
let reader: MailboxReader | undefined;
let row: MailboxRow;

beforeEach(() => {
  desk = openDesk();
});
afterEach(async () => {
  await reader?.stop();
  await odd.stop();
  await desk.close();
});

async function server(options: OddOptions): Promise<void> {
  odd = await startOddImap({
    mails: [1, 2, 3].map((uid) => ({ uid, raw: mail(`Mail ${uid}`) })),
    capability: 'IMAP4rev1 IDLE',
    ...options,
  });
  row = desk.mailbox('support@teapot.example', {
    imap: { port: odd.port, user: 'desk', password: 'correct' },
  });
  desk.app.db.sql
    .prepare(
      "INSERT INTO mail_cursors (mailbox_id, folder, uid_validity, last_uid) VALUES (?, 'INBOX', 7, 0)",
    )
    .run(row.id);
}

/** Until everything that can be read now was, and news are waited for. */
async function read(): Promise<void> {
  const idled = () => odd.said.filter((command) => command === 'IDLE').length;
  const before = idled();
  reader = new MailboxReader(desk.app, row.id, [1]);
  reader.start();
  await until('a reading to its end', () => idled() > before);
  await reader.stop();
  await desk.house.intake.settled();
}
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);
const states = () => desk.rows('SELECT uid, state, reason FROM inbound_mails ORDER BY uid');
const asked = () => odd.said.filter((command) => /BODY/.test(command)).length;

test('M1: while a server has a fault each mail is noted by itself, and all are asked for again', async () => {
  let faulty = true;
  await server({
    answer: (said) => (faulty && /BODY/.test(said) ? 'NO [SERVERBUG] Internal error' : undefined),
  });
  await read();
  expect(subjects()).toEqual([]);
  expect(states()).toEqual([1, 2, 3].map((uid) => ({ uid, state: 'not_imported', reason: 'unreadable' })));

  faulty = false;
  desk.clock.pass(2 * MINUTE);
  await read();

  expect(subjects()).toEqual(['Mail 1', 'Mail 2', 'Mail 3']);
  expect(states()).toEqual([1, 2, 3].map((uid) => ({ uid, state: 'done', reason: null })));
});

test('M1: a mail that stays broken is asked for less and less often', async () => {
  await server({ answer: (said) => (/FETCH \S*2\S* .*BODY/.test(said) ? 'NO cannot convert' : undefined) });
  await read();
  const before = asked();
  await read();
  expect(asked()).toBe(before);

  for (let day = 0; day < 10; day++) {
    desk.clock.pass(24 * 60 * MINUTE);
    await read();
  }
  expect(subjects()).toEqual(['Mail 1', 'Mail 3']);
  expect(asked()).toBe(before + 10);
  expect(states()[1]).toEqual({ uid: 2, state: 'not_imported', reason: 'unreadable' });
});

test('M3: a refused mail that came another way meanwhile is not filed twice', async () => {
  let faulty = true;
  await server({ answer: (said) => (faulty && /BODY/.test(said) ? 'NO [UNAVAILABLE] Later' : undefined) });
  await read();
  await deliver(desk.app, {}, Buffer.from(mail('Mail 2')));
  await desk.house.intake.settled();
  faulty = false;
  desk.clock.pass(2 * MINUTE);
  await read();

  expect(subjects()).toEqual(['Mail 2', 'Mail 1', 'Mail 3']);
  expect(desk.rows("SELECT source FROM inbound_mails WHERE state <> 'done'")).toEqual([]);
});

test('M2: a mail over which the connection breaks each time is put aside, and the next ones come', async () => {
  await server({ answer: (said) => (/FETCH (\S*,)?2(,\S*)? .*BODY/.test(said) ? 'drop' : undefined) });
  await read();

  expect(subjects()).toEqual(['Mail 1', 'Mail 3']);
  expect(states()[1]).toEqual({ uid: 2, state: 'not_imported', reason: 'unreadable' });
});
