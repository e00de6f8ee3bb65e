// Sending, against a real SMTP server: every way it can end, and that none is mistaken for another.
import type { SmtpSettings } from '../../server/mail/smtp';
import { sendMail } from '../../server/mail/smtp-send';
import { type Smtp, type SmtpOptions, startSmtp } from '../support/smtp';
import { DESK, PASSWORD, QUICK, settingsFor } from '../support/smtp-settings';

const CARLA = 'carla@example.com';
const raw = Buffer.from(
  `From: ${DESK}\r\nTo: ${CARLA}\r\nSubject: Your order\r\n\r\nIt is on its way.\r\n.\r\nLine after a dot\r\n`,
);
const large = Buffer.concat([raw, Buffer.alloc(12_000_000, 'and so on, and so forth.\r\n')]);
const nothing = async () => {};

const toCarla = { envelope: { from: DESK, to: [CARLA] }, raw };

let smtp: Smtp;
afterEach(() => smtp.stop());

async function serving(options: SmtpOptions = {}): Promise<SmtpSettings> {
  smtp = await startSmtp({ auth: { user: DESK, password: PASSWORD }, ...options });
  return settingsFor(smtp);
}

test.each<[string, SmtpOptions]>([
  ['with STARTTLS', {}],
  ['with TLS', { tls: true }],
  ['without TLS and sign-in, inside a network', { startTls: false, auth: undefined }],
  ['to a server without pipelining', { pipelining: false }],
])('O1: a mail is sent %s, and what the server said is told word by word', async (_how, options) => {
  const settings = await serving(options);
  const outcome = await sendMail(settings, toCarla, nothing, QUICK);

  expect(outcome).toEqual({
    kind: 'sent',
    server: '127.0.0.1',
    answer: '250 2.0.0 OK: queued as 4F2A',
    accepted: [CARLA],
    rejected: [],
  });
  const [mail] = smtp.mails;
  expect(smtp.mails).toHaveLength(1);
  expect(mail?.envelope).toEqual({ from: DESK, to: [CARLA] });
  expect(mail?.raw.equals(raw)).toBe(true);
});

test('O1: "handing over" is committed when the server is ready, and before it hears of the mail', async () => {
  const settings = await serving();
  const verbs = () => smtp.commands.map((line) => line.split(' ')[0]);
  let before: (string | undefined)[] = [];
  const commit = async () => {
    before = verbs();
  };
  await sendMail(settings, toCarla, commit, QUICK);

  expect(before).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH']);
  expect(verbs()).toEqual([...before, 'MAIL', 'RCPT', 'DATA']);
});

test('O1: when "handing over" cannot be committed, nothing is sent', async () => {
  const settings = await serving();
  const diskIsFull = async () => {
    throw new Error('ENOSPC');
  };

  await expect(sendMail(settings, toCarla, diskIsFull, QUICK)).rejects.toThrow('ENOSPC');
  expect(smtp.mails).toEqual([]);
});

test('O1: a recipient that is refused is told beside those that were accepted', async () => {
  const settings = await serving({
    refuse: (to) => (to.startsWith('gone') ? '550 5.1.1 no such user here' : undefined),
  });
  const outcome = await sendMail(
    settings,
    { raw, envelope: { from: DESK, to: [CARLA, 'gone@example.com'] } },
    nothing,
    QUICK,
  );

  expect(outcome).toMatchObject({
    kind: 'sent',
    accepted: [CARLA],
    rejected: [{ address: 'gone@example.com', answer: '550 5.1.1 no such user here' }],
  });
  expect(smtp.mails[0]?.envelope.to).toEqual([CARLA]);
});

test.each<[string, SmtpOptions, object]>([
  [
    'the recipient',
    { refuse: () => '550 5.1.1 no such user here' },
    { permanent: true, stage: 'recipients', answer: '550 5.1.1 no such user here' },
  ],
  [
    'the recipient, for now',
    { refuse: () => '451 4.7.1 greylisted' },
    { permanent: false, stage: 'recipients', answer: '451 4.7.1 greylisted' },
  ],
  [
    'the sender',
    { refuseSender: () => '553 5.7.1 not your address' },
    { permanent: true, stage: 'sender', answer: '553 5.7.1 not your address' },
  ],
  [
    'the sender, without pipelining',
    { pipelining: false, refuseSender: () => '451 later' },
    { permanent: false, stage: 'sender', answer: '451 later' },
  ],
  [
    'what it was given',
    { answer: () => '554 5.7.1 looks like spam' },
    { permanent: true, stage: 'message', answer: '554 5.7.1 looks like spam' },
  ],
  [
    'what it was given, for now',
    { answer: () => '452 4.3.1 disk is full' },
    { permanent: false, stage: 'message', answer: '452 4.3.1 disk is full' },
  ],
  [
    'and hangs up',
    { answer: () => '421 4.3.2 shutting down' },
    { permanent: false, stage: 'message', answer: '421 4.3.2 shutting down' },
  ],
  ['a mail of that size', { size: 50 }, { permanent: true, stage: 'size', answer: 'SIZE 50' }],
])(
  'O1: a server that refuses %s has not got the mail, and its words are kept',
  async (_what, options, expected) => {
    const settings = await serving(options);

    expect(await sendMail(settings, toCarla, nothing, QUICK)).toMatchObject({
      kind: 'refused',
      server: '127.0.0.1',
      ...expected,
    });
    expect(smtp.mails).toEqual([]);
  },
);

test('O1: when all are refused but one only for now, the mail is worth another try', async () => {
  const settings = await serving({
    refuse: (to) => (to.startsWith('gone') ? '550 no such user' : '450 try later'),
  });
  const outcome = await sendMail(
    settings,
    { raw, envelope: { from: DESK, to: ['gone@example.com', CARLA] } },
    nothing,
    QUICK,
  );

  expect(outcome).toMatchObject({
    kind: 'refused',
    permanent: false,
    rejected: [{ address: 'gone@example.com' }, { address: CARLA }],
  });
});

test("O1: a wrong password holds the mail back, and is not the mail's fault", async () => {
  const settings = await serving();
  const outcome = await sendMail({ ...settings, password: 'wrong horse' }, toCarla, nothing, QUICK);

  expect(outcome).toEqual({
    kind: 'refused',
    server: '127.0.0.1',
    permanent: false,
    stage: 'sign-in',
    answer: '535 5.7.8 authentication failed',
    rejected: [],
  });
});

test.each<[string, SmtpOptions, Buffer]>([
  ['at the recipient', { dropAt: 'recipient' }, raw],
  ['when the data begins, of a mail larger than what waits on the way', { dropAt: 'data' }, large],
  ['in the middle of a large mail', { dropAt: 'middle' }, large],
])('O1: a connection that breaks %s certainly delivered nothing', async (_when, options, bytes) => {
  const settings = await serving(options);

  expect(await sendMail(settings, { ...toCarla, raw: bytes }, nothing, QUICK)).toEqual({
    kind: 'unreachable',
    server: '127.0.0.1',
    reason: 'lost',
  });
  expect(smtp.mails).toEqual([]);
});

test('O1: a connection that breaks instead of the answer leaves it uncertain: the server has the mail', async () => {
  const settings = await serving({ dropAt: 'answer' });

  expect(await sendMail(settings, toCarla, nothing, QUICK)).toEqual({
    kind: 'uncertain',
    server: '127.0.0.1',
    reason: 'closed',
  });
  expect(smtp.mails).toHaveLength(1);
});

test('O1: an answer that never comes leaves it uncertain', async () => {
  const settings = await serving({ silent: true });

  expect(await sendMail(settings, toCarla, nothing, QUICK)).toEqual({
    kind: 'uncertain',
    server: '127.0.0.1',
    reason: 'timeout',
  });
});

test('O1: a server that is away is unreachable, and reached when it is back', async () => {
  const settings = await serving();
  await smtp.stop();
  expect(await sendMail(settings, toCarla, nothing, QUICK)).toEqual({
    kind: 'unreachable',
    server: '127.0.0.1',
    reason: 'no-mail-server',
  });

  await smtp.start();
  expect(await sendMail(settings, toCarla, nothing, QUICK)).toMatchObject({ kind: 'sent' });
});

test('O1: nothing is offered to a server whose certificate is not trusted', async () => {
  const settings = await serving();
  const offered = jest.fn(nothing);

  expect(await sendMail({ ...settings, trustedFingerprint: undefined }, toCarla, offered, QUICK)).toEqual({
    kind: 'unreachable',
    server: '127.0.0.1',
    reason: 'certificate',
  });
  expect(offered).not.toHaveBeenCalled();
});

test.each([
  '"a@evil.test x"@good.test',
  'carla@example.com, v@evil.test',
  'Carla <carla@example.com>',
  'carla@EXAMPLE.com',
  `${CARLA}\r\nRCPT TO:<v@evil.test>`,
  'carla@example.com> NOTIFY=NEVER',
  '',
])('AC-32: %j never reaches a mail server', async (address) => {
  const settings = await serving();

  await expect(
    sendMail(settings, { raw, envelope: { from: DESK, to: [CARLA, address] } }, nothing, QUICK),
  ).rejects.toMatchObject({ code: 'invalid' });
  await expect(
    sendMail(settings, { raw, envelope: { from: address, to: [CARLA] } }, nothing, QUICK),
  ).rejects.toMatchObject({ code: 'invalid' });
  expect(smtp.connections).toBe(0);
});

test('AC-32: RCPT TO is the address as it was checked', async () => {
  const settings = await serving();
  const odd = ["o'brien@example.com", 'desk+a1=b2@xn--blbr-roah.no', 'a!#$%&*/=?^_`{|}~-b@example.com'];
  await sendMail(settings, { raw, envelope: { from: DESK, to: odd } }, nothing, QUICK);

  expect(smtp.commands.filter((line) => line.startsWith('RCPT'))).toEqual(
    odd.map((address) => `RCPT TO:<${address}>`),
  );
});
