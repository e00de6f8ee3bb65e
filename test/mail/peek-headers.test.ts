// What is known of a mail before it is parsed agrees with what is known after.
import { peekHeaders, peekMessageId } from '../../server/mail/peek-headers';
import { readMail } from '../../server/mail/read-mail';
import { rawMail } from '../support/mails';

test.each([
  ['an ordinary id', '<a@example.com>'],
  ['no brackets', 'a@example.com'],
  ['folded', '\r\n <a@example.com>'],
  ['two of them', '<a@example.com> <b@example.com>'],
  ['a comment before it', '(from x) <a@example.com>'],
  ['blanks inside', '<a@ example.com>'],
  ['nothing', ''],
  ['no id', 'none'],
])('M3: %s: the id by which a mail is known is the one that its message has', async (_, value) => {
  const raw = rawMail({ 'Message-ID': value }, 'Hello');

  expect(peekMessageId(raw)).toBe((await readMail(raw)).messageId);
});

test('headers are found wherever the mail begins, and nowhere in its body', () => {
  const raw = Buffer.concat([
    Buffer.from('From x Mon Mar 4\r\n'),
    rawMail({ Cc: 'a@example.com' }, 'Delivered-To: b@example.com'),
  ]);

  expect(peekHeaders(raw, ['cc', 'delivered-to'])).toEqual({ cc: ['a@example.com'], 'delivered-to': [] });
});
