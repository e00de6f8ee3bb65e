// Spam at the door: what the mail server says, where an admin asks for it, and what fails the sender check (AC-19).
import { deliver, keepMail, type MailboxRow } from '../../server/mail';
import { factsOf, type MessageRow } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { openDoors } from '../support/doors';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example');
});
afterEach(() => desk.close());

const set = (column: string) =>
  desk.app.db.sql.prepare(`UPDATE mailboxes SET ${column} = 1 WHERE id = ?`).run(support.id);
let count = 0;
const raw = (more: string) => {
  count += 1;
  return Buffer.from(
    `From: carla@mail.example\r\nTo: support@teapot.example\r\nSubject: Offer\r\nMessage-ID: <spam-${count}@mail.example>\r\n${more}\r\nBuy now`,
  );
};
async function arrives(
  more = '',
): Promise<{ isSpam: number; reason: string | undefined; message: MessageRow }> {
  expect((await deliver(desk.app, { mailbox: support.address }, raw(more))).exit).toBe(0);
  await desk.house.intake.settled();
  return newest();
}
function newest() {
  const [message] = desk.rows<MessageRow>(
    "SELECT * FROM messages WHERE kind = 'reply' ORDER BY id DESC LIMIT 1",
  );
  if (!message) throw new Error('There is no message.');
  return {
    isSpam: desk.ticketNow({ id: message.ticket_id }).is_spam,
    reason: factsOf(message).spam,
    message,
  };
}

const YES = [
  'X-Spam-Flag: YES',
  'X-Spam-Status: Yes, score=9.1 required=5.0 tests=BAYES_99',
  'X-Spam: yes',
  'X-Spam-Flag: NO\r\nX-Spam-Flag: YES',
  'X-Microsoft-Antispam: BCL:0;PCL:0;SCL:6;RULEID:1',
  'X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:;SCL:9;SRV:;',
  'X-MS-Exchange-Organization-SCL: 5',
];
const NO = [
  'X-Spam-Flag: NO',
  'X-Spam-Status: No, score=-1 tests=YES',
  'X-Spam: no',
  'X-Spam-Score: 99',
  'X-Forefront-Antispam-Report: CIP:1.2.3.4;SCL:1',
  'X-Forefront-Antispam-Report: CIP:1.2.3.4;SCL:-1',
  'Subject: X-Spam-Flag YES',
];

test('AC-19: without the setting no header marks anything, whoever wrote it', async () => {
  for (const header of YES)
    expect(await arrives(`${header}\r\n`)).toMatchObject({ isSpam: 0, reason: undefined });
});

test('with the setting, what the server calls spam is marked, and nothing else', async () => {
  set('spam_by_header');
  for (const header of YES)
    expect([header, (await arrives(`${header}\r\n`)).reason]).toEqual([header, 'header']);
  for (const header of NO) expect([header, (await arrives(`${header}\r\n`)).isSpam]).toEqual([header, 0]);
});

test('it is out of the inbox and its counts, says why, and an agent’s word brings it back', async () => {
  set('spam_by_header');
  const { message } = await arrives('X-Spam: yes\r\n');
  const { number } = desk.ticketNow({ id: message.ticket_id });
  const doors = await openDoors(desk);
  const ana = doors.as(desk.ana);

  expect((await ana.get('/tickets')).html).not.toContain(`/tickets/${number}`);
  const page = (await ana.get(`/tickets/${number}`)).html;
  expect(page).toContain('the mail server says so');
  await ana.post(`/tickets/${number}/spam`, { spam: '0' });
  expect((await ana.get('/tickets')).html).toContain(`/tickets/${number}`);
  expect(desk.events('ticket.marked-%').map(({ name }) => name)).toEqual([
    'ticket.marked-spam',
    'ticket.marked-wanted',
  ]);
  await doors.close();
});

test('a conversation that agents have is not hidden by one mail in it', async () => {
  set('spam_by_header');
  const first = await arrives();
  const answer = await arrives(`In-Reply-To: <spam-${count}@mail.example>\r\nX-Spam: yes\r\n`);

  expect(answer.message.ticket_id).toBe(first.message.ticket_id);
  expect(answer).toMatchObject({ isSpam: 0, reason: 'header' });
});

test('what lay in the folder for spam is spam, where that folder is read', async () => {
  for (const [folder, expected] of [
    ['Junk', 0],
    ['[Gmail]/Spam', 1],
    ['INBOX.Junk E-mail', 1],
    ['INBOX', 0],
    ['Spammers', 0],
  ] as const) {
    if (folder === '[Gmail]/Spam') set('spam_by_header');
    await keepMail(desk.app, {
      mailboxId: support.id,
      source: 'imap',
      raw: raw(''),
      place: { folder, uidValidity: 1, uid: count },
    });
    await desk.house.intake.settled();
    expect([folder, newest().isSpam, newest().reason]).toEqual([
      folder,
      expected,
      expected ? 'folder' : undefined,
    ]);
  }
});

test('AC-15: what fails the sender check is spam only where an admin says so; unknown is never', async () => {
  const failed = 'Authentication-Results: mx.teapot.example; dmarc=fail\r\n';
  expect(await arrives(failed)).toMatchObject({ isSpam: 0 });
  set('spam_by_failure');
  expect(await arrives(failed)).toMatchObject({ isSpam: 1, reason: 'failed' });
  expect(await arrives()).toMatchObject({ isSpam: 0 });
  expect(await arrives('Authentication-Results: mx.teapot.example; dmarc=none\r\n')).toMatchObject({
    isSpam: 0,
  });
});
