// Files: named for showing only, and sent so that they can do nothing (AC-04, AC-05).
import { readdirSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanFileName, contentDisposition, filePath } from '../../server/attachments';
import { keepMail, localMailbox } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';
import { uploaded, words } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const PDF = Buffer.from('%PDF-1.7\n1 0 obj <</S/JavaScript/JS(app.alert(1))>> endobj\n');
const SVG = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
);
const HTML = Buffer.from('<!doctype html><script>alert(document.domain)</script>');
const filesOnDisk = () =>
  readdirSync(join(desk.data, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

async function sendFile(name: string, type: string, bytes: Uint8Array) {
  const { status } = await ana.upload(
    `/tickets/${ticket.number}/notes`,
    { clientId: words('').clientId, words: name.slice(0, 50) || 'x' },
    [{ name, type, bytes }],
  );
  expect(status).toBe(303);
  const [row] = desk.rows<{ id: number; owner_id: number; name: string; type: string }>(
    'SELECT * FROM attachments ORDER BY id DESC LIMIT 1',
  );
  return { row, path: `/tickets/${ticket.number}/messages/${row?.owner_id}/attachments/${row?.id}` };
}

describe('AC-04: a file is a download, or a picture that can do nothing', () => {
  const files: [name: string, declared: string, bytes: Uint8Array, shown: string | undefined][] = [
    ['kettle.png', 'image/png', PNG, 'image/png'],
    ['kettle.gif', 'image/gif', GIF, 'image/gif'],
    ['lie.txt', 'text/plain', PNG, 'image/png'],
    ['kettle.svg', 'image/svg+xml', SVG, undefined],
    ['page.html', 'text/html', HTML, undefined],
    ['page.png', 'image/png', HTML, undefined],
    ['drawing.png', 'image/png', SVG, undefined],
    ['page.xhtml', 'application/xhtml+xml', HTML, undefined],
    ['feed.xml', 'application/xml', SVG, undefined],
    ['style.css', 'text/css', Buffer.from('body{display:none}'), undefined],
    ['script.js', 'text/javascript', Buffer.from('alert(1)'), undefined],
    ['report.pdf', 'application/pdf', PDF, undefined],
    ['run.exe', 'application/x-msdownload', Buffer.from('MZ\u0090\0'), undefined],
    ['mail.eml', 'message/rfc822', Buffer.from('From: a@b\r\n\r\n<script>'), undefined],
    ['nothing', '', Buffer.alloc(0), undefined],
    ['odd.type', 'text/html\r\nX-Evil: 1', HTML, undefined],
    ['no.type', 'x', HTML, undefined],
    [
      'kettle.webp',
      'image/webp',
      Buffer.concat([
        Buffer.from('RIFF'),
        Buffer.from([26, 0, 0, 0]),
        Buffer.from('WEBPVP8 '),
        Buffer.alloc(14),
      ]),
      'image/webp',
    ],
    ['movie.mp4', 'video/mp4', Buffer.from('\0\0\0\u0018ftypmp42'), undefined],
    ['icon.ico', 'image/x-icon', Buffer.from([0, 0, 1, 0, 1, 0]), undefined],
  ];

  test.each(files)('%s, said to be %s', async (name, declared, bytes, shown) => {
    const { path } = await sendFile(name, declared, bytes);
    const { status, headers } = await ana.get(path);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(shown ?? 'application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(shown ? /^inline; / : /^attachment; /);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-evil')).toBeNull();
  });

  test('so is a raw mail', async () => {
    const kept = await keepMail(desk.app, {
      mailboxId: localMailbox(desk.app).id,
      source: 'deliver',
      raw: Buffer.from('From: carla@mail.example\r\nSubject: Hi\r\n\r\n<script>'),
    });
    await desk.house.intake.settled();
    const [row] = desk.rows<{ number: number; message: number }>(
      'SELECT number, inbound_mails.message_id AS message FROM inbound_mails JOIN tickets ON tickets.id = ticket_id',
    );
    const { status, headers, html } = await ana.get(`/tickets/${row?.number}/messages/${row?.message}/raw`);

    expect('id' in kept && status).toBe(200);
    expect(html).toContain('<script>');
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="${row?.number}-1.eml"; filename*=UTF-8''${row?.number}-1.eml`,
    );
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  });

  test('part of a file can be asked for, and too much of it is refused', async () => {
    const { path } = await sendFile('kettle.txt', 'text/plain', Buffer.from('0123456789'));

    expect((await ana.get(path, { range: 'bytes=2-4' })).html).toBe('234');
    expect((await ana.get(path, { range: 'bytes=99-' })).status).toBeLessThan(500);
  });

  test('a file that is gone from the disk is not found', async () => {
    const { path } = await sendFile('gone.txt', 'text/plain', Buffer.from('gone'));
    const [file] = desk.rows<{ disk_name: string }>('SELECT disk_name FROM files');
    await unlink(filePath(desk.data, file?.disk_name ?? ''));

    expect((await ana.get(path)).status).toBe(404);
  });

  test('AC-46: a file is reached through its own message and ticket only', async () => {
    const { path, row } = await sendFile('kettle.txt', 'text/plain', Buffer.from('x'));
    const other = desk.ticketFrom('Dora');
    const [message] = desk.messagesOf(other);

    expect((await ana.get(path.replace(String(ticket.number), String(other.number)))).status).toBe(404);
    expect(
      (await ana.get(`/tickets/${other.number}/messages/${message?.id}/attachments/${row?.id}`)).status,
    ).toBe(404);
    for (const id of ['0', '-1', '1e9', 'x', '..%2f', '%00', '99999999999999999999']) {
      expect((await ana.get(path.replace(/\d+$/, id))).status).toBe(404);
    }
    desk.app.db.tx(() => desk.giveToTeam(ticket, desk.team('Repairs', desk.ben)));
    expect((await ana.get(path)).status).toBe(404);
    expect((await doors.as(desk.ben).get(path)).status).toBe(200);
  });
});

describe('AC-05: names', () => {
  const odd: [name: string, clean: string][] = [
    ['..\\..\\x', 'x'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['%2e%2e%2fx', '%2e%2e%2fx'],
    ['a\0b', 'ab'],
    ['a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x=1'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['\u200b.htaccess', 'htaccess'],
    ['.htaccess', 'htaccess'],
    ['...', 'file'],
    ['', 'file'],
    ['   ', 'file'],
    ['/', 'file'],
    ['name. ', 'name'],
    ['<img src=x onerror=alert(1)>', '_img src=x onerror=alert(1)_'],
    ['a"b', 'a_b'],
    ['cafe\u0301.txt', 'café.txt'],
    ['rēķins.pdf', 'rēķins.pdf'],
    ['\uD800x', 'x'],
    ['😀.png', '😀.png'],
    ['a    b', 'a b'],
  ];

  test.each(odd.map(([name, clean]) => [JSON.stringify(name), name, clean] as const))(
    '%s',
    (_, name, clean) => {
      expect(cleanFileName(name)).toBe(clean);
      expect(cleanFileName(clean)).toBe(clean);
    },
  );

  test('a very long name keeps its ending', () => {
    const name = cleanFileName(`${'ē'.repeat(400)}.pdf`);

    expect(name.length).toBeLessThanOrEqual(150);
    expect(name.endsWith('.pdf')).toBe(true);
    expect(cleanFileName(`${'😀'.repeat(400)}.pdf`)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  test.each(odd.map(([name]) => [JSON.stringify(name), name] as const))(
    'the header for %s has no line break and reads back',
    (_, name) => {
      const header = contentDisposition('attachment', name);

      expect(header).toMatch(
        /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9%!#$&+.^_`|~-]*$/,
      );
      expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(cleanFileName(name));
    },
  );

  test('a file keeps its clean name through an upload and through a mail, and none of it on the disk', async () => {
    const { path } = await sendFile('..\\..\\rēķins\u202E.pdf', 'application/pdf', PDF);
    const attachment = {
      name: '../../rēķins.pdf',
      declaredType: '',
      type: '',
      inline: false,
      content: PDF,
      size: PDF.length,
    };
    const { message } = receive(desk, letter({ attachments: [attachment] }), undefined, [
      (await uploaded(desk, 'x', 'other')).file,
    ]);

    expect((await ana.get(path)).headers.get('content-disposition')).toContain(
      "filename*=UTF-8''r%C4%93%C4%B7ins.pdf",
    );
    expect(desk.rows('SELECT name FROM attachments WHERE owner_id = ?', message.id)).toEqual([
      { name: 'rēķins.pdf' },
    ]);
    expect(filesOnDisk().every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
  });
});
