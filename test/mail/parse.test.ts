// The door of mail reading, with the real worker: what its thread survives, and what is said of mails over which it does not.
import { contentDisposition } from '../../server/attachments';
import { openThreads, type Threads } from '../../server/jobs/thread';
import { parseMail } from '../../server/mail/parse';
import { bombs, file, multipart, ordinaryMail, PDF, PNG, rawMail, text } from '../support/mails';

let threads: Threads;
beforeAll(() => {
  threads = openThreads();
});
afterAll(() => threads.close());

test('a mail comes back from the thread whole, and its raw bytes stay with us', async () => {
  const raw = ordinaryMail();
  const before = Buffer.from(raw);
  const mail = await parseMail(threads, raw);

  expect(mail).toMatchObject({
    subject: 'A question',
    words: 'Where is my order?',
    html: { kind: 'rich' },
    size: raw.length,
  });
  expect(mail.attachments.map(({ name, content }) => [name, Buffer.from(content)])).toEqual([
    ['photo.png', PNG],
    ['receipt.pdf', PDF],
  ]);
  expect(raw.equals(before)).toBe(true);
});

test('M13: a large mail moves into the thread and its files out of it, without a copy', async () => {
  const content = Buffer.alloc(3_000_001, 'Hearthdesk ');
  const raw = rawMail({}, multipart('mixed', [text('See'), file(content, 'application/zip; name=big.zip')]));
  const own = Buffer.from(new Uint8Array(raw).buffer);
  const mail = await parseMail(threads, own, { give: true });

  expect(own.byteLength).toBe(0);
  expect(mail.size).toBe(raw.byteLength);
  expect(content.equals(mail.attachments[0]?.content ?? Buffer.alloc(0))).toBe(true);
});

test('AC-25, AC-26: after every bomb the next mail is read', async () => {
  for (const [name, raw] of bombs()) {
    const [bomb, next] = await Promise.all([parseMail(threads, raw), parseMail(threads, ordinaryMail())]);

    expect([name, bomb.size, bomb.unreadable?.reason]).not.toContain('took-too-long');
    expect(next.words).toBe('Where is my order?');
  }
});

describe('M13: the worst case', () => {
  const head = {
    Subject: '=?utf-8?Q?Bl=C3=A5?= 4111 1111 1111 1111',
    Cc: 'bo@example.com',
    'Return-Path': '<carla@example.com>',
  };
  const broken = (code: string) =>
    openThreads({
      lanes: 1,
      memoryMb: 32,
      code: () =>
        `const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => { ${code} });`,
    });

  test.each([
    ['takes too long', 'for (;;);', 'took-too-long'],
    [
      'takes too much memory',
      'const eaten = []; for (;;) eaten.push(new Array(10000).fill({}));',
      'too-much-memory',
    ],
    ['throws', 'throw new Error("a bug");', 'parser-failed'],
  ])('a mail over which the reader %s keeps its headers and says so', async (_, code, reason) => {
    const others = broken(code);
    const raw = rawMail(head, 'Hello');
    const mail = await parseMail(others, raw, { timeoutMs: reason === 'took-too-long' ? 100 : 15_000 });
    await others.close();

    expect(mail).toMatchObject({
      unreadable: { reason },
      messageId: 'carla-1@example.com',
      from: { name: 'Carla Olsen', address: 'carla@example.com' },
      to: [{ address: 'desk@firm.example' }],
      cc: [{ address: 'bo@example.com' }],
      subject: 'Blå •••• •••• •••• 1111',
      maskedCards: 1,
      sentAt: Date.UTC(2024, 2, 4, 9, 11, 12),
      words: '',
      attachments: [],
      size: raw.length,
    });
  });

  test('when the house closes, a mail is not called unreadable', async () => {
    const others = broken('for (;;);');
    const reading = parseMail(others, ordinaryMail());
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'closed' });
    await others.close();
    await outcome;
  });
});

describe('AC-05: file names', () => {
  test.each([
    ['..\\..\\x.txt', 'x.txt'],
    ['../../etc/passwd', 'passwd'],
    ['%2e%2e%2fx', '%2e%2e%2fx'],
    ['a\u0000b.pdf', 'ab.pdf'],
    ['a\r\nX-Evil: 1.pdf', 'aX-Evil_ 1.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u200b.htaccess', 'htaccess'],
    ['.htaccess', 'htaccess'],
    ['trailing. . .', 'trailing'],
    ['<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_.png'],
    ['CON:aux|?.txt', 'CON_aux__.txt'],
    ['blå bær.pdf', 'blå bær.pdf'],
    [`${'a'.repeat(400)}.pdf`, `${'a'.repeat(146)}.pdf`],
    ['.'.repeat(5_000), 'file'],
  ])('%j is shown as %j', async (given, shown) => {
    const coded = `utf-8''${encodeURIComponent(given)}`;
    const raw = rawMail(
      {},
      multipart('mixed', [text('See'), file(PDF, 'application/pdf', `attachment; filename*=${coded}`)]),
    );
    const [attachment] = (await parseMail(threads, raw)).attachments;

    expect(attachment?.name).toBe(shown);
    expect(contentDisposition('attachment', attachment?.name ?? '')).not.toMatch(/[\r\n\0]/);
  });

  test('a file without a name gets one', async () => {
    const raw = rawMail(
      {},
      multipart('mixed', [
        text('See'),
        file(PNG, 'image/png'),
        file(PDF, 'application/pdf; name=""'),
        file('x', 'application/x-strange-thing'),
      ]),
    );

    expect((await parseMail(threads, raw)).attachments.map(({ name }) => name)).toEqual([
      'image-1.png',
      'attachment-2.pdf',
      'attachment-3',
    ]);
  });

  test('the type is what the bytes are, whatever they are called', async () => {
    const raw = rawMail(
      {},
      multipart('mixed', [
        text('See'),
        file('<script>alert(1)</script>', 'image/png; name=a.png'),
        file(PNG, 'text/html; name=b.html'),
      ]),
    );

    expect(
      (await parseMail(threads, raw)).attachments.map(({ type, declaredType }) => [declaredType, type]),
    ).toEqual([
      ['image/png', ''],
      ['text/html', 'image/png'],
    ]);
  });
});
