// Moving in: what is here already is known, whoever brought it; and mails are safe and where they belong, as all mail is.
import { DAY } from '../../../server/lib/clock';
import { blockSender, keepMail, type MailboxRow } from '../../../server/mail';
import { moveTicket } from '../../../server/tickets/change';
import { factsOf } from '../../../server/tickets/ticket';
import { conversationAt, fromOutlook, gmailTakeout, type OldMail, oldMail } from '../../support/archives';
import { type Desk, openDesk } from '../../support/desk';
import { imported, outcomes, ticketsOf } from '../../support/importing';
import { letter, receive } from '../../support/letters';
import { ordinaryMail } from '../../support/mails';
import { mailOf, reply } from '../../support/writing';

let desk: Desk;
let support: MailboxRow;
let now: number;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  now = desk.clock.now();
});
afterEach(() => desk.close());

const ago = (days: number, minutes = 0) => now - days * DAY + minutes * 60_000;
const bring = (files: Record<string, Buffer | string>, more = {}) =>
  imported(desk, files, { mailbox: support, ...more });
const wordsOf = (ticket: { id: number }) => desk.messagesOf(ticket as never).map(({ words }) => words);

const conversation = (days: number) => conversationAt(ago, days);

test('M3: the same file again changes nothing, and what came by the mailbox before is known', async () => {
  const archive = { 'a.mbox': gmailTakeout(conversation(40)) };
  await bring(archive);
  const before = [desk.rows('SELECT * FROM tickets'), desk.rows('SELECT * FROM messages')];
  const again = await bring(archive);
  const quotedOtherwise = await bring({ 'b.mbox': fromOutlook(conversation(40)) });

  expect(outcomes(desk, again)).toMatchObject({ found: 3, filed: 0, known: 3, tray: 0 });
  expect(outcomes(desk, quotedOtherwise)).toMatchObject({ filed: 0, known: 3 });
  expect([desk.rows('SELECT * FROM tickets'), desk.rows('SELECT * FROM messages')]).toEqual(before);
});

test('M3: the same mail twice in one archive is filed once; one with other words under its id is listed', async () => {
  const mail = { id: 'same@x.example', at: ago(40), words: 'Hello' };
  const id = await bring({ 'a.mbox': gmailTakeout([mail, mail, { ...mail, words: 'Something else' }]) });

  expect(outcomes(desk, id)).toMatchObject({ found: 3, filed: 1, known: 1, tray: 1 });
  expect(desk.rows("SELECT reason FROM inbound_mails WHERE state <> 'done'")).toEqual([
    { reason: 'other-words' },
  ]);
});

test('M3: what Hearthdesk itself has sent is known in an archive, and an answer to it joins its ticket without a word', async () => {
  const { ticket } = receive(desk, letter({ messageId: 'first@mail.example' }), support);
  const sent = mailOf(desk, reply(desk, ticket, 'Which model is it?'));
  desk.app.db.tx(() => moveTicket(desk.app, desk.ana, desk.ticketNow(ticket), 'solved'));
  const before = desk.ticketNow(ticket);
  const id = await bring({
    'a.mbox': gmailTakeout([
      {
        id: sent.messageId,
        at: ago(1),
        from: 'support@teapot.example',
        to: 'carla@mail.example',
        words: 'Which model?',
      },
      { id: 'late@mail.example', at: ago(20), answers: [sent.messageId], words: 'The blue one' },
    ]),
  });

  expect(outcomes(desk, id)).toMatchObject({ filed: 1, known: 1 });
  expect(ticketsOf(desk)).toHaveLength(1);
  expect(desk.ticketNow(ticket)).toMatchObject({
    status: 'solved',
    activity_at: before.activity_at,
    excerpt: before.excerpt,
    awaits_us: before.awaits_us,
  });
  expect(wordsOf(ticket)[0]).toBe('The blue one');
});

test('moving in: mails with HTML, pictures and files come in as all mail does, safe and whole', async () => {
  await bring({ 'one/mail.eml': ordinaryMail() });
  const [ticket] = ticketsOf(desk);
  const [message] = desk.messagesOf(ticket!);

  expect(message).toMatchObject({ html_kind: 'rich', sanitiser_version: expect.any(Number) });
  expect(factsOf(message!)).toMatchObject({ rule: 'new', from: { address: 'carla@example.com' } });
  expect(desk.rows('SELECT name FROM attachments ORDER BY name')).toEqual([
    { name: 'photo.png' },
    { name: 'receipt.pdf' },
  ]);
  expect(message!.created_at).toBe(Date.UTC(2024, 2, 4, 9, 11, 12));
});

test('moving in: a mail from tomorrow is not from tomorrow, and a number in its subject is another program’s', async () => {
  const ticket = desk.ticketFrom('Carla');
  await bring({
    'a.mbox': gmailTakeout([
      {
        id: 't@x.example',
        at: now + 400 * DAY,
        subject: `[#${ticket.number}] Hello`,
        from: 'Carla <carla@mail.example>',
      },
    ]),
  });
  const tickets = ticketsOf(desk);
  expect(tickets).toHaveLength(2);
  expect(tickets.every(({ activity_at: at }) => at <= now)).toBe(true);
});

test('M7: whoever answers on somebody else’s conversation joins it unverified; blocked senders are listed', async () => {
  desk.app.db.tx(() =>
    blockSender(desk.app, desk.owner, { kind: 'address', value: 'nuisance@evil.example' }),
  );
  const id = await bring({
    'a.mbox': gmailTakeout([
      ...conversation(40),
      {
        id: 's@x.example',
        at: ago(39),
        from: 'stranger@x.example',
        answers: ['q1@mail.example'],
        words: 'Me too',
      },
      { id: 'n@evil.example', at: ago(39), from: 'nuisance@evil.example' },
    ]),
  });

  expect(outcomes(desk, id)).toMatchObject({ filed: 4, tray: 1 });
  expect(desk.messagesOf(ticketsOf(desk)[0]!).at(-1)).toMatchObject({
    words: 'Me too',
    sender_state: 'unverified',
  });
});

test('M14: From alone puts no answer into our mouth on a ticket that was there before; among the sent mails it does', async () => {
  const { ticket } = receive(desk, letter({ messageId: 'living@mail.example' }), support);
  const answer = (id: string, more: Partial<OldMail> = {}): OldMail => ({
    id: `${id}@teapot.example`,
    at: ago(2),
    from: 'Ana <ana@teapot.example>',
    to: 'Carla Olsen <carla@mail.example>',
    answers: ['living@mail.example'],
    words: id,
    ...more,
  });
  await bring({ 'a.mbox': gmailTakeout([answer('bare', { headers: { 'X-Gmail-Labels': 'Inbox' } })]) });
  const [other] = ticketsOf(desk).filter(({ id }) => id !== ticket.id);
  expect(wordsOf(ticket)).not.toContain('bare');
  expect(wordsOf(other!)).toEqual(['bare']);
  const [message] = desk.messagesOf(other!);
  expect(factsOf(message!).authentication).toEqual({ verdict: 'unverified' });

  const { ticket: second } = receive(desk, letter({ messageId: 'second@mail.example' }), support);
  const sent = { headers: { 'X-Gmail-Labels': 'Sent' }, answers: ['second@mail.example'] };
  await bring({ 'b.mbox': gmailTakeout([answer('proved', sent)]) });
  const proved = desk.messagesOf(second).find(({ words }) => words === 'proved');
  expect(proved).toMatchObject({ author_kind: 'agent', author_id: desk.ana.id });
  expect(factsOf(proved!).authentication).toBeUndefined();
});

test('M6: why a mail is on its ticket never shows a mark of ours whole', async () => {
  const mark = `hd-${'0123456789abcdef'.repeat(2)}`;
  await bring({
    'a.mbox': gmailTakeout([
      { id: 'm1@mail.example', at: ago(40), answers: [`${mark}@elsewhere.example`] },
      { id: 'm2@mail.example', at: ago(39), answers: [`${mark}@elsewhere.example`] },
    ]),
  });
  const [ticket] = ticketsOf(desk);
  const evidence = desk.messagesOf(ticket!).map((message) => factsOf(message).evidence?.text);
  expect(evidence).toEqual([undefined, 'hd-01234567…@elsewhere.example']);
});

test('moving in: somebody we only wrote to is known because we did, not by a mail of theirs', async () => {
  await bring({
    'Sent.mbox': gmailTakeout([
      {
        id: 'first@teapot.example',
        at: ago(40),
        from: 'support@teapot.example',
        to: 'Carla Olsen <carla@mail.example>',
      },
    ]),
  });
  expect(desk.rows('SELECT address, verified_how FROM customer_addresses')).toEqual([
    { address: 'carla@mail.example', verified_how: 'agent' },
  ]);
});

test.each(['support@teapot.example', 'other@teapot.example'])(
  'M4: a whole copy of a mail that %s could not read is brought',
  async (address) => {
    const reading = address === support.address ? support : desk.mailbox(address, { smtp: { port: 25 } });
    const mail: OldMail = { id: 'broken@mail.example', at: ago(40), words: 'Whole' };
    const raw = Buffer.from(oldMail(mail));
    await keepMail(desk.app, { mailboxId: reading.id, source: 'imap', raw, missing: 'unreadable' });
    const id = await bring({ 'a.mbox': gmailTakeout([mail]) });
    expect(outcomes(desk, id)).toMatchObject({ filed: 1, known: 0 });
    expect(ticketsOf(desk).map(wordsOf)).toEqual([['Whole']]);
  },
);

test('moving in: single mails of a folder come in together, and what is no mail is passed over', async () => {
  const [q1, a1] = conversation(40) as [OldMail, OldMail];
  const id = await bring({
    'x/1.eml': oldMail(a1),
    'x/2.eml': oldMail(q1),
    'x/notes.txt': 'Hello',
    'x/.DS_Store': Buffer.from([0, 1, 2]),
    'x/Inbox.msf': '// <!-- <mdb:mork:z v="1.4"/> -->',
  });
  expect(outcomes(desk, id)).toMatchObject({ found: 2, filed: 2 });
  expect(ticketsOf(desk).map(wordsOf)).toEqual([['Question', 'Answer']]);
});
