// M13: winmail.dat is taken apart, so that an agent sees the files and words that the sender meant.
import { readTnef } from '../../server/mail/mime/tnef';
import { readMail } from '../../server/mail/read-mail';
import { file, html, multipart, PDF, PNG, rawMail, text } from '../support/mails';
import { ansi, wide, winmail } from '../support/tnef';

const read = (...parts: Parameters<typeof multipart>[1]) => readMail(rawMail({}, multipart('mixed', parts)));
const asFile = (content: Buffer) => file(content, 'application/ms-tnef; name=winmail.dat');
const filesOf = ({ attachments }: Awaited<ReturnType<typeof read>>) =>
  attachments.map(({ name, type, content }) => [name, type, Buffer.from(content)]);

const FILES = winmail({
  body: 'Not shown, because the mail has words of its own',
  files: [
    { title: 'receip~1.pdf', content: PDF, properties: [[0x001f, 0x3707, wide('Rēķins februārī.pdf')]] },
    { title: 'bl\xe5b\xe6r.png', content: PNG, properties: [[0x0003, 0x3705, 1]] },
  ],
});

test('M13: its files stand on the message, by their long names', async () => {
  const mail = await read(text('See the invoice'), asFile(FILES));

  expect(mail.words).toBe('See the invoice');
  expect(filesOf(mail)).toEqual([
    ['Rēķins februārī.pdf', 'application/pdf', PDF],
    ['blåbær.png', 'image/png', PNG],
  ]);
});

test('M13: where a mail has no other words, those in it are shown, with their pictures', async () => {
  const page = '<p>Dear desk, <b>see</b> <img src="cid:kettle@1"></p>';
  const raw = winmail({
    properties: [
      [0x0003, 0x3fde, 65_001],
      [0x0102, 0x1013, Buffer.from(page)],
    ],
    files: [
      {
        content: PNG,
        properties: [
          [0x001e, 0x3707, ansi('kettle.png')],
          [0x001f, 0x3712, wide('kettle@1')],
        ],
      },
    ],
  });
  for (const mail of [await read(asFile(raw)), await read(text(' '), asFile(raw))]) {
    expect(mail.words).toBe('Dear desk, see');
    expect(mail.html?.words).toContain('data-cid="kettle@1"');
    expect(mail.attachments).toMatchObject([{ name: 'kettle.png', inline: true }]);
  }
  expect((await read(asFile(winmail({ body: 'Only text' })))).words).toBe('Only text');
});

test('M13: a mail within it becomes a text, and its files stand beside', async () => {
  const inner = winmail({ body: 'The words within', files: [{ title: 'a.pdf', content: PDF }] });
  const raw = winmail({
    files: [
      {
        title: 'Forwarded',
        properties: [[0x000d, 0x3701, Buffer.concat([Buffer.alloc(16), inner])]],
      },
    ],
  });
  const mail = await read(text('See'), asFile(raw));

  expect(filesOf(mail).map(([name]) => name)).toEqual(['Forwarded.txt', 'a.pdf']);
  expect(Buffer.from(mail.attachments[0]?.content ?? []).toString()).toBe('The words within');
});

test('M13: what is cut or broken keeps the file itself, beside what was found', async () => {
  const cut = await read(text('See'), asFile(FILES.subarray(0, FILES.length - 600)));
  expect(cut.attachments.at(-1)?.name).toBe('winmail.dat');
  expect((await read(text('See'), asFile(Buffer.from('not at all')))).attachments).toMatchObject([
    { name: 'winmail.dat', size: 10 },
  ]);
});

test('AC-25: bytes of any kind are read in no time, and find nothing outside themselves', () => {
  for (let end = 0; end <= FILES.length; end++) readTnef(FILES.subarray(0, end));
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed & 255;
  };
  for (let round = 0; round < 500; round++) {
    const odd = Buffer.from(FILES);
    for (let change = 0; change < 8; change++)
      odd[6 + (((random() << 8) | random()) % (odd.length - 6))] = random();
    readTnef(odd);
  }
  const counts = winmail({ properties: Array.from({ length: 50_000 }, () => [0x1003, 0x0001, 0xffff_ffff]) });
  expect(readTnef(counts)?.files).toEqual([]);
  expect(
    readTnef(winmail({ files: Array.from({ length: 5_000 }, () => ({ title: 'x', content: PNG })) })),
  ).toMatchObject({
    isCut: true,
    files: { length: 200 },
  });
});

test('AC-01: HTML out of it is made safe like any other', async () => {
  const raw = winmail({
    properties: [[0x0102, 0x1013, Buffer.from('<p>Hi</p><img src=x onerror=alert(1)>')]],
  });
  expect((await read(asFile(raw))).html?.words).toBe('<p>Hi</p>');
  expect((await read(html('<p>Own</p>'), asFile(raw))).html?.words).toBe('<p>Own</p>');
});
