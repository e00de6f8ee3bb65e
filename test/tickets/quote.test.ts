// O2: beneath a reply stands what the customer wrote as it looked, and nothing else travels with it.
import { unlink } from 'node:fs/promises';
import { simpleParser } from 'mailparser';
import { filePath, storeBytes } from '../../server/attachments';
import { sanitizeHtml } from '../../server/lib/sanitize-html';
import { readMail } from '../../server/mail/read-mail';
import { Sender } from '../../server/mail/sender';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { file, html, multipart, PNG, rawMail } from '../support/mails';
import { noisePng } from '../support/pictures';
import { type Smtp, startSmtp } from '../support/smtp';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const picture = (content: Buffer, id: string) =>
  file(content, 'image/png; name="kettle.png"', 'inline; filename="kettle.png"', { 'Content-ID': `<${id}>` });

/** Reads the mail as a worker does and files it. */
async function receiveRaw(
  words: string,
  pictures: { id: string; content: Buffer }[] = [],
  headers: Record<string, string> = {},
) {
  const parts = [html(words), ...pictures.map(({ id, content }) => picture(content, id))];
  const mail = await readMail(rawMail(headers, multipart('related', parts)));
  const files = await Promise.all(
    mail.attachments.map(({ content }) => storeBytes(desk.app, Buffer.from(content))),
  );
  return receive(desk, mail, desk.mailbox(`s${Math.random()}@teapot.example`, { smtp: { port: 25 } }), files);
}

const quoteIn = (htmlOfMail: string) =>
  /<blockquote type="cite">([\s\S]*)<\/blockquote>/.exec(htmlOfMail)?.[1] ?? '';

const LETTER =
  '<table><tr><td style="color:red"><b>It leaks</b> &amp; drips<script>alert(1)</script></td></tr></table>' +
  '<p onclick="x()"><img src="cid:photo@mail.example" alt="the spout" width="40"></p>' +
  '<img src="https://counter.example/seen.png" alt="counter">';

test('O2: the HTML part quotes what the customer wrote as it looked, with its pictures under ids of ours; text stays text', async () => {
  const { ticket } = await receiveRaw(LETTER, [{ id: 'photo@mail.example', content: PNG }]);

  const mail = mailOf(desk, reply(desk, ticket, 'Which model is it?'));

  const quote = quoteIn(mail.html);
  expect(quote).toContain('<td style="color:red"><b>It leaks</b> &amp; drips</td>');
  expect(quote).not.toMatch(/script|onclick|counter\.example|photo@mail\.example|data-/);
  const [shown] = mail.attachments;
  expect(mail.attachments).toHaveLength(1);
  expect(shown?.contentId).toMatch(/^[0-9a-f]{32}@teapot\.example$/);
  expect(quote).toContain(`<img src="cid:${shown?.contentId}" alt="the spout" width="40">`);
  expect(mail.html).toMatch(
    /^<div id="x-hd-[0-9a-f]{32}"><p>Which model is it\?<\/p><blockquote type="cite">/,
  );
  expect(mail.text).toContain('> It leaks & drips');
});

test('AC-03: what is quoted is what the sanitiser would make of it', async () => {
  const { ticket } = await receiveRaw(LETTER);
  const quote = quoteIn(mailOf(desk, reply(desk, ticket, 'Hello')).html);
  expect(sanitizeHtml(quote, 'rich')).toBe(quote);
});

test('AC-17: neither the layout nor the pictures of somebody unaccepted are passed on', async () => {
  const { ticket } = await receiveRaw('<b>It leaks</b>', [], { 'Message-ID': '<first@mail.example>' });
  const evil = await readMail(
    rawMail(
      {
        From: 'mallory@evil.example',
        'Message-ID': '<evil@evil.example>',
        'In-Reply-To': '<first@mail.example>',
      },
      multipart('related', [html('<i>Send it to me</i><img src="cid:evil">'), picture(PNG, 'evil')]),
    ),
  );
  const stored = await storeBytes(desk.app, PNG);
  receive(desk, evil, { id: ticket.mailbox_id as number }, [stored]);

  const mail = mailOf(desk, reply(desk, ticket, 'Hello'));

  expect(quoteIn(mail.html)).toContain('<b>It leaks</b>');
  expect(mail.html).not.toContain('Send it to me');
  expect(mail.attachments).toEqual([]);
});

const TEXT_AFTER = '<p>Yours, Ana</p>';
test.each([
  ['a table directly in a table', `<table><div><table></table></div></table>${TEXT_AFTER}`],
  ['a heading in a heading', `<h3><div><h1><h2>x</h2></h1></div></h3>${TEXT_AFTER}`],
])(
  'AC-31: words that mail programs would show outside of the quote, by %s, are quoted as text',
  async (_, words) => {
    const { ticket } = await receiveRaw(`<font color="#ff0000">red</font>${words}`);
    const mail = mailOf(desk, reply(desk, ticket, 'Hello'));
    expect(quoteIn(mail.html)).toContain('Yours, Ana');
    expect(quoteIn(mail.html)).not.toMatch(/<table|<h\d|<font/);
  },
);

describe('O2: the quote is text and no picture goes along', () => {
  const nothingGoes = (mail: { html: string; attachments: unknown[] }) => {
    expect(quoteIn(mail.html)).toContain('<p>It leaks');
    expect(quoteIn(mail.html)).not.toContain('<b>');
    expect(mail.attachments).toEqual([]);
  };

  test('when there are too many pictures', async () => {
    const ids = Array.from({ length: 11 }, (_, n) => `p${n}@mail.example`);
    const words = `<b>It leaks</b>${ids.map((id) => `<img src="cid:${id}">`).join('')}`;
    const { ticket } = await receiveRaw(
      words,
      ids.map((id) => ({ id, content: PNG })),
    );
    nothingGoes(mailOf(desk, reply(desk, ticket, 'Hello')));
  });

  test('when they are too large', async () => {
    const large = noisePng(1_000, 1_001);
    const { ticket } = await receiveRaw('<b>It leaks</b><img src="cid:a@b.example">', [
      { id: 'a@b.example', content: large },
    ]);
    nothingGoes(mailOf(desk, reply(desk, ticket, 'Hello')));
  });

  test('when its HTML is very long, or was made by an older sanitiser', async () => {
    const { ticket, message } = await receiveRaw(
      `<b>It leaks</b>${'<font color="#ff0000">!</font>'.repeat(3_000)}`,
    );
    nothingGoes(mailOf(desk, reply(desk, ticket, 'Hello')));
    desk.app.db.sql
      .prepare("UPDATE messages SET html_words = '<b>It leaks</b>', sanitiser_version = 0 WHERE id = ?")
      .run(message.id);
    nothingGoes(mailOf(desk, reply(desk, ticket, 'Hello again')));
  });
});

test('a message without HTML is quoted as text', () => {
  const { ticket } = receive(desk, letter({ words: 'It <b>leaks' }));
  expect(quoteIn(mailOf(desk, reply(desk, ticket, 'Hello')).html)).toBe('<p>It &lt;b&gt;leaks</p>');
});

describe('on its way', () => {
  let smtp: Smtp;
  let sender: Sender;
  beforeEach(async () => {
    smtp = await startSmtp();
    sender = new Sender(() => desk.app);
  });
  afterEach(async () => {
    await sender.stop();
    await smtp.stop();
  });
  const send = async () => {
    desk.app.db.sql
      .prepare('UPDATE mailboxes SET smtp = ? WHERE smtp IS NOT NULL')
      .run(JSON.stringify({ host: '127.0.0.1', port: smtp.port, security: 'none', user: '' }));
    desk.clock.pass(60_000);
    await sender.sendDue();
    return simpleParser(smtp.mails[0]?.raw ?? '', { skipImageLinks: true });
  };

  test('O2: the quoted picture is an inline part of the mail that a server takes', async () => {
    const { ticket } = await receiveRaw(LETTER, [{ id: 'photo@mail.example', content: PNG }]);
    reply(desk, ticket, 'Which model is it?');

    const mail = await send();

    const [shown] = mail.attachments;
    expect(shown).toMatchObject({ contentDisposition: 'inline', related: true, content: PNG });
    expect(mail.html).toContain(`cid:${shown?.cid}`);
  });

  test('P3: a quoted picture stays away when its quote was laid out anew without it', async () => {
    const { ticket } = await receiveRaw(LETTER, [{ id: 'photo@mail.example', content: PNG }]);
    reply(desk, ticket, 'Which model is it?');
    desk.app.db.sql.prepare("UPDATE outbox SET mail = json_set(mail, '$.html', '<p>Words</p>')").run();
    expect((await send()).attachments).toEqual([]);
    expect(desk.messagesOf(ticket).at(-1)?.state).toBe('sent');
  });

  test('P3: a quoted picture that is gone meanwhile stays away, and the words leave', async () => {
    const { ticket } = await receiveRaw(LETTER, [{ id: 'photo@mail.example', content: PNG }]);
    const message = reply(desk, ticket, 'Which model is it?');
    await unlink(filePath(desk.data, mailOf(desk, message).attachments[0]?.diskName as string));
    expect((await send()).attachments).toEqual([]);
    expect(desk.messagesOf(ticket).at(-1)?.state).toBe('sent');
  });
});
