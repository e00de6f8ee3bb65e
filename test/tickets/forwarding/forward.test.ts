// Forwarding: what leaves, what stays as a note, and what never goes along.

import { findAttachments } from '../../../server/attachments';
import type { Ticket } from '../../../server/tickets';
import { forwardTicket } from '../../../server/tickets/forwarding/forward';
import { undoForward } from '../../../server/tickets/forwarding/undo-forward';
import { findVisitorMessagesAfter } from '../../../server/tickets/queries';
import { factsOf } from '../../../server/tickets/ticket';
import { findDraft, recipientsOfDraft } from '../../../server/tickets/writing/drafts';
import { type Desk, openDesk } from '../../support/desk';
import { forward, forwarding } from '../../support/forwarding';
import { letter, receive } from '../../support/letters';
import { mailOf, note, reply, uploaded, words } from '../../support/writing';

let desk: Desk;
let ticket: Ticket;
let question: number;

const PDF = {
  name: 'bill.pdf',
  declaredType: 'application/pdf',
  type: 'application/pdf',
  inline: false,
  size: 3,
};

beforeEach(async () => {
  desk = openDesk();
  const files = await Promise.all(['bill', 'photo'].map((name) => uploaded(desk, name, name)));
  const attachments = ['bill.pdf', 'photo.pdf'].map((name) => ({ ...PDF, name, content: Buffer.from(name) }));
  const given = letter({
    from: 'Carla <carla@mail.example>',
    subject: 'Broken kettle',
    words: 'It leaks.',
    attachments,
  });
  const received = receive(
    desk,
    given,
    undefined,
    files.map(({ file }) => file),
  );
  ticket = received.ticket;
  question = received.message.id;
});
afterEach(() => desk.close());

const originals = () => findAttachments(desk.app.db, 'message', question);

test('O1: one message goes out with the agent’s words above it, and stands in the ticket as a note of what went', () => {
  const before = desk.ticketNow(ticket);
  const message = forward(desk, ticket, { message: question });

  expect(message).toMatchObject({
    kind: 'note',
    author_id: desk.ana.id,
    words: 'Can you mend this?',
    quote: 'It leaks.',
    state: 'waiting',
    visitor_sequence: null,
  });
  expect(factsOf(message).forwarded).toMatchObject({ to: ['wim@workshop.example'], message: question });
  const mail = mailOf(desk, message);
  expect(mail).toMatchObject({
    to: [{ name: 'Wim', address: 'wim@workshop.example' }],
    cc: [],
    subject: 'Fwd: Broken kettle',
    references: [],
  });
  expect(mail.inReplyTo).toBeUndefined();
  expect(mail.text).toMatch(/^Can you mend this\?\n\nCarla wrote on [^\n]+:\n\n> It leaks\.\n$/);
  expect(mail.text).not.toContain('carla@mail.example');
  expect(desk.ticketNow(ticket)).toMatchObject({ status: before.status, awaits_us: before.awaits_us });
  expect(desk.events('ticket.forwarded')).toHaveLength(1);
});

test('the whole conversation goes without notes, and without words of somebody whom nobody has let in', () => {
  note(desk, ticket, 'She always complains');
  const sent = reply(desk, ticket, 'Which one is it?');
  desk.app.db.sql.prepare("UPDATE messages SET state = 'sent' WHERE id = ?").run(sent.id);
  receive(
    desk,
    letter({ from: 'dora@mail.example', words: 'I am Dora', inReplyTo: [mailOf(desk, sent).messageId] }),
  );

  const { text, html } = mailOf(desk, forward(desk, ticket));

  for (const shown of ['It leaks.', 'Which one is it?', 'Ana, Teapot wrote on'])
    expect(text).toContain(shown);
  for (const hidden of ['complains', 'I am Dora']) expect(text + html).not.toContain(hidden);
});

test('files that were chosen go along, others do not; files of one’s own as well', async () => {
  const [bill] = originals();
  const message = forward(desk, ticket, { message: question, file: bill?.id }, [
    await uploaded(desk, 'map.txt', 'map'),
  ]);

  expect(mailOf(desk, message).attachments.map(({ name }) => name)).toEqual(['bill.pdf', 'map.txt']);
  expect(originals()).toHaveLength(2);
});

test('AC-46: a file of another ticket, or of a note, does not go along', async () => {
  const other = receive(
    desk,
    letter({ from: 'eva@mail.example', attachments: [{ ...PDF, content: Buffer.from('x') }] }),
    undefined,
    [(await uploaded(desk, 'x', 'x')).file],
  );
  const [foreign] = findAttachments(desk.app.db, 'message', other.message.id);

  const message = forward(desk, ticket, { file: [foreign?.id ?? 0] });

  expect(mailOf(desk, message).attachments).toEqual([]);
});

test('O1: the same words under the same client id go once', () => {
  const input = forwarding();
  const send = () => desk.app.db.tx(() => forwardTicket(desk.app, desk.ana, ticket, input));

  expect(send().id).toBe(send().id);
  expect(desk.queuedMails()).toHaveLength(1);
});

test('M7: the third person is no participant: no reply goes there, and the visitor sees nothing', () => {
  forward(desk, ticket);

  expect(mailOf(desk, reply(desk, ticket, 'We are asking'))).toMatchObject({
    to: [{ address: 'carla@mail.example' }],
    cc: [],
  });
  expect(findVisitorMessagesAfter(desk.app.db, ticket.id, 0, 50).map((message) => message.words)).toEqual([
    'It leaks.',
    'We are asking',
  ]);
});

test.each([
  ['', 'nobody'],
  ['wim', 'no address'],
  ['Carla@mail.example', 'the customer'],
  ['support@teapot.example', 'our own mailbox'],
  ['"a@evil.example x"@good.example', 'an odd address (AC-32)'],
])('AC-23, AC-32: nothing is forwarded to %s: %s', (to) => {
  desk.mailbox('support@teapot.example');

  expect(() => forward(desk, ticket, { to })).toThrow('plain addresses');
  expect(desk.queuedMails()).toEqual([]);
});

test('a note is never forwarded', () => {
  const said = note(desk, ticket, 'Between us');

  expect(() => forward(desk, ticket, { message: said.id })).toThrow('Only what was said');
});

test('O4: taken back, the words, the people and one’s own files are the draft again, and nothing is left', async () => {
  const [bill] = originals();
  const before = desk.rows('SELECT address, role FROM participants');
  const message = forward(desk, ticket, { message: question, file: bill?.id }, [
    await uploaded(desk, 'map.txt', 'map'),
  ]);
  const { forwarded } = factsOf(desk.messagesOf(ticket).find(({ id }) => id === message.id)!);

  const outcome = desk.app.db.tx(() => undoForward(desk.app, desk.ana, ticket, message, forwarded!));

  expect(outcome).toBe('undone');
  const draft = findDraft(desk.app.db, desk.ana.id, ticket.id, 'forward');
  expect(draft?.words).toBe('Can you mend this?');
  expect(recipientsOfDraft(draft)?.to).toBe('wim@workshop.example');
  expect(findAttachments(desk.app.db, 'draft', draft?.id ?? 0).map(({ name }) => name)).toEqual(['map.txt']);
  expect(desk.queuedMails()).toEqual([]);
  expect(desk.rows('SELECT address, role FROM participants')).toEqual(before);
  expect(desk.messagesOf(ticket)).toHaveLength(1);
  expect(desk.ticketNow(ticket).excerpt).toBe('It leaks.');
});

test('O4: somebody else, or too late, takes nothing back', () => {
  const message = forward(desk, ticket);
  const { forwarded } = factsOf(message);
  const undo = (by = desk.ana) =>
    desk.app.db.tx(() => undoForward(desk.app, by, ticket, message, forwarded!));

  expect(undo(desk.ben)).toBe('too-late');
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'sent'").run();
  expect(undo()).toBe('too-late');
  expect(desk.messagesOf(ticket)).toHaveLength(2);
});

test('AC-31: a subject and a name with line breaks add no header', () => {
  desk.app.db.sql.prepare('UPDATE tickets SET subject = ?').run('Hello\r\nBcc: v@evil.example');
  const mail = mailOf(desk, forward(desk, desk.ticketNow(ticket)));

  expect(mail.subject).toBe('Fwd: Hello Bcc: v@evil.example');
});

test('the reply that waits does not keep a forwarded message from being taken back, nor the other way round', () => {
  reply(desk, ticket, words('A reply'));
  const message = forward(desk, ticket);

  desk.app.db.tx(() => undoForward(desk.app, desk.ana, ticket, message, factsOf(message).forwarded!));

  expect(desk.queuedMails().map(({ recipients }) => recipients[0])).toEqual(['carla@mail.example']);
});
