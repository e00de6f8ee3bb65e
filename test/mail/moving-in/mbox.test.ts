// The mails of an mbox, whatever wrote it: where each begins, and each as it was before it was put there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindOfFile, mailsIn, readFromMbox, unquoted } from '../../../server/mail/moving-in/mbox';
import { fromOutlook, gmailTakeout, oldMail, thunderbird } from '../../support/archives';

const AT = Date.UTC(2021, 2, 5, 10, 11, 12);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mbox-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(bytes: Buffer, from = 0): Promise<string[]> {
  const path = join(folder, 'archive');
  writeFileSync(path, bytes);
  const file = await open(path, 'r');
  const mails: string[] = [];
  try {
    for await (const span of mailsIn(file, bytes.length, from))
      mails.push((await readFromMbox(file, span)).toString());
  } finally {
    await file.close();
  }
  return mails;
}

const three = [1, 2, 3].map((n) => ({ id: `m${n}@mail.example`, at: AT + n * 1_000, words: `Mail ${n}` }));

test.each([
  ['Gmail', gmailTakeout, (mail: string) => mail],
  ['Outlook', fromOutlook, (mail: string) => mail.replaceAll('\r\n', '\n')],
])('moving in: the mails of an archive of %s come out as they were put in', async (_, archive, ends) => {
  expect(await read(archive(three))).toEqual(three.map((mail) => ends(oldMail(mail))));
});

test('moving in: Thunderbird quotes nothing, and a line that begins with From in a mail is no beginning', async () => {
  const words = 'Hello\n\nFrom here on it is 12:30 in 2021, they say.\n\nFrom Oslo\n\nBye';
  const mails = await read(
    thunderbird([
      { ...three[0], at: AT, words },
      { ...three[1], at: AT },
    ]),
  );

  expect(mails).toHaveLength(2);
  expect(mails[0]).toContain(words);
});

test('moving in: quoted lines lose one mark, and no other line any', () => {
  expect(unquoted(Buffer.from('a\n>From x\n>>From y\n> From z\n b >From c\n')).toString()).toBe(
    'a\nFrom x\n>From y\n> From z\n b >From c\n',
  );
});

test('moving in: words that begin with From come back whole from a quoted archive', async () => {
  const words = 'From the beginning:\r\n>From whom?\r\n\r\nFrom me, 10:10 on 1 May 2020\r\nX: y';
  expect(await read(gmailTakeout([{ at: AT, words }]))).toEqual([oldMail({ at: AT, words })]);
});

test('moving in: mails are found across the pieces in which a large file is read, and reading goes on from any of them', async () => {
  const many = Array.from({ length: 400 }, (_, n) => ({
    id: `many-${n}@mail.example`,
    at: AT + n * 1_000,
    words: `${n} ${'x'.repeat((n * 37) % 4_000)}`,
  }));
  const archive = gmailTakeout(many);
  const mails = await read(archive);

  expect(archive.length).toBeGreaterThan(2 * 256 * 1024);
  expect(mails).toEqual(many.map(oldMail));
  const from = archive.indexOf('From 1790000000000000300@xxx');
  expect(await read(archive, from)).toEqual(many.slice(300).map(oldMail));
});

test('AC-25: a file that is one line of From, or one without an end, is read in a moment', async () => {
  const began = performance.now();
  await read(Buffer.from('From '.repeat(2_000_000)));
  await read(Buffer.from(`From x ${'>From '.repeat(1_000_000)}`));
  await read(Buffer.from(`From - Fri Mar  5 10:11:12 2021\n${'\nFrom 12:00 2020\n'.repeat(300_000)}`));
  unquoted(Buffer.from('>'.repeat(5_000_000)));
  unquoted(Buffer.from(`\n${'>'.repeat(3_000_000)}From `));

  expect(performance.now() - began).toBeLessThan(20_000);
});

test.each([
  ['an archive', gmailTakeout(three), 'mbox'],
  ['a mail', Buffer.from(oldMail({ at: AT })), 'mail'],
  ['a mail with a byte order mark', Buffer.from(`\ufeff${oldMail({ at: AT })}`), 'mail'],
  ['nothing', Buffer.alloc(0), 'empty'],
  ['blanks', Buffer.from('\r\n \n'), 'empty'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), undefined],
  ['a letter', Buffer.from('Dear Sir,\n\nFrom 12:00 on I am here.\n'), undefined],
])('moving in: %s is told apart by its beginning', async (_, bytes, kind) => {
  const path = join(folder, 'some');
  writeFileSync(path, bytes);
  expect(await kindOfFile(path)).toBe(kind);
});
