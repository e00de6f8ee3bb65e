// Automatic answers never turn into a loop or a flood (AC-21, AC-24), with mails as bytes through the real way in.
import { MINUTE, systemClock } from '../../server/lib/clock';
import { keepMail } from '../../server/mail';
import { IN_A_DAY, IN_AN_HOUR } from '../../server/mail/answers/budget';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import { type Answering, answering, queued } from '../support/answering';
import { startDovecot } from '../support/dovecot';
import { letter, receive } from '../support/letters';
import { until } from '../support/until';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What a careless relay leaves of a mail. */
const STRIPPED = {
  'as it is sent': /^$/,
  'without the signs of a machine':
    /^(?:auto-submitted|x-auto-response-suppress|x-hearthdesk-loop|return-path):/i,
  'without those and without a thread':
    /^(?:auto-submitted|x-auto-response-suppress|x-hearthdesk-loop|return-path|in-reply-to|references):/i,
};

type Pair = readonly [Answering, Answering];

/** The first mail comes to the second desk; what each sends arrives at the other. */
async function mailEachOther(
  desks: Pair,
  arrive: (to: Answering, mails: Buffer[]) => Promise<void>,
  stripped: RegExp,
): Promise<number[]> {
  const first =
    'From: Carla <help@one.example>\r\nSubject: Hello\r\nMessage-ID: <hello@one.example>\r\n\r\nHello\r\n';
  let travelling: Buffer[] = [Buffer.from(first)];
  const passed = [0, 0];
  for (let round = 0; round < 100; round++) {
    const at = round % 2 === 0 ? 1 : 0;
    const to = desks[at];
    if (travelling.length > 0) await arrive(to, travelling);
    const mails = (await to.sent()).slice(passed[at]);
    passed[at] = to.smtp.mails.length;
    travelling = mails.map(({ raw }) => relayed(raw, stripped));
    for (const { desk } of desks) desk.clock.pass(6 * MINUTE);
  }
  return passed;
}

test.each(Object.entries(STRIPPED))(
  'AC-21: two desks mailing each other for 100 rounds, each mail %s, send at most two mails each',
  async (_how, stripped) => {
    const desks: Pair = [
      await answering({}, { address: 'help@one.example' }),
      await answering({}, { address: 'help@two.example' }),
    ];
    const arrive = async ({ desk, mailbox }: Answering, mails: Buffer[]) => {
      for (const raw of mails) await keepMail(desk.app, { mailboxId: mailbox.id, source: 'deliver', raw });
      await desk.house.intake.settled();
    };
    const [one = 0, two = 0] = await mailEachOther(desks, arrive, stripped);
    expect(two).toBeGreaterThan(0);
    expect(Math.max(one, two)).toBeLessThanOrEqual(2);
  },
  60_000,
);

test('AC-21: so do two desks that read their mailboxes from a mail server', async () => {
  const users = ['one', 'two'].map((name) => ({ user: `${name}@example.test`, password: 'correct horse' }));
  const dovecot = await startDovecot({ users });
  closing.push(() => dovecot.remove());
  const at = ({ user, password }: (typeof users)[number]) => ({ port: dovecot.port, user, password });
  const desks = (await Promise.all(
    users.map((user, n) =>
      answering(
        {},
        { address: `help@${n === 0 ? 'one' : 'two'}.example`, imap: at(user), clock: systemClock },
      ),
    ),
  )) as unknown as Pair;
  for (const one of desks) {
    // A mail server tells the second in which a mail came, so one of this second would count as older than the mailbox.
    one.desk.app.db.sql.prepare('UPDATE mailboxes SET created_at = created_at - 1000').run();
    await read(one);
  }
  const arrive = async (to: Answering, mails: Buffer[]) => {
    for (const raw of mails) dovecot.deliver(users[desks.indexOf(to)]?.user ?? '', raw);
    await read(to);
  };
  const [one = 0, two = 0] = await mailEachOther(desks, arrive, STRIPPED['as it is sent']);
  expect([one, two]).toEqual([0, 1]);
}, 60_000);

/** Until the folder has been read once more. */
async function read({ desk, mailbox }: Answering): Promise<void> {
  desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
  const reader = new MailboxReader(desk.app, mailbox.id);
  reader.start();
  await until(
    'the reading of the mailbox',
    () => findMailboxById(desk.app.db, mailbox.id)?.last_fetch_at !== null,
  );
  await desk.house.intake.settled();
  await reader.stop();
}

/** As the next server has it: with the path it came by, and without what was lost on the way. */
function relayed(raw: Buffer, stripped: RegExp): Buffer {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = [
    'Return-Path: <>',
    ...text
      .slice(0, end)
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n'),
  ];
  const kept = head.filter((line) => !stripped.test(line));
  const marks = stripped.source.includes('in-reply-to') ? /hd-[0-9a-f]{32}/g : /^$/;
  return Buffer.from(`${kept.join('\r\n')}${text.slice(end).replace(marks, 'x')}`, 'latin1');
}

test('AC-24: ten thousand mails from as many addresses are filed, and no more than the budget are answered; admins are told', async () => {
  const { desk, mailbox } = await answering();
  for (let n = 0; n < 10_000; n++) {
    receive(desk, letter({ from: `victim${n}@mail.example`, words: 'QZXPILLS' }), mailbox);
    if (n % 100 === 99) desk.clock.pass(MINUTE);
  }
  const answers = queued(desk);
  expect(desk.rows('SELECT count(*) AS n FROM tickets')).toEqual([{ n: 10_000 }]);
  // A hundred minutes: a hundred in the first hour, and as many in the next.
  expect(answers).toHaveLength(2 * IN_AN_HOUR);
  expect(answers.length).toBeLessThan(IN_A_DAY);
  expect(answers.some(({ mail }) => mail.includes('QZXPILLS'))).toBe(false);
  expect(desk.events('answers.paused')).toHaveLength(1);
}, 120_000);
