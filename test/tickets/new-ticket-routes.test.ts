// An agent writes first, over HTTP and without script.
import { randomId } from '../../server/lib/ids';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';

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

describe('where it leaves from, who else gets it, and whose it is', () => {
  const smtp = { port: 25 };
  const written = (more: Record<string, string> = {}) => ({
    clientId: randomId(),
    name: 'Dora',
    email: 'dora@mail.example',
    subject: 'Your spare part',
    words: 'It has come.',
    ...more,
  });
  const choice = (html: string, name: string) =>
    new RegExp(`<select[^>]*name="${name}"[^]*?</select>`).exec(html)?.[0] ?? '';
  const newest = () =>
    desk.rows<{ number: number; status: string }>('SELECT * FROM tickets ORDER BY id DESC')[0];

  test('one mailbox is said, of several one is chosen, and the mail and its mark are that one’s', async () => {
    desk.mailbox('support@teapot.example', { smtp });
    expect((await ana.get('/tickets/new')).html).toContain('It leaves from support@teapot.example');
    expect(choice((await ana.get('/tickets/new')).html, 'mailbox')).toBe('');
    const sales = desk.mailbox('sales@teapot.example', { smtp });
    expect(choice((await ana.get('/tickets/new')).html, 'mailbox')).toContain('sales@teapot.example');

    await ana.post('/tickets', written({ mailbox: String(sales.id) }));

    expect(desk.rows('SELECT mailbox_id FROM outbox')).toEqual([{ mailbox_id: sales.id }]);
    const [{ mail } = { mail: '{}' }] = desk.rows<{ mail: string }>('SELECT mail FROM outbox');
    expect(JSON.parse(mail).from.address).toBe('sales@teapot.example');
    expect(desk.rows('SELECT mailbox_id FROM thread_keys')).toEqual([{ mailbox_id: sales.id }]);
  });

  test('copies go along and are on the ticket; the answer of the customer and of a copy lands in it', async () => {
    await ana.post('/tickets', written({ cc: 'Per <per@other.example>', bcc: 'boss@firm.example' }));
    expect(desk.queuedMails()[0]?.recipients).toEqual([
      'dora@mail.example',
      'per@other.example',
      'boss@firm.example',
    ]);
    const [{ id, ticket } = { id: '', ticket: 0 }] = desk.rows<{ id: string; ticket: number }>(
      'SELECT header_message_id AS id, ticket_id AS ticket FROM outbox JOIN messages ON messages.id = message_id',
    );

    for (const from of ['dora@mail.example', 'per@other.example'])
      expect(receive(desk, letter({ from, inReplyTo: [id] })).message).toMatchObject({
        ticket_id: ticket,
        sender_state: 'accepted',
      });
  });

  test('it is given to a team and an agent and kept open, and whoever wrote it goes on seeing it', async () => {
    const repairs = desk.team('Repairs', desk.ben);
    const form = written({ team: String(repairs), assignee: String(desk.ben.id), thenStatus: 'open' });

    const { location } = await ana.post('/tickets', form);

    expect(newest()).toMatchObject({ team_id: repairs, assignee_id: desk.ben.id, status: 'open' });
    expect((await ana.get(location ?? '')).html).toContain('Undo');
    expect((await ana.post('/tickets', form)).location).toBe(location);
  });

  test.each([
    [{ cc: 'per at other' }, '“per at other” is no e-mail address'],
    [{ bcc: 'support@teapot.example' }, 'is one of our own mailboxes'],
    [{ cc: Array.from({ length: 50 }, (_, n) => `p${n}@other.example`).join(', ') }, 'at most 50 people'],
    [{ mailbox: '99' }, 'aria-invalid="true"'],
    [{ team: '99' }, 'aria-invalid="true"'],
    [{ assignee: '99' }, 'aria-invalid="true"'],
  ])('422: %p is said at its field, and everything is kept', async (wrong, says) => {
    for (const name of ['support', 'sales']) desk.mailbox(`${name}@teapot.example`, { smtp });
    desk.team('Repairs');
    const { status, html } = await ana.post(
      '/tickets',
      written({ words: 'Kept words', thenStatus: 'open', ...wrong }),
    );

    expect(status).toBe(422);
    expect(html).toContain(says);
    expect(html).toContain('Kept words');
    expect(html).toContain('value="dora@mail.example"');
    expect(choice(html, 'thenStatus')).toContain('value="open" selected');
    if ('cc' in wrong) expect(html).toContain(`name="cc" value="${wrong.cc}"`);
    expect(desk.queuedMails()).toEqual([]);
  });
});
