// Testing a mailbox: what the server says is told, what is not a mail server says nothing, and no certificate is taken on trust.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type ImapSettings, testImap } from '../../server/mail/imap';
import { signedByAuthority } from '../support/certificates';
import { startDovecot } from '../support/dovecot';
import { mail, QUICK, useDesks } from '../support/imap-desks';
import { startOddImap } from '../support/odd-imap';

const desks = useDesks();

test('AC-33: a mailbox that works tells what the server is', async () => {
  const settings = desks.desk();
  desks.dovecot.deliver(settings.user, mail('one'));
  desks.dovecot.deliver(settings.user, mail('two'), 'Archive');
  const working = { ok: true, greeting: 'Dovecot (Debian) ready.', messages: 1 };

  const viaStartTls = await testImap(settings, QUICK);
  const viaTls = await testImap({ ...settings, security: 'tls', port: desks.dovecot.tlsPort }, QUICK);
  const plain = await testImap({ ...settings, security: 'none' }, QUICK);

  for (const result of [viaStartTls, viaTls, plain]) {
    expect(result).toMatchObject(working);
    expect(result).toMatchObject({
      folders: expect.arrayContaining(['INBOX', 'Archive']),
      capabilities: expect.arrayContaining(['IDLE']),
    });
  }
  expect(desks.dovecot.flags(settings.user)).toEqual(['']);
});

test("AC-33: after the greeting the server's own words are shown", async () => {
  const settings = desks.desk();

  expect(await testImap({ ...settings, password: 'wrong' }, QUICK)).toEqual({
    ok: false,
    stage: 'sign-in',
    code: 'refused',
    answer: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
  });
  expect(await testImap({ ...settings, folder: 'Støtte' }, QUICK)).toMatchObject({
    stage: 'folder',
    code: 'refused',
    answer: expect.stringMatching(/^NO .*doesn't exist/),
  });
});

test('AC-33: what is not a mail server gives one and the same answer, whatever it is', async () => {
  const listening = (server: Server) =>
    new Promise<number>((ready) =>
      server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port)),
    );
  const silent = createTcp((socket) => socket.on('error', () => {}));
  const web = createHttp((_request, response) => response.end('secret intranet'));
  const shell = createTcp((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.9\r\n'));
  const hangsUp = createTcp((socket) => socket.end());
  const sends = createTcp((socket) => socket.on('error', () => {}).write('220 smtp.example.com ESMTP\r\n'));
  const ports = await Promise.all([silent, web, shell, hangsUp, sends].map(listening));

  for (const port of [...ports, 9]) {
    for (const security of ['tls', 'starttls', 'none'] as const) {
      const result = await testImap(
        { ...desks.desk(), host: '127.0.0.1', port, security, user: 'desk' },
        { ...QUICK, greeting: 150, connect: 300 },
      );
      expect([port, security, result]).toEqual([
        port,
        security,
        { ok: false, stage: 'connect', code: 'no-mail-server' },
      ]);
    }
  }
  web.closeAllConnections();
  for (const server of [silent, web, shell, hangsUp, sends]) server.close();
}, 30_000);

test('AC-33: a greeting that turns us away is shown', async () => {
  const odd = await startOddImap({ greeting: '* BYE too many connections from you' });
  const settings: ImapSettings = { ...desks.desk(), port: odd.port, security: 'none' };

  expect(await testImap(settings, QUICK)).toEqual({
    ok: false,
    stage: 'greeting',
    code: 'turned-away',
    answer: 'BYE too many connections from you',
  });
  await odd.stop();
});

test('a name that nobody has is told as that', async () => {
  expect(await testImap({ ...desks.desk(), host: 'imap.nowhere.invalid' }, QUICK)).toEqual({
    ok: false,
    stage: 'resolve',
    code: 'no-such-host',
  });
});

test('user name and password never come back in an answer', async () => {
  const odd = await startOddImap({
    answer: (said) => (/^LOGIN/.test(said) ? `NO ${said} failed` : undefined),
  });
  const settings: ImapSettings = { ...desks.desk(), port: odd.port, security: 'none' };
  const result = await testImap(settings, QUICK);

  expect(result).toMatchObject({ stage: 'sign-in', code: 'refused' });
  expect(JSON.stringify(result)).not.toContain(settings.user);
  expect(JSON.stringify(result)).not.toContain(settings.password);
  await odd.stop();
});
test('a certificate that nobody vouches for is refused, and its fingerprint told, before anything secret is said', async () => {
  for (const where of [
    { security: 'tls', port: desks.dovecot.tlsPort },
    { security: 'starttls', port: desks.dovecot.port },
  ] as const) {
    const settings = { ...desks.desk(), ...where };
    const refused = {
      ok: false,
      stage: 'tls',
      code: 'certificate',
      fingerprint: desks.dovecot.certificate.fingerprint,
    };

    expect(await testImap({ ...settings, trustedFingerprint: undefined }, QUICK)).toEqual(refused);
    expect(await testImap({ ...settings, trustedFingerprint: `${'AB:'.repeat(31)}AB` }, QUICK)).toEqual(
      refused,
    );
    expect(
      await testImap(
        {
          ...settings,
          trustedFingerprint: desks.dovecot.certificate.fingerprint.replaceAll(':', '').toLowerCase(),
        },
        QUICK,
      ),
    ).toMatchObject({ ok: true });
  }
});

test('a certificate of a trusted authority needs nothing more, for its own host name only', async () => {
  const certificate = signedByAuthority();
  const server = await startDovecot({ certificate });
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, certificate.authority]);
  const settings: ImapSettings = {
    ...desks.desk(server),
    host: 'localhost',
    security: 'tls',
    port: server.tlsPort,
    trustedFingerprint: undefined,
  };

  expect(await testImap(settings, QUICK)).toMatchObject({ ok: true });
  expect(await testImap({ ...settings, host: '127.0.0.2' }, QUICK)).toMatchObject({ ok: false });
  setDefaultCACertificates(usual);
  expect(await testImap(settings, QUICK)).toMatchObject({ stage: 'tls', code: 'certificate' });
  await server.remove();
});

test('with STARTTLS required, a server without it gets no password', async () => {
  const odd = await startOddImap();
  const settings: ImapSettings = { ...desks.desk(), port: odd.port, security: 'starttls' };

  expect(await testImap(settings, QUICK)).toEqual({ ok: false, stage: 'tls', code: 'no-starttls' });
  expect(odd.said).not.toContain('LOGIN');
  await odd.stop();
});

test('no plain connection goes out to the internet', async () => {
  const plain: ImapSettings = { ...desks.desk(), security: 'none' };

  expect(await testImap({ ...plain, host: '93.184.216.34' }, QUICK)).toEqual({
    ok: false,
    stage: 'settings',
    code: 'plain-refused',
  });
  expect(await testImap({ ...plain, host: 'localhost' }, QUICK)).toMatchObject({ ok: true });
});
