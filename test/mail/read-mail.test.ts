// M13: any sane or insane mail is read, and the worst case says what could not be read.
import { simpleParser } from 'mailparser';
import { readMail } from '../../server/mail/read-mail';
import { bombs, file, html, multipart, ordinaryMail, PDF, PNG, rawMail, text } from '../support/mails';

const attachmentsOf = async (raw: Buffer) =>
  (await readMail(raw)).attachments.map(({ name, type, inline, content }) => ({
    name,
    type,
    inline,
    content: Buffer.from(content),
  }));

describe('an ordinary mail', () => {
  test('is read whole', async () => {
    const mail = await readMail(
      ordinaryMail({
        'Reply-To': 'Carla <carla@home.example>',
        Cc: '"Olsen, Bo" <bo@example.com>, dina@EXAMPLE.com',
        'In-Reply-To': '<1@firm.example>',
        References: '<0@firm.example>\r\n <1@firm.example>',
        'Return-Path': '<carla@example.com>',
        'Delivered-To': 'desk@firm.example',
      }),
    );

    expect(mail).toMatchObject({
      messageId: 'carla-1@example.com',
      inReplyTo: ['1@firm.example'],
      references: ['0@firm.example', '1@firm.example'],
      from: { name: 'Carla Olsen', address: 'carla@example.com' },
      replyTo: [{ name: 'Carla', address: 'carla@home.example' }],
      to: [{ name: '', address: 'desk@firm.example' }],
      cc: [
        { name: 'Olsen, Bo', address: 'bo@example.com' },
        { name: '', address: 'dina@example.com' },
      ],
      deliveredTo: ['desk@firm.example'],
      returnPath: 'carla@example.com',
      subject: 'A question',
      sentAt: Date.UTC(2024, 2, 4, 9, 11, 12),
      words: 'Where is my order?',
      quote: '',
      signature: '',
      html: { kind: 'rich', quote: '', signature: '' },
      formSender: false,
      markers: [],
      maskedCards: 0,
    });
    expect(mail.html?.words).toBe(
      '<p>Where is my <b>order</b>?</p><img alt="photo" data-cid="photo@example.com" />',
    );
    expect(mail.automatic).toBeUndefined();
    expect(mail.bounce).toBeUndefined();
    expect(mail.unreadable).toBeUndefined();
  });

  test('M13: its files keep their bytes, names and places', async () => {
    expect(await attachmentsOf(ordinaryMail())).toEqual([
      { name: 'photo.png', type: 'image/png', inline: true, content: PNG },
      { name: 'receipt.pdf', type: 'application/pdf', inline: false, content: PDF },
    ]);
  });

  test('without HTML has none', async () => {
    const mail = await readMail(rawMail({}, 'Hello\r\nworld\r\n'));

    expect(mail).toMatchObject({ words: 'Hello\nworld', html: undefined });
  });

  test('with HTML only has words made of it', async () => {
    const mail = await readMail(
      rawMail(
        {},
        html('<h1>Hello</h1><ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>'),
      ),
    );

    expect(mail.words).toBe('Hello\n\n- one\n- two\n\na b');
  });

  test('whose HTML shows nothing is its plain text', async () => {
    const mail = await readMail(
      rawMail(
        {},
        multipart('alternative', [
          text('Words'),
          html('<img src="https://example.com/t.gif" width="1" height="1">'),
        ]),
      ),
    );

    expect(mail).toMatchObject({ words: 'Words', html: undefined });
  });

  test('keeps text between its files in order', async () => {
    const mail = await readMail(
      rawMail(
        {},
        multipart('mixed', [text('First'), file(PNG, 'image/png'), html('<p>Second</p>'), text('Third')]),
      ),
    );

    expect(mail.words).toBe('First\n\nSecond\n\nThird');
    expect(mail.html?.words).toContain('First');
  });

  test('quotes and signature stand apart, card numbers are masked everywhere', async () => {
    const raw = rawMail(
      { Subject: 'Card 4111 1111 1111 1111' },
      'My card: 4111-1111-1111-1111\r\n\r\n-- \r\nCarla\r\n\r\nOn 4 Mar 2024, at 10:11, Desk wrote:\r\n\r\n> 5555555555554444\r\n',
    );

    expect(await readMail(raw)).toMatchObject({
      subject: 'Card •••• •••• •••• 1111',
      words: 'My card: ••••-••••-••••-1111',
      signature: '--\nCarla',
      quote: 'On 4 Mar 2024, at 10:11, Desk wrote:\n\n> ••••••••••••4444',
      maskedCards: 3,
    });
  });

  test('P11: a card number that runs across elements is masked, and the markup stays', async () => {
    const mail = await readMail(
      rawMail(
        {},
        html('<p>4111 <b>1111</b> 11<i>11</i> 1111 and <a href="https://example.com/4111">more</a></p>'),
      ),
    );

    expect(mail.maskedCards).toBe(1);
    expect(mail.words).toBe('•••• •••• •••• 1111 and more');
    expect(mail.html?.words).toBe(
      '<p>•••• <b>••••</b> ••<i>••</i> 1111 and <a href="https://example.com/4111" target="_blank" rel="noopener noreferrer nofollow">more</a></p>',
    );
  });

  test('M6: our own marks are found wherever they hide', async () => {
    const mark = `hd-${'0a'.repeat(16)}`;
    const other = `hd-${'1b'.repeat(16)}`;
    const hidden = `<p>Hi</p><div style="display:none" data-x="x_${mark.toUpperCase()}"></div><a href="mailto:desk+${other}@firm.example">x</a>`;

    expect((await readMail(rawMail({}, html(hidden)))).markers).toEqual([mark, other]);
    expect((await readMail(rawMail({}, `> ${mark}`))).markers).toEqual([mark]);
    expect((await readMail(rawMail({}, 'hd-0a0a'))).markers).toEqual([]);
  });
});

describe('M13: structures', () => {
  const image = file(PNG, 'image/png; name=photo.png', 'attachment');

  test('a mail within the mail is a file with a name', async () => {
    const inner = ordinaryMail({ Subject: '=?utf-8?Q?Bl=C3=A5b=C3=A6r?=' });
    const raw = rawMail(
      {},
      multipart('mixed', [text('See this'), { headers: { 'Content-Type': 'message/rfc822' }, body: inner }]),
    );

    expect(await attachmentsOf(raw)).toEqual([
      { name: 'Blåbær.eml', type: '', inline: false, content: inner },
    ]);
    expect((await readMail(raw)).words).toBe('See this');
  });

  test('a mail that is nothing but another mail shows that one’s words', async () => {
    const raw = rawMail({ 'Content-Type': 'message/rfc822' }, ordinaryMail());

    expect(await readMail(raw)).toMatchObject({
      words: 'Where is my order?',
      attachments: [{ name: 'A question.eml' }],
    });
  });

  test('TNEF and calendars are files', async () => {
    const raw = rawMail(
      {},
      multipart('mixed', [
        multipart('alternative', [
          text('Come'),
          {
            headers: { 'Content-Type': 'text/calendar; method=REQUEST' },
            body: Buffer.from('BEGIN:VCALENDAR'),
          },
        ]),
        file('\x78\x9f\x3e\x22', 'application/ms-tnef', 'attachment'),
      ]),
    );

    expect((await readMail(raw)).words).toBe('Come');
    expect((await attachmentsOf(raw)).map(({ name }) => name)).toEqual(['invite.ics', 'winmail.dat']);
  });

  test('a named text is a file, unless it is all there is', async () => {
    const log = file('log lines', 'text/plain; name=log.txt', 'inline; filename=log.txt');

    expect(await readMail(rawMail({}, multipart('mixed', [text('See the log'), log])))).toMatchObject({
      words: 'See the log',
      attachments: [{ name: 'log.txt' }],
    });
    expect(await readMail(rawMail({}, multipart('mixed', [image, log])))).toMatchObject({
      words: 'log lines',
      attachments: [{ name: 'photo.png' }],
    });
  });

  test('the root of related parts is found by its id', async () => {
    const raw = rawMail(
      {},
      multipart('related; start="<main@x>"', [
        file(PNG, 'image/png', 'inline', { 'Content-ID': '<pic@x>' }),
        {
          ...html('<p>Hi <img src="cid:pic@x"></p>'),
          headers: { 'Content-Type': 'text/html', 'Content-ID': '<main@x>' },
        },
      ]),
    );

    expect(await readMail(raw)).toMatchObject({
      words: 'Hi',
      attachments: [{ name: 'image-1.png', inline: true, contentId: 'pic@x' }],
    });
  });

  test('pictures written into the HTML become files', async () => {
    const mail = await readMail(
      rawMail({}, html(`<p>Look</p><img src="data:image/png;base64,${PNG.toString('base64')}">`)),
    );

    expect(mail.html?.words).toBe('<p>Look</p><img alt="" data-cid="embedded-1" />');
    expect(mail.attachments).toMatchObject([
      { name: 'image-1.png', type: 'image/png', contentId: 'embedded-1', inline: true },
    ]);
    expect(Buffer.from(mail.attachments[0]?.content ?? [])).toEqual(PNG);
  });

  test('a digest is its mails', async () => {
    const raw = rawMail(
      {},
      multipart('digest', [
        { headers: {}, body: Buffer.from('Subject: one\r\n\r\n1') },
        { headers: {}, body: Buffer.from('Subject: two\r\n\r\n2') },
      ]),
    );

    expect((await attachmentsOf(raw)).map(({ name }) => name)).toEqual(['one.eml', 'two.eml']);
  });

  test('what is encrypted says so', async () => {
    const raw = rawMail(
      {},
      multipart('encrypted; protocol="application/pgp-encrypted"', [
        file('Version: 1', 'application/pgp-encrypted'),
        file('x', 'application/octet-stream; name=encrypted.asc'),
      ]),
    );

    expect(await readMail(raw)).toMatchObject({
      unreadable: { reason: 'encrypted' },
      attachments: [{}, { name: 'encrypted.asc' }],
    });
  });

  test.each([
    ['no boundary named', 'multipart/mixed'],
    ['another boundary named', 'multipart/mixed; boundary=other'],
    ['an empty one', 'multipart/mixed; boundary=""'],
  ])('%s: the parts are found all the same', async (_, type) => {
    const body =
      '--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n--x\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n';

    expect(await readMail(rawMail({ 'Content-Type': type }, body))).toMatchObject({
      words: 'Hello',
      attachments: [{ name: 'a.png' }],
    });
  });

  test('a multipart without any boundary is read as text', async () => {
    expect(
      (await readMail(rawMail({ 'Content-Type': 'multipart/mixed; boundary=x' }, 'Just words'))).words,
    ).toBe('Just words');
  });

  test('the last boundary may be missing, and parts may follow it', async () => {
    const open = '--x\r\n\r\nHello\r\n--x\r\nContent-Type: image/png; name=a.png\r\n\r\nPNG';
    const type = { 'Content-Type': 'multipart/mixed; boundary=x' };

    expect(await readMail(rawMail(type, open))).toMatchObject({
      words: 'Hello',
      attachments: [{ name: 'a.png' }],
    });
    expect(
      await readMail(rawMail(type, `--x\r\n\r\nHello\r\n--x--\r\n--x\r\n\r\nagain\r\n--x--\r\n`)),
    ).toMatchObject({ words: 'Hello\nagain' });
  });

  test('a boundary that begins like another is another', async () => {
    const body = '--xy\r\n\r\nnot a part\r\n--x\r\n\r\nHello\r\n--xy\r\n--x--\r\n';

    expect((await readMail(rawMail({ 'Content-Type': 'multipart/mixed; boundary=x' }, body))).words).toBe(
      'Hello\n--xy',
    );
  });

  test('flowed text has its paragraphs back', async () => {
    const flowed = text(
      'This is one \r\nparagraph. \r\n> quoted \r\n> words\r\n-- \r\nCarla',
      'text/plain; format=flowed; charset=utf-8',
    );

    expect(await readMail(rawMail({}, flowed))).toMatchObject({
      words: 'This is one paragraph.',
      quote: '> quoted words',
      signature: '--\nCarla',
    });
  });
});

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

describe('AC-19: headers that claim to be ours', () => {
  const claims = {
    'X-Hearthdesk-Ticket': '1',
    'X-Hearthdesk-Priority': 'urgent',
    'X-Hearthdesk-Status': 'closed',
    'X-Hearthdesk-Agent': 'ana',
    'X-Hearthdesk-Marker': `hd-${'0a'.repeat(16)}`,
    'X-Spam-Flag': 'YES',
    'X-Priority': '1',
    'X-Ticket': '7',
    'X-Unverified': 'no',
  };

  test('change nothing', async () => {
    const { size: _, ...claimed } = await readMail(rawMail(claims, 'Hello'));
    const { size: __, ...plain } = await readMail(rawMail({}, 'Hello'));

    expect(claimed).toEqual(plain);
  });

  test('the loop header and authentication results are handed on as they stand, for others to doubt', async () => {
    const mail = await readMail(
      rawMail(
        { 'X-Hearthdesk-Loop': 'desk@firm.example', 'Authentication-Results': 'evil.example; dmarc=pass' },
        'Hello',
      ),
    );

    expect(mail).toMatchObject({
      loops: ['desk@firm.example'],
      authenticationResults: ['evil.example; dmarc=pass'],
      automatic: undefined,
    });
  });
});

test('M13: on mails that mailparser reads well, we read the same', async () => {
  const mails = [
    ordinaryMail(),
    rawMail({ Subject: '=?utf-8?B?TMSTbXVtcw==?= =?utf-8?Q?_un_r=C4=93=C4=B7ins?=' }, 'Hello'),
    rawMail(
      {},
      multipart('mixed', [
        text(Buffer.from('Bl\xe5b\xe6r', 'latin1'), 'text/plain; charset=iso-8859-1'),
        file(PDF, "application/pdf; name*=utf-8''r%C4%93%C4%B7ins.pdf"),
      ]),
    ),
    rawMail(
      { 'Content-Transfer-Encoding': 'quoted-printable', 'Content-Type': 'text/plain; charset=windows-1257' },
      'r=E7=EDins un =\r\ncits',
    ),
    rawMail({ To: 'Team: a@example.com, "B, C" <b@example.com>;, d@example.com' }, 'Hello'),
  ];
  for (const raw of mails) {
    const theirs = await simpleParser(raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
    });
    const ours = await readMail(raw);

    expect(ours.subject).toBe(theirs.subject);
    expect(ours.from).toEqual({ name: theirs.from?.value[0]?.name, address: theirs.from?.value[0]?.address });
    expect(ours.attachments.map(({ name, content }) => [name, Buffer.from(content)])).toEqual(
      theirs.attachments.map((part) => [part.filename, part.content]),
    );
    if (!theirs.html) expect(ours.words).toBe(theirs.text?.trim());
    expect(ours.sentAt).toBe(theirs.date?.getTime());
  }
});
