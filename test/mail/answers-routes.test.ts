// What a mailbox answers by itself, as an admin sets it: switched on, looked at before, refused in place; and the alarm.
import { DAY } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { answersOf, saveAnswers } from '../../server/mail/answers/answers';
import { forgetOldAnswers, IN_AN_HOUR, takeFromBudget } from '../../server/mail/answers/budget';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { letter, receive } from '../support/letters';

let desk: Desk;
let doors: Doors;
let olga: Person;
let mailbox: MailboxRow;
let page: string;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
  mailbox = desk.mailbox('support@teapot.example', { smtp: { port: 1 } });
  page = `/settings/mailboxes/${mailbox.id}/answers`;
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('off at first; an admin switches both on, with words and hours of the firm', async () => {
  const at = `/settings/mailboxes/${mailbox.id}`;
  expect(textOf((await olga.get(at)).html)).toContain('This mailbox answers nothing by itself.');
  expect((await olga.get(at)).html).toContain(`href="${page}"`);
  expect(textOf((await olga.get(page)).html)).toContain('thank you for writing to {{firm.name}}');

  const form = {
    acknowledges: 'on',
    saysAway: 'on',
    mon: '9-12, 13:00-16',
    holidays: '2026-12-24',
    awayNb: 'Vi er borte.',
  };
  expect((await olga.post(page, form)).location).toBe(at);
  expect(answersOf(desk.app, mailbox)).toMatchObject({
    acknowledges: true,
    saysAway: true,
    words: { acknowledgement: {}, away: { nb: 'Vi er borte.' } },
    hours: [
      [
        [540, 720],
        [780, 960],
      ],
      [],
      [],
      [],
      [],
      [],
      [],
    ],
    holidays: ['2026-12-24'],
  });
  expect(textOf((await olga.get(at)).html)).toContain('acknowledged, and outside the office hours told so.');
  expect((await olga.get(page)).html).toContain('value="09:00–12:00, 13:00–16:00"');
  expect(desk.events('mailbox.answers-changed')).toHaveLength(1);
});

test.each([
  [{ mon: 'in the morning' }, 'Write hours such as'],
  [{ saysAway: 'on' }, 'Say when somebody works'],
  [{ holidays: 'Christmas' }, 'Write dates such as'],
  [{ acknowledgementEn: 'You wrote: {{ticket.subject}}' }, '{{ticket.subject}} is no placeholder.'],
])('%j is refused in place, and what was typed is kept', async (wrong, words) => {
  const answer = await olga.post(page, { acknowledgementLv: 'Paldies, paldies', holidays: '', ...wrong });
  expect(answer.status).toBe(422);
  expect(answer.html).toContain(words);
  expect(answer.html).toContain('Paldies, paldies</textarea>');
  expect(desk.rows('SELECT 1 FROM automatic_answers')).toEqual([]);
});

test('the mails are looked at before anything is saved', async () => {
  const seen = await olga.post(`${page}/preview`, {
    acknowledges: 'on',
    holidays: '',
    acknowledgementEn: 'Thanks! {{firm.name}} calls it {{ticket.number}}.',
  });
  expect(textOf(seen.html)).toContain('We have received your message [#1042] Thanks! Teapot calls it #1042.');
  expect(textOf(seen.html)).toContain('Vi har fått meldingen din [#1042]');
  expect(seen.html).toContain('Thanks! {{firm.name}} calls it');
  expect(desk.rows('SELECT 1 FROM automatic_answers')).toEqual([]);
});

test('the ticket shows the line with what became of the mail', async () => {
  const words = { acknowledgement: {}, away: {} };
  desk.app.db.tx(() =>
    saveAnswers(desk.app, desk.owner, mailbox, {
      acknowledges: true,
      saysAway: false,
      words,
      hours: [],
      holidays: [],
    }),
  );
  const { ticket } = receive(desk, letter(), mailbox);
  const shown = textOf((await doors.as(desk.ana).get(`/tickets/${ticket.number}`)).html);
  expect(shown).toContain(
    'Automatic acknowledgement to carla@mail.example 20 Nov 2026, 10:00 Leaves shortly',
  );
  expect(textOf((await olga.get('/outbox?show=waiting')).html)).toContain('carla@mail.example');
  expect(shown).not.toContain('thank you for writing');
  const line = desk.messagesOf(ticket).find(({ kind }) => kind === 'system');
  const evidence = await olga.get(`/tickets/${ticket.number}/messages/${line?.id}/evidence`);
  expect(textOf(evidence.html)).toContain('thank you for writing to Teapot');
});

test('AC-24: when answers pause, admins are told on every page and where the mailbox is, for a day', async () => {
  const words = { acknowledgement: {}, away: {} };
  desk.app.db.tx(() => {
    saveAnswers(desk.app, desk.owner, mailbox, {
      acknowledges: true,
      saysAway: false,
      words,
      hours: [],
      holidays: [],
    });
    for (let n = 0; n < IN_AN_HOUR; n++)
      expect(takeFromBudget(desk.app, { address: `a${n}@mail.example`, subject: 'x', isTyped: false })).toBe(
        true,
      );
  });
  expect((await olga.get('/tickets')).html).not.toContain('Automatic answers pause');
  desk.app.db.tx(() => {
    for (let n = 0; n < 3; n++)
      expect(takeFromBudget(desk.app, { address: `b${n}@mail.example`, subject: 'x', isTyped: false })).toBe(
        false,
      );
  });
  expect((await olga.get('/tickets')).html).toContain('Automatic answers pause');
  expect((await doors.as(desk.ana).get('/tickets')).html).not.toContain('Automatic answers pause');
  for (const at of ['/settings/mailboxes', `/settings/mailboxes/${mailbox.id}`, page])
    expect(textOf((await olga.get(at)).html)).toContain('3 mails were filed without an automatic answer.');

  desk.clock.pass(DAY + 1);
  expect((await olga.get('/tickets')).html).not.toContain('Automatic answers pause');
  expect(desk.app.db.tx(() => forgetOldAnswers(desk.app))).toBe(IN_AN_HOUR);
  expect(desk.rows("SELECT 1 FROM settings WHERE key = 'answersPaused'")).toEqual([]);
});
