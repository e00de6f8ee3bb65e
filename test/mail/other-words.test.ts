// M4: a Message-ID that is here already, under other words or only by another way.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deliver, keepMail, localMailbox } from '../../server/mail';
import { keepAfterAll } from '../../server/mail/keep-mail';
import { findInboundMail, type InboundMailRow } from '../../server/mail/queries';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const raw = (subject: string, { id, body = 'Do you sell spouts?' }: { id: string; body?: string }) =>
  Buffer.from(
    [`From: carla@mail.example`, `Subject: ${subject}`, `Message-ID: <${id}>`, '', body].join('\r\n'),
  );
const deliverNow = (bytes: Buffer) => deliver(desk.app, {}, bytes);
const settled = () => desk.house.intake.settled();
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets').map(({ subject }) => subject);
const states = () => desk.rows('SELECT state, reason FROM inbound_mails ORDER BY id');
const filesIn = (folder: string) =>
  readdirSync(join(desk.data, folder), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
const idOf = (kept: Awaited<ReturnType<typeof keepMail>>) => ('id' in kept ? kept.id : 0);

test('M4: a copy that came by another way is not listed: other headers, other line ends', async () => {
  const bytes = raw('One', { id: 'same@mail.example', body: 'Two lines\r\nof words' });
  await deliverNow(bytes);
  await deliverNow(Buffer.concat([Buffer.from('Received: from mx2.example\r\n'), bytes]));
  await deliverNow(Buffer.from(`${String(bytes).replaceAll('\r\n', '\n')}\n\n`));
  await settled();

  expect(states()).toEqual([{ state: 'done', reason: null }]);
  expect(filesIn('mail')).toHaveLength(1);
});

test('M4: one that a server would not give out at first is listed as well when it says something else', async () => {
  const place = { folder: 'INBOX', uidValidity: 7, uid: 12 };
  const mailboxId = localMailbox(desk.app).id;
  await deliverNow(raw('One', { id: 'same@mail.example' }));
  const arrived = {
    mailboxId,
    source: 'imap' as const,
    raw: Buffer.alloc(0),
    place,
    missing: 'unreadable' as const,
  };
  const id = idOf(await keepMail(desk.app, arrived));
  const row = findInboundMail(desk.app.db, id) as InboundMailRow;
  await keepAfterAll(desk.app, row, raw('One', { id: 'same@mail.example', body: 'other words' }));
  await settled();

  expect(subjects()).toEqual(['One']);
  expect(findInboundMail(desk.app.db, id)).toMatchObject({ state: 'not_imported', reason: 'other-words' });
});
