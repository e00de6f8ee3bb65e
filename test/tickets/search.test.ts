// Every ticket is found by any word of it, and nobody finds what is not theirs to see.
import type { Agent } from '../../server/agents';
import { changeCustomer, findCustomerById } from '../../server/customers';
import type { Ticket } from '../../server/tickets';
import { matchExpression } from '../../server/tickets/search/question';
import { searchTickets } from '../../server/tickets/search/search';
import { addTag } from '../../server/tickets/tags';
import { undoReply } from '../../server/tickets/writing/undo';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { note, reply, uploaded } from '../support/writing';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

function found(text: string, agent: Agent = desk.ana): number[] {
  desk.app.followers.catchUp();
  return searchTickets(desk.app, agent, text, { limit: 50 }).hits.map(({ number }) => number);
}

describe('a ticket is found', () => {
  let ticket: Ticket;

  beforeEach(async () => {
    const attachment = {
      name: 'invoice-2026.pdf',
      declaredType: '',
      type: '',
      inline: false,
      content: Buffer.from('x'),
      size: 1,
    };
    const { file } = await uploaded(desk, 'x', 'x');
    ticket = receive(
      desk,
      letter({
        from: 'Kārlis Bērziņš <karlis@mail.example>',
        subject: 'Tējkanna',
        words: 'Ceļš ir slēgts',
        quote: 'Earlier we spoke of limescale',
        attachments: [attachment],
      }),
      undefined,
      [file],
    ).ticket;
    desk.ticketFrom('Dora', 'Something else', 'Entirely different');
    reply(desk, ticket, 'Vi må bytte elementet på øverste hylle');
    note(desk, ticket, 'He phoned twice already');
    desk.app.db.tx(() => addTag(desk.app, desk.ana, ticket, 'Störung'));
  });

  test.each([
    ['a word of the first message', 'slēgts'],
    ['the same without its marks', 'slegts'],
    ['the same in capitals', 'SLĒGTS'],
    ['a Norwegian word', 'øverste'],
    ['a word of a later reply', 'elementet'],
    ['a word of a note', 'phoned'],
    ['a word of the quote', 'limescale'],
    ['its subject', 'tējkanna'],
    ['two letters', 'ir'],
    ['the customer’s name', 'Kārlis Bērziņš'],
    ['the name without marks', 'karlis berzins'],
    ['the address', 'karlis@mail.example'],
    ['a tag', 'störung'],
    ['the name of a file', 'invoice-2026.pdf'],
    ['the beginning of the last word', 'slēg'],
    ['several words, the last unfinished', 'bytte elem'],
    ['words of different messages', 'slēgts phoned'],
  ])('by %s: %s', (_, text) => {
    expect(found(text)).toEqual([ticket.number]);
  });

  test('by its number, with and without #', () => {
    expect(found(String(ticket.number))).toEqual([ticket.number]);
    expect(found(`#${ticket.number}`)).toEqual([ticket.number]);
  });

  test.each([
    ['a word that is nowhere', 'teapotless'],
    ['only one of two words', 'slēgts nowhere'],
    ['the middle of a word', 'lemente'],
    ['an unfinished word of three letters', 'slē'],
    ['an unfinished word that is not the last', 'elem bytte'],
    ['nothing', ''],
    ['blanks', '   \t\n'],
    ['punctuation alone', '— … !'],
  ])('but not by %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test('newest first, a page at a time, each once', () => {
    for (let n = 0; n < 25; n++) desk.ticketFrom(`Customer${n}`, 'Kettle', 'whistling');
    desk.app.followers.catchUp();
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const page = searchTickets(desk.app, desk.ana, 'whistling', { before, limit: 10 });
      seen.push(...page.hits.map(({ number }) => number));
      before = page.more;
    } while (before !== undefined);

    expect(seen).toHaveLength(25);
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect(searchTickets(desk.app, desk.ana, 'whistling', { limit: 10 }).count()).toBe(25);
  });
});

test('what was taken back is not found any more, and what replaced it is', () => {
  const ticket = desk.ticketFrom('Carla');
  const message = reply(desk, ticket, 'embarrassing');
  expect(found('embarrassing')).toEqual([ticket.number]);

  desk.app.db.tx(() => undoReply(desk.app, desk.ana, ticket, message));
  reply(desk, ticket, 'polite');

  expect(found('embarrassing')).toEqual([]);
  expect(found('polite')).toEqual([ticket.number]);
});

test('of a ticket that is longer than what is indexed the newest words are found', () => {
  const ticket = desk.ticketFrom('Carla', 'Kettle', `oldest ${'word '.repeat(50_000)}`);
  reply(desk, ticket, 'newest');

  expect(found('newest')).toEqual([ticket.number]);
  expect(found('oldest')).toEqual([ticket.number]);
});

test('a customer’s new name finds their tickets', () => {
  const ticket = desk.ticketFrom('Carla');
  const customer = findCustomerById(desk.app.db, ticket.customer_id);
  desk.app.db.tx(() => changeCustomer(desk.app, desk.ana, customer!, { name: 'Zelda', language: null }));

  expect(found('zelda')).toEqual([ticket.number]);
});

test('only what is on a ticket is found, not what waits in a draft or in copy', () => {
  const { ticket } = receive(desk, letter({ cc: ['suggested@copy.example'] }));
  desk.app.db.sql
    .prepare(
      "INSERT INTO drafts (public_id, agent_id, ticket_id, kind, words, updated_at) VALUES ('d', ?, ?, 'reply', 'unfinished', 0)",
    )
    .run(desk.ana.id, ticket.id);

  expect(found('unfinished')).toEqual([]);
  expect(found('suggested@copy.example')).toEqual([]);
});

describe('AC-57: whatever is typed is words, never syntax', () => {
  const ticketWith = (words: string) => desk.ticketFrom('Carla', 'Kettle', words);
  const special = [
    'multi-agent',
    "don't",
    '@nasa',
    '(',
    ')',
    '-',
    'AND',
    'OR',
    'NOT',
    'NEAR',
    'a"b',
    '"',
    '""',
    '',
    ' ',
    '\0',
    'a\0b',
    '*',
    'word*',
    '^word',
    'words:x',
    'rank:1',
    '{words}: x',
    'NEAR(a b, 2)',
    'a AND',
    'NOT a',
    '+',
    'a + b',
    "'; DROP TABLE tickets; --",
    '") OR 1=1 --',
    '%',
    '_',
    '\\',
    '\u{1F600}',
    '\uD800',
    'ā̈',
    '\u0301',
    'x'.repeat(500),
    `${'a '.repeat(300)}`,
    'ﬁ',
    'ⅷ',
    '中文',
    'שלום',
  ];

  test.each(special.map((text) => [JSON.stringify(text).slice(0, 40), text] as const))('%s', (_, text) => {
    ticketWith('ordinary');

    expect(() => found(text)).not.toThrow();
    expect(() => searchTickets(desk.app, desk.ana, text, { limit: 1 }).count()).not.toThrow();
    expect(found(text)).toEqual([]);
  });

  test('a word with a hyphen or an apostrophe is found by how it is written', () => {
    const one = ticketWith('a multi-agent kettle');
    const two = ticketWith("we don't know");

    expect(found('multi-agent')).toEqual([one.number]);
    expect(found("don't")).toEqual([two.number]);
    expect(found('NOT')).toEqual([]);
  });

  test('every word is quoted, and no more than twelve are looked for', () => {
    expect(matchExpression('NOT "a" (b)')).toBe('"NOT" "a" "b"');
    expect(matchExpression('half a wor', { unfinished: true })).toBe('"half" "a" "wor"');
    expect(matchExpression('half a word', { unfinished: true })).toBe('"half" "a" "word"*');
    expect(matchExpression('x '.repeat(50))?.split(' ')).toHaveLength(12);
  });
});

describe('a number by itself', () => {
  test('finds its ticket first, once, before newer ones that only mention it', () => {
    const asked = desk.ticketFrom('Carla', 'Kettle', 'It leaks');
    const newer = [1, 2, 3].map((n) => desk.ticketFrom('Dora', `Order ${n}`, `As in ${asked.number}`));
    desk.app.followers.catchUp();
    const page = (before?: number) =>
      searchTickets(desk.app, desk.ana, `#${asked.number}`, { before, limit: 2 });

    const first = page();
    expect(first.hits.map(({ id }) => id)).toEqual([asked.id, newer[2]?.id, newer[1]?.id]);
    expect(page(first.more).hits.map(({ id }) => id)).toEqual([newer[0]?.id]);
  });

  test('AC-46: does not find a ticket that is not the asker’s to see', () => {
    const theirs = desk.ticketFrom('Carla', 'Kettle', 'It leaks');
    desk.giveToTeam(theirs, desk.team('Repairs', desk.ben));

    expect(found(String(theirs.number), desk.ana)).toEqual([]);
    expect(found(String(theirs.number), desk.ben)).toEqual([theirs.number]);
  });
});

describe('AC-46: search stays within what the asker may see', () => {
  let theirs: Ticket;

  beforeEach(() => {
    theirs = desk.ticketFrom('Carla', 'Kettle', 'invoice');
    desk.giveToTeam(theirs, desk.team('Repairs', desk.ben));
  });

  test('another team’s ticket is not found, not counted and not hinted at', () => {
    expect(found('invoice', desk.ana)).toEqual([]);
    expect(searchTickets(desk.app, desk.ana, 'invoice', { limit: 1 }).count()).toBe(0);
    expect(found('invoice', desk.ben)).toEqual([theirs.number]);
    expect(found('invoice', desk.owner)).toEqual([theirs.number]);
  });

  test('AC-47: a word that only a hidden ticket has changes nothing in what else is found', () => {
    const own = desk.ticketFrom('Dora', 'Kettle', 'invoices');

    expect(found('invoice', desk.ana)).toEqual([own.number]);
  });

  test('assigned and followed tickets of other teams are found', () => {
    desk.app.db.sql.prepare('INSERT INTO ticket_followers VALUES (?, ?)').run(theirs.id, desk.ana.id);

    expect(found('invoice', desk.ana)).toEqual([theirs.number]);
  });

  test('a deleted ticket is found by nobody', () => {
    desk.app.db.sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(theirs.id);

    expect(found('invoice', desk.owner)).toEqual([]);
  });
});
