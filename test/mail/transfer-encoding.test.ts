// Files as they were before they were encoded for the journey, however they were encoded (M13).
import { decodeBase64, decodeTransfer } from '../../server/mail/mime/transfer-encoding';

const content = Buffer.from(Array.from({ length: 3_000_001 }, (_, n) => (n * 7 + (n >> 8)) & 255));
const inLines = (text: string, length: number, end = '\r\n') =>
  text.replace(new RegExp(`.{${length}}`, 'g'), `$&${end}`);
const coded = content.toString('base64');

test.each([
  ['in lines of 76', inLines(coded, 76)],
  ['in lines of 61, which end within a group', inLines(coded, 61)],
  ['on one line', coded],
  ['with blanks and stray signs in it', inLines(coded, 1_000, ' \t!\u00a0')],
  ['without its padding', coded.replace(/=+$/, '')],
  ['in the alphabet for addresses', content.toString('base64url')],
])('M13: a long file %s', (_, text) => {
  expect(content.equals(decodeTransfer(Buffer.from(text, 'latin1'), 'base64'))).toBe(true);
});

test('M13: long text that is anything but base64 is read as its short form would be', () => {
  for (const odd of ['=', 'QQ==', 'ab=cd', '%%%', 'A=']) {
    const text = odd.repeat(700_000);
    expect(decodeTransfer(Buffer.from(text), 'base64').equals(decodeBase64(text))).toBe(true);
  }
});
