// What labels, folders and marks of programs say about an old mail.
import { readHeadOf, readOwnAddresses } from '../../../server/mail/moving-in/heads';
import { folderOfFile, placeIn, splitLabels } from '../../../server/mail/moving-in/labels';
import { ctime, oldMail } from '../../support/archives';

const AT = Date.UTC(2021, 2, 5, 10, 11, 12);

test.each<[labels: string[], tags: string[]]>([
  [['Inbox', 'Unread', 'Important', 'Archived', 'Opened', 'Starred', 'Category Updates'], []],
  [['Innboks', 'Ulest', 'Viktig', 'Kategori: Forum', 'Reklamasjon'], ['Reklamasjon']],
  [['Iesūtne', 'Nelasītas', 'Sūdzības'], ['Sūdzības']],
  [['Customers/North/Returns', 'Returns'], ['Returns']],
  [['[Gmail]/All Mail', 'a\u0000b\u202ec'], ['a b c']],
])('moving in: of the labels %j the tags are %j', (labels, tags) => {
  expect(placeIn(labels).tags).toEqual(tags);
});

test.each([
  [['Spam', 'Orders'], 'spam'],
  [['Papirkurv'], 'trash'],
  [['Melnraksti'], 'draft'],
  [['[Gmail]/Trash'], 'trash'],
  [['Deleted Items'], 'trash'],
])('moving in: what is labelled %j is left out as %s', (labels, reason) => {
  expect(placeIn(labels).leftOut).toBe(reason);
});

test('moving in: labels of Google are read with their quotes and in any language, and count more than the name of the file', () => {
  expect(splitLabels('Inbox,"Smith, Jones & Co",Work')).toEqual(['Inbox', 'Smith, Jones & Co', 'Work']);
  const headers = { 'X-Gmail-Labels': '=?UTF-8?Q?Innboks,S=C3=B8knader?=' };
  expect(readHeadOf(Buffer.from(oldMail({ at: AT, headers })), 'All mail').tags).toEqual(['Søknader']);
  expect(readHeadOf(Buffer.from(oldMail({ at: AT })), 'Orders').tags).toEqual(['Orders']);
});

test.each([
  ['Inbox', ''],
  ['Orders.mbox', ''],
])('moving in: the file %s stands for a folder', (name) => {
  expect(folderOfFile(name, false)).toBe(name.replace('.mbox', ''));
});

test('moving in: folders of programs are named by what people called them', () => {
  expect(folderOfFile('Mail/Inbox.sbd/Orders', false)).toBe('Orders');
  expect(folderOfFile('archive/Complaints/mbox', false)).toBe('Complaints');
  expect(folderOfFile('archive/Complaints/12.eml', true)).toBe('Complaints');
  expect(folderOfFile('12.eml', true)).toBe('');
  expect(folderOfFile('C:\\mail\\Returns.mbx', false)).toBe('Returns');
});

test('moving in: what Thunderbird has deleted and not yet removed, and what was never sent, is left out', () => {
  const marked = (headers: Record<string, string>) =>
    readHeadOf(Buffer.from(oldMail({ at: AT, headers })), '');
  expect(marked({ 'X-Mozilla-Status': '0009' }).leftOut).toBe('trash');
  expect(marked({ 'X-Mozilla-Status': '0001' }).leftOut).toBeUndefined();
  expect(marked({ 'X-Mozilla-Keys': '$label1 warranty nonjunk' }).tags).toEqual(['warranty']);
  expect(marked({ 'X-Unsent': '1' }).leftOut).toBe('draft');
  expect(marked({ 'X-Status': 'D' }).leftOut).toBe('trash');
});

test('moving in: a mail without a date has that of its arrival, else that of the line before it', () => {
  const dateless = oldMail({ at: AT }).replace(/^Date: .*\r\n/m, '');
  const received = `Received: from a by b; Fri, 5 Mar 2021 10:11:12 +0000\r\n${dateless}`;
  expect(readHeadOf(Buffer.from(received), '').sentAt).toBe(AT);
  expect(readHeadOf(Buffer.from(`From - ${ctime(AT)}\r\n${dateless}`), '').sentAt).toBe(AT);
  expect(readHeadOf(Buffer.from(`From 1@xxx ${ctime(AT, '+0100 ')}\r\n${dateless}`), '').sentAt).toBe(
    AT - 3_600_000,
  );
  expect(readHeadOf(Buffer.from(dateless), '').sentAt).toBeUndefined();
});

test('moving in: own addresses are read as people type them, and what is none is named', () => {
  expect(readOwnAddresses('old@teapot.example, info@teapot.example\nnonsense')).toEqual({
    addresses: ['old@teapot.example', 'info@teapot.example'],
    wrong: ['nonsense'],
  });
});
