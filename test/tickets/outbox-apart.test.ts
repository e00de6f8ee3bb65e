// What fails after its ticket was thrown away or merged is told where somebody looks (O5).
import type { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { mergeTickets } from '../../server/tickets/merging/merge';
import { countUndecided } from '../../server/tickets/outbox/outbox';
import { restoreTicket, trashTicket } from '../../server/tickets/trash/trash';
import type { Desk } from '../support/desk';
import type { Person } from '../support/doors';
import { letter, receive } from '../support/letters';
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
  smtp.options.refuse = () => '550 5.1.1 no such user here';
});
afterEach(() => sending.close());

const fails = () => sending.send();
const outboxId = () => desk.rows<{ id: number }>('SELECT id FROM outbox')[0]?.id;

test('O5: of a ticket in the trash it is listed and counted, can be left at that, and is sent again once the ticket is back', async () => {
  reply(desk, ticket, 'Hello');
  desk.app.db.tx(() => trashTicket(desk.app, desk.ana, desk.ticketNow(ticket)));
  await fails();

  expect(countUndecided(desk.app, desk.ana)).toBe(1);
  const { html } = await ana.get('/outbox?show=failed');
  expect(html).toContain('Its ticket is in the trash.');
  expect(html).toContain('href="/trash"');
  expect(html).not.toContain(`/outbox/${outboxId()}/sending`);
  expect((await ana.post(`/outbox/${outboxId()}/sending`)).status).toBe(409);
  expect((await ana.post(`/outbox/${outboxId()}/dismissal`)).status).toBe(303);
  expect(countUndecided(desk.app, desk.ana)).toBe(0);
  expect((await ana.post(`/outbox/${outboxId()}/dismissal/undo`, { was: 'failed' })).status).toBe(303);

  desk.app.db.tx(() => restoreTicket(desk.app, desk.ana, desk.ticketNow(ticket)));
  smtp.options.refuse = undefined;
  expect((await ana.post(`/outbox/${outboxId()}/sending`)).status).toBe(303);
  await sender.sendDue();
  expect(smtp.mails).toHaveLength(1);
});

test('AC-46: in the trash too, only whoever sees the ticket sees its mail', async () => {
  reply(desk, ticket, 'Hello');
  desk.giveToTeam(ticket, desk.team('Secret', desk.ben));
  desk.app.db.tx(() => trashTicket(desk.app, desk.ben, desk.ticketNow(ticket)));
  await fails();

  expect(countUndecided(desk.app, desk.ana)).toBe(0);
  expect((await ana.get('/outbox?show=failed')).html).not.toContain('no such user');
  expect((await ana.post(`/outbox/${outboxId()}/dismissal`)).status).toBe(404);
});

test('O5: of a ticket that was merged it is said once where the conversation goes on', async () => {
  const into = receive(desk, letter({ messageId: 'other@mail.example' })).ticket;
  reply(desk, ticket, 'Hello');
  desk.app.db.tx(() => mergeTickets(desk.app, desk.ana, [desk.ticketNow(ticket)], desk.ticketNow(into)));
  await fails();

  const said = desk.messagesOf(into).flatMap(({ facts }) => JSON.parse(facts).says ?? []);
  expect(said.filter(({ key }) => key === 'tickets.says.undelivered')).toEqual([
    { key: 'tickets.says.undelivered', values: { number: ticket.number } },
  ]);
  expect((await ana.get(`/tickets/${into.number}`)).html).toContain(
    `A reply in #${ticket.number}, which was merged into this ticket, was not delivered`,
  );
});
