// Automatic answers never turn into a loop or a flood (AC-21, AC-24), with mails as bytes through the real way in.
import { MINUTE } from '../../server/lib/clock';
import { keepMail } from '../../server/mail';
import { IN_A_DAY, IN_AN_HOUR } from '../../server/mail/answers/budget';
import { type Answering, answering, queued } from '../support/answering';
import { letter, receive } from '../support/letters';

/** What a careless relay leaves of a mail. */
const STRIPPED = {
  'as it is sent': /^$/,
  'without the signs of a machine':
    /^(?:auto-submitted|x-auto-response-suppress|x-hearthdesk-loop|return-path):/i,
  'without those and without a thread':
    /^(?:auto-submitted|x-auto-response-suppress|x-hearthdesk-loop|return-path|in-reply-to|references):/i,
};

test.each(Object.entries(STRIPPED))(
  'AC-21: two desks mailing each other for 100 rounds, each mail %s, send at most two mails each',
  async (_how, stripped) => {
    const desks = [
      await answering({}, { address: 'help@one.example' }),
      await answering({}, { address: 'help@two.example' }),
    ] as const;
    const first =
      'From: Carla <help@one.example>\r\nSubject: Hello\r\nMessage-ID: <hello@one.example>\r\n\r\nHello\r\n';
    let travelling: Buffer[] = [Buffer.from(first)];
    const passed = [0, 0];
    for (let round = 0; round < 100; round++) {
      const to = desks[round % 2 === 0 ? 1 : 0] as Answering;
      for (const raw of travelling) {
        await keepMail(to.desk.app, { mailboxId: to.mailbox.id, source: 'deliver', raw });
      }
      await to.desk.house.intake.settled();
      const at = round % 2 === 0 ? 1 : 0;
      const mails = (await to.sent()).slice(passed[at]);
      passed[at] = to.smtp.mails.length;
      travelling = mails.map(({ raw }) => relayed(raw, stripped));
      for (const { desk } of desks) desk.clock.pass(6 * MINUTE);
    }
    expect(desks.map(({ smtp }) => smtp.mails.length).every((n) => n <= 2)).toBe(true);
    expect(desks[1].smtp.mails.length).toBeGreaterThan(0);
  },
  60_000,
);

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
