// AC-27: no pattern of ours takes more than linear time, whatever is repeated. Twice the input may take about twice as long.
import { maskCards } from '../../server/lib/mask-cards';
import {
  hasRemoteImages,
  policyFor,
  sanitizeHtml,
  shownContentIds,
  withImages,
} from '../../server/lib/sanitize-html';
import { validAddress } from '../../server/mail/addresses';
import { readAutoconfig } from '../../server/mail/autoconfig';
import { readBounce } from '../../server/mail/bounce';
import { takeEmbeddedPictures } from '../../server/mail/embedded-pictures';
import { readEnvelope, readIds } from '../../server/mail/envelope';
import { foldHtml, foldText, isForwardSubject } from '../../server/mail/fold-quotes';
import { comparable } from '../../server/mail/fold-quotes/line';
import {
  isAttribution,
  isCertain,
  isForwardMark,
  isHeaderBlock,
  isRule,
  isSentFrom,
  isSeparator,
  isSignatureMark,
  labelsOf,
  plainLine,
} from '../../server/mail/fold-quotes/marks';
import { readHtml } from '../../server/mail/html-tree';
import { textOfHeavyHtml, weighHtml } from '../../server/mail/limits';
import { replySubject } from '../../server/mail/mail-text';
import { charsetOf, decodeText } from '../../server/mail/mime/charset';
import { readDate } from '../../server/mail/mime/date';
import { decodeHeader } from '../../server/mail/mime/encoded-words';
import { unflow } from '../../server/mail/mime/flowed';
import { readHeaderBlock } from '../../server/mail/mime/header-block';
import { readParameters } from '../../server/mail/mime/parameters';
import { decodeBase64, decodeTransfer } from '../../server/mail/mime/transfer-encoding';
import { readMime } from '../../server/mail/read-mime';
import { rawMail } from '../support/mails';

const SIZE = 64 * 1024;
/** Below this nothing can be measured, and nothing need be. */
const QUICK_MS = 40;
/** A quadratic pattern takes four times as long for twice the input. */
const LINEAR = 3;
/** A quadratic reader takes seconds for this much; below it a pause of the memory's tells more than the reader. */
const CLEARLY_SLOW_MS = 1_000;

const HEADER_NAMES = [
  'From',
  'To',
  'Subject',
  'Date',
  'References',
  'In-Reply-To',
  'Return-Path',
  'Authentication-Results',
];
const bounceOf = (text: string) => {
  const { root } = readMime(
    rawMail({ From: 'mailer-daemon@example.com', 'Return-Path': '<>' }, `user unknown\n${text}`),
  );
  return readBounce(root, readEnvelope(root.headers), `user unknown\n${text}`);
};

const READERS: Record<string, (text: string) => unknown> = {
  maskCards,
  replySubject,
  'replySubject, of blanks': (text) => replySubject(`Re${text}`),
  validAddress,
  'validAddress, of a domain': (text) => validAddress(`a@${text}com`),
  readAutoconfig: (text) => readAutoconfig(text, 'ana@firm.test'),
  'decodeText, unlabelled': (text) => decodeText(Buffer.from(text)),
  'decodeText, Latin 1 called UTF-8': (text) => decodeText(Buffer.from(text, 'latin1'), 'utf-8'),
  'decodeText, UTF-7': (text) => decodeText(Buffer.from(text), 'utf-7'),
  charsetOf,
  decodeHeader,
  readParameters,
  'readParameters, of a name': (text) => readParameters(`attachment; filename*=${text}`),
  'headers of a part': (text) => readHeaderBlock(Buffer.from(text)),
  ...Object.fromEntries(
    HEADER_NAMES.map((name) => [
      name,
      (text: string) =>
        readEnvelope(readHeaderBlock(Buffer.from(`${name}: ${text.replaceAll('\n', ' ')}\n\n`)).headers),
    ]),
  ),
  readIds,
  readDate,
  decodeBase64,
  'quoted-printable': (text) => decodeTransfer(Buffer.from(text), 'quoted-printable'),
  unflow: (text) => unflow(text, true),
  foldText: (text) => foldText(text),
  'foldText, below words': (text) => foldText(`Hello\n${text}\n> quoted`),
  'foldHtml, as text': (text) => foldHtml(readHtml(`<p>${text.replaceAll('<', '&lt;')}`)),
  'foldHtml, as markup': (text) => weighHtml(text) === 'fine' && foldHtml(readHtml(text)),
  'foldHtml, preformatted': (text) => weighHtml(text) === 'fine' && foldHtml(readHtml(`<pre>${text}`)),
  isForwardSubject,
  comparable: (text) => comparable(text, Number.POSITIVE_INFINITY),
  plainLine,
  isAttribution,
  isCertain: (text) => isCertain(plainLine(text)),
  isForwardMark: (text) => isForwardMark(plainLine(text)),
  isHeaderBlock: (text) =>
    text.split('\n').map((_, at, lines) => isHeaderBlock(lines.slice(at, at + 20), 0, true)),
  isRule,
  isSentFrom,
  isSeparator: (text) => isSeparator(plainLine(text)),
  isSignatureMark,
  labelsOf,
  weighHtml,
  textOfHeavyHtml: (text) => textOfHeavyHtml(text, SIZE * 2),
  takeEmbeddedPictures: (text) => takeEmbeddedPictures(Buffer.from(text), []),
  'sanitizeHtml, as markup': (text) => weighHtml(text) === 'fine' && sanitizeHtml(text, 'rich'),
  'sanitizeHtml, as a style': (text) => sanitizeHtml(`<p style="${text.replaceAll('"', "'")}">x</p>`, 'rich'),
  'sanitizeHtml, as a font': (text) =>
    sanitizeHtml(`<p style="font-family:${text.replaceAll('"', "'")}">x</p>`, 'rich'),
  'sanitizeHtml, as a link': (text) =>
    sanitizeHtml(`<a href="${text.replaceAll('"', "'")}" lang="${text.replaceAll('"', "'")}">x</a>`, 'rich'),
  'sanitizeHtml, as a picture': (text) =>
    sanitizeHtml(
      `<img src="cid:${text.replaceAll('"', "'")}"><img src="//${text.replaceAll('"', "'")}">`,
      'rich',
    ),
  'what reads sanitised HTML': (text) => {
    const html = weighHtml(text) === 'fine' ? sanitizeHtml(text, 'rich') : '';
    return [
      policyFor(html),
      shownContentIds(html),
      hasRemoteImages(html),
      withImages(html, { cid: () => 'x', remote: true }),
    ];
  },
  'bounce prose': bounceOf,
};

const TOKENS = [
  ...[
    'a',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '.',
    '-',
    '_',
    '=',
    '*',
    '>',
    '> ',
    '>\n',
    '<',
    '&',
    '"',
    "'",
    '(',
    ')',
    ';',
    ':',
    ',',
    '@',
    '%',
    '\\',
    '/',
    '?',
    '1',
    '1 ',
    '4-',
  ],
  ...[
    '=?',
    '=?utf-8?Q?',
    '=?utf-8?Q?a?=',
    '=?utf-8?B?YQ==?= ',
    '?=',
    '=3D',
    '= \t',
    '%41',
    "*0*=''",
    'a=b;',
    ';a*1="',
    '<a@b>',
    'a@b.no,',
    '"a" <a@b.no>,',
    '(a',
    '\\"',
    'a@',
  ],
  ...[
    'On ',
    'On 4 Mar 2024, at 10:11, Anna wrote:\n',
    'wrote:',
    'skrev ',
    'a:\n',
    '2024 10:11 a@b.no:\n',
    'From: a\n',
    'From: a\nTo: b\nSubject: c\n',
    '-- \n',
    '--\n',
    '-----',
    '---- wrote ----\n',
    'Sent from my ',
  ],
  ...[
    '<div>',
    '</div>',
    '<p>',
    '<b><i>',
    '<li>',
    '<a href=x>',
    '<!--',
    '<!',
    '<hostname>',
    '<incomingServer type="imap">',
    '<br>',
    '<img src="cid:a">',
    '<img src="data:image/png;base64,AAAA',
    'src="data:image/png;base64,',
    '&lt;',
    '&#60;',
    '<blockquote>',
    '<td>',
    '<style>',
  ],
  ...[
    '4111 1111 1111 1111 ',
    '4111111111111111',
    'NO9386011117947 ',
    'AB12',
    '550 5.1.1 ',
    'Message-ID: <a',
    'a.b@c.',
    'a.',
    'Re: ',
    '5.1.1',
    'hd-0a',
    '\u{1f600}',
    'å',
    '\x1b$B',
  ],
];

const repeated = (token: string, length: number) =>
  token.repeat(Math.ceil(length / token.length)).slice(0, length);

/** Milliseconds that the processor works for it, which others on the machine do not change. */
function msFor(read: (text: string) => unknown, text: string): number {
  const before = process.threadCpuUsage();
  read(text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

test.each(Object.entries(READERS))('AC-27: %s', (_, read) => {
  const slow = TOKENS.filter((token) => msFor(read, repeated(token, SIZE)) > QUICK_MS);
  for (const token of slow) {
    const best = (length: number) => Math.min(...[1, 2].map(() => msFor(read, repeated(token, length))));
    const [once, twice] = [best(SIZE), best(SIZE * 2)];
    expect({ token, grows: twice > CLEARLY_SLOW_MS && twice / once > LINEAR, once, twice }).toMatchObject({
      token,
      grows: false,
    });
  }
});

test('the measure itself finds a quadratic pattern', () => {
  const quadratic = (text: string) => /\s+$/.test(`${text}x`);
  const best = (length: number) => Math.min(...[1, 2, 3].map(() => msFor(quadratic, repeated(' ', length))));
  const [once, twice] = [best(SIZE / 4), best(SIZE / 2)];

  expect(twice / once).toBeGreaterThan(LINEAR);
});
