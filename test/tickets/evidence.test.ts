// The evidence about a mail: a page to print, a text and a JSON to keep (O1).
import { HOUR } from '../../server/lib/clock';
import { sha256 } from '../../server/lib/ids';
import type { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import type { Desk } from '../support/desk';
import type { Person } from '../support/doors';
import { openSending, type Sending } from '../support/sending';
import type { Smtp } from '../support/smtp';
import { reply } from '../support/writing';

let sending: Sending;
let desk: Desk;
let smtp: Smtp;
let sender: Sender;
let ticket: Ticket;
let ana: Person;

beforeEach(async () => {
  sending = await openSending();
  ({ desk, sender, smtp, ticket, ana } = sending);
});
afterEach(() => sending.close());

const send = () => sending.send();
const evidence = (message: { id: number }, ending = '') =>
  `/tickets/${ticket.number}/messages/${message.id}/evidence${ending}`;

test('O1: of a mail that was put off and then taken says to whom, when, by which server, its words, and which bytes', async () => {
  smtp.options.answer = () => '451 4.3.0 try again later';
  const message = reply(desk, ticket, 'Have you tried descaling it?');
  await send();
  smtp.options.answer = undefined;
  desk.clock.pass(HOUR);
  await sender.sendDue();

  const { html } = await ana.get(evidence(message));
  for (const words of [
    '4.3.0 try again later',
    '250 2.0.0 OK: queued as 4F2A',
    'Have you tried descaling it?',
  ])
    expect(html).toContain(words);
  expect(html).toContain('Europe/Oslo');

  const json = await ana.get(evidence(message, '.json'));
  expect(json.headers.get('content-disposition')).toContain('attachment');
  const facts = JSON.parse(json.html) as { messageId: string; attempts: Record<string, unknown>[] };
  const [mail] = smtp.mails;
  expect(facts).toMatchObject({
    ticket: ticket.number,
    state: 'sent',
    recipients: ['carla@mail.example'],
    words: 'Have you tried descaling it?',
    messageId: mail?.header('message-id'),
    mailbox: 'support@teapot.example',
  });
  expect(facts.attempts).toMatchObject([
    { outcome: 'refused', stage: 'message', answer: '451 4.3.0 try again later' },
    {
      outcome: 'sent',
      answer: '250 2.0.0 OK: queued as 4F2A',
      recipients: ['carla@mail.example'],
      server: '127.0.0.1',
      sha256: sha256(mail?.raw ?? ''),
      size: mail?.raw.length,
    },
  ]);

  const text = await ana.get(evidence(message, '.txt'));
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text.html).toContain('    250 2.0.0 OK: queued as 4F2A');
  expect(text.html).toContain(String(facts.attempts[1]?.['sha256']));
});

test('AC-46: of a message that was no mail there is none, nor of somebody else’s ticket', async () => {
  const [first] = desk.messagesOf(ticket);
  expect((await ana.get(evidence(first ?? { id: 0 }))).status).toBe(404);
  const message = reply(desk, ticket, 'Hello');
  await send();
  desk.giveToTeam(ticket, desk.team('Warehouse', desk.ben));
  for (const ending of ['', '.txt', '.json'])
    expect((await ana.get(evidence(message, ending))).status).toBe(404);
});
