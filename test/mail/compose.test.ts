// Composing: what goes out is what was meant, read back by a mail parser after a real server took it.
import { type ParsedMail, simpleParser } from 'mailparser';
import { type ComposeInput, composeMail } from '../../server/mail/compose';
import { htmlFromText } from '../../server/mail/mail-text';
import { sendMail } from '../../server/mail/smtp-send';
import { type ReceivedMail, type Smtp, startSmtp } from '../support/smtp';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let smtp: Smtp;
beforeAll(async () => {
  smtp = await startSmtp({ startTls: false });
});
afterAll(() => smtp.stop());
beforeEach(() => {
  smtp.mails.length = 0;
});

const reply = (changes: Partial<ComposeInput> = {}): ComposeInput => ({
  messageId: 'hd-5f2c@firm.test',
  from: { name: 'Ana, Firm', address: 'desk@firm.test' },
  to: [{ name: 'Carla Bērziņa', address: 'carla@example.com' }],
  cc: [],
  subject: 'Re: Blåbær',
  text: 'It is on its way.',
  html: '<p>It is on its way.</p>',
  references: [],
  automatic: false,
  attachments: [],
  ...changes,
});

async function sent(mail: ComposeInput): Promise<ReceivedMail & { parsed: ParsedMail }> {
  const { raw } = await composeMail(mail);
  const settings = { host: smtp.host, port: smtp.port, security: 'none', user: '', password: '' } as const;
  const to = [...mail.to, ...mail.cc].map(({ address }) => address);
  const outcome = await sendMail(
    settings,
    { raw, envelope: { from: mail.from.address, to } },
    async () => {},
  );
  expect(outcome).toMatchObject({ kind: 'sent' });
  const received = smtp.mails.at(-1) as ReceivedMail;
  return {
    ...received,
    parsed: await simpleParser(received.raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
    }),
  };
}

test('O2: a reply says who, to whom, in answer to what, and in two forms', async () => {
  const mail = await sent(
    reply({
      cc: [{ name: '', address: 'boss@example.com' }],
      inReplyTo: 'abc@example.com',
      references: ['first@example.com', 'abc@example.com'],
      replyTo: 'desk+hd-5f2c@firm.test',
      date: Date.UTC(2026, 10, 20, 12, 30),
    }),
  );
  const { parsed } = mail;

  expect(mail.header('Message-ID')).toBe('<hd-5f2c@firm.test>');
  expect(mail.header('In-Reply-To')).toBe('<abc@example.com>');
  expect(mail.header('References')).toBe('<first@example.com> <abc@example.com>');
  expect(parsed.from?.value).toEqual([{ name: 'Ana, Firm', address: 'desk@firm.test' }]);
  expect([parsed.to].flat()[0]?.value).toEqual([{ name: 'Carla Bērziņa', address: 'carla@example.com' }]);
  expect([parsed.cc].flat()[0]?.value).toEqual([{ name: '', address: 'boss@example.com' }]);
  expect(parsed.replyTo?.value).toEqual([{ name: '', address: 'desk+hd-5f2c@firm.test' }]);
  expect(parsed.subject).toBe('Re: Blåbær');
  expect(parsed.date?.toISOString()).toBe('2026-11-20T12:30:00.000Z');
  expect(parsed.text?.trim()).toBe('It is on its way.');
  expect(parsed.html).toContain('<p>It is on its way.</p>');
  expect(mail.header('Content-Type')).toMatch(/^multipart\/alternative/);
  expect(mail.headers.filter((line) => /^(Bcc|X-|Auto-Submitted|Sender)/i.test(line))).toEqual([]);
});

test('O2: of many references the first and the newest are kept, twenty at most', async () => {
  const ids = Array.from({ length: 60 }, (_, i) => `id-${i}-${'x'.repeat(60)}@example.com`);
  const mail = await sent(reply({ references: ids }));

  expect(mail.header('References')?.split(' ')).toEqual([ids[0], ...ids.slice(-19)].map((id) => `<${id}>`));
  expect(
    mail.raw
      .toString()
      .split('\r\n')
      .every((line) => line.length < 998),
  ).toBe(true);
});

test('O2: ids that others made up and that would break the line are left out', async () => {
  const mail = await sent(
    reply({
      inReplyTo: 'not an id',
      references: ['ok@example.com', 'two words', 'a>b', '', 'x'.repeat(2_000)],
    }),
  );

  expect(mail.header('References')).toBe('<ok@example.com>');
  expect(mail.header('In-Reply-To')).toBeUndefined();
});

test('O2: attachments and inline images arrive as they were, whatever their names', async () => {
  const long = `${'Årsrapport og vedlegg '.repeat(6)}.pdf`;
  const names = [
    'plain.txt',
    'Pārskats “2026”.pdf',
    long,
    '报告.docx',
    "o'brien;x=y.txt",
    '100%.txt',
    'a"b\\c.txt',
    '.htaccess',
  ];
  const mail = await sent(
    reply({
      html: '<p>See <img src="cid:pic1@firm.test"></p>',
      attachments: [
        { name: 'screen.png', type: 'image/png', contentId: 'pic1@firm.test', content: PNG },
        { name: 'unused.png', type: 'image/png', contentId: 'pic2@firm.test', content: PNG },
        ...names.map((name) => ({ name, type: 'application/pdf', content: Buffer.from(name) })),
        { name: 'odd.bin', type: 'what is this', content: Buffer.alloc(300_000, 7) },
      ],
    }),
  );
  const { attachments } = mail.parsed;

  expect(attachments.find(({ cid }) => cid === 'pic1@firm.test')).toMatchObject({
    related: true,
    contentDisposition: 'inline',
    content: PNG,
  });
  expect(attachments.find(({ filename }) => filename === 'unused.png')).not.toMatchObject({ related: true });
  expect(attachments.slice(2).map(({ filename }) => filename)).toEqual(expect.arrayContaining(names));
  for (const name of names)
    expect(attachments.find(({ filename }) => filename === name)?.content.toString()).toBe(name);
  expect(attachments.find(({ filename }) => filename === 'odd.bin')).toMatchObject({
    contentType: 'application/octet-stream',
    size: 300_000,
  });
});

test('O2: a mail that was forwarded to us can be attached as it is', async () => {
  const inner = 'From: x@example.com\r\nSubject: inner\r\n\r\nfrom below, \u00e6\r\n';
  const mail = await sent(
    reply({ attachments: [{ name: 'inner.eml', type: 'message/rfc822', content: Buffer.from(inner) }] }),
  );

  expect(mail.raw.includes('from below, \u00e6')).toBe(true);
});

test('O2: words keep their form: long lines, a dot alone, "From " at the beginning, every script', async () => {
  const text = `From the start\n.\n..\n${'long '.repeat(400)}\n\tTab and trailing space \nрусский, ελληνικά, 日本語, 🙂\n-- \nAna`;
  const { parsed } = await sent(reply({ text, html: htmlFromText(text) }));

  expect(parsed.text?.replace(/\n$/, '')).toBe(text);
  expect(parsed.html).toContain('русский, ελληνικά, 日本語, 🙂');
});

test('O3: machine mail says that it is, and carries our loop header; a reply by a person does not', async () => {
  const machine = await sent(reply({ automatic: true }));
  const person = await sent(reply());

  expect(machine.header('Auto-Submitted')).toBe('auto-generated');
  expect(machine.header('X-Auto-Response-Suppress')).toBe('All');
  expect(machine.header('X-Hearthdesk-Loop')).toBe('desk@firm.test');
  for (const name of ['Auto-Submitted', 'X-Auto-Response-Suppress', 'X-Hearthdesk-Loop'])
    expect(person.header(name)).toBeUndefined();
});

const FILE = { name: 'a.txt', type: 'text/plain', content: Buffer.from('x') };
const oneLineFields: [string, (text: string) => Partial<ComposeInput>][] = [
  ['subject', (subject) => ({ subject })],
  ['message id', (messageId) => ({ messageId })],
  ['in reply to', (inReplyTo) => ({ inReplyTo })],
  ['references', (id) => ({ references: ['a@example.com', id] })],
  ['name of the sender', (name) => ({ from: { name, address: 'desk@firm.test' } })],
  ['address of the sender', (address) => ({ from: { name: 'Ana', address } })],
  ['name of a recipient', (name) => ({ to: [{ name, address: 'carla@example.com' }] })],
  ['address of a recipient', (address) => ({ to: [{ name: 'Carla', address }] })],
  ['name of a copy', (name) => ({ cc: [{ name, address: 'boss@example.com' }] })],
  ['address of a copy', (address) => ({ cc: [{ name: 'Boss', address }] })],
  ['reply address', (replyTo) => ({ replyTo })],
  ['name of a file', (name) => ({ attachments: [{ ...FILE, name }] })],
  ['type of a file', (type) => ({ attachments: [{ ...FILE, type }] })],
  [
    'id of an image',
    (contentId) => ({ html: `<img src="cid:${contentId}">`, attachments: [{ ...FILE, contentId }] }),
  ],
];
const injections = [
  'x\r\nBcc: v@evil.test',
  'x\nBcc: v@evil.test',
  'x\rBcc: v@evil.test',
  'x\r\n\r\n<b>body</b>',
  'x\0y',
  'x\u0085y',
  'x\u2028y',
  'x\x1by',
];

test.each(oneLineFields)('AC-31: no control character gets into the %s', async (_field, change) => {
  for (const text of injections) {
    await expect(composeMail(reply(change(text)))).rejects.toMatchObject({ code: 'invalid' });
  }
  expect(smtp.mails).toEqual([]);
});

test('AC-31: what looks like headers and addresses stays text, in the bytes that the server took', async () => {
  const poison = 'Bcc: v@evil.test, <v@evil.test> "x" =?utf-8?q?=0D=0ABcc:_v=40evil.test?= \\';
  const mail = await sent(
    reply({
      subject: poison,
      from: { name: poison, address: 'desk@firm.test' },
      to: [{ name: poison, address: 'carla@example.com' }],
      text: `${poison}\r\nBcc: v@evil.test\r\n.\r\nMAIL FROM:<v@evil.test>`,
      html: `<p>${poison}\r\nBcc: v@evil.test</p>`,
      attachments: [{ ...FILE, name: poison, content: Buffer.from('\r\n--\r\nBcc: v@evil.test\r\n') }],
    }),
  );
  const { parsed } = mail;

  expect(smtp.mails).toHaveLength(1);
  expect(mail.envelope).toEqual({ from: 'desk@firm.test', to: ['carla@example.com'] });
  const allowed = /^(From|To|Subject|Message-ID|Date|MIME-Version|Content-Type|Content-Transfer-Encoding):/;
  expect(mail.headers.filter((line) => !allowed.test(line))).toEqual([]);
  const literal = poison.replace('=?', '= ?');
  expect(parsed.subject).toBe(literal);
  expect(parsed.from?.value).toEqual([{ name: literal, address: 'desk@firm.test' }]);
  expect([parsed.to].flat().flatMap((to) => to?.value)).toEqual([
    { name: literal, address: 'carla@example.com' },
  ]);
  expect(parsed.bcc).toBeUndefined();
});

test('AC-32: two addresses in one field, or anything that would be parsed, is refused', async () => {
  for (const address of [
    'carla@example.com, v@evil.test',
    'Carla <carla@example.com>',
    '"a@evil.test x"@good.test',
    'friends:carla@example.com;',
  ]) {
    await expect(composeMail(reply({ to: [{ name: '', address }] }))).rejects.toMatchObject({
      code: 'invalid',
    });
  }
});
