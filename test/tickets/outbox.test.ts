// The outbox: every mail by what became of it, for those who may see its ticket (O1, O5, AC-46).
import { mailNotice } from '../../server/agents/account-mail';
import { holdUnsent, markInDoubtAfterCrash } from '../../server/mail';
import type { Sender } from '../../server/mail/sender';
import type { Ticket } from '../../server/tickets';
import { countOutbox } from '../../server/tickets/outbox/outbox';
import type { Desk } from '../support/desk';
import type { Doors, Person } from '../support/doors';
import { openSending, type Sending } from '../support/sending';
import type { Smtp } from '../support/smtp';
import { reply } from '../support/writing';

let sending: Sending;
let desk: Desk;
let doors: Doors;
let smtp: Smtp;
let sender: Sender;
let ticket: Ticket;
let ana: Person;
let olga: Person;

beforeEach(async () => {
  sending = await openSending();
  ({ desk, doors, sender, smtp, ticket, ana } = sending);
  olga = doors.as(desk.owner);
});
afterEach(() => sending.close());

const send = () => sending.send();
const refuseAll = () => {
  smtp.options.refuse = () => '550 5.1.1 no such user here';
};
const idOf = (message: { id: number }) =>
  desk.rows<{ id: number }>('SELECT id FROM outbox WHERE message_id = ?', message.id)[0]?.id;
const stateOf = (id: number | undefined) =>
  desk.rows<{ state: string }>('SELECT state FROM outbox WHERE id = ?', id ?? 0)[0]?.state;
const page = async (who: Person, show: string) => (await who.get(`/outbox?show=${show}`)).html;
/** What the tabs say, by the name of the state. */
const tabs = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/href="\/outbox\?show=([a-z-]+)"[^>]*>[^<]*<span class="tabs__count">(\d+)</g)].map(
      ([, state, n]) => [state, Number(n)],
    ),
  );

test('O1: each state is a tab with its exact count, and a mail moves between them as it happens', async () => {
  const fine = reply(desk, ticket, 'It works');
  expect(tabs(await page(ana, 'waiting'))).toMatchObject({ waiting: 1, failed: 0 });
  expect(await page(ana, 'waiting')).toContain('Next try');
  await send();
  refuseAll();
  const bad = reply(desk, ticket, 'It does not');
  await send();

  expect(tabs(await page(ana, 'sent'))).toEqual({
    waiting: 0,
    held: 0,
    'handing-over': 0,
    uncertain: 0,
    failed: 1,
    dismissed: 0,
  });
  const sent = await page(ana, 'sent');
  expect(sent).toContain('250 2.0.0 OK: queued as 4F2A');
  expect(sent).toContain(`/tickets/${ticket.number}#message-${fine.id}`);
  expect(sent).toContain('carla@mail.example');
  expect(sent).not.toContain('no such user');
  const failed = await page(ana, 'failed');
  expect(failed).toContain('5.1.1 no such user here');
  expect(failed).toContain('refused the recipients');
  expect(failed).toContain('Europe/Oslo');
  expect(failed).toContain(`/tickets/${ticket.number}#message-${bad.id}`);
  expect((await ana.get('/outbox')).html).toContain('no such user here');
});

test('O5: one that was refused is sent again from there, by the rules of its ticket; one that arrived or waits is not', async () => {
  refuseAll();
  const id = idOf(reply(desk, ticket, 'Hello'));
  expect((await ana.post(`/outbox/${id}/sending`)).status).toBe(409);
  await send();
  smtp.options.refuse = undefined;

  expect(await ana.post(`/outbox/${id}/sending`)).toMatchObject({
    status: 303,
    location: '/outbox?show=failed',
  });
  await sender.sendDue();
  expect(smtp.mails).toHaveLength(1);
  expect(stateOf(id)).toBe('sent');
  for (const what of ['sending', 'arrived', 'dismissal'])
    expect((await ana.post(`/outbox/${id}/${what}`)).status).toBe(409);
  expect(smtp.mails).toHaveLength(1);
});

test('O1: what is in doubt is a person’s decision: it arrived or it goes again, and it cannot be dismissed', async () => {
  const message = reply(desk, ticket, 'Hello');
  const id = idOf(message);
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'handing over', attempts = 1").run();
  desk.app.db.tx(() => markInDoubtAfterCrash(desk.app));
  const html = await page(ana, 'uncertain');
  expect(html).toContain('Hearthdesk was stopped while this was handed over.');
  expect(html).toContain(`/outbox/${id}/sending`);
  expect(html).toContain(`/outbox/${id}/arrived`);
  expect(html).not.toContain(`/outbox/${id}/dismissal`);

  expect((await ana.post(`/outbox/${id}/dismissal`)).status).toBe(409);
  expect(desk.messagesOf(ticket).find(({ id }) => id === message.id)?.facts).not.toContain('dismissedBy');
  expect((await ana.post(`/outbox/${id}/arrived`)).status).toBe(303);
  expect(stateOf(id)).toBe('sent');
});

test('O5: dismissed, the message says by whom, the ticket is undelivered no longer, and the undo brings it all back', async () => {
  refuseAll();
  const message = reply(desk, ticket, 'Hello');
  await send();
  const id = idOf(message);
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  expect((await ana.get(`/tickets/${ticket.number}`)).html).toContain(
    `/tickets/${ticket.number}/messages/${message.id}/dismissal`,
  );

  const answer = await ana.post(`/tickets/${ticket.number}/messages/${message.id}/dismissal`);
  expect(answer.location).toBe(`/tickets/${ticket.number}#message-${message.id}`);
  expect(desk.ticketNow(ticket).undelivered).toBe(0);
  const shown = (await ana.get(`/tickets/${ticket.number}`)).html;
  expect(shown).toContain('Not sent, dismissed by Ana');
  expect(shown).toContain(`action="/outbox/${id}/dismissal/undo"`);
  expect(shown).not.toContain('message--bad');
  expect(tabs(await page(ana, 'dismissed'))).toMatchObject({ failed: 0, dismissed: 1 });
  expect(await page(ana, 'dismissed')).toContain('no such user here');
  expect((await ana.post(`/outbox/${id}/sending`)).status).toBe(409);
  await sender.sendDue();
  expect(smtp.mails).toEqual([]);

  expect((await ana.post(`/outbox/${id}/dismissal/undo`, { was: 'failed' })).status).toBe(303);
  expect(desk.ticketNow(ticket).undelivered).toBe(1);
  expect((await ana.get(`/tickets/${ticket.number}`)).html).toContain('This reply was not delivered');
  expect((await ana.post(`/outbox/${id}/dismissal/undo`, { was: 'failed' })).status).toBe(409);
});

test('O1: what a restore held back says why, and is dismissed or released', async () => {
  const id = idOf(reply(desk, ticket, 'Hello'));
  desk.app.db.tx(() => holdUnsent(desk.app));
  expect(await page(ana, 'held')).toContain('It was held back when a copy was restored');
  expect((await ana.post(`/outbox/${id}/dismissal`)).location).toBe('/outbox?show=held');
  expect((await ana.post(`/outbox/${id}/dismissal/undo`, { was: 'held' })).location).toBe(
    '/outbox?show=held',
  );
  expect((await ana.post(`/outbox/${id}/sending`)).status).toBe(303);
  await send();
  expect(stateOf(id)).toBe('sent');
});

test('AC-46: agents see, count and decide mails of tickets they may see only, and mails about accounts are the admins’', async () => {
  refuseAll();
  const id = idOf(reply(desk, ticket, 'Hello'));
  desk.app.db.tx(() => mailNotice(desk.app, desk.ana, 'passwordChanged', 'ana@home.example'));
  await send();
  const account = desk.rows<{ id: number }>("SELECT id FROM outbox WHERE kind = 'account'")[0]?.id;
  expect(tabs(await page(olga, 'failed'))).toMatchObject({ failed: 2 });
  expect(tabs(await page(ana, 'failed'))).toMatchObject({ failed: 1 });
  expect(await page(ana, 'failed')).not.toContain('ana@home.example');
  expect((await ana.post(`/outbox/${account}/sending`)).status).toBe(404);

  const team = desk.team('Warehouse', desk.ben);
  desk.giveToTeam(ticket, team);
  const html = await page(ana, 'failed');
  expect(tabs(html)).toMatchObject({ failed: 0 });
  expect(html).not.toContain('no such user here');
  for (const what of ['sending', 'arrived', 'dismissal', 'dismissal/undo'])
    expect((await ana.post(`/outbox/${id}/${what}`)).status).toBe(404);
  expect((await ana.get(`/outbox/${id}`)).status).toBe(404);
  expect((await olga.get(`/outbox/${id}`)).location).toBe(
    `/outbox?show=failed&before=${Number(id) + 1}#mail-${id}`,
  );
  expect(tabs(await page(doors.as(desk.ben), 'failed'))).toMatchObject({ failed: 1 });
  const vera = doors.as(desk.agent('Vera', 'viewer'));
  expect((await vera.get('/outbox')).status).toBe(200);
  expect((await vera.post(`/outbox/${id}/dismissal`)).status).toBe(403);
  expect(stateOf(id)).toBe('failed');
});

test('O5: a notice about an account that was refused is sent again or left by an admin, and is gone from the trouble then', async () => {
  refuseAll();
  const notice = () => mailNotice(desk.app, desk.ana, 'passwordChanged', 'ana@home.example');
  desk.app.db.tx(() => notice());
  desk.app.db.tx(() => notice());
  await send();
  const [first, second] = desk.rows<{ id: number }>('SELECT id FROM outbox ORDER BY id').map(({ id }) => id);
  smtp.options.refuse = undefined;

  expect((await olga.post(`/outbox/${first}/sending`)).status).toBe(303);
  await sender.sendDue();
  expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([['ana@home.example']]);
  expect((await olga.post(`/outbox/${first}/sending`)).status).toBe(404);
  expect((await olga.post(`/outbox/${second}/dismissal`)).status).toBe(303);
  expect((await olga.get('/outbox')).html).not.toContain('ana@home.example');
  expect(await page(olga, 'dismissed')).toContain('ana@home.example');
  expect(desk.events('mail.left-unsent')).toHaveLength(1);
});

test('the counts are those of the rows, whatever happens to mails and their tickets', async () => {
  const one = desk.ticketFrom('Dora');
  const other = desk.ticketFrom('Emil');
  const messages = [ticket, ticket, one, other].map((each) => reply(desk, each, 'Hello'));
  await send();
  refuseAll();
  reply(desk, one, 'Again');
  await send();
  const { sql } = desk.app.db;
  const counted = () => countOutbox(desk.app, desk.owner);
  const rows = () => {
    const of = (state: string) =>
      desk.rows<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE state = ?', state)[0]?.n;
    return Object.fromEntries(Object.keys(counted()).map((state) => [state, of(state)]));
  };
  const team = desk.team('Warehouse', desk.ben);
  const steps = [
    () => desk.giveToTeam(one, team),
    () => sql.prepare('UPDATE tickets SET assignee_id = ? WHERE id = ?').run(desk.ana.id, ticket.id),
    () => sql.prepare('UPDATE tickets SET deleted_at = 1 WHERE id = ?').run(ticket.id),
    () => sql.prepare("UPDATE outbox SET state = 'dismissed' WHERE message_id = ?").run(messages[0]?.id),
    () => sql.prepare('UPDATE tickets SET deleted_at = NULL WHERE id = ?').run(ticket.id),
    () => sql.prepare('DELETE FROM messages WHERE id = ?').run(messages[3]?.id),
    () => sql.prepare('UPDATE tickets SET team_id = NULL, assignee_id = NULL').run(),
  ];
  for (const step of steps) {
    step();
    expect(counted()).toEqual(rows());
  }
  expect(countOutbox(desk.app, desk.ana)).toMatchObject({ dismissed: 1, failed: 1 });
});

test('a long outbox is paged by key, newest first, each mail once', async () => {
  for (let n = 0; n < 60; n++) reply(desk, ticket, `Number ${n}`);
  const seen: string[] = [];
  let next: string | undefined = '/outbox?show=waiting';
  while (next) {
    const { html } = await ana.get(next);
    seen.push(...[...html.matchAll(/id="mail-(\d+)"/g)].map(([, id]) => id as string));
    next = /href="(\/outbox\?show=waiting&amp;before=\d+)"/.exec(html)?.[1]?.replace('&amp;', '&');
  }
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
  expect(seen.map(Number)).toEqual(seen.map(Number).sort((a, b) => b - a));
});

test('O5: the inbox says how many mails wait for a decision, and leads there', async () => {
  refuseAll();
  reply(desk, ticket, 'Hello');
  await send();
  expect((await ana.get('/tickets')).html).toMatch(
    /href="\/outbox"><span class="views__name">Outbox<\/span> <span class="views__count">1<\/span>/,
  );
});

test('AC-06: hostile words of a server are shown as text', async () => {
  smtp.options.refuse = () => '550 <img src=x onerror=alert(1)>';
  reply(desk, ticket, 'Hello');
  await send();
  expect(await page(ana, 'failed')).not.toContain('<img src=x');
});
