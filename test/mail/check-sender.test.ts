// Our own sender checks, by a real worker, of mails that were really signed; names are answered by the test (AC-15).
import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import { deliver, localMailbox, type MailboxRow } from '../../server/mail';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** What the world says; `hang` names are never answered. */
let zone: Record<string, unknown[]>;
let broken: Set<string>;
let asked: string[];
let desk: Desk;
let support: MailboxRow;

const missing = () => Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });

beforeEach(() => {
  asked = [];
  broken = new Set();
  zone = {
    's1._domainkey.mail.example TXT': [[`v=DKIM1; k=rsa; p=${publicKey}`]],
    's1._domainkey.evil.example TXT': [[`v=DKIM1; k=rsa; p=${publicKey}`]],
    '_dmarc.mail.example TXT': [['v=DMARC1; p=reject']],
    'mail.example TXT': [['v=spf1 ip4:192.0.2.0/24 ip4:93.184.216.34 -all']],
    'evil.example TXT': [['v=spf1 ip4:8.8.8.8 -all']],
  };
  desk = openDesk({
    hooks: {
      askDns: async (name, kind) => {
        asked.push(`${name} ${kind}`);
        if (broken.has(name)) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' });
        const answers = zone[`${name.toLowerCase()} ${kind}`];
        if (!answers) throw missing();
        return answers;
      },
    },
  });
  support = desk.mailbox('support@firm.example');
  desk.app.db.sql.prepare("UPDATE mailboxes SET authentication = 'own' WHERE id = ?").run(support.id);
});
afterEach(() => desk.close());

let count = 0;
const unsigned = ({ from = 'Carla <carla@mail.example>', more = '', words = 'Hello there' } = {}) => {
  count += 1;
  return `From: ${from}\r\nTo: support@firm.example\r\nSubject: A question\r\nMessage-ID: <own-${count}@mail.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n${more}\r\n${words}\r\n`;
};
async function signed(raw: string, signingDomain = 'mail.example'): Promise<string> {
  const { signatures, errors } = await dkimSign(raw, {
    signatureData: [{ signingDomain, selector: 's1', privateKey }],
  } as Parameters<typeof dkimSign>[1]);
  expect(errors).toEqual([]);
  return signatures + raw;
}
const by = (ip: string, sender = 'carla@mail.example') =>
  `Return-Path: <${sender}>\r\nReceived: from out.mail.example (out.mail.example [${ip}]) by mx.firm.example with ESMTPS; Fri, 20 Nov 2026 09:00:00 +0000\r\n`;

async function arrives(raw: string): Promise<ReturnType<typeof factsOf>> {
  const { exit } = await deliver(desk.app, { mailbox: 'support@firm.example' }, Buffer.from(raw, 'latin1'));
  expect(exit).toBe(0);
  await desk.house.intake.settled();
  const message = desk.rows<Parameters<typeof factsOf>[0]>(
    'SELECT * FROM messages WHERE kind = ? ORDER BY id DESC LIMIT 1',
    'reply',
  )[0];
  if (!message) throw new Error('The mail is on no ticket.');
  return factsOf(message);
}
const found = async (raw: string) => (await arrives(raw)).authentication;

test('AC-15: a signature of its own domain verifies a mail, also with line feeds alone', async () => {
  const raw = await signed(unsigned());

  expect(await found(raw)).toEqual({
    verdict: 'verified',
    by: 'own',
    domain: 'mail.example',
    results: { spf: 'none', dkim: 'pass', dmarc: 'pass' },
  });
  expect(await found((await signed(unsigned())).replaceAll('\r\n', '\n'))).toMatchObject({
    verdict: 'verified',
  });
});

test('AC-15: the host that its domain names verifies it too', async () => {
  expect(await found(by('93.184.216.34') + unsigned())).toMatchObject({
    verdict: 'verified',
    results: { spf: 'pass', dkim: 'none', dmarc: 'pass' },
  });
});

test.each([
  ['neither signed nor sent from there', async () => by('8.8.8.8') + unsigned()],
  [
    'signed, and sent, by somebody else',
    async () => by('8.8.8.8', 'x@evil.example') + (await signed(unsigned(), 'evil.example')),
  ],
  [
    'changed after it was signed',
    async () => by('8.8.8.8') + (await signed(unsigned())).replace('Hello there', 'Hello forge'),
  ],
])('AC-15, M7: a mail that is %s fails, and joins nothing', async (_, make) => {
  await arrives(await signed(unsigned({ more: '' })));
  const first = desk.rows<{ header_message_id: string }>('SELECT header_message_id FROM inbound_mails')[0];
  const facts = await arrives(
    (await make()).replace(/^Subject:/m, `In-Reply-To: <${first?.header_message_id}>\r\nSubject:`),
  );

  expect(facts).toMatchObject({ rule: 'not trusted', authentication: { verdict: 'failed', by: 'own' } });
  expect(desk.rows('SELECT linked_ticket_id FROM tickets ORDER BY id')).toEqual([
    { linked_ticket_id: null },
    { linked_ticket_id: 1 },
  ]);
});

test.each([
  ['its sender’s address is nowhere', () => unsigned()],
  [
    'it came through a proxy, below which a stranger wrote what he liked',
    () =>
      `Received: from x (x [172.17.0.1]) by mx.firm.example; Fri, 20 Nov 2026 09:00:00 +0000\r\n${by('93.184.216.34')}${unsigned()}`,
  ],
  ['there is no policy', () => by('8.8.8.8', 'x@nothing.example') + unsigned({ from: 'x@nothing.example' })],
  [
    'it names two authors',
    () => by('93.184.216.34') + unsigned({ from: 'carla@mail.example, ceo@firm.example' }),
  ],
])('AC-15: unknown is not failure: %s', async (_, make) => {
  expect(await found(make())).toMatchObject({ verdict: 'unverified' });
});

test('AC-15: what a program on this machine added in between is passed over', async () => {
  const inside =
    'Received: from localhost (localhost [127.0.0.1]) by mx.firm.example; Fri, 20 Nov 2026 09:00:01 +0000\r\nReceived: from mx.firm.example by mx.firm.example with LMTP id x; Fri, 20 Nov 2026 09:00:01 +0000\r\n';
  expect(await found(inside + by('93.184.216.34') + unsigned())).toMatchObject({ verdict: 'verified' });
});

test.each([
  ['_dmarc.mail.example', false],
  ['s1._domainkey.mail.example', false],
  ['mail.example', true],
])('AC-15: DNS that does not answer for %s makes nothing a failure', async (name, isVerified) => {
  broken.add(name);
  const raw = by('8.8.8.8') + (await signed(unsigned()));
  expect(await found(raw)).toMatchObject({ verdict: isVerified ? 'verified' : 'unverified' });
});

test('AC-15: what a header says counts for nothing where we look ourselves', async () => {
  const raw = by('8.8.8.8') + unsigned({ more: 'Authentication-Results: mx.firm.example; dmarc=pass\r\n' });
  expect(await found(raw)).toMatchObject({ verdict: 'failed', by: 'own' });
});

test('one mail makes a bounded number of questions, and is filed whatever they come to', async () => {
  zone['mail.example TXT'] = [['v=spf1 include:a.mail.example include:mail.example -all']];
  zone['a.mail.example TXT'] = [['v=spf1 include:mail.example mx mx:a.mail.example a:b.mail.example -all']];
  let raw = unsigned();
  for (let signature = 0; signature < 120; signature++)
    raw = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d${signature}.example; s=s; h=from; bh=AAAA; b=AAAA\r\n${raw}`;
  expect(await found(by('8.8.8.8') + raw)).toMatchObject({ by: 'own' });
  expect(asked.length).toBeLessThanOrEqual(80);
});

test('M5: imported history is not judged by the keys and policies of today; other mailboxes ask no names', async () => {
  const { keepMail } = await import('../../server/mail');
  await keepMail(desk.app, {
    mailboxId: support.id,
    source: 'imap',
    raw: Buffer.from(by('8.8.8.8') + unsigned()),
    isOld: true,
  });
  await keepMail(desk.app, {
    mailboxId: localMailbox(desk.app).id,
    source: 'imap',
    raw: Buffer.from(by('8.8.8.8') + unsigned()),
  });
  await desk.house.intake.settled();

  expect(asked).toEqual([]);
  expect(
    desk
      .rows<{ facts: string }>("SELECT facts FROM messages WHERE kind = 'reply'")
      .map(({ facts }) => JSON.parse(facts).authentication),
  ).toEqual([{ verdict: 'unverified' }, { verdict: 'unverified' }]);
});
