// Operators in search: each finds what it says, negated what it leaves out, and what is none is named.
import type { Agent } from '../../server/agents';
import type { Ticket } from '../../server/tickets';
import { assignTicket, markSpam, moveTicket } from '../../server/tickets/change';
import { questionOf } from '../../server/tickets/search/question';
import { searchTickets } from '../../server/tickets/search/search';
import { suggestionsFor } from '../../server/tickets/search/suggestions';
import { addTag, removeTag } from '../../server/tickets/tags';
import { type Desk, MORNING, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';
import { note, reply, uploaded } from '../support/writing';

const DAY = 24 * 3_600_000;

let desk: Desk;
/** Anna's about a kettle, by mail with a file; Bo's about tea, in a chat; Carla's, also about a kettle. */
let anna: Ticket;
let bo: Ticket;
let carla: Ticket;

beforeEach(async () => {
  desk = openDesk();
  const { file } = await uploaded(desk, 'x', 'x');
  const attachment = {
    name: 'invoice.pdf',
    declaredType: '',
    type: '',
    inline: false,
    content: Buffer.from('x'),
    size: 1,
  };
  const { app } = desk;
  desk.mailbox('support@teapot.example');
  const sales = desk.mailbox('sales@teapot.example');
  anna = receive(
    desk,
    letter({
      from: 'Anna Hansen <anna@north.example>',
      subject: 'Kettle',
      words: 'It does not heat any more',
      attachments: [attachment],
      messageId: 'anna@north.example',
    }),
    sales,
    [file],
  ).ticket;
  bo = desk.ticketFrom('Bo', 'Tea', 'Which tea should I buy from Anna?');
  app.db.sql.prepare("UPDATE tickets SET channel = 'chat' WHERE id = ?").run(bo.id);
  carla = desk.ticketFrom('Carla', 'Kettle', 'Does the kettle heat? Not any more');
  app.db.tx(() => {
    addTag(app, desk.ana, anna, 'Big customer');
    addTag(app, desk.ana, bo, 'vip');
    moveTicket(app, desk.ana, bo, 'on hold');
    moveTicket(app, desk.ana, carla, 'solved');
    assignTicket(app, desk.ana, anna, desk.ana, null);
    assignTicket(app, desk.ana, bo, desk.ben, null);
  });
});
afterEach(() => desk.close());

const nameOf = (number: number) =>
  number === anna.number ? 'anna' : number === bo.number ? 'bo' : number === carla.number ? 'carla' : number;

/** Newest first. */
function found(text: string, agent: Agent = desk.ana): unknown[] {
  desk.app.followers.catchUp();
  const { hits, count } = searchTickets(desk.app, agent, text, { limit: 50 });
  const onFurther = searchTickets(desk.app, agent, text, { limit: 1 }).count();
  expect({ all: count(), onFurther }).toEqual({ all: hits.length, onFurther: hits.length });
  return hits.map(({ number }) => nameOf(number));
}

test.each([
  ['"does not heat"', ['anna']],
  ['does not heat', ['carla', 'anna']],
  ['"not heat does"', []],
  ['heat -"does not heat"', ['carla']],
  ['kettle -any', []],
  ['-kettle', ['bo']],
  ['-kettle -tea', []],
  ['from:anna', ['anna']],
  ['from:hansen', ['anna']],
  ['from:"Anna Hansen"', ['anna']],
  ['from:"Hansen Anna"', []],
  ['from:anna@north.example', ['anna']],
  ['from:hans', ['anna']],
  ['-from:anna', ['carla', 'bo']],
  ['anna', ['bo', 'anna']],
  ['anna -from:anna', ['bo']],
  ['to:sales', ['anna']],
  ['to:sales@teapot.example', ['anna']],
  ['-to:sales', ['carla', 'bo']],
  ['tag:vip', ['bo']],
  ['tag:"big customer"', ['anna']],
  ['-tag:vip', ['carla', 'anna']],
  ['-tag:vip -tag:"Big Customer"', ['carla']],
  ['status:solved', ['carla']],
  ['status:"on hold"', ['bo']],
  ['status:on-hold', ['bo']],
  ['-status:solved', ['bo', 'anna']],
  ['kettle -status:solved', ['anna']],
  ['assignee:me', ['anna']],
  ['assignee:nobody', ['carla']],
  ['assignee:ben', ['bo']],
  ['-assignee:me', ['carla', 'bo']],
  ['channel:chat', ['bo']],
  ['-channel:chat', ['carla', 'anna']],
  ['has:attachment', ['anna']],
  ['-has:attachment', ['carla', 'bo']],
  ['kettle status:new assignee:me has:attachment', ['anna']],
  ['kettle tag:vip', []],
])('%s finds %j', (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test('#number finds that ticket and those that mention it; with a minus everything but that ticket', () => {
  note(desk, carla, `The same as #${anna.number}`);

  expect(found(`#${anna.number}`)).toEqual(['anna', 'carla']);
  expect(found(`#${anna.number} same`)).toEqual(['carla']);
  expect(found(`kettle -#${anna.number}`)).toEqual(['carla']);
});

test('what a ticket is follows it: moved, given away, tagged and untagged', () => {
  desk.app.db.tx(() => {
    moveTicket(desk.app, desk.ana, anna, 'closed');
    assignTicket(desk.app, desk.ana, anna, desk.ben, desk.ana.id);
    removeTag(desk.app, desk.ana, bo, 'vip');
    markSpam(desk.app, desk.ana, carla, true);
  });

  expect(found('status:new')).toEqual([]);
  expect(found('status:closed assignee:ben')).toEqual(['anna']);
  expect(found('tag:vip')).toEqual([]);
  expect(found('status:spam')).toEqual(['carla']);
});

test('whoever is in copy is found with to:, and with from: as soon as they wrote', () => {
  receive(
    desk,
    letter({
      from: 'Dina <dina@south.example>',
      messageId: 'dina@south.example',
      inReplyTo: ['anna@north.example'],
      words: 'Mine too',
    }),
    { id: anna.mailbox_id ?? 0 },
  );

  expect(found('to:dina')).toEqual(['anna']);
  expect(found('from:dina@south.example')).toEqual(['anna']);
  expect(found('from:carla')).toEqual(['carla']);
});

describe('before: and after: are days where the agent is, by when a ticket began', () => {
  // 23:30 UTC on the 14th is 00:30 on the 15th in Oslo.
  const began = Date.UTC(2026, 2, 14, 23, 30);
  beforeEach(() => {
    desk.app.db.sql.prepare('UPDATE tickets SET created_at = ? WHERE id = ?').run(began, anna.id);
    desk.app.db.sql.prepare('UPDATE tickets SET created_at = ? WHERE id = ?').run(MORNING - 400 * DAY, bo.id);
  });

  test.each([
    ['after:2026-03-15 before:2026-03-16', ['anna']],
    ['before:2026-03-15', ['bo']],
    ['before:15.03.2026', ['bo']],
    ['before:15.3.2026', ['bo']],
    ['-after:2026-03-15', ['bo']],
    ['after:2026-03 before:2026-04', ['anna']],
    ['after:2026', ['carla', 'anna']],
    ['-before:2026', ['carla', 'anna']],
    ['before:2026', ['bo']],
    ['after:today', ['carla']],
    ['before:yesterday', ['bo', 'anna']],
    ['after:2026-06 before:2026-05', []],
    ['kettle before:2026-06', ['anna']],
    ['before:9999', ['carla', 'bo', 'anna']],
    ['after:9999', []],
  ])('%s finds %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('what is no operator or no value is named, and the rest is searched all the same', () => {
  test.each([
    ['colour:red tea', [{ kind: 'operator', name: 'colour' }], ['bo']],
    ['status:opened tea', [{ kind: 'value', name: 'status', value: 'opened' }], ['bo']],
    ['tag:vpi tea', [{ kind: 'value', name: 'tag', value: 'vpi' }], ['bo']],
    ['assignee:zoe tea', [{ kind: 'value', name: 'assignee', value: 'zoe' }], ['bo']],
    ['before:soon tea', [{ kind: 'value', name: 'before', value: 'soon' }], ['bo']],
    ['before:2026-02-30', [{ kind: 'value', name: 'before', value: '2026-02-30' }], []],
    ['after:2026-13', [{ kind: 'value', name: 'after', value: '2026-13' }], []],
    ['from: has:attachment', [{ kind: 'value', name: 'from', value: '' }], ['anna']],
    ['has:legs', [{ kind: 'value', name: 'has', value: 'legs' }], []],
    ['channel:fax -status:gone tea', [{ name: 'channel' }, { name: 'status' }], ['bo']],
  ])('%s', (text, problems, expected) => {
    expect(found(text)).toEqual(expected);
    expect(questionOf(desk.app, desk.ana, text).problems).toMatchObject(problems);
  });
});

test('values are taken in the reader’s own words as well', () => {
  const nora: Agent = { ...desk.ana, language: 'nb' };

  expect(found('status:"på vent"', nora)).toEqual(found('status:"on hold"'));
  expect(found('assignee:ingen', nora)).toEqual(['carla']);
  expect(found('has:vedlegg', nora)).toEqual(['anna']);
});

describe('AC-46: operators stay within what the asker may see', () => {
  beforeEach(() => desk.giveToTeam(anna, desk.team('Repairs', desk.ben)));

  test.each([
    'kettle',
    '-tea',
    'has:attachment',
    'from:anna',
    '"does not heat"',
    'status:new',
    'tag:"big customer"',
  ])('%s', (text) => {
    desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = NULL WHERE id = ?').run(anna.id);

    expect(found(text)).not.toContain('anna');
    expect(found(text, desk.ben)).toContain('anna');
    expect(found(text, desk.owner)).toContain('anna');
  });

  test('also while the index does not know yet that a ticket was given to a team', () => {
    desk.app.followers.catchUp();
    desk.giveToTeam(carla, desk.team('Sales'));

    expect(searchTickets(desk.app, desk.ana, 'kettle', { limit: 5 }).hits.map(({ id }) => id)).toEqual([
      anna.id,
    ]);
  });
});

test('nobody can write what stands for a mark', () => {
  const ticket = desk.ticketFrom('Dora', 'Sign', '\uE000statussolved \uE000every');

  expect(found('status:solved')).toEqual(['carla']);
  expect(found('\uE000statussolved')).toEqual([ticket.number]);
});

describe('completion', () => {
  const offered = (text: string, at = text.length) => {
    const { from, to, suggestions } = suggestionsFor({ app: desk.app, agent: desk.ana }, text, at);
    return suggestions.map(({ insert }) => text.slice(0, from) + insert + text.slice(to));
  };

  test.each([
    ['', ['from:', 'to:', 'org:', 'tag:', 'status:', 'assignee:', 'channel:', 'has:', 'before:', 'after:']],
    ['kettle st', ['kettle status:']],
    ['-t', ['-to:', '-tag:']],
    ['xyz', []],
    [
      'status:',
      ['new', 'open', 'pending', '"on hold"', 'solved', 'closed', 'spam'].map((one) => `status:${one} `),
    ],
    ['kettle -status:so', ['kettle -status:solved ']],
    ['status:hold', ['status:"on hold" ']],
    ['status:"on', ['status:"on hold" ']],
    ['tag:', ['tag:"Big customer" ', 'tag:vip ']],
    ['tag:cust', ['tag:"Big customer" ']],
    ['assignee:b', ['assignee:Ben ']],
    ['assignee:', ['me', 'nobody', 'Ana', 'Ben', 'Olga'].map((one) => `assignee:${one} `)],
    ['channel:c', ['channel:chat ']],
    ['from:ann', ['from:anna@north.example ']],
    ['from:Hansen', []],
    ['to:s', ['to:support@teapot.example ', 'to:sales@teapot.example ']],
    ['before:2', ['before:2026-11-13 ', 'before:2026-11 ', 'before:2026 ']],
    ['"status', []],
    ['colour:', []],
  ])('of %j offers %j', (text, expected) => {
    expect(offered(text)).toEqual(expected);
  });

  test('goes on where the caret stands, not at the end', () => {
    expect(offered('sta kettle', 3)).toEqual(['status: kettle']);
    expect(offered('status:open kettle', 9)).toEqual(['status:open  kettle']);
  });
});

test('words of a draft, and what was taken back, are under no operator', () => {
  reply(desk, carla, 'public words');
  expect(found('from:public')).toEqual([]);
});
