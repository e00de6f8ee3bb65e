// Words of a raw mail are seen whatever coding they were sent in.
import { viewsOf } from '../../server/privacy/mail-views';

const WORDS = 'Tējkanna svilpj visu nakti un kaimiņi klauvē pie sienas';

const mail = (headers: string[], body: string | Buffer) =>
  Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n\r\n`), Buffer.from(body as string)]);

const sees = (raw: Buffer, words: string) =>
  viewsOf(raw).some((view) => view.includes(Buffer.from(words, 'utf8')));

test('as they are', () => {
  expect(sees(mail(['Content-Type: text/plain; charset=utf-8'], WORDS), WORDS)).toBe(true);
});

test('quoted-printable, with soft line breaks within a word', () => {
  const coded = [...Buffer.from(WORDS)]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
    .replace(/(.{60})/g, '$1=\r\n');

  expect(sees(mail(['Content-Transfer-Encoding: quoted-printable'], coded), WORDS)).toBe(true);
});

test('base64, wrapped at any length', () => {
  const coded = Buffer.from(WORDS)
    .toString('base64')
    .replace(/(.{20})/g, '$1\r\n');

  expect(sees(mail(['Content-Transfer-Encoding: base64'], coded), WORDS)).toBe(true);
});

test('in the charset of a country', () => {
  const words = 'Kjelen hviner hele natten på kjøkkenet';
  const latin1 = Buffer.from(words, 'latin1');

  expect(sees(mail(['Content-Type: text/plain; charset="iso-8859-1"'], latin1), words)).toBe(true);
});

test('in a header as an encoded word', () => {
  const name = 'Ilze Bērziņa';
  const coded = `From: =?utf-8?B?${Buffer.from(name).toString('base64')}?= <a@b.example>`;

  expect(sees(mail([coded], ''), name)).toBe(true);
});

test('a charset that nobody knows stops nothing', () => {
  expect(sees(mail(['Content-Type: text/plain; charset="x-klingon"'], WORDS), WORDS)).toBe(true);
});
