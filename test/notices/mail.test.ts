// Mails to whoever is away: gathered, in their language, once, and never what was read or may not be seen any more.
import type { Agent } from '../../server/agents';
import { HOUR, MINUTE } from '../../server/lib/clock';
import { mailNotices } from '../../server/notices';
import { type Choices, choicesOf, choose } from '../../server/notices/choices';
import { forgetMails } from '../../server/notices/mail-notices';
import { writeSetting } from '../../server/settings';
import { assignTicket, type MessageRow, type Ticket } from '../../server/tickets';
import { letter, receive } from '../support/letters';
import { move } from '../support/moving';
import { openSending, type Sending } from '../support/sending';
import { mailOf, reply } from '../support/writing';

let place: Sending;
const desk = () => place.desk;

beforeEach(async () => {
  place = await openSending();
  writeSetting(desk().app, 'address', { publicUrl: 'https://desk.teapot.example' });
});
afterEach(() => place.close());

const wish = (agent: Agent, more: Partial<Choices> = {}) =>
  desk().app.db.tx(() =>
    choose(desk().app, agent, { ...choicesOf(desk().app.db, agent.id), byMail: true, ...more }),
  );
const give = (ticket: Ticket, to = desk().ana) => {
  desk().app.db.tx(() =>
    assignTicket(desk().app, desk().ben, desk().ticketNow(ticket), to, desk().ticketNow(ticket).assignee_id),
  );
  desk().app.followers.catchUp();
};
/** The customer answers what Ana has written to them. */
const answer = (words: string, id: string) => {
  const message = reply(desk(), place.ticket, 'Hello');
  const mail = letter({ words, messageId: id, inReplyTo: [mailOf(desk(), message).messageId] });
  const answered = receive(desk(), mail).message;
  desk().app.followers.catchUp();
  return answered;
};
/** What the clock does, after a while. */
const afterwards = async (ms: number) => {
  desk().clock.pass(ms);
  return (await mailNotices(desk().app))['mails'];
};
const sent = async () => {
  await place.sender.sendDue();
  return place.smtp.mails.map(({ raw }) => raw.toString());
};
const subjects = () =>
  desk().rows<{ subject: string }>("SELECT subject FROM outbox WHERE kind = 'notice' ORDER BY id");

test('nobody is mailed who has not asked for it, nor before they are away', async () => {
  give(place.ticket);
  expect(await afterwards(HOUR)).toBe(0);

  wish(desk().ana);
  expect(await afterwards(HOUR)).toBe(0);
  give(place.ticket, desk().ben);
  give(place.ticket);
  expect(await afterwards(MINUTE)).toBe(0);
  expect(await afterwards(MINUTE)).toBe(1);
});

test('whoever has a page open, or had one a moment ago, is not away', async () => {
  wish(desk().ana, { awayMinutes: 30 });
  give(place.ticket);
  const heard = jest.spyOn(desk().app.hub, 'isHeard').mockReturnValue(true);
  expect(await afterwards(HOUR)).toBe(0);
  expect(heard).toHaveBeenCalledWith(`agent:${desk().ana.id}`);
  heard.mockRestore();

  desk().rows('UPDATE agents SET last_seen_at = ? RETURNING id', desk().app.clock.now());
  expect([await afterwards(29 * MINUTE), await afterwards(MINUTE)]).toEqual([0, 1]);
});

test('O3: what gathered is one mail, marked as automatic, in their language, with links to the configured address only', async () => {
  desk().rows("UPDATE agents SET language = 'nb' WHERE id = ? RETURNING id", desk().ana.id);
  desk().rows(
    "UPDATE tickets SET subject = 'Win at https://evil.example/now' WHERE id = ? RETURNING id",
    place.ticket.id,
  );
  const other = desk().ticketFrom('Dora');
  wish(desk().ana);
  give(place.ticket);
  give(other);
  expect(await afterwards(HOUR)).toBe(1);
  const [mail = ''] = await sent();

  expect(mail).toMatch(/^To: .*ana@teapot\.example/m);
  expect(mail).toMatch(/^Auto-Submitted: auto-generated/m);
  expect(mail).toMatch(/^Subject: Noe har skjedd med 2 av sakene dine/m);
  expect(mail).toContain('Ben ga den til deg');
  expect(mail).toContain(`https://desk.teapot.example/tickets/${place.ticket.number}`);
  expect(mail).not.toContain('evil.example');
  expect(mail).not.toContain('kettle you sent');
});

test('the words of others go along only where they are wished', async () => {
  wish(desk().ana, { withWords: true });
  give(place.ticket, desk().ana);
  answer('It is the lid, see http://evil.example', 'second@mail.example');
  expect(await afterwards(HOUR)).toBe(1);

  const mail = (await sent()).at(-1) ?? '';
  expect(mail).toContain('It is the lid, see');
  expect(mail).not.toContain('evil.example');
});

test('nothing twice: what was mailed is not mailed again, and what comes after is a mail of its own, not too soon', async () => {
  wish(desk().ana);
  give(place.ticket);
  expect([await afterwards(HOUR), await afterwards(HOUR)]).toEqual([1, 0]);
  await sent();

  answer('Hello?', 'second@mail.example');
  expect(await afterwards(2 * MINUTE)).toBe(1);
  const last = (await sent()).at(-1) ?? '';
  expect([last.includes('wrote'), last.includes('Ben gave it to you')]).toEqual([true, false]);
  give(desk().ticketFrom('Dora'));
  expect([await afterwards(14 * MINUTE), await afterwards(MINUTE)]).toEqual([0, 1]);
});

test('what was read in the page before the mail left is not mailed; what was not is written anew', async () => {
  const other = desk().ticketFrom('Dora', 'The other one');
  wish(desk().ana);
  give(place.ticket);
  give(other);
  await afterwards(HOUR);
  await place.ana.get(`/tickets/${place.ticket.number}`);
  expect(await sent()).toEqual([]);
  expect(subjects()).toEqual([]);

  expect(await afterwards(HOUR)).toBe(1);
  const mails = await sent();
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('The other one');
  expect(mails[0]).not.toContain(`/tickets/${place.ticket.number}`);
});

test('AC-47: what may not be seen any more does not leave, even when it waits for the mail server', async () => {
  wish(desk().ana);
  desk().giveToTeam(place.ticket, null);
  give(place.ticket);
  await afterwards(HOUR);
  desk().giveToTeam(place.ticket, desk().team('Repairs', desk().ben));
  desk().rows('UPDATE tickets SET assignee_id = NULL WHERE id = ? RETURNING id', place.ticket.id);

  expect(await sent()).toEqual([]);
  expect(await afterwards(HOUR)).toBe(0);
});

describe('AC-47: a message that was moved to the ticket of another team', () => {
  const elsewhere = () => {
    const other = desk().ticketFrom('Dora');
    desk().giveToTeam(other, desk().team('Repairs', desk().ben));
    return other;
  };
  const moveAway = (message: MessageRow, to: Ticket) =>
    move(desk(), desk().ticketNow(place.ticket), message, desk().ticketNow(to), desk().ben);
  const answered = () => {
    wish(desk().ana, { withWords: true });
    give(place.ticket, desk().ana);
    return answer('My secret invoice', 'second@mail.example');
  };

  test('is neither quoted nor says who wrote it', async () => {
    moveAway(answered(), elsewhere());
    expect(await afterwards(HOUR)).toBe(1);

    const mail = (await sent()).at(-1) ?? '';
    expect(mail).toContain(`/tickets/${place.ticket.number}`);
    expect(mail).not.toContain('secret invoice');
    expect(mail).not.toContain('Carla');
  });

  test('is taken out of a mail that waits, which is then written anew, once', async () => {
    const message = answered();
    expect(await afterwards(HOUR)).toBe(1);
    moveAway(message, elsewhere());
    expect((await sent()).join()).not.toContain('secret invoice');

    expect(await afterwards(HOUR)).toBe(1);
    const mail = (await sent()).at(-1) ?? '';
    expect(mail).toContain(`/tickets/${place.ticket.number}`);
    expect(mail).not.toContain('secret invoice');
    expect(await afterwards(HOUR)).toBe(0);
  });
});

test('P3: a mail that waits keeps nothing of a ticket that went', async () => {
  wish(desk().ana, { withWords: true });
  give(place.ticket);
  await afterwards(HOUR);
  expect(subjects()).toHaveLength(1);
  desk().app.db.tx(() => forgetMails(desk().app));
  expect(subjects()).toEqual([]);
  expect(await afterwards(HOUR)).toBe(1);
});
