// Rules on arrival: what fits, what is then done and said, and that no mail is lost by one.
import type { Ticket } from '../../server/tickets';
import { fits, plainText } from '../../server/tickets/rules/match';
import type { Condition, RuleDeeds } from '../../server/tickets/rules/rule';
import { createRule, type RuleInput, ruleFor } from '../../server/tickets/rules/rules';
import { findTags } from '../../server/tickets/tags';
import { factsOf } from '../../server/tickets/ticket';
import { type Desk, openDesk } from '../support/desk';
import { letter, receive } from '../support/letters';

let desk: Desk;

beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.close());

const asks = (field: Condition['field'], ...values: string[]): Condition => ({ field, op: 'any', values });
const INVOICES = asks('subject', 'invoice');

function rule(deeds: RuleDeeds, more: Partial<RuleInput> = {}) {
  const input = {
    name: 'Invoices',
    isOn: true,
    matches: 'all' as const,
    conditions: [INVOICES],
    onAnswers: false,
  };
  const made = desk.app.db.tx(() =>
    createRule(desk.app, desk.owner, { ...input, stops: false, deeds, ...more }),
  );
  if ('refused' in made) throw new Error(made.refused);
  return made.id;
}
const arrives = (given: Parameters<typeof letter>[0] = {}) =>
  receive(desk, letter({ subject: 'Your invoice 17', ...given }));
const tagsOf = (ticket: Ticket) => findTags(desk.app.db, ticket.id).map(({ name }) => name);
const said = (ticket: Ticket) => desk.messagesOf(ticket).flatMap((message) => factsOf(message).says ?? []);

describe('what a rule asks for', () => {
  const arrived = {
    address: 'Carla@Sub.Firm.example',
    subject: 'RE: Fåktura  no. 17',
    words: 'Where is\nmy  order?',
    mailboxId: 3,
    channel: 'email' as const,
    hasFiles: true,
  };
  const fit = (one: Condition) => fits({ matches: 'all', conditions: [one] }, arrived);

  test.each([
    [asks('from', 'carla@sub.firm.example'), true],
    [asks('from', 'carla@firm.example'), false],
    [asks('domain', 'firm.example'), true],
    [asks('domain', 'irm.example'), false],
    [asks('subject', 'nothing', 'faktura NO. 17'), true],
    [asks('subject', '.*'), false],
    [asks('words', 'is my order?'), true],
    [asks('mailbox', '3'), true],
    [asks('mailbox', '33'), false],
    [asks('channel', 'chat'), false],
    [{ field: 'files', op: 'yes', values: [] } satisfies Condition, true],
    [{ field: 'files', op: 'no', values: [] } satisfies Condition, false],
  ])('%j fits: %s', (one, expected) => {
    expect(fit(one)).toBe(expected);
    if (one.op === 'any') expect(fit({ ...one, op: 'none' })).toBe(!expected);
  });

  test('all of the conditions, or any', () => {
    const conditions = [asks('from', 'nobody@mail.example'), asks('words', 'order')];
    expect(fits({ matches: 'all', conditions }, arrived)).toBe(false);
    expect(fits({ matches: 'any', conditions }, arrived)).toBe(true);
  });

  test('a condition that lost what it asked for fits nobody, not everybody', () => {
    expect(fit(asks('from'))).toBe(false);
    expect(fit({ field: 'from', op: 'none', values: [] })).toBe(false);
    expect(fits({ matches: 'any', conditions: [] }, arrived)).toBe(false);
  });

  test('AC-27: words that make a naive search slow take no longer than others', () => {
    const words = 'a'.repeat(100_000);
    const phrases = [`${'a'.repeat(199)}b`, `b${'a'.repeat(199)}`, `${'a'.repeat(100)}b${'a'.repeat(99)}`];
    const one = asks('words', ...Array.from({ length: 20 }, (_, n) => phrases[n % 3] as string));
    const begun = performance.now();
    expect(fits({ matches: 'all', conditions: [one] }, { ...arrived, words })).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
    expect(plainText('  ÅRS\n rapport ')).toBe('ars rapport');
  });
});

test('a new ticket gets tag, priority, team, agent and status; each is an event that names the rule, and a line', () => {
  const team = desk.team('Billing', desk.ben);
  const id = rule({ tag: 'billing', priority: 'high', team, assignee: desk.ben.id, status: 'on hold' });
  const { ticket } = arrives();

  expect(desk.ticketNow(ticket)).toMatchObject({
    priority: 'high',
    team_id: team,
    assignee_id: desk.ben.id,
    status: 'on hold',
    is_spam: 0,
  });
  expect(tagsOf(ticket)).toEqual(['billing']);
  const done = desk.rows<{ name: string; actor_kind: string; rule: number }>(
    "SELECT name, actor_kind, facts ->> 'rule' AS rule FROM events WHERE subject_kind = 'ticket' AND facts ->> 'rule' IS NOT NULL ORDER BY id",
  );
  expect(done).toEqual(
    ['rule-ran', 'tagged', 'prioritised', 'team-changed', 'assigned', 'moved'].map((verb) => ({
      name: `ticket.${verb}`,
      actor_kind: 'system',
      rule: id,
    })),
  );
  expect(said(ticket).map(({ key, values }) => [key, values['rule']])).toEqual([
    ['tickets.says.tagged', 'Invoices'],
    ['tickets.says.priority.high', 'Invoices'],
    ['tickets.says.team', 'Invoices'],
    ['tickets.says.assigned', 'Invoices'],
    ['tickets.says.status.on-hold', 'Invoices'],
  ]);
  expect(ruleFor(desk.app, id)).toMatchObject({ runs: 1, last_run_at: desk.clock.now(), last_error: null });
});

test('what does not fit is left alone, and so is everything while the rule is off', () => {
  rule({ tag: 'billing' });
  rule({ tag: 'off' }, { isOn: false });
  expect(tagsOf(arrives({ subject: 'A question' }).ticket)).toEqual([]);
  expect(tagsOf(arrives().ticket)).toEqual(['billing']);
});

test('rules run in their order, until one says that it is the last', () => {
  rule({ priority: 'high' });
  rule({ priority: 'low', tag: 'last' }, { stops: true });
  rule({ tag: 'never' });
  const { ticket, message } = arrives();
  expect(desk.ticketNow(ticket).priority).toBe('low');
  expect(tagsOf(ticket)).toEqual(['last']);
  expect(factsOf(message).rules).toHaveLength(2);
});

test('only a rule that looks at answers runs for one, and it takes the ticket from nobody', () => {
  const team = desk.team('Billing', desk.ben);
  rule({ tag: 'first' });
  rule(
    { tag: 'again', assignee: desk.ben.id, team, spam: true },
    { onAnswers: true, conditions: [asks('words', 'refund')] },
  );
  const { ticket } = arrives({ messageId: 'first@mail.example' });
  desk.app.db.sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(desk.ana.id, ticket.id);
  const answer = { inReplyTo: ['first@mail.example'], words: 'I want a refund' };
  const second = arrives(answer);

  expect(second.ticket.id).toBe(ticket.id);
  expect(tagsOf(ticket)).toEqual(['again', 'first']);
  expect(desk.ticketNow(ticket)).toMatchObject({ assignee_id: desk.ana.id, team_id: team, is_spam: 0 });
});

test('M7, M9: the answer of a stranger or of a machine starts no rule', () => {
  rule({ tag: 'again', status: 'solved' }, { onAnswers: true, conditions: [asks('words', 'refund')] });
  const { ticket } = arrives({ messageId: 'first@mail.example' });
  const answer = { inReplyTo: ['first@mail.example'], words: 'A refund' };
  arrives({ ...answer, from: 'Mallory <mallory@evil.example>' });
  arrives({ ...answer, automatic: 'auto-reply' });
  expect(tagsOf(ticket)).toEqual([]);
  expect(desk.ticketNow(ticket).status).toBe('new');
});

test('M9: automatic mail that opens a ticket is tagged, and assigned to nobody', () => {
  rule({ tag: 'billing', assignee: desk.ben.id });
  const { ticket } = arrives({ automatic: 'auto-submitted' });
  expect(tagsOf(ticket)).toEqual(['billing']);
  expect(desk.ticketNow(ticket).assignee_id).toBeNull();
});

test('a rule marks as spam', () => {
  rule({ spam: true }, { name: 'Seo' });
  const { ticket } = arrives();
  expect(desk.ticketNow(ticket).is_spam).toBe(1);
  expect(said(ticket)).toEqual([{ key: 'tickets.says.spam', values: { rule: 'Seo' } }]);
});

test('agents, teams and mailboxes that are gone do nothing, and the rest of the rule is done', () => {
  const team = desk.team('Billing');
  rule({ tag: 'billing', team, assignee: desk.ben.id });
  desk.app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(desk.ben.id);
  desk.app.db.sql.prepare('DELETE FROM teams WHERE id = ?').run(team);
  const { ticket } = arrives();
  expect(tagsOf(ticket)).toEqual(['billing']);
  expect(desk.ticketNow(ticket)).toMatchObject({ team_id: null, assignee_id: null });
});

test('whoever is away is given nothing', () => {
  rule({ assignee: desk.ben.id });
  desk.app.db.sql.prepare('UPDATE agents SET away_since = 1 WHERE id = ?').run(desk.ben.id);
  expect(desk.ticketNow(arrives().ticket).assignee_id).toBeNull();
});

test('M2: a rule that fails is undone alone and says so; the mail is filed, and the rules after it run', () => {
  const broken = rule({ priority: 'urgent', tag: 'half' }, { name: 'Broken' });
  rule({ tag: 'whole' });
  desk.app.db.sql.exec(`CREATE TRIGGER fails BEFORE UPDATE OF priority ON tickets
    BEGIN SELECT raise(ABORT, 'the disk said no'); END`);
  const { ticket, message } = arrives();

  expect(desk.ticketNow(ticket).priority).toBe('normal');
  expect(tagsOf(ticket)).toEqual(['whole']);
  expect(factsOf(message).rules).toEqual([{ id: broken + 1, name: 'Invoices' }]);
  expect(ruleFor(desk.app, broken)).toMatchObject({ runs: 0, last_error: 'the disk said no' });
  expect(desk.events('ticket.rule-ran')).toHaveLength(1);

  desk.app.db.sql.exec('DROP TRIGGER fails');
  arrives();
  expect(ruleFor(desk.app, broken)).toMatchObject({ runs: 1, last_error: null, failed_at: null });
});

test('M2: so is one that cannot be read at all', () => {
  const id = rule({ tag: 'billing' });
  desk.app.db.sql.prepare("UPDATE rules SET conditions = 'not json' WHERE id = ?").run(id);
  const { ticket } = arrives();
  expect(ticket.subject).toBe('Your invoice 17');
  expect(ruleFor(desk.app, id).failed_at).toBe(desk.clock.now());
});
