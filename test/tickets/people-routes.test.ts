// Choosing to whom a reply goes, over HTTP and without script.
import { randomId } from '../../server/lib/ids';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';
import { mailOf, reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  desk.mailbox('support@teapot.example');
  ticket = receive(
    desk,
    letter({ from: 'Carla <carla@mail.example>', to: ['support@teapot.example'], cc: ['per@other.example'] }),
  ).ticket;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const form = (more: Record<string, string> = {}) => ({
  clientId: randomId(),
  seenSequence: '1000',
  words: 'It is ready',
  thenStatus: 'pending',
  to: 'carla@mail.example',
  cc: '',
  bcc: '',
  ...more,
});
const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
const pressed = (html: string) => /value="(one|all)"[^>]*aria-pressed="true"/.exec(html)?.[1];

test('the page says to whom a reply will go, and offers "Reply to all" when the mail went to others as well', async () => {
  const { html } = await ana.get(at());

  expect(field(html, 'to')).toBe('Carla &lt;carla@mail.example&gt;');
  expect(field(html, 'cc')).toBe('');
  expect(pressed(html)).toBe('one');
  expect(html).toContain('Reply to all 2');

  const alone = desk.ticketFrom('Dora');
  expect((await ana.get(`/tickets/${alone.number}`)).html).not.toContain('Reply to all');
});

test('"Reply to all" and "Reply" fill the fields without script, and keep the words and the status', async () => {
  const { location } = await ana.upload(
    at('/recipients'),
    form({ audience: 'all', words: 'Half a sent', bcc: 'boss@firm.example' }),
    [],
  );
  const { html } = await ana.get(location ?? '');
  expect([field(html, 'cc'), field(html, 'bcc'), pressed(html)]).toEqual([
    'per@other.example',
    'boss@firm.example',
    'all',
  ]);
  expect(html).toContain('Half a sent');
  expect((await doors.as(desk.ben).get(at())).html).not.toContain('boss@firm.example');

  await ana.upload(at('/recipients'), form({ audience: 'one', cc: 'per@other.example' }), []);
  expect(field((await ana.get(at())).html, 'cc')).toBe('');
  await ana.upload(at('/recipients'), form({ audience: 'kept', cc: 'eva@other.example' }), []);
  expect(field((await ana.get(at())).html, 'cc')).toBe('eva@other.example');
});

test('W4: whom somebody has chosen is kept with the draft, and gone when the reply was sent', async () => {
  const typed = { kind: 'reply', words: '', to: 'carla@mail.example', cc: 'eva@other.example', bcc: '' };
  await ana.post(at('/draft'), typed);
  expect(field((await ana.get(at())).html, 'cc')).toBe('eva@other.example');
  await ana.post(at('/draft'), { kind: 'reply', words: 'Later words' });
  expect(field((await ana.get(at())).html, 'cc')).toBe('eva@other.example');

  await ana.upload(at('/replies'), form({ cc: 'eva@other.example' }), []);

  expect(desk.rows('SELECT 1 FROM drafts')).toEqual([]);
});

test.each([
  ['to', 'carla', '“carla” is no e-mail address'],
  ['cc', 'eva@other.example, per at other', '“per at other” is no e-mail address'],
  ['bcc', 'Support@teapot.example', 'is one of our own mailboxes'],
  ['to', '', 'Write at least one address.'],
  ['cc', Array.from({ length: 50 }, (_, n) => `p${n}@other.example`).join(', '), 'at most 50 people'],
])(
  '422: what is wrong in %s stands at the field, words, files and everybody else are kept',
  async (name, typed, says) => {
    const file = { name: 'one.txt', type: 'text/plain', bytes: Buffer.from('one') };
    const { status, html } = await ana.upload(
      at('/replies'),
      form({ [name]: typed, words: 'Kept <words>' }),
      [file],
    );

    expect(status).toBe(422);
    expect(html).toContain(says);
    expect(html).toContain('aria-invalid="true"');
    expect(field(html, name)).toBe(typed);
    expect(html).toContain('Kept &lt;words&gt;');
    expect(html).toContain('one.txt');
    expect(desk.queuedMails()).toEqual([]);
  },
);

test('422: words that are missing keep whom was chosen', async () => {
  const { status, html } = await ana.upload(
    at('/replies'),
    form({ words: ' ', cc: 'eva@other.example' }),
    [],
  );

  expect(status).toBe(422);
  expect(field(html, 'cc')).toBe('eva@other.example');
});

test('W2: a reply is held when somebody new wrote meanwhile, and the page says who does not get it', async () => {
  const sent = reply(desk, ticket, 'Which one?');
  receive(desk, letter({ from: 'dora@mail.example', inReplyTo: [mailOf(desk, sent).messageId] }));

  const answer = await ana.upload(
    at('/replies'),
    form({ seenSequence: String(sent.sequence), cc: 'eva@other.example' }),
    [],
  );

  expect(answer.status).toBe(409);
  expect(answer.html).toContain('dora@mail.example does not get your reply as it is.');
  expect(field(answer.html, 'cc')).toBe('eva@other.example');
  expect(desk.queuedMails()).toHaveLength(1);
});

test('the sent message shows to whom it went, hidden copies too, because only colleagues read it', async () => {
  await ana.upload(at('/replies'), form({ cc: 'per@other.example', bcc: 'boss@firm.example' }), []);

  expect((await ana.get(at())).html).toContain(
    'to carla@mail.example, copy to per@other.example, hidden copy to boss@firm.example',
  );
});

test('completion finds customers by name and address, with an address, and never one of our own', async () => {
  desk.customer('Carlos');
  desk.app.followers.catchUp();
  const found = async (q: string) => (await ana.get(`/recipients?q=${q}`)).html;

  expect(await found('carl')).toContain('data-typed="Carlos &lt;carlos@mail.example&gt;"');
  expect(await found('carlos@')).toContain('data-typed="Carlos');
  expect(await found('c')).not.toContain('role="option"');
  expect(await found('support@teapot')).not.toContain('role="option"');
  expect((await doors.as(desk.agent('Vera', 'viewer')).get('/recipients?q=carl')).status).toBe(403);
});
