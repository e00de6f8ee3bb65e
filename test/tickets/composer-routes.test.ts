// Writing on a ticket's page, over HTTP and without script.
import { randomId } from '../../server/lib/ids';
import type { Ticket } from '../../server/tickets';
import { moveTicket } from '../../server/tickets/change';
import { findDraft } from '../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { reply } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla', 'Broken <kettle>', 'It & the "lid" <b>leak</b>');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const at = (path = '') => `/tickets/${ticket.number}${path}`;
const seen = () => ({ seenSequence: String(desk.ticketNow(ticket).sequence) });
const answer = (words: string, more: Record<string, string> = {}) => ({
  clientId: randomId(),
  words,
  thenStatus: 'pending',
  ...seen(),
  ...more,
});
const draftOf = (kind: 'reply' | 'note') => findDraft(desk.app.db, desk.ana.id, ticket.id, kind);
const said = () =>
  desk
    .messagesOf(ticket)
    .filter(({ kind }) => kind !== 'system')
    .map(({ kind, words }) => [kind, words]);
const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];

describe('a reply', () => {
  test('is stored, queued and led to', async () => {
    const { status, location } = await ana.upload(at('/replies'), answer('Try descaling it'), []);

    expect(status).toBe(303);
    expect(location).toMatch(new RegExp(`^/tickets/${ticket.number}#message-\\d+$`));
    expect(said()).toContainEqual(['reply', 'Try descaling it']);
    expect(desk.queuedMails()).toHaveLength(1);
    expect((await ana.get(at())).html).toContain('Try descaling it');
  });

  test('works as an ordinary form too', async () => {
    expect((await ana.post(at('/replies'), answer('Try descaling it'))).status).toBe(303);
    expect(desk.queuedMails()).toHaveLength(1);
  });

  test('sent twice by an impatient finger is one', async () => {
    const form = answer('Once');
    const [one, two] = await Promise.all([ana.post(at('/replies'), form), ana.post(at('/replies'), form)]);

    expect([one.status, two.status]).toEqual([303, 303]);
    expect(one.location).toBe(two.location);
    expect(desk.queuedMails()).toHaveLength(1);
  });

  test('422: with an error it comes back as it was typed, its files kept', async () => {
    const { status, html } = await ana.upload(at('/replies'), answer('  \n ', { thenStatus: 'solved' }), [
      { name: 'manual.txt', type: 'text/plain', bytes: Buffer.from('turn it on') },
    ]);

    expect(status).toBe(422);
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('manual.txt');
    expect(html).toMatch(/value="solved" selected|selected[^>]*value="solved"/);
    expect(desk.queuedMails()).toEqual([]);
    const clientId = field(html, 'clientId') ?? '';
    expect((await ana.upload(at('/replies'), answer('Here it is', { clientId }), [])).status).toBe(303);
    expect(desk.rows('SELECT name, owner_kind FROM attachments')).toEqual([
      { name: 'manual.txt', owner_kind: 'message' },
    ]);
  });

  test('422: words that are too long are not cut and not lost', async () => {
    const long = 'x'.repeat(100_001);
    const { status, html } = await ana.post(at('/replies'), answer(long));

    expect(status).toBe(422);
    expect(html).toContain(long);
  });

  test('W2, 409: held, with what came meanwhile, its words and files kept, until it is sent anyway', async () => {
    const form = answer('Try turning it off', { thenStatus: 'solved' });
    desk.customerWrites(ticket, 'Never mind <it works>');
    const held = await ana.upload(at('/replies'), form, [
      { name: 'manual.txt', type: 'text/plain', bytes: Buffer.from('x') },
    ]);

    expect(held.status).toBe(409);
    expect(held.html).toContain('Never mind &lt;it works&gt;');
    expect(held.html).toContain('Try turning it off');
    expect(held.html).toContain('manual.txt');
    expect(field(held.html, 'thenStatus')).toBe('solved');
    expect(draftOf('reply')?.words).toBe('Try turning it off');
    expect(desk.queuedMails()).toEqual([]);

    const clientId = field(held.html, 'clientId') ?? '';
    const sent = await ana.upload(at('/replies'), { ...form, clientId, sendAnyway: '1' }, []);
    expect(sent.status).toBe(303);
    expect(desk.queuedMails()).toHaveLength(1);
    expect(desk.ticketNow(ticket).status).toBe('solved');
    expect(draftOf('reply')).toBeUndefined();
  });

  test('409: to a ticket that was closed meanwhile it is kept as the draft, and said', async () => {
    const form = answer('One more thing');
    desk.app.db.tx(() => moveTicket(desk.app, desk.ben, desk.ticketNow(ticket), 'closed'));
    const { status, html } = await ana.post(at('/replies'), form);

    expect(status).toBe(409);
    expect(html).toContain('Its words are kept as your draft.');
    expect(draftOf('reply')?.words).toBe('One more thing');
    expect(desk.queuedMails()).toEqual([]);
  });

  test('O4: can be taken back from the page, and stands in the composer again', async () => {
    await ana.post(at('/replies'), answer('Too quick'));
    const page = await ana.get(at());
    const undo = /action="([^"]+\/undo)"/.exec(page.html)?.[1] ?? '';
    const { status, location } = await ana.post(undo);

    expect(status).toBe(303);
    expect((await ana.get(location ?? '')).html).toMatch(/<textarea[^>]*>\nToo quick<\/textarea>/);
    expect(desk.queuedMails()).toEqual([]);
    expect((await ana.get(page.headers.get('location') ?? at())).html).not.toContain('/undo"');
  });

  test('O4: whoever comes too late is told so', async () => {
    await ana.post(at('/replies'), answer('Too quick'));
    const undo = /action="([^"]+\/undo)"/.exec((await ana.get(at())).html)?.[1] ?? '';
    desk.app.db.sql.prepare("UPDATE outbox SET state = 'handing over'").run();
    await ana.post(undo);

    expect((await ana.get(at())).html).toContain('Too late: it has left already.');
  });

  test('O1: that no server has taken yet says so, and why', async () => {
    const message = reply(desk, ticket, 'Hello?');
    desk.app.db.tx(() =>
      desk.app.db.sql
        .prepare("UPDATE messages SET delivery_answer = 'no-mailbox' WHERE id = ?")
        .run(message.id),
    );
    const { html } = await ana.get(at());

    expect(html).toContain('Not taken yet, it is tried again.');
    expect(html).toContain('No mailbox that can send is connected yet.');
    expect(html).not.toContain('/undo"');
  });

  test('O5: that was not delivered is loud on the page and in the list', async () => {
    const message = reply(desk, ticket, 'Hello?');
    desk.app.db.sql.prepare("UPDATE outbox SET state = 'failed', attempts = 1").run();
    desk.app.db.sql
      .prepare("UPDATE messages SET state = 'failed', delivery_answer = '550 <no> such user' WHERE id = ?")
      .run(message.id);
    desk.app.db.tx(() =>
      desk.app.db.sql
        .prepare('UPDATE tickets SET undelivered = 1, changed_sequence = changed_sequence + 1')
        .run(),
    );

    const { html } = await ana.get(at());
    expect(html).toContain('550 &lt;no&gt; such user');
    expect(html).toContain(`${at(`/messages/${message.id}/resend`)}`);
    expect((await ana.get('/tickets')).html).toContain('Not delivered');
    expect((await ana.post(at(`/messages/${message.id}/resend`))).status).toBe(303);
    expect(desk.queuedMails()).toMatchObject([{ state: 'waiting' }]);
    expect((await ana.post(at(`/messages/${message.id}/resend`))).status).toBe(409);
  });
});

describe('a note', () => {
  test('is stored and goes nowhere', async () => {
    const { status, location } = await ana.upload(
      at('/notes'),
      { clientId: randomId(), words: 'She is a lawyer', ...seen() },
      [],
    );

    expect(status).toBe(303);
    expect(location).toContain('mode=note');
    expect(said()).toContainEqual(['note', 'She is a lawyer']);
    expect(desk.queuedMails()).toEqual([]);
  });

  test('422: with an error it comes back', async () => {
    const { status, html } = await ana.post(at('/notes'), { clientId: randomId(), words: '' });

    expect(status).toBe(422);
    expect(html).toContain('id="note-error"');
  });
});

test('W4: a draft is kept while it is written, shown at the next visit, and belongs to its writer', async () => {
  const { status, html } = await ana.post(
    at('/draft'),
    { kind: 'reply', words: 'Dear Carla' },
    { accept: 'application/json' },
  );

  expect(status).toBe(200);
  expect(JSON.parse(html)).toEqual({
    saved: true,
    clientId: draftOf('reply')?.public_id,
    base: expect.any(String),
  });
  expect((await ana.get(at())).html).toContain('\nDear Carla</textarea>');
  expect((await doors.as(desk.ben).get(at())).html).not.toContain('Dear Carla');
  expect((await ana.post(at('/draft'), { kind: 'letter', words: 'x' })).status).toBe(422);
});

describe('AC-31: control characters in lines', () => {
  const line = 'x\r\nBcc: v@evil.example';

  test.each(['name', 'subject', 'email'])('the %s of a new ticket', async (name) => {
    const form = {
      clientId: randomId(),
      name: 'Dora',
      email: 'dora@mail.example',
      subject: 'Hi',
      words: 'Hi',
      [name]: line,
    };

    expect((await ana.post('/tickets', form)).status).toBe(422);
    expect(desk.queuedMails()).toEqual([]);
  });

  test('a tag and a customer’s name', async () => {
    const [{ public_id: id } = { public_id: '' }] = desk.rows<{ public_id: string }>(
      'SELECT public_id FROM customers',
    );

    expect((await ana.post(at('/tags'), { tag: line })).status).toBe(422);
    expect((await ana.post(`/customers/${id}`, { name: line, language: '', notes: '' })).status).toBe(422);
    expect(desk.rows('SELECT name FROM customers')).toEqual([{ name: 'Carla' }]);
  });

  test('words lose NUL and keep their lines', async () => {
    await ana.post(at('/replies'), answer('one\r\ntwo\rthree\0four'));

    expect(said().at(-1)).toEqual(['reply', 'one\ntwo\nthreefour']);
  });
});
