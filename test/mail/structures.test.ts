// M13: parts in every order, named, unnamed, nested, sealed, without their boundaries.
import { readMail } from '../../server/mail/read-mail';
import { file, html, multipart, ordinaryMail, PNG, rawMail, text } from '../support/mails';

const attachmentsOf = async (raw: Buffer) =>
  (await readMail(raw)).attachments.map(({ name, type, inline, content }) => ({
    name,
    type,
    inline,
    content: Buffer.from(content),
  }));

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

  test('P11: a card number in a mail within the mail is masked there too', async () => {
    const inner = rawMail({}, text('My card is 4111 1111 1111 1111.'));
    for (const raw of [
      rawMail({ 'Content-Type': 'message/rfc822' }, inner),
      rawMail(
        {},
        multipart('mixed', [text('See'), { headers: { 'Content-Type': 'message/rfc822' }, body: inner }]),
      ),
    ]) {
      const mail = await readMail(raw);
      const kept = Buffer.from(mail.attachments[0]?.content ?? []).toString();
      expect(mail.maskedCards).toBeGreaterThan(0);
      expect(kept).toContain('My card is **** **** **** 1111.');
      expect(JSON.stringify(mail)).not.toContain('4111 1111');
    }
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

  test('words below large pictures written into the HTML are not lost', async () => {
    const large = Buffer.concat([PNG, Buffer.alloc(3_000_000, 'kettle')]).toString('base64');
    const mail = await readMail(
      rawMail({}, html(`<p>Look</p><img src="data:image/png;base64,${large}"><p>Below</p>`)),
    );

    expect(mail.words).toBe('Look\n\nBelow');
    expect(mail.attachments).toMatchObject([{ size: PNG.length + 3_000_000, inline: true }]);
    expect(mail.unreadable).toBeUndefined();
  });

  test('HTML that goes on too long is shown as far as it was read, and says that it was cut', async () => {
    const style = `<!-- ${'x'.repeat(3_000_000)} -->`;
    const mail = await readMail(rawMail({}, html(`<p>Look</p>${style}<p>Below</p>`)));

    expect(mail).toMatchObject({ words: 'Look', unreadable: { reason: 'html-too-heavy' } });
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
