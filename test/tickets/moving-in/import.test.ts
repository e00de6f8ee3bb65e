// Moving in: old mail becomes tickets as they would have been, and nothing else happens.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../../server/lib/clock';
import type { MailboxRow } from '../../../server/mail';
import { searchTickets } from '../../../server/tickets';
import { conversationAt, fromOutlook, gmailTakeout, type OldMail, thunderbird } from '../../support/archives';
import { type Desk, openDesk } from '../../support/desk';
import { imported, outcomes, tagsOf, ticketsOf } from '../../support/importing';

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

test.each([
  ['Gmail', gmailTakeout],
  ['Thunderbird', thunderbird],
  ['Outlook', fromOutlook],
])(
  'moving in: a conversation in an archive of %s becomes one ticket, in whatever order it lies there',
  async (_, archive) => {
    const [q1, a1, q2] = conversation(400) as [OldMail, OldMail, OldMail];
    const id = await bring({ 'archive.mbox': archive([q2, q1, a1]) });

    expect(outcomes(desk, id)).toMatchObject({ found: 3, filed: 3, known: 0, left: 0, tray: 0 });
    const [ticket, ...others] = ticketsOf(desk);
    expect(others).toEqual([]);
    expect(wordsOf(ticket!)).toEqual(['Question', 'Answer', 'Thanks']);
    const messages = desk.messagesOf(ticket!);
    expect(messages.map((message) => message.created_at)).toEqual([q1.at, a1.at, q2.at]);
    expect(messages.map((message) => message.author_kind)).toEqual(['customer', 'agent', 'customer']);
    expect(ticket).toMatchObject({
      created_at: q1.at,
      activity_at: q2.at,
      status: 'closed',
      closed_at: q2.at,
      subject: 'A kettle',
    });
    desk.app.followers.catchUp();
    expect(searchTickets(desk.app, desk.owner, 'question', { limit: 10 }).hits).toHaveLength(1);
  },
);

test('moving in: conversations come together although the mail is missing that both answer, and across files', async () => {
  await bring({
    'Inbox.mbox': thunderbird([
      { id: 'b@x.example', at: ago(90, 5), answers: ['gone@x.example'], words: 'Two' },
    ]),
    'Sent.mbox': thunderbird([
      {
        id: 'c@teapot.example',
        at: ago(90, 9),
        from: 'support@teapot.example',
        to: 'carla@mail.example',
        answers: ['gone@x.example'],
        words: 'Three',
      },
    ]),
  });
  expect(ticketsOf(desk).map(wordsOf)).toEqual([['Two', 'Three']]);

  // Another import finds the missing one: it belongs above what names it.
  await bring({ 'Old.mbox': thunderbird([{ id: 'gone@x.example', at: ago(90), words: 'One' }]) });
  const [ticket, ...others] = ticketsOf(desk);
  expect(others).toEqual([]);
  expect(wordsOf(ticket!)).toEqual(['One', 'Two', 'Three']);
  expect(ticket).toMatchObject({ created_at: ago(90), activity_at: ago(90, 9) });
});

test('moving in: a later mail brings two conversations together, if it comes before them in the file', async () => {
  await bring({
    'a.mbox': gmailTakeout([
      { id: 'z@x.example', at: ago(50, 3), answers: ['x@x.example', 'y@x.example'], words: 'Both' },
      { id: 'x1@x.example', at: ago(50, 1), answers: ['x@x.example'], words: 'X' },
      { id: 'y1@x.example', at: ago(50, 2), answers: ['y@x.example'], words: 'Y' },
    ]),
  });
  expect(ticketsOf(desk).map(wordsOf)).toEqual([['X', 'Y', 'Both']]);
});

test('moving in: what was answered is solved, what waits is open, what is old is closed, by the days that were chosen', async () => {
  const asks = (id: string, days: number): OldMail => ({
    id: `${id}@x.example`,
    at: ago(days),
    subject: id,
    from: `${id}@mail.example`,
  });
  const answers = (id: string, days: number): OldMail => ({
    id: `re-${id}@teapot.example`,
    at: ago(days, 60),
    subject: `Re: ${id}`,
    from: 'support@teapot.example',
    to: `${id}@mail.example`,
    answers: [`${id}@x.example`],
  });
  await bring(
    {
      'a.mbox': gmailTakeout([
        asks('waits', 5),
        asks('answered', 5),
        answers('answered', 5),
        asks('again', 6),
        answers('again', 6),
        { ...asks('again2', 4), from: 'again@mail.example', subject: 'again', answers: ['again@x.example'] },
        asks('old', 11),
        { ...asks('news', 3), headers: { 'List-Id': '<news.shop.example>' } },
      ]),
    },
    { openDays: 10 },
  );

  expect(Object.fromEntries(ticketsOf(desk).map(({ subject, status }) => [subject, status]))).toEqual({
    old: 'closed',
    again: 'open',
    answered: 'solved',
    waits: 'new',
    news: 'solved',
  });
});

test('moving in: nothing is sent, answered, announced or counted as today’s, whatever comes in', async () => {
  const id = await bring({ 'a.mbox': gmailTakeout(conversation(400)) });
  desk.app.followers.catchUp();

  expect(desk.queuedMails()).toEqual([]);
  expect(desk.signals().filter(({ event }) => event.startsWith('ticket:'))).toEqual([]);
  expect(desk.rows('SELECT * FROM daily_facts')).toEqual([]);
  expect(desk.events('ticket.%').map(({ name }) => name)).toEqual(
    ['ticket.tagged', 'ticket.history-joined', 'ticket.history-joined'].toSpliced(0, 0, 'ticket.imported'),
  );
  expect(desk.rows('SELECT disk_name FROM import_files WHERE run_id = ?', id)).toEqual([{ disk_name: null }]);
  expect(readdirSync(join(desk.data, 'imports'))).toEqual([]);
});

test('moving in: agents and old addresses of the firm have answered; what we wrote to ourselves is listed, not filed', async () => {
  const to = 'Carla Olsen <carla@mail.example>';
  const id = await bring(
    {
      'a.mbox': gmailTakeout([
        { id: '1@t.example', at: ago(90), from: 'Ana <ana@teapot.example>', to, subject: 'From Ana' },
        { id: '2@t.example', at: ago(89), from: 'The shop <Shop@Old.example>', to, subject: 'From the shop' },
        {
          id: '3@t.example',
          at: ago(88),
          from: 'support@teapot.example',
          to: 'shop@old.example',
          subject: 'To us',
        },
      ]),
    },
    { ownAddresses: ['shop@old.example'] },
  );

  const [ana, shop, ...others] = ticketsOf(desk);
  expect(others).toEqual([]);
  expect(desk.messagesOf(ana!)[0]).toMatchObject({
    author_kind: 'agent',
    author_id: desk.ana.id,
    author_name: 'Ana',
    state: 'sent',
  });
  expect(desk.messagesOf(shop!)[0]).toMatchObject({
    author_kind: 'agent',
    author_id: null,
    author_name: 'The shop',
  });
  expect(desk.rows('SELECT name FROM customers')).toEqual([{ name: 'Carla Olsen' }]);
  expect(outcomes(desk, id)).toMatchObject({ filed: 2, tray: 1 });
  expect(desk.rows("SELECT reason FROM inbound_mails WHERE state = 'not_imported'")).toEqual([
    { reason: 'loop' },
  ]);
});

test('moving in: labels and folders become tags; spam, rubbish and drafts are left out and counted', async () => {
  const labelled = (n: number, labels: string): OldMail => ({
    id: `l${n}@x.example`,
    at: ago(100, n),
    from: `l${n}@mail.example`,
    headers: { 'X-Gmail-Labels': labels },
  });
  const id = await bring({
    'All mail Including Spam and Trash.mbox': gmailTakeout([
      labelled(1, 'Inbox,Unread,Returns,"Smith, Jones"'),
      labelled(2, 'Spam'),
      labelled(3, 'Trash,Returns'),
      labelled(4, 'Drafts'),
      labelled(5, 'Archived'),
    ]),
    'Mail/Complaints': thunderbird([{ id: 'c@x.example', at: ago(99), from: 'c@mail.example' }]),
    'Mail/Junk': thunderbird([{ id: 'j@x.example', at: ago(99), from: 'j@mail.example' }]),
  });

  expect(outcomes(desk, id)).toMatchObject({
    found: 7,
    filed: 3,
    left: 4,
    'left.spam': 2,
    'left.trash': 1,
    'left.draft': 1,
  });
  expect(ticketsOf(desk).map((ticket) => tagsOf(desk, ticket))).toEqual([
    ['Returns', 'Smith, Jones'],
    [],
    ['Complaints'],
  ]);
});

test('M14: what lay among the sent mails is ours, by whatever address it was sent', async () => {
  const old = {
    id: 's1@t.example',
    at: ago(90),
    from: 'The shop <shop@before.example>',
    to: 'Carla <carla@mail.example>',
  };
  await bring({
    'Sent.mbox': thunderbird([old]),
    'b.mbox': gmailTakeout([
      { ...old, id: 's2@t.example', headers: { 'X-Gmail-Labels': '=?UTF-8?Q?Nos=C5=ABt=C4=ABtie?=' } },
    ]),
    'c.mbox': gmailTakeout([{ ...old, id: 's3@t.example', headers: { 'X-Gmail-Labels': 'Inbox' } }]),
  });
  const authors = ticketsOf(desk).map((ticket) => desk.messagesOf(ticket)[0]!.author_kind);
  expect(authors.toSorted()).toEqual(['agent', 'agent', 'customer']);
  expect(ticketsOf(desk).flatMap((ticket) => tagsOf(desk, ticket))).toEqual([]);
});
