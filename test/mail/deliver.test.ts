// `deliver`: a mail server on this machine hands mails over, and is told exactly what became of them.
import disk, { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCli } from '../../server/cli';
import { deliver, localMailbox } from '../../server/mail';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const raw = (subject: string) =>
  Buffer.from(
    `From: Carla <carla@mail.example>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\nHello`,
  );
const deliverNow = (bytes: Buffer, values: Record<string, string> = {}) => deliver(desk.app, values, bytes);
const settled = () => desk.house.intake.settled();
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);
const states = () => desk.rows<{ state: string }>('SELECT state FROM inbound_mails ORDER BY id');

describe('deliver', () => {
  test('65 only for empty input', async () => {
    for (const empty of ['', '\n', '  \r\n\r\n'])
      expect((await deliverNow(Buffer.from(empty))).exit).toBe(65);
    for (const odd of [
      `${'\r\n'.repeat(5_000)}From: a@b.example\r\n\r\nFar down`,
      'x',
      'Subject: only',
      '\0\0\0',
      '<html>',
      'From: nobody',
    ])
      expect((await deliverNow(Buffer.from(odd))).exit).toBe(0);
    await settled();

    expect(states().some(({ state }) => state === 'stored')).toBe(false);
  });

  test('75 for a mailbox that is not there', async () => {
    expect(await deliverNow(raw('Hi'), { mailbox: 'nobody@teapot.example' })).toMatchObject({ exit: 75 });
    expect(await deliverNow(raw('Hi'), { mailbox: 'no address' })).toMatchObject({ exit: 75 });
    expect(states()).toEqual([]);
  });

  test('it takes the mailbox that is named, else the one among the recipients, else the first, else the built-in one', async () => {
    const to = (address: string, header = 'To') =>
      Buffer.from(
        `From: carla@mail.example\n${header}: x@y.example, Teapot <${address}>\nMessage-ID: <${address}${header}@x>\n\nHi`,
      );
    await deliverNow(to('anybody@else.example'));
    const sales = desk.mailbox('sales@teapot.example');
    const support = desk.mailbox('support@teapot.example');
    await deliverNow(to('anybody@else.example', 'Cc'));
    await deliverNow(to('Support@Teapot.example'));
    await deliverNow(to('support+tag@teapot.example', 'Delivered-To'));
    await deliverNow(to('support@teapot.example', 'Cc'), { mailbox: 'sales@teapot.example' });
    await settled();

    const boxes = desk
      .rows<{ mailbox_id: number }>('SELECT mailbox_id FROM inbound_mails ORDER BY id')
      .map(({ mailbox_id }) => mailbox_id);
    expect(boxes).toEqual([localMailbox(desk.app).id, sales.id, support.id, support.id, sales.id]);
  });

  test('M6: a mailbox may be named by one of its tagged addresses, as a mail server passes on what it was told', async () => {
    const support = desk.mailbox('support@teapot.example', { plusAddresses: true });
    const plus = desk.mailbox('sales+north@teapot.example');
    const tag = `support+hd-${'0'.repeat(32)}@teapot.example`;

    expect(await deliverNow(raw('Answer'), { mailbox: tag })).toMatchObject({ exit: 0 });
    expect(await deliverNow(raw('North'), { mailbox: 'sales+north@teapot.example' })).toMatchObject({
      exit: 0,
    });
    await deliverNow(Buffer.from('To: sales+north@teapot.example\nMessage-ID: <n@x>\n\nHi'));
    expect(desk.rows('SELECT mailbox_id FROM inbound_mails ORDER BY id')).toEqual(
      [support, plus, plus].map(({ id }) => ({ mailbox_id: id })),
    );
    expect(await deliverNow(raw('Nowhere'), { mailbox: 'sales@teapot.example' })).toMatchObject({ exit: 75 });
  });

  test('lines may end in LF or CRLF', async () => {
    await deliverNow(Buffer.from(raw('Unix').toString().replaceAll('\r\n', '\n')));
    await settled();

    expect(subjects()).toEqual(['Unix']);
  });

  test('AC-29: a folder that can’t be written to throws, so that the mail server keeps the mail', async () => {
    await rm(join(desk.data, 'mail'), { recursive: true });
    await writeFile(join(desk.data, 'mail'), '');

    await expect(deliverNow(raw('Hi'))).rejects.toThrow();
    expect(states()).toEqual([]);
  });

  test('AC-29: a disk that is nearly full takes no more mail, so that the mail server keeps it', async () => {
    const full = jest.spyOn(disk, 'statfs').mockResolvedValue({ bavail: 1_000, bsize: 4_096 } as never);

    await expect(deliverNow(raw('Hi'))).rejects.toThrow('The disk is nearly full');
    expect(states()).toEqual([]);

    full.mockRestore();
    expect(await deliverNow(raw('Hi'))).toMatchObject({ exit: 0 });
  });

  test('75 for anything that may pass: a folder that is not set up, a wrong option', async () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    const input = jest.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([]) as never);

    expect(await runCli(['deliver', '--data', join(desk.data, 'nowhere')])).toBe(75);
    expect(await runCli(['deliver', '--no-such-option'])).toBe(75);
    expect(said).toHaveBeenCalledTimes(2);
    input.mockRestore();
    said.mockRestore();
  });
});
