// What an ordinary mail comes to, and headers that claim more than they may.
import { simpleParser } from 'mailparser';
import { readMail } from '../../server/mail/read-mail';
import { file, html, multipart, ordinaryMail, PDF, PNG, rawMail, text } from '../support/mails';

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

describe('AC-19: headers that claim to be ours', () => {
  const claims = {
    'X-Hearthdesk-Ticket': '1',
    'X-Hearthdesk-Priority': 'urgent',
    'X-Hearthdesk-Status': 'closed',
    'X-Hearthdesk-Agent': 'ana',
    'X-Hearthdesk-Marker': `hd-${'0a'.repeat(16)}`,
    'X-Spam-Score': '99',
    'X-Priority': '1',
    'X-Ticket': '7',
    'X-Unverified': 'no',
  };

  test('change nothing', async () => {
    const { size: _, ...claimed } = await readMail(rawMail(claims, 'Hello'));
    const { size: __, ...plain } = await readMail(rawMail({}, 'Hello'));

    expect(claimed).toEqual(plain);
  });

  test('the loop header, authentication results and what calls it spam are handed on as they stand, for others to doubt', async () => {
    const mail = await readMail(
      rawMail(
        {
          'X-Hearthdesk-Loop': 'desk@firm.example',
          'Authentication-Results': 'evil.example; dmarc=pass',
          'X-Spam-Flag': 'YES',
        },
        'Hello',
      ),
    );

    expect(mail).toMatchObject({
      loops: ['desk@firm.example'],
      authenticationResults: ['evil.example; dmarc=pass'],
      calledSpam: true,
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
