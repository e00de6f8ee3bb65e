// Mails as customers' programs write them.
import { type ParsedMail, simpleParser } from 'mailparser';
import { file, html, multipart, PDF, PNG, rawMail, text } from '../support/mails';
import type { ReceivedMail } from '../support/smtp';
import { SUPPORT } from './firm';

export const CARLA = { name: 'Carla Jansone', email: 'carla.jansone@customer.example' };

export const QUESTION = 'The kettle stopped heating. The picture shows the limescale-monster.';
const BEFORE = 'Thank you for your order of one enamel kettle.';

/** A question with a picture in its text, a PDF, and what was written before. */
export const carlasQuestion = (): Buffer =>
  rawMail(
    {
      From: `${CARLA.name} <${CARLA.email}>`,
      To: `Teapot <${SUPPORT.user}>`,
      Subject: 'Broken kettle, second time',
      'Message-ID': '<question@customer.example>',
      Date: new Date().toUTCString(),
    },
    multipart('mixed', [
      multipart('related', [
        multipart('alternative', [
          text(`${QUESTION}\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Teapot wrote:\r\n> ${BEFORE}\r\n`),
          html(
            `<div dir="ltr"><p>${QUESTION}</p><p><img src="cid:photo@customer.example" alt="the kettle from inside"></p></div>` +
              `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Nov 2026 at 10:00, Teapot wrote:<br></div>` +
              `<blockquote class="gmail_quote"><p>${BEFORE}</p></blockquote></div>`,
          ),
        ]),
        file(PNG, 'image/png; name="kettle.png"', 'inline; filename="kettle.png"', {
          'Content-ID': '<photo@customer.example>',
        }),
      ]),
      file(PDF, 'application/pdf; name="receipt.pdf"', 'attachment; filename="receipt.pdf"'),
    ]),
  );

/** What an ordinary mail program makes when somebody presses Reply: answered to, threaded by, and quoted from what came. */
export async function answerTo(
  received: ReceivedMail,
  from: { name: string; email: string },
  words: string,
): Promise<Buffer> {
  const mail: ParsedMail = await simpleParser(received.raw);
  const to = mail.replyTo ?? mail.from;
  const references = [mail.references ?? [], mail.messageId ?? []].flat();
  const quoted = (mail.text ?? '')
    .trim()
    .split('\n')
    .map((line) => `> ${line}`);
  return rawMail(
    {
      From: `${from.name} <${from.email}>`,
      To: to?.value.map(({ address }) => address).join(', ') ?? '',
      Subject: mail.subject?.startsWith('Re:') ? mail.subject : `Re: ${mail.subject}`,
      'Message-ID': `<answer-${Date.now()}@customer.example>`,
      'In-Reply-To': String(mail.messageId),
      References: references.join(' '),
      Date: new Date().toUTCString(),
    },
    text(
      [words, '', `On ${mail.date?.toUTCString()}, ${mail.from?.text} wrote:`, ...quoted, ''].join('\r\n'),
    ),
  );
}
