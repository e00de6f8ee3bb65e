// Mails on a real IMAP server: who wrote them, which are spam, whose are blocked, and where answers go (M6, M7, AC-13, AC-15, AC-19).
import { systemClock } from '../../server/lib/clock';
import { blockSender, type MailboxRow } from '../../server/mail';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import { factsOf, type MessageRow } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { move, ownTicket } from '../support/moving';
import { until } from '../support/until';

let dovecot: Dovecot;
let desk: Desk;
let reader: MailboxReader | undefined;
let support: MailboxRow;
let box = -1;
let user = '';

beforeAll(async () => {
  dovecot = await startDovecot({
    users: Array.from({ length: 6 }, (_, n) => ({ user: `box${n}@example.test`, password: 'correct horse' })),
  });
});
afterAll(() => dovecot.remove());
beforeEach(() => {
  box += 1;
  user = `box${box}@example.test`;
  desk = openDesk({ clock: systemClock });
});
afterEach(async () => {
  await reader?.stop();
  await desk.close();
});

function start(folder?: string): void {
  support = desk.mailbox('support@teapot.example', {
    imap: { port: dovecot.port, user, password: 'correct horse', ...(folder ? { folder } : {}) },
    firstFetchDays: 1,
  });
}
const mail = (id: string, ...headers: string[]) =>
  [
    'From: Carla <carla@mail.example>',
    'To: support@teapot.example',
    `Subject: ${id}`,
    `Message-ID: <${id}@mail.example>`,
    ...headers,
    '',
    `The words of ${id}`,
    '',
  ].join('\r\n');
function arrives(folder: string | undefined, ...mails: string[]): void {
  for (const raw of mails) dovecot.deliver(user, raw, folder);
}

/** Reads until the folder has been read once more. */
async function read(): Promise<void> {
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  reader = new MailboxReader(desk.app, support.id);
  reader.start();
  await until(
    'the reading of the mailbox',
    () => findMailboxById(desk.app.db, support.id)?.last_fetch_at !== null,
  );
  await desk.house.intake.settled();
  await reader.stop();
  reader = undefined;
}
const messageOf = (id: string): MessageRow => {
  const [found] = desk.rows<MessageRow>('SELECT * FROM messages WHERE words = ?', `The words of ${id}`);
  if (!found) throw new Error(`${id} is on no ticket`);
  return found;
};
const verdictOf = (id: string) => factsOf(messageOf(id)).authentication?.verdict;
const ticketOf = (id: string) => desk.ticketNow({ id: messageOf(id).ticket_id });

test('AC-15, AC-13: our server’s word counts, a stranger’s beneath it or in its place does not', async () => {
  start();
  const ours = (results: string) => `Authentication-Results: mx.teapot.example;\r\n\t${results}`;
  arrives(
    undefined,
    mail('signed', ours('dkim=pass header.d=mail.example;\r\n\tdmarc=pass header.from=mail.example')),
    mail(
      'forged',
      'In-Reply-To: <signed@mail.example>',
      ours('dmarc=fail (p=REJECT) header.from=mail.example'),
      ours('dmarc=pass'),
    ),
    mail('copied', ours('spf=pass smtp.mailfrom=evil.example'), ours('dmarc=pass header.from=mail.example')),
    mail('claimed', 'Authentication-Results: mx.evil.example; dmarc=pass header.from=mail.example'),
    mail('silent', 'In-Reply-To: <signed@mail.example>'),
  );
  await read();

  expect(['signed', 'forged', 'copied', 'claimed', 'silent'].map(verdictOf)).toEqual([
    'verified',
    'failed',
    'unverified',
    'unverified',
    'unverified',
  ]);
  expect(ticketOf('silent').id).toBe(ticketOf('signed').id);
  expect(ticketOf('forged')).toMatchObject({ linked_ticket_id: ticketOf('signed').id, is_spam: 0 });
  expect(factsOf(messageOf('forged'))).toMatchObject({
    rule: 'not trusted',
    evidence: { text: 'signed@mail.example' },
  });
});

test('AC-19: what the server calls spam, and what lies in its folder for spam, where an admin asks for it', async () => {
  start('Junk');
  arrives('Junk', mail('before', 'X-Spam-Flag: YES'));
  await read();
  expect(ticketOf('before').is_spam).toBe(0);
  desk.app.db.sql.prepare('UPDATE mailboxes SET spam_by_header = 1').run();
  arrives('Junk', mail('after'));
  await read();

  expect(ticketOf('after').is_spam).toBe(1);
  expect(factsOf(messageOf('after')).spam).toBe('folder');
});

test('M4: a blocked sender’s mail stays on its server and in the tray', async () => {
  start();
  desk.app.db.tx(() => blockSender(desk.app, desk.owner, { kind: 'domain', value: 'mail.example' }));
  arrives(undefined, mail('blocked'));
  await read();

  expect(desk.rows('SELECT state, reason FROM inbound_mails')).toEqual([
    { state: 'not_imported', reason: 'blocked' },
  ]);
  expect(desk.rows('SELECT * FROM tickets')).toEqual([]);
});

test('M6: an answer to a mail that was made its own ticket goes there, and back when the mail went back', async () => {
  start();
  arrives(undefined, mail('first'));
  await read();
  arrives(undefined, mail('second', 'In-Reply-To: <first@mail.example>'));
  await read();
  const first = ticketOf('first');
  expect(ticketOf('second').id).toBe(first.id);
  const own = ownTicket(desk, first, messageOf('second'));

  arrives(
    undefined,
    mail(
      'third',
      'In-Reply-To: <second@mail.example>',
      'References: <first@mail.example> <second@mail.example>',
    ),
  );
  await read();
  expect(ticketOf('third').id).toBe(own.id);
  move(desk, own, messageOf('second'), first);
  arrives(undefined, mail('fourth', 'In-Reply-To: <second@mail.example>'));
  await read();
  expect(ticketOf('fourth').id).toBe(first.id);
});
