// Mails about accounts that did not leave: shown beside the tray, and decided by a person (O1, O5).
import { mailNotice } from '../../server/agents/account-mail';
import { HOUR } from '../../server/lib/clock';
import { holdUnsent, markInDoubtAfterCrash } from '../../server/mail';
import { Sender } from '../../server/mail/sender';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { startSmtp } from '../support/smtp';

let desk: Desk;
let doors: Doors;
let olga: Person;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  olga = doors.as(desk.owner);
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const TRAY = '/settings/mail-tray';
const notice = () =>
  desk.app.db.tx(() => mailNotice(desk.app, desk.ana, 'passwordChanged', 'ana@home.example'));
const states = () => desk.queuedMails().map(({ state }) => state);

test('O5: a notice that a server refuses is told with its words, sent again on wish, and gone from the list then', async () => {
  const smtp = await startSmtp({ refuse: () => '550 5.1.1 no such user here' });
  desk.mailbox('support@teapot.example', { smtp: { port: smtp.port } });
  const sender = new Sender(() => desk.app);
  notice();
  await sender.sendDue();
  const page = await olga.get(TRAY);
  expect(page.html).toContain('Mails not sent');
  expect(page.html).toContain('To ana@home.example');
  expect(page.html).toContain('5.1.1 no such user here');

  smtp.options.refuse = undefined;
  expect(await olga.post(`${TRAY}/unsent/1/sending`)).toMatchObject({ status: 303, location: TRAY });
  await sender.sendDue();
  expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([['ana@home.example']]);
  expect((await olga.get(TRAY)).html).not.toContain('Mails not sent');
  expect((await olga.post(`${TRAY}/unsent/1/sending`)).status).toBe(404);
  await sender.stop();
  await smtp.stop();
});

test('O1: what a crash or a restore left open waits for a person, who may leave it', async () => {
  desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  notice();
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'handing over', attempts = 1").run();
  desk.app.db.tx(() => markInDoubtAfterCrash(desk.app));
  notice();
  desk.app.db.tx(() => holdUnsent(desk.app));
  desk.clock.pass(100 * HOUR);
  const { html } = await olga.get(TRAY);
  expect(html).toContain('It may have arrived');
  expect(html).toContain('It was held back');

  expect((await olga.post(`${TRAY}/unsent/1/removal`)).status).toBe(303);
  expect((await olga.post(`${TRAY}/unsent/2/removal`)).status).toBe(303);
  expect(states()).toEqual(['sent']);
  expect((await olga.post(`${TRAY}/unsent/1/removal`)).status).toBe(404);
  expect(desk.events('mail.left-unsent')).toHaveLength(2);
});

test('AC-46: a reply is decided on its ticket, not here', async () => {
  desk.mailbox('support@teapot.example', { smtp: { port: 25 } });
  notice();
  desk.app.db.sql.prepare("UPDATE outbox SET state = 'failed', kind = 'reply'").run();

  expect((await olga.get(TRAY)).html).not.toContain('Mails not sent');
  for (const what of ['sending', 'removal'])
    expect((await olga.post(`${TRAY}/unsent/1/${what}`)).status).toBe(404);
  expect(states()).toEqual(['failed']);
});
