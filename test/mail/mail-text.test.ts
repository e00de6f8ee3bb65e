// Subjects of replies, and plain words as HTML.
import { htmlFromText, replySubject } from '../../server/mail/mail-text';

test.each([
  ['Invoice', 'Re: Invoice'],
  ['Re: Invoice', 'Re: Invoice'],
  ['RE: re: Re : Invoice', 'Re: Invoice'],
  ['SV: Faktura', 'Re: Faktura'],
  ['Atb: SV: Rēķins', 'Re: Rēķins'],
  ['AW: Rechnung', 'Re: Rechnung'],
  ['Re[3]: Invoice', 'Re: Invoice'],
  ['Re: Fwd: Invoice', 'Re: Fwd: Invoice'],
  ['Fwd: Re: Invoice', 'Re: Fwd: Re: Invoice'],
  ['Reorder: 12 boxes', 'Re: Reorder: 12 boxes'],
  ['Svart: en farge', 'Re: Svart: en farge'],
  ['回复：订单', 'Re: 订单'],
  ['', 'Re:'],
  ['  Re:  ', 'Re:'],
  ['two\r\n lines\tand a tab', 'Re: two lines and a tab'],
])('O2: the reply to "%s" is called "%s"', (subject, expected) => {
  expect(replySubject(subject)).toBe(expected);
});

test('O2: a subject of any length is cut', () => {
  expect(replySubject('Re: '.repeat(200_000)).length).toBeLessThan(401);
  expect(replySubject(' '.repeat(500_000)).length).toBeLessThan(401);
  expect(replySubject(`Re${' '.repeat(500_000)}`).length).toBeLessThan(401);
});

test('O2: text becomes HTML that says the same and does nothing else', () => {
  expect(htmlFromText('Dear Carla,\n\nsee <b> & "that"\nhere.\n\n\n-- \nAna')).toBe(
    '<p>Dear Carla,</p><p>see &lt;b&gt; &amp; &quot;that&quot;<br>here.</p><p>-- <br>Ana</p>',
  );
  expect(htmlFromText('Look at https://example.com/a?b=1&c=2. Or (https://example.com/x)!')).toBe(
    '<p>Look at <a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer">https://example.com/a?b=1&amp;c=2</a>. ' +
      'Or (<a href="https://example.com/x" rel="noopener noreferrer">https://example.com/x</a>)!</p>',
  );
  expect(htmlFromText('https://en.wikipedia.org/wiki/Reply_(letter)')).toContain(
    'href="https://en.wikipedia.org/wiki/Reply_(letter)"',
  );
  for (const text of ['javascript:alert(1)', 'https://"onclick="x', 'https://', '<script>x</script>']) {
    expect(htmlFromText(text)).not.toMatch(/<a|<script|onclick="/);
  }
});

test('O2: the history stands beneath as a quote; M6: the mark is carried in an id', () => {
  const mark = `hd-${'0a'.repeat(16)}`;
  const html = htmlFromText('Yes.', { quote: 'Is it?\n\n<script>', mark });

  expect(html).toBe(
    `<div id="x-${mark}"><p>Yes.</p><blockquote type="cite"><p>Is it?</p><p>&lt;script&gt;</p></blockquote></div>`,
  );
  // As Gmail, Outlook and Yahoo write it when they quote.
  for (const prefix of ['m_-8123', 'x_', 'yiv981'])
    expect(`id="${prefix}x-${mark}"`).toMatch(/\bhd-([0-9a-f]{32})\b/);
});
