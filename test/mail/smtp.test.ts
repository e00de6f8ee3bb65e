// Sending, against a real SMTP server: every way it can end, and that none is mistaken for another.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { type SmtpSettings, testSmtp } from '../../server/mail/smtp';
import { sendMail } from '../../server/mail/smtp-send';
import { type Smtp, type SmtpOptions, startSmtp } from '../support/smtp';

const quick = { connect: 1_500, greeting: 400, quiet: 600 };
const DESK = 'desk@firm.test';
const CARLA = 'carla@example.com';
const raw = Buffer.from(
  `From: ${DESK}\r\nTo: ${CARLA}\r\nSubject: Your order\r\n\r\nIt is on its way.\r\n.\r\nLine after a dot\r\n`,
);
const large = Buffer.concat([raw, Buffer.alloc(12_000_000, 'and so on, and so forth.\r\n')]);
const nothing = async () => {};

let smtp: Smtp;
afterEach(() => smtp.stop());

async function serving(options: SmtpOptions = {}): Promise<SmtpSettings> {
  smtp = await startSmtp({ auth: { user: DESK, password: 'correct horse' }, ...options });
  return settingsFor(smtp);
}

const settingsFor = (server: Smtp): SmtpSettings => ({
  host: server.host,
  port: server.port,
  security: server.options.tls ? 'tls' : server.options.startTls === false ? 'none' : 'starttls',
  user: server.options.auth ? DESK : '',
  password: 'correct horse',
  trustedFingerprint: server.certificate.fingerprint,
});

const toCarla = { envelope: { from: DESK, to: [CARLA] }, raw };

describe('O1', () => {
  test.each<[string, SmtpOptions]>([
    ['with STARTTLS', {}],
    ['with TLS', { tls: true }],
    ['without TLS and sign-in, inside a network', { startTls: false, auth: undefined }],
    ['to a server without pipelining', { pipelining: false }],
  ])('O1: a mail is sent %s, and what the server said is told word by word', async (_how, options) => {
    const settings = await serving(options);
    const outcome = await sendMail(settings, toCarla, nothing, quick);

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
    await sendMail(settings, toCarla, commit, quick);

    expect(before).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH']);
    expect(verbs()).toEqual([...before, 'MAIL', 'RCPT', 'DATA']);
  });

  test('O1: when "handing over" cannot be committed, nothing is sent', async () => {
    const settings = await serving();
    const diskIsFull = async () => {
      throw new Error('ENOSPC');
    };

    await expect(sendMail(settings, toCarla, diskIsFull, quick)).rejects.toThrow('ENOSPC');
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
      quick,
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

      expect(await sendMail(settings, toCarla, nothing, quick)).toMatchObject({
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
      quick,
    );

    expect(outcome).toMatchObject({
      kind: 'refused',
      permanent: false,
      rejected: [{ address: 'gone@example.com' }, { address: CARLA }],
    });
  });

  test("O1: a wrong password holds the mail back, and is not the mail's fault", async () => {
    const settings = await serving();
    const outcome = await sendMail({ ...settings, password: 'wrong horse' }, toCarla, nothing, quick);

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

    expect(await sendMail(settings, { ...toCarla, raw: bytes }, nothing, quick)).toEqual({
      kind: 'unreachable',
      server: '127.0.0.1',
      reason: 'lost',
    });
    expect(smtp.mails).toEqual([]);
  });

  test('O1: a connection that breaks instead of the answer leaves it uncertain: the server has the mail', async () => {
    const settings = await serving({ dropAt: 'answer' });

    expect(await sendMail(settings, toCarla, nothing, quick)).toEqual({
      kind: 'uncertain',
      server: '127.0.0.1',
      reason: 'closed',
    });
    expect(smtp.mails).toHaveLength(1);
  });

  test('O1: an answer that never comes leaves it uncertain', async () => {
    const settings = await serving({ silent: true });

    expect(await sendMail(settings, toCarla, nothing, quick)).toEqual({
      kind: 'uncertain',
      server: '127.0.0.1',
      reason: 'timeout',
    });
  });

  test('O1: a server that is away is unreachable, and reached when it is back', async () => {
    const settings = await serving();
    await smtp.stop();
    expect(await sendMail(settings, toCarla, nothing, quick)).toEqual({
      kind: 'unreachable',
      server: '127.0.0.1',
      reason: 'no-mail-server',
    });

    await smtp.start();
    expect(await sendMail(settings, toCarla, nothing, quick)).toMatchObject({ kind: 'sent' });
  });

  test('O1: nothing is offered to a server whose certificate is not trusted', async () => {
    const settings = await serving();
    const offered = jest.fn(nothing);

    expect(await sendMail({ ...settings, trustedFingerprint: undefined }, toCarla, offered, quick)).toEqual({
      kind: 'unreachable',
      server: '127.0.0.1',
      reason: 'certificate',
    });
    expect(offered).not.toHaveBeenCalled();
  });
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
    sendMail(settings, { raw, envelope: { from: DESK, to: [CARLA, address] } }, nothing, quick),
  ).rejects.toMatchObject({ code: 'invalid' });
  await expect(
    sendMail(settings, { raw, envelope: { from: address, to: [CARLA] } }, nothing, quick),
  ).rejects.toMatchObject({ code: 'invalid' });
  expect(smtp.connections).toBe(0);
});

test('AC-32: RCPT TO is the address as it was checked', async () => {
  const settings = await serving();
  const odd = ["o'brien@example.com", 'desk+a1=b2@xn--blbr-roah.no', 'a!#$%&*/=?^_`{|}~-b@example.com'];
  await sendMail(settings, { raw, envelope: { from: DESK, to: odd } }, nothing, quick);

  expect(smtp.commands.filter((line) => line.startsWith('RCPT'))).toEqual(
    odd.map((address) => `RCPT TO:<${address}>`),
  );
});

describe('testing', () => {
  test('AC-33: a server that works tells what it is, and gets no mail', async () => {
    const settings = await serving({ size: 26_214_400 });

    expect(await testSmtp(settings, quick)).toEqual({
      ok: true,
      greeting: 'smtp.example.test ESMTP ready',
      answer: '235 Authentication successful',
      features: expect.arrayContaining(['PIPELINING', '8BITMIME', 'SIZE 26214400', 'AUTH LOGIN PLAIN']),
      sizeLimit: 26_214_400,
    });
    expect(smtp.mails).toEqual([]);
  });

  test("AC-33: after the greeting the server's own words are shown, without user name and password", async () => {
    const settings = await serving();

    expect(await testSmtp({ ...settings, password: 'wrong' }, quick)).toEqual({
      ok: false,
      stage: 'sign-in',
      code: 'refused',
      answer: '535 5.7.8 authentication failed',
    });
  });

  test('AC-33: what is not a mail server gives one and the same answer, whatever it is', async () => {
    const settings = await serving();
    const listening = (server: Server) =>
      new Promise<number>((ready) =>
        server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port)),
      );
    const silent = createTcp((socket) => socket.on('error', () => {}));
    const web = createHttp((_request, response) => response.end('secret intranet'));
    const shell = createTcp((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.9\r\n'));
    const hangsUp = createTcp((socket) => socket.end());
    const imap = createTcp((socket) => socket.on('error', () => {}).write('* OK Dovecot ready.\r\n'));
    const ports = await Promise.all([silent, web, shell, hangsUp, imap].map(listening));

    for (const port of [...ports, 9]) {
      for (const security of ['tls', 'starttls', 'none'] as const) {
        const result = await testSmtp(
          { ...settings, port, security },
          { connect: 300, greeting: 150, quiet: 300 },
        );
        expect([port, security, result]).toEqual([
          port,
          security,
          { ok: false, stage: 'connect', code: 'no-mail-server' },
        ]);
      }
    }
    web.closeAllConnections();
    for (const server of [silent, web, shell, hangsUp, imap]) server.close();
  });

  test('AC-33: a greeting that turns us away is shown', async () => {
    const settings = await serving();
    const full = createTcp((socket) => socket.end('421 4.3.2 too many connections from you\r\n'));
    await new Promise<void>((ready) => full.listen(0, '127.0.0.1', ready));
    const port = (full.address() as AddressInfo).port;

    expect(await testSmtp({ ...settings, port, security: 'none' }, quick)).toEqual({
      ok: false,
      stage: 'greeting',
      code: 'turned-away',
      answer: '421 4.3.2 too many connections from you',
    });
    full.close();
  });

  test('a certificate that nobody vouches for is refused, and its fingerprint told', async () => {
    for (const tls of [true, false]) {
      const settings = await serving({ tls });
      const refused = {
        ok: false,
        stage: 'tls',
        code: 'certificate',
        fingerprint: smtp.certificate.fingerprint,
      };

      expect(await testSmtp({ ...settings, trustedFingerprint: undefined }, quick)).toEqual(refused);
      expect(await testSmtp({ ...settings, trustedFingerprint: `${'AB:'.repeat(31)}AB` }, quick)).toEqual(
        refused,
      );
      expect(await testSmtp(settings, quick)).toMatchObject({ ok: true });
      if (tls) await smtp.stop();
    }
  });

  test('with STARTTLS required, a server without it gets no password', async () => {
    const settings = await serving({ startTls: false });

    expect(await testSmtp({ ...settings, security: 'starttls' }, quick)).toMatchObject({
      ok: false,
      stage: 'tls',
      code: 'no-starttls',
    });
  });

  test('a name that nobody has, and a plain connection to the internet, are told as that', async () => {
    const settings = await serving();

    expect(await testSmtp({ ...settings, host: 'smtp.nowhere.invalid' }, quick)).toEqual({
      ok: false,
      stage: 'resolve',
      code: 'no-such-host',
    });
    expect(await testSmtp({ ...settings, host: '93.184.216.34', security: 'none' }, quick)).toEqual({
      ok: false,
      stage: 'settings',
      code: 'plain-refused',
    });
  });
});
