// Testing an SMTP server: what it says is told, and what is not a mail server says nothing.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { type SmtpSettings, testSmtp } from '../../server/mail/smtp';
import { type Smtp, type SmtpOptions, startSmtp } from '../support/smtp';
import { DESK, PASSWORD, QUICK, settingsFor } from '../support/smtp-settings';

let smtp: Smtp;
afterEach(() => smtp.stop());

async function serving(options: SmtpOptions = {}): Promise<SmtpSettings> {
  smtp = await startSmtp({ auth: { user: DESK, password: PASSWORD }, ...options });
  return settingsFor(smtp);
}

test('AC-33: a server that works tells what it is, and gets no mail', async () => {
  const settings = await serving({ size: 26_214_400 });

  expect(await testSmtp(settings, QUICK)).toEqual({
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

  expect(await testSmtp({ ...settings, password: 'wrong' }, QUICK)).toEqual({
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

  expect(await testSmtp({ ...settings, port, security: 'none' }, QUICK)).toEqual({
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

    expect(await testSmtp({ ...settings, trustedFingerprint: undefined }, QUICK)).toEqual(refused);
    expect(await testSmtp({ ...settings, trustedFingerprint: `${'AB:'.repeat(31)}AB` }, QUICK)).toEqual(
      refused,
    );
    expect(await testSmtp(settings, QUICK)).toMatchObject({ ok: true });
    if (tls) await smtp.stop();
  }
});

test('with STARTTLS required, a server without it gets no password', async () => {
  const settings = await serving({ startTls: false });

  expect(await testSmtp({ ...settings, security: 'starttls' }, QUICK)).toMatchObject({
    ok: false,
    stage: 'tls',
    code: 'no-starttls',
  });
});

test('a name that nobody has, and a plain connection to the internet, are told as that', async () => {
  const settings = await serving();

  expect(await testSmtp({ ...settings, host: 'smtp.nowhere.invalid' }, QUICK)).toEqual({
    ok: false,
    stage: 'resolve',
    code: 'no-such-host',
  });
  expect(await testSmtp({ ...settings, host: '93.184.216.34', security: 'none' }, QUICK)).toEqual({
    ok: false,
    stage: 'settings',
    code: 'plain-refused',
  });
});
