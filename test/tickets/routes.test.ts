// What a browser can do with tickets, over HTTP and without script.
import type { Ticket } from '../../server/tickets';
import { giveMailbox } from '../agents/people';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';

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

describe('the list', () => {
  test('shows the tickets of a view, escaped, with their counts', async () => {
    const { status, html } = await ana.get('/tickets');

    expect(status).toBe(200);
    expect(html).toContain('Broken &lt;kettle&gt;');
    expect(html).not.toContain('<kettle>');
    expect((await ana.get('/tickets?view=mine')).html).not.toContain('Broken');
    expect((await ana.get('/tickets/list?view=unassigned')).html).toContain('Broken');
  });

  test('the same state gives the same bytes, and then nothing at all', async () => {
    const [one, two] = [await ana.get('/tickets'), await ana.get('/tickets')];
    const again = await ana.get('/tickets', { 'if-none-match': one.headers.get('etag') ?? '' });

    expect(one.html).toBe(two.html);
    expect(again.status).toBe(304);
    desk.customerWrites(ticket, 'Hello again');
    expect((await ana.get('/tickets', { 'if-none-match': one.headers.get('etag') ?? '' })).status).toBe(200);
  });

  test.each([
    'view=nonsense',
    'after=nonsense',
    'after=1',
    'after=99999999999999999-1',
    'view=mine&view=all',
    'after[]=1',
    'view[a]=b',
    '%ff',
    'after=1-1-1',
  ])('AC-45: ?%s is answered like any other', async (query) => {
    expect((await ana.get(`/tickets?${query}`)).status).toBeLessThan(500);
  });

  test('with nothing in it says what to do next: connect a mailbox, then try it', async () => {
    const owner = doors.as(desk.owner);
    desk.app.db.tx(() => desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1').run());
    expect((await owner.get('/tickets')).html).toContain('href="/settings/mailboxes">Connect a mailbox');

    giveMailbox(desk);
    const { html } = await owner.get('/tickets?view=all');
    expect(html).toContain('write a mail to desk@teapot.example');
    expect(html).not.toContain('Connect a mailbox');
  });

  test('where everything is done says so, and leads to what was', async () => {
    await ana.post(at('/status'), { status: 'solved' });
    const { html } = await ana.get('/tickets');

    expect(html).toContain('Everything is answered');
    expect(html).not.toContain(`href="${at('')}"`);
    expect((await ana.get('/tickets?view=solved')).html).toContain(`href="${at('')}"`);
  });

  test('goes on page by page', async () => {
    for (let n = 0; n < 60; n++) desk.ticketFrom(`Customer${n}`);
    const first = await ana.get('/tickets');
    const more =
      /href="(\/tickets\?view=all&amp;after=[^"]+)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await ana.get(more);
    const numbers = [first, second].flatMap(({ html }) =>
      [...html.matchAll(/id="ticket-(\d+)"/g)].map(([, number]) => number),
    );

    expect(numbers).toHaveLength(61);
    expect(new Set(numbers).size).toBe(61);
  });
});

describe('a ticket', () => {
  test('is a page with the whole conversation, escaped', async () => {
    const { status, html } = await ana.get(at());

    expect(status).toBe(200);
    expect(html).toContain('&lt;b&gt;leak&lt;/b&gt;');
    expect(html).not.toContain('<b>leak</b>');
    expect(html).toContain('name="seenSequence" value="1"');
  });

  test('AC-46: what is not there and what is not theirs look alike', async () => {
    desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
    const [hidden, missing] = [await ana.get(at()), await ana.get('/tickets/999999')];

    expect(hidden.status).toBe(404);
    expect(hidden.html).toBe(missing.html);
    expect((await doors.as(desk.ben).get(at())).status).toBe(200);
  });

  test('AC-47: the number of a linked ticket is told to those who may see that ticket', async () => {
    const other = desk.ticketFrom('Dora');
    desk.app.db.sql.prepare('UPDATE tickets SET linked_ticket_id = ? WHERE id = ?').run(other.id, ticket.id);
    expect((await ana.get(at())).html).toContain(`href="/tickets/${other.number}"`);

    desk.giveToTeam(other, desk.team('Repairs', desk.ben));
    expect((await ana.get(at())).html).not.toContain(`/tickets/${other.number}"`);
    expect((await doors.as(desk.ben).get(at())).html).toContain(`href="/tickets/${other.number}"`);
  });

  test('new messages come alone, as the page would show them', async () => {
    desk.customerWrites(ticket, 'Second thought');

    const { status, html } = await ana.get(at('/messages?after=1'));

    expect(status).toBe(200);
    expect(html).toContain('Second thought');
    expect(html).not.toContain('leak');
  });

  test.each(['before=x', 'before=-1', 'before=1e999', 'before=0.5', 'mode=nonsense', 'before=1&before=2'])(
    'AC-45: ?%s does no harm',
    async (query) => {
      expect((await ana.get(at(`?${query}`))).status).toBe(200);
      expect((await ana.get(at(`/messages?${query.replace('before', 'after')}`))).status).toBe(200);
    },
  );

  test('readers see everything and are offered nothing', async () => {
    const { html } = await doors.as(desk.agent('Vera', 'viewer')).get(at());

    expect(html).toContain('leak');
    expect(html).not.toContain('<textarea');
    expect(html).not.toContain(at('/status'));
  });
});

test('W3: the loser is told who was quicker', async () => {
  const form = (agent: { id: number }) => ({ assignee: String(agent.id), seen: '' });
  const [one, two] = await Promise.all([
    ana.post(at('/assignee'), form(desk.ana)),
    doors.as(desk.ben).post(at('/assignee'), form(desk.ben)),
  ]);

  expect([one.status, two.status]).toEqual([303, 409]);
  expect(two.html).toContain('Ana was quicker');
  expect(desk.ticketNow(ticket).assignee_id).toBe(desk.ana.id);
});

test('nobody can be given a ticket who could not answer it', async () => {
  const vera = desk.agent('Vera', 'viewer');
  desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);

  for (const id of [vera.id, desk.ben.id, 999]) {
    expect((await ana.post(at('/assignee'), { assignee: String(id), seen: '' })).status).toBe(422);
  }
  expect(desk.ticketNow(ticket).assignee_id).toBeNull();
});

test('status, priority, spam and tags are changed by small forms', async () => {
  await ana.post(at('/status'), { status: 'on hold' });
  await ana.post(at('/priority'), { priority: 'urgent' });
  await ana.post(at('/tags'), { tag: 'VIP <b>' });
  expect(desk.ticketNow(ticket)).toMatchObject({ status: 'on hold', priority: 'urgent' });
  expect((await ana.get(at())).html).toContain('VIP &lt;b&gt;');

  await ana.post(at('/tags/remove'), { tag: 'vip <B>' });
  await ana.post(at('/spam'), { spam: '1' });
  expect(desk.rows('SELECT 1 FROM ticket_tags')).toEqual([]);
  expect((await ana.get('/tickets?view=spam')).html).toContain('Broken');
});

test('what was moved or marked is said, with a way to take it back', async () => {
  await ana.post(at('/status'), { status: 'solved' });
  const solved = (await ana.get(at())).html;
  expect(solved).toContain(`#${ticket.number} is now: Solved`);
  expect(solved).toContain(
    '<input type="hidden" name="status" value="new"><button class="button button--small" data-key="z">',
  );
  expect((await ana.get(at())).html).not.toContain('is now: Solved');

  await ana.post(at('/status'), { status: 'solved' });
  expect((await ana.get(at())).html).not.toContain('is now: Solved');

  await ana.post(at('/spam'), { spam: '1' });
  expect((await ana.get('/tickets')).html).toContain(
    'name="spam" value="0"><button class="button button--small" data-key="z">',
  );
});

test('a hit shows why it is one, also when the word stands in its subject, a tag or an address', async () => {
  await ana.post(at('/tags'), { tag: 'warranty <5 years' });
  desk.app.followers.catchUp();

  expect((await ana.get('/search?q=warranty')).html).toContain('<mark>warranty</mark> &lt;5 years · It');
  expect((await ana.get('/search?q=broken')).html).toContain('<mark>Broken</mark> &lt;kettle&gt;');
  expect((await ana.get('/search?q=carla%40mail.example')).html).toContain('<mark>carla</mark>@');
});

test('a search for nothing but signs says that nothing was found', async () => {
  expect((await ana.get('/search?q=%28%28')).html).toContain('Nothing found for');
  expect((await ana.get('/search?q=')).html).toContain('Search every conversation');
});

test('customers are listed, found, shown and corrected', async () => {
  const { html } = await ana.get('/customers?q=carla%40');
  const href = /href="(\/customers\/[0-9a-f]{32})"/.exec(html)?.[1] ?? '';
  expect((await ana.get(href)).html).toContain(`/tickets/${ticket.number}`);
  expect((await ana.post(href, { name: 'Carla <Berg>', language: 'nb' })).status).toBe(303);

  expect((await ana.get(href)).html).toContain('Carla &lt;Berg&gt;');
  expect((await ana.get('/tickets')).html).toContain('Carla &lt;Berg&gt;');
  const bad = await ana.post(href, { name: '', language: 'nb', organization: 'Very <friendly>' });
  expect(bad.status).toBe(422);
  expect(bad.html).toContain('Very &lt;friendly&gt;');
  expect((await ana.get('/customers/nobody')).status).toBe(404);
});

test('search shows hits with the words marked, escaped, and nothing for what is hidden', async () => {
  desk.app.followers.catchUp();
  const { status, html } = await ana.get('/search?q=leak');

  expect(status).toBe(200);
  expect(html).toContain(`href="/tickets/${ticket.number}"`);
  expect(html).toContain('&lt;b&gt;<mark>leak</mark>&lt;/b&gt;');
  desk.giveToTeam(ticket, desk.team('Repairs', desk.ben));
  expect((await ana.get('/search?q=leak')).html).not.toContain(`/tickets/${ticket.number}`);
  for (const q of [
    '%22',
    "don't",
    '*',
    'a AND',
    '%00',
    '%F0%9F%98%80',
    '(',
    '<script>alert(1)</script>',
    'x'.repeat(2_000),
  ]) {
    const answered = await ana.get(`/search?q=${q}`);
    expect(answered.status).toBe(200);
    expect(answered.html).not.toContain('<script>alert');
  }
});

test('a mail’s own HTML has a page of its own, in which nothing runs', async () => {
  const html = {
    kind: 'rich' as const,
    words: '<p style="color:red">Hi <img src="https://track.example/x.png"></p>',
    quote: '',
    signature: '',
    sanitiserVersion: 1,
  };
  const { ticket: rich, message } = receive(desk, letter({ html }));
  const { status, headers } = await ana.get(`/tickets/${rich.number}/messages/${message.id}/body`);

  expect(status).toBe(200);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).not.toContain('script-src');
  expect(policy).not.toContain('https:');
  const frame = /<iframe[^>]*>/.exec((await ana.get(`/tickets/${rich.number}`)).html)?.[0] ?? '';
  expect(frame).toContain('sandbox="allow-same-origin allow-popups');
  expect(frame).not.toContain('allow-scripts');
});
