// M10, AC-22: mails that came back are known as such, and say what did not arrive, where, and why.
import { readMail } from '../../server/mail/read-mail';
import { BOUNCES, LOST, ORIGINAL_ID } from '../support/bounces';
import { multipart, rawMail, text } from '../support/mails';

test.each(BOUNCES.map((bounce) => [bounce.name, bounce] as const))('M10: %s', async (_, form) => {
  const mail = await readMail(form.raw);

  expect(mail.automatic).toBe('bounce');
  expect(mail.bounce).toMatchObject({ permanent: form.permanent, originalMessageId: ORIGINAL_ID });
  expect(mail.bounce?.status).toBe(form.status);
  expect(mail.bounce?.recipient).toBe(form.withoutRecipient ? undefined : LOST);
  expect(mail.bounce?.text).toBeTruthy();
  expect(mail.bounce?.text).not.toContain('\n');
});

test('M10: the server’s own words are kept', async () => {
  const postfix = BOUNCES.find(({ name }) => name === 'Postfix, 5.1.1');
  const exim = BOUNCES.find(({ name }) => name === 'Exim');

  expect((await readMail(postfix?.raw ?? Buffer.alloc(0))).bounce?.text).toBe(
    '550 5.1.1 <carla@gone.example>: Recipient address rejected: User unknown',
  );
  expect((await readMail(exim?.raw ?? Buffer.alloc(0))).bounce?.text).toBe('550 No such user here');
});

test('AC-22: all forms find the mail that bounced', () => {
  expect(BOUNCES.length).toBeGreaterThan(60);
});

test.each([
  [
    'a receipt of success',
    rawMail(
      { From: 'MAILER-DAEMON@mx.example.com', 'Return-Path': '<>' },
      multipart('report; report-type=delivery-status', [
        text('Delivered.'),
        {
          headers: { 'Content-Type': 'message/delivery-status' },
          body: Buffer.from(
            'Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n',
          ),
        },
      ]),
    ),
    'no-return-path',
  ],
  [
    'an absence note without a return path',
    rawMail({ 'Return-Path': '<>', Subject: 'Out of office' }, 'I am back on Monday.'),
    'no-return-path',
  ],
  [
    'a customer who speaks of bounces',
    rawMail(
      { Subject: 'Undeliverable mail?' },
      'My mail to you could not be delivered: 550 5.1.1 user unknown. Why?',
    ),
    undefined,
  ],
  [
    'a customer called postmaster who does not',
    rawMail({ From: 'postmaster@example.com' }, 'Please renew our subscription.'),
    undefined,
  ],
] as [string, Buffer, string | undefined][])('M10: %s is no bounce', async (_, raw, automatic) => {
  const mail = await readMail(raw);

  expect(mail.bounce).toBeUndefined();
  expect(mail.automatic).toBe(automatic);
});
