// M13, AC-28: every charset, wrong labels, 8-bit headers, encoded words, and text that hides something in its encoding.
import iconv from 'iconv-lite';
import { sanitizeHtml } from '../../server/lib/sanitize-html';
import { decodeText } from '../../server/mail/mime/charset';
import { decodeHeader } from '../../server/mail/mime/encoded-words';
import { readParameters } from '../../server/mail/mime/parameters';
import { readMail } from '../../server/mail/read-mail';
import { file, html, multipart, rawMail, text } from '../support/mails';

const SENTENCES: Record<string, string> = {
  'iso-8859-1': 'Blåbærsyltetøy på brød',
  'iso-8859-2': 'Příliš žluťoučký kůň',
  'iso-8859-4': 'Glāžšķūņa rūķīši',
  'iso-8859-5': 'Привет, как дела',
  'iso-8859-7': 'Καλημέρα κόσμε',
  'iso-8859-9': 'Güneşli bir gün',
  'iso-8859-13': 'Glāžšķūņa rūķīši',
  'iso-8859-15': 'Prix : 20 € œuvre',
  'windows-1250': 'Zażółć gęślą jaźń',
  'windows-1251': 'Добрый день',
  'windows-1252': 'Naïve “café” – 20 €',
  'windows-1253': 'Καλημέρα',
  'windows-1254': 'Şişli İstanbul',
  'windows-1255': 'שלום עולם',
  'windows-1256': 'مرحبا بالعالم',
  'windows-1257': 'Žąsų šėrimas, rūķīši',
  'windows-874': 'สวัสดีชาวโลก',
  'koi8-r': 'Здравствуйте',
  'koi8-u': 'Привіт, їжак',
  macintosh: 'Blåbær på brød',
  cp850: 'Blåbær på brød',
  cp437: 'Blåbær på brod',
  cp866: 'Привет мир',
  big5: '您好世界',
  gb2312: '你好世界',
  gb18030: '你好，世界🙂',
  gbk: '你好世界',
  'euc-kr': '안녕하세요',
  'ks_c_5601-1987': '안녕하세요',
  shift_jis: 'こんにちは世界',
  'euc-jp': 'こんにちは世界',
  'utf-8': 'Blåbær 🙂 rūķīši',
  'utf-7': 'Blåbær <b>',
  'utf-16': 'Blåbær 🙂',
  'utf-16le': 'Blåbær 🙂',
  'utf-16be': 'Blåbær 🙂',
  'utf-32': 'Blåbær 🙂',
};
const ENCODERS: Record<string, string> = { 'ks_c_5601-1987': 'cp949', gb2312: 'gbk' };

describe('M13: charsets', () => {
  test.each(Object.entries(SENTENCES))('%s', async (charset, sentence) => {
    const bytes = iconv.encode(sentence, ENCODERS[charset] ?? charset);

    expect(decodeText(bytes, charset)).toBe(sentence);
    const raw = rawMail({}, file(bytes, `text/plain; charset="${charset.toUpperCase()}"`, 'inline'));
    expect((await readMail(raw)).words).toBe(sentence);
  });

  test('iso-2022-jp, labelled or not', () => {
    const bytes = Buffer.from('\x1b$B$3$s$K$A$O\x1b(B', 'latin1');

    for (const label of ['iso-2022-jp', 'ISO-2022-JP-MS', 'csISO2022JP', undefined, 'us-ascii'])
      expect(decodeText(bytes, label)).toBe('こんにちは');
  });

  test.each([
    ['windows-1252 called UTF-8', 'Blåbær – ja', 'windows-1252', 'utf-8'],
    ['windows-1252 called ASCII', 'Blåbær – ja', 'windows-1252', 'us-ascii'],
    ['windows-1252 called nothing', 'Blåbær – ja', 'windows-1252', undefined],
    ['windows-1252 called something unknown', 'Blåbær – ja', 'windows-1252', 'x-unknown'],
    ['UTF-8 called Latin 1', 'Blåbær – ja', 'utf-8', 'iso-8859-1'],
    ['UTF-8 called windows-1257', 'Rūķīši', 'utf-8', 'windows-1257'],
    ['UTF-8 called ASCII', 'Rūķīši', 'utf-8', 'ascii'],
    ['UTF-8 called nothing', 'Rūķīši', 'utf-8', undefined],
    ['UTF-8 called Shift JIS', 'Ærlig talt 😀, Øystein', 'utf-8', 'shift_jis'],
    ['UTF-8 called UTF-16', 'Rūķīši', 'utf-8', 'utf-16'],
    ['UTF-8 called base64', 'Rūķīši', 'utf-8', 'base64'],
    ['a label with a tail', 'Rūķīši', 'windows-1257', ' "Windows-1257" ; x=y'],
    ['win-1257', 'Rūķīši', 'windows-1257', 'win-1257'],
    ['Latin 1 with the quotes of Windows', '“Blåbær”', 'windows-1252', 'iso-8859-1'],
  ])('%s comes out right', (_, sentence, real, label) => {
    expect(decodeText(iconv.encode(sentence, real), label)).toBe(sentence);
  });

  test('both in one text are both read', () => {
    const bytes = Buffer.concat([Buffer.from('på UTF-8 '), Buffer.from('p\xe5 Latin 1', 'latin1')]);

    expect(decodeText(bytes, 'utf-8')).toBe('på UTF-8 på Latin 1');
  });

  test('an unlabelled body is in the charset that the headers name', async () => {
    const subject = `=?windows-1257?B?${iconv.encode('Rūķīši', 'windows-1257').toString('base64')}?=`;
    const raw = rawMail({ Subject: subject }, iconv.encode('Labrīt, šķūnis', 'windows-1257'));

    expect(await readMail(raw)).toMatchObject({ subject: 'Rūķīši', words: 'Labrīt, šķūnis' });
  });

  test('any label and any bytes give text', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    for (const label of [
      ...Object.keys(SENTENCES),
      'iso-2022-kr',
      'hz-gb-2312',
      'hex',
      'utf-7-imap',
      '__proto__',
      'constructor',
      '\u0000',
      'x'.repeat(10_000),
    ]) {
      const decoded = decodeText(bytes, label);
      expect(decoded.isWellFormed()).toBe(true);
      expect(decoded).not.toMatch(/[^\P{Cc}\t\n]/u);
    }
  });
});

describe('M13: headers', () => {
  test.each([
    ['8-bit UTF-8', Buffer.from('Blåbær').toString('latin1'), 'Blåbær'],
    ['8-bit Latin 1', Buffer.from('Blåbær', 'latin1').toString('latin1'), 'Blåbær'],
    ['a letter cut between words', '=?utf-8?Q?Bl=C3?= =?utf-8?Q?=A5b=C3=A6r?=', 'Blåbær'],
    ['base64 and Q mixed', '=?UTF-8?B?QmzDpQ==?=\r\n =?utf-8?q?b=C3=A6r_syltet=C3=B8y?=', 'Blåbær syltetøy'],
    ['words beside text', 'Re: =?utf-8?Q?Bl=C3=A5?= and =?utf-8?Q?r=C3=B8d?= x', 'Re: Blå and rød x'],
    ['a wrong charset in a word', '=?utf-8?Q?Bl=E5?=', 'Blå'],
    ['a language in a word', '=?iso-8859-1*nb?Q?Bl=E5?=', 'Blå'],
    ['an unknown charset', '=?x-nothing?Q?Hello?=', 'Hello'],
    ['an unknown encoding', '=?utf-8?X?Hello?=', '=?utf-8?X?Hello?='],
    ['no end', '=?utf-8?Q?Hello', '=?utf-8?Q?Hello'],
    ['nothing in a word', 'a =?utf-8?Q??= b', 'a b'],
    ['blanks in a word', '=?utf-8?Q?Hello you?=', 'Hello you'],
    ['two charsets side by side', '=?utf-8?Q?=C3=A5?= =?koi8-r?B?8NLJ18XU?=', 'åПривет'],
    ['a question', '=?utf-8?Q?Hvor_er_den=3F?=', 'Hvor er den?'],
  ])('%s', (_, value, words) => {
    expect(decodeHeader(value)).toBe(words);
  });

  test.each([
    ['plain', 'attachment; filename=a.pdf', 'a.pdf'],
    ['quoted', 'attachment; filename="a \\"b\\"; c.pdf"', 'a "b"; c.pdf'],
    ['unquoted with blanks', 'attachment; filename=my report.pdf', 'my report.pdf'],
    ['a path of Windows', 'attachment; filename="C:\\Users\\Carla\\a.pdf"', 'C:\\Users\\Carla\\a.pdf'],
    ['RFC 2231', "attachment; filename*=utf-8''bl%C3%A5.pdf", 'blå.pdf'],
    ['RFC 2231 in Latin 1 with a language', "attachment; filename*=iso-8859-1'nb'bl%E5.pdf", 'blå.pdf'],
    ['in pieces', 'attachment; filename*0="long "; filename*1="name.pdf"', 'long name.pdf'],
    [
      'in pieces, out of order, coded and not',
      "attachment; filename*2=pdf; filename*0*=utf-8''bl%C3; filename*1*=%A5.",
      'blå.pdf',
    ],
    ['both forms', "attachment; filename=bla.pdf; filename*=utf-8''bl%C3%A5.pdf", 'blå.pdf'],
    ['an encoded word, against the rules', 'attachment; filename="=?utf-8?Q?bl=C3=A5.pdf?="', 'blå.pdf'],
    [
      'an apostrophe in pieces',
      `attachment; filename*0="it's "; filename*1="a 'test'.pdf"`,
      "it's a 'test'.pdf",
    ],
    ['raw letters where codes belong', "attachment; filename*=utf-8''blå.pdf", 'blå.pdf'],
    ['no end of quotes', 'attachment; filename="a.pdf', 'a.pdf'],
    ['a stray equals sign', "attachment; filename*=utf-8''a=b%20c.pdf", 'a=b c.pdf'],
  ])('file names: %s', (_, value, name) => {
    const { value: kind, parameters } = readParameters(value);
    expect(kind).toBe('attachment');
    expect(parameters.get('filename')).toBe(name);
  });

  test('parameters cannot reach an object’s prototype', () => {
    const { parameters } = readParameters('text/plain; __proto__=x; constructor=y');
    expect(parameters.get('__proto__')).toBe('x');
    expect(Object.keys({})).toEqual([]);
  });

  test.each([
    ['Mon, 4 Mar 2024 10:11:12 +0100', Date.UTC(2024, 2, 4, 9, 11, 12)],
    ['4 Mar 2024 10:11 -0530 (X)', Date.UTC(2024, 2, 4, 15, 41)],
    ['Mon, 04 Mar 24 10:11:12 EST', Date.UTC(2024, 2, 4, 15, 11, 12)],
    ['Mon, 4 March 2024 10:11:12 GMT', Date.UTC(2024, 2, 4, 10, 11, 12)],
    ['2024-03-04 10:11:12', Date.UTC(2024, 2, 4, 10, 11, 12)],
    ['yesterday', undefined],
    ['Mon, 4 Mar 1024 10:11:12 +0100', undefined],
    ['', undefined],
  ])('a date: %s', async (date, at) => {
    expect((await readMail(rawMail({ Date: date }, 'x'))).sentAt).toBe(at);
  });
});

describe('AC-28: what hides in an encoding', () => {
  const ATTACK = '<p>words</p><script>alert(1)</script><img src=x onerror=alert(1)>';
  const charsets = Object.keys(SENTENCES).filter((charset) => charset !== 'utf-7');

  test.each([...charsets, 'utf-7'])(
    'an attack in %s is decoded first and made harmless after',
    async (charset) => {
      const bytes =
        charset === 'utf-7'
          ? Buffer.from(
              '+ADw-p+AD4-words+ADw-/p+AD4APA-script+AD4-alert(1)+ADw-/script+AD4APA-img src+AD0-x onerror+AD0-alert(1)+AD4-',
            )
          : iconv.encode(ATTACK, ENCODERS[charset] ?? charset);
      const mail = await readMail(rawMail({}, file(bytes, `text/html; charset=${charset}`, 'inline')));

      expect(mail.html?.words).toBe('<p>words</p>');
      expect(mail.words).toBe('words');
    },
  );

  test.each([
    ['UTF-7 that says it is UTF-8', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-', 'utf-8'],
    [
      'a shift into Japanese inside a tag',
      '<p>words</p><img src="\x1b$B" onerror=alert(1) x="\x1b(B">',
      'iso-2022-jp',
    ],
    ['overlong UTF-8', '\xc0\xbcscript\xc0\xbealert(1)', 'utf-8'],
    ['NULs in tags', '<p>words</p><scr\0ipt>alert(1)</scr\0ipt><img src=x on\0error=alert(1)>', 'utf-8'],
    ['half a pair', '<p>words</p><img src=x \xed\xa0\x80onerror=alert(1)>', 'utf-8'],
    ['controls as entities', '<p>words&#0;&#1;&#x1b;&#xD800;</p><img src="cid:a" alt="&#7;">', 'utf-8'],
    ['two charsets', '<p>words</p><script>alert(1)</script>', 'utf-8; charset=utf-7'],
  ])('%s', async (_, body, charset) => {
    const mail = await readMail(
      rawMail({}, text(Buffer.from(body, 'latin1'), `text/html; charset=${charset}`)),
    );
    const shown = `${mail.html?.words}${mail.words}`;

    expect(mail.html?.words).toBe(sanitizeHtml(mail.html?.words ?? '', 'rich'));
    expect(mail.html?.words).not.toMatch(/<script|<[^>]*onerror/i);
    expect(shown).not.toMatch(/[^\P{Cc}\t\n]/u);
    expect(shown.isWellFormed()).toBe(true);
  });

  test('NULs and controls leave plain text and headers too', async () => {
    const mail = await readMail(rawMail({ Subject: '=?utf-8?Q?a=00b=0Ac=1Bd?=' }, 'wo\0rds\x07\x1b[31m'));

    expect(mail.words).toBe('words[31m');
    expect(mail.subject).not.toMatch(/\p{Cc}/u);
  });

  test.each([
    ['an address in an encoded word', '=?utf-8?Q?boss@firm.example?=', undefined],
    ['a whole mailbox in an encoded word', '=?utf-8?B?Qm9zcyA8Ym9zc0BmaXJtLmV4YW1wbGU+?=', undefined],
    [
      'an encoded word that would cut the address',
      '=?utf-8?Q?boss=40firm.example=2C?= <evil@example.com>',
      'evil@example.com',
    ],
    ['an encoded local part', '<=?utf-8?Q?boss?=@firm.example>', undefined],
    ['a NUL before the end', '=?utf-8?Q?=62=6f=73=73=40firm.example=00?=@evil.example', undefined],
    ['a quoted local part', '"boss@firm.example x"@evil.example', undefined],
    ['two addresses in one', '<boss@firm.example@evil.example>', undefined],
  ])('addresses come from what stands there, undecoded: %s', async (_, from, address) => {
    const mail = await readMail(rawMail({ From: from }, 'x'));

    expect(mail.from?.address).toBe(address);
    if (!address) expect(mail.droppedAddresses.length).toBeGreaterThan(0);
  });

  test.each(['"boss@firm.example" <evil@example.com>', '=?utf-8?Q?boss=40firm.example?= <evil@example.com>'])(
    'a name that poses as another address is no name: %s',
    async (from) => {
      expect((await readMail(rawMail({ From: from }, 'x'))).from).toEqual({
        name: '',
        address: 'evil@example.com',
      });
    },
  );

  test('names are one line of visible text', async () => {
    const raw = rawMail(
      { From: '"=?utf-8?Q?Carla=0D=0ABcc:_x=E2=80=AEmoc?= =?utf-8?Q?=00=E2=80=8B?=" <carla@example.com>' },
      'x',
    );

    expect((await readMail(raw)).from).toEqual({ name: 'Carla Bcc: x moc', address: 'carla@example.com' });
  });

  test('files and HTML in a nest of charsets stay readable', async () => {
    const latin = text(Buffer.from('Bl\xe5', 'latin1'), 'text/plain; charset=iso-8859-1');
    const utf8 = html('<p>Rūķīši</p>');

    expect((await readMail(rawMail({}, multipart('mixed', [latin, utf8])))).words).toBe('Blå\n\nRūķīši');
  });
});
