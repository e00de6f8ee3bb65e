// An agent writes first, over HTTP and without script.
import { randomId } from '../../server/lib/ids';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';

let desk: Desk;
let doors: Doors;
let ana: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];

describe('a new ticket', () => {
  const first = (more: Record<string, string> = {}) => ({
    clientId: randomId(),
    name: 'Dora',
    email: 'dora@mail.example',
    subject: 'Your spare part',
    words: 'It has come.',
    ...more,
  });

  test('is written by an agent, and leaves as a mail', async () => {
    const { status, location } = await ana.upload('/tickets', first(), []);

    expect(status).toBe(303);
    expect((await ana.get(location ?? '')).html).toContain('It has come.');
    expect(desk.queuedMails()).toEqual([
      { recipients: ['dora@mail.example'], state: 'waiting', kind: 'reply' },
    ]);
    expect(
      desk.rows("SELECT verified_how FROM customer_addresses WHERE address = 'dora@mail.example'"),
    ).toEqual([{ verified_how: 'agent' }]);
  });

  test('422: with an error it comes back as it was typed', async () => {
    const { status, html } = await ana.post(
      '/tickets',
      first({ email: 'dora at mail', words: 'Kept <words>' }),
    );

    expect(status).toBe(422);
    expect(html).toContain('Kept &lt;words&gt;');
    expect(html).toContain('dora at mail');
    expect(desk.queuedMails()).toEqual([]);
  });

  test('422: whoever had chosen files is told to choose them again', async () => {
    const file = { name: 'one.txt', type: 'text/plain', bytes: Buffer.from('one') };
    const wrong = first({ email: 'dora at mail' });

    expect((await ana.upload('/tickets', wrong, [file])).html).toContain('Choose your files again');
    expect((await ana.upload('/tickets', wrong, [])).html).not.toContain('Choose your files again');
  });

  test('whoever was signed out meanwhile is not led to the address of a form', async () => {
    expect((await doors.stranger().post('/tickets', first())).location).toBe('/sign-in?next=');
  });

  test('AC-23: is not written to ourselves', async () => {
    desk.mailbox('support@teapot.example');

    for (const email of ['support@teapot.example', 'Support+x@teapot.example'])
      expect((await ana.post('/tickets', first({ email }))).status).toBe(422);
    expect(desk.queuedMails()).toEqual([]);
  });

  test.each([
    'a@b',
    '"a b"@mail.example',
    'a@b.example, c@d.example',
    'Dora <dora@mail.example>',
    'dora@[127.0.0.1]',
    'dora@mail.example\r\nBcc: v@e.example',
  ])('AC-32: is not written to %p', async (email) => {
    expect((await ana.post('/tickets', first({ email }))).status).toBe(422);
    expect(desk.queuedMails()).toEqual([]);
  });

  test('sent twice is one, and two windows with other words are two', async () => {
    const clientId = field((await ana.get('/tickets/new')).html, 'clientId') ?? '';
    const one = await ana.post('/tickets', first({ clientId }));
    const same = await ana.post('/tickets', first({ clientId }));
    const other = await ana.post(
      '/tickets',
      first({ clientId, email: 'emil@mail.example', words: 'Another matter' }),
    );
    const otherAgain = await ana.post(
      '/tickets',
      first({ clientId, email: 'emil@mail.example', words: 'Another matter' }),
    );

    expect(same.location).toBe(one.location);
    expect(other.location).not.toBe(one.location);
    expect(otherAgain.location).toBe(other.location);
    expect(desk.queuedMails().map(({ recipients }) => recipients[0])).toEqual([
      'dora@mail.example',
      'emil@mail.example',
    ]);
  });
});
