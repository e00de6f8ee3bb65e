// Raw mails, written by us in the shapes that programs produce.

export interface MimePart {
  headers: Record<string, string>;
  body: Buffer;
}

type Content = string | Buffer;

const CRLF = '\r\n';
const bytesOf = (content: Content) => (typeof content === 'string' ? Buffer.from(content) : content);
const headerLines = (headers: Record<string, string>) =>
  Buffer.from(
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}${CRLF}`)
      .join(''),
  );

/** A whole mail from Carla to the desk; `given` adds to its headers or changes them. */
export function rawMail(given: Record<string, string>, content: Content | MimePart): Buffer {
  const part =
    typeof content === 'string' || Buffer.isBuffer(content)
      ? { headers: {}, body: bytesOf(content) }
      : content;
  const headers = {
    From: 'Carla Olsen <carla@example.com>',
    To: 'desk@firm.example',
    Subject: 'A question',
    'Message-ID': '<carla-1@example.com>',
    Date: 'Mon, 4 Mar 2024 10:11:12 +0100',
    ...part.headers,
    ...given,
  };
  return Buffer.concat([headerLines(headers), Buffer.from(CRLF), part.body]);
}

/** A text part in a charset of its own; the content comes encoded in it. */
export const text = (
  content: Content,
  type = 'text/plain; charset=utf-8',
  more: Record<string, string> = {},
): MimePart => ({
  headers: { 'Content-Type': type, ...more },
  body: bytesOf(content),
});

export const html = (content: Content): MimePart => text(content, 'text/html; charset=utf-8');

/** A file in base64, as every program sends one. */
export function file(
  content: Content,
  type: string,
  disposition = 'attachment',
  more: Record<string, string> = {},
): MimePart {
  const lines =
    bytesOf(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return {
    headers: {
      'Content-Type': type,
      'Content-Transfer-Encoding': 'base64',
      'Content-Disposition': disposition,
      ...more,
    },
    body: Buffer.from(lines.join(CRLF)),
  };
}

let boundaries = 0;

/** `mixed`, `alternative`, `related; type="text/html"`, `report; report-type=delivery-status`… */
export function multipart(kind: string, parts: MimePart[]): MimePart {
  boundaries += 1;
  const boundary = `=_part_${boundaries}`;
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}${CRLF}`),
    headerLines(part.headers),
    Buffer.from(CRLF),
    part.body,
    Buffer.from(CRLF),
  ]);
  return {
    headers: { 'MIME-Version': '1.0', 'Content-Type': `multipart/${kind}; boundary="${boundary}"` },
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--${CRLF}`)]),
  };
}

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');

/** Carla's question as her program sends it: both forms, a picture in the text, a file. */
export const ordinaryMail = (given: Record<string, string> = {}): Buffer =>
  rawMail(
    given,
    multipart('mixed', [
      multipart('related', [
        multipart('alternative', [
          text('Where is my order?\r\n\r\n[image: photo.png]\r\n'),
          html('<p>Where is my <b>order</b>?</p><img src="cid:photo@example.com" alt="photo">'),
        ]),
        file(PNG, 'image/png; name="photo.png"', 'inline; filename="photo.png"', {
          'Content-ID': '<photo@example.com>',
        }),
      ]),
      file(PDF, 'application/pdf; name="receipt.pdf"', 'attachment; filename="receipt.pdf"'),
    ]),
  );

/** Mails made to hold up or exhaust whoever reads them (ABUSE F1, F6, F7, AC-25, AC-26), each with its name. */
export function bombs(): [name: string, raw: Buffer][] {
  const inHtml = (body: string) => rawMail({ 'Content-Type': 'text/html' }, body);
  let nested = 'From: bomb@example.com\r\nSubject: deep\r\n';
  for (let depth = 0; depth < 5_000; depth++) {
    nested += `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`;
  }
  let wrapped = 'From: bomb@example.com\r\n';
  for (let depth = 0; depth < 3_000; depth++)
    wrapped += `Content-Type: message/rfc822\r\n\r\nSubject: ${depth}\r\n`;
  const recipients = Array.from({ length: 100_000 }, (_, n) => `someone-${n}@example.com`).join(', ');
  return [
    ['300,000 divs', inHtml('<div>'.repeat(300_000))],
    ['20,000 divs', inHtml('<div>'.repeat(20_000))],
    ['tables in tables', inHtml('<table><tr><td>'.repeat(10_000))],
    ['formatting in formatting', inHtml('<a><b><i>'.repeat(10_000))],
    ['6,000 links', inHtml('<a href="https://example.com/">x</a> '.repeat(6_000))],
    ['a tag with 60,000 attributes', inHtml(`<p ${'a=b '.repeat(60_000)}>x</p>`)],
    ['less-than signs', inHtml('<'.repeat(500_000))],
    ['an open comment over and over', inHtml('<!-- '.repeat(100_000))],
    ['ampersands', inHtml('&'.repeat(500_000))],
    [
      '200,000 parts',
      rawMail({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x\r\n\r\nhi\r\n'.repeat(200_000)),
    ],
    ['5,000 multiparts in each other', Buffer.from(`${nested}Content-Type: text/plain\r\n\r\nhi`)],
    ['3,000 mails in each other', Buffer.from(`${wrapped}\r\nhi`)],
    ['a header of 10 MB', rawMail({ 'X-Long': 'x'.repeat(10_000_000) }, 'hi')],
    ['200,000 headers', Buffer.concat([Buffer.from('X-Many: y\r\n'.repeat(200_000)), rawMail({}, 'hi')])],
    ['100,000 recipients', rawMail({ To: recipients }, 'hi')],
    ['a line of 30 MB', rawMail({}, 'x'.repeat(30_000_000))],
    ['"On" and 200,000 blanks', rawMail({}, `On${' '.repeat(200_000)}x`)],
    ['2,000 lines of 900 blanks', rawMail({}, `On${' '.repeat(900)}x\r\n`.repeat(2_000))],
    ['quote marks', rawMail({}, '>'.repeat(1_000_000))],
    ['encoded words', rawMail({ Subject: '=?utf-8?Q?a?= '.repeat(60_000) }, 'hi')],
    ['beginnings of encoded words', rawMail({ Subject: '=?utf-8?Q?'.repeat(60_000) }, 'hi')],
    ['groups and comments in an address', rawMail({ To: '(a:'.repeat(200_000) }, 'hi')],
    ['angle brackets in an address', rawMail({ From: '<"a" '.repeat(200_000) }, 'hi')],
    [
      'boundaries in one line',
      rawMail({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x'.repeat(1_000_000)),
    ],
    [
      'soft line breaks',
      rawMail({ 'Content-Transfer-Encoding': 'quoted-printable' }, '= \t'.repeat(1_000_000)),
    ],
    ['padded base64', rawMail({ 'Content-Transfer-Encoding': 'base64' }, 'YQ=='.repeat(500_000))],
  ];
}
