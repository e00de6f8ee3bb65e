// Reading mailboxes, against a real Dovecot.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Imap, type ImapSettings, openImap, testImap } from '../../server/mail/imap';
import { type Cursor, type FetchedMail, fetchSince, firstCursor } from '../../server/mail/imap-fetch';
import { idle } from '../../server/mail/imap-idle';
import { signedByAuthority } from '../support/certificates';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { type OddImap, type OddOptions, startOddImap } from '../support/odd-imap';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const quick = { connect: 1_500, greeting: 400, quiet: 3_000 };
const mail = (subject: string, body = 'Hello') =>
  `From: carla@example.com\r\nSubject: ${subject}\r\n\r\n${body}\r\n`;
const subjects = (mails: FetchedMail[]) =>
  mails.map(({ raw }) => /Subject: (.*)\r/.exec(raw.toString())?.[1]);

let dovecot: Dovecot;
let open: Imap[];
beforeAll(async () => {
  dovecot = await startDovecot({
    users: Array.from({ length: 80 }, (_, i) => ({
      user: `desk${i}@example.test`,
      password: 'correct horse',
    })),
  });
});
afterAll(() => dovecot.remove());
beforeEach(() => {
  open = [];
});
afterEach(() => Promise.all(open.map((imap) => imap.close())));

let users = 0;
/** A mailbox of its own for each test. */
function desk(server: Dovecot = dovecot): ImapSettings {
  const user = server === dovecot ? `desk${users++}@example.test` : server.user;
  const { host, port } = server;
  return {
    host,
    port,
    security: 'starttls',
    user,
    password: 'correct horse',
    trustedFingerprint: server.certificate.fingerprint,
  };
}

async function connected(settings: ImapSettings): Promise<Imap> {
  const opened = await openImap(settings, quick);
  if (!opened.ok) throw new Error(JSON.stringify(opened));
  open.push(opened.imap);
  return opened.imap;
}

async function fetchAll(imap: Imap, cursor: Cursor, maxBytes?: number) {
  const mails: FetchedMail[] = [];
  const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one), maxBytes);
  return { mails, end };
}

const cursorOf = async (imap: Imap, days = 0) =>
  (await firstCursor(imap, 'INBOX', days, Date.now())) as Cursor;

describe('M1', () => {
  test('M1: every new mail comes whole and in order, and its flags stay as they were', async () => {
    const settings = desk();
    const imap = await connected(settings);
    const before = await cursorOf(imap);
    const eightBit = Buffer.from('Subject: three\r\n\r\n\xe6\xf8\xe5 end\r\n', 'latin1');
    dovecot.deliver(settings.user, mail('one'));
    dovecot.deliver(settings.user, mail('two'));
    dovecot.deliver(settings.user, eightBit);

    const { mails, end } = await fetchAll(imap, before);

    expect(subjects(mails)).toEqual(['one', 'two', 'three']);
    expect(mails[2]?.raw.equals(eightBit)).toBe(true);
    expect(mails.map(({ uid }) => uid)).toEqual([1, 2, 3]);
    expect(mails[0]?.arrivedAt).toBeGreaterThan(Date.now() - HOUR);
    expect(end).toEqual({ kind: 'done', cursor: { ...before, lastUid: 3 }, fetched: 3 });
    expect(dovecot.flags(settings.user)).toEqual(['', '', '']);
  });

  test('M1: mails that somebody has read elsewhere are fetched all the same', async () => {
    const settings = desk();
    const imap = await connected(settings);
    const before = await cursorOf(imap);
    dovecot.deliver(settings.user, mail('read on the phone'));
    await imap.client.mailboxOpen('INBOX');
    await imap.client.messageFlagsAdd('1:*', ['\\Seen']);

    const { mails } = await fetchAll(imap, before);

    expect(subjects(mails)).toEqual(['read on the phone']);
    expect(dovecot.flags(settings.user)).toEqual(['S']);
  });

  test('M1: after a week of downtime everything is there, in many batches', async () => {
    const settings = desk();
    const first = await connected(settings);
    dovecot.deliver(settings.user, mail('before'));
    const { end } = await fetchAll(first, await cursorOf(first));
    await first.close();
    for (let i = 0; i < 230; i++)
      dovecot.deliver(settings.user, mail(`while away ${i}`, 'x'.repeat(i % 50 === 0 ? 900_000 : 50)));

    const { mails } = await fetchAll(await connected(settings), (end as { cursor: Cursor }).cursor);

    expect(subjects(mails)).toEqual(Array.from({ length: 230 }, (_, i) => `while away ${i}`));
  });

  test('M1: nothing new gives nothing, not the last mail again', async () => {
    const settings = desk();
    const imap = await connected(settings);
    dovecot.deliver(settings.user, mail('one'));
    const { end } = await fetchAll(imap, { ...(await cursorOf(imap)), lastUid: 0 });

    expect(await fetchAll(imap, (end as { cursor: Cursor }).cursor)).toEqual({
      mails: [],
      end: { ...end, fetched: 0 },
    });
    expect(await fetchAll(imap, { ...(end as { cursor: Cursor }).cursor, lastUid: 99 })).toMatchObject({
      mails: [],
    });
  });

  test('M1: another UIDVALIDITY is told, and nothing is fetched under the old numbers', async () => {
    const server = await startDovecot();
    const settings = desk(server);
    const imap = await connected(settings);
    server.deliver(settings.user, mail('one'));
    server.deliver(settings.user, mail('two'));
    const { end } = await fetchAll(imap, { ...(await cursorOf(imap)), lastUid: 0 });
    const before = (end as { cursor: Cursor }).cursor;
    await server.changeUidValidity(settings.user);

    const again = await connected(settings);
    const renumbered = await fetchAll(again, before);

    expect(renumbered.mails).toEqual([]);
    expect(renumbered.end).toEqual({
      kind: 'renumbered',
      cursor: { uidValidity: before.uidValidity + 1000, lastUid: 0 },
      messages: 2,
    });
    const { mails } = await fetchAll(again, (renumbered.end as { cursor: Cursor }).cursor);
    expect(subjects(mails)).toEqual(['one', 'two']);
    await server.remove();
  });

  test('M1: the next mail is fetched when the last one is safe, and none is taken after a failure', async () => {
    const settings = desk();
    const imap = await connected(settings);
    const before = await cursorOf(imap);
    for (const subject of ['one', 'two', 'three']) dovecot.deliver(settings.user, mail(subject));
    const taken: string[] = [];
    const diskIsFull = fetchSince(imap, 'INBOX', before, async ({ raw }) => {
      taken.push('starts');
      await new Promise((resolve) => setImmediate(resolve));
      if (raw.includes('two')) throw new Error('ENOSPC');
      taken.push('ends');
    });

    await expect(diskIsFull).rejects.toThrow('ENOSPC');
    expect(taken).toEqual(['starts', 'ends', 'starts']);
    const { mails } = await fetchAll(imap, { ...before, lastUid: 1 });
    expect(subjects(mails)).toEqual(['two', 'three']);
  });

  test('M1: a lost connection is a value, with the cursor that was reached', async () => {
    const server = await startDovecot();
    const settings = desk(server);
    const imap = await connected(settings);
    const before = await cursorOf(imap);
    for (let i = 0; i < 60; i++) server.deliver(settings.user, mail(`${i}`));
    const mails: FetchedMail[] = [];
    const end = await fetchSince(imap, 'INBOX', before, async (one) => {
      mails.push(one);
      if (mails.length === 50) await server.stop();
    });

    expect(end).toEqual({ kind: 'lost', cursor: { ...before, lastUid: 50 } });
    await imap.gone;
    expect(await fetchAll(imap, before)).toMatchObject({ mails: [], end: { kind: 'lost' } });
    expect(await openImap(settings, quick)).toMatchObject({ ok: false, code: 'no-mail-server' });
    await server.start();
    const { mails: rest } = await fetchAll(await connected(settings), { ...before, lastUid: 50 });
    expect(rest).toHaveLength(10);
    await server.remove();
  });

  test('M1: a mail that was deleted meanwhile leaves no gap in the others', async () => {
    const settings = desk();
    const imap = await connected(settings);
    const before = await cursorOf(imap);
    for (const subject of ['one', 'two', 'three']) dovecot.deliver(settings.user, mail(subject));
    await imap.client.mailboxOpen('INBOX');
    await imap.client.messageDelete('2', { uid: true });

    const { mails, end } = await fetchAll(imap, before);

    expect(subjects(mails)).toEqual(['one', 'three']);
    expect(end).toMatchObject({ kind: 'done', fetched: 2, cursor: { lastUid: 3 } });
  });

  test('M1: a server without IDLE, ESEARCH and CONDSTORE is read, and asked again and again', async () => {
    const plain = await startDovecot({ capability: 'IMAP4rev1' });
    const settings = desk(plain);
    const imap = await connected(settings);
    expect(imap.capabilities).toEqual(['IMAP4rev1']);
    let cursor = await cursorOf(imap, 3);
    const mails: FetchedMail[] = [];
    const stop = new AbortController();
    const waiting = idle(
      imap,
      async () => {
        const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one));
        if (end.kind === 'done') cursor = end.cursor;
        if (mails.length === 2) stop.abort();
      },
      stop.signal,
      { poll: 100, check: 60_000 },
    );
    plain.deliver(settings.user, mail('one'));
    plain.deliver(settings.user, mail('two'));

    expect(await waiting).toBe('stopped');
    expect(subjects(mails)).toEqual(['one', 'two']);
    await imap.close();
    await plain.remove();
  });

  test('M1: with IDLE a new mail is announced at once', async () => {
    const settings = desk();
    const imap = await connected(settings);
    let cursor = await cursorOf(imap);
    const mails: FetchedMail[] = [];
    const stop = new AbortController();
    const news = async () => {
      const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one));
      if (end.kind === 'done') cursor = end.cursor;
      if (mails.length === 1) dovecot.deliver(settings.user, mail('two'));
      if (mails.length === 2) stop.abort();
    };
    await news();
    const waiting = idle(imap, news, stop.signal, { poll: 60_000, check: 60_000 });
    dovecot.deliver(settings.user, mail('one'));

    expect(await waiting).toBe('stopped');
    expect(subjects(mails)).toEqual(['one', 'two']);
  });

  test('M1: a connection that breaks while it waits ends the waiting', async () => {
    const server = await startDovecot();
    const imap = await connected(desk(server));
    await cursorOf(imap);
    const waiting = idle(imap, async () => {}, new AbortController().signal);
    await server.stop();

    expect(await waiting).toBe('lost');
    await server.remove();
  });

  test("M1: a folder that does not exist is the server's no, and the connection lives on", async () => {
    const settings = desk();
    const imap = await connected(settings);
    const end = await fetchSince(imap, 'Nowhere', { uidValidity: 1, lastUid: 0 }, async () => {});

    expect(end).toMatchObject({
      kind: 'refused',
      answer: expect.stringContaining("Mailbox doesn't exist: Nowhere"),
    });
    expect(await fetchAll(imap, await cursorOf(imap))).toMatchObject({ end: { kind: 'done' } });
  });
});

describe('M1: strange servers', () => {
  let odd: OddImap;
  const at = (options: OddOptions) => async (): Promise<Imap> => {
    odd = await startOddImap(options);
    return connected({
      host: '127.0.0.1',
      port: odd.port,
      security: 'none',
      user: 'desk',
      password: 'correct horse',
    });
  };
  afterEach(() => odd.stop());
  const three = [1, 2, 3].map((uid) => ({ uid, raw: mail(`${uid}`) }));

  test('M1: one that refuses to give a single mail loses only that one, and says which', async () => {
    const imap = await at({
      mails: three,
      answer: (said) => (/FETCH (1,2,3|2) .*BODY/.test(said) ? 'NO cannot convert' : undefined),
    })();
    const { mails, end } = await fetchAll(imap, { uidValidity: 7, lastUid: 0 });

    expect(mails.map(({ uid, missing }) => [uid, missing])).toEqual([
      [1, undefined],
      [2, 'unreadable'],
      [3, undefined],
    ]);
    expect(end).toMatchObject({ kind: 'done', cursor: { lastUid: 3 } });
  });

  test('M1: one that knows neither UIDNEXT nor IDLE nor search results is read from where we are', async () => {
    const imap = await at({
      mails: three,
      answer: (said) => (/SEARCH/.test(said) ? 'BAD what' : undefined),
    })();

    expect(await cursorOf(imap)).toEqual({ uidValidity: 7, lastUid: 3 });
    expect(await cursorOf(imap, 30)).toEqual({ uidValidity: 7, lastUid: 0 });
    expect(odd.said.filter((command) => /SELECT|STORE|BODY\[/.test(command))).toEqual([]);
  });

  test('M1: one that offers IDLE and refuses it is asked from time to time instead', async () => {
    const imap = await at({ mails: three, capability: 'IMAP4rev1 IDLE' })();
    await cursorOf(imap);
    const stop = new AbortController();
    const news = jest.fn(async () => stop.abort());

    expect(await idle(imap, news, stop.signal, { poll: 50, check: 60_000 })).toBe('stopped');
    expect(news).toHaveBeenCalledTimes(1);
    expect(odd.said.filter((command) => command === 'IDLE')).toHaveLength(1);
  });

  test('M1: one that drops us in the middle of a mail gives no half mail', async () => {
    const imap = await at({
      mails: three,
      answer: (said) => (/BODY.PEEK/.test(said) ? 'drop' : undefined),
    })();

    expect(await fetchAll(imap, { uidValidity: 7, lastUid: 0 })).toEqual({
      mails: [],
      end: { kind: 'lost', cursor: { uidValidity: 7, lastUid: 0 } },
    });
  });
});

test('AC-25: a mail over the limit is measured first and comes as headers only', async () => {
  const settings = desk();
  const imap = await connected(settings);
  const before = await cursorOf(imap);
  dovecot.deliver(settings.user, mail('small'));
  dovecot.deliver(settings.user, mail('huge', 'x'.repeat(200_000)));
  dovecot.deliver(settings.user, mail('after'));

  const { mails } = await fetchAll(imap, before, 100_000);

  expect(subjects(mails)).toEqual(['small', 'huge', 'after']);
  expect(mails.map(({ missing }) => missing)).toEqual([undefined, 'too-big', undefined]);
  expect(mails[1]?.raw.length).toBeLessThan(100);
  expect(mails[1]?.size).toBeGreaterThan(200_000);
});

test('M5: a new mailbox begins now, or with the mails of the last days', async () => {
  const settings = desk();
  const imap = await connected(settings);
  await imap.client.append('INBOX', mail('old'), [], new Date(Date.now() - 40 * DAY));
  await imap.client.append('INBOX', mail('last week'), [], new Date(Date.now() - 5 * DAY));
  await imap.client.append('INBOX', mail('today'), []);

  expect(await cursorOf(imap)).toMatchObject({ lastUid: 3 });
  expect(subjects((await fetchAll(imap, await cursorOf(imap, 10))).mails)).toEqual(['last week', 'today']);
  expect(subjects((await fetchAll(imap, await cursorOf(imap, 90))).mails)).toEqual([
    'old',
    'last week',
    'today',
  ]);
});

describe('testing a mailbox', () => {
  test('AC-33: a mailbox that works tells what the server is', async () => {
    const settings = desk();
    dovecot.deliver(settings.user, mail('one'));
    dovecot.deliver(settings.user, mail('two'), 'Archive');
    const working = { ok: true, greeting: 'Dovecot (Debian) ready.', messages: 1 };

    const viaStartTls = await testImap(settings, quick);
    const viaTls = await testImap({ ...settings, security: 'tls', port: dovecot.tlsPort }, quick);
    const plain = await testImap({ ...settings, security: 'none' }, quick);

    for (const result of [viaStartTls, viaTls, plain]) {
      expect(result).toMatchObject(working);
      expect(result).toMatchObject({
        folders: expect.arrayContaining(['INBOX', 'Archive']),
        capabilities: expect.arrayContaining(['IDLE']),
      });
    }
    expect(dovecot.flags(settings.user)).toEqual(['']);
  });

  test("AC-33: after the greeting the server's own words are shown", async () => {
    const settings = desk();

    expect(await testImap({ ...settings, password: 'wrong' }, quick)).toEqual({
      ok: false,
      stage: 'sign-in',
      code: 'refused',
      answer: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
    });
    expect(await testImap({ ...settings, folder: 'Støtte' }, quick)).toMatchObject({
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
          { ...desk(), host: '127.0.0.1', port, security, user: 'desk' },
          { ...quick, greeting: 150, connect: 300 },
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
    const settings: ImapSettings = { ...desk(), port: odd.port, security: 'none' };

    expect(await testImap(settings, quick)).toEqual({
      ok: false,
      stage: 'greeting',
      code: 'turned-away',
      answer: 'BYE too many connections from you',
    });
    await odd.stop();
  });

  test('a name that nobody has is told as that', async () => {
    expect(await testImap({ ...desk(), host: 'imap.nowhere.invalid' }, quick)).toEqual({
      ok: false,
      stage: 'resolve',
      code: 'no-such-host',
    });
  });

  test('user name and password never come back in an answer', async () => {
    const odd = await startOddImap({
      answer: (said) => (/^LOGIN/.test(said) ? `NO ${said} failed` : undefined),
    });
    const settings: ImapSettings = { ...desk(), port: odd.port, security: 'none' };
    const result = await testImap(settings, quick);

    expect(result).toMatchObject({ stage: 'sign-in', code: 'refused' });
    expect(JSON.stringify(result)).not.toContain(settings.user);
    expect(JSON.stringify(result)).not.toContain(settings.password);
    await odd.stop();
  });
});

describe('certificates', () => {
  test('a certificate that nobody vouches for is refused, and its fingerprint told, before anything secret is said', async () => {
    for (const where of [
      { security: 'tls', port: dovecot.tlsPort },
      { security: 'starttls', port: dovecot.port },
    ] as const) {
      const settings = { ...desk(), ...where };
      const refused = {
        ok: false,
        stage: 'tls',
        code: 'certificate',
        fingerprint: dovecot.certificate.fingerprint,
      };

      expect(await testImap({ ...settings, trustedFingerprint: undefined }, quick)).toEqual(refused);
      expect(await testImap({ ...settings, trustedFingerprint: `${'AB:'.repeat(31)}AB` }, quick)).toEqual(
        refused,
      );
      expect(
        await testImap(
          {
            ...settings,
            trustedFingerprint: dovecot.certificate.fingerprint.replaceAll(':', '').toLowerCase(),
          },
          quick,
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
      ...desk(server),
      host: 'localhost',
      security: 'tls',
      port: server.tlsPort,
      trustedFingerprint: undefined,
    };

    expect(await testImap(settings, quick)).toMatchObject({ ok: true });
    expect(await testImap({ ...settings, host: '127.0.0.2' }, quick)).toMatchObject({ ok: false });
    setDefaultCACertificates(usual);
    expect(await testImap(settings, quick)).toMatchObject({ stage: 'tls', code: 'certificate' });
    await server.remove();
  });

  test('with STARTTLS required, a server without it gets no password', async () => {
    const odd = await startOddImap();
    const settings: ImapSettings = { ...desk(), port: odd.port, security: 'starttls' };

    expect(await testImap(settings, quick)).toEqual({ ok: false, stage: 'tls', code: 'no-starttls' });
    expect(odd.said).not.toContain('LOGIN');
    await odd.stop();
  });

  test('no plain connection goes out to the internet', async () => {
    const plain: ImapSettings = { ...desk(), security: 'none' };

    expect(await testImap({ ...plain, host: '93.184.216.34' }, quick)).toEqual({
      ok: false,
      stage: 'settings',
      code: 'plain-refused',
    });
    expect(await testImap({ ...plain, host: 'localhost' }, quick)).toMatchObject({ ok: true });
  });
});
