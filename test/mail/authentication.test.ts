// Authentication-Results of the receiving server: whose are believed, and what they come to (AC-15, AC-19; RFC 8601).

import type { MailboxRow } from '../../server/mail';
import { readAuthResults } from '../../server/mail/auth-results';
import { serverSays } from '../../server/mail/authentication';
import { believes, learntServer } from '../../server/mail/authserv';
import { findMailboxById } from '../../server/mail/queries';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { type Letter, letter, receive } from '../support/letters';

const DAY = 86_400_000;
const MX = 'mx.firm.example';
const says = (headers: string[], from = 'carla@mail.example') =>
  serverSays(headers, from, (server) => server === MX);

test('a header is read with its comments, quotation marks and versions', () => {
  expect(
    readAuthResults(
      'MX.Firm.example 1; spf=pass (it said; "dmarc=fail") smtp.mailfrom="a b;dmarc=fail"@x.example;\tDKIM/1 = Pass reason="good; dmarc=fail" header.d=Mail.Example; nothing; =x',
    ),
  ).toEqual({
    server: MX,
    results: [
      { method: 'spf', result: 'pass', properties: { 'smtp.mailfrom': 'a_b_dmarc_fail@x.example' } },
      {
        method: 'dkim',
        result: 'pass',
        properties: { reason: 'good__dmarc_fail', 'header.d': 'Mail.Example' },
      },
    ],
  });
  expect(readAuthResults('spf=pass smtp.mailfrom=x.example; dmarc=fail')).toMatchObject({ server: '' });
  expect(readAuthResults('')).toEqual({ server: '', results: [] });
  expect(readAuthResults('mx; none')).toEqual({ server: 'mx', results: [] });
});

test('AC-27: 64 kB of anything is read at once', () => {
  for (const piece of ['(', '"', ';', '\\', '=', 'a=b ', '; x=y', ' ']) {
    const begun = performance.now();
    readAuthResults(piece.repeat(64_000 / piece.length));
    expect(performance.now() - begun).toBeLessThan(1_000);
  }
});

describe('AC-15: what the receiving server says', () => {
  test.each([
    ['nothing', [], 'unverified'],
    ['DMARC passed', [`${MX}; dmarc=pass header.from=mail.example`], 'verified'],
    ['DMARC passed, without saying for whom', [`${MX}; dmarc=pass`], 'verified'],
    ['DMARC passed for the domain above', [`${MX}; dmarc=pass header.from=example`], 'unverified'],
    ['DMARC passed for another author', [`${MX}; dmarc=pass header.from=evil.example`], 'unverified'],
    ['DMARC failed', [`${MX}; spf=pass; dkim=pass; dmarc=fail header.from=mail.example`], 'failed'],
    ['DMARC could not be asked', [`${MX}; dkim=pass header.d=mail.example; dmarc=temperror`], 'unverified'],
    [
      'no policy, a signature of their own',
      [`${MX}; dkim=pass header.d=mail.example; dmarc=none`],
      'verified',
    ],
    ['no policy, an identity of their own', [`${MX}; dkim=pass header.i=@mail.example`], 'verified'],
    ['no policy, a stranger’s signature', [`${MX}; dkim=pass header.d=evil.example`], 'unverified'],
    ['no policy, a signature of a domain below', [`${MX}; dkim=pass header.d=x.mail.example`], 'unverified'],
    ['no policy, a signature that failed', [`${MX}; dkim=fail header.d=mail.example`], 'unverified'],
    ['no policy, their own host', [`${MX}; spf=pass smtp.mailfrom=b@mail.example`], 'verified'],
    [
      'no policy, a stranger’s host',
      [`${MX}; spf=pass smtp.mailfrom=mail.example@evil.example`],
      'unverified',
    ],
    ['their own host said in a comment', [`${MX}; spf=pass (smtp.mailfrom=mail.example)`], 'unverified'],
    ['another server', ['mx.evil.example; dmarc=pass header.from=mail.example'], 'unverified'],
    ['another server a failure', ['mx.evil.example; dmarc=fail header.from=mail.example'], 'unverified'],
    ['another server above ours', ['scanner.example; dmarc=fail', `${MX}; dmarc=pass`], 'verified'],
    [
      'a pass beneath that a stranger wrote in its name',
      [`${MX}; spf=pass smtp.mailfrom=evil.example`, `${MX}; dmarc=pass`],
      'unverified',
    ],
    ['a failure in two steps', [`${MX}; dkim=pass header.d=mail.example`, `${MX}; dmarc=fail`], 'failed'],
    [
      'a failure beneath that a stranger wrote in its name',
      [`${MX}; dmarc=pass`, `${MX}; dmarc=fail`],
      'verified',
    ],
    ['a failure above a forged pass', [`${MX}; dmarc=fail`, `${MX}; dmarc=pass`], 'failed'],
  ] as const)('%s', (_, headers, verdict) => {
    expect(says([...headers]).verdict).toBe(verdict);
  });

  test('what is kept is short words, whatever stands there', () => {
    expect(
      says([
        `${MX}; spf=<script> smtp.mailfrom=a; dkim=fail; dkim=pass header.d=mail.example; dmarc=pass; x=pass`,
      ]),
    ).toEqual({
      verdict: 'verified',
      by: 'server',
      server: MX,
      results: { dkim: 'pass', dmarc: 'pass' },
      domain: 'mail.example',
    });
  });
});

describe('whose results a mailbox believes', () => {
  let desk: Desk;
  let support: MailboxRow;
  beforeEach(() => {
    desk = openDesk();
    support = desk.mailbox('support@firm.example', { imap: { host: 'imap.host.example', port: 993 } });
  });
  afterEach(() => desk.close());

  const now = () => findMailboxById(desk.app.db, support.id) as MailboxRow;
  const arrives = (given: Letter) => receive(desk, letter(given), support);
  const verdict = (given: Letter) => factsOf(arrives(given).message).authentication?.verdict;
  const set = (column: string, value: string | number | null) =>
    desk.app.db.tx(() =>
      desk.app.db.sql.prepare(`UPDATE mailboxes SET ${column} = ? WHERE id = ?`).run(value, support.id),
    );

  test.each([
    ['mx1.host.example', true],
    ['host.example', true],
    ['mail.firm.example', true],
    ['imap.host.example', true],
    ['nothost.example', false],
    ['example', false],
    ['evil.example', false],
    ['', false],
  ])('without any setting: %p is its own: %p', (server, expected) => {
    expect(believes(now(), server)).toBe(expected);
  });

  test.each([
    ['imap.gmail.com', 'mx.google.com', true],
    ['imap.gmail.com', 'mx.gmail.com', false],
    ['firm.co.example', 'evil.co.example', false],
    ['10.0.0.5', '11.0.0.5', false],
  ])('at %p the server %p is its own: %p', (host, server, expected) => {
    const mailbox = desk.mailbox(`x@${host}.test`, { imap: { host, port: 993 } });
    expect(believes(mailbox, server)).toBe(expected);
  });

  test('a server that has stood on top of every mail for days is learnt, and then believed', () => {
    const authenticationResults = ['mx7.hoster.example; dmarc=pass'];
    const byOther = ['mx8.hoster.example; dmarc=pass'];
    for (let mail = 0; mail < 19; mail++) {
      expect(verdict({ authenticationResults: mail % 2 ? byOther : authenticationResults })).toBe(
        'unverified',
      );
      if (mail % 8 === 0) desk.clock.pass(DAY);
    }
    expect(learntServer(now())).toBeUndefined();
    arrives({ authenticationResults });
    expect(learntServer(now())).toBe('hoster.example');

    expect(verdict({ authenticationResults })).toBe('verified');
    expect(verdict({ authenticationResults: ['mx.evil.example; dmarc=fail'] })).toBe('unverified');
    expect(learntServer(now())).toBe('hoster.example');
  });

  test('AC-15: nobody teaches it in one night, and a mail without the name begins anew', () => {
    const authenticationResults = ['mx.evil.example; dmarc=pass'];
    for (let mail = 0; mail < 60; mail++) arrives({ authenticationResults });
    expect(learntServer(now())).toBeUndefined();
    desk.clock.pass(3 * DAY);
    arrives({});
    for (let mail = 0; mail < 10; mail++) arrives({ authenticationResults });
    expect(learntServer(now())).toBeUndefined();
    expect(verdict({ authenticationResults })).toBe('unverified');
  });

  test('AC-15, AC-19: once a server is named, results in any other name are ignored, good and bad', () => {
    set('authserv_id', 'mx.named.example');

    expect(verdict({ authenticationResults: ['mx.named.example; dmarc=pass'] })).toBe('verified');
    expect(verdict({ authenticationResults: ['mx.host.example; dmarc=pass'] })).toBe('unverified');
    expect(verdict({ authenticationResults: ['mx.host.example; dmarc=fail'] })).toBe('unverified');
    expect(
      verdict({ authenticationResults: ['evil.example; dmarc=pass', 'mx.named.example; dmarc=fail'] }),
    ).toBe('failed');
  });

  test('a mailbox that has nobody look says nothing, and nothing fails', () => {
    set('authentication', 'none');
    const { ticket, message } = arrives({
      messageId: 'one@mail.example',
      authenticationResults: ['mx.host.example; dmarc=fail'],
    });

    expect(factsOf(message).authentication).toBeUndefined();
    const answer = arrives({
      inReplyTo: ['one@mail.example'],
      authenticationResults: ['mx.host.example; dmarc=fail'],
    });
    expect(answer.ticket.id).toBe(ticket.id);
  });

  test('M9: that a form’s mail is the form’s says nothing about the person it names', () => {
    set('authserv_id', 'mx.named.example');
    const given = {
      authenticationResults: ['mx.named.example; dmarc=pass'],
      formSender: true,
      automatic: 'auto-submitted' as const,
    };
    const { message } = arrives({
      ...given,
      from: 'form@firm.example',
      replyTo: ['Dora <dora@mail.example>'],
    });

    expect(factsOf(message).authentication).toMatchObject({ verdict: 'unverified', domain: 'firm.example' });
  });
});

test('AC-15, C8: a mail that its domain disowns proves nobody’s address, and takes no chat’s place', () => {
  const desk = openDesk();
  const failed = letter({ from: 'Vic <vic@mail.example>', authenticationResults: ['mx; dmarc=fail'] });
  const { ticket } = receive(desk, failed);

  expect(desk.rows('SELECT verified_at FROM customer_addresses')).toEqual([{ verified_at: null }]);
  const genuine = receive(desk, letter({ from: 'Vic <vic@mail.example>' }));
  expect(genuine.ticket.customer_id).not.toBe(ticket.customer_id);
  return desk.close();
});
