// M13, AC-25, AC-26: odd bytes, enormous mails and bombs; the worst case says what could not be read.
import { readMail } from '../../server/mail/read-mail';
import { bombs, file, html, multipart, ordinaryMail, rawMail, text } from '../support/mails';

describe('M13: odd bytes', () => {
  test.each([
    ['line feeds alone', (raw: string) => raw.replaceAll('\r\n', '\n')],
    ['carriage returns alone', (raw: string) => raw.replaceAll('\r\n', '\r')],
    ['an mbox line before it', (raw: string) => `From carla@example.com Mon Mar  4 10:11:12 2024\r\n${raw}`],
    ['empty lines before it', (raw: string) => `\r\n\r\n${raw}`],
    ['a byte order mark before it', (raw: string) => `\xef\xbb\xbf${raw}`],
    ['a line that is no header', (raw: string) => raw.replace('Subject', 'what is this\r\nSubject')],
    ['doubled carriage returns', (raw: string) => raw.replaceAll('\r\n', '\r\r\n')],
    ['blanks before colons', (raw: string) => raw.replace('Subject:', 'Subject :')],
  ])('%s', async (_, change) => {
    const raw = Buffer.from(change(rawMail({}, 'Hello').toString('latin1')), 'latin1');

    expect(await readMail(raw)).toMatchObject({
      subject: 'A question',
      from: { address: 'carla@example.com' },
      words: 'Hello',
    });
  });

  test('no empty line before the body', async () => {
    expect(
      await readMail(Buffer.from('Subject: Hi\r\nFrom: a@example.com\r\nThis is the body\r\nof the mail')),
    ).toMatchObject({
      subject: 'Hi',
      words: 'This is the body\nof the mail',
    });
  });

  test('no headers at all', async () => {
    expect(await readMail(Buffer.from('just some words\nmore'))).toMatchObject({
      subject: '',
      words: 'just some words\nmore',
      from: undefined,
    });
  });

  test('nothing at all says so', async () => {
    expect(await readMail(Buffer.alloc(0))).toMatchObject({
      words: '',
      unreadable: { reason: 'empty' },
      size: 0,
    });
  });

  test('10,000 header lines', async () => {
    const raw = Buffer.concat([
      Buffer.from('X-Many: and many more\r\n'.repeat(10_000)),
      rawMail({}, 'Hello'),
    ]);

    const mail = await readMail(raw);
    expect(mail).toMatchObject({ subject: 'A question', words: 'Hello' });
    expect(mail.unreadable).toBeUndefined();
  });

  test('an attachment of 50 MB keeps every byte', async () => {
    const content = Buffer.alloc(50_000_000, 'Hearthdesk ');
    const mail = await readMail(
      rawMail({}, multipart('mixed', [text('See'), file(content, 'application/zip; name=big.zip')])),
    );

    expect(mail).toMatchObject({ words: 'See', attachments: [{ name: 'big.zip', size: 50_000_000 }] });
    expect(content.equals(mail.attachments[0]?.content ?? Buffer.alloc(0))).toBe(true);
  });

  test('random bytes are a mail too, if not a good one', async () => {
    let seed = 1;
    const bytes = Buffer.from(
      Array.from({ length: 20_000 }, () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed & 255;
      }),
    );

    await expect(readMail(bytes)).resolves.toMatchObject({ size: 20_000 });
    for (let cut = 0; cut < 400; cut += 7)
      await expect(readMail(ordinaryMail().subarray(0, cut))).resolves.toMatchObject({ size: cut });
  });
});

describe('AC-25, AC-26: bombs', () => {
  test.each(bombs())('%s: read in part or whole, with its sender where there is one', async (name, raw) => {
    const mail = await readMail(raw);

    expect(mail.size).toBe(raw.length);
    expect(mail.words.length).toBeLessThanOrEqual(512 * 1024);
    expect(mail.to.length).toBeLessThanOrEqual(500);
    if (/div|table|formatting/.test(name))
      expect(mail).toMatchObject({ html: undefined, unreadable: { reason: 'html-too-heavy' } });
  });

  test('what was left out is named', async () => {
    const reasons = new Map(
      await Promise.all(
        bombs().map(async ([name, raw]) => [name, (await readMail(raw)).unreadable?.reason] as const),
      ),
    );

    expect(reasons.get('200,000 parts')).toBe('too-many-parts');
    expect(reasons.get('5,000 multiparts in each other')).toBe('too-deep');
    expect(reasons.get('a header of 10 MB')).toBe('too-many-headers');
    expect(reasons.get('a line of 30 MB')).toBe('text-cut');
  });

  test('AC-26: HTML over the caps is shown as its words, or as the text part', async () => {
    const heavy = `<p>Dear <b>friend</b> &amp; co</p>${'<div>'.repeat(30_000)}`;

    expect(await readMail(rawMail({}, html(heavy)))).toMatchObject({
      words: 'Dear\nfriend\n& co',
      html: undefined,
    });
    expect(
      await readMail(rawMail({}, multipart('alternative', [text('Plain words'), html(heavy)]))),
    ).toMatchObject({ words: 'Plain words', html: undefined });
  });
});
