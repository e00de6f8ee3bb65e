// Forwarding over HTTP and without script: the form, what is wrong in it, and what the ticket shows of it.
import { randomId } from '../../../server/lib/ids';
import type { Ticket } from '../../../server/tickets';
import { factsOf } from '../../../server/tickets/ticket';
import { type Desk, openDesk } from '../../support/desk';
import { type Doors, openDoors, type Person } from '../../support/doors';
import { forward } from '../../support/forwarding';
import { letter, receive } from '../../support/letters';
import { mailOf, note, uploaded } from '../../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;
let question: number;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  const bill = {
    name: 'bill.pdf',
    declaredType: '',
    type: '',
    inline: false,
    size: 3,
    content: Buffer.from('x'),
  };
  const { file } = await uploaded(desk, 'bill', 'bill');
  const received = receive(
    desk,
    letter({ from: 'Carla <carla@mail.example>', words: 'It <leaks>.', attachments: [bill] }),
    undefined,
    [file],
  );
  ticket = received.ticket;
  question = received.message.id;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const form = (more: Record<string, string> = {}) => ({
  clientId: randomId(),
  to: 'wim@workshop.example',
  words: 'Can you mend this?',
  message: String(question),
  ...more,
});
const fileId = async () =>
  /name="file" value="(\d+)"/.exec((await ana.get(at(`/forward?message=${question}`))).html)?.[1] ?? '';

test('a message and the ticket each have a way to be forwarded, for those who may', async () => {
  const { html } = await ana.get(at());
  expect(html).toContain(`href="${at(`/forward?message=${question}`)}"`);
  expect(html).toContain(`href="${at('/forward')}"`);

  const vera = doors.as(desk.agent('Vera', 'viewer'));
  expect((await vera.get(at())).html).not.toContain('/forward');
  expect((await vera.get(at('/forward'))).status).toBe(403);
});

test('the form shows what will go, its files to choose from, and the way to the whole conversation', async () => {
  note(desk, ticket, 'Between us');
  const { html } = await ana.get(at(`/forward?message=${question}`));
  expect(html).toContain('It &lt;leaks&gt;.');
  expect(html).toContain('bill.pdf');
  expect(html).toContain('Forward the whole conversation instead');

  const whole = (await ana.get(at('/forward'))).html;
  expect(whole).toContain('1 message of the conversation');
  expect(whole).not.toContain('Between us');
});

test('it leaves, stands in the ticket with its people, its state and the way to take it back, and the form comes back so', async () => {
  const { status, location } = await ana.upload(at('/forward'), form({ file: await fileId() }), []);
  expect(status).toBe(303);
  const { html } = await ana.get(location ?? '');
  expect(html).toContain('forwarded to wim@workshop.example');
  expect(html).toContain('data-state="waiting"');
  const [, message] = desk.messagesOf(ticket);
  expect(html).toContain(at(`/messages/${message?.id}/undo`));

  const undone = await ana.post(at(`/messages/${message?.id}/undo`));

  expect(undone.location).toMatch(new RegExp(`/forward\\?message=${question}&files=\\d+$`));
  const again = (await ana.get(undone.location ?? '')).html;
  expect(again).toContain('Can you mend this?');
  expect(again).toContain('name="to" value="wim@workshop.example"');
  expect(again).toMatch(/name="file" value="\d+" checked/);
});

test.each([
  [{ to: '' }, 'Write at least one address.'],
  [{ to: 'wim' }, '“wim” is no e-mail address'],
  [{ to: 'Carla <carla@mail.example>' }, 'is the customer of this ticket'],
  [{ words: '  ' }, 'Fill this in'],
])('422: %p is said at the field, and everything typed is kept', async (wrong, says) => {
  const own = { name: 'map.txt', type: 'text/plain', bytes: Buffer.from('map') };
  const typed = form({ ...wrong, ...('words' in wrong ? {} : { words: 'Kept <words>' }) });
  const { status, html } = await ana.upload(at('/forward'), typed, [own]);

  expect(status).toBe(422);
  if ('to' in wrong) expect(html).toContain(says);
  expect(html).toContain('aria-invalid="true"');
  if (!('words' in wrong)) expect(html).toContain('Kept &lt;words&gt;');
  expect(html).toContain('map.txt');
  expect(html).toContain(`name="message" value="${question}"`);
  expect(html).not.toMatch(/name="file" value="\d+" checked/);
  expect(desk.queuedMails()).toEqual([]);
});

test('W4: words, people and files are kept as they are typed, and a file taken off leads back to the same message', async () => {
  await ana.post(at('/draft'), { kind: 'forward', words: 'Half a', to: 'wim@workshop.example' });
  const file = { name: 'map.txt', type: 'text/plain', bytes: Buffer.from('map') };
  await ana.upload(at(`/draft/forward/files?message=${question}`), {}, [file]);
  const { html } = await ana.get(at(`/forward?message=${question}`));
  for (const kept of ['Half a', 'map.txt', 'value="wim@workshop.example"']) expect(html).toContain(kept);

  const remove = /action="([^"]*\/remove[^"]*)"/.exec(html)?.[1] ?? '';
  expect((await ana.post(remove)).location).toBe(at(`/forward?message=${question}`));
  expect((await ana.get(at('/forward'))).html).not.toContain('map.txt');
});

test('404: a note, a message of another ticket, or nothing at all is not forwarded', async () => {
  const said = note(desk, ticket, 'Between us');
  const other = desk.messagesOf(desk.ticketFrom('Dora'))[0]?.id;

  for (const message of [said.id, other, 'x', '-1'])
    expect((await ana.get(at(`/forward?message=${message}`))).status).toBe(404);
});

test('AC-47: a ticket of another team is not forwarded', async () => {
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));

  expect((await ana.get(at('/forward'))).status).toBe(404);
  expect((await ana.post(at('/forward'), form())).status).toBe(404);
});

test('the answer is marked as not the customer’s, and can be answered by forwarding again', async () => {
  const sent = forward(desk, ticket, { message: question });
  const { message } = receive(
    desk,
    letter({ from: 'Wim <wim@workshop.example>', words: 'Yes.', inReplyTo: [mailOf(desk, sent).messageId] }),
  );
  const { html } = await ana.get(at());

  expect(html).toContain('answer from wim@workshop.example (not the customer)');
  const again = new RegExp(`href="([^"]*forward\\?message=${question}[^"]*to=[^"]*)"`).exec(html)?.[1] ?? '';
  expect((await ana.get(again.replaceAll('&amp;', '&'))).html).toContain('value="wim@workshop.example"');
  expect(factsOf(message).third).toBeDefined();
});

test('M10: a mail that comes back is loud at the note', async () => {
  const sent = forward(desk, ticket);
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'sent'").run();
  const bounce = {
    permanent: true,
    recipient: 'wim@workshop.example',
    originalMessageId: mailOf(desk, sent).messageId,
    text: '550 no such user',
  };
  receive(desk, letter({ from: 'mailer-daemon@mx.example', bounce, automatic: 'bounce' }));

  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  expect((await ana.get(at())).html).toContain('550 no such user');
});
